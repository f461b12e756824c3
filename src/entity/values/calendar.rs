//! The calendar, rooms and what is booked.

use async_graphql::Enum;
use sea_orm::{DeriveActiveEnum, EnumIter, prelude::StringLen};
use serde::{Deserialize, Serialize};

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
    /// Half of a day.
    HalfOfDay {
        /// 上午.
        Morning = "morning" "上午",
        /// 下午.
        Afternoon = "afternoon" "下午",
    }
}
