//! What publishing a plan would do, decided from the rows as they are now. Pure after loading.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use session_planner::{Assignment, Placement, Problem, Rules, SessionIx, Violation, attendance, check};
use uuid::Uuid;

use super::facts::Facts;
use super::people::people;
use super::solve::build;
use super::statement::{Statement, state};
use crate::entity::values::{ParticipantRole, SessionState};
use crate::entity::{plan, plan_group, plan_session};
use crate::error::{Error, Result, UserError};
use crate::id::Kind;
use crate::scope::Scope;
use crate::sessions::PlannedPerson;
use crate::sessions::effects::Change;

/// A plan beside the rows as they are now.
pub struct Prepared {
    /// The plan.
    pub plan: plan::Model,
    /// The groups it covers, with the plan each started from.
    pub groups: Vec<plan_group::Model>,
    /// The facts it was read against.
    pub facts: Facts,
    /// Sessions that get a date.
    pub changes: Vec<Change>,
    /// Published sessions that stay as they are.
    pub standing: usize,
    /// Sessions that stay without a date.
    pub undated: Vec<Uuid>,
}

/// Reads a plan and decides what publishing it would change.
///
/// # Errors
/// `NotFound`; `Rejected` with every hard rule that the plan breaks now, or when a row it names is gone.
pub async fn prepare(scope: &Scope, plan_id: Uuid) -> Result<Prepared> {
    let reader = scope.reader();
    let plan = plan::Entity::find_by_id(plan_id)
        .filter(plan::Column::DistrictId.eq(scope.district.id))
        .one(reader)
        .await?
        .ok_or(Error::NotFound(Kind::Plan))?;
    let groups = plan_group::Entity::find()
        .filter(plan_group::Column::DistrictId.eq(scope.district.id))
        .filter(plan_group::Column::PlanId.eq(plan.id))
        .all(reader)
        .await?;
    let rows = plan_session::Entity::find()
        .filter(plan_session::Column::DistrictId.eq(scope.district.id))
        .filter(plan_session::Column::PlanId.eq(plan.id))
        .all(reader)
        .await?;
    let only = if let [group] = &groups[..] { Some(group.group_id) } else { None };
    let facts = Facts::load(scope, plan.term_id, only).await?;
    let statement = state(&facts, scope.zone(), scope.now());
    let problem = build(&statement)?;
    let assignment = assignment(&problem, &statement, &rows)?;
    sound(&problem, &assignment)?;
    let changes = changes(&facts, &statement, &problem, &assignment);
    let standing = facts.sessions.iter().filter(|row| row.state == SessionState::Published).count();
    let dated: Vec<Uuid> = changes.iter().map(|change| change.before.id).collect();
    let undated = facts
        .sessions
        .iter()
        .filter(|row| row.state == SessionState::Undated && !dated.contains(&row.id))
        .map(|row| row.id)
        .collect();
    Ok(Prepared { plan, groups, facts, changes, standing, undated })
}

/// The plan's rows in the planner's numbers. Published sessions stand where they stand now.
fn assignment(problem: &Problem, statement: &Statement, rows: &[plan_session::Model]) -> Result<Assignment> {
    let by_session: HashMap<Uuid, &plan_session::Model> =
        rows.iter().map(|row| (row.session_id, row)).collect();
    let mut gone = Vec::new();
    let mut assignment = Vec::new();
    for (ix, session) in problem.sessions.iter().enumerate() {
        let row = by_session.get(&statement.sessions[ix]).filter(|row| row.starts_at.is_some());
        let placement = match (&session.pinned, row) {
            (Some(pinned), _) => Some(pinned.clone()),
            (None, Some(row)) => match placement(problem, statement, ix, row) {
                Some(placement) => Some(placement),
                None => {
                    gone.push(gone_since(&session.name));
                    None
                }
            },
            (None, None) => None,
        };
        assignment.push(placement);
    }
    if gone.is_empty() { Ok(assignment) } else { Err(Error::Rejected(gone)) }
}

