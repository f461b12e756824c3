//! Programmes and sessions, and who takes part.

use async_graphql::Enum;
use sea_orm::{DeriveActiveEnum, EnumIter, prelude::StringLen};
use serde::{Deserialize, Serialize};

values! {
    /// Form of a session 形式.
    SessionForm {
        /// 同课异构: one topic taught by teachers of several schools.
        SameLesson = "same_lesson" "同课异构",
        /// 观摩课.
        OpenLesson = "open_lesson" "观摩课",
        /// 集体备课.
        JointPreparation = "joint_preparation" "集体备课",
        /// 送课下乡: presenters travel to the receiving school.
        Outreach = "outreach" "送课下乡",
        /// 专递课堂.
        DedicatedClass = "dedicated_class" "专递课堂",
        /// 同步课堂.
        SyncClass = "sync_class" "同步课堂",
        /// 线上研讨.
        OnlineSeminar = "online_seminar" "线上研讨",
        /// 中考分科指导.
        ExamGuidance = "exam_guidance" "中考分科指导",
        /// 学情分析.
        ResultAnalysis = "result_analysis" "学情分析",
        /// 培训.
        Training = "training" "培训",
        /// 例会.
        RegularMeeting = "regular_meeting" "例会",
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
        OnSite = "on_site" "线下",
        /// 线上.
        Online = "online" "线上",
        /// 混合.
        Mixed = "mixed" "混合",
    }
}

values! {
    /// Where a session stands.
    SessionState {
        /// 待定.
        Undated = "undated" "待定",
        /// 已发布.
        Published = "published" "已发布",
        /// 已取消.
        Cancelled = "cancelled" "已取消",
        /// 已举行.
        Held = "held" "已举行",
    }
}

values! {
    /// Role of a participant.
    ParticipantRole {
        /// 主持人.
        Chair = "chair" "主持人",
        /// 主备人.
        LeadPreparer = "lead_preparer" "主备人",
        /// 授课教师.
        Presenter = "presenter" "授课教师",
        /// 评课.
        Reviewer = "reviewer" "评课",
        /// 教研员.
        Researcher = "researcher" "教研员",
        /// 记录人.
        Recorder = "recorder" "记录人",
        /// 参加.
        Attendee = "attendee" "参加",
    }
}

values! {
    /// What a participant answered.
    Reply {
        /// 未回复.
        Pending = "pending" "未回复",
        /// 参加.
        Accepted = "accepted" "参加",
        /// 请假.
        Declined = "declined" "请假",
        /// 待定.
        Tentative = "tentative" "待定",
    }
}
