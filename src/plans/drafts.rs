//! Drafts as people keep them: named, discarded, undone and taken back. Several may stand side by side.
//!
//! ```text
//! plan 1 ─ move ─▶ plan 2 ─ pin ─▶ plan 3      undo plan 3: it is discarded, and plan 2 is listed again
//!            └──── hold ─▶ plan 4 方案B         another edit of plan 2 makes a second line
//! ```

use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::audit;
use crate::entity::plan;
use crate::error::{Error, Result, UserError};
use crate::id::Kind;
use crate::rows;
use crate::scope::{Scope, Txn};
use crate::sessions::effects;

/// Most characters of a label.
const LABEL: usize = 40;

/// The plans that lists show: published ones, and of each line of drafts the newest.
pub fn listed(district_id: Uuid) -> Condition {
    let revised = Query::select()
        .column(plan::Column::RevisedFromId)
        .from(plan::Entity)
        .and_where(plan::Column::DistrictId.eq(district_id))
        .and_where(plan::Column::RevisedFromId.is_not_null())
        .and_where(plan::Column::DiscardedAt.is_null())
        .to_owned();
    let newest = Condition::all()
        .add(plan::Column::DiscardedAt.is_null())
        .add(plan::Column::Id.not_in_subquery(revised));
    Condition::any().add(plan::Column::PublishedAt.is_not_null()).add(newest)
}

/// Requires that a plan was not discarded.
///
/// # Errors
/// `Rejected`.
pub fn must_be_live(plan: &plan::Model) -> Result<()> {
    if plan.discarded_at.is_none() {
        return Ok(());
    }
    let number = plan.number;
    let error = UserError::new(
        "PLAN_DISCARDED",
        format!("方案{number}已撤销或舍弃，请改用方案列表中现有的草案"),
        format!("plan {number} was undone or discarded: use one of the drafts that are listed"),
    );
    Err(error.at("planId").into())
}

/// Names a draft (方案A); an empty name takes it away.
///
/// # Errors
/// `NotFound`; `Stale` when it has another version; `Rejected` when the name is too long.
pub async fn rename(scope: &Scope, plan_id: Uuid, expected_version: i32, label: &str) -> Result<plan::Model> {
    let label = label.trim();
    if label.chars().count() > LABEL {
        let error = UserError::new(
            "LABEL_TOO_LONG",
            format!("方案名称不超过{LABEL}字"),
            format!("a draft's name has at most {LABEL} characters"),
        );
        return Err(error.at("label").into());
    }
    let txn = scope.begin().await?;
    effects::one_at_a_time(&txn).await?;
    let plan = rows::find::<plan::Entity>(&txn, Kind::Plan, plan_id).await?;
    rows::expect_version(&txn, plan.id, plan.version, expected_version).await?;
    let label = Some(label.to_owned()).filter(|label| !label.is_empty());
    let named = plan::Model { label, version: plan.version + 1, ..plan.clone() };
    let named = audit::update(&txn, "plan.rename", &plan, named).await?;
    txn.commit().await?;
    Ok(named)
}

/// Discards a draft with the revisions it was made from, back to a published plan or to where another draft branches off.
///
/// # Errors
/// `NotFound`; `Rejected` when it is published, discarded already, or has later revisions.
pub async fn discard(scope: &Scope, plan_id: Uuid) -> Result<plan::Model> {
    let txn = scope.begin().await?;
    effects::one_at_a_time(&txn).await?;
    let plan = newest_draft(&txn, plan_id).await?;
    let discarded = mark_discarded(&txn, "plan.discard", &plan).await?;
    let mut before = plan.revised_from_id;
    while let Some(id) = before {
        let row = rows::find::<plan::Entity>(&txn, Kind::Plan, id).await?;
        let in_use = row.published_at.is_some() || row.discarded_at.is_some();
        if in_use || !revisions(&txn, row.id).await?.iter().all(|row| row.discarded_at.is_some()) {
            break;
        }
        before = row.revised_from_id;
        mark_discarded(&txn, "plan.discard", &row).await?;
    }
    txn.commit().await?;
    Ok(discarded)
}

