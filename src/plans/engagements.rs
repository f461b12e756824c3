//! What already fills people's days: lessons, itinerant days, and sessions that stand.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{NaiveDate, Timelike};
use chrono_tz::Tz;
use session_planner::{DAY, DayIx, Engagement, EngagementKind, LessonsIx, Minute, PlaceIx, RoomIx};
use uuid::Uuid;

use super::facts::Facts;
use super::time;
use crate::entity::values::{ResourceKind, Stage};
use crate::entity::{bell, lesson, posting, research_session};
use crate::people::roster::holds;
use crate::sessions::title;

/// Presence of an itinerant teacher where no bells are known.
const PLAIN_DAY: (Minute, Minute) = (8 * 60, 17 * 60);

/// Timetable entries at minutes at which a session from afar may be given to their class and to no other of their school, by the
/// entry and the minute it starts: the number of those lessons.
pub type Receiving = HashMap<(Uuid, Minute), LessonsIx>;

/// The engagements of everybody in `persons`, by number.
pub fn of_everybody(
    facts: &Facts,
    persons: &HashMap<Uuid, usize>,
    places: &HashMap<Uuid, PlaceIx>,
    origin: (Tz, NaiveDate),
    days: &TimetableDays,
    receiving: &Receiving,
) -> Vec<Vec<Engagement>> {
    let mut all = vec![Vec::new(); persons.len()];
    for lesson in &facts.lessons {
        let (Some(person), Some(place)) = (persons.get(&lesson.teacher_id), places.get(&lesson.school_id))
        else {
            continue;
        };
        let times = lesson_times(facts, days, lesson, *place).into_iter();
        all[*person].extend(times.map(|time| match receiving.get(&(lesson.id, time.start)) {
            Some(number) => Engagement { kind: EngagementKind::Received(*number), ..time },
            None => time,
        }));
    }
    for (teacher, person) in persons {
        all[*person].extend(itinerant_days(facts, *teacher, places));
        all[*person].extend(absences(facts, *teacher));
    }
    for booking in facts.bookings.iter().filter(|row| row.resource == ResourceKind::Teacher) {
        let Some(person) = persons.get(&booking.resource_id) else { continue };
        let session = facts.booked_for.get(&booking.session_id);
        all[*person].push(Engagement {
            start: time::minute(origin.0, origin.1, booking.starts_at),
            end: time::minute(origin.0, origin.1, booking.ends_at),
            place: session.and_then(held_at).and_then(|school| places.get(&school).copied()),
            ends: session.and_then(|session| ends(facts, session)),
            kind: EngagementKind::Session,
            label: booked_name(facts, booking.session_id).into(),
        });
    }
    all.iter_mut().for_each(Vec::shrink_to_fit);
    all
}

/// Where people come together for a session: at no school when it is online, or held in two rooms at once.
fn held_at(session: &research_session::Model) -> Option<Uuid> {
    session.host_school_id.filter(|_| session.room_id.is_some() && session.second_room_id.is_none())
}

/// The numbers of the two rooms of a session that is held in two.
fn ends(facts: &Facts, session: &research_session::Model) -> Option<(RoomIx, RoomIx)> {
    let number = |room: Option<Uuid>| facts.rooms.iter().position(|row| Some(row.id) == room);
    number(session.room_id).zip(number(session.second_room_id))
}

/// What people call the session that a booking is for; of another district's no more than that it is one.
pub fn booked_name(facts: &Facts, session: Uuid) -> String {
    let Some(row) = facts.booked_for.get(&session) else { return "外区县的教研活动".to_owned() };
    let subject = row.subject_id.and_then(|id| facts.subjects.get(&id));
    title(row, subject.map(|subject| subject.name.as_str()))
}

/// The days of the term on which she is not there. Why she is on leave is for the office: others read only that she is.
fn absences(facts: &Facts, teacher: Uuid) -> impl Iterator<Item = Engagement> + '_ {
    let leaves = facts.roster.absences(teacher).iter();
    let leaves = leaves.map(|row| (row.from_on, row.until_on, "请假"));
    let gone = facts.presence.gone(teacher).iter();
    let gone = gone.map(|gone| (gone.from, Some(gone.until), gone.why.zh.as_str()));
    leaves.chain(gone).filter_map(|(from, until, label)| {
        let (first, last) = days_of_term(facts, from, until)?;
        Some(Engagement {
            start: first as Minute * DAY,
            end: (last + 1) as Minute * DAY,
            place: None,
            ends: None,
            kind: EngagementKind::Absence,
            label: label.into(),
        })
    })
}

/// The first and the last day of a stretch that lie in the term; `None` when none does.
pub fn days_of_term(facts: &Facts, from: NaiveDate, until: Option<NaiveDate>) -> Option<(DayIx, DayIx)> {
    let term = &facts.calendar.term;
    let (first, last) = (from.max(term.starts_on), until.unwrap_or(term.ends_on).min(term.ends_on));
    let number = |day: NaiveDate| DayIx::try_from((day - term.starts_on).num_days()).ok();
    number(first).zip(number(last)).filter(|(first, last)| first <= last)
}

