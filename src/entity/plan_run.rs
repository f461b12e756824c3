//! A planning run: a job with progress.

use sea_orm::entity::prelude::*;

use super::values::{PlanMode, RunState};

/// A planning run: a job with progress.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "plan_run")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The term.
    pub term_id: Uuid,
    /// One group; none: all.
    pub group_id: Option<Uuid>,
    /// Where it stands.
    pub state: RunState,
    /// What it may move.
    pub mode: PlanMode,
    /// The now it plans for.
    pub as_of: DateTimeUtc,
    /// Seed.
    pub seed: i64,
    /// Time limit.
    pub seconds: i32,
    /// Threads that search.
    pub threads: i32,
    /// Steps so far.
    pub steps: i64,
    /// Milliseconds of search so far.
    pub searched_ms: i64,
    /// Sessions placed in the best plan so far.
    pub placed: i32,
    /// Sessions to place.
    pub total: i32,
    /// Hard penalty of the best so far.
    pub hard: i64,
    /// Medium penalty of the best so far.
    pub medium: i64,
    /// Soft penalty of the best so far.
    pub soft: i64,
    /// When it began.
    pub started_at: DateTimeUtc,
    /// Last sign of life.
    pub heartbeat_at: DateTimeUtc,
    /// When it ended.
    pub finished_at: Option<DateTimeUtc>,
    /// The plan it made.
    pub plan_id: Option<Uuid>,
    /// Why it failed.
    #[sea_orm(column_type = "Text", nullable)]
    pub failure: Option<String>,
    /// The draft it starts from.
    pub base_plan_id: Option<Uuid>,
    /// Who asked for it.
    #[sea_orm(column_type = "Text")]
    pub requested_by: String,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
