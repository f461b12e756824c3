//! From rows to the planner's problem, and back to rows.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use session_planner::{
    AudienceMember, DAY, Day, DayIx, Half, HalfDay, HostOption, Hours, Limits, Minute, Person, Place,
    PlaceIx, Placement, ProblemInput, Room, Series, Session,
};
use uuid::Uuid;

mod standing;

use standing::pinned;

use super::engagements;
use super::facts::Facts;
use super::invite::{Host, Invitations};
use super::{roads, time, windows};
use crate::entity::values::{HalfOfDay, HostRule, MembershipRole, ResourceKind};
use crate::entity::{programme, research_session};
use crate::error::Bilingual;
use crate::sessions::title;

/// Lessons of one person that may be covered in a week; one who would need more is excused.
const COVER_PER_WEEK: u16 = 4;
/// A presenter is told a week before (domain.md "Roles").
const PRESENTERS_NOTICE: TimeDelta = TimeDelta::days(7);
/// Everybody is told half a day before.
pub const NOTICE: TimeDelta = TimeDelta::hours(12);

/// A problem, and the rows its numbers stand for.
#[derive(Clone)]
pub struct Statement {
    /// The problem.
    pub input: ProblemInput,
    /// Rows of [`ProblemInput::sessions`].
    pub sessions: Vec<Uuid>,
    /// Rows of [`ProblemInput::places`].
    pub places: Vec<Uuid>,
    /// Rows of [`ProblemInput::rooms`].
    pub rooms: Vec<Uuid>,
    /// Rows of [`ProblemInput::people`].
    pub people: Vec<Uuid>,
    /// Sessions that nobody can hold, whatever the day: left out of the problem, with the reason.
    pub unholdable: Vec<(Uuid, Bilingual)>,
    /// Where published sessions stand that may be placed anew, by session.
    pub published: HashMap<Uuid, Placement>,
    zone: Tz,
}

impl Statement {
    /// The instant of a minute.
    pub fn instant(&self, minute: Minute) -> DateTime<Utc> {
        time::instant(self.zone, self.input.first_day, minute)
    }

    /// The minute of an instant.
    pub fn minute(&self, instant: DateTime<Utc>) -> Minute {
        time::minute(self.zone, self.input.first_day, instant)
    }
}

/// States the problem of `facts`: undated sessions are to be placed, as are published ones that were freed; the others stand. `now` is when planning happens.
pub fn state(facts: &Facts, zone: Tz, now: DateTime<Utc>) -> Statement {
    let first_day = facts.calendar.term.starts_on;
    let places: Vec<Uuid> = facts.schools.iter().map(|school| school.id).collect();
    let rooms: Vec<Uuid> = facts.rooms.iter().map(|room| room.id).collect();
    let mut builder = Builder {
        facts,
        zone,
        now,
        first_day,
        place_ix: numbered(&places),
        room_ix: numbered(&rooms),
        people: Vec::new(),
        person_ix: HashMap::new(),
        unholdable: Vec::new(),
        published: HashMap::new(),
    };
    let (series, sessions, session_ids) = builder.sessions();
    let people = builder.people();
    let input = ProblemInput {
        first_day,
        days: builder.days(),
        places: builder.places(),
        rooms: builder.rooms(&session_ids),
        people,
        series,
        sessions,
        travel: roads::between(&facts.schools, &facts.travel, &builder.place_ix),
        hours: hours(),
        limits: Limits { cover_per_week: COVER_PER_WEEK, ..Limits::default() },
        groups: Vec::new(),
        weights: Vec::new(),
    };
    Statement {
        input,
        sessions: session_ids,
        places,
        rooms,
        people: builder.people,
        unholdable: builder.unholdable,
        published: builder.published,
        zone,
    }
}

fn numbered(ids: &[Uuid]) -> HashMap<Uuid, usize> {
    ids.iter().enumerate().map(|(n, id)| (*id, n)).collect()
}

