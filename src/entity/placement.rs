//! A proposed or approved move of a teacher in a round.

use sea_orm::entity::prelude::*;

use super::values::{PlacementForm, PlacementState};

/// A proposed or approved move of a teacher in a round.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "placement")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The round.
    pub round_id: Uuid,
    /// Who moves.
    pub teacher_id: Uuid,
    /// Home school.
    pub from_school_id: Uuid,
    /// Receiving school.
    pub to_school_id: Uuid,
    /// In which form.
    pub form: PlacementForm,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub until_on: Date,
    /// Where it stands.
    pub state: PlacementState,
    /// Why she was chosen, as told to her.
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// The proposal it comes from.
    pub proposal_id: Option<Uuid>,
    /// ISO weekdays as digits, e.g. `35` for Wednesday and Friday; none: every day.
    #[sea_orm(column_type = "Text", nullable)]
    pub weekdays: Option<String>,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
