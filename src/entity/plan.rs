//! A plan 排期方案 of a term: where it puts its sessions never changes; another plan revises it.

use sea_orm::entity::prelude::*;

use super::values::PlanOrigin;

/// A plan 排期方案 of a term: where it puts its sessions never changes; another plan revises it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "plan")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The term.
    pub term_id: Uuid,
    /// Number within the district, from 1: what people say.
    pub number: i32,
    /// How it came about.
    pub origin: PlanOrigin,
    /// The now it was planned for.
    pub as_of: DateTimeUtc,
    /// Seed of the run.
    pub seed: i64,
    /// Steps the search made.
    pub steps: i64,
    /// Threads that searched; none: no search made it.
    pub threads: Option<i32>,
    /// Time limit of the search; none: it had a number of steps to make, or there was none.
    pub seconds: Option<i32>,
    /// Hard penalty.
    pub hard: i64,
    /// Medium penalty.
    pub medium: i64,
    /// Soft penalty.
    pub soft: i64,
    /// Share of each rule: `[{name, level, weight, count, penalty}]`.
    #[sea_orm(column_type = "JsonBinary")]
    pub rules: Json,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// Who made it.
    #[sea_orm(column_type = "Text")]
    pub created_by: String,
    /// When it was published.
    pub published_at: Option<DateTimeUtc>,
    /// The plan it was made from, by one edit or by another search.
    pub revised_from_id: Option<Uuid>,
    /// What made it of that plan: `{kind, session, zh, en}`.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub edit: Option<Json>,
    /// What people call a draft (方案A).
    #[sea_orm(column_type = "Text", nullable)]
    pub label: Option<String>,
    /// When it was discarded or undone; lists leave it out, the log keeps it.
    pub discarded_at: Option<DateTimeUtc>,
    /// Sessions that have a date.
    pub placed: i32,
    /// Sessions.
    pub total: i32,
    /// Sessions that a person pinned.
    pub pinned: i32,
    /// Sessions left without a date on purpose 待定.
    pub undated_on_purpose: i32,
    /// Version, from 1: of its label and whether it counts.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
