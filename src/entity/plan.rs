//! A plan 排期方案 of a term: immutable once made.

use sea_orm::entity::prelude::*;

use super::values::PlanOrigin;

/// A plan 排期方案 of a term: immutable once made.
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
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
