//! Words in cells as the values that columns hold; each function says what it understands when it does not.

use std::fmt::Display;

use crate::entity::values::{
    DutyKind, Equipment, GroupKind, HonourLevel, Locale, MembershipRole, PlacementForm, SessionForm,
    SessionLevel, SessionMode, Sex, Stage, TeamRole, Title, WeekParity,
};
use crate::transfer::fields::{self, FieldFault, Parsed, Weeks};
use crate::transfer::table::Cell;

/// Duties and the ways people write them.
const DUTIES: &[(&str, DutyKind)] = &[
    ("校长", DutyKind::Principal),
    ("园长", DutyKind::Principal),
    ("副校长", DutyKind::VicePrincipal),
    ("副园长", DutyKind::VicePrincipal),
    ("教学副校长", DutyKind::VicePrincipal),
    ("业务副园长", DutyKind::VicePrincipal),
    ("教导主任", DutyKind::TeachingDirector),
    ("教务主任", DutyKind::TeachingDirector),
    ("保教主任", DutyKind::CareDirector),
    ("备课组长", DutyKind::LessonGroupLead),
];

const EQUIPMENT: &[(&str, Equipment)] = &[
    ("多媒体", Equipment::Multimedia),
    ("多媒体设备", Equipment::Multimedia),
    ("录播", Equipment::Recording),
    ("录播设备", Equipment::Recording),
    ("录播系统", Equipment::Recording),
    ("同步课堂主讲端", Equipment::SyncSender),
    ("主讲端", Equipment::SyncSender),
    ("同步课堂听讲端", Equipment::SyncReceiver),
    ("听讲端", Equipment::SyncReceiver),
];

/// The level that a word in an honour's name shows, the highest first.
const LEVELS: &[(&[&str], HonourLevel)] = &[
    (&["国家", "全国"], HonourLevel::Nation),
    (&["省"], HonourLevel::Province),
    (&["市"], HonourLevel::City),
    (&["县", "区"], HonourLevel::County),
    (&["校", "园"], HonourLevel::School),
];

/// One of the values with this Chinese word.
fn one_of<T: Copy>(cell: &Cell, all: &[T], zh: impl Fn(T) -> &'static str) -> Parsed<T> {
    let text = cell.text();
    let found = all.iter().copied().find(|value| zh(*value) == text);
    found.ok_or_else(|| not_understood(all.iter().map(|value| zh(*value))))
}

/// The fault that lists what is understood.
pub fn not_understood<D: Display>(understood: impl Iterator<Item = D>) -> FieldFault {
    let listed = understood.map(|word| word.to_string()).collect::<Vec<_>>().join("、");
    FieldFault::new(format!("看不懂，可以写：{listed}"), format!("not understood; write one of: {listed}"))
}

/// 学段.
pub fn stage(cell: &Cell) -> Parsed<Stage> {
    one_of(cell, Stage::ALL, Stage::zh)
}

/// 办学类型: the stages of a school.
pub fn stages(cell: &Cell) -> Parsed<Vec<Stage>> {
    match &*cell.text() {
        "九年一贯制" => Ok(vec![Stage::Primary, Stage::Junior]),
        "完全中学" => Ok(vec![Stage::Junior, Stage::Senior]),
        "十二年一贯制" => Ok(vec![Stage::Primary, Stage::Junior, Stage::Senior]),
        _ => stage(cell).map(|stage| vec![stage]),
    }
}

/// 城乡.
pub fn locale(cell: &Cell) -> Parsed<Locale> {
    one_of(cell, Locale::ALL, Locale::zh)
}

/// 集团类型.
pub fn group_kind(cell: &Cell) -> Parsed<GroupKind> {
    one_of(cell, GroupKind::ALL, GroupKind::zh)
}

/// The kind that a group's name ends in; most are 教育集团.
pub fn kind_of_name(name: &str) -> GroupKind {
    let named = GroupKind::ALL.iter().copied().find(|kind| name.ends_with(kind.zh()));
    named.unwrap_or(GroupKind::EducationGroup)
}

