//! Mails.

use async_graphql::Enum;
use sea_orm::{DeriveActiveEnum, EnumIter, prelude::StringLen};
use serde::{Deserialize, Serialize};

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
        /// 请假告知: somebody without whom a session cannot do has declined.
        SessionDeclined = "session_declined" "请假告知",
        /// 一周安排: what the coming week brings somebody.
        WeeklyDigest = "weekly_digest" "一周安排",
        /// 当日变动: what was published, moved or cancelled, and who declined, since the day before.
        DailyDigest = "daily_digest" "当日变动",
        /// 未回复汇总: who has not replied for the sessions of the next days.
        ReplySummary = "reply_summary" "未回复汇总",
        /// 步骤开始: a step of a round of rotation is open.
        StepOpened = "step_opened" "步骤开始",
        /// 步骤到期: a step of a round shall be done soon, or should have been.
        StepDue = "step_due" "步骤到期",
        /// 申报收到: an application has arrived.
        ApplicationReceived = "application_received" "申报收到",
        /// 免轮审定: an exemption is decided.
        ExemptionDecided = "exemption_decided" "免轮审定",
        /// 异议答复: an objection is answered.
        ObjectionAnswered = "objection_answered" "异议答复",
        /// 公示告知: the proposal that is public now sends somebody elsewhere, or no longer does.
        ProposalPublished = "proposal_published" "公示告知",
        /// 派遣通知: somebody is sent to her post.
        Dispatched = "dispatched" "派遣通知",
        /// 派遣汇总: who comes to a school and who leaves it.
        SchoolDispatched = "school_dispatched" "派遣汇总",
        /// 安排撤回: somebody who was approved is not sent after all.
        PlacementWithdrawn = "placement_withdrawn" "安排撤回",
        /// 期限变更: somebody's service lasts longer or ends earlier.
        ServiceChanged = "service_changed" "期限变更",
        /// 报到提醒: a posting begins soon.
        ReportIn = "report_in" "报到提醒",
        /// 届满提醒: the term of duty of a posting ends soon.
        ServiceEnds = "service_ends" "届满提醒",
        /// 协议到期提醒: an agreement with a partner, or of a group, ends soon.
        AgreementEnds = "agreement_ends" "协议到期提醒",
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

values! {
    /// Mails that people may do without.
    MailCategory {
        /// 提醒: of sessions, of the steps of a round of rotation, of a posting or an agreement that begins or ends.
        Reminders = "reminders" "提醒" "reminders",
        /// 一周安排.
        WeeklyDigest = "weekly_digest" "一周安排" "the weekly digest",
        /// 当日变动.
        DailyDigest = "daily_digest" "当日变动" "the daily digest of changes",
        /// 未回复汇总.
        ReplySummary = "reply_summary" "未回复汇总" "the summary of who has not replied",
    }
}

impl MessageKind {
    /// What its reader may do without it as; none for what she must be told: invitations, changes, cancellations, decisions about herself.
    pub const fn category(self) -> Option<MailCategory> {
        match self {
            Self::Reminder
            | Self::StepOpened
            | Self::StepDue
            | Self::ReportIn
            | Self::ServiceEnds
            | Self::AgreementEnds => Some(MailCategory::Reminders),
            Self::WeeklyDigest => Some(MailCategory::WeeklyDigest),
            Self::DailyDigest => Some(MailCategory::DailyDigest),
            Self::ReplySummary => Some(MailCategory::ReplySummary),
            _ => None,
        }
    }
}

values! {
    /// Whom a rule reminds of a session.
    ReminderAudience {
        /// 授课、主持: whoever presents, prepares as the lead, or chairs.
        Leading = "leading" "授课、主备与主持的人" "presenters, lead preparers and chairs",
        /// 全体: everybody who is expected.
        Everybody = "everybody" "全体参加人员" "everybody",
    }
}
