//! How a placement was assessed 考核.

use sea_orm::entity::prelude::*;

use super::values::{AssessmentKind, AssessmentResult};

/// How a placement was assessed 考核.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "assessment")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The placement.
    pub placement_id: Uuid,
    /// Which assessment.
    pub kind: AssessmentKind,
    /// Its result.
    pub result: AssessmentResult,
    /// A remark.
    #[sea_orm(column_type = "Text", nullable)]
    pub remark: Option<String>,
    /// The day.
    pub assessed_on: Date,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