/// 角色 of a school.
pub fn role(cell: &Cell) -> Parsed<MembershipRole> {
    one_of(cell, MembershipRole::ALL, MembershipRole::zh)
}

/// 性别.
pub fn sex(cell: &Cell) -> Parsed<Sex> {
    one_of(cell, Sex::ALL, Sex::zh)
}

/// 职称; none for 未定级.
pub fn title(cell: &Cell) -> Parsed<Option<Title>> {
    if cell.text() == "未定级" { Ok(None) } else { one_of(cell, Title::ALL, Title::zh).map(Some) }
}

/// 荣誉称号, each with its level.
pub fn honours(cell: &Cell) -> Parsed<Vec<(HonourLevel, String)>> {
    let level = |name: &str| {
        let found = LEVELS.iter().find(|(words, _)| words.iter().any(|word| name.contains(word)));
        found.map(|(_, level)| *level).ok_or_else(|| {
            FieldFault::new(
                "看不出级别，请写明校级、县级、市级、省级或国家级，如 县级骨干",
                "its level is not clear; name it, for example 县级骨干",
            )
        })
    };
    fields::list(cell)?.into_iter().map(|name| Ok((level(&name)?, name))).collect()
}

/// One duty.
pub fn duty(word: &str) -> Option<DutyKind> {
    DUTIES.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind)
}

/// The duties that are understood, once each.
pub fn duty_words() -> impl Iterator<Item = &'static str> {
    DutyKind::ALL.iter().map(|kind| kind.zh()).chain(["园长", "副园长"])
}

/// 职务: the duties, and the words that are none of them.
pub fn duties(cell: &Cell) -> Parsed<(Vec<DutyKind>, Vec<String>)> {
    let (mut kinds, mut others) = (Vec::new(), Vec::new());
    for word in fields::list(cell)? {
        match duty(&word) {
            Some(kind) if kinds.contains(&kind) => {}
            Some(kind) => kinds.push(kind),
            None => others.push(word),
        }
    }
    Ok((kinds, others))
}

/// 设备: what sessions ask for, and the words that are none of it.
pub fn equipment(cell: &Cell) -> Parsed<(Vec<Equipment>, Vec<String>)> {
    let (mut kinds, mut others) = (Vec::new(), Vec::new());
    for word in fields::list(cell)? {
        match EQUIPMENT.iter().find(|(known, _)| *known == word) {
            Some((_, kind)) if kinds.contains(kind) => {}
            Some((_, kind)) => kinds.push(*kind),
            None => others.push(word),
        }
    }
    kinds.sort();
    Ok((kinds, others))
}

/// 专职 or not.
pub fn full_time(cell: &Cell) -> Parsed<bool> {
    Ok(cell.text() != "兼职")
}

/// 角色 in a studio.
pub fn team_role(cell: &Cell) -> Parsed<TeamRole> {
    one_of(cell, TeamRole::ALL, TeamRole::zh)
}

/// 形式.
pub fn form(cell: &Cell) -> Parsed<SessionForm> {
    one_of(cell, SessionForm::ALL, SessionForm::zh)
}

/// 方式.
pub fn mode(cell: &Cell) -> Parsed<SessionMode> {
    one_of(cell, SessionMode::ALL, SessionMode::zh)
}

/// 级别.
pub fn session_level(cell: &Cell) -> Parsed<SessionLevel> {
    one_of(cell, SessionLevel::ALL, SessionLevel::zh)
}

/// 形式 of a move.
pub fn placement_form(cell: &Cell) -> Parsed<PlacementForm> {
    if cell.text() == "交流轮岗" {
        return Ok(PlacementForm::Exchange);
    }
    one_of(cell, PlacementForm::ALL, PlacementForm::zh)
}

/// 单双周.
pub fn parity(weeks: Weeks) -> WeekParity {
    match weeks {
        Weeks::Every => WeekParity::Every,
        Weeks::Odd => WeekParity::Odd,
        Weeks::Even => WeekParity::Even,
    }
}
