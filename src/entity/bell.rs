//! A period 节次 of the day, by stage, or of one school.

use sea_orm::entity::prelude::*;

use super::values::Stage;

/// A period 节次 of the day, by stage, or of one school.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "bell")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The school it holds for; none: every school of the stage.
    pub school_id: Option<Uuid>,
    /// Stage.
    pub stage: Stage,
    /// Number of the period, from 1.
    pub period: i32,
    /// Local time.
    pub starts_at: Time,
    /// Local time.
    pub ends_at: Time,
    /// First day (seasons); none: always.
    pub from_on: Option<Date>,
    /// Last day.
    pub until_on: Option<Date>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
