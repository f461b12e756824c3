//! Where a teacher stands in a round 摸底, with what decided it.

use sea_orm::entity::prelude::*;

use super::values::{CandidacyStanding, Stage};

/// Where a teacher stands in a round 摸底, with what decided it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "candidacy")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The round.
    pub round_id: Uuid,
    /// The teacher.
    pub teacher_id: Uuid,
    /// Her home school.
    pub school_id: Uuid,
    /// The stage she teaches.
    pub stage: Stage,
    /// The subject she teaches.
    pub subject_id: Option<Uuid>,
    /// Whether she must, may or need not move.
    pub standing: CandidacyStanding,
    /// Whether she counts as 骨干 under the policy.
    pub backbone: bool,
    /// What decided it: a `rotations::count::Facts`.
    #[sea_orm(column_type = "JsonBinary")]
    pub facts: Json,
    /// Why the office set the standing otherwise than the rules do.
    #[sea_orm(column_type = "Text", nullable)]
    pub correction: Option<String>,
    /// When it was counted.
    pub computed_at: DateTimeUtc,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
