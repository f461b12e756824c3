//! 课表: classes and their lessons. A class's timetable changes as one, from a day on.

use std::collections::{HashMap, HashSet};

use chrono::{NaiveDate, Weekday};
use sea_orm::prelude::Uuid;

use super::clashes;
use super::classes::{Grade, grade_of};
use super::draft::{Draft, eve};
use super::lookup::depends;
use super::report::{Change, Outcome};
use super::schools::teaches;
use super::words;
use crate::entity::values::{Stage, WeekParity};
use crate::entity::{lesson, school_class};
use crate::id;
use crate::transfer::fault::{Bilingual, FaultKind};
use crate::transfer::fields;
use crate::transfer::table::{Row, Table};

/// Identifiers of classes by school and name.
type Classes = HashMap<(Uuid, String), Uuid>;

/// When in the week a class has a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Slot {
    /// ISO weekday.
    pub weekday: i32,
    /// From 1.
    pub period: i32,
    /// In which weeks.
    pub parity: WeekParity,
}

/// A lesson that a row asks for.
#[derive(Clone, Copy)]
pub struct Wanted<'t> {
    /// The row.
    pub row: Row<'t>,
    /// Where.
    pub school_id: Uuid,
    /// Whose.
    pub class_id: Uuid,
    /// By whom.
    pub teacher_id: Uuid,
    /// What.
    pub subject_id: Uuid,
    /// When.
    pub slot: Slot,
}

impl Wanted<'_> {
    fn is(&self, lesson: &lesson::Model) -> bool {
        slot_of(lesson) == self.slot
            && lesson.teacher_id == self.teacher_id
            && lesson.subject_id == self.subject_id
    }
}

impl Slot {
    /// Whether both fall into the same period of some week.
    fn overlaps(self, other: Self) -> bool {
        let every = self.parity == WeekParity::Every || other.parity == WeekParity::Every;
        (self.weekday, self.period) == (other.weekday, other.period) && (every || self.parity == other.parity)
    }
}

/// When a stored lesson takes place.
pub fn slot_of(lesson: &lesson::Model) -> Slot {
    Slot { weekday: lesson.weekday, period: lesson.period, parity: lesson.parity }
}

/// Takes the sheet 课表.
pub fn lessons(draft: &mut Draft, table: &Table) {
    if draft.term_for(table).is_none() {
        return;
    }
    let sheet = table.sheet.name;
    let stored = draft.stores.lessons.by(|lesson| lesson.class_id);
    let mut classes: Classes =
        draft.stores.classes.iter().map(|class| ((class.school_id, class.name.clone()), class.id)).collect();
    let mut wanted: Vec<Wanted<'_>> = Vec::new();
    for row in table.rows() {
        if draft.faults.is_bad(sheet, row.number()) {
            continue;
        }
        wanted.extend(read(draft, row, &mut classes).unwrap_or_default());
    }
    let held = settle_clashes(draft, table, &mut wanted, &classes, &stored);
    let lessons = wanted_by_class(wanted);
    let teaching = teaching(&lessons);
    let mut outcomes: HashMap<u32, Outcome> = HashMap::new();
    let mut left = Vec::new();
    for (class_id, wanted) in &lessons {
        for lesson in lay_over(draft, *class_id, wanted, &stored, &mut outcomes) {
            if draft.whole_timetables || is_overtaken(&lesson, wanted, &teaching) {
                let from = draft.timetable_from();
                end(draft, lesson, from);
            } else {
                left.push(place(draft, &lesson));
            }
        }
    }
    outcomes.into_values().for_each(|outcome| draft.sheet(sheet).count(outcome));
    report_missing(draft, table, &lessons, &held, &classes, &stored, left);
}

/// When each teacher of the sheet teaches.
type Teaching = HashMap<Uuid, Vec<Slot>>;

