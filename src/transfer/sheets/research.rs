//! 教研计划: the programmes of joint research.

use super::{Choice, Kind, STAGES, SUBJECTS, Sheet, column};

const FORMS: &[Choice] = &[
    Choice("同课异构", &[]),
    Choice("观摩课", &["观摩", "公开课", "示范课"]),
    Choice("集体备课", &["备课"]),
    Choice("送课下乡", &["送课", "送教下乡", "送教"]),
    Choice("专递课堂", &[]),
    Choice("同步课堂", &[]),
    Choice("线上研讨", &["网络研讨", "网络教研", "线上教研"]),
    Choice("中考分科指导", &["分科指导", "中考指导"]),
    Choice("学情分析", &["质量分析"]),
    Choice("培训", &["研训"]),
    Choice("例会", &["工作例会", "会议"]),
];

const FREQUENCIES: &[Choice] = &[
    Choice("至少间隔2周", &[]),
    Choice("至少间隔3周", &[]),
    Choice("每月1次", &["每月一次"]),
    Choice("期中考试后2周内", &["期中考试后两周内"]),
    Choice("11月之后", &[]),
];

const HOSTS: &[Choice] = &[
    Choice("成员校轮流承办", &["轮流承办"]),
    Choice("核心校承办", &[]),
    Choice("镇区、乡村成员校承办", &[]),
    Choice("线上", &[]),
];

const PRESENTERS: &[Choice] = &[
    Choice("至少两所学校各1名授课教师", &[]),
    Choice("承办校1名授课教师", &[]),
    Choice("核心校1名授课教师", &[]),
];

const AUDIENCES: &[Choice] = &[
    Choice("本学科全体教师", &[]),
    Choice("承办校本学科教师", &[]),
    Choice("九年级本学科教师", &[]),
    Choice("各园半数教师，轮流参加", &["各园半数教师,轮流参加"]),
    Choice("各校校长、副校长、包连教研员", &[]),
    Choice("园长、保教主任", &[]),
    Choice("校长、教导主任、备课组长", &[]),
];

const MODES: &[Choice] = &[
    Choice("线下", &["现场", "面对面"]),
    Choice("线上", &["网络", "在线"]),
    Choice("混合", &["线上线下", "线上线下结合", "线上+线下"]),
];

const LEVELS: &[Choice] =
    &[Choice("县级", &["县"]), Choice("集团", &["集团级"]), Choice("校级", &["学校", "校"])];

const YES_NO: &[Choice] = &[Choice("是", &[]), Choice("否", &[])];

/// 教研计划: programmes.
pub static PROGRAMMES: Sheet = Sheet {
    name: "教研计划",
    aliases: &["教研计划表", "联合教研计划", "教研活动计划"],
    about: "本学期的联合教研计划，每个系列一行。",
    columns: &[
        column("集团", Kind::Name, "与“集团”表的集团名称一致", "一实小教育集团")
            .required()
            .aliases(&["集团名称", "教共体"]),
        column("学段", Kind::Name, "不分学段则不填", "小学").only(STAGES),
        column("学科", Kind::Name, "不分学科则不填", "语文").suggested(SUBJECTS),
        column("年级", Kind::Name, "不分年级则不填", "九年级"),
        column("形式", Kind::Name, "活动形式", "同课异构")
            .required()
            .only(FORMS)
            .aliases(&["活动形式", "教研形式"]),
        column("主题", Kind::Prose, "活动主题", "语文学科联合教研").required().aliases(&[
            "活动主题",
            "内容",
            "教研主题",
        ]),
        column("次数", Kind::Whole(1, 60), "本学期几次", "5").required().aliases(&["活动次数", "场次"]),
        column("时长（分钟）", Kind::Minutes(10, 600), "每次多少分钟", "160").required().aliases(&[
            "时长",
            "时间（分钟）",
            "每次时长",
            "时长/分钟",
        ]),
        column("频次", Kind::Prose, "对日期的要求", "至少间隔2周").suggested(FREQUENCIES).aliases(&[
            "频率",
            "间隔",
            "时间要求",
        ]),
        column("教研日", Kind::ResearchDay, "固定的半天；不固定则不填", "星期四下午")
            .aliases(&["教研时间", "固定教研日"]),
        column("承办", Kind::Prose, "由谁承办，也可写学校名称", "成员校轮流承办")
            .required()
            .suggested(HOSTS)
            .aliases(&["承办校", "承办学校", "承办单位"]),
        column("授课要求", Kind::Prose, "授课教师的要求", "承办校1名授课教师")
            .suggested(PRESENTERS)
            .aliases(&["授课", "授课教师"]),
        column("教研员工号", Kind::Name, "与“教研员”表的工号一致；没有则不填", "JY001").aliases(&[
            "教研员",
            "教研员编号",
            "工号",
        ]),
        column("参加范围", Kind::Prose, "哪些人参加", "本学科全体教师")
            .required()
            .suggested(AUDIENCES)
            .aliases(&["参加对象", "参加人员", "参与范围"]),
        column("方式", Kind::Name, "线下、线上或混合；不填为线下", "线下")
            .only(MODES)
            .aliases(&["活动方式", "线上线下"]),
        column("级别", Kind::Name, "县级、集团或校级；不填为集团", "集团")
            .only(LEVELS)
            .aliases(&["活动级别", "层级"]),
        column("可晚间", Kind::Name, "能否排在晚上；不填为否", "否")
            .suggested(YES_NO)
            .aliases(&["可排晚间", "晚间"]),
        column("可周末", Kind::Name, "能否排在双休日；不填为否", "否")
            .suggested(YES_NO)
            .aliases(&["可排周末", "周末"]),
        column(
            "同日开展",
            Kind::Name,
            "同一集团写法相同的几个计划，同一次活动排在同一个半天；不要求则不填",
            "",
        )
        .aliases(&["同步开展"]),
        column("到会比例", Kind::Whole(1, 100), "各校受邀人员至少百分之几到会；不要求则不填", "80")
            .aliases(&["到会率", "到会比例（%）", "参加比例"]),
        column("自愿参加", Kind::Name, "参加范围内的人是否可以不来；不填为否", "否")
            .suggested(YES_NO)
            .aliases(&["欢迎参加"]),
    ],
    keys: &[],
};
