//! The post 编制 of a teacher: her home school, stage and subject, with dates.

use sea_orm::entity::prelude::*;

use super::values::Stage;

/// The post 编制 of a teacher: her home school, stage and subject, with dates.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "appointment")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The teacher.
    pub teacher_id: Uuid,
    /// Her home school.
    pub school_id: Uuid,
    /// Stage she teaches.
    pub stage: Stage,
    /// Subject she teaches.
    pub subject_id: Option<Uuid>,
    /// First day at this school 到校时间.
    pub from_on: Date,
    /// Last day.
    pub until_on: Option<Date>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
