//! The outbox: what is to be sent, who is sending it, and what became of it.
//!
//! pending → claimed → data → sent, failed or unknown; also missed (too late) and stale (no longer true). Every step
//! is fenced by the claim's owner. Enqueueing is audited with the operation that caused it; the steps after it are
//! not, since the row keeps them itself (owner, attempts, failure, sent_at).

mod claiming;
mod dead;

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ActiveEnum, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use crate::audit;
use crate::entity::district;
use crate::entity::message::{self, Column, Entity};
use crate::entity::values::{MessageKind, MessageState};
use crate::error::Result;
use crate::id::{self, Kind};
use crate::rows;
use crate::scope::{Scope, Txn};

pub use claiming::{Claim, claim};
pub use dead::{Listed, list, retry};

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
            tried_at: None,
            sent_at: None,
            created_at: now,
        }
    }
}

/// The messages about some subjects that were written before, by what makes them the same; `true`: taken back since.
async fn written(
    connection: &impl ConnectionTrait,
    district_id: Uuid,
    drafts: &[Draft],
) -> Result<HashMap<Key, bool>> {
    let subjects: HashSet<Uuid> = drafts.iter().map(|draft| draft.subject_id).collect();
    let written: Vec<(Uuid, Uuid, MessageKind, i32, i32, MessageState)> = Entity::find()
        .select_only()
        .columns([
            Column::TeacherId,
            Column::SubjectId,
            Column::Kind,
            Column::LeadMinutes,
            Column::SubjectVersion,
            Column::State,
        ])
        .filter(Column::DistrictId.eq(district_id))
        .filter(Column::SubjectId.is_in(subjects))
        .into_tuple()
        .all(connection)
        .await?;
    let key = |(teacher, subject, kind, lead, version, state)| {
        ((teacher, subject, kind, lead, version), state == MessageState::Stale)
    };
    Ok(written.into_iter().map(key).collect())
}

/// Those of `drafts` that were not written before.
async fn unwritten(scope: &Scope, mut drafts: Vec<Draft>) -> Result<Vec<Draft>> {
    if drafts.is_empty() {
        return Ok(drafts);
    }
    let known = written(scope.reader(), scope.district.id, &drafts).await?;
    drafts.retain(|draft| !known.contains_key(&draft.key()));
    Ok(drafts)
}

/// Writes `drafts` in the operation's transaction, leaving out those that were written before; how many will go out that would not
/// have. What was taken back is true again when it is written again.
pub async fn enqueue(txn: &Txn, drafts: Vec<Draft>) -> Result<usize> {
    let mut known = written(&**txn, txn.district_id(), &drafts).await?;
    let (mut rows, mut again) = (Vec::new(), Vec::new());
    let now = txn.scope().now();
    for draft in drafts {
        match known.insert(draft.key(), false) {
            None => rows.push(draft.into_row(txn.district_id(), now)),
            Some(true) => again.push(draft),
            Some(false) => {}
        }
    }
    let count = rows.len() + again.len();
    audit::insert_all(txn, "message.enqueue", rows).await?;
    write_again(txn, again).await?;
    Ok(count)
}

/// Lets what was taken back go out after all, as it is written now.
async fn write_again(txn: &Txn, drafts: Vec<Draft>) -> Result<()> {
    if drafts.is_empty() {
        return Ok(());
    }
    let subjects: HashSet<Uuid> = drafts.iter().map(|draft| draft.subject_id).collect();
    let mut drafts: HashMap<Key, Draft> = drafts.into_iter().map(|draft| (draft.key(), draft)).collect();
    let stale = Entity::find()
        .filter(Column::DistrictId.eq(txn.district_id()))
        .filter(Column::SubjectId.is_in(subjects))
        .filter(Column::State.eq(MessageState::Stale))
        .all(&**txn)
        .await?;
    let again = stale.into_iter().filter_map(|row| {
        let draft = drafts.remove(&key(&row))?;
        let after = message::Model {
            state: MessageState::Pending,
            address: draft.address,
            send_at: draft.send_at,
            expires_at: draft.expires_at,
            owner: None,
            ..row.clone()
        };
        Some((row, after))
    });
    audit::update_all(txn, "message.enqueue", again.collect()).await
}

fn key(row: &message::Model) -> Key {
    (row.teacher_id, row.subject_id, row.kind, row.lead_minutes, row.subject_version)
}

/// Enqueues those of `drafts` that were not written before, in a transaction of its own; how many. For what comes due by itself.
pub async fn enqueue_new(scope: &Scope, drafts: Vec<Draft>) -> Result<usize> {
    let new = unwritten(scope, drafts).await?;
    if new.is_empty() {
        return Ok(0);
    }
    let txn = scope.begin().await?;
    // Two workers look at the same time: the second finds what the first has written.
    rows::hold::<district::Entity>(&txn, Kind::District, scope.district.id, LockType::Update).await?;
    let count = enqueue(&txn, new).await?;
    txn.commit().await?;
    Ok(count)
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

/// Gives back what `owner` holds and could not try, until an instant: there is no way out before.
pub async fn put_off(
    scope: &Scope,
    owner: &str,
    ids: &[Uuid],
    until: DateTime<Utc>,
    reason: &str,
) -> Result<u64> {
    let txn = scope.begin().await?;
    let done = Entity::update_many()
        .col_expr(Column::State, Expr::value(MessageState::Pending))
        .col_expr(Column::SendAt, Expr::value(until))
        .col_expr(Column::Failure, Expr::value(reason))
        .filter(Column::DistrictId.eq(txn.district_id()))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Column::Owner.eq(owner))
        .filter(Column::State.eq(MessageState::Claimed))
        .exec(&*txn)
        .await?
        .rows_affected;
    txn.commit().await?;
    Ok(done)
}