/// Times of the county's offices (domain.md "Times"); the afternoon begins after the noon break.
fn hours() -> Hours {
    let at = |hour: Minute, minute: Minute| hour * 60 + minute;
    Hours {
        step: 10,
        morning: (at(8, 0), at(12, 0)),
        afternoon: (at(13, 0), at(17, 30)),
        evening: (at(18, 30), at(20, 30)),
        travel_from: at(7, 30),
        travel_until: at(18, 30),
    }
}

struct Builder<'a> {
    facts: &'a Facts,
    zone: Tz,
    now: DateTime<Utc>,
    first_day: NaiveDate,
    place_ix: HashMap<Uuid, PlaceIx>,
    room_ix: HashMap<Uuid, usize>,
    people: Vec<Uuid>,
    person_ix: HashMap<Uuid, usize>,
    unholdable: Vec<(Uuid, Bilingual)>,
    published: HashMap<Uuid, Placement>,
}

impl Builder<'_> {
    /// The number of a person; `None` when she works nowhere we know of.
    fn person(&mut self, teacher: Uuid) -> Option<usize> {
        if let Some(ix) = self.person_ix.get(&teacher) {
            return Some(*ix);
        }
        self.base(teacher)?;
        self.people.push(teacher);
        self.person_ix.insert(teacher, self.people.len() - 1);
        Some(self.people.len() - 1)
    }

    /// Where somebody without a school or base (a researcher of the county) is taken to start: a core school.
    fn core_school(&self) -> Option<Uuid> {
        let core = self.facts.memberships.iter().find(|row| row.role == MembershipRole::Core);
        core.map(|row| row.school_id)
    }

    /// Where she starts an ordinary day of the term.
    fn base(&self, teacher: Uuid) -> Option<PlaceIx> {
        let roster = &self.facts.roster;
        let day = self.first_day;
        let home = roster.appointment(teacher, day).map(|post| post.school_id);
        let place = home.or_else(|| roster.place(teacher, day)).or_else(|| self.core_school())?;
        self.place_ix.get(&place).copied()
    }

    fn sessions(&mut self) -> (Vec<Series>, Vec<Session>, Vec<Uuid>) {
        let (mut series, mut sessions, mut ids) = (Vec::new(), Vec::new(), Vec::new());
        let mut by_programme: BTreeMap<Uuid, Vec<&research_session::Model>> = BTreeMap::new();
        for session in &self.facts.sessions {
            if let Some(programme) = session.programme_id {
                by_programme.entry(programme).or_default().push(session);
            }
        }
        for (id, rows) in by_programme {
            let Some(programme) = self.facts.programmes.get(&id) else { continue };
            let invitations = Invitations::new(self.facts, programme);
            let window = windows::window(programme, &self.facts.calendar);
            for row in rows {
                // What stands outside the term is no matter of this term's problem.
                if row.starts_at.is_some() && self.standing(row).is_none() {
                    continue;
                }
                match self.session(row, programme, &invitations, series.len()) {
                    Ok(session) => {
                        sessions.push(Session { window: window.clone(), ..session });
                        ids.push(row.id);
                    }
                    Err(reason) => self.unholdable.push((row.id, reason)),
                }
            }
            series.push(self.series(programme));
        }
        (series, sessions, ids)
    }

    fn series(&self, programme: &programme::Model) -> Series {
        let half = programme.subject_half.map(|half| match half {
            HalfOfDay::Morning => Half::Morning,
            HalfOfDay::Afternoon => Half::Afternoon,
        });
        let weekday = programme.subject_weekday.and_then(|weekday| u8::try_from(weekday).ok());
        Series {
            name: self.group_prefix(programme) + &programme.topic,
            min_gap_days: u16::try_from(programme.min_gap_days).unwrap_or(0),
            one_per_month: programme.monthly,
            subject_half_day: weekday.zip(half).map(|(weekday, half)| HalfDay { weekday, half }),
            rotates_hosts: matches!(
                programme.host_rule,
                HostRule::MembersInTurn | HostRule::TownAndRuralMembers | HostRule::AllInTurn
            ),
            ..Series::default()
        }
    }

    /// With several groups in one plan, names say whose they are.
    fn group_prefix(&self, programme: &programme::Model) -> String {
        if self.facts.groups.len() < 2 {
            return String::new();
        }
        let group = self.facts.groups.iter().find(|group| group.id == programme.group_id);
        group.map(|group| format!("{} ", group.name)).unwrap_or_default()
    }

    fn session(
        &mut self,
        row: &research_session::Model,
        programme: &programme::Model,
        invitations: &Invitations<'_>,
        series: usize,
    ) -> Result<Session, Bilingual> {
        let hosts = invitations.hosts(row);
        let mut options: Vec<HostOption> = hosts.iter().map(|host| self.option(host, programme)).collect();
        let standing = self.standing(row);
        if let Some(told) = self.facts.freed.get(&row.id).and_then(|told| self.told(told)) {
            let published = self.as_told(&told, invitations, &mut options);
            self.published.insert(row.id, published);
        }
        if standing.is_none() && !options.iter().any(|option| option.allowed) {
            return Err(nobody_can_host(programme));
        }
        if standing.is_none() && row.minutes > longest() {
            return Err(too_long(row));
        }
        let notice = if programme.presenters > 0 { PRESENTERS_NOTICE } else { NOTICE };
        let subject = row.subject_id.and_then(|id| self.facts.subjects.get(&id));
        let session = Session {
            series,
            ordinal: u16::try_from(row.ordinal).unwrap_or(u16::MAX),
            name: self.group_prefix(programme) + &title(row, subject.map(|subject| subject.name.as_str())),
            minutes: row.minutes,
            earliest: time::minute(self.zone, self.first_day, self.now + notice),
            equipment: equipment(programme),
            presenter_schools: u8::try_from(programme.presenter_schools).unwrap_or(0),
            options,
            ..Session::default()
        };
        Ok(match standing {
            Some(standing) => pinned(session, &standing),
            None => session,
        })
    }

    fn option(&mut self, host: &Host, programme: &programme::Model) -> HostOption {
        let mut required: Vec<usize> = Vec::new();
        for person in [host.chair, programme.researcher_id].into_iter().flatten() {
            if let Some(ix) = self.person(person).filter(|ix| !required.contains(ix)) {
                required.push(ix);
            }
        }
        let mut persons =
            |ids: &[Uuid]| -> Vec<usize> { ids.iter().filter_map(|id| self.person(*id)).collect() };
        let presenter_slots = host.presenters.iter().map(|candidates| persons(candidates)).collect();
        let audience = host
            .audience
            .iter()
            .filter_map(|(teacher, school)| {
                let (person, place) = (self.person(*teacher)?, *self.place_ix.get(school)?);
                Some(AudienceMember { person, place, optional: false })
            })
            .collect();
        HostOption {
            place: host.school.and_then(|school| self.place_ix.get(&school).copied()),
            allowed: host.allowed,
            required,
            presenter_slots,
            audience,
            ..HostOption::default()
        }
    }

    fn days(&self) -> Vec<Day> {
        self.facts
            .calendar
            .dates()
            .map(|date| {
                let day = self.facts.calendar.day(date, None);
                let closed_places = self
                    .facts
                    .schools
                    .iter()
                    .enumerate()
                    .filter(|(_, school)| {
                        day.closed.is_none() && self.facts.calendar.has_exception(date, school.id)
                    })
                    .filter_map(|(ix, school)| {
                        let closed = self.facts.calendar.day(date, Some(school.id)).closed?;
                        Some((ix, (closed.zh, closed.en)))
                    })
                    .collect();
                let closed = day.closed.map(|text| (text.zh, text.en));
                Day { closed, closed_places, week: day.week, ..Day::default() }
            })
            .collect()
    }

    fn places(&self) -> Vec<Place> {
        let mut sizes: HashMap<Uuid, u32> = HashMap::new();
        for (_, post) in self.facts.roster.appointed(self.first_day) {
            *sizes.entry(post.school_id).or_default() += 1;
        }
        self.facts
            .schools
            .iter()
            .map(|s| Place {
                name: s.name.clone(),
                size: sizes.get(&s.id).copied().unwrap_or(0),
                ..Place::default()
            })
            .collect()
    }

    /// Sessions of the problem take their rooms themselves.
    fn rooms(&self, stated: &[Uuid]) -> Vec<Room> {
        self.facts
            .rooms
            .iter()
            .map(|row| {
                let booked = self
                    .facts
                    .bookings
                    .iter()
                    .filter(|b| b.resource == ResourceKind::Room && b.resource_id == row.id)
                    .filter(|b| !stated.contains(&b.session_id))
                    .map(|b| (self.minute(b.starts_at), self.minute(b.ends_at)));
                let taken = booked.chain(self.closed(row.id)).collect();
                Room {
                    name: row.name.clone(),
                    place: self.place_ix.get(&row.school_id).copied().unwrap_or_default(),
                    capacity: u32::try_from(row.capacity).unwrap_or(0).max(1),
                    equipment: words(&row.equipment),
                    taken,
                }
            })
            .collect()
    }

    /// The days on which a room is closed, each from its first minute to its last.
    fn closed(&self, room: Uuid) -> impl Iterator<Item = (Minute, Minute)> + '_ {
        let closures = self.facts.closures.iter().filter(move |row| row.room_id == room);
        let days =
            closures.filter_map(|row| engagements::days_of_term(self.facts, row.from_on, row.until_on));
        days.flat_map(|(first, last)| first..=last)
            .map(|day| (day as Minute * DAY, (day as Minute + 1) * DAY - 1))
    }

    fn minute(&self, instant: DateTime<Utc>) -> Minute {
        time::minute(self.zone, self.first_day, instant)
    }

    fn people(&self) -> Vec<Person> {
        let mut engagements = engagements::of_everybody(
            self.facts,
            &self.person_ix,
            &self.place_ix,
            (self.zone, self.first_day),
        );
        self.people
            .iter()
            .enumerate()
            .map(|(ix, id)| Person {
                name: self.facts.roster.teachers.get(id).map(|row| row.name.clone()).unwrap_or_default(),
                base: self.base(*id).unwrap_or_default(),
                away: self.away(*id),
                engagements: std::mem::take(&mut engagements[ix]),
                ..Person::default()
            })
            .collect()
    }

    /// Days on which she works elsewhere than at her home school: itinerant days follow the timetable that runs.
    fn away(&self, teacher: Uuid) -> Vec<(DayIx, PlaceIx)> {
        let mut away = Vec::new();
        for (ix, date) in self.facts.calendar.dates().enumerate() {
            let place = engagements::posting_on(self.facts, teacher, date)
                .and_then(|posting| self.place_ix.get(&posting.school_id));
            away.extend(place.map(|place| (ix, *place)));
        }
        away
    }
}

/// Minutes of the longest half-day.
fn longest() -> Minute {
    let hours = hours();
    (hours.morning.1 - hours.morning.0).max(hours.afternoon.1 - hours.afternoon.0)
}

fn words(list: &serde_json::Value) -> Vec<String> {
    serde_json::from_value(list.clone()).unwrap_or_default()
}

fn equipment(programme: &programme::Model) -> Vec<String> {
    words(&programme.equipment)
}

fn too_long(row: &research_session::Model) -> Bilingual {
    let (minutes, longest) = (row.minutes, longest());
    Bilingual::new(
        format!("时长{minutes}分钟，超过半天可排的{longest}分钟：请缩短时长，或分成两次"),
        format!("it takes {minutes} minutes and a half-day has {longest}: shorten it, or make two of it"),
    )
}

fn nobody_can_host(programme: &programme::Model) -> Bilingual {
    Bilingual::new(
        format!("按“{}”找不到可承办的学校：须有本学段、有场地，且能派出授课教师", programme.host_rule.zh()),
        "no school may host it: it must have the stage, a room, and a presenter where the host presents",
    )
}
