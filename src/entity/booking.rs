//! A person or room that is taken; the database refuses overlaps.

use sea_orm::entity::prelude::*;

use super::values::ResourceKind;

/// A person or room that is taken; the database refuses overlaps.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "booking")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// Teacher or room.
    pub resource: ResourceKind,
    /// Which one.
    pub resource_id: Uuid,
    /// The session that takes it.
    pub session_id: Uuid,
    /// From.
    pub starts_at: DateTimeUtc,
    /// Until, exclusive.
    pub ends_at: DateTimeUtc,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
