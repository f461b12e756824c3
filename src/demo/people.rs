//! 教师 The 1,070 teachers: age, title, honours, tenure, where they live.

use super::curriculum::{KINDERGARTEN, Stage, Subject};
use super::dice::Dice;
use super::names::Register;
use super::schools::{School, Section};
use super::staffing::{self, Visit};
use super::{MARK, Table};

/// 职务
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Post {
    Principal,
    Deputy,
    Dean,
    /// 备课组长 Leads one subject's preparation at one school.
    SubjectLead,
}

/// 教师
pub(super) struct Teacher {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) female: bool,
    pub(super) born: i64,
    born_month: i64,
    pub(super) school: usize,
    pub(super) section: usize,
    pub(super) stage: Stage,
    pub(super) subject: Subject,
    pub(super) title: &'static str,
    pub(super) honour: &'static str,
    /// 到校时间 Year; everybody comes in September.
    pub(super) arrived: i64,
    pub(super) post: Option<Post>,
    pub(super) lives: &'static str,
    /// What else the office notes: pregnancy, nursing, illness.
    pub(super) note: &'static str,
}

impl Teacher {
    pub(super) fn mail(&self) -> String {
        mail(&self.code)
    }

    /// 县级及以上骨干
    pub(super) fn distinguished(&self) -> bool {
        !matches!(self.honour, "" | "校级骨干")
    }

    pub(super) fn leads_school(&self) -> bool {
        matches!(self.post, Some(Post::Principal | Post::Deputy | Post::Dean))
    }

    fn post_name(&self) -> &'static str {
        let kindergarten = self.stage == Stage::Kindergarten;
        match self.post {
            None => "",
            Some(Post::Principal) if kindergarten => "园长",
            Some(Post::Principal) => "校长",
            Some(Post::Deputy) if kindergarten => "副园长",
            Some(Post::Deputy) => "副校长",
            Some(Post::Dean) if kindergarten => "保教主任",
            Some(Post::Dean) => "教导主任",
            Some(Post::SubjectLead) => "备课组长",
        }
    }
}

pub(super) fn mail(code: &str) -> String {
    format!("{}@example.com", code.to_lowercase())
}

/// The year the demo's term begins.
pub(super) const YEAR: i64 = 2026;
const HONOURS: [&str; 5] = ["校级骨干", "县级骨干", "市级骨干", "县学科带头人", "省级骨干"];

/// Everybody on the county's payroll, by school, stage and subject.
pub(super) fn hire(
    schools: &[School],
    sections: &[Section],
    visits: &[Visit],
    names: &mut Register,
    dice: &mut Dice,
) -> Vec<Teacher> {
    let mut teachers = Vec::new();
    for (number, section) in sections.iter().enumerate() {
        for subject in subjects(sections, visits, number, dice) {
            let code = format!("LC{}", 10_001 + teachers.len());
            teachers.push(person(code, (number, section), schools, subject, names, dice));
        }
    }
    super::leaders::appoint(schools.len(), sections.len(), &mut teachers, dice);
    mark_cases(&mut teachers);
    teachers
}

/// The subject of each post of a section.
fn subjects(sections: &[Section], visits: &[Visit], number: usize, dice: &mut Dice) -> Vec<Subject> {
    let section = &sections[number];
    if section.stage == Stage::Kindergarten {
        let first = dice.index(KINDERGARTEN.len());
        return (0..section.teachers).map(|post| KINDERGARTEN[(first + post) % KINDERGARTEN.len()]).collect();
    }
    let posts = staffing::posts(sections, visits, number);
    posts.into_iter().flat_map(|(subject, count)| vec![subject; count]).collect()
}

fn person(
    code: String,
    place: (usize, &Section),
    schools: &[School],
    subject: Subject,
    names: &mut Register,
    dice: &mut Dice,
) -> Teacher {
    let (number, section) = place;
    let female = dice.chance(women(section.stage, subject));
    let oldest = if female { 54 } else { 59 };
    // The lesser of two draws: a staff has more young people than old.
    let age = dice.between(23, oldest).min(dice.between(26, oldest + 8));
    let worked = (age - dice.between(22, 24)).max(1);
    let title = title(worked, dice);
    Teacher {
        code,
        name: names.name(dice, female),
        female,
        born: YEAR - age,
        born_month: dice.between(1, 12),
        school: section.school,
        section: number,
        stage: section.stage,
        subject,
        title,
        honour: honour(title, dice),
        arrived: YEAR - tenure(worked, dice),
        post: None,
        lives: home(section.school, schools, dice),
        note: "",
    }
}

