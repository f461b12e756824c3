//! The outbox: what is to be sent, who is sending it, and what became of it.
//!
//! pending → claimed → data → sent, failed or unknown; also missed (too late) and stale (no longer true). Every step
//! is fenced by the claim's owner. Enqueueing is audited with the operation that caused it; the steps after it are
//! not, since the row keeps them itself (owner, attempts, failure, sent_at).

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveEnum, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, LockBehavior, LockType},
};
use uuid::Uuid;

use crate::audit;
use crate::entity::message::{self, Column, Entity};
use crate::entity::values::{MessageKind, MessageState};
use crate::error::Result;
use crate::id;
use crate::scope::{Scope, Txn};

/// The right-hand side of our Message-IDs; a name that can never be another's.
pub(super) const MESSAGE_ID_HOST: &str = "tongpan.local";
/// How long the body's answer may be outstanding: ten minutes (RFC 5321) and some.
const DATA_LEASE: TimeDelta = TimeDelta::minutes(15);

/// A mail to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What it tells.
    pub kind: MessageKind,
    /// To whom.
    pub teacher_id: Uuid,
    /// Her address.
    pub address: String,
    /// What it is about.
    pub subject_id: Uuid,
    /// Version of the subject it tells of.
    pub subject_version: i32,
    /// Minutes before the start or the due day, for reminders, negative after it; else 0.
    pub lead_minutes: i32,
    /// Not before.
    pub send_at: DateTime<Utc>,
    /// Not after.
    pub expires_at: DateTime<Utc>,
}

/// Why a message whose sender died in the middle is in doubt.
const INTERRUPTED: &str = "发送中断，不知对方服务器是否已收下";

/// What makes a message the same message.
type Key = (Uuid, Uuid, MessageKind, i32, i32);

impl Draft {
    fn key(&self) -> Key {
        (self.teacher_id, self.subject_id, self.kind, self.lead_minutes, self.subject_version)
    }

    /// The same for the same message, on whichever machine and however often it is tried.
    fn message_id(&self) -> String {
        let kind = self.kind.to_value();
        let name = format!("{kind} {} {} {}", self.teacher_id, self.lead_minutes, self.subject_version);
        let hash = Uuid::new_v5(&self.subject_id, name.as_bytes());
        format!("<{kind}.{}@{MESSAGE_ID_HOST}>", hash.simple())
    }

    fn into_row(self, district_id: Uuid, now: DateTime<Utc>) -> message::Model {
        message::Model {
            id: id::new(),
            district_id,
            message_id: self.message_id(),
            kind: self.kind,
            teacher_id: self.teacher_id,
            address: self.address,
            subject_id: self.subject_id,
            subject_version: self.subject_version,
            lead_minutes: self.lead_minutes,
            state: MessageState::Pending,
            send_at: self.send_at,
            expires_at: self.expires_at,
            owner: None,
            lease_until: None,
            attempts: 0,
            doubts: 0,
            failure: None,
            sent_at: None,
            created_at: now,
        }
    }
}

/// The messages about some subjects that were written before.
async fn written(
    connection: &impl ConnectionTrait,
    district_id: Uuid,
    drafts: &[Draft],
) -> Result<HashSet<Key>> {
    let subjects: HashSet<Uuid> = drafts.iter().map(|draft| draft.subject_id).collect();
    let written: Vec<Key> = Entity::find()
        .select_only()
        .columns([
            Column::TeacherId,
            Column::SubjectId,
            Column::Kind,
            Column::LeadMinutes,
            Column::SubjectVersion,
        ])
        .filter(Column::DistrictId.eq(district_id))
        .filter(Column::SubjectId.is_in(subjects))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(written.into_iter().collect())
}

/// Those of `drafts` that were not written before.
pub async fn unwritten(scope: &Scope, mut drafts: Vec<Draft>) -> Result<Vec<Draft>> {
    if drafts.is_empty() {
        return Ok(drafts);
    }
    let known = written(scope.reader(), scope.district.id, &drafts).await?;
    drafts.retain(|draft| !known.contains(&draft.key()));
    Ok(drafts)
}

