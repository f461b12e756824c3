//! 教师, 教研员, 名师工作室, 走教: people and where they work.

use super::{Choice, Kind, STAGES, SUBJECTS, Sheet, column};

const GENDERS: &[Choice] = &[Choice("男", &["男性"]), Choice("女", &["女性"])];

const TITLES: &[Choice] = &[
    Choice("正高级教师", &["正高级", "正高", "中小学正高级教师"]),
    Choice("高级教师", &["高级", "副高", "副高级", "中小学高级教师", "中学高级教师"]),
    Choice("一级教师", &["一级", "中小学一级教师", "中学一级教师", "小学高级教师"]),
    Choice("二级教师", &["二级", "中小学二级教师", "中学二级教师", "小学一级教师"]),
    Choice("三级教师", &["三级", "中小学三级教师", "中学三级教师", "小学二级教师"]),
    Choice("未定级", &["无", "未评", "未评职称", "未定"]),
];

const HONOURS: &[Choice] = &[
    Choice("省级骨干", &["省骨干", "省级骨干教师"]),
    Choice("市级骨干", &["市骨干", "市级骨干教师"]),
    Choice("县学科带头人", &["县级学科带头人"]),
    Choice("县级骨干", &["县骨干", "县级骨干教师"]),
    Choice("校级骨干", &["校骨干", "校级骨干教师"]),
];

const POSTS: &[Choice] = &[
    Choice("校长", &[]),
    Choice("副校长", &[]),
    Choice("园长", &[]),
    Choice("副园长", &[]),
    Choice("教导主任", &["教务主任"]),
    Choice("保教主任", &[]),
    Choice("教研组长", &[]),
    Choice("备课组长", &[]),
];

const FULL_OR_PART: &[Choice] = &[Choice("专职", &["专"]), Choice("兼职", &["兼"])];

const STUDIO_ROLES: &[Choice] =
    &[Choice("主持人", &["领衔人", "主持", "负责人"]), Choice("成员", &["学员", "核心成员"])];

const MAIL_NAMES: &[&str] = &["电子邮箱", "邮件", "Email", "E-mail"];

/// 教师: teachers.
pub static TEACHERS: Sheet =
    Sheet {
        name: "教师",
        aliases: &["教师表", "教师名册", "教师花名册", "花名册", "教师信息"],
        about: "在编在岗教师，每人一行。",
        columns: &[
            column("工号", Kind::Name, "全县唯一，调动不改工号", "LC00001").required().aliases(&[
                "编号",
                "教师工号",
                "教师编号",
                "职工号",
            ]),
            column("姓名", Kind::Name, "教师姓名", "于嘉雪").required().aliases(&["教师姓名", "教师"]),
            column("性别", Kind::Name, "男或女", "女").only(GENDERS),
            column("出生年月", Kind::Month, "写到月", "1970.12").aliases(&["出生日期", "出生时间", "生日"]),
            column("学校", Kind::Name, "编制所在学校，与“学校”表一致", "县第一实验小学")
                .required()
                .aliases(&["学校名称", "所在学校", "编制学校", "单位", "工作单位"]),
            column("任教学段", Kind::Name, "主要任教的学段", "小学")
                .required()
                .only(STAGES)
                .aliases(&["学段"]),
            column("任教学科", Kind::Name, "主要任教的学科", "语文")
                .required()
                .suggested(SUBJECTS)
                .aliases(&["学科", "任教科目", "科目"]),
            column("职称", Kind::Name, "现任专业技术职称", "一级教师").suggested(TITLES).aliases(&[
                "专业技术职称",
                "专业技术职务",
                "职称等级",
            ]),
            column("荣誉称号", Kind::List, "用顿号分开", "县级骨干").suggested(HONOURS).aliases(&[
                "荣誉",
                "称号",
                "骨干称号",
                "骨干类别",
            ]),
            column("到校时间", Kind::Month, "到现学校工作的年月，用于计算同校任教年限", "2014.09")
                .aliases(&["到校年月", "到校日期", "到本校时间", "来校时间"]),
            column("职务", Kind::List, "学校职务，用顿号分开；没有则不填", "备课组长")
                .suggested(POSTS)
                .aliases(&["行政职务", "校内职务"]),
            column("居住地", Kind::Name, "所住的乡镇或县城，用于考虑通勤", "县城").aliases(&[
                "住址",
                "家庭住址",
                "居住地址",
            ]),
            column("邮箱", Kind::Email, "登录和接收通知", "lc00001@example.com").aliases(MAIL_NAMES),
            column("备注", Kind::Prose, "如孕期、哺乳期、病假（写明证明）", "哺乳期（至2027年3月）")
                .aliases(&["说明"]),
        ],
        keys: &[&["工号"]],
    };

