//! Where a person wants a session to stand, in the planner's numbers: what she leaves out stays as it is.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use session_planner::{
    Assignment, DAY, OptionIx, PersonIx, PlaceIx, Placement, Problem, ProblemError, RoomIx, SessionIx,
};
use uuid::Uuid;

use super::reading::in_slots;
use super::statement::Statement;
use crate::error::{Error, Result, UserError};
use crate::id::Kind;

/// Where a session stands, or shall stand.
#[derive(Debug, Clone, Default)]
pub struct Stand {
    /// Start.
    pub starts_at: Option<DateTime<Utc>>,
    /// Host school; `None`: online, or none yet.
    pub host_school_id: Option<Uuid>,
    /// Room; left out of a wish: as it is, or the smallest of the new host that fits.
    pub room_id: Option<Uuid>,
    /// The room at the sending end of a lesson given from afar; a wish has none: it stays where it can.
    pub second_room_id: Option<Uuid>,
    /// Who presents; left out of a wish: as it is, where they can, else the first candidates.
    pub presenters: Option<Vec<Uuid>>,
}

/// The placement that `wish` makes of `now`. It may break rules.
///
/// # Errors
/// `NotFound` for an unknown school or room; `Rejected` when a host cannot hold the session, somebody named cannot present
/// in it, or start or host are not known yet.
pub fn placement(
    statement: &Statement,
    problem: &Problem,
    session: SessionIx,
    wish: &Stand,
    now: &Stand,
) -> Result<Placement> {
    let starts_at = wish.starts_at.or(now.starts_at).ok_or_else(start_missing)?;
    let option = option(statement, problem, session, wish, now)?;
    let room = match problem.sessions[session].options[option].place {
        Some(place) => Some(room(statement, problem, session, (option, place), wish, now)?),
        None => None,
    };
    let presenters = match &wish.presenters {
        Some(named) => named_presenters(statement, problem, session, option, named)?,
        None => {
            kept_presenters(statement, problem, session, option, now.presenters.as_deref().unwrap_or(&[]))
        }
    };
    Ok(Placement { start: statement.minute(starts_at), option, room, presenters })
}

/// Requires that a placement can be judged at all.
///
/// # Errors
/// `Rejected` when it lies outside the term.
pub fn readable(problem: &Problem, session: SessionIx, placement: &Placement) -> Result<()> {
    let mut alone: Assignment = vec![None; problem.sessions.len()];
    alone[session] = Some(placement.clone());
    let faults = problem.unreadable(&alone);
    let Some(fault) = faults.first() else { return Ok(()) };
    let day = TimeDelta::days(placement.start.div_euclid(DAY).into());
    if let Some(day) = problem.date(0).checked_add_signed(day) {
        in_the_term(term_of(problem), day).map_err(|error| error.at("startsAt"))?;
    }
    Err(outside_the_term(fault).into())
}

/// The first and the last day of the term.
pub fn term_of(problem: &Problem) -> (NaiveDate, NaiveDate) {
    (problem.date(0), problem.date(problem.days.len() - 1))
}

/// Requires that a day is one of the term's, which is told from its first to its last day.
///
/// # Errors
/// `OUTSIDE_THE_TERM`.
pub fn in_the_term(
    (first, last): (NaiveDate, NaiveDate),
    day: NaiveDate,
) -> std::result::Result<(), UserError> {
    if (first..=last).contains(&day) {
        return Ok(());
    }
    Err(UserError::new(
        "OUTSIDE_THE_TERM",
        format!("{day}不在本学期内（{first}至{last}），请选择学期内的日期"),
        format!("{day} is not in the term, which lasts from {first} to {last}: choose a day in it"),
    ))
}

/// A time that no problem of the term can state.
pub fn outside_the_term(fault: &ProblemError) -> UserError {
    let error = UserError::new(
        "OUTSIDE_THE_TERM",
        "新的时间不在本学期内，请选择学期内的日期",
        format!("the new time cannot be planned: {fault}"),
    );
    error.at("startsAt")
}

/// The way to hold it at the host asked for; of several the one whose presenters are asked for, or that is sent from the same room.
fn option(
    statement: &Statement,
    problem: &Problem,
    session: SessionIx,
    wish: &Stand,
    now: &Stand,
) -> Result<OptionIx> {
    let place = wish.host_school_id.or(now.host_school_id).map(|school| {
        let found = statement.places.iter().position(|id| *id == school);
        found.ok_or(Error::NotFound(Kind::School))
    });
    let place = place.transpose()?;
    let options = &problem.sessions[session].options;
    let named = wish.presenters.as_deref().and_then(|named| known(statement, named));
    let unfit = |option: &OptionIx| {
        let fits = |named: &Vec<PersonIx>| in_slots(problem, session, *option, named.clone()).is_some();
        let sender = options[*option].second_room.map(|room| statement.rooms[room]);
        (!named.as_ref().is_none_or(fits), sender != now.second_room_id)
    };
    let at_host = (0..options.len()).filter(|option| options[*option].place == place);
    let found = at_host.min_by_key(unfit);
    if place.is_some() || found.is_some() {
        return found.ok_or_else(cannot_host);
    }
    let mut allowed = options.iter().enumerate().filter(|(_, option)| option.allowed);
    match (allowed.next(), allowed.next()) {
        (Some((only, _)), None) => Ok(only),
        _ => Err(host_missing()),
    }
}

