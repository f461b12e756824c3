//! 学校 The 21 schools of 澜川县, where they stand, and the groups they form.

use super::Table;
use super::curriculum::Stage;
use super::dice::Dice;

/// 学校
pub(super) struct School {
    pub(super) name: &'static str,
    pub(super) group: &'static str,
    pub(super) core: bool,
    pub(super) locale: &'static str,
    /// The town it stands in, as an address says it.
    pub(super) town: &'static str,
    /// Hundred-thousandths of a degree.
    longitude: i64,
    latitude: i64,
    students: i64,
}

/// The part of a school that teaches one stage: a 九年一贯制 school has two.
pub(super) struct Section {
    pub(super) school: usize,
    pub(super) stage: Stage,
    pub(super) teachers: usize,
    pub(super) classes: Vec<Class>,
}

/// 班级
#[derive(Clone, Copy)]
pub(super) struct Class {
    /// Counted from 0 within the stage.
    pub(super) grade: usize,
    pub(super) number: usize,
}

/// 集团 in the order the county lists them.
pub(super) const GROUPS: [&str; 5] =
    ["一实小教育集团", "二小教共体", "一初教共体", "双核九年教共体", "学前教共体"];

/// How the county is laid out: name, group, core, town, teachers of kindergarten, primary and junior stage.
type Plan = (&'static str, usize, bool, usize, [usize; 3]);

const PLAN: [Plan; 21] = [
    ("县第一实验小学", 0, true, 0, [0, 140, 0]),
    ("城东小学", 0, false, 0, [0, 62, 0]),
    ("石桥镇中心小学", 0, false, 1, [0, 38, 0]),
    ("松坪镇中心小学", 0, false, 2, [0, 32, 0]),
    ("县第二小学", 1, true, 0, [0, 96, 0]),
    ("云岭镇中心小学", 1, false, 3, [0, 40, 0]),
    ("沙河镇中心小学", 1, false, 4, [0, 36, 0]),
    ("大塘乡中心小学", 1, false, 5, [0, 24, 0]),
    ("县第一初级中学", 2, true, 0, [0, 0, 118]),
    ("石桥中学", 2, false, 1, [0, 0, 52]),
    ("松坪中学", 2, false, 2, [0, 0, 40]),
    ("沙河中学", 2, false, 4, [0, 0, 44]),
    ("县实验学校", 3, true, 0, [0, 44, 44]),
    ("县民族初级中学", 3, true, 0, [0, 0, 76]),
    ("梅溪镇九年一贯制学校", 3, false, 6, [0, 22, 24]),
    ("云岭中学", 3, false, 3, [0, 0, 38]),
    ("大塘学校", 3, false, 5, [0, 13, 11]),
    ("县第一幼儿园", 4, true, 0, [38, 0, 0]),
    ("石桥镇中心幼儿园", 4, false, 1, [14, 0, 0]),
    ("松坪镇中心幼儿园", 4, false, 2, [12, 0, 0]),
    ("云岭镇中心幼儿园", 4, false, 3, [12, 0, 0]),
];

/// Towns: name, locale, and metres east and north of the county town.
const TOWNS: [(&str, &str, i64, i64); 7] = [
    ("县城", "城区", 0, 0),
    ("石桥镇", "镇区", 14_500, 8_200),
    ("松坪镇", "镇区", -18_300, 7_600),
    ("云岭镇", "镇区", 6_100, -19_400),
    ("沙河镇", "镇区", -13_200, -11_800),
    ("大塘乡", "乡村", 23_700, -16_900),
    ("梅溪镇", "镇区", -7_400, 24_600),
];

// Metres in a degree of longitude and of latitude near the county.
const DEGREE_EAST: i64 = 100_400;
const DEGREE_NORTH: i64 = 111_200;

/// The schools, and their sections in the same order.
pub(super) fn found(dice: &mut Dice) -> (Vec<School>, Vec<Section>) {
    let centre = (11_100_000 + dice.between(20_000, 80_000), 2_500_000 + dice.between(20_000, 80_000));
    let mut schools = Vec::new();
    let mut sections = Vec::new();
    for (school, plan) in PLAN.iter().enumerate() {
        let own = divide(school, plan, dice);
        schools.push(build(plan, centre, &own, dice));
        sections.extend(own);
    }
    (schools, sections)
}

fn divide(school: usize, plan: &Plan, dice: &mut Dice) -> Vec<Section> {
    let stages = [Stage::Kindergarten, Stage::Primary, Stage::Junior];
    let staffed = stages.into_iter().zip(plan.4).filter(|(_, teachers)| *teachers > 0);
    staffed
        .map(|(stage, teachers)| {
            let number = class_count(stage, teachers, TOWNS[plan.3].1);
            Section { school, stage, teachers, classes: classes(stage, number, dice) }
        })
        .collect()
}

/// A country teacher serves more classes than a town teacher: that is what rotation is for. The village's junior stage is
/// so small that a teacher for each subject makes up its number.
fn class_count(stage: Stage, teachers: usize, locale: &str) -> usize {
    let per_hundred = match (stage, locale) {
        (Stage::Kindergarten, _) => return (teachers - 4) / 2,
        (Stage::Primary, "城区") => 42,
        (Stage::Primary, "镇区") => 44,
        (Stage::Primary, _) => 45,
        (Stage::Junior, "城区") => 36,
        (Stage::Junior, "镇区") => 38,
        (Stage::Junior, _) => 30,
    };
    (teachers * per_hundred / 100).max(stage.grades().len())
}

/// Classes spread over the grades; the odd ones go to a run of grades, as large years do.
fn classes(stage: Stage, number: usize, dice: &mut Dice) -> Vec<Class> {
    let grades = stage.grades().len();
    let first_large = dice.index(grades);
    let size = |grade: usize| {
        let turn = (grade + grades - first_large) % grades;
        number / grades + usize::from(turn < number % grades)
    };
    (0..grades).flat_map(|grade| (1..=size(grade)).map(move |number| Class { grade, number })).collect()
}

fn build(plan: &Plan, centre: (i64, i64), sections: &[Section], dice: &mut Dice) -> School {
    let (town, locale, east, north) = TOWNS[plan.3];
    let spread = if locale == "城区" { 1_400 } else { 900 };
    let east = east + dice.between(-spread, spread) + if plan.0.contains("城东") { 1_900 } else { 0 };
    let north = north + dice.between(-spread, spread);
    let size = if locale == "城区" { dice.between(38, 45) } else { dice.between(31, 42) };
    let students = |section: &Section| {
        let size = if section.stage == Stage::Kindergarten { size - 8 } else { size };
        section.classes.len() as i64 * size + dice.between(-6, 6)
    };
    School {
        name: plan.0,
        group: GROUPS[plan.1],
        core: plan.2,
        locale,
        town,
        longitude: centre.0 + east * 100_000 / DEGREE_EAST,
        latitude: centre.1 + north * 100_000 / DEGREE_NORTH,
        students: sections.iter().map(students).sum(),
    }
}

/// 学校 and 集团
pub(super) fn tables(schools: &[School], sections: &[Section]) -> Vec<Table> {
    let numbered = schools.iter().enumerate();
    let school_rows = numbered.map(|(number, school)| school_row(number, school, sections)).collect();
    let group_rows = schools.iter().enumerate().map(|(number, school)| group_row(number, school)).collect();
    vec![
        Table {
            sheet: "学校",
            headings: &[
                "学校编码",
                "学校名称",
                "办学类型",
                "城乡",
                "经度",
                "纬度",
                "班级数",
                "学生数",
                "备注",
            ],
            rows: school_rows,
        },
        Table {
            sheet: "集团",
            headings: &["集团名称", "类型", "学校名称", "角色", "加入日期"],
            rows: group_rows,
        },
    ]
}

fn school_row(number: usize, school: &School, sections: &[Section]) -> Vec<String> {
    let own: Vec<&Section> = sections.iter().filter(|section| section.school == number).collect();
    let kind = if own.len() > 1 { "九年一贯制" } else { own[0].stage.name() };
    let classes: usize = own.iter().map(|section| section.classes.len()).sum();
    vec![
        format!("LCS{:03}", number + 1),
        school.name.into(),
        kind.into(),
        school.locale.into(),
        degrees(school.longitude),
        degrees(school.latitude),
        classes.to_string(),
        school.students.to_string(),
        super::MARK.into(),
    ]
}

fn group_row(number: usize, school: &School) -> Vec<String> {
    let kind = if school.group.ends_with("教育集团") { "教育集团" } else { "教共体" };
    let role = if school.core { "核心校" } else { "成员校" };
    // The county's second wave of members joined a year after the first.
    let joined = if !school.core && number % 3 == 1 { "2024-09-01" } else { "2023-09-01" };
    [school.group, kind, school.name, role, joined].map(String::from).into()
}

fn degrees(hundred_thousandths: i64) -> String {
    format!("{}.{:05}", hundred_thousandths / 100_000, hundred_thousandths % 100_000)
}

/// 场地 and 路程
pub(super) fn places(schools: &[School], dice: &mut Dice) -> Vec<Table> {
    let rooms = schools.iter().flat_map(|school| rooms(school, dice)).collect();
    let mut roads = Vec::new();
    for (number, from) in schools.iter().enumerate() {
        roads.extend(schools[number + 1..].iter().map(|to| road(from, to, dice)));
    }
    vec![
        Table { sheet: "场地", headings: &["学校", "场地", "容量", "设备"], rows: rooms },
        Table { sheet: "路程", headings: &["学校甲", "学校乙", "公里", "分钟"], rows: roads },
    ]
}

fn rooms(school: &School, dice: &mut Dice) -> Vec<Vec<String>> {
    // A village hall is too small for the largest subject, so that not every member can host it.
    let halls: &[i64] = match school.locale {
        "城区" => &[120, 160, 200],
        "镇区" => &[80, 120, 160],
        _ => &[40],
    };
    let row = |room: &str, capacity: i64, equipment: &str| {
        vec![school.name.into(), room.into(), capacity.to_string(), equipment.into()]
    };
    let mut rows = vec![row("多功能厅", *dice.pick(halls), "多媒体、录播")];
    if school.core {
        rows.push(row("录播教室", *dice.pick(&[40, 45, 50]), "录播、同步课堂主讲端"));
    }
    rows.push(row("会议室", *dice.pick(&[30, 40, 50]), "多媒体"));
    if !school.core {
        rows.push(row("同步课堂听讲教室", *dice.pick(&[45, 50]), "同步课堂听讲端"));
    }
    rows
}

/// The road is longer than the line; out of town a bus makes some 38 kilometres an hour, in town less.
fn road(from: &School, to: &School, dice: &mut Dice) -> Vec<String> {
    let east = (from.longitude - to.longitude) * DEGREE_EAST / 100_000;
    let north = (from.latitude - to.latitude) * DEGREE_NORTH / 100_000;
    let line = (east * east + north * north).isqrt();
    let metres = (line * dice.between(118, 140) / 100).max(300);
    let minutes = 5 + (metres.min(5_000) * 2 + (metres - 5_000).max(0) * 158 / 100) / 1_000;
    let tenths = (metres + 50) / 100;
    let kilometres = format!("{}.{}", tenths / 10, tenths % 10);
    vec![from.name.into(), to.name.into(), kilometres, minutes.to_string()]
}