fn placement(
    problem: &Problem,
    statement: &Statement,
    session: SessionIx,
    row: &plan_session::Model,
) -> Option<Placement> {
    let number = |list: &[Uuid], id: Uuid| list.iter().position(|other| *other == id);
    let place = match row.host_school_id {
        Some(school) => Some(number(&statement.places, school)?),
        None => None,
    };
    let option = problem.sessions[session].options.iter().position(|option| option.place == place)?;
    let room = match row.room_id {
        Some(room) => Some(number(&statement.rooms, room)?),
        None => None,
    };
    let people: Vec<PlannedPerson> = serde_json::from_value(row.people.clone()).ok()?;
    let presenters = people
        .iter()
        .filter(|person| person.role == ParticipantRole::Presenter)
        .map(|person| number(&statement.people, person.teacher))
        .collect::<Option<Vec<_>>>()?;
    let placement = Placement { start: statement.minute(row.starts_at?), option, room, presenters };
    let mut alone: Assignment = vec![None; problem.sessions.len()];
    alone[session] = Some(in_slots(problem, session, placement)?);
    if !problem.unreadable(&alone).is_empty() {
        return None;
    }
    alone[session].take()
}

/// Presenters in the order of the option's slots; stored they stand in the order of people.
fn in_slots(problem: &Problem, session: SessionIx, mut placement: Placement) -> Option<Placement> {
    let slots = &problem.sessions[session].options[placement.option].presenter_slots;
    let mut left = std::mem::take(&mut placement.presenters);
    for slot in slots {
        let fits = left.iter().position(|person| slot.contains(person))?;
        placement.presenters.push(left.remove(fits));
    }
    left.is_empty().then_some(placement)
}

fn gone_since(session: &str) -> UserError {
    UserError::new(
        "PLAN_OUTDATED",
        format!("{session}：方案中的承办校、场地或授课教师已有变动，请重新排期"),
        format!("{session}: its host, room or presenters have changed since: plan again"),
    )
}

/// The independent check before publishing. What already stands broken (somebody moved it knowingly) does not hold up the rest.
fn sound(problem: &Problem, assignment: &Assignment) -> Result<()> {
    let free = |violation: &Violation| {
        violation.sessions.iter().any(|session| problem.sessions[*session].pinned.is_none())
    };
    let broken = check(problem, &Rules::standard(), assignment);
    let faults: Vec<UserError> = broken.iter().filter(|violation| free(violation)).map(rule_broken).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Rejected(faults)) }
}

/// A hard rule that is broken, as the user reads it.
pub fn rule_broken(violation: &Violation) -> UserError {
    UserError::new("RULE_BROKEN", violation.reason.zh.clone(), violation.reason.en.clone())
}

fn changes(facts: &Facts, statement: &Statement, problem: &Problem, assignment: &Assignment) -> Vec<Change> {
    let attendances = attendance(problem, assignment);
    let mut changes = Vec::new();
    for (ix, placement) in assignment.iter().enumerate() {
        let Some(placement) = placement else { continue };
        let Some(before) = facts.sessions.iter().find(|row| row.id == statement.sessions[ix]) else {
            continue;
        };
        if before.state != SessionState::Undated {
            continue;
        }
        let people = people(facts, statement, problem, ix, placement, &attendances[ix]);
        changes.push(change(statement, problem, ix, placement, before.clone(), people));
    }
    changes
}

/// A placement as a change of its row.
pub fn change(
    statement: &Statement,
    problem: &Problem,
    session: SessionIx,
    placement: &Placement,
    before: crate::entity::research_session::Model,
    people: Vec<PlannedPerson>,
) -> Change {
    Change {
        before,
        host_school_id: problem.place_of(session, placement).map(|place| statement.places[place]),
        room_id: placement.room.map(|room| statement.rooms[room]),
        starts_at: statement.instant(placement.start),
        ends_at: statement.instant(problem.end_of(session, placement.start)),
        people,
        reason: None,
    }
}
