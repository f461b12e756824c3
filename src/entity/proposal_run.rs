//! A search for a proposal of a round: a job with progress.

use sea_orm::entity::prelude::*;

use super::values::RunState;

/// A search for a proposal of a round: a job with progress.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "proposal_run")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The round.
    pub round_id: Uuid,
    /// The proposal it starts from.
    pub parent_id: Option<Uuid>,
    /// Where it stands.
    pub state: RunState,
    /// Time limit.
    pub seconds: i32,
    /// Milliseconds of search so far.
    pub searched_ms: i64,
    /// When it began.
    pub started_at: DateTimeUtc,
    /// Last sign of life.
    pub heartbeat_at: DateTimeUtc,
    /// When it ended.
    pub finished_at: Option<DateTimeUtc>,
    /// The proposal it made.
    pub proposal_id: Option<Uuid>,
    /// Why it failed.
    #[sea_orm(column_type = "Text", nullable)]
    pub failure: Option<String>,
    /// The rules that no proposal keeps together, and the ways out: a `rotations::proposals::Impossible`.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub conflict: Option<Json>,
    /// Who asked for it.
    #[sea_orm(column_type = "Text")]
    pub requested_by: String,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
