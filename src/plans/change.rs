//! Moving one published session by hand: checked by the same rules as a plan, told to the same people.

use chrono::{DateTime, Utc};
use session_planner::{
    Assignment, OptionIx, Placement, Problem, RoomIx, Rules, SessionIx, Violation, attendance, check,
};
use uuid::Uuid;

use super::facts::Facts;
use super::people::people;
use super::prepare::{change, rule_broken};
use super::solve::build;
use super::statement::{NOTICE, Statement, state};
use crate::entity::research_session;
use crate::entity::values::ParticipantRole;
use crate::error::{Error, Result, UserError};
use crate::id::Kind;
use crate::rows;
use crate::scope::Scope;
use crate::sessions::effects::{self, Change};
use crate::sessions::{given, must_be_published};

/// Where a session shall go.
#[derive(Debug, Clone)]
pub struct Reschedule {
    /// The session.
    pub session_id: Uuid,
    /// Its version as the user saw it.
    pub expected_version: i32,
    /// New start.
    pub starts_at: DateTime<Utc>,
    /// New host school; `None`: as it is.
    pub host_school_id: Option<Uuid>,
    /// New room; `None`: as it is, or the smallest of the new host that fits.
    pub room_id: Option<Uuid>,
    /// Why, as told to people.
    pub reason: String,
}

/// Moves a published session and tells everybody concerned.
///
/// # Errors
/// `NotFound`; `Stale` when it has another version; `Rejected` with each hard rule the new place would break.
pub async fn reschedule(scope: &Scope, wish: Reschedule) -> Result<research_session::Model> {
    let reason = given(&wish.reason)?;
    let txn = scope.begin().await?;
    effects::one_at_a_time(&txn).await?;
    let session = rows::find::<research_session::Entity>(&txn, Kind::Session, wish.session_id).await?;
    rows::expect_version(&txn, session.id, session.version, wish.expected_version).await?;
    must_be_published(&session)?;
    let change = decide(scope, &wish, &session, reason).await?;
    must_change(&session, &change)?;
    let mut moved = effects::apply(&txn, "session.reschedule", &[change]).await?;
    txn.commit().await?;
    moved.pop().ok_or_else(|| Error::internal("a session was moved and is not there"))
}

/// Nobody is told of a change that is none.
fn must_change(session: &research_session::Model, change: &Change) -> Result<()> {
    let before = (session.starts_at, session.host_school_id, session.room_id);
    if before != (Some(change.starts_at), change.host_school_id, change.room_id) {
        return Ok(());
    }
    let error = UserError::new(
        "NOTHING_CHANGES",
        "新的时间和地点与现在相同，没有改动，也没有通知任何人",
        "the new time and place are those it has: nothing was changed and nobody told",
    );
    Err(error.at("startsAt").into())
}

async fn decide(
    scope: &Scope,
    wish: &Reschedule,
    session: &research_session::Model,
    reason: String,
) -> Result<Change> {
    let mut facts = Facts::load(scope, session.term_id, Some(session.group_id)).await?;
    facts.lift(session.id);
    let mut statement = state(&facts, scope.zone(), scope.now());
    let ix = statement.sessions.iter().position(|id| *id == session.id).ok_or_else(no_programme)?;
    // Whoever moves it by hand answers for the presenters' week of notice.
    statement.input.sessions[ix].earliest = statement.minute(scope.now() + NOTICE);
    let problem = build(&statement)?;
    let placement = placement(&facts, &statement, &problem, ix, wish, session)?;
    let mut assignment: Assignment = problem.sessions.iter().map(|session| session.pinned.clone()).collect();
    assignment[ix] = Some(placement.clone());
    sound(&problem, &assignment, ix)?;
    let attendances = attendance(&problem, &assignment);
    let people = people(&facts, &statement, &problem, ix, &placement, &attendances[ix]);
    let change = change(&statement, &problem, ix, &placement, session.clone(), people);
    Ok(Change { reason: Some(reason), ..change })
}

