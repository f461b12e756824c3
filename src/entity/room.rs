//! A room 场地 in which sessions are held.

use sea_orm::entity::prelude::*;

/// A room 场地 in which sessions are held.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "room")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The school.
    pub school_id: Uuid,
    /// Name.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Seats.
    pub capacity: i32,
    /// Equipment, as a list of `Equipment` values.
    #[sea_orm(column_type = "JsonBinary")]
    pub equipment: Json,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
