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
