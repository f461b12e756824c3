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
    /// First day of service of those who move, unless theirs is another.
    pub starts_on: Date,
    /// Last day of service of those who move, unless theirs is another.
    pub ends_on: Date,
    /// The step it is in.
    pub state: RoundState,
    /// The policy it follows.
    pub policy_id: Option<Uuid>,
    /// The group it is for; none: the whole district.
    pub group_id: Option<Uuid>,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
