//! A yearly round of rotations 轮岗.

use sea_orm::entity::prelude::*;

use super::values::RoundState;

/// A yearly round of rotations 轮岗.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "rotation_round")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// Name, e.g. 2026年教师交流轮岗.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// First day of the round.
    pub starts_on: Date,
    /// Last day of the round.
    pub ends_on: Date,
    /// Where it stands.
    pub state: RoundState,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
