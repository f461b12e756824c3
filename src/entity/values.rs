//! The values that columns hold: each has its English name in the API, its stored word, and the Chinese word people read.

use async_graphql::Enum;
use sea_orm::{DeriveActiveEnum, EnumIter, prelude::StringLen};
use serde::{Deserialize, Serialize};

/// Declares an enumeration with, per value, the stored word and the Chinese word.
macro_rules! values {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $item_doc:literal])+ $item:ident = $word:literal $zh:literal,)+ }) => {
        $(#[doc = $doc])+
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize,
        )]
        #[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
        pub enum $name {
            $($(#[doc = $item_doc])+ #[sea_orm(string_value = $word)] #[serde(rename = $word)] $item,)+
        }

        impl $name {
            /// All values, in the order of declaration.
            pub const ALL: &'static [$name] = &[$($name::$item,)+];

            /// The word people read.
            pub const fn zh(self) -> &'static str {
                match self { $($name::$item => $zh,)+ }
            }

            /// The value with this Chinese word.
            pub fn from_zh(word: &str) -> Option<$name> {
                Self::ALL.iter().copied().find(|value| value.zh() == word)
            }
        }
    };
}

values! {
    /// Stage of schooling 学段.
    Stage {
        /// 幼儿园.
        Kindergarten = "kindergarten" "幼儿园",
        /// 小学, grades 1–6.
        Primary = "primary" "小学",
        /// 初中, grades 7–9.
        Junior = "junior" "初中",
        /// 高中, grades 10–12.
        Senior = "senior" "高中",
    }
}

values! {
    /// Where a school lies 城乡.
    Locale {
        /// 城区.
        Urban = "urban" "城区",
        /// 镇区.
        Town = "town" "镇区",
        /// 乡村.
        Rural = "rural" "乡村",
    }
}

values! {
    /// Kind of a group.
    GroupKind {
        /// 教育集团.
        EducationGroup = "education_group" "教育集团",
        /// 教共体.
        Community = "community" "教共体",
        /// 学区.
        Zone = "zone" "学区",
        /// 联盟.
        Alliance = "alliance" "联盟",
    }
}

values! {
    /// A school's role in a group.
    MembershipRole {
        /// 核心校.
        Core = "core" "核心校",
        /// 成员校.
        Member = "member" "成员校",
        /// 联盟校, from outside the district.
        Partner = "partner" "联盟校",
    }
}

values! {
    /// Sex as on file 性别.
    Sex {
        /// 女.
        Female = "female" "女",
        /// 男.
        Male = "male" "男",
    }
}

values! {
    /// Professional title 职称, highest first.
    Title {
        /// 正高级教师.
        SeniorProfessor = "senior_professor" "正高级教师",
        /// 高级教师.
        Senior = "senior" "高级教师",
        /// 一级教师.
        First = "first" "一级教师",
        /// 二级教师.
        Second = "second" "二级教师",
        /// 三级教师.
        Third = "third" "三级教师",
    }
}

values! {
    /// Level of an honour.
    HonourLevel {
        /// 校级.
        School = "school" "校级",
        /// 县级.
        County = "county" "县级",
        /// 市级.
        City = "city" "市级",
        /// 省级.
        Province = "province" "省级",
        /// 国家级.
        Nation = "nation" "国家级",
    }
}

values! {
    /// Duty at a school 职务. At a kindergarten the principal is the 园长.
    DutyKind {
        /// 校长, 园长.
        Principal = "principal" "校长",
        /// 副校长, 副园长.
        VicePrincipal = "vice_principal" "副校长",
        /// 教导主任.
        TeachingDirector = "teaching_director" "教导主任",
        /// 保教主任 (kindergarten).
        CareDirector = "care_director" "保教主任",
        /// 备课组长.
        LessonGroupLead = "lesson_group_lead" "备课组长",
    }
}

values! {
    /// Form of a posting or placement.
    PlacementForm {
        /// 交流.
        Exchange = "exchange" "交流",
        /// 支教.
        Support = "support" "支教",
        /// 走教, on fixed weekdays.
        Itinerant = "itinerant" "走教",
        /// 挂职, the home post kept.
        Secondment = "secondment" "挂职",
        /// 任职, the home post left.
        Appointment = "appointment" "任职",
    }
}

values! {
    /// Kind of a team.
    TeamKind {
        /// 名师工作室.
        Studio = "studio" "名师工作室",
        /// 专家团队.
        Experts = "experts" "专家团队",
    }
}

values! {
    /// Role in a team.
    TeamRole {
        /// 主持人.
        Lead = "lead" "主持人",
        /// 成员.
        Member = "member" "成员",
    }
}

values! {
    /// What a day of the calendar is.
    DayKind {
        /// 放假: no lessons.
        Holiday = "holiday" "放假",
        /// 调休上班: a make-up day that runs another weekday's timetable.
        MakeUp = "make_up" "调休上班",
        /// 考试: exams instead of lessons.
        Exam = "exam" "考试",
        /// 质量监测: lessons run, no session may be held.
        Monitoring = "monitoring" "质量监测",
        /// 活动: an event instead of lessons, e.g. 县运动会.
        Event = "event" "活动",
        /// 正常上课: an ordinary day, e.g. at a school with an exception.
        Ordinary = "ordinary" "正常上课",
    }
}

