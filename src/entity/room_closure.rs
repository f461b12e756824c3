//! Days on which a room cannot be used 场地停用.

use sea_orm::entity::prelude::*;

/// Days on which a room cannot be used 场地停用.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "room_closure")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The room.
    pub room_id: Uuid,
    /// First day.
    pub from_on: Date,
    /// Last day; none: nobody knows yet.
    pub until_on: Option<Date>,
    /// Why.
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    /// Who recorded it: a staff number, or a program.
    #[sea_orm(column_type = "Text")]
    pub recorded_by: String,
    /// When it was recorded.
    pub recorded_at: DateTimeUtc,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
