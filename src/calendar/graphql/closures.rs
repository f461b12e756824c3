//! Rooms that cannot be used for some days.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::NaiveDate;
use sea_orm::{ColumnTrait, QueryFilter};

use crate::calendar::closures::{self, NewClosure};
use crate::calendar::graphql::Room;
use crate::entity::room_closure;
use crate::graphql::{
    Connected, Fault, Key, OrFault, Order, Page, ident, object_over, page, settle, the, weight, writer,
};
use crate::id::Kind;
use crate::people::graphql::AwayDays;
use crate::scope::Scope;

object_over! {
    /// A closure.
    RoomClosure, room_closure, dated
}

/// Days on which a room cannot be used 场地停用: planning holds nothing there on them.
#[Object]
impl RoomClosure {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::RoomClosure.id(self.0.id).into()
    }

    /// The room.
    async fn room(&self, ctx: &Context<'_>) -> Result<Room> {
        the(ctx, self.0.room_id).await
    }

    /// The days, and who recorded them.
    #[graphql(flatten)]
    async fn days(&self) -> AwayDays {
        let row = &self.0;
        AwayDays {
            from_on: row.from_on,
            until_on: row.until_on,
            recorded_by: row.recorded_by.clone(),
            recorded_at: row.recorded_at,
            version: row.version,
        }
    }

    /// Why.
    async fn reason(&self) -> &str {
        &self.0.reason
    }
}

/// Reads closures.
#[derive(Default)]
pub struct ClosuresQuery;

#[Object]
impl ClosuresQuery {
    /// Closures of rooms 场地停用, by first day.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn room_closures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of this room.")] room_id: Option<ID>,
        #[graphql(desc = "Only those that last until this day or longer.")] from: Option<NaiveDate>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<RoomClosure>> {
        let mut select = closures::closures(from, None);
        if let Some(id) = room_id {
            let room = ident(Kind::Room, &id, "roomId").or_fault(ctx)?;
            select = select.filter(room_closure::Column::RoomId.eq(room));
        }
        let order =
            Order::by(room_closure::Column::FromOn, |row: &room_closure::Model| Key::Day(row.from_on));
        page(ctx, select, order, Page::new(first, after, last, before)).await
    }
}

/// Days on which a room cannot be used.
#[derive(Debug, InputObject)]
pub struct RoomCloseInput {
    /// The room.
    room_id: ID,
    /// First day.
    from_on: NaiveDate,
    /// Last day; null: nobody knows yet.
    until_on: Option<NaiveDate>,
    /// Why.
    reason: String,
}

/// The end of a closure.
#[derive(Debug, InputObject)]
pub struct RoomOpenInput {
    /// The closure.
    room_closure_id: ID,
    /// The version the change was made from.
    expected_version: i32,
    /// The last day on which it is closed; a day before the first removes what was recorded by mistake.
    until_on: NaiveDate,
}

/// What came of closing or opening a room.
#[derive(SimpleObject)]
pub struct RoomClosurePayload {
    /// The closure as it now is, or as it was when it was removed.
    room_closure: Option<RoomClosure>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// Closes and opens rooms.
#[derive(Default)]
pub struct ClosuresMutation;

#[Object]
impl ClosuresMutation {
    /// Closes a room for some days. What is published there stays until it is planned anew (`planRunStart` with mode `REPLAN`).
    async fn room_close(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and when.")] input: RoomCloseInput,
    ) -> Result<RoomClosurePayload> {
        let scope = writer(ctx)?;
        let (room_closure, user_errors) = settle(ctx, close(scope, input).await, None).await?;
        Ok(RoomClosurePayload { room_closure, user_errors })
    }

    /// Opens a room again.
    async fn room_open(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and when.")] input: RoomOpenInput,
    ) -> Result<RoomClosurePayload> {
        let scope = writer(ctx)?;
        let row = Kind::RoomClosure.parse(&input.room_closure_id);
        let (room_closure, user_errors) = settle(ctx, open(scope, input).await, row).await?;
        Ok(RoomClosurePayload { room_closure, user_errors })
    }
}

async fn close(scope: &Scope, input: RoomCloseInput) -> crate::error::Result<room_closure::Model> {
    let new = NewClosure {
        room_id: ident(Kind::Room, &input.room_id, "roomId")?,
        from_on: input.from_on,
        until_on: input.until_on,
        reason: input.reason,
    };
    closures::close(scope, new).await
}

async fn open(scope: &Scope, input: RoomOpenInput) -> crate::error::Result<room_closure::Model> {
    let id = ident(Kind::RoomClosure, &input.room_closure_id, "roomClosureId")?;
    closures::open(scope, id, input.expected_version, input.until_on).await
}