values! {
    /// Weeks of the term in which a lesson runs 单双周.
    WeekParity {
        /// 每周.
        Every = "every" "每周",
        /// 单周.
        Odd = "odd" "单",
        /// 双周.
        Even = "even" "双",
    }
}

values! {
    /// Equipment of a room 设备.
    Equipment {
        /// 多媒体.
        Multimedia = "multimedia" "多媒体",
        /// 录播.
        Recording = "recording" "录播",
        /// 同步课堂主讲端.
        SyncSender = "sync_sender" "同步课堂主讲端",
        /// 同步课堂听讲端.
        SyncReceiver = "sync_receiver" "同步课堂听讲端",
    }
}

values! {
    /// What a booking takes.
    ResourceKind {
        /// 人员.
        Teacher = "teacher" "人员",
        /// 场地.
        Room = "room" "场地",
    }
}

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
    /// Half of a day.
    HalfOfDay {
        /// 上午.
        Morning = "morning" "上午",
        /// 下午.
        Afternoon = "afternoon" "下午",
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

values! {
    /// How a plan came about.
    PlanOrigin {
        /// 自动排期.
        Solved = "solved" "自动排期",
        /// 手工调整.
        Edited = "edited" "手工调整",
        /// 重新排期.
        Replanned = "replanned" "重新排期",
        /// 恢复原方案.
        Reverted = "reverted" "恢复原方案",
    }
}

values! {
    /// What a planning run may move.
    PlanMode {
        /// 排待定的活动: only what has no date yet; published sessions stand.
        Fill = "fill" "排待定的活动",
        /// 重新排期: published sessions too, where something makes it necessary; past and pinned ones stand.
        Replan = "replan" "重新排期",
    }
}

values! {
    /// What publishing changes about a session.
    PublicationChangeKind {
        /// 定下时间: it had no date.
        Placed = "placed" "定下时间",
        /// 改期或换地点: another time, school or room.
        Moved = "moved" "改期或换地点",
        /// 换人: who presents, chairs or researches is another.
        Replaced = "replaced" "换人",
        /// 请假: some who were expected cannot come any more; the others need not be told.
        Excused = "excused" "请假",
        /// 改为待定: it loses its date.
        Withdrawn = "withdrawn" "改为待定",
    }
}

values! {
    /// What made a plan of the one it revises.
    PlanEditKind {
        /// 移动.
        Moved = "moved" "移动",
        /// 固定.
        Pinned = "pinned" "固定",
        /// 取消固定.
        Unpinned = "unpinned" "取消固定",
        /// 留作待定.
        Held = "held" "留作待定",
        /// 取消待定.
        Released = "released" "取消待定",
        /// 重新排期.
        Solved = "solved" "重新排期",
        /// 恢复原方案.
        Reverted = "reverted" "恢复原方案",
    }
}

values! {
    /// Where a planning run stands.
    RunState {
        /// 进行中.
        Running = "running" "进行中",
        /// 完成.
        Finished = "finished" "完成",
        /// 已停止: the best plan so far was kept.
        Stopped = "stopped" "已停止",
        /// 失败.
        Failed = "failed" "失败",
    }
}

values! {
    /// Where a rotation round stands.
    RoundState {
        /// 摸底.
        Counting = "counting" "摸底",
        /// 申报.
        Applying = "applying" "申报",
        /// 公示.
        Publicity = "publicity" "公示",
        /// 已批准.
        Approved = "approved" "已批准",
        /// 已结束.
        Closed = "closed" "已结束",
    }
}

values! {
    /// Where a placement stands.
    PlacementState {
        /// 拟派.
        Proposed = "proposed" "拟派",
        /// 已批准.
        Approved = "approved" "已批准",
        /// 已撤回.
        Withdrawn = "withdrawn" "已撤回",
    }
}

values! {
    /// What a mail tells.
    MessageKind {
        /// 邀请.
        Invitation = "invitation" "邀请",
        /// 变更.
        Update = "update" "变更",
        /// 取消.
        Cancellation = "cancellation" "取消",
        /// 提醒.
        Reminder = "reminder" "提醒",
    }
}

values! {
    /// Where a mail stands.
    MessageState {
        /// 待发.
        Pending = "pending" "待发",
        /// 发送中: a worker holds it.
        Claimed = "claimed" "发送中",
        /// 传送中: the body is going out.
        Data = "data" "传送中",
        /// 已发.
        Sent = "sent" "已发",
        /// 失败: the server refused it for good.
        Failed = "failed" "失败",
        /// 不明: the server's answer was lost.
        Unknown = "unknown" "不明",
        /// 过期: no longer worth sending.
        Missed = "missed" "过期",
        /// 作废: the session was moved or cancelled meanwhile.
        Stale = "stale" "作废",
    }
}
