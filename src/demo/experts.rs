//! 教研员, 集团负责人, 责任督学 and 名师工作室: who leads teaching research in the county.

use super::Table;
use super::curriculum::{Stage, Subject};
use super::dice::Dice;
use super::names::Register;
use super::people::{Post, Teacher, mail};
use super::schools::{GROUPS, School};

/// 教研员: subject area, stage, full-time, position in `GROUPS` of the group attended to (包连), base school.
pub(super) const RESEARCHERS: [(&str, Stage, bool, usize, &str); 10] = [
    ("语文", Stage::Primary, true, 0, "县第一实验小学"),
    ("数学", Stage::Primary, true, 1, "县第二小学"),
    ("英语", Stage::Primary, true, 0, "县第一实验小学"),
    ("科学与综合", Stage::Primary, true, 1, "县第二小学"),
    ("语文", Stage::Junior, true, 2, "县第一初级中学"),
    ("数学", Stage::Junior, true, 3, "县民族初级中学"),
    ("英语", Stage::Junior, true, 3, "县实验学校"),
    ("理科综合", Stage::Junior, false, 2, "县第一初级中学"),
    ("文科综合", Stage::Junior, false, 3, "县实验学校"),
    ("学前", Stage::Kindergarten, false, 4, "县第一幼儿园"),
];

pub(super) fn researcher_code(number: usize) -> String {
    format!("JY{:03}", number + 1)
}

/// The researcher in whose area a subject lies.
pub(super) fn researcher(stage: Stage, subject: Subject) -> Option<usize> {
    use Subject::*;
    let area = match (stage, subject) {
        (Stage::Kindergarten, _) => "学前",
        (_, Chinese) => "语文",
        (_, Maths) => "数学",
        (_, English) => "英语",
        (Stage::Primary, _) => "科学与综合",
        (_, Physics | Chemistry | Biology) => "理科综合",
        (_, Morality | History | Geography) => "文科综合",
        _ => return None,
    };
    RESEARCHERS.iter().position(|(own, its_stage, ..)| *own == area && *its_stage == stage)
}

/// 教研员 集团负责人 责任督学 名师工作室
pub(super) fn tables(
    schools: &[School],
    teachers: &[Teacher],
    names: &mut Register,
    dice: &mut Dice,
) -> Vec<Table> {
    vec![
        researchers(names, dice),
        coordinators(schools, teachers),
        inspectors(names, dice),
        studios(schools, teachers, dice),
    ]
}

fn researchers(names: &mut Register, dice: &mut Dice) -> Table {
    let row =
        |(number, (area, stage, full_time, group, base)): (usize, &(&str, Stage, bool, usize, &str))| {
            let female = dice.chance(50);
            let kind = if *full_time { "专职" } else { "兼职" };
            let code = researcher_code(number);
            let address = mail(&code);
            vec![
                code,
                names.name(dice, female),
                (*area).into(),
                stage.name().into(),
                kind.into(),
                GROUPS[*group].into(),
                (*base).into(),
                address,
            ]
        };
    Table {
        sheet: "教研员",
        headings: &["工号", "姓名", "学科", "学段", "专兼职", "包连集团", "驻地学校", "邮箱"],
        rows: RESEARCHERS.iter().enumerate().map(row).collect(),
    }
}

/// A deputy of the first core school coordinates its group.
fn coordinators(schools: &[School], teachers: &[Teacher]) -> Table {
    let row = |group: &&'static str| {
        let leads = |teacher: &&Teacher| {
            let school = &schools[teacher.school];
            teacher.post == Some(Post::Deputy) && school.core && school.group == *group
        };
        let deputy = teachers.iter().find(leads).expect("every school has a deputy");
        vec![(*group).into(), deputy.code.clone(), deputy.name.clone(), deputy.mail(), "2029-08-31".into()]
    };
    Table {
        sheet: "集团负责人",
        headings: &["集团名称", "教研负责人工号", "姓名", "邮箱", "协议截止日期"],
        rows: GROUPS.iter().map(row).collect(),
    }
}

fn inspectors(names: &mut Register, dice: &mut Dice) -> Table {
    let charges = [
        GROUPS[0].to_owned(),
        GROUPS[1].to_owned(),
        GROUPS[2].to_owned(),
        format!("{}、{}", GROUPS[3], GROUPS[4]),
    ];
    let row = |(number, groups): (usize, String)| {
        let female = dice.chance(40);
        let code = format!("DX{:02}", number + 1);
        let address = mail(&code);
        vec![code, names.name(dice, female), groups, address]
    };
    Table {
        sheet: "责任督学",
        headings: &["编号", "姓名", "责任集团", "邮箱"],
        rows: charges.into_iter().enumerate().map(row).collect(),
    }
}

const STUDIOS: [(Stage, Subject); 6] = [
    (Stage::Primary, Subject::Chinese),
    (Stage::Primary, Subject::Maths),
    (Stage::Primary, Subject::Music),
    (Stage::Junior, Subject::Maths),
    (Stage::Junior, Subject::English),
    (Stage::Junior, Subject::Physics),
];

fn studios(schools: &[School], teachers: &[Teacher], dice: &mut Dice) -> Table {
    Table {
        sheet: "名师工作室",
        headings: &["工作室", "学科", "学段", "工号", "姓名", "角色"],
        rows: STUDIOS.iter().flat_map(|studio| self::studio(*studio, schools, teachers, dice)).collect(),
    }
}

/// The most distinguished teacher of the subject, and members of every group that teaches it, taken in turn.
fn studio(
    (stage, subject): (Stage, Subject),
    schools: &[School],
    teachers: &[Teacher],
    dice: &mut Dice,
) -> Vec<Vec<String>> {
    let mut all: Vec<&Teacher> =
        teachers.iter().filter(|teacher| teacher.stage == stage && teacher.subject == subject).collect();
    dice.shuffle(&mut all);
    let rank = |teacher: &&&Teacher| {
        (teacher.distinguished(), teacher.title == "正高级教师", teacher.title == "高级教师", -teacher.born)
    };
    let host = *all.iter().max_by_key(rank).expect("a studio's subject is taught");
    let name = format!("{}名师工作室", host.name);
    let row = |teacher: &Teacher, role: &str| {
        vec![
            name.clone(),
            subject.name().into(),
            stage.name().into(),
            teacher.code.clone(),
            teacher.name.clone(),
            role.into(),
        ]
    };
    let mut queues: Vec<Vec<&Teacher>> = Vec::new();
    for group in GROUPS {
        let of_group =
            |teacher: &&&Teacher| schools[teacher.school].group == group && teacher.code != host.code;
        queues.push(all.iter().filter(of_group).copied().collect());
    }
    let mut rows = vec![row(host, "主持人")];
    while rows.len() < 9 && queues.iter().any(|queue| !queue.is_empty()) {
        for queue in &mut queues {
            rows.extend(queue.pop().map(|member| row(member, "成员")));
        }
    }
    rows.truncate(9);
    rows
}
