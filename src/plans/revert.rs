//! Back to an earlier published plan: a draft that has what is still to come as that plan had it.

use std::collections::HashSet;

use uuid::Uuid;

use super::facts::Facts;
use super::leading;
use super::reading::{Board, Marks, Stored, read};
use super::replan;
use super::solve::build;
use super::statement::state;
use super::store::{EditNote, Made, Revises, store};
use crate::entity::plan;
use crate::entity::values::{PlanEditKind, PlanOrigin};
use crate::error::{Bilingual, Error, Result, UserError};
use crate::scope::Scope;

/// Makes a draft that puts every session that is still to come where an earlier published plan had it. What has begun, is pinned,
/// or that plan did not know stays as it is published, and so does what that plan had at a time that has passed, or at a host or
/// in a room that is gone. Publishing the draft is another step, whose preview shows the difference.
///
/// # Errors
/// `NotFound`; `Rejected` when the plan was never published, or everything stands as it had it.
pub async fn revert(scope: &Scope, plan_id: Uuid) -> Result<plan::Model> {
    let earlier = Stored::load(scope, plan_id).await?;
    if earlier.plan.published_at.is_none() {
        return Err(never_published(&earlier.plan));
    }
    let mut facts = Facts::load(scope, earlier.plan.term_id, earlier.only_group()).await?;
    facts.free(&replan::movable(&facts, scope.now()));
    facts.leading = leading::of_plan(scope, &facts, &earlier.sessions);
    let statement = state(&facts, scope.zone(), scope.now());
    let problem = build(&statement)?;
    let fixed = read(&problem, &statement, &[]).placed;
    let mut standing = statement.published.clone();
    standing.extend(fixed.clone());
    let mut placed = standing.clone();
    let had = read(&problem, &statement, &earlier.sessions).placed;
    for row in earlier.sessions.iter().filter(|row| !fixed.contains_key(&row.session_id)) {
        match (row.starts_at, had.get(&row.session_id)) {
            (None, _) => {
                placed.remove(&row.session_id);
            }
            (Some(starts_at), Some(placement)) if starts_at > scope.now() => {
                placed.insert(row.session_id, placement.clone());
            }
            _ => {}
        }
    }
    if placed == standing {
        return Err(stands_so(&earlier.plan));
    }
    let marks = Marks { held: earlier.marks().as_things_are(&facts).held, ..Marks::default() };
    let board = Board::lay(statement, &placed, &marks)?;
    let note = EditNote { kind: PlanEditKind::Reverted, session: None, sentence: sentence(&earlier.plan) };
    let made = Made {
        origin: PlanOrigin::Reverted,
        as_of: scope.now(),
        search: earlier.seed_only(),
        board: &board,
        marks: &marks,
        revises: Some(Revises { base: &earlier, note, gone: HashSet::new() }),
    };
    store(scope, &facts, &made).await
}

fn sentence(earlier: &plan::Model) -> Bilingual {
    let number = earlier.number;
    Bilingual::new(
        format!("今后的活动恢复为方案{number}的安排"),
        format!("what is still to come as plan {number} had it"),
    )
}

fn never_published(plan: &plan::Model) -> Error {
    let number = plan.number;
    UserError::new(
        "NEVER_PUBLISHED",
        format!("方案{number}没有发布过，不能恢复；草案可直接发布，或在它的基础上修改"),
        format!(
            "plan {number} was never published and cannot be gone back to: publish or edit the draft itself"
        ),
    )
    .at("planId")
    .into()
}

fn stands_so(plan: &plan::Model) -> Error {
    let number = plan.number;
    UserError::new(
        "NOTHING_CHANGES",
        format!("今后的活动已经与方案{number}一致，没有可恢复的"),
        format!("what is still to come stands as plan {number} had it: there is nothing to go back to"),
    )
    .at("planId")
    .into()
}
