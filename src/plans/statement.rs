//! From rows to the planner's problem, and back to rows.

mod lessons;
mod people;
mod standing;
mod term;
mod turns;

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use session_planner::{
    AudienceMember, Half, HalfDay, HostOption, LessonRule, Minute, ParallelIx, PlaceIx, Placement,
    ProblemInput, Series, Session, SessionIx,
};
use uuid::Uuid;

use self::standing::pinned;
use self::term::longest;
use super::engagements::TimetableDays;
use super::facts::Facts;
use super::invite::{Host, Invitations};
use super::{roads, time, windows};
use crate::entity::values::{HalfOfDay, HostRule, SessionLevel};
use crate::entity::{programme, research_session};
use crate::error::Bilingual;
use crate::sessions::title;

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

    /// The room at the sending end of a lesson given from afar.
    pub fn second_room(&self, session: SessionIx, placement: &Placement) -> Option<Uuid> {
        let option = &self.input.sessions[session].options[placement.option];
        option.second_room.map(|room| self.rooms[room])
    }

    /// Keeps online what was published online, and on site what `placed` has brought back there: people were told so, and whether it is
    /// held online is for a person to say.
    pub fn keep_online(&mut self, placed: &HashMap<Uuid, Placement>) {
        for (id, session) in self.sessions.iter().zip(&mut self.input.sessions) {
            let Some((published, placement)) = self.published.get(id).zip(placed.get(id)) else { continue };
            if session.options[published.option].place.is_some() {
                continue;
            }
            let online = session.options[placement.option].place.is_none();
            for option in session.options.iter_mut().filter(|option| option.place.is_none() != online) {
                option.allowed = false;
            }
        }
    }

    /// The day of an instant in the district.
    pub fn date(&self, instant: DateTime<Utc>) -> NaiveDate {
        instant.with_timezone(&self.zone).date_naive()
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
        should_meet: HashSet::new(),
        timetable: TimetableDays::new(facts),
        unholdable: Vec::new(),
        published: HashMap::new(),
    };
    let (series, sessions, session_ids) = builder.sessions();
    builder.everybody_who_should_meet();
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
        hours: term::hours(),
        limits: facts.district_settings.limits(),
        groups: term::groups(facts, &builder.place_ix),
        weights: facts.district_settings.weights(),
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

struct Builder<'a> {
    facts: &'a Facts,
    zone: Tz,
    now: DateTime<Utc>,
    first_day: NaiveDate,
    place_ix: HashMap<Uuid, PlaceIx>,
    room_ix: HashMap<Uuid, usize>,
    people: Vec<Uuid>,
    person_ix: HashMap<Uuid, usize>,
    should_meet: HashSet<Uuid>,
    timetable: TimetableDays,
    unholdable: Vec<(Uuid, Bilingual)>,
    published: HashMap<Uuid, Placement>,
}

