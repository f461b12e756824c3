//! A step of a round 步骤, with the days it takes.

use sea_orm::entity::prelude::*;

use super::values::RoundState;

/// A step of a round 步骤, with the days it takes.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "round_step")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The round.
    pub round_id: Uuid,
    /// Which step.
    pub step: RoundState,
    /// First day.
    pub from_on: Date,
    /// Day by which it shall be done.
    pub due_on: Date,
    /// Day on which the round last entered it.
    pub entered_on: Option<Date>,
    /// Working days it takes at least.
    pub working_days: Option<i32>,
    /// Why the round came back to it, or why its days were changed.
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