/// Takes back what is not on its way yet and tells of an older version of its subject; `subjects`: each with the version that holds
/// now. In the transaction that makes the new version: once it is committed, no older mail begins to go out.
pub async fn supersede(txn: &Txn, subjects: &[(Uuid, i32)]) -> Result<u64> {
    let mut by_version: HashMap<i32, Vec<Uuid>> = HashMap::new();
    for (subject, version) in subjects {
        by_version.entry(*version).or_default().push(*subject);
    }
    let mut taken_back = 0;
    for (version, subjects) in by_version {
        let older =
            Condition::all().add(Column::SubjectId.is_in(subjects)).add(Column::SubjectVersion.lt(version));
        taken_back += take_back(txn, older).await?;
    }
    Ok(taken_back)
}

/// Lets mails wait again that were taken back.
pub async fn wait_again(txn: &Txn, ids: &[Uuid]) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(MessageState::Pending))
        .filter(Column::DistrictId.eq(txn.district_id()))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Column::State.eq(MessageState::Stale))
        .exec(&**txn)
        .await?;
    Ok(())
}

/// Takes back what is not on its way yet and tells some people of a subject that no longer concerns them.
pub async fn withdraw(txn: &Txn, subject: Uuid, people: &[Uuid]) -> Result<u64> {
    if people.is_empty() {
        return Ok(0);
    }
    let theirs = Condition::all()
        .add(Column::SubjectId.eq(subject))
        .add(Column::TeacherId.is_in(people.iter().copied()));
    take_back(txn, theirs).await
}

/// Marks as stale what is not on its way yet.
pub async fn take_back(txn: &Txn, which: Condition) -> Result<u64> {
    let taken_back = Entity::update_many()
        .col_expr(Column::State, Expr::value(MessageState::Stale))
        .col_expr(Column::LeaseUntil, Expr::value(None::<DateTime<Utc>>))
        .filter(Column::DistrictId.eq(txn.district_id()))
        .filter(which)
        .filter(Column::State.is_in([MessageState::Pending, MessageState::Claimed]))
        .exec(&**txn)
        .await?;
    Ok(taken_back.rows_affected)
}

/// Records that the body is about to go out; `false` when another worker took the message over: then it must not.
pub async fn mark_data(scope: &Scope, owner: &str, id: Uuid) -> Result<bool> {
    let txn = scope.begin().await?;
    let marked = Entity::update_many()
        .col_expr(Column::State, Expr::value(MessageState::Data))
        .col_expr(Column::LeaseUntil, Expr::value(scope.now() + DATA_LEASE))
        .col_expr(Column::TriedAt, Expr::value(scope.now()))
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
    /// The body went out and the answer was lost; once more after this instant, as nothing may be lost.
    Doubtful(DateTime<Utc>, String),
    /// The body went out and the answer was lost, for the second time.
    Unknown(String),
    /// No longer true: nothing went out.
    Stale,
}

impl Verdict {
    const fn state(&self) -> MessageState {
        match self {
            Self::Sent => MessageState::Sent,
            Self::Failed(_) => MessageState::Failed,
            Self::Retry(..) | Self::Doubtful(..) => MessageState::Pending,
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
        Verdict::Retry(send_at, reason) | Verdict::Doubtful(send_at, reason) => update
            .col_expr(Column::SendAt, Expr::value(*send_at))
            .col_expr(Column::Failure, Expr::value(reason.as_str())),
        Verdict::Stale => update,
    };
    if matches!(verdict, Verdict::Doubtful(..) | Verdict::Unknown(_)) {
        update = update.col_expr(Column::Doubts, Expr::col(Column::Doubts).add(1));
    }
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

/// How many messages wait out the hold after publishing, and when the first of them is due.
pub async fn held(scope: &Scope) -> Result<Option<(i64, DateTime<Utc>)>> {
    let held: Option<(i64, Option<DateTime<Utc>>)> = Entity::find()
        .select_only()
        .column_as(Column::Id.count(), "messages")
        .column_as(Column::SendAt.min(), "first")
        .filter(Column::DistrictId.eq(scope.district.id))
        .filter(Column::State.eq(MessageState::Pending))
        .filter(Column::SendAt.gt(scope.now()))
        .filter(Column::SendAt.lte(scope.now() + scope.hold()))
        .into_tuple()
        .one(scope.reader())
        .await?;
    Ok(held.and_then(|(count, first)| Some((count, first?))))
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