/// Writes `drafts` in the operation's transaction, leaving out those that were written before; how many were new.
pub async fn enqueue(txn: &Txn, drafts: Vec<Draft>) -> Result<usize> {
    let mut known = written(&**txn, txn.district_id(), &drafts).await?;
    let now = txn.scope().now();
    let rows: Vec<_> = drafts
        .into_iter()
        .filter(|draft| known.insert(draft.key()))
        .map(|draft| draft.into_row(txn.district_id(), now))
        .collect();
    let count = rows.len();
    audit::insert_all(txn, "message.enqueue", rows).await?;
    Ok(count)
}

/// Messages that a worker may now send, and what was settled while looking for them.
#[derive(Debug, Default)]
pub struct Claim {
    /// Claimed, in the order they are due; those about one subject lie together.
    pub messages: Vec<message::Model>,
    /// Given up: their time has passed.
    pub missed: u64,
    /// Interrupted while the body went out: nobody knows.
    pub unknown: u64,
}

/// Claims up to `limit` due messages for `owner` until `lease` from now. Claims of others that ran out are taken over.
pub async fn claim(scope: &Scope, owner: &str, limit: u64, lease: TimeDelta) -> Result<Claim> {
    let txn = scope.begin().await?;
    let now = scope.now();
    // Nothing may be lost: what was interrupted goes out once more, at the price of one copy; then it is given up for people to see.
    let interrupted = |state: MessageState| {
        Entity::update_many()
            .col_expr(Column::State, Expr::value(state))
            .col_expr(Column::Failure, Expr::value(INTERRUPTED))
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
            .col_expr(Column::Doubts, Expr::col(Column::Doubts).add(1))
            .filter(Column::DistrictId.eq(txn.district_id()))
            .filter(Column::State.eq(MessageState::Data))
            .filter(Column::LeaseUntil.lte(now))
    };
    let unknown =
        interrupted(MessageState::Unknown).filter(Column::Doubts.gt(0)).exec(&*txn).await?.rows_affected;
    interrupted(MessageState::Pending).exec(&*txn).await?;
    let missed = Entity::update_many()
        .col_expr(Column::State, Expr::value(MessageState::Missed))
        .filter(Column::DistrictId.eq(txn.district_id()))
        .filter(free(now))
        .filter(Column::ExpiresAt.lte(now))
        .exec(&*txn)
        .await?
        .rows_affected;
    let mut messages = Entity::find()
        .filter(Column::DistrictId.eq(txn.district_id()))
        .filter(free(now))
        .filter(Column::SendAt.lte(now))
        .order_by_asc(Column::SendAt)
        .order_by_asc(Column::SubjectId)
        .order_by_asc(Column::Id)
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(&*txn)
        .await?;
    Entity::update_many()
        .col_expr(Column::State, Expr::value(MessageState::Claimed))
        .col_expr(Column::Owner, Expr::value(owner))
        .col_expr(Column::LeaseUntil, Expr::value(now + lease))
        .filter(Column::DistrictId.eq(txn.district_id()))
        .filter(Column::Id.is_in(messages.iter().map(|message| message.id)))
        .exec(&*txn)
        .await?;
    txn.commit().await?;
    for message in &mut messages {
        message.state = MessageState::Claimed;
        message.owner = Some(owner.to_owned());
        message.lease_until = Some(now + lease);
    }
    Ok(Claim { messages, missed, unknown })
}

/// Not in anybody's hands.
fn free(now: DateTime<Utc>) -> Condition {
    Condition::any()
        .add(Column::State.eq(MessageState::Pending))
        .add(Condition::all().add(Column::State.eq(MessageState::Claimed)).add(Column::LeaseUntil.lte(now)))
}

/// Prolongs the claims that `owner` still holds.
pub async fn renew(scope: &Scope, owner: &str, lease: TimeDelta) -> Result<()> {
    let txn = scope.begin().await?;
    Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::value(scope.now() + lease))
        .filter(Column::DistrictId.eq(txn.district_id()))
        .filter(Column::Owner.eq(owner))
        .filter(Column::State.eq(MessageState::Claimed))
        .exec(&*txn)
        .await?;
    txn.commit().await
}

