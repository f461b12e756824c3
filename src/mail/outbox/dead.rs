//! Mails that need somebody: refused for good, in doubt, too late, or waiting after a refusal; and trying one again.

use std::collections::{HashMap, HashSet};

use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::audit;
use crate::entity::message::{self, Column, Entity};
use crate::entity::teacher;
use crate::entity::values::MessageState;
use crate::error::{Error, Result, UserError};
use crate::id::Kind;
use crate::scope::Scope;

/// A mail with the name of its recipient.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The mail.
    pub message: message::Model,
    /// To whom.
    pub name: String,
}

/// The mails in some states, the newest first, at most so many.
pub async fn list(scope: &Scope, states: &[MessageState], limit: u64) -> Result<Vec<Listed>> {
    let rows = Entity::find()
        .filter(Column::DistrictId.eq(scope.district.id))
        .filter(Column::State.is_in(states.iter().copied()))
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(scope.reader())
        .await?;
    let people = people(scope.reader(), scope.district.id, &rows).await?;
    let name = |id: Uuid| people.get(&id).map(|row| row.name.clone()).unwrap_or_default();
    Ok(rows.into_iter().map(|message| Listed { name: name(message.teacher_id), message }).collect())
}

/// Puts mails that were refused for good, or are in doubt, back into the outbox: to the address that the recipient has by now. Whoever
/// asks for a mail in doubt again accepts that it may arrive twice.
///
/// # Errors
/// `NotFound`; `Rejected`, naming each that is not in such a state, is too late, or whose recipient has no address. Nothing is done then.
pub async fn retry(scope: &Scope, ids: &[Uuid]) -> Result<Vec<message::Model>> {
    let txn = scope.begin().await?;
    let rows = Entity::find()
        .filter(Column::DistrictId.eq(txn.district_id()))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(Column::Id)
        .lock(LockType::Update)
        .all(&*txn)
        .await?;
    let wanted: HashSet<Uuid> = ids.iter().copied().collect();
    if rows.len() < wanted.len() {
        return Err(Error::NotFound(Kind::Message));
    }
    let people = people(&*txn, txn.district_id(), &rows).await?;
    let faults: Vec<UserError> = rows.iter().filter_map(|row| cannot(scope, row, &people)).collect();
    if !faults.is_empty() {
        return Err(Error::Rejected(faults));
    }
    let mut again = Vec::new();
    for row in rows {
        let address = people.get(&row.teacher_id).and_then(|person| person.email.clone());
        let after = message::Model {
            state: MessageState::Pending,
            address: address.unwrap_or_else(|| row.address.clone()),
            send_at: scope.now(),
            owner: None,
            lease_until: None,
            attempts: 0,
            doubts: 0,
            ..row.clone()
        };
        again.push(audit::update(&txn, "message.retry", &row, after).await?);
    }
    txn.commit().await?;
    Ok(again)
}

/// Why a mail cannot be tried again.
fn cannot(scope: &Scope, row: &message::Model, people: &HashMap<Uuid, teacher::Model>) -> Option<UserError> {
    let name = people.get(&row.teacher_id).map_or("", |person| person.name.as_str());
    let (kind, state) = (row.kind, row.state);
    if ![MessageState::Failed, MessageState::Unknown].contains(&state) {
        return Some(UserError::new(
            "MESSAGE_STATE",
            format!("发给{name}的{}是“{}”，只有失败和不明的邮件可以重发", kind.zh(), state.zh()),
            format!("the {kind:?} to {name} is {state:?}: only FAILED and UNKNOWN mails can be sent again"),
        ));
    }
    if row.expires_at <= scope.now() {
        return Some(UserError::new(
            "MESSAGE_TOO_LATE",
            format!("发给{name}的{}已过时，不再值得发送；请直接联系本人", kind.zh()),
            format!("the {kind:?} to {name} is no longer worth sending: please speak with the person"),
        ));
    }
    None
}

async fn people(
    connection: &impl ConnectionTrait,
    district: Uuid,
    rows: &[message::Model],
) -> Result<HashMap<Uuid, teacher::Model>> {
    let ids: HashSet<Uuid> = rows.iter().map(|row| row.teacher_id).collect();
    let people = teacher::Entity::find()
        .filter(teacher::Column::DistrictId.eq(district))
        .filter(teacher::Column::Id.is_in(ids))
        .all(connection)
        .await?;
    Ok(people.into_iter().map(|row| (row.id, row)).collect())
}