fn teaching(lessons: &[(Uuid, Vec<Wanted<'_>>)]) -> Teaching {
    let mut teaching = Teaching::new();
    for lesson in lessons.iter().flat_map(|(_, lessons)| lessons) {
        teaching.entry(lesson.teacher_id).or_default().push(lesson.slot);
    }
    teaching
}

/// Whether the sheet gives the class, or the teacher, another lesson at the time of a stored one that it does not list. Any other
/// stored lesson stays: a row that is missing ends nothing.
fn is_overtaken(stored: &lesson::Model, wanted: &[Wanted<'_>], teaching: &Teaching) -> bool {
    let slot = slot_of(stored);
    wanted.iter().any(|lesson| lesson.slot.overlaps(slot))
        || teaching
            .get(&stored.teacher_id)
            .is_some_and(|slots| slots.iter().any(|other| other.overlaps(slot)))
}

/// The lessons of a row: one for each of its periods.
fn read<'t>(draft: &mut Draft, row: Row<'t>, classes: &mut Classes) -> Option<Vec<Wanted<'t>>> {
    let school_id = draft.school(row, "学校");
    let teacher_id = draft.person(row, "教师工号", Some("教师"));
    let subject_id = draft.subject(row, "学科");
    let weekday = draft.take(row.require("星期", fields::weekday))?;
    let periods = draft.take(row.require("节次", fields::periods))?;
    let parity = words::parity(draft.take(row.read("单双周", fields::weeks))?.unwrap_or_default());
    let name = draft.take(row.require("班级", fields::name))?;
    let (school_id, teacher_id, subject_id) = (school_id?, teacher_id?, subject_id?);
    let class_id = class(draft, row, school_id, name, classes)?;
    let stage = draft.stores.classes.get(class_id)?.stage;
    for period in &periods {
        has_bell(draft, row, school_id, stage, i32::from(*period))?;
    }
    let slot = |period: u8| Slot { weekday: number(weekday), period: i32::from(period), parity };
    let wanted = |period| Wanted { row, school_id, class_id, teacher_id, subject_id, slot: slot(period) };
    Some(periods.into_iter().map(wanted).collect())
}

fn number(weekday: Weekday) -> i32 {
    weekday.number_from_monday() as i32
}

/// The class with this name, or a new one.
fn class(
    draft: &mut Draft,
    row: Row<'_>,
    school_id: Uuid,
    name: String,
    classes: &mut Classes,
) -> Option<Uuid> {
    let key = (school_id, name);
    if let Some(id) = classes.get(&key) {
        return Some(*id);
    }
    let Grade { stage, grade } = grade_of(&key.1).or_else(|| only_stage(draft, school_id)).or_else(|| {
        let message = Bilingual::new(
            "从班级名称看不出年级，请写成如 七年级（1）班 或 大一班",
            "the name does not tell the grade; write for example 七年级（1）班",
        );
        draft.fault(row, FaultKind::Value, "班级", message);
        None
    })?;
    teaches(draft, row, "班级", school_id, stage)?;
    let (id, district_id) = (id::new(), draft.district_id);
    draft.stores.classes.save(school_class::Model {
        id,
        district_id,
        school_id,
        name: key.1.clone(),
        stage,
        grade,
    });
    classes.insert(key, id);
    Some(id)
}

/// Where a school has one stage only, every class is of it.
fn only_stage(draft: &Draft, school_id: Uuid) -> Option<Grade> {
    let mut stages = draft.stores.stages.iter().filter(|stage| stage.school_id == school_id);
    let stage = stages.next()?.stage;
    stages.next().is_none().then_some(Grade { stage, grade: None })
}

/// A lesson without a bell could not be compared with anything.
fn has_bell(draft: &mut Draft, row: Row<'_>, school_id: Uuid, stage: Stage, period: i32) -> Option<()> {
    if clashes::bell(draft, school_id, stage, period).is_some() {
        return Some(());
    }
    let stage = stage.zh();
    let message = Bilingual::new(
        format!("“作息时间”中没有{stage}第{period}节，请补上或改正节次"),
        format!("the sheet 作息时间 has no period {period} of {stage}; add it, or correct the period"),
    );
    draft.fault(row, FaultKind::Unknown, "节次", message);
    None
}

/// Finds lessons that cannot both be given, until nothing more is found: a class that keeps its stored timetable
/// because of a fault may clash with others in turn. Gives the classes that keep theirs.
fn settle_clashes<'t>(
    draft: &mut Draft,
    table: &Table,
    wanted: &mut Vec<Wanted<'t>>,
    classes: &Classes,
    stored: &HashMap<Uuid, Vec<Uuid>>,
) -> HashSet<Uuid> {
    let mut held = HashMap::new();
    loop {
        hold_classes_with_faults(draft, table, wanted, classes, stored, &mut held);
        let (clashing, touching) = clashes::find(draft, wanted, stored);
        touching.into_iter().for_each(|notice| draft.add_notice(notice));
        if clashing.is_empty() {
            return held.into_keys().collect();
        }
        draft.faults.extend(clashing);
    }
}

