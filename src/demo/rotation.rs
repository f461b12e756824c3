//! 轮岗 What a round of rotation starts from: surplus and shortage, wishes, the policy.

use super::Table;
use super::curriculum::{KINDERGARTEN, Stage, Subject, stand_ins};
use super::dice::Dice;
use super::people::{Teacher, YEAR};
use super::schools::{School, Section};
use super::staffing::{Visit, home_demand};

/// 学科余缺
pub(super) fn balance(
    schools: &[School],
    sections: &[Section],
    visits: &[Visit],
    teachers: &[Teacher],
) -> Table {
    let mut rows = Vec::new();
    for (number, section) in sections.iter().enumerate() {
        let school = &schools[section.school];
        for &subject in Subject::ALL {
            let has = teachers
                .iter()
                .filter(|teacher| teacher.section == number && teacher.subject == subject)
                .count();
            let need = match section.stage {
                Stage::Kindergarten if KINDERGARTEN.contains(&subject) => {
                    fair_share(section, school.core, subject)
                }
                Stage::Kindergarten => 0,
                _ => norm(section.stage, school.locale, home_demand(sections, visits, number, subject)),
            };
            // A small school hires nobody for what stand-ins give, so nobody is missing there.
            if has > 0 || need > 0 && stand_ins(subject).is_empty() {
                rows.push(balance_row(school.name, section.stage, subject, (need, has)));
            }
        }
    }
    Table {
        sheet: "学科余缺", headings: &["学校", "学段", "学科", "核定需求", "现有人数", "余缺"], rows
    }
}

/// Posts for so many half-lessons a week, rounded to the nearest: the county allows the country more, as its rules favour
/// small schools, and the town has the people.
fn norm(stage: Stage, locale: &str, halves: usize) -> usize {
    let load = match (stage, locale) {
        (_, "城区") => 26,
        (Stage::Primary, _) => 22,
        _ => 23,
    };
    (halves + load / 2) / load
}

/// Two teachers to a class and three leaders, spread over the five areas.
fn fair_share(section: &Section, core: bool, subject: Subject) -> usize {
    let posts = section.classes.len() * 2 + if core { 3 } else { 4 };
    let at = KINDERGARTEN.iter().position(|area| *area == subject).unwrap_or_default();
    posts / 5 + usize::from(at < posts % 5)
}

fn balance_row(school: &str, stage: Stage, subject: Subject, (need, has): (usize, usize)) -> Vec<String> {
    let difference = has as i64 - need as i64;
    vec![
        school.into(),
        stage.name().into(),
        subject.name().into(),
        need.to_string(),
        has.to_string(),
        difference.to_string(),
    ]
}

/// Wishes one round receives, out of a hundred teachers who may ask.
const ASK: i64 = 33;

/// 轮岗志愿 Teachers with six years at their school, younger than the policy's limit, ask for up to three schools of their group.
pub(super) fn wishes(
    schools: &[School],
    sections: &[Section],
    teachers: &[Teacher],
    dice: &mut Dice,
) -> Table {
    let limit = |teacher: &Teacher| if teacher.female { 45 } else { 50 };
    let may = |teacher: &&Teacher| {
        let due = YEAR - teacher.arrived >= 6 && YEAR - teacher.born <= limit(teacher);
        due && teacher.post.is_none() && teacher.note.is_empty()
    };
    let mut asking: Vec<&Teacher> = teachers.iter().filter(may).filter(|_| dice.chance(ASK)).collect();
    // The order of the sheet is the order of arrival of the papers.
    dice.shuffle(&mut asking);
    let rows = asking.into_iter().filter_map(|teacher| wish(teacher, schools, sections, dice)).collect();
    Table {
        sheet: "轮岗志愿",
        headings: &["工号", "姓名", "志愿一", "志愿二", "志愿三", "形式", "期限", "说明"],
        rows,
    }
}

fn wish(teacher: &Teacher, schools: &[School], sections: &[Section], dice: &mut Dice) -> Option<Vec<String>> {
    let group = schools[teacher.school].group;
    let open = |section: &&Section| section.stage == teacher.stage && section.school != teacher.school;
    let in_group = sections
        .iter()
        .filter(open)
        .map(|section| &schools[section.school])
        .filter(|school| school.group == group);
    let mut wished: Vec<&School> = in_group.collect();
    dice.shuffle(&mut wished);
    let first = wished.first()?;
    let reason = if dice.chance(60) { reason(teacher, first, dice) } else { "" };
    let years = *dice.pick(&["1年", "2年", "3年"]);
    let name = |at: usize| wished.get(at).map_or("", |school| school.name);
    let cells = [&teacher.code, &teacher.name, name(0), name(1), name(2), "交流轮岗", years, reason];
    Some(cells.map(String::from).to_vec())
}

/// Why there: only what can be true of that place.
fn reason(teacher: &Teacher, school: &School, dice: &mut Dice) -> &'static str {
    match school.town {
        "县城" if dice.chance(60) => "孩子就读县城",
        town if town == teacher.lives && town != "县城" => "家在该镇",
        _ if dice.chance(35) => "夫妻同校",
        _ => "",
    }
}

/// 轮岗政策 A county's rules within the national and the provincial ones.
pub(super) fn policy() -> Table {
    let rules = [
        ["同校任教满年限", "6年", "须交流"],
        ["男教师年龄上限", "50岁", ""],
        ["女教师年龄上限", "45岁", ""],
        ["交流比例", "≥10%", "占符合条件教师总数"],
        ["骨干占比", "≥20%", "占交流教师总数；县级及以上骨干"],
        ["期限", "2年", "可延长"],
        ["暂缓", "孕期、哺乳期、县级以上医院证明的病假", "须校内公示"],
        ["单程最长通勤", "60分钟", ""],
        ["校长任期", "2届（6年）", "须交流"],
    ];
    Table {
        sheet: "轮岗政策",
        headings: &["条目", "数值", "说明"],
        rows: rules.into_iter().map(|rule| rule.map(String::from).to_vec()).collect(),
    }
}
