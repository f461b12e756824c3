//! A proposal of a round 轮岗方案: who moves where; never changed, followed by another.

use sea_orm::entity::prelude::*;

use super::values::ProposalState;

/// A proposal of a round 轮岗方案: who moves where; never changed, followed by another.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "rotation_proposal")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The round.
    pub round_id: Uuid,
    /// Number within the round, from 1.
    pub number: i32,
    /// The proposal it was made from.
    pub parent_id: Option<Uuid>,
    /// Why it was made; a change after publication must say.
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// Where it stands.
    pub state: ProposalState,
    /// What it was searched with: quotas, weights, seed, seconds.
    #[sea_orm(column_type = "JsonBinary")]
    pub settings: Json,
    /// Levels with value, bound and gap, and the aggregates with their denominators.
    #[sea_orm(column_type = "JsonBinary")]
    pub outcome: Json,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