/// A stored class one of whose rows has a fault keeps its timetable as a whole: its other rows, unless they are
/// stored already, depend on the bad one.
fn hold_classes_with_faults(
    draft: &mut Draft,
    table: &Table,
    wanted: &mut Vec<Wanted<'_>>,
    classes: &Classes,
    stored: &HashMap<Uuid, Vec<Uuid>>,
    held: &mut HashMap<Uuid, u32>,
) {
    let sheet = table.sheet.name;
    for row in table.rows().filter(|row| draft.faults.is_bad(sheet, row.number())) {
        let school = draft.lookup.schools.get(&*row.cell("学校").text());
        let class = school.and_then(|school| classes.get(&(*school, row.cell("班级").text().into_owned())));
        if let Some(class) = class.filter(|class| stored.contains_key(class)) {
            held.entry(*class).or_insert(row.number());
        }
    }
    let mut unchanged = HashSet::new();
    wanted.retain(|lesson| {
        let row = lesson.row.number();
        if draft.faults.is_bad(sheet, row) {
            return false;
        }
        let Some(bad) = held.get(&lesson.class_id) else { return true };
        if draft.stores.lessons.of(stored, &lesson.class_id).iter().any(|old| lesson.is(old)) {
            unchanged.insert(row);
        } else {
            draft.faults.push(lesson.row.row_fault(FaultKind::Depends, depends(sheet, *bad)));
        }
        false
    });
    for row in unchanged {
        if !draft.faults.is_bad(sheet, row) {
            draft.sheet(sheet).count(Outcome::Unchanged);
        }
    }
}

