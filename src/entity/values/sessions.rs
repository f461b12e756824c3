//! Programmes and sessions, and who takes part.

use async_graphql::Enum;
use sea_orm::{DeriveActiveEnum, EnumIter, prelude::StringLen};
use serde::{Deserialize, Serialize};

values! {
    /// Form of a session 形式.
    SessionForm {
        /// 同课异构: one topic taught by teachers of several schools.
        SameLesson = "same_lesson" "同课异构" "same lesson, several teachers",
        /// 观摩课.
        OpenLesson = "open_lesson" "观摩课" "open lesson",
        /// 集体备课.
        JointPreparation = "joint_preparation" "集体备课" "joint preparation",
        /// 送课下乡: presenters travel to the receiving school.
        Outreach = "outreach" "送课下乡" "lessons taken to rural schools",
        /// 专递课堂.
        DedicatedClass = "dedicated_class" "专递课堂" "dedicated remote class",
        /// 同步课堂.
        SyncClass = "sync_class" "同步课堂" "synchronous remote class",
        /// 线上研讨.
        OnlineSeminar = "online_seminar" "线上研讨" "online seminar",
        /// 中考分科指导.
        ExamGuidance = "exam_guidance" "中考分科指导" "guidance for the junior examination",
        /// 学情分析.
        ResultAnalysis = "result_analysis" "学情分析" "analysis of results",
        /// 培训.
        Training = "training" "培训" "training",
        /// 例会.
        RegularMeeting = "regular_meeting" "例会" "regular meeting",
    }
}

values! {
    /// Level of a session 三级教研; the higher level wins a clash.
    SessionLevel {
        /// 县级.
        County = "county" "县级",
        /// 集团.
        Group = "group" "集团",
        /// 校级.
        School = "school" "校级",
    }
}

values! {
    /// Who hosts the sessions of a programme 承办.
    HostRule {
        /// 成员校轮流承办.
        MembersInTurn = "members_in_turn" "成员校轮流承办",
        /// 镇区、乡村成员校承办.
        TownAndRuralMembers = "town_and_rural_members" "镇区、乡村成员校承办",
        /// 核心校承办.
        CoreSchools = "core_schools" "核心校承办",
        /// 各校轮流承办.
        AllInTurn = "all_in_turn" "各校轮流承办",
        /// 线上.
        Online = "online" "线上",
    }
}

values! {
    /// Where presenters come from 授课要求.
    PresenterSource {
        /// 无: nobody presents.
        Nobody = "nobody" "无",
        /// 集团内学校.
        Group = "group" "集团内学校",
        /// 承办校.
        Host = "host" "承办校",
        /// 核心校.
        Core = "core" "核心校",
    }
}

values! {
    /// Who is invited 参加范围.
    AudienceRule {
        /// 本学科全体教师.
        SubjectTeachers = "subject_teachers" "本学科全体教师",
        /// 承办校本学科教师.
        HostSubjectTeachers = "host_subject_teachers" "承办校本学科教师",
        /// 本年级本学科教师, e.g. 九年级本学科教师.
        GradeSubjectTeachers = "grade_subject_teachers" "本年级本学科教师",
        /// 各校半数教师，轮流参加.
        HalfInTurn = "half_in_turn" "各校半数教师，轮流参加",
        /// 按职务: the duties are listed beside.
        Duties = "duties" "按职务",
    }
}

values! {
    /// How people meet 方式.
    SessionMode {
        /// 线下.
        OnSite = "on_site" "线下" "on site",
        /// 线上.
        Online = "online" "线上" "online",
        /// 混合.
        Mixed = "mixed" "混合" "on site and online",
    }
}

values! {
    /// Where a session stands.
    SessionState {
        /// 待定.
        Undated = "undated" "待定" "without a date",
        /// 已发布.
        Published = "published" "已发布" "published",
        /// 已取消.
        Cancelled = "cancelled" "已取消" "cancelled",
        /// 已举行.
        Held = "held" "已举行" "held",
    }
}

values! {
    /// Role of a participant.
    ParticipantRole {
        /// 主持人.
        Chair = "chair" "主持人" "chair",
        /// 主备人.
        LeadPreparer = "lead_preparer" "主备人" "lead preparer",
        /// 授课教师.
        Presenter = "presenter" "授课教师" "presenter",
        /// 评课.
        Reviewer = "reviewer" "评课" "reviewer",
        /// 教研员.
        Researcher = "researcher" "教研员" "researcher",
        /// 记录人.
        Recorder = "recorder" "记录人" "recorder",
        /// 参加.
        Attendee = "attendee" "参加" "attendee",
    }
}

values! {
    /// What a participant answered.
    Reply {
        /// 未回复.
        Pending = "pending" "未回复" "no answer yet",
        /// 参加.
        Accepted = "accepted" "参加" "accepted",
        /// 请假.
        Declined = "declined" "请假" "declined",
        /// 待定.
        Tentative = "tentative" "待定" "tentative",
    }
}

values! {
    /// In which way an answer to an invitation came.
    ReplyWay {
        /// 链接: by the link in a mail.
        Link = "link" "邮件链接" "by the link in a mail",
        /// 日历: by a calendar program.
        Calendar = "calendar" "日历回复" "by a calendar program",
        /// 本系统: signed in.
        App = "app" "本人登录" "signed in",
        /// 代为登记: somebody else has entered it.
        Coordinator = "coordinator" "代为登记" "entered by somebody else",
    }
}

values! {
    /// Whose sessions a subscribed calendar has.
    FeedOwner {
        /// 教师: those in which she takes part.
        Teacher = "teacher" "教师",
        /// 学校: those that it hosts or sends people to.
        School = "school" "学校",
        /// 集团: all of them.
        Group = "group" "教育集团",
    }
}
