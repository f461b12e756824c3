//! A group that a plan covers, and the plan it started from.

use sea_orm::entity::prelude::*;

/// A group that a plan covers, and the plan it started from.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "plan_group")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The plan.
    pub plan_id: Uuid,
    /// The group.
    pub group_id: Uuid,
    /// The group's published plan when this one was made.
    pub parent_id: Option<Uuid>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
