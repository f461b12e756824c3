//! Taking a publication back 撤回发布 while its mails still wait: everything stands as before, and nobody hears of it.

use std::collections::HashMap;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::prepare::Prepared;
use crate::entity::values::MessageState;
use crate::entity::{booking, message, participant, plan, publication, published_plan, research_session};
use crate::error::{Error, Result, UserError};
use crate::id::Kind;
use crate::mail::outbox;
use crate::scope::{Scope, Txn};
use crate::sessions::effects;
use crate::{audit, id, rows};

/// What a publication changes, as it was before.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Before {
    /// The plans that it took out of force.
    in_force: Vec<published_plan::Model>,
    sessions: Vec<research_session::Model>,
    participants: Vec<participant::Model>,
    bookings: Vec<booking::Model>,
    /// Mails that were waiting.
    waiting: Vec<Uuid>,
}

impl Before {
    /// Reads it before anything is written.
    pub(super) async fn read(
        txn: &Txn,
        prepared: &Prepared,
        current: &[published_plan::Model],
    ) -> Result<Self> {
        let changes = prepared.changes.iter().map(|change| &change.before);
        let withdrawals = prepared.withdrawals.iter().map(|withdrawal| &withdrawal.before);
        let sessions: Vec<research_session::Model> = changes.chain(withdrawals).cloned().collect();
        let ids: Vec<Uuid> = sessions.iter().map(|row| row.id).collect();
        let covered =
            |row: &&published_plan::Model| prepared.groups.iter().any(|group| group.group_id == row.group_id);
        Ok(Self {
            in_force: current.iter().filter(covered).cloned().collect(),
            participants: effects::participants(txn, &ids).await?.into_values().flatten().collect(),
            bookings: bookings(txn, &ids).await?,
            waiting: waiting(txn, &ids).await?,
            sessions,
        })
    }

    /// Keeps it for as long as the mails wait; what earlier publications kept can be taken back no more.
    pub(super) async fn keep(self, txn: &Txn, plan_id: Uuid) -> Result<()> {
        let scope = txn.scope();
        let held_until = scope.now() + scope.hold();
        publication::Entity::update_many()
            .col_expr(publication::Column::Before, Expr::value(None::<serde_json::Value>))
            .filter(publication::Column::DistrictId.eq(txn.district_id()))
            .filter(publication::Column::HeldUntil.lte(scope.now()))
            .exec(&**txn)
            .await?;
        let before = serde_json::to_value(&self).map_err(|error| Error::Internal(Box::new(error)))?;
        let row = publication::Model {
            id: id::new(),
            district_id: txn.district_id(),
            plan_id,
            published_by: scope.actor.name().to_owned(),
            published_at: scope.now(),
            held_until,
            before: (held_until > scope.now()).then_some(before),
            undone_at: None,
        };
        audit::insert_parts(txn, vec![row]).await
    }
}

async fn bookings(txn: &Txn, sessions: &[Uuid]) -> Result<Vec<booking::Model>> {
    let rows = rows::in_district(txn.district_id(), booking::Entity::find())
        .filter(booking::Column::SessionId.is_in(sessions.to_vec()));
    Ok(rows.all(&**txn).await?)
}

async fn waiting(txn: &Txn, sessions: &[Uuid]) -> Result<Vec<Uuid>> {
    let rows = rows::in_district(txn.district_id(), message::Entity::find())
        .select_only()
        .column(message::Column::Id)
        .filter(message::Column::SubjectId.is_in(sessions.to_vec()))
        .filter(message::Column::State.is_in([MessageState::Pending, MessageState::Claimed]));
    Ok(rows.into_tuple().all(&**txn).await?)
}

/// Takes a publication back: sessions, people and rooms stand as before, the plans before are in force again, and the plan is a draft.
/// No mail about it goes out.
///
/// # Errors
/// `NotFound`; `Rejected` when its mails wait no more, or something that it changed was changed since. Nothing is done then.
pub async fn unpublish(scope: &Scope, plan_id: Uuid) -> Result<plan::Model> {
    let txn = scope.begin().await?;
    effects::one_at_a_time(&txn).await?;
    let plan = rows::find::<plan::Entity>(&txn, Kind::Plan, plan_id).await?;
    let publication = latest(&txn, &plan).await?;
    let before = kept(scope, &plan, &publication)?;
    let now = untouched(&txn, &plan, &publication, &before).await?;
    back_in_force(&txn, plan_id, &before.in_force).await?;
    put_back(&txn, &before, now).await?;
    let version = plan.version + 1;
    let draft = plan::Model { published_at: None, version, ..plan.clone() };
    let draft = audit::update(&txn, "plan.unpublish", &plan, draft).await?;
    let undone = publication::Model { before: None, undone_at: Some(scope.now()), ..publication.clone() };
    let publication = publication::Model { before: None, ..publication };
    audit::update(&txn, "plan.unpublish", &publication, undone).await?;
    txn.commit().await?;
    Ok(draft)
}

