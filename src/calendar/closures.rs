//! Rooms that cannot be used for some days: planning holds nothing there on those.

use chrono::NaiveDate;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select, prelude::Uuid};

use crate::audit;
use crate::entity::{room, room_closure};
use crate::error::{Result, UserError};
use crate::id::{self, Kind};
use crate::people::away::{self, Away, Days};
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
    let days = (new.from_on, new.until_on);
    let reason = away::checked(days, &new.reason)?;
    let txn = scope.begin().await?;
    let room = rows::find::<room::Entity>(&txn, Kind::Room, new.room_id).await?;
    let known = rows::in_district(txn.district_id(), room_closure::Entity::find())
        .filter(room_closure::Column::RoomId.eq(room.id))
        .all(&*txn)
        .await?;
    if let Some(other) = away::overlapping(&known, days) {
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
    away::end(scope, closure_id, expected_version, until_on).await
}

/// Closures that touch the stretch; what is `None` has no bound.
pub fn closures(from: Option<NaiveDate>, until: Option<NaiveDate>) -> Select<room_closure::Entity> {
    away::touching(from, until)
}

impl Away for room_closure::Model {
    const KIND: Kind = Kind::RoomClosure;
    const ENDED: &'static str = "room.open";
    const REMOVED: &'static str = "room.open";

    fn days(&self) -> Days {
        (self.from_on, self.until_on)
    }

    fn version(&self) -> i32 {
        self.version
    }

    fn until(self, until_on: NaiveDate) -> Self {
        Self { until_on: Some(until_on), version: self.version + 1, ..self }
    }
}
