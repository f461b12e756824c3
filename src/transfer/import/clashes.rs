//! A teacher in two places at once: lessons compared by the clock and by odd and even weeks.

use std::collections::{HashMap, HashSet};

use chrono::NaiveTime;
use sea_orm::prelude::Uuid;

use super::draft::Draft;
use super::timetable::{Slot, Wanted, slot_of};
use crate::entity::values::{Stage, WeekParity};
use crate::transfer::fault::{Bilingual, Fault, FaultKind};
use crate::transfer::table::Row;

/// A lesson on one teacher's weekday.
struct Entry<'t> {
    starts_at: NaiveTime,
    ends_at: NaiveTime,
    parity: WeekParity,
    /// Who would have to be in two places.
    place: (Uuid, Uuid),
    /// The row that asks for it; none: it is stored and stays.
    row: Option<Row<'t>>,
}

/// From when to when a period lasts: as the school rings, or as its stage does.
pub fn bell(draft: &Draft, school_id: Uuid, stage: Stage, period: i32) -> Option<(NaiveTime, NaiveTime)> {
    let from = draft.timetable_from();
    let rings = draft.stores.bells.iter().filter(|bell| {
        let here = bell.school_id.is_none_or(|school| school == school_id);
        let now =
            bell.from_on.is_none_or(|first| first <= from) && bell.until_on.is_none_or(|last| last >= from);
        here && now && bell.stage == stage && bell.period == period
    });
    let nearest = rings.max_by_key(|bell| (bell.school_id.is_some(), bell.from_on))?;
    Some((nearest.starts_at, nearest.ends_at))
}

/// The rows that put a teacher in two places at once, among themselves or with what is stored of other classes.
pub fn find(draft: &Draft, wanted: &[Wanted<'_>], stored: &HashMap<Uuid, Vec<Uuid>>) -> Vec<Fault> {
    let mut days: HashMap<(Uuid, i32), Vec<Entry<'_>>> = HashMap::new();
    let mut rings = Rings { draft, known: HashMap::new() };
    let mut replaced = HashSet::new();
    for lesson in wanted {
        replaced.insert(lesson.class_id);
        let Some((starts_at, ends_at)) = rings.times(lesson.school_id, lesson.class_id, lesson.slot) else {
            continue;
        };
        let place = (lesson.school_id, lesson.class_id);
        let entry = Entry { starts_at, ends_at, parity: lesson.slot.parity, place, row: Some(lesson.row) };
        days.entry((lesson.teacher_id, lesson.slot.weekday)).or_default().push(entry);
    }
    let kept = stored.iter().filter(|(class, _)| !replaced.contains(*class)).flat_map(|(_, ids)| ids);
    for lesson in kept.filter_map(|id| draft.stores.lessons.get(*id)) {
        let slot = slot_of(lesson);
        let Some((starts_at, ends_at)) = rings.times(lesson.school_id, lesson.class_id, slot) else {
            continue;
        };
        let place = (lesson.school_id, lesson.class_id);
        let entry = Entry { starts_at, ends_at, parity: slot.parity, place, row: None };
        days.entry((lesson.teacher_id, lesson.weekday)).or_default().push(entry);
    }
    let mut faults: Vec<Fault> = days.values().flat_map(|entries| on_one_day(draft, entries)).collect();
    faults.sort_by_key(|fault| fault.row);
    faults
}

/// Bells looked up once.
struct Rings<'d> {
    draft: &'d Draft,
    known: HashMap<(Uuid, Stage, i32), Option<(NaiveTime, NaiveTime)>>,
}

impl Rings<'_> {
    fn times(&mut self, school_id: Uuid, class_id: Uuid, slot: Slot) -> Option<(NaiveTime, NaiveTime)> {
        let stage = self.draft.stores.classes.get(class_id)?.stage;
        let key = (school_id, stage, slot.period);
        *self.known.entry(key).or_insert_with(|| bell(self.draft, school_id, stage, slot.period))
    }
}

fn on_one_day(draft: &Draft, entries: &[Entry<'_>]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, one) in entries.iter().enumerate() {
        for other in &entries[at + 1..] {
            let at_once = one.starts_at < other.ends_at && other.starts_at < one.ends_at;
            if at_once && meet(one.parity, other.parity) {
                faults.extend(fault(draft, one, other));
            }
        }
    }
    faults
}

fn meet(one: WeekParity, other: WeekParity) -> bool {
    one == other || one == WeekParity::Every || other == WeekParity::Every
}

/// The fault stands at the later of two rows.
fn fault(draft: &Draft, one: &Entry<'_>, other: &Entry<'_>) -> Option<Fault> {
    let (bad, good) = match (one.row, other.row) {
        (Some(first), Some(second)) if first.number() == second.number() => return None,
        (Some(first), Some(second)) if first.number() > second.number() => (one, other),
        (Some(_), Some(_)) | (None, Some(_)) => (other, one),
        (Some(_), None) => (one, other),
        (None, None) => return None,
    };
    let class = draft.stores.classes.get(good.place.1).map_or("", |class| &class.name);
    let place = format!("{}{class}", draft.school_name(good.place.0));
    let times = format!("{}—{}", good.starts_at.format("%H:%M"), good.ends_at.format("%H:%M"));
    let (zh, en) = match good.row.map(Row::number) {
        Some(row) => (
            format!("与第{row}行冲突：该教师 {times} 已在“{place}”上课，请改正其中一行"),
            format!("clashes with row {row}: the teacher is in {place} at {times}; correct one of the rows"),
        ),
        None => (
            format!("与已有课表冲突：该教师 {times} 已在“{place}”上课，请改正，或把该班课表一并导入"),
            format!(
                "clashes with the stored timetable: the teacher is in {place} at {times}; correct it, or import that class too"
            ),
        ),
    };
    Some(bad.row?.fault(FaultKind::Clash, "教师工号", Bilingual::new(zh, en)))
}
