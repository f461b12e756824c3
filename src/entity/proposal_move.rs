//! A candidate in a proposal: where she goes, or that she stays, and why.

use sea_orm::entity::prelude::*;

use super::values::PlacementForm;

/// A candidate in a proposal: where she goes, or that she stays, and why.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "proposal_move")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The proposal.
    pub proposal_id: Uuid,
    /// The candidate.
    pub teacher_id: Uuid,
    /// Home school.
    pub from_school_id: Uuid,
    /// Receiving school; none: she stays.
    pub to_school_id: Option<Uuid>,
    /// In which form.
    pub form: PlacementForm,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub until_on: Date,
    /// ISO weekdays as digits, e.g. `35` for Wednesday and Friday; none: every day.
    #[sea_orm(column_type = "Text", nullable)]
    pub weekdays: Option<String>,
    /// Which of her wishes it is, from 1; none: none of them.
    pub wish_rank: Option<i32>,
    /// Minutes from home to her school; none: not known.
    pub commute_before: Option<i32>,
    /// Minutes from home to the receiving school; none: not known.
    pub commute_after: Option<i32>,
    /// What decided it, typed: rendered when read.
    #[sea_orm(column_type = "JsonBinary")]
    pub reasons: Json,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
