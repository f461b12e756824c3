//! Which messages a worker may send now: those that are due, not too late, in nobody's hands, and within what the providers bear.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::entity::message::{self, Column, Entity};
use crate::entity::values::MessageState;
use crate::entity::{district, teacher};
use crate::error::Result;
use crate::mail::{Limits, Rate};
use crate::scope::{Scope, Txn};

/// Why a message whose sender died in the middle is in doubt.
const INTERRUPTED: &str = "发送中断，不知对方服务器是否已收下";
/// The stretch over which mails to one recipient are counted.
const RECIPIENT_WINDOW: TimeDelta = TimeDelta::hours(1);

/// Messages that a worker may now send, and what was settled while looking for them.
#[derive(Debug, Default)]
pub struct Claim {
    /// Claimed, in the order they are due; those about one subject lie together.
    pub messages: Vec<message::Model>,
    /// Given up: their time has passed.
    pub missed: u64,
    /// Interrupted while the body went out: nobody knows.
    pub unknown: u64,
    /// Put off, because the recipient got as much as her provider bears.
    pub put_off: u64,
}

/// Claims up to `limit` due messages for `owner` until `lease` from now. Claims of others that ran out are taken over.
pub async fn claim(
    scope: &Scope,
    owner: &str,
    limit: u64,
    lease: TimeDelta,
    limits: &Limits,
) -> Result<Claim> {
    let txn = scope.begin().await?;
    let mut claim = Claim { unknown: settle_interrupted(&txn).await?, ..Claim::default() };
    claim.missed = settle_missed(&txn).await?;
    let allowance = match limits.rate {
        Some(rate) => std::cmp::min(limit, left(&txn, rate).await?),
        None => limit,
    };
    if allowance > 0 {
        let due = due(&txn, allowance).await?;
        (claim.messages, claim.put_off) = within_recipients(&txn, due, limits.per_recipient).await?;
        addressed_anew(&txn, &mut claim.messages).await?;
        take(&txn, owner, lease, &mut claim.messages).await?;
    }
    txn.commit().await?;
    Ok(claim)
}

/// Nothing may be lost: what was interrupted goes out once more, at the price of one copy; then it is given up for people to see.
async fn settle_interrupted(txn: &Txn) -> Result<u64> {
    let now = txn.scope().now();
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
    let given_up = interrupted(MessageState::Unknown).filter(Column::Doubts.gt(0)).exec(&**txn).await?;
    interrupted(MessageState::Pending).exec(&**txn).await?;
    Ok(given_up.rows_affected)
}

/// What is too late is missed; unless its body may have gone out before: then that is what people should know.
async fn settle_missed(txn: &Txn) -> Result<u64> {
    let now = txn.scope().now();
    let late = |state: MessageState| {
        Entity::update_many()
            .col_expr(Column::State, Expr::value(state))
            .filter(Column::DistrictId.eq(txn.district_id()))
            .filter(free(now))
            .filter(Column::ExpiresAt.lte(now))
    };
    late(MessageState::Unknown).filter(Column::Doubts.gt(0)).exec(&**txn).await?;
    Ok(late(MessageState::Missed).exec(&**txn).await?.rows_affected)
}

/// How many mails the provider still bears in its window. Workers look one after the other.
async fn left(txn: &Txn, rate: Rate) -> Result<u64> {
    let district = district::Entity::find_by_id(txn.district_id());
    district.lock(LockType::NoKeyUpdate).one(&**txn).await?;
    let now = txn.scope().now();
    let gone = Column::TriedAt.gt(now - rate.window);
    let going = Condition::all()
        .add(Column::State.is_in([MessageState::Claimed, MessageState::Data]))
        .add(Column::LeaseUntil.gt(now));
    let used = Entity::find()
        .filter(Column::DistrictId.eq(txn.district_id()))
        .filter(Condition::any().add(gone).add(going))
        .count(&**txn)
        .await?;
    Ok(u64::from(rate.mails).saturating_sub(used))
}

async fn due(txn: &Txn, limit: u64) -> Result<Vec<message::Model>> {
    let now = txn.scope().now();
    let due = Entity::find()
        .filter(Column::DistrictId.eq(txn.district_id()))
        .filter(free(now))
        .filter(Column::SendAt.lte(now))
        .order_by_asc(Column::SendAt)
        .order_by_asc(Column::SubjectId)
        .order_by_asc(Column::Id)
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    Ok(due.all(&**txn).await?)
}