/// Her posting on `date`: an itinerant day follows the weekday whose timetable runs, so that it moves with 调休.
pub fn posting_on(facts: &Facts, teacher: Uuid, date: NaiveDate) -> Option<&posting::Model> {
    let running = |row: &&posting::Model| {
        let Some(weekdays) = &row.weekdays else { return true };
        let day = facts.calendar.day(date, Some(row.school_id));
        day.timetable_weekday.is_some_and(|weekday| weekdays.contains(char::from(b'0' + weekday)))
    };
    let rows = facts.roster.postings(teacher);
    rows.iter().filter(|row| holds(row.from_on, row.until_on, date)).find(running)
}

/// For each school and weekday, the days of the term on which that weekday's timetable runs there.
pub struct TimetableDays(HashMap<(Uuid, u8), Vec<(DayIx, NaiveDate)>>);

impl TimetableDays {
    /// The days of the term of `facts`.
    pub fn new(facts: &Facts) -> Self {
        let mut days: HashMap<(Uuid, u8), Vec<(DayIx, NaiveDate)>> = HashMap::new();
        for school in &facts.schools {
            for (ix, date) in facts.calendar.dates().enumerate() {
                if let Some(weekday) = facts.calendar.day(date, Some(school.id)).timetable_weekday {
                    days.entry((school.id, weekday)).or_default().push((ix, date));
                }
            }
        }
        Self(days)
    }
}

/// A timetable entry on each day of the term on which it runs, by the clock.
pub fn lesson_times(
    facts: &Facts,
    days: &TimetableDays,
    lesson: &lesson::Model,
    place: PlaceIx,
) -> Vec<Engagement> {
    let Some(class) = facts.classes.get(&lesson.class_id) else { return Vec::new() };
    let Ok(weekday) = u8::try_from(lesson.weekday) else { return Vec::new() };
    let subject = facts.subjects.get(&lesson.subject_id).map_or("", |row| row.name.as_str());
    let label = Arc::from(lesson_label(&class.name, subject));
    days.0
        .get(&(lesson.school_id, weekday))
        .into_iter()
        .flatten()
        .filter(|(_, date)| holds(lesson.from_on, lesson.until_on, *date))
        .filter(|(_, date)| facts.calendar.runs(lesson.parity, *date))
        .filter_map(|(ix, date)| {
            let bell = bell_of(&facts.bells, lesson.school_id, class.stage, lesson.period, *date)?;
            let start = *ix as Minute * DAY;
            Some(Engagement {
                start: start + minute_of_day(bell.starts_at),
                end: start + minute_of_day(bell.ends_at),
                place: Some(place),
                ends: None,
                kind: EngagementKind::Lesson,
                label: Arc::clone(&label),
            })
        })
        .collect()
}

/// The bell of a period on `date`: the school's own, else the stage's.
pub fn bell_of(
    bells: &[bell::Model],
    school: Uuid,
    stage: Stage,
    period: i32,
    date: NaiveDate,
) -> Option<&bell::Model> {
    let fits = |row: &&bell::Model| {
        row.stage == stage
            && row.period == period
            && row.from_on.is_none_or(|from| from <= date)
            && row.until_on.is_none_or(|until| date <= until)
    };
    let own = bells.iter().filter(fits).find(|row| row.school_id == Some(school));
    own.or_else(|| bells.iter().filter(fits).find(|row| row.school_id.is_none()))
}

/// What people call a lesson: "五年级（2）班 数学".
pub fn lesson_label(class: &str, subject: &str) -> String {
    format!("{class} {subject}")
}

/// The minute of the day.
pub fn minute_of_day(time: chrono::NaiveTime) -> Minute {
    (time.hour() * 60 + time.minute()) as Minute
}

/// On an itinerant day she is at the other school from its first bell to its last.
fn itinerant_days(facts: &Facts, teacher: Uuid, places: &HashMap<Uuid, PlaceIx>) -> Vec<Engagement> {
    if facts.roster.postings(teacher).iter().all(|row| row.weekdays.is_none()) {
        return Vec::new();
    }
    let mut presences = Vec::new();
    for (ix, date) in facts.calendar.dates().enumerate() {
        let Some(posting) = posting_on(facts, teacher, date).filter(|row| row.weekdays.is_some()) else {
            continue;
        };
        let Some(place) = places.get(&posting.school_id) else { continue };
        let (from, until) = bells_of_school(facts, posting.school_id);
        let start = ix as Minute * DAY;
        let school = facts.schools.iter().find(|school| school.id == posting.school_id);
        presences.push(Engagement {
            start: start + from,
            end: start + until,
            place: Some(*place),
            ends: None,
            kind: EngagementKind::Presence,
            label: format!("走教 {}", school.map_or("", |school| school.name.as_str())).into(),
        });
    }
    presences
}

fn bells_of_school(facts: &Facts, school: Uuid) -> (Minute, Minute) {
    let stages = facts.stages.get(&school);
    let bells: Vec<_> = facts
        .bells
        .iter()
        .filter(|row| row.school_id.is_none_or(|own| own == school))
        .filter(|row| stages.is_some_and(|stages| stages.contains(&row.stage)))
        .collect();
    let first = bells.iter().map(|row| minute_of_day(row.starts_at)).min();
    let last = bells.iter().map(|row| minute_of_day(row.ends_at)).max();
    first.zip(last).unwrap_or(PLAIN_DAY)
}
