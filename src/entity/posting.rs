//! Work at another school than the home school 派遣: full time, or on fixed weekdays (走教).

use sea_orm::entity::prelude::*;

use super::values::{DutyKind, PlacementForm};

/// Work at another school than the home school 派遣: full time, or on fixed weekdays (走教).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "posting")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The teacher.
    pub teacher_id: Uuid,
    /// Where she works.
    pub school_id: Uuid,
    /// In which form.
    pub form: PlacementForm,
    /// ISO weekdays as digits, e.g. `35` for Wednesday and Friday; none: every day.
    #[sea_orm(column_type = "Text", nullable)]
    pub weekdays: Option<String>,
    /// Whether she keeps her post at home (挂职, 走教).
    pub home_post_kept: bool,
    /// A duty she holds there.
    pub duty: Option<DutyKind>,
    /// The placement that became this posting.
    pub placement_id: Option<Uuid>,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub until_on: Option<Date>,
    /// Bus card, 周转房 and the like, for the traveller.
    #[sea_orm(column_type = "Text", nullable)]
    pub note: Option<String>,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