fn wanted_by_class(wanted: Vec<Wanted<'_>>) -> Vec<(Uuid, Vec<Wanted<'_>>)> {
    let mut places: HashMap<Uuid, usize> = HashMap::new();
    let mut classes: Vec<(Uuid, Vec<Wanted<'_>>)> = Vec::new();
    for lesson in wanted {
        let at = *places.entry(lesson.class_id).or_insert_with(|| {
            classes.push((lesson.class_id, Vec::new()));
            classes.len() - 1
        });
        classes[at].1.push(lesson);
    }
    classes
}

/// Puts a class's lessons over the stored ones; returns those stored that the sheet does not list.
fn lay_over(
    draft: &mut Draft,
    class_id: Uuid,
    wanted: &[Wanted<'_>],
    stored: &HashMap<Uuid, Vec<Uuid>>,
    outcomes: &mut HashMap<u32, Outcome>,
) -> Vec<lesson::Model> {
    let from = draft.timetable_from();
    let mut old = draft.stores.lessons.of(stored, &class_id);
    let mut new = Vec::new();
    for lesson in wanted {
        let Some(at) = old.iter().position(|old| lesson.is(old)) else {
            new.push(lesson);
            continue;
        };
        let mut same = old.swap_remove(at);
        // A timetable from a later day, imported before, is replaced by this one.
        same.until_on = None;
        same.from_on = same.from_on.min(from);
        let changed = draft.stores.lessons.save(same);
        raise(outcomes, lesson, if changed { Outcome::Changed } else { Outcome::Unchanged });
    }
    for lesson in new {
        let at = old.iter().position(|old| slot_of(old) == lesson.slot);
        let before = at.map(|at| old.swap_remove(at));
        let outcome = put(draft, lesson, before, from);
        raise(outcomes, lesson, outcome);
    }
    old
}

fn raise(outcomes: &mut HashMap<u32, Outcome>, lesson: &Wanted<'_>, outcome: Outcome) {
    let raised = outcomes.entry(lesson.row.number()).or_insert(outcome);
    *raised = (*raised).max(outcome);
}

/// A new lesson, in the place of the one the class had then.
fn put(draft: &mut Draft, wanted: &Wanted<'_>, before: Option<lesson::Model>, from: NaiveDate) -> Outcome {
    let Wanted { row, school_id, class_id, teacher_id, subject_id, slot } = *wanted;
    let mut new = lesson::Model {
        id: id::new(),
        district_id: draft.district_id,
        school_id,
        class_id,
        teacher_id,
        subject_id,
        weekday: slot.weekday,
        period: slot.period,
        parity: slot.parity,
        from_on: from,
        until_on: None,
    };
    let Some(before) = before else {
        draft.stores.lessons.save(new);
        return Outcome::Created;
    };
    let change = Change { field: "课", before: shown(draft, &before), after: shown(draft, &new) };
    let what = place(draft, &new);
    if before.from_on >= from {
        // Nothing of it was ever given: the same lesson, corrected.
        new.id = before.id;
        new.from_on = from;
        draft.stores.lessons.save(new);
    } else {
        end(draft, before, from);
        draft.stores.lessons.save(new);
    }
    draft.settle(row, &what, false, vec![change])
}

fn end(draft: &mut Draft, mut lesson: lesson::Model, from: NaiveDate) {
    if lesson.from_on >= from {
        draft.stores.lessons.remove(lesson.id);
    } else {
        lesson.until_on = Some(eve(from));
        draft.stores.lessons.save(lesson);
    }
    draft.sheet("课表").ended += 1;
}

fn shown(draft: &Draft, lesson: &lesson::Model) -> String {
    format!("{}（{}）", draft.subject_name(lesson.subject_id), draft.person_name(lesson.teacher_id))
}

fn place(draft: &Draft, lesson: &lesson::Model) -> String {
    let class = draft.stores.classes.get(lesson.class_id).map_or("", |class| &class.name);
    let day = Weekday::try_from((lesson.weekday - 1) as u8).unwrap_or(Weekday::Mon);
    let weeks = match lesson.parity {
        WeekParity::Every => "",
        WeekParity::Odd => "单周",
        WeekParity::Even => "双周",
    };
    let day = fields::weekday_zh(day);
    format!("{} {class} {weeks}星期{day}第{}节", draft.school_name(lesson.school_id), lesson.period)
}

/// Reports classes that have a timetable and stand in no row, and lessons `left` as they were.
fn report_missing(
    draft: &mut Draft,
    table: &Table,
    lessons: &[(Uuid, Vec<Wanted<'_>>)],
    held: &HashSet<Uuid>,
    classes: &Classes,
    stored: &HashMap<Uuid, Vec<Uuid>>,
    left: Vec<String>,
) {
    let listed: HashSet<Uuid> = lessons.iter().map(|(class, _)| *class).chain(held.iter().copied()).collect();
    let unlisted = classes.iter().filter(|(_, id)| !listed.contains(*id) && stored.contains_key(*id));
    let mut missing: Vec<String> =
        unlisted.map(|((school, name), _)| format!("{}{name}", draft.school_name(*school))).collect();
    missing.extend(left);
    missing.sort();
    draft.missing(table.sheet.name, missing);
}
