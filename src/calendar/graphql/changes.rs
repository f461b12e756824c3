//! Changes to the calendar and to rooms.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::NaiveDate;

use crate::calendar::edit;
use crate::calendar::graphql::{Room, SchoolDay};
use crate::entity::values::{DayKind, Equipment};
use crate::entity::{room, school_day};
use crate::graphql::{Fault, ident, settle, writer};
use crate::id::Kind;
use crate::scope::Scope;

/// What a day is to be.
#[derive(Debug, InputObject)]
pub struct SchoolDaySetInput {
    /// The day.
    day_on: NaiveDate,
    /// The school it holds for; null: the whole district.
    school_id: Option<ID>,
    /// What it is.
    kind: DayKind,
    /// ISO weekday whose timetable runs; a make-up day must name it.
    timetable_weekday: Option<i32>,
    /// As people call it, e.g. 国庆节.
    name: Option<String>,
    /// The version the change was made from; null: the day was plain.
    expected_version: Option<i32>,
}

/// A day to make plain again.
#[derive(Debug, InputObject)]
pub struct SchoolDayRemoveInput {
    /// The day.
    school_day_id: ID,
    /// The version that was looked at.
    expected_version: i32,
}

/// What came of a change to a day.
#[derive(SimpleObject)]
pub struct SchoolDayPayload {
    /// The day as it now is, or as it was when it was removed.
    school_day: Option<SchoolDay>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// What to change of a room; what is left out stays.
#[derive(Debug, InputObject)]
pub struct RoomUpdateInput {
    /// The room.
    room_id: ID,
    /// The version the change was made from.
    expected_version: i32,
    /// Name.
    name: Option<String>,
    /// Seats.
    capacity: Option<i32>,
    /// Equipment, the whole list.
    equipment: Option<Vec<Equipment>>,
}

/// What came of a change to a room.
#[derive(SimpleObject)]
pub struct RoomPayload {
    /// The room as it now is.
    room: Option<Room>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// Changes the calendar and rooms.
#[derive(Default)]
pub struct CalendarMutation;

#[Object]
impl CalendarMutation {
    /// Sets what a day is: a holiday, a make-up day, an exam …
    async fn school_day_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which day, and what it is.")] input: SchoolDaySetInput,
    ) -> Result<SchoolDayPayload> {
        let scope = writer(ctx)?;
        let (school_day, user_errors) = settle(ctx, set_day(scope, input).await, None).await?;
        Ok(SchoolDayPayload { school_day, user_errors })
    }

    /// Makes a day plain again.
    async fn school_day_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which day.")] input: SchoolDayRemoveInput,
    ) -> Result<SchoolDayPayload> {
        let scope = writer(ctx)?;
        let row = Kind::SchoolDay.parse(&input.school_day_id);
        let (school_day, user_errors) = settle(ctx, remove_day(scope, input).await, row).await?;
        Ok(SchoolDayPayload { school_day, user_errors })
    }

    /// Changes a room.
    async fn room_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: RoomUpdateInput,
    ) -> Result<RoomPayload> {
        let scope = writer(ctx)?;
        let row = Kind::Room.parse(&input.room_id);
        let (room, user_errors) = settle(ctx, update_room(scope, input).await, row).await?;
        Ok(RoomPayload { room, user_errors })
    }
}

async fn set_day(scope: &Scope, input: SchoolDaySetInput) -> crate::error::Result<school_day::Model> {
    let setting = edit::DaySetting {
        day_on: input.day_on,
        school_id: input.school_id.map(|id| ident(Kind::School, &id, "schoolId")).transpose()?,
        kind: input.kind,
        timetable_weekday: input.timetable_weekday,
        name: input.name,
        expected_version: input.expected_version,
    };
    edit::set_day(scope, setting).await
}

async fn remove_day(scope: &Scope, input: SchoolDayRemoveInput) -> crate::error::Result<school_day::Model> {
    let id = ident(Kind::SchoolDay, &input.school_day_id, "schoolDayId")?;
    edit::remove_day(scope, id, input.expected_version).await
}

async fn update_room(scope: &Scope, input: RoomUpdateInput) -> crate::error::Result<room::Model> {
    let change = edit::RoomChange {
        room_id: ident(Kind::Room, &input.room_id, "roomId")?,
        expected_version: input.expected_version,
        name: input.name,
        capacity: input.capacity,
        equipment: input.equipment,
    };
    edit::update_room(scope, change).await
}
