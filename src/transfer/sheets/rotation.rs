//! 学科余缺, 轮岗志愿, 轮岗政策: what rotation is decided from.

use super::{Choice, Kind, STAGES, SUBJECTS, Sheet, column};
use crate::transfer::policy;

const FORMS: &[Choice] = &[
    Choice("交流轮岗", &["交流", "轮岗"]),
    Choice("支教", &[]),
    Choice("走教", &[]),
    Choice("挂职", &[]),
    Choice("任职", &[]),
];

/// 学科余缺: where teachers of a subject are too many or too few.
pub static STAFFING: Sheet = Sheet {
    name: "学科余缺",
    aliases: &["学科余缺表", "学科余缺汇总表", "余缺汇总"],
    about: "每校每学段每学科一行。",
    columns: &[
        column("学校", Kind::Name, "与“学校”表一致", "县第一实验小学").required().aliases(&["学校名称"]),
        column("学段", Kind::Name, "学段", "小学").required().only(STAGES),
        column("学科", Kind::Name, "学科", "语文").required().suggested(SUBJECTS),
        column("核定需求", Kind::Whole(0, 1_000), "按课时核定的教师数", "17").required().aliases(&[
            "核定人数",
            "需求",
            "需求人数",
            "应有人数",
        ]),
        column("现有人数", Kind::Whole(0, 1_000), "现有教师数", "19").required().aliases(&[
            "现有",
            "实有人数",
            "在岗人数",
        ]),
        column("余缺", Kind::Whole(-1_000, 1_000), "现有减核定，缺为负数；不填则自动计算", "2")
            .aliases(&["余缺人数", "余（+）缺（-）"]),
    ],
    keys: &[&["学校", "学段", "学科"]],
};

/// 轮岗志愿: teachers' wishes.
pub static WISHES: Sheet = Sheet {
    name: "轮岗志愿",
    aliases: &["轮岗志愿表", "交流志愿", "轮岗申请"],
    about: "每位申请人一行。",
    columns: &[
        column("工号", Kind::Name, "与“教师”表的工号一致", "LC00034")
            .required()
            .aliases(&["编号", "教师工号"]),
        column("姓名", Kind::Name, "用来核对工号", "钱卫小").aliases(&["教师姓名", "教师"]),
        column("志愿一", Kind::Name, "学校名称", "石桥镇中心小学").required().aliases(&["第一志愿", "志愿1"]),
        column("志愿二", Kind::Name, "学校名称", "城东小学").aliases(&["第二志愿", "志愿2"]),
        column("志愿三", Kind::Name, "学校名称", "松坪镇中心小学").aliases(&["第三志愿", "志愿3"]),
        column("形式", Kind::Name, "交流的形式；不填为交流轮岗", "交流轮岗")
            .only(FORMS)
            .aliases(&["交流形式", "轮岗形式"]),
        column("期限", Kind::Years(1, 10), "几年", "1年").aliases(&["交流期限", "年限", "期限（年）"]),
        column("说明", Kind::Prose, "家庭等情况", "孩子就读县城").aliases(&["备注", "理由"]),
    ],
    keys: &[&["工号"]],
};

/// 轮岗政策: the rules of the year.
pub static POLICY: Sheet = Sheet {
    name: "轮岗政策",
    aliases: &["轮岗政策表", "交流政策"],
    about: "本年度的轮岗规定，每条一行；没有对应规定的条目不导入，整张表退回。",
    columns: &[
        column("条目", Kind::Name, "规定的名称", "交流比例")
            .required()
            .suggested(policy::choices())
            .aliases(&["项目", "政策条目"]),
        column("数值", Kind::Prose, "数和单位；看不懂的会列出可写的", "≥10%")
            .required()
            .aliases(&["值", "标准", "要求"]),
        column("说明", Kind::Prose, "分母、例外等；不作规定的写“备注：……”", "占符合条件教师总数")
            .aliases(&["备注"]),
    ],
    keys: &[&["条目"]],
};