/// The room asked for; else the one it has, when the host stays; else the smallest of the host that seats everybody.
fn room(
    statement: &Statement,
    problem: &Problem,
    session: SessionIx,
    (option, place): (OptionIx, PlaceIx),
    wish: &Stand,
    now: &Stand,
) -> Result<RoomIx> {
    let number = |id: Uuid| statement.rooms.iter().position(|other| *other == id);
    if let Some(room) = wish.room_id {
        return number(room).ok_or(Error::NotFound(Kind::Room));
    }
    let own = now.room_id.and_then(number).filter(|room| problem.rooms[*room].place == place);
    if let Some(room) = own {
        return Ok(room);
    }
    let fitting = fitting(problem, session, option);
    let smallest = fitting.iter().find(|(_, seated)| *seated).or(fitting.last());
    smallest.map(|(room, _)| *room).ok_or_else(cannot_host)
}

/// Rooms of the school of a way to hold a session that have the equipment, the smallest first, and whether each seats everybody.
pub fn fitting(problem: &Problem, session: SessionIx, option: OptionIx) -> Vec<(RoomIx, bool)> {
    let stated = &problem.sessions[session];
    let option = &stated.options[option];
    let here =
        |person: PersonIx| option.second_room.is_none() || Some(problem.people[person].base) == option.place;
    let listed = option.audience.iter().map(|member| member.person).chain(option.required.iter().copied());
    let seats = listed.filter(|person| here(*person)).count();
    let fits = |room: &RoomIx| {
        let room = &problem.rooms[*room];
        Some(room.place) == option.place && stated.equipment.iter().all(|item| room.equipment.contains(item))
    };
    let mut rooms: Vec<RoomIx> = (0..problem.rooms.len()).filter(fits).collect();
    rooms.sort_by_key(|room| problem.rooms[*room].capacity);
    rooms.into_iter().map(|room| (room, problem.rooms[room].capacity as usize >= seats)).collect()
}

/// People in numbers, when all of them are known.
fn known(statement: &Statement, people: &[Uuid]) -> Option<Vec<PersonIx>> {
    people.iter().map(|id| statement.people.iter().position(|other| other == id)).collect()
}

fn named_presenters(
    statement: &Statement,
    problem: &Problem,
    session: SessionIx,
    option: OptionIx,
    named: &[Uuid],
) -> Result<Vec<PersonIx>> {
    let fitting = known(statement, named).and_then(|people| in_slots(problem, session, option, people));
    let wanted = problem.sessions[session].options[option].presenter_slots.len();
    fitting.ok_or_else(|| cannot_present(wanted))
}

/// Whoever presents now and can with this host; the first other candidate for the rest.
fn kept_presenters(
    statement: &Statement,
    problem: &Problem,
    session: SessionIx,
    option: OptionIx,
    now: &[Uuid],
) -> Vec<PersonIx> {
    let known = now.iter().filter_map(|id| statement.people.iter().position(|other| other == id));
    let mut left: Vec<PersonIx> = known.collect();
    let mut presenters: Vec<PersonIx> = Vec::new();
    for slot in &problem.sessions[session].options[option].presenter_slots {
        let kept = left.iter().position(|person| slot.contains(person)).map(|at| left.remove(at));
        let other = || slot.iter().copied().find(|person| !presenters.contains(person));
        presenters.extend(kept.or_else(other));
    }
    presenters
}

fn start_missing() -> Error {
    UserError::new(
        "START_MISSING",
        "这次活动还没有日期，请写明开始时间",
        "the session has no date yet: say when it starts",
    )
    .at("startsAt")
    .into()
}

fn host_missing() -> Error {
    UserError::new(
        "HOST_MISSING",
        "这次活动还没有承办校，请写明由哪所学校承办",
        "the session has no host yet: say which school hosts it",
    )
    .at("hostSchoolId")
    .into()
}

/// A school that cannot hold the session.
pub fn cannot_host() -> Error {
    UserError::new(
        "CANNOT_HOST",
        "这所学校不能承办本次活动：不是本集团有相应学段、场地和授课教师的学校",
        "this school cannot host the session: it must belong to the group and have the stage, a room and a presenter",
    )
    .at("hostSchoolId")
    .into()
}

fn cannot_present(wanted: usize) -> Error {
    UserError::new(
        "CANNOT_PRESENT",
        format!("由这所学校承办时，本次活动须有{wanted}名授课教师，且都在可授课的候选人中"),
        format!("with this host the session takes {wanted} presenters, each one of its candidates"),
    )
    .at("presenterIds")
    .into()
}

/// A session that no programme states rules for.
pub fn no_programme() -> Error {
    UserError::new(
        "SESSION_WITHOUT_PROGRAMME",
        "这次活动不属于任何教研计划，不能按规则调整",
        "the session belongs to no programme, so there are no rules to move it by",
    )
    .into()
}
