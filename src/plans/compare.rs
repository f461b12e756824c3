//! What one plan changes against another, both read beside the rows as they are now.

use session_planner::{ChangeKind, Part, Placement, Rules, Score, SessionIx, compare as compared};
use uuid::Uuid;

use super::explain::{RuleDifference, Spot, differences, spot};
use super::facts::Facts;
use super::reading::{Board, Marks, Stored, read};
use super::solve::build;
use super::statement::state;
use crate::entity::plan;
use crate::error::{Bilingual, Error, Result, UserError};
use crate::scope::Scope;

/// What a plan changes against another.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The plan compared with.
    pub from: plan::Model,
    /// The plan that is compared.
    pub to: plan::Model,
    /// Score of the one, as things are now.
    pub before: Score,
    /// Score of the other.
    pub after: Score,
    /// Sessions that stand differently.
    pub moved: Vec<Moved>,
    /// The rules that get worse or better.
    pub rules: Vec<RuleDifference>,
    /// Whose sessions change.
    pub people: Vec<Affected>,
    /// Sessions of either plan whose host, room or presenters are gone since; they count as not placed.
    pub outdated: Vec<Bilingual>,
}

/// A session that stands differently.
#[derive(Debug, Clone)]
pub struct Moved {
    /// The session.
    pub session: Uuid,
    /// What changes.
    pub kind: ChangeKind,
    /// Where the one plan has it.
    pub before: Option<Spot>,
    /// Where the other has it.
    pub after: Option<Spot>,
}

/// Somebody whose part in a session changes.
#[derive(Debug, Clone, Copy)]
pub struct Affected {
    /// Who.
    pub teacher: Uuid,
    /// In which session.
    pub session: Uuid,
    /// How.
    pub part: Part,
}

/// Compares plan `to` with plan `from`.
///
/// # Errors
/// `NotFound`; `Rejected` when they are of different terms, or the rows state no sound problem.
pub async fn compare(scope: &Scope, from: Uuid, to: Uuid) -> Result<Comparison> {
    let (from, to) = (Stored::load(scope, from).await?, Stored::load(scope, to).await?);
    if from.plan.term_id != to.plan.term_id {
        return Err(different_terms(&from.plan, &to.plan));
    }
    // A session of a group that one of them does not cover is not placed in it.
    let group = from.only_group().filter(|group| to.only_group() == Some(*group));
    let facts = Facts::load(scope, from.plan.term_id, group).await?;
    let scope = scope.clone();
    let work = move || decide(&scope, &facts, from, to);
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Internal(Box::new(error)))?
}

fn decide(scope: &Scope, facts: &Facts, from: Stored, to: Stored) -> Result<Comparison> {
    let statement = state(facts, scope.zone(), scope.now());
    let problem = build(&statement)?;
    let (old, new) = (read(&problem, &statement, &from.sessions), read(&problem, &statement, &to.sessions));
    let gone = |id: &Uuid| old.gone.get(id).or_else(|| new.gone.get(id));
    let outdated = statement.sessions.iter().filter_map(gone).map(|error| error.message.clone()).collect();
    // What people pinned or left undated in a draft is a matter of planning on from it, not of comparing.
    let board = Board::lay(statement, &old.placed, &Marks::default())?;
    let after: Vec<Option<Placement>> =
        board.statement.sessions.iter().map(|id| new.placed.get(id).cloned()).collect();
    let found = compared(&board.problem, &Rules::standard(), &board.assignment, &after);
    let place = |plan: &[Option<Placement>], session: SessionIx| {
        plan[session].as_ref().map(|placement| spot(&board, session, placement))
    };
    let moved = found.moved.iter().map(|change| Moved {
        session: board.statement.sessions[change.session],
        kind: change.kind,
        before: place(&board.assignment, change.session),
        after: place(&after, change.session),
    });
    let people = found.people.iter().map(|change| Affected {
        teacher: board.statement.people[change.person],
        session: board.statement.sessions[change.session],
        part: change.part,
    });
    Ok(Comparison {
        before: found.old,
        after: found.new,
        moved: moved.collect(),
        rules: differences(&board, &found.rules, &found.effects),
        people: people.collect(),
        outdated,
        from: from.plan,
        to: to.plan,
    })
}

fn different_terms(from: &plan::Model, to: &plan::Model) -> Error {
    let (from, to) = (from.number, to.number);
    UserError::new(
        "DIFFERENT_TERMS",
        format!("方案{from}与方案{to}不是同一学期的，不能比较"),
        format!("plans {from} and {to} are of different terms and cannot be compared"),
    )
    .at("to")
    .into()
}
