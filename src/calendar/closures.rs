//! Rooms that cannot be used for some days: planning holds nothing there on those.

use chrono::NaiveDate;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryTrait, Select, prelude::Uuid};

use crate::audit;
use crate::entity::{room, room_closure};
use crate::error::{Result, UserError};
use crate::groups::{already_ended, ends_before_it_begins};
use crate::id::{self, Kind};
use crate::people::absences::reason_given;
use crate::people::roster::overlap;
use crate::rows;
use crate::scope::Scope;

/// Days on which a room cannot be used.
#[derive(Debug)]
pub struct NewClosure {
    /// The room.
    pub room_id: Uuid,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day; `None`: nobody knows yet.
    pub until_on: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

/// Closes a room. What is published there stays until it is planned anew.
///
/// # Errors
/// `NotFound`; `Rejected` when it ends before it begins, says no reason, or the room is closed on such a day already.
pub async fn close(scope: &Scope, new: NewClosure) -> Result<room_closure::Model> {
    let reason = reason_given(&new.reason)?;
    if new.until_on.is_some_and(|until| until < new.from_on) {
        return Err(ends_before_it_begins("untilOn").into());
    }
    let txn = scope.begin().await?;
    let room = rows::find::<room::Entity>(&txn, Kind::Room, new.room_id).await?;
    let known = rows::in_district(txn.district_id(), room_closure::Entity::find())
        .filter(room_closure::Column::RoomId.eq(room.id))
        .all(&*txn)
        .await?;
    let same = |row: &&room_closure::Model| overlap((row.from_on, row.until_on), (new.from_on, new.until_on));
    if let Some(other) = known.iter().find(same) {
        let (name, since) = (&room.name, other.from_on);
        return Err(UserError::new(
            "ALREADY_CLOSED",
            format!("{name}自 {since} 起已停用，与这段时间重叠，请先恢复使用或更正原来的记录"),
            format!(
                "{name} is closed since {since}, which overlaps these days: open it or correct that first"
            ),
        )
        .at("fromOn")
        .into());
    }
    let row = room_closure::Model {
        id: id::new(),
        district_id: txn.district_id(),
        room_id: room.id,
        from_on: new.from_on,
        until_on: new.until_on,
        reason,
        recorded_by: scope.actor.name().to_owned(),
        recorded_at: scope.now(),
        version: 1,
    };
    let row = audit::insert(&txn, "room.close", row).await?;
    txn.commit().await?;
    Ok(row)
}

/// Opens a room again: `until_on` is the last day on which it is closed. A closure that would end before it began never was: it
/// is removed, and returned as it stood.
///
/// # Errors
/// `NotFound`; `Rejected` when it has ended earlier already; `Stale`.
pub async fn open(
    scope: &Scope,
    closure_id: Uuid,
    expected_version: i32,
    until_on: NaiveDate,
) -> Result<room_closure::Model> {
    let txn = scope.begin().await?;
    let before = rows::find::<room_closure::Entity>(&txn, Kind::RoomClosure, closure_id).await?;
    rows::expect_version(&txn, before.id, before.version, expected_version).await?;
    if let Some(ends) = before.until_on.filter(|ends| *ends <= until_on) {
        return Err(already_ended(ends).into());
    }
    if until_on < before.from_on {
        audit::delete(&txn, "room.open", before.clone()).await?;
        txn.commit().await?;
        return Ok(before);
    }
    let after =
        room_closure::Model { until_on: Some(until_on), version: before.version + 1, ..before.clone() };
    let after = audit::update(&txn, "room.open", &before, after).await?;
    txn.commit().await?;
    Ok(after)
}

/// Closures that touch the stretch; what is `None` has no bound.
pub fn closures(from: Option<NaiveDate>, until: Option<NaiveDate>) -> Select<room_closure::Entity> {
    use room_closure::Column;
    room_closure::Entity::find()
        .apply_if(from, |select, from| select.filter(Column::UntilOn.is_null().or(Column::UntilOn.gte(from))))
        .apply_if(until, |select, until| select.filter(Column::FromOn.lte(until)))
}