async fn latest(txn: &Txn, plan: &plan::Model) -> Result<publication::Model> {
    let rows = rows::in_district(txn.district_id(), publication::Entity::find())
        .filter(publication::Column::PlanId.eq(plan.id))
        .filter(publication::Column::UndoneAt.is_null())
        .order_by_desc(publication::Column::PublishedAt);
    rows.one(&**txn).await?.ok_or_else(|| {
        let error = UserError::new(
            "PLAN_NOT_PUBLISHED",
            format!("方案{}没有发布，无需撤回", plan.number),
            format!("plan {} is not published: there is nothing to take back", plan.number),
        );
        error.into()
    })
}

fn kept(scope: &Scope, plan: &plan::Model, publication: &publication::Model) -> Result<Before> {
    match &publication.before {
        Some(before) if publication.held_until > scope.now() => {
            serde_json::from_value(before.clone()).map_err(|error| Error::Internal(Box::new(error)))
        }
        _ => Err(too_late(plan).into()),
    }
}

fn too_late(plan: &plan::Model) -> UserError {
    let number = plan.number;
    UserError::new(
        "UNPUBLISH_TOO_LATE",
        format!("方案{number}的通知已开始发送，不能再撤回发布；请恢复到以前的方案，或逐次调整、取消"),
        format!(
            "the mails of plan {number} are going out already: revert to an earlier plan, or move and cancel sessions"
        ),
    )
}

/// The sessions as the publication made them. Whatever was done since would be lost.
async fn untouched(
    txn: &Txn,
    plan: &plan::Model,
    publication: &publication::Model,
    before: &Before,
) -> Result<Vec<research_session::Model>> {
    let ids: Vec<Uuid> = before.sessions.iter().map(|row| row.id).collect();
    let told = rows::in_district(txn.district_id(), message::Entity::find())
        .filter(message::Column::SubjectId.is_in(ids.clone()))
        .filter(message::Column::TriedAt.gt(publication.published_at))
        .one(&**txn)
        .await?;
    if told.is_some() {
        return Err(too_late(plan).into());
    }
    let now = rows::in_district(txn.district_id(), research_session::Entity::find())
        .filter(research_session::Column::Id.is_in(ids))
        .all(&**txn)
        .await?;
    let versions: HashMap<Uuid, i32> = now.iter().map(|row| (row.id, row.version)).collect();
    let changed = before.sessions.iter().filter(|row| versions.get(&row.id) != Some(&(row.version + 1)));
    let faults: Vec<UserError> = changed.map(changed_since).collect();
    let in_force = rows::in_district(txn.district_id(), published_plan::Entity::find())
        .filter(published_plan::Column::PlanId.eq(plan.id))
        .all(&**txn)
        .await?;
    if faults.is_empty() && !in_force.is_empty() {
        return Ok(now);
    }
    Err(if faults.is_empty() { too_late(plan).into() } else { Error::Rejected(faults) })
}

fn changed_since(session: &research_session::Model) -> UserError {
    UserError::new(
        "SESSION_CHANGED_SINCE",
        format!("“{}”在发布之后又有调整，不能整体撤回；请逐次调整或取消", session.topic),
        format!("{:?} was changed since: move or cancel sessions one by one", session.topic),
    )
}

async fn back_in_force(txn: &Txn, plan_id: Uuid, before: &[published_plan::Model]) -> Result<()> {
    let now = rows::in_district(txn.district_id(), published_plan::Entity::find())
        .filter(published_plan::Column::PlanId.eq(plan_id))
        .all(&**txn)
        .await?;
    for row in now {
        match before.iter().find(|old| old.id == row.id) {
            Some(old) => {
                audit::update(txn, "plan.unpublish", &row, old.clone()).await?;
            }
            None => audit::delete(txn, "plan.unpublish", row).await?,
        }
    }
    Ok(())
}

/// Sessions, people and rooms as they were, with the mails that were waiting; those of the publication are taken back.
async fn put_back(txn: &Txn, before: &Before, now: Vec<research_session::Model>) -> Result<()> {
    let ids: Vec<Uuid> = before.sessions.iter().map(|row| row.id).collect();
    effects::clear(txn, &ids).await?;
    let mut old: HashMap<Uuid, &research_session::Model> =
        before.sessions.iter().map(|row| (row.id, row)).collect();
    let back = now.into_iter().filter_map(|row| {
        let version = row.version + 1;
        let old = old.remove(&row.id)?;
        Some((row, research_session::Model { version, ..old.clone() }))
    });
    audit::update_all(txn, "session.unpublish", back.collect()).await?;
    audit::insert_parts(txn, before.participants.clone()).await?;
    audit::insert_parts(txn, before.bookings.clone()).await?;
    outbox::take_back(txn, Condition::all().add(message::Column::SubjectId.is_in(ids))).await?;
    outbox::wait_again(txn, &before.waiting).await
}
