//! 集团, 集团负责人, 责任督学: the groups, who coordinates them, who inspects them.

use super::{Choice, Kind, Sheet, column};

const KINDS: &[Choice] = &[
    Choice("教育集团", &["集团"]),
    Choice("教共体", &["教育共同体"]),
    Choice("学区", &["学区制", "学区化"]),
    Choice("联盟", &["办学联盟", "教育联盟"]),
];

const ROLES: &[Choice] = &[
    Choice("核心校", &["核心学校", "核心园", "核心校（园）", "牵头校", "龙头校", "总校"]),
    Choice("成员校", &["成员学校", "成员园", "成员校（园）", "分校"]),
    Choice("联盟校", &["联盟学校", "合作校", "协作校"]),
];

/// 集团: groups and their member schools.
pub static GROUPS: Sheet = Sheet {
    name: "集团",
    aliases: &["集团表", "教育集团", "集团成员", "教共体"],
    about: "每个集团的每所学校一行。",
    columns: &[
        column("集团名称", Kind::Name, "全县唯一", "一实小教育集团").required().aliases(&[
            "集团",
            "教共体",
            "教共体名称",
            "学区",
            "学区名称",
        ]),
        column("类型", Kind::Name, "集团的类型", "教育集团").only(KINDS).aliases(&["集团类型", "办学模式"]),
        column("学校名称", Kind::Name, "与“学校”表一致", "城东小学").required().aliases(&[
            "学校",
            "成员学校",
            "成员单位",
        ]),
        column("角色", Kind::Name, "可以有几所核心校", "成员校")
            .required()
            .only(ROLES)
            .aliases(&["学校角色", "身份"]),
        column("加入日期", Kind::Month, "写到月即为当月1日", "2024-09-01").aliases(&[
            "加入时间",
            "入团日期",
            "起始日期",
        ]),
    ],
    keys: &[&["集团名称", "学校名称", "加入日期"]],
};

/// 集团负责人: coordinators of groups.
pub static COORDINATORS: Sheet = Sheet {
    name: "集团负责人",
    aliases: &["集团教研负责人", "教研负责人", "负责人"],
    about: "每个集团的教研负责人，每人一行。",
    columns: &[
        column("集团名称", Kind::Name, "与“集团”表一致", "一实小教育集团").required().aliases(&[
            "集团",
            "教共体",
            "教共体名称",
        ]),
        column("教研负责人工号", Kind::Name, "与“教师”表的工号一致", "LC00072").required().aliases(&[
            "工号",
            "负责人工号",
            "教师工号",
            "编号",
        ]),
        column("姓名", Kind::Name, "用来核对工号", "秦雪书").aliases(&[
            "负责人",
            "负责人姓名",
            "教师姓名",
            "教研负责人",
        ]),
        column("邮箱", Kind::Email, "接收通知", "lc00072@example.com").aliases(&[
            "电子邮箱",
            "邮件",
            "Email",
            "E-mail",
        ]),
        column("协议截止日期", Kind::Date, "办学协议的最后一天", "2029-08-31").aliases(&[
            "协议到期日期",
            "协议截止时间",
            "截止日期",
        ]),
    ],
    keys: &[&["集团名称", "教研负责人工号"]],
};

/// 责任督学: inspectors.
pub static INSPECTORS: Sheet = Sheet {
    name: "责任督学",
    aliases: &["督学", "责任督学名单"],
    about: "每位责任督学一行。",
    columns: &[
        column("编号", Kind::Name, "全县唯一", "DX01").required().aliases(&["工号", "督学编号"]),
        column("姓名", Kind::Name, "督学姓名", "叶梅明").required().aliases(&[
            "督学姓名",
            "督学",
            "责任督学",
        ]),
        column("责任集团", Kind::List, "用顿号分开", "双核九年教共体、学前教共体").required().aliases(&[
            "集团",
            "集团名称",
            "负责集团",
        ]),
        column("邮箱", Kind::Email, "登录和接收通知", "dx01@example.com").aliases(&[
            "电子邮箱",
            "邮件",
            "Email",
            "E-mail",
        ]),
    ],
    keys: &[&["编号"]],
};
