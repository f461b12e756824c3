//! Back to an earlier published plan: a draft that has what is still to come as that plan had it.

mod course;

use std::collections::HashSet;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use self::course::Course;
use super::facts::Facts;
use super::publish::in_force;
use super::reading::{Board, Marks, Stored};
use super::store::{EditNote, Made, Revises, store};
use crate::entity::values::{PlanEditKind, PlanOrigin, SessionState};
use crate::entity::{plan, research_session};
use crate::error::{Bilingual, Error, Result, UserError};
use crate::scope::Scope;

/// What going back made.
#[derive(Debug, Clone)]
pub struct Reverted {
    /// The draft.
    pub plan: plan::Model,
    /// Sessions that cannot stand as the earlier plan had them.
    pub left: Vec<Left>,
}

/// A session that stays where it stands now, or without a date where it has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The session.
    pub session: Uuid,
    /// Its name, as people read it.
    pub name: String,
    /// Why it cannot stand as the earlier plan had it.
    pub reasons: Vec<Bilingual>,
}

/// Makes a draft that puts every session that is still to come where an earlier published plan had it. What has begun, or that plan did
/// not know, stays as it is published; what cannot stand so any more stays as well and is told with its reasons, so that the draft
/// can be published. Publishing it is another step, whose preview shows the difference.
///
/// # Errors
/// `NotFound`; `Rejected` when the plan was never published, or nothing can or need go back to it.
pub async fn revert(scope: &Scope, plan_id: Uuid) -> Result<Reverted> {
    let earlier = Stored::load(scope, plan_id).await?;
    if earlier.plan.published_at.is_none() {
        return Err(never_published(&earlier.plan));
    }
    let facts = Facts::load(scope, earlier.plan.term_id, earlier.only_group()).await?;
    let cancelled = cancelled(scope, &earlier).await?;
    let mut course = Course::plot(scope, &facts, &earlier, &cancelled);
    let laid = course.lay(scope, &facts, &earlier)?;
    let left = course.left(&facts, &cancelled);
    let Some(laid) = laid else {
        return Err(nothing_changes(&earlier.plan, is_in_force(scope, &earlier).await?, &left));
    };
    let marks = Marks { held: earlier.marks().as_things_are(&facts).held, ..Marks::default() };
    let board = Board::lay(laid.statement, &laid.placed, &marks)?;
    let note = EditNote {
        kind: PlanEditKind::Reverted,
        session: None,
        sentence: sentence(&earlier.plan, left.len()),
    };
    let made = Made {
        origin: PlanOrigin::Reverted,
        as_of: scope.now(),
        search: earlier.seed_only(),
        board: &board,
        marks: &marks,
        revises: Some(Revises { base: &earlier, note, gone: HashSet::new() }),
    };
    let plan = store(scope, &laid.facts, &made).await?;
    Ok(Reverted { plan, left })
}

/// Sessions that a plan had at a time still to come and that were cancelled since.
async fn cancelled(scope: &Scope, earlier: &Stored) -> Result<Vec<research_session::Model>> {
    let to_come = earlier.sessions.iter().filter(|row| row.starts_at.is_some_and(|at| at > scope.now()));
    Ok(research_session::Entity::find()
        .filter(research_session::Column::DistrictId.eq(scope.district.id))
        .filter(research_session::Column::Id.is_in(to_come.map(|row| row.session_id)))
        .filter(research_session::Column::State.eq(SessionState::Cancelled))
        .order_by_asc(research_session::Column::StartsAt)
        .order_by_asc(research_session::Column::Id)
        .all(scope.reader())
        .await?)
}

/// Whether a plan is in force for every group that it covers.
async fn is_in_force(scope: &Scope, stored: &Stored) -> Result<bool> {
    let current = in_force(scope, scope.reader(), stored.plan.term_id).await?;
    let of = |group: Uuid| current.iter().find(|row| row.group_id == group).map(|row| row.plan_id);
    Ok(stored.groups.iter().all(|group| of(group.group_id) == Some(stored.plan.id)))
}

fn sentence(earlier: &plan::Model, left: usize) -> Bilingual {
    let number = earlier.number;
    let (zh, en) = match left {
        0 => (String::new(), String::new()),
        left => (format!("（{left}次不能恢复，保持不变）"), format!(", but for {left} that cannot go back")),
    };
    Bilingual::new(
        format!("今后的活动恢复为方案{number}的安排{zh}"),
        format!("what is still to come as plan {number} had it{en}"),
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

/// Why there is no draft: everything stands as the plan had it, or nothing of what does not can go back.
fn nothing_changes(plan: &plan::Model, is_in_force: bool, left: &[Left]) -> Error {
    let number = plan.number;
    let (zh, en) = match (left.is_empty(), is_in_force) {
        (true, true) => (
            format!("方案{number}正在生效，今后的活动都照它的安排，没有可恢复的"),
            format!(
                "plan {number} is in force, and what is still to come stands as it has it: there is nothing to go back to"
            ),
        ),
        (true, false) => (
            format!("今后的活动已经与方案{number}一致，没有可恢复的"),
            format!("what is still to come stands as plan {number} had it: there is nothing to go back to"),
        ),
        (false, _) => (
            format!("今后的活动没有一次能恢复为方案{number}的安排，没有生成草案；原因如下"),
            format!(
                "nothing that is still to come can go back to plan {number}, and no draft was made, because:"
            ),
        ),
    };
    let mut faults = vec![UserError::new("NOTHING_CHANGES", zh, en).at("planId")];
    faults.extend(left.iter().map(cannot_go_back));
    Error::Rejected(faults)
}

fn cannot_go_back(left: &Left) -> UserError {
    let joined = |text: fn(&Bilingual) -> &str, with: &str| {
        left.reasons.iter().map(text).collect::<Vec<_>>().join(with)
    };
    UserError::new(
        "CANNOT_GO_BACK",
        format!("{}：{}", left.name, joined(|reason| &reason.zh, "；")),
        format!("{}: {}", left.name, joined(|reason| &reason.en, "; ")),
    )
}