impl Builder<'_> {
    fn sessions(&mut self) -> (Vec<Series>, Vec<Session>, Vec<Uuid>) {
        let (mut series, mut sessions, mut ids) = (Vec::new(), Vec::new(), Vec::new());
        let mut together: HashMap<(Uuid, String), ParallelIx> = HashMap::new();
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
            series.push(self.series(programme, &mut together));
        }
        (series, sessions, ids)
    }

    /// `together` numbers what keeps together, by group and key.
    fn series(
        &self,
        programme: &programme::Model,
        together: &mut HashMap<(Uuid, String), ParallelIx>,
    ) -> Series {
        let half = programme.subject_half.map(|half| match half {
            HalfOfDay::Morning => Half::Morning,
            HalfOfDay::Afternoon => Half::Afternoon,
        });
        let weekday = programme.subject_weekday.and_then(|weekday| u8::try_from(weekday).ok());
        let parallel = programme.keep_together.as_ref().map(|key| {
            let next = together.len();
            *together.entry((programme.group_id, key.clone())).or_insert(next)
        });
        Series {
            name: self.group_prefix(programme) + &programme.topic,
            min_gap_days: u16::try_from(programme.min_gap_days).unwrap_or(0),
            one_per_month: programme.monthly,
            subject_half_day: weekday.zip(half).map(|(weekday, half)| HalfDay { weekday, half }),
            rotates_hosts: matches!(
                programme.host_rule,
                HostRule::MembersInTurn | HostRule::TownAndRuralMembers | HostRule::AllInTurn
            ),
            group: self.facts.groups.iter().position(|group| group.id == programme.group_id),
            parallel,
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
        let options: Vec<HostOption> = hosts.iter().map(|host| self.option(host, programme)).collect();
        let standing = self.standing(row);
        let told = self.facts.freed.get(&row.id).and_then(|told| self.told(told));
        let (lessons, mut options) = match self.follow_lessons(programme, row.minutes, options) {
            Ok(followed) => followed,
            // What people were told of stands, though nobody could hold it so today.
            Err(_) if standing.is_some() || told.is_some() => (LessonRule::Free, Vec::new()),
            Err(reason) => return Err(reason),
        };
        if let Some(told) = told {
            let published = self.as_told(&told, invitations, &mut options);
            self.published.insert(row.id, published);
        }
        if standing.is_none() && !options.iter().any(|option| option.allowed) {
            return Err(nobody_can_host(programme));
        }
        if standing.is_none() && row.minutes > longest() {
            return Err(too_long(row));
        }
        let notice = self.facts.settings_of(row.group_id).notice(programme.presenters > 0);
        let subject = row.subject_id.and_then(|id| self.facts.subjects.get(&id));
        let session = Session {
            series,
            ordinal: u16::try_from(row.ordinal).unwrap_or(u16::MAX),
            name: self.group_prefix(programme) + &title(row, subject.map(|subject| subject.name.as_str())),
            minutes: row.minutes,
            earliest: time::minute(self.zone, self.first_day, self.now + notice),
            equipment: lessons::equipment(programme, lessons),
            presenter_schools: u8::try_from(programme.presenter_schools).unwrap_or(0),
            options,
            level: level(row.level),
            allows_evening: programme.allows_evening,
            allows_weekend: programme.allows_weekend,
            lessons,
            receives: self.number_of_lessons(programme).filter(|_| lessons == LessonRule::Inside),
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
        let audience: Vec<AudienceMember> = host
            .audience
            .iter()
            .filter_map(|(teacher, school)| {
                let (person, place) = (self.person(*teacher)?, *self.place_ix.get(school)?);
                Some(AudienceMember { person, place, optional: programme.optional_audience })
            })
            .collect();
        let quotas = self.quotas(programme, &audience);
        HostOption {
            place: host.school.and_then(|school| self.place_ix.get(&school).copied()),
            allowed: host.allowed,
            required,
            presenter_slots,
            audience,
            quotas,
            ..HostOption::default()
        }
    }

    /// How many of a school's own people are to come: whoever is posted there on some days is counted at home only, since on the others
    /// she could not make up the number.
    fn quotas(&self, programme: &programme::Model, audience: &[AudienceMember]) -> Vec<(PlaceIx, u16)> {
        let Some(percent) =
            programme.attendance_quota_percent.and_then(|percent| usize::try_from(percent).ok())
        else {
            return Vec::new();
        };
        let mut invited: BTreeMap<PlaceIx, usize> = BTreeMap::new();
        for member in audience {
            if self.base(self.people[member.person]) == Some(member.place) {
                *invited.entry(member.place).or_default() += 1;
            }
        }
        let share = |count: usize| u16::try_from((count * percent).div_ceil(100)).unwrap_or(u16::MAX);
        invited.into_iter().map(|(place, count)| (place, share(count))).collect()
    }

    fn minute(&self, instant: DateTime<Utc>) -> Minute {
        time::minute(self.zone, self.first_day, instant)
    }
}

/// The planner's number of a level: the lower one wins a clash.
fn level(level: SessionLevel) -> u8 {
    match level {
        SessionLevel::County => 0,
        SessionLevel::Group => 1,
        SessionLevel::School => 2,
    }
}

fn too_long(row: &research_session::Model) -> Bilingual {
    let (topic, minutes, longest) = (&row.topic, row.minutes, longest());
    Bilingual::new(
        format!("“{topic}”时长{minutes}分钟，超过半天可排的{longest}分钟：请缩短时长，或分成两次"),
        format!(
            "“{topic}” takes {minutes} minutes and a half-day has {longest}: shorten it, or make two of it"
        ),
    )
}

fn nobody_can_host(programme: &programme::Model) -> Bilingual {
    Bilingual::new(
        format!(
            "“{}”按“{}”找不到可承办的学校：须有本学段、有场地，且能派出授课教师；请补全这些学校的资料，或改承办方式",
            programme.topic,
            programme.host_rule.zh()
        ),
        format!(
            "no school may host “{}”: it must have the stage, a room, and a presenter where the host presents",
            programme.topic
        ),
    )
}