/// Not in anybody's hands.
fn free(now: DateTime<Utc>) -> Condition {
    Condition::any()
        .add(Column::State.eq(MessageState::Pending))
        .add(Condition::all().add(Column::State.eq(MessageState::Claimed)).add(Column::LeaseUntil.lte(now)))
}

/// Those of some due messages that their recipients' providers bear now; the others are put off until they do, so that they do not
/// stand before everybody else's.
async fn within_recipients(
    txn: &Txn,
    due: Vec<message::Model>,
    most: Option<u32>,
) -> Result<(Vec<message::Model>, u64)> {
    let Some(most) = most.filter(|_| !due.is_empty()) else { return Ok((due, 0)) };
    let mut told = told_lately(txn, &due).await?;
    let (mut now, mut later) = (Vec::new(), HashMap::<DateTime<Utc>, Vec<Uuid>>::new());
    for message in due {
        let lately = told.entry(message.address.clone()).or_default();
        if lately.len() < most as usize {
            lately.push(txn.scope().now());
            now.push(message);
            continue;
        }
        // A place becomes free an hour after the mail that will then be the oldest; what waits already waits behind it.
        let free = lately[lately.len() - most as usize] + RECIPIENT_WINDOW;
        lately.push(free);
        later.entry(free).or_default().push(message.id);
    }
    let count = later.values().map(|ids| ids.len() as u64).sum();
    for (send_at, ids) in later {
        Entity::update_many()
            .col_expr(Column::SendAt, Expr::value(send_at))
            .filter(Column::DistrictId.eq(txn.district_id()))
            .filter(Column::Id.is_in(ids))
            .exec(&**txn)
            .await?;
    }
    Ok((now, count))
}

/// When the recipients of some messages were sent a mail within the last hour, oldest first.
async fn told_lately(txn: &Txn, due: &[message::Model]) -> Result<HashMap<String, Vec<DateTime<Utc>>>> {
    let addresses: HashSet<&str> = due.iter().map(|message| message.address.as_str()).collect();
    let told: Vec<(String, DateTime<Utc>)> = Entity::find()
        .select_only()
        .columns([Column::Address, Column::TriedAt])
        .filter(Column::DistrictId.eq(txn.district_id()))
        .filter(Column::Address.is_in(addresses))
        .filter(Column::TriedAt.gt(txn.scope().now() - RECIPIENT_WINDOW))
        .order_by_asc(Column::TriedAt)
        .into_tuple()
        .all(&**txn)
        .await?;
    let mut lately: HashMap<String, Vec<DateTime<Utc>>> = HashMap::new();
    for (address, at) in told {
        lately.entry(address).or_default().push(at);
    }
    Ok(lately)
}

/// Whoever has another address since the message was written gets it there.
async fn addressed_anew(txn: &Txn, messages: &mut [message::Model]) -> Result<()> {
    let people: HashSet<Uuid> = messages.iter().map(|message| message.teacher_id).collect();
    let known: Vec<(Uuid, Option<String>)> = teacher::Entity::find()
        .select_only()
        .columns([teacher::Column::Id, teacher::Column::Email])
        .filter(teacher::Column::DistrictId.eq(txn.district_id()))
        .filter(teacher::Column::Id.is_in(people))
        .into_tuple()
        .all(&**txn)
        .await?;
    let known: HashMap<Uuid, String> =
        known.into_iter().filter_map(|(id, email)| Some((id, email?))).collect();
    for message in messages {
        let Some(address) = known.get(&message.teacher_id).filter(|address| **address != message.address)
        else {
            continue;
        };
        message.address.clone_from(address);
        Entity::update_many()
            .col_expr(Column::Address, Expr::value(address.as_str()))
            .filter(Column::DistrictId.eq(txn.district_id()))
            .filter(Column::Id.eq(message.id))
            .exec(&**txn)
            .await?;
    }
    Ok(())
}

async fn take(txn: &Txn, owner: &str, lease: TimeDelta, messages: &mut [message::Model]) -> Result<()> {
    let until = txn.scope().now() + lease;
    Entity::update_many()
        .col_expr(Column::State, Expr::value(MessageState::Claimed))
        .col_expr(Column::Owner, Expr::value(owner))
        .col_expr(Column::LeaseUntil, Expr::value(until))
        .filter(Column::DistrictId.eq(txn.district_id()))
        .filter(Column::Id.is_in(messages.iter().map(|message| message.id)))
        .exec(&**txn)
        .await?;
    for message in messages {
        message.state = MessageState::Claimed;
        message.owner = Some(owner.to_owned());
        message.lease_until = Some(until);
    }
    Ok(())
}