/// Takes the last edit back: the draft is discarded, and the plan it was made from is returned.
///
/// # Errors
/// `NotFound`; `Rejected` when it is published, discarded already, has later revisions, or no edit made it.
pub async fn undo(scope: &Scope, plan_id: Uuid) -> Result<plan::Model> {
    let txn = scope.begin().await?;
    effects::one_at_a_time(&txn).await?;
    let plan = newest_draft(&txn, plan_id).await?;
    let Some(before) = plan.revised_from_id else {
        return Err(nothing_to_undo(&plan));
    };
    mark_discarded(&txn, "plan.undo", &plan).await?;
    let before = rows::find::<plan::Entity>(&txn, Kind::Plan, before).await?;
    // It may have been discarded while a search that started from it went on.
    let before = match before.discarded_at {
        Some(_) => take_back(&txn, "plan.undo", &before).await?,
        None => before,
    };
    txn.commit().await?;
    Ok(before)
}

/// Takes an undo back: the revision of `plan_id` that was undone last.
///
/// # Errors
/// `NotFound`; `Rejected` when nothing was undone, or another edit was made since.
pub async fn redo(scope: &Scope, plan_id: Uuid) -> Result<plan::Model> {
    let txn = scope.begin().await?;
    effects::one_at_a_time(&txn).await?;
    let plan = rows::find::<plan::Entity>(&txn, Kind::Plan, plan_id).await?;
    must_be_live(&plan)?;
    let revisions = revisions(&txn, plan.id).await?;
    let changed_since = revisions.iter().any(|row| row.discarded_at.is_none());
    let undone = revisions.iter().max_by_key(|row| (row.discarded_at, row.number));
    let Some(undone) = undone.filter(|_| !changed_since) else {
        return Err(nothing_to_redo(&plan));
    };
    let again = take_back(&txn, "plan.redo", undone).await?;
    txn.commit().await?;
    Ok(again)
}

/// A draft that nothing was made of yet.
async fn newest_draft(txn: &Txn, plan_id: Uuid) -> Result<plan::Model> {
    let plan = rows::find::<plan::Entity>(txn, Kind::Plan, plan_id).await?;
    must_be_live(&plan)?;
    if plan.published_at.is_some() {
        return Err(published(&plan));
    }
    match revisions(txn, plan.id).await?.iter().find(|row| row.discarded_at.is_none()) {
        Some(later) => Err(revised(&plan, later)),
        None => Ok(plan),
    }
}

async fn revisions(txn: &Txn, plan_id: Uuid) -> Result<Vec<plan::Model>> {
    Ok(plan::Entity::find()
        .filter(plan::Column::DistrictId.eq(txn.district_id()))
        .filter(plan::Column::RevisedFromId.eq(plan_id))
        .all(&**txn)
        .await?)
}

async fn mark_discarded(txn: &Txn, action: &str, plan: &plan::Model) -> Result<plan::Model> {
    let now = txn.scope().now();
    let discarded = plan::Model { discarded_at: Some(now), version: plan.version + 1, ..plan.clone() };
    audit::update(txn, action, plan, discarded).await
}

async fn take_back(txn: &Txn, action: &str, plan: &plan::Model) -> Result<plan::Model> {
    let live = plan::Model { discarded_at: None, version: plan.version + 1, ..plan.clone() };
    audit::update(txn, action, plan, live).await
}

fn published(plan: &plan::Model) -> Error {
    let number = plan.number;
    UserError::new(
        "PLAN_PUBLISHED",
        format!("方案{number}已经发布，不能撤销或舍弃；可在它的基础上修改，得到新的草案"),
        format!(
            "plan {number} is published and cannot be undone or discarded: an edit of it makes a new draft"
        ),
    )
    .at("planId")
    .into()
}

fn revised(plan: &plan::Model, later: &plan::Model) -> Error {
    let (number, later) = (plan.number, later.number);
    UserError::new(
        "PLAN_REVISED",
        format!("方案{number}之后已有修改（方案{later}），请从最新的一份开始撤销或舍弃"),
        format!("plan {number} has been revised by plan {later}: undo or discard the newest first"),
    )
    .at("planId")
    .into()
}

fn nothing_to_undo(plan: &plan::Model) -> Error {
    let number = plan.number;
    UserError::new(
        "NOTHING_TO_UNDO",
        format!("方案{number}没有可撤销的修改；不再需要的，请舍弃"),
        format!("no edit made plan {number}: discard it if it is not needed"),
    )
    .at("planId")
    .into()
}

fn nothing_to_redo(plan: &plan::Model) -> Error {
    let number = plan.number;
    UserError::new(
        "NOTHING_TO_REDO",
        format!("方案{number}没有可恢复的修改，或撤销之后又有了新的修改"),
        format!("nothing of plan {number} was undone, or it was edited since"),
    )
    .at("planId")
    .into()
}