fn sound(problem: &Problem, assignment: &Assignment, session: SessionIx) -> Result<()> {
    if let Some(fault) = problem.unreadable(assignment).first() {
        let error = UserError::new(
            "OUTSIDE_THE_TERM",
            "新的时间不在本学期内，请选择学期内的日期",
            format!("the new time cannot be planned: {fault}"),
        );
        return Err(error.at("startsAt").into());
    }
    let concerns = |violation: &&Violation| violation.sessions.contains(&session);
    let broken = check(problem, &Rules::standard(), assignment);
    let faults: Vec<UserError> = broken.iter().filter(concerns).map(rule_broken).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Rejected(faults)) }
}

fn placement(
    facts: &Facts,
    statement: &Statement,
    problem: &Problem,
    session: SessionIx,
    wish: &Reschedule,
    row: &research_session::Model,
) -> Result<Placement> {
    let host = wish.host_school_id.or(row.host_school_id);
    let place = host.map(|school| {
        let found = statement.places.iter().position(|id| *id == school);
        found.ok_or(Error::NotFound(Kind::School))
    });
    let place = place.transpose()?;
    let options = &problem.sessions[session].options;
    let option = options.iter().position(|option| option.place == place).ok_or_else(cannot_host)?;
    let room = match place {
        Some(_) => Some(room(statement, problem, session, option, wish, row)?),
        None => None,
    };
    let told = facts.participants.get(&row.id).map_or(&[][..], Vec::as_slice);
    let presenting = told.iter().filter(|person| person.role == ParticipantRole::Presenter);
    let known =
        presenting.filter_map(|person| statement.people.iter().position(|other| *other == person.teacher_id));
    let mut presenters: Vec<usize> = Vec::new();
    let mut left: Vec<usize> = known.collect();
    for slot in &options[option].presenter_slots {
        let kept = left.iter().position(|person| slot.contains(person)).map(|at| left.remove(at));
        let other = || slot.iter().copied().find(|person| !presenters.contains(person));
        presenters.extend(kept.or_else(other));
    }
    Ok(Placement { start: statement.minute(wish.starts_at), option, room, presenters })
}

/// The room asked for; else the one it has, when the host stays; else the smallest of the host that seats everybody.
fn room(
    statement: &Statement,
    problem: &Problem,
    session: SessionIx,
    option: OptionIx,
    wish: &Reschedule,
    row: &research_session::Model,
) -> Result<RoomIx> {
    let number = |id: Uuid| statement.rooms.iter().position(|other| *other == id);
    if let Some(room) = wish.room_id {
        return number(room).ok_or(Error::NotFound(Kind::Room));
    }
    let stated = &problem.sessions[session];
    let place = stated.options[option].place;
    let own = row.room_id.and_then(number).filter(|room| Some(problem.rooms[*room].place) == place);
    if let Some(room) = own {
        return Ok(room);
    }
    let seats = stated.options[option].audience.len() + stated.options[option].required.len();
    let fits = |room: &&RoomIx| {
        let room = &problem.rooms[**room];
        Some(room.place) == place && stated.equipment.iter().all(|item| room.equipment.contains(item))
    };
    let rooms: Vec<RoomIx> = (0..problem.rooms.len()).collect();
    let seated = |room: &&RoomIx| problem.rooms[**room].capacity as usize >= seats;
    let smallest = rooms.iter().filter(fits).filter(seated).min_by_key(|room| problem.rooms[**room].capacity);
    let largest = || rooms.iter().filter(fits).max_by_key(|room| problem.rooms[**room].capacity);
    smallest.or_else(largest).copied().ok_or_else(cannot_host)
}

fn cannot_host() -> Error {
    UserError::new(
        "CANNOT_HOST",
        "这所学校不能承办本次活动：不是本集团有相应学段、场地和授课教师的学校",
        "this school cannot host the session: it must belong to the group and have the stage, a room and a presenter",
    )
    .at("hostSchoolId")
    .into()
}

fn no_programme() -> Error {
    UserError::new(
        "SESSION_WITHOUT_PROGRAMME",
        "这次活动不属于任何教研计划，不能按规则调整",
        "the session belongs to no programme, so there are no rules to move it by",
    )
    .into()
}
