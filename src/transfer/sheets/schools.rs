//! 学校, 场地, 路程: schools, their rooms, and the way between them.

use super::{Choice, Kind, Sheet, column};

const KINDS: &[Choice] = &[
    Choice("幼儿园", &["学前", "幼儿园（所）"]),
    Choice("小学", &["完全小学", "完小", "教学点"]),
    Choice("初中", &["初级中学"]),
    Choice("九年一贯制", &["九年一贯制学校", "九年制"]),
    Choice("高中", &["高级中学", "普通高中"]),
    Choice("完全中学", &["完中"]),
    Choice("十二年一贯制", &["十二年一贯制学校"]),
];

const AREAS: &[Choice] = &[
    Choice("城区", &["城市", "主城区", "城乡结合区"]),
    Choice("镇区", &["镇", "乡镇", "县镇", "镇乡结合区"]),
    Choice("乡村", &["农村", "村"]),
];

/// 学校: the schools.
pub static SCHOOLS: Sheet = Sheet {
    name: "学校",
    aliases: &["学校表", "学校名单", "学校信息", "学校一览表"],
    about: "每所学校（园）一行。其他工作表中的学校名称须与此处一致。",
    columns: &[
        column("学校编码", Kind::Name, "全县唯一，改名不改编码", "LCX001").required().aliases(&[
            "编码",
            "学校代码",
            "学校标识码",
            "编号",
            "学校编号",
        ]),
        column("学校名称", Kind::Name, "全县统一使用的名称", "县第一实验小学").required().aliases(&[
            "学校",
            "名称",
            "校名",
            "学校全称",
        ]),
        column("办学类型", Kind::Name, "学校的类型", "小学").required().only(KINDS).aliases(&[
            "学校类型",
            "类型",
            "学校类别",
            "学段",
        ]),
        column("城乡", Kind::Name, "学校所在地", "城区").only(AREAS).aliases(&[
            "城乡类型",
            "城乡分类",
            "所在地城乡类型",
            "区域",
        ]),
        column("经度", Kind::Decimal(73.0, 136.0), "十进制度，用于估算路程", "112.30951").aliases(&["东经"]),
        column("纬度", Kind::Decimal(3.0, 54.0), "十进制度，用于估算路程", "24.68705").aliases(&["北纬"]),
        column("班级数", Kind::Whole(0, 500), "在校班级数", "60").aliases(&["班数", "教学班数"]),
        column("学生数", Kind::Whole(0, 50_000), "在校学生数", "2400").aliases(&["在校生数", "学生人数"]),
        column("备注", Kind::Prose, "其他说明", "").aliases(&["说明"]),
    ],
    keys: &[&["学校编码"], &["学校名称"]],
};

/// 场地: rooms.
pub static ROOMS: Sheet = Sheet {
    name: "场地",
    aliases: &["场地表", "教研场地", "场所"],
    about: "可用于教研活动的场地，每个一行。",
    columns: &[
        column("学校", Kind::Name, "与“学校”表的学校名称一致", "县第一实验小学")
            .required()
            .aliases(&["学校名称", "所属学校"]),
        column("场地", Kind::Name, "同一学校内不重名", "录播教室").required().aliases(&[
            "场地名称",
            "名称",
            "场所",
            "教室",
        ]),
        column("容量", Kind::Whole(1, 10_000), "可容纳人数", "50").required().aliases(&[
            "容纳人数",
            "座位数",
            "人数",
        ]),
        column("设备", Kind::List, "用顿号分开", "录播、同步课堂主讲端").aliases(&["设备设施", "设施"]),
    ],
    keys: &[&["学校", "场地"]],
};

/// 路程: travel between schools.
pub static TRAVEL: Sheet = Sheet {
    name: "路程",
    aliases: &["路程表", "学校距离", "校际路程"],
    about: "两校之间的路程，每对学校一行，不分方向。",
    columns: &[
        column("学校甲", Kind::Name, "与“学校”表的学校名称一致", "县第一实验小学").required().aliases(&[
            "学校1",
            "起点",
            "起点学校",
            "出发学校",
        ]),
        column("学校乙", Kind::Name, "与“学校”表的学校名称一致", "城东小学").required().aliases(&[
            "学校2",
            "终点",
            "终点学校",
            "到达学校",
        ]),
        column("公里", Kind::Decimal(0.0, 2_000.0), "行车里程", "4.4").aliases(&[
            "距离",
            "距离（公里）",
            "里程",
            "公里数",
            "里程（公里）",
        ]),
        column("分钟", Kind::Minutes(0, 1_440), "平常的行车时间", "11").required().aliases(&[
            "时间",
            "时间（分钟）",
            "车程",
            "车程（分钟）",
            "路程时间",
            "用时（分钟）",
        ]),
    ],
    keys: &[&["学校甲", "学校乙"]],
};
