//! What publishing a plan would do, decided from the rows as they are now. Pure after loading.

use session_planner::{Assignment, Placement, Problem, Rules, SessionIx, Violation, attendance, check};
use uuid::Uuid;

use super::facts::Facts;
use super::people::people;
use super::reading::{Reading, Stored, read};
use super::solve::build;
use super::statement::{Statement, state};
use crate::entity::values::SessionState;
use crate::entity::{plan, plan_group, plan_session};
use crate::error::{Error, Result, UserError};
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
    let stored = Stored::load(scope, plan_id).await?;
    let only = stored.only_group();
    let Stored { plan, groups, sessions: rows } = stored;
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

/// The plan's rows in the planner's numbers, when all of them can be read.
fn assignment(problem: &Problem, statement: &Statement, rows: &[plan_session::Model]) -> Result<Assignment> {
    let Reading { placed, gone } = read(problem, statement, rows);
    if gone.is_empty() {
        return Ok(statement.sessions.iter().map(|id| placed.get(id).cloned()).collect());
    }
    let in_order = statement.sessions.iter().filter_map(|id| gone.get(id).cloned());
    Err(Error::Rejected(in_order.collect()))
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
