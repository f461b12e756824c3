//! An objection 异议 raised while a proposal is public, with its answer.

use sea_orm::entity::prelude::*;

use super::values::ObjectionState;

/// An objection 异议 raised while a proposal is public, with its answer.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "objection")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The round.
    pub round_id: Uuid,
    /// The proposal it is against.
    pub proposal_id: Option<Uuid>,
    /// About whom.
    pub teacher_id: Option<Uuid>,
    /// Who raised it.
    #[sea_orm(column_type = "Text")]
    pub raised_by: String,
    /// What it says.
    #[sea_orm(column_type = "Text")]
    pub content: String,
    /// Where it stands.
    pub state: ObjectionState,
    /// What was answered.
    #[sea_orm(column_type = "Text", nullable)]
    pub answer: Option<String>,
    /// Who answered: a staff number, or a program.
    #[sea_orm(column_type = "Text", nullable)]
    pub answered_by: Option<String>,
    /// When it was raised.
    pub raised_at: DateTimeUtc,
    /// When it was answered.
    pub answered_at: Option<DateTimeUtc>,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
