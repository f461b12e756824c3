//! 作息时间, 课表, 校历: bells, lessons and the school days.

use super::{Choice, Kind, STAGES, SUBJECTS, Sheet, column};

const DAY_KINDS: &[Choice] = &[
    Choice("学期", &["学期起止"]),
    Choice("放假", &["假期", "节假日", "休假", "放假日"]),
    Choice("调休上班", &["调休", "补课", "上班", "调休上课", "补班"]),
    Choice("考试", &[]),
    Choice("质量监测", &["监测"]),
];

const WEEKS: &[Choice] = &[
    Choice("单", &["单周", "奇数周", "单数周"]),
    Choice("双", &["双周", "偶数周", "双数周"]),
    Choice("每周", &["单双周", "全", "全部", "都上"]),
];

const WEEKDAYS: &[Choice] = &[
    Choice("一", &[]),
    Choice("二", &[]),
    Choice("三", &[]),
    Choice("四", &[]),
    Choice("五", &[]),
    Choice("六", &[]),
    Choice("日", &[]),
];

/// 作息时间: bells.
pub static BELLS: Sheet = Sheet {
    name: "作息时间",
    aliases: &["作息时间表", "作息表", "作息"],
    about: "每个学段每节课的起止时间，每节一行。",
    columns: &[
        column("学段", Kind::Name, "执行这一作息的学段", "小学")
            .required()
            .only(STAGES)
            .aliases(&["任教学段"]),
        column("节次", Kind::Whole(1, 15), "当天第几节，从1开始", "1").required().aliases(&[
            "节",
            "第几节",
            "课节",
        ]),
        column("开始", Kind::Time, "上课时间", "08:30").required().aliases(&["开始时间", "上课", "上课时间"]),
        column("结束", Kind::Time, "下课时间", "09:10").required().aliases(&["结束时间", "下课", "下课时间"]),
    ],
    keys: &[&["学段", "节次"]],
};

/// 课表: the lessons of a week.
pub static LESSONS: Sheet = Sheet {
    name: "课表",
    aliases: &["课程表", "总课表", "教师课表", "全校课表"],
    about: "每班每周每节课一行。单双周不同的课写两行。",
    columns: &[
        column("学校", Kind::Name, "与“学校”表一致", "县第一实验小学").required().aliases(&["学校名称"]),
        column("班级", Kind::Name, "班级名称，全角半角括号均可", "一年级（1）班").required().aliases(&[
            "班级名称",
            "班",
            "班次",
        ]),
        column("星期", Kind::Weekday, "一至日", "一")
            .required()
            .suggested(WEEKDAYS)
            .aliases(&["周几", "星期几"]),
        column("节次", Kind::Periods, "当天第几节；连堂写 1-2", "1").required().aliases(&[
            "节",
            "第几节",
            "课节",
        ]),
        column("单双周", Kind::Weeks, "单、双；每周都上则不填", "单").suggested(WEEKS).aliases(&[
            "周次",
            "单/双周",
            "周别",
        ]),
        column("学科", Kind::Name, "所上的课", "语文").required().suggested(SUBJECTS).aliases(&[
            "课程",
            "科目",
            "课程名称",
        ]),
        column("教师工号", Kind::Name, "与“教师”表的工号一致", "LC00001").required().aliases(&[
            "工号",
            "编号",
            "任课教师工号",
        ]),
        column("教师", Kind::Name, "用来核对工号", "于嘉雪").aliases(&["教师姓名", "姓名", "任课教师"]),
    ],
    // Lessons that meet in time are told apart by `check`, with odd and even weeks.
    keys: &[],
};

/// 校历: the term and its special days.
pub static CALENDAR: Sheet = Sheet {
    name: "校历",
    aliases: &["校历表", "学年校历", "教学日历"],
    about: "学期一行（填开始日期、结束日期），放假、调休、考试等每天一行（填日期）。",
    columns: &[
        column("开始日期", Kind::Date, "学期或连续几天的第一天", "2026-09-01").aliases(&[
            "开始",
            "起始日期",
            "开学日期",
        ]),
        column("结束日期", Kind::Date, "学期或连续几天的最后一天", "2027-01-22").aliases(&[
            "结束",
            "截止日期",
            "放假日期",
        ]),
        column("日期", Kind::Date, "只有一天时填这里", "2026-10-10").aliases(&["时间"]),
        column("类型", Kind::Name, "也可写全县停课的活动名称", "调休上班")
            .required()
            .suggested(DAY_KINDS)
            .aliases(&["事项", "日期类型"]),
        column("执行星期课表", Kind::Weekday, "调休上班时按星期几的课表上课", "三")
            .suggested(WEEKDAYS)
            .aliases(&["执行课表", "补课星期", "按星期几上课"]),
        column("说明", Kind::Prose, "如节日名称；学期写学期名称", "补10月7日课").aliases(&["备注", "名称"]),
    ],
    keys: &[],
};
