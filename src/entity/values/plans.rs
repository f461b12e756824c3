//! Plans and runs.

use async_graphql::Enum;
use sea_orm::{DeriveActiveEnum, EnumIter, prelude::StringLen};
use serde::{Deserialize, Serialize};

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
        /// 人员增减: some cannot come any more, or some belong to it only now; the others need not be told.
        Attendance = "attendance" "人员增减",
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
