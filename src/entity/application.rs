//! A teacher's application in a round 申报.

use sea_orm::entity::prelude::*;

use super::values::{ApplicationLink, ApplicationState, PlacementForm};

/// A teacher's application in a round 申报.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "application")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The round.
    pub round_id: Uuid,
    /// Who applies.
    pub teacher_id: Uuid,
    /// In which form.
    pub form: PlacementForm,
    /// For how many years.
    pub years: i32,
    /// Why.
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// Where it stands.
    pub state: ApplicationState,
    /// The teacher whose move it is linked to.
    pub partner_id: Option<Uuid>,
    /// How the two are linked.
    pub link: Option<ApplicationLink>,
    /// Whether she says on her paper that she offers to move though she need not; the count says whether she need.
    pub volunteer: bool,
    /// When it was handed in.
    pub submitted_at: Option<DateTimeUtc>,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