fn women(stage: Stage, subject: Subject) -> i64 {
    match (stage, subject) {
        (Stage::Kindergarten, _) => 97,
        (_, Subject::Sport | Subject::Physics) => 28,
        (Stage::Primary, _) => 74,
        (_, Subject::Chinese | Subject::English | Subject::Music) => 76,
        _ => 52,
    }
}

/// A title comes with years of work, and not to everybody.
fn title(worked: i64, dice: &mut Dice) -> &'static str {
    let draw = dice.between(1, 100);
    match worked {
        ..=2 if draw <= 55 => "三级教师",
        ..=6 => "二级教师",
        7..=14 if draw <= 30 => "二级教师",
        7..=14 if draw <= 95 => "一级教师",
        15..=22 if draw <= 62 => "一级教师",
        23.. if draw <= 36 => "一级教师",
        23.. if draw >= 92 => "正高级教师",
        _ => "高级教师",
    }
}

fn honour(title: &str, dice: &mut Dice) -> &'static str {
    let percents: [i64; 5] = match title {
        "正高级教师" => [0, 10, 35, 25, 25],
        "高级教师" => [10, 16, 9, 4, 3],
        "一级教师" => [13, 10, 4, 1, 0],
        "二级教师" => [9, 3, 0, 0, 0],
        _ => [2, 0, 0, 0, 0],
    };
    let mut draw = dice.between(1, 100);
    for (honour, percent) in HONOURS.into_iter().zip(percents) {
        if draw <= percent {
            return honour;
        }
        draw -= percent;
    }
    ""
}

/// Years at the present school: most people came within ten years, some never left their first school.
fn tenure(worked: i64, dice: &mut Dice) -> i64 {
    let years = match dice.between(1, 10) {
        1..=6 => dice.between(1, 9),
        7..=8 => dice.between(6, 14),
        _ => worked,
    };
    years.min(worked)
}

/// Most live where they teach, many in the county town, some in the town they come from.
fn home(school: usize, schools: &[School], dice: &mut Dice) -> &'static str {
    match dice.between(1, 100) {
        ..=8 => dice.pick(schools).town,
        9..=35 => "县城",
        _ => schools[school].town,
    }
}

/// The cases that rotation must treat apart. Each takes the first fitting teacher of a school, so that no chance can lose it.
fn mark_cases(teachers: &mut [Teacher]) {
    let cases: [(usize, &'static str); 7] = [
        (0, "孕期"),
        (2, "孕期"),
        (9, "孕期"),
        (1, "哺乳期（至2026年12月）"),
        (12, "哺乳期（至2027年3月）"),
        (4, "病假（县医院证明）"),
        (10, "病假（县医院证明）"),
    ];
    for (school, note) in cases {
        let ill = note.starts_with("病假");
        let fits = |teacher: &&mut Teacher| {
            let age = YEAR - teacher.born;
            let mother = teacher.female && (26..=39).contains(&age);
            teacher.school == school
                && teacher.post.is_none()
                && teacher.note.is_empty()
                && (ill && age >= 35 || !ill && mother)
        };
        let teacher = teachers.iter_mut().rev().find(fits).expect("a school of this size has such a teacher");
        teacher.note = note;
    }
    let senior = |teacher: &&mut Teacher| {
        teacher.school == 0
            && teacher.post.is_none()
            && teacher.note.is_empty()
            && (32..=44).contains(&(YEAR - teacher.born))
    };
    teachers.iter_mut().filter(senior).nth(3).expect("the largest school has one").arrived = YEAR - 6;
}

/// 教师
pub(super) fn table(teachers: &[Teacher], schools: &[School]) -> Table {
    Table {
        sheet: "教师",
        headings: &[
            "工号",
            "姓名",
            "性别",
            "出生年月",
            "学校",
            "任教学段",
            "任教学科",
            "职称",
            "荣誉称号",
            "到校时间",
            "职务",
            "居住地",
            "邮箱",
            "备注",
        ],
        rows: teachers.iter().map(|teacher| row(teacher, schools)).collect(),
    }
}

fn row(teacher: &Teacher, schools: &[School]) -> Vec<String> {
    let note = if teacher.note.is_empty() { MARK.into() } else { format!("{}；{MARK}", teacher.note) };
    vec![
        teacher.code.clone(),
        teacher.name.clone(),
        if teacher.female { "女" } else { "男" }.into(),
        format!("{}.{:02}", teacher.born, teacher.born_month),
        schools[teacher.school].name.into(),
        teacher.stage.name().into(),
        teacher.subject.name().into(),
        teacher.title.into(),
        teacher.honour.into(),
        format!("{}.09", teacher.arrived),
        teacher.post_name().into(),
        teacher.lives.into(),
        teacher.mail(),
        note,
    ]
}
