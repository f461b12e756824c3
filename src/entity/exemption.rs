//! A request not to move in a round 免于或暂缓交流, with its evidence.

use sea_orm::entity::prelude::*;

use super::values::{ExemptionKind, ExemptionState};

/// A request not to move in a round 免于或暂缓交流, with its evidence.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "exemption")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The round.
    pub round_id: Uuid,
    /// Who asks.
    pub teacher_id: Uuid,
    /// On what ground.
    pub kind: ExemptionKind,
    /// What paper proves it, with its number.
    #[sea_orm(column_type = "Text")]
    pub evidence: String,
    /// From which day it is proven.
    pub evidence_from_on: Date,
    /// Last day on which the ground holds, if it ends.
    pub expires_on: Option<Date>,
    /// Where it stands.
    pub state: ExemptionState,
    /// Why it was accepted or refused.
    #[sea_orm(column_type = "Text", nullable)]
    pub decision_reason: Option<String>,
    /// Who decided: a staff number, or a program.
    #[sea_orm(column_type = "Text", nullable)]
    pub decided_by: Option<String>,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
