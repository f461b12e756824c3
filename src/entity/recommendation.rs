//! What the home school says of a teacher in a round 学校推荐.

use sea_orm::entity::prelude::*;

use super::values::RecommendationVerdict;

/// What the home school says of a teacher in a round 学校推荐.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "recommendation")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The round.
    pub round_id: Uuid,
    /// About whom.
    pub teacher_id: Uuid,
    /// The school that says it.
    pub school_id: Uuid,
    /// What it says.
    pub verdict: RecommendationVerdict,
    /// Why.
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
