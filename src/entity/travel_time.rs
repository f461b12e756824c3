//! Travel between two schools 路程, the same both ways.

use sea_orm::entity::prelude::*;

/// Travel between two schools 路程, the same both ways.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "travel_time")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// One school.
    pub from_school_id: Uuid,
    /// The other.
    pub to_school_id: Uuid,
    /// Road distance.
    pub kilometres: Option<f64>,
    /// Minutes by the usual means.
    pub minutes: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