/// Gives back the claims that `owner` holds and did not begin to send.
pub async fn release(scope: &Scope, owner: &str) -> Result<()> {
    let txn = scope.begin().await?;
    Entity::update_many()
        .col_expr(Column::State, Expr::value(MessageState::Pending))
        .filter(Column::DistrictId.eq(txn.district_id()))
        .filter(Column::Owner.eq(owner))
        .filter(Column::State.eq(MessageState::Claimed))
        .exec(&*txn)
        .await?;
    txn.commit().await
}

/// Records that the body is about to go out; `false` when another worker took the message over: then it must not.
pub async fn mark_data(scope: &Scope, owner: &str, id: Uuid) -> Result<bool> {
    let txn = scope.begin().await?;
    let marked = Entity::update_many()
        .col_expr(Column::State, Expr::value(MessageState::Data))
        .col_expr(Column::LeaseUntil, Expr::value(scope.now() + DATA_LEASE))
        .filter(Column::DistrictId.eq(txn.district_id()))
        .filter(Column::Id.eq(id))
        .filter(Column::Owner.eq(owner))
        .filter(Column::State.eq(MessageState::Claimed))
        .exec(&*txn)
        .await?
        .rows_affected;
    txn.commit().await?;
    Ok(marked == 1)
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The server took it.
    Sent,
    /// Refused for good, in the server's words.
    Failed(String),
    /// Not now; again after this instant.
    Retry(DateTime<Utc>, String),
    /// The body went out and the answer was lost.
    Unknown(String),
    /// No longer true: nothing went out.
    Stale,
}

impl Verdict {
    const fn state(&self) -> MessageState {
        match self {
            Self::Sent => MessageState::Sent,
            Self::Failed(_) => MessageState::Failed,
            Self::Retry(..) => MessageState::Pending,
            Self::Unknown(_) => MessageState::Unknown,
            Self::Stale => MessageState::Stale,
        }
    }
}

/// Records the same verdict on messages that `owner` holds; how many he still held. An answer that comes after the
/// message was given up as unknown still counts, as long as nobody else took it.
pub async fn finish(scope: &Scope, owner: &str, ids: &[Uuid], verdict: &Verdict) -> Result<u64> {
    let txn = scope.begin().await?;
    let mut update = Entity::update_many()
        .col_expr(Column::State, Expr::value(verdict.state()))
        .col_expr(Column::LeaseUntil, Expr::value(None::<DateTime<Utc>>));
    update = match verdict {
        Verdict::Sent => update
            .col_expr(Column::SentAt, Expr::value(scope.now()))
            .col_expr(Column::Failure, Expr::value(None::<String>)),
        Verdict::Failed(reason) | Verdict::Unknown(reason) => {
            update.col_expr(Column::Failure, Expr::value(reason.as_str()))
        }
        Verdict::Retry(send_at, reason) => update
            .col_expr(Column::SendAt, Expr::value(*send_at))
            .col_expr(Column::Failure, Expr::value(reason.as_str())),
        Verdict::Stale => update,
    };
    if *verdict != Verdict::Stale {
        update = update.col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1));
    }
    let held = [MessageState::Claimed, MessageState::Data, MessageState::Unknown];
    let done = update
        .filter(Column::DistrictId.eq(txn.district_id()))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Column::Owner.eq(owner))
        .filter(Column::State.is_in(held))
        .exec(&*txn)
        .await?
        .rows_affected;
    txn.commit().await?;
    Ok(done)
}

/// How many messages stand where.
pub async fn counts(scope: &Scope) -> Result<BTreeMap<MessageState, i64>> {
    let counts: Vec<(MessageState, i64)> = Entity::find()
        .select_only()
        .column(Column::State)
        .column_as(Column::Id.count(), "messages")
        .filter(Column::DistrictId.eq(scope.district.id))
        .group_by(Column::State)
        .into_tuple()
        .all(scope.reader())
        .await?;
    Ok(counts.into_iter().collect())
}

#[cfg(test)]
mod tests;