/// 教研员: researchers.
pub static RESEARCHERS: Sheet = Sheet {
    name: "教研员",
    aliases: &["教研员表", "教研员名单"],
    about: "专职和兼职教研员，每人一行。",
    columns: &[
        column("工号", Kind::Name, "全县唯一", "JY001").required().aliases(&[
            "编号",
            "教研员工号",
            "教研员编号",
        ]),
        column("姓名", Kind::Name, "教研员姓名", "周然诗").required().aliases(&["教研员", "教研员姓名"]),
        column("学科", Kind::Name, "负责的学科或学科组", "语文")
            .required()
            .suggested(SUBJECTS)
            .aliases(&["教研学科", "负责学科"]),
        column("学段", Kind::Name, "负责的学段", "小学").required().only(STAGES).aliases(&["负责学段"]),
        column("专兼职", Kind::Name, "专职或兼职", "专职").only(FULL_OR_PART).aliases(&[
            "专职兼职",
            "专/兼职",
            "任职方式",
        ]),
        column("包连集团", Kind::List, "包连的集团，与“集团”表一致", "一实小教育集团").aliases(&[
            "包联集团",
            "联系集团",
            "集团",
        ]),
        column("驻地学校", Kind::Name, "出发地，与“学校”表一致", "县第一实验小学").aliases(&[
            "驻地",
            "驻校",
            "所在学校",
            "学校",
        ]),
        column("邮箱", Kind::Email, "登录和接收通知", "jy001@example.com").aliases(MAIL_NAMES),
    ],
    keys: &[&["工号"]],
};

/// 名师工作室: studios and their members.
pub static STUDIOS: Sheet = Sheet {
    name: "名师工作室",
    aliases: &["工作室", "名师工作室成员"],
    about: "每个工作室的每位成员一行。",
    columns: &[
        column("工作室", Kind::Name, "工作室名称", "高静安名师工作室")
            .required()
            .aliases(&["工作室名称", "名师工作室"]),
        column("学科", Kind::Name, "工作室的学科", "语文").suggested(SUBJECTS),
        column("学段", Kind::Name, "工作室的学段", "小学").only(STAGES),
        column("工号", Kind::Name, "与“教师”表的工号一致", "LC00028").required().aliases(&[
            "编号",
            "教师工号",
            "成员工号",
        ]),
        column("姓名", Kind::Name, "用来核对工号", "高静安").aliases(&["教师姓名", "成员姓名"]),
        column("角色", Kind::Name, "主持人或成员", "主持人")
            .required()
            .only(STUDIO_ROLES)
            .aliases(&["身份", "成员角色"]),
    ],
    keys: &[&["工作室", "工号"]],
};

/// 走教: itinerant teachers.
pub static ITINERANTS: Sheet = Sheet {
    name: "走教",
    aliases: &["走教表", "走教教师", "走教安排"],
    about: "在第二所学校固定走教的教师，每人每校一行。",
    columns: &[
        column("工号", Kind::Name, "与“教师”表的工号一致", "LC00108")
            .required()
            .aliases(&["编号", "教师工号"]),
        column("姓名", Kind::Name, "用来核对工号", "杨辉").aliases(&["教师姓名", "教师"]),
        column("编制学校", Kind::Name, "用来核对编制所在学校", "县第一实验小学").aliases(&[
            "原学校",
            "所在学校",
            "学校",
        ]),
        column("走教学校", Kind::Name, "与“学校”表一致", "大塘乡中心小学")
            .required()
            .aliases(&["走教到校", "受援学校"]),
        column("星期", Kind::Weekdays, "每周走教的日子，多天用顿号分开", "五").required().aliases(&[
            "走教日",
            "走教时间",
            "周几",
        ]),
    ],
    keys: &[&["工号", "走教学校", "星期"]],
};
