//! A teacher in two places at once: lessons compared by the clock and by odd and even weeks.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use chrono::{NaiveTime, TimeDelta};
use sea_orm::prelude::Uuid;

use super::draft::Draft;
use super::timetable::{Slot, Wanted, slot_of};
use crate::entity::values::{Stage, WeekParity};
use crate::transfer::fault::{Bilingual, Fault, FaultKind, Notice};
use crate::transfer::table::Row;

/// How many minutes two lessons at one school may overlap: where primary and junior classes have bells of their own, a
/// teacher of both comes a little late.
const HANDOVER: i64 = 10;

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

/// The rows that put a teacher in two places at once, among themselves or with what is stored of other classes; and
/// notices of lessons that only touch.
pub fn find(
    draft: &Draft,
    wanted: &[Wanted<'_>],
    stored: &HashMap<Uuid, Vec<Uuid>>,
) -> (Vec<Fault>, Vec<Notice>) {
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
    let mut faults = Vec::new();
    let mut notices = Vec::new();
    for (one, other) in days.values().flat_map(|entries| meeting(entries)) {
        let (Some(row), good) = bad_and_good(one, other) else { continue };
        if one.place.0 == other.place.0 && overlap(one, other) <= TimeDelta::minutes(HANDOVER) {
            notices.push(touching(draft, row, good, overlap(one, other)));
        } else {
            faults.push(fault(draft, row, good));
        }
    }
    faults.sort_by_key(|fault| fault.row);
    notices.sort_by_key(|notice| notice.row);
    (faults, notices)
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

/// The pairs of lessons of one teacher on one weekday that overlap in some week.
fn meeting<'e, 't>(entries: &'e [Entry<'t>]) -> impl Iterator<Item = (&'e Entry<'t>, &'e Entry<'t>)> {
    let pairs = entries
        .iter()
        .enumerate()
        .flat_map(|(at, one)| entries[at + 1..].iter().map(move |other| (one, other)));
    pairs.filter(|(one, other)| overlap(one, other) > TimeDelta::zero() && meet(one.parity, other.parity))
}

fn overlap(one: &Entry<'_>, other: &Entry<'_>) -> TimeDelta {
    one.ends_at.min(other.ends_at) - one.starts_at.max(other.starts_at)
}

fn meet(one: WeekParity, other: WeekParity) -> bool {
    one == other || one == WeekParity::Every || other == WeekParity::Every
}

/// The later of two rows, at which the fault stands, and the lesson it clashes with.
fn bad_and_good<'e, 't>(one: &'e Entry<'t>, other: &'e Entry<'t>) -> (Option<Row<'t>>, &'e Entry<'t>) {
    let number = |entry: &Entry<'_>| entry.row.map(Row::number);
    match number(one).cmp(&number(other)) {
        Ordering::Less => (other.row, one),
        Ordering::Greater => (one.row, other),
        // Two stored lessons, or two periods of one row: nothing that a row could mend.
        Ordering::Equal => (None, other),
    }
}

/// Where and when a lesson is.
fn place(draft: &Draft, entry: &Entry<'_>) -> (String, String) {
    let class = draft.stores.classes.get(entry.place.1).map_or("", |class| &class.name);
    let times = format!("{}—{}", entry.starts_at.format("%H:%M"), entry.ends_at.format("%H:%M"));
    (format!("{}{class}", draft.school_name(entry.place.0)), times)
}

fn fault(draft: &Draft, row: Row<'_>, good: &Entry<'_>) -> Fault {
    let (place, times) = place(draft, good);
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
    row.fault(FaultKind::Clash, "教师工号", Bilingual::new(zh, en))
}

fn touching(draft: &Draft, row: Row<'_>, good: &Entry<'_>, overlap: TimeDelta) -> Notice {
    let (place, times) = place(draft, good);
    let (number, minutes) = (row.cell("教师工号").text(), overlap.num_minutes());
    let message = Bilingual::new(
        format!("{number} 这节课与“{place}”{times} 的课按作息重叠{minutes}分钟，已照常导入"),
        format!(
            "this lesson of {number} and that in {place} at {times} overlap by {minutes} minutes; imported as it is"
        ),
    );
    Notice { row: Some(row.number()), ..Notice::new(row.sheet().name, message) }
}
