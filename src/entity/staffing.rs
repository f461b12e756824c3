//! 学科余缺: teachers needed and present in a subject of a stage at a school, in a round.

use sea_orm::entity::prelude::*;

use super::values::{StaffingSource, Stage};

/// 学科余缺: teachers needed and present in a subject of a stage at a school, in a round.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "staffing")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The round.
    pub round_id: Uuid,
    /// The school.
    pub school_id: Uuid,
    /// The stage.
    pub stage: Stage,
    /// The subject.
    pub subject_id: Uuid,
    /// Teachers needed 核定需求.
    pub needed: i32,
    /// Teachers there 现有人数.
    pub present: i32,
    /// Where the numbers come from.
    pub source: StaffingSource,
    /// Why they were corrected.
    #[sea_orm(column_type = "Text", nullable)]
    pub note: Option<String>,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
