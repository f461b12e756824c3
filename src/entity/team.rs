//! A studio 名师工作室 or expert team across groups.

use sea_orm::entity::prelude::*;

use super::values::{Stage, TeamKind};

/// A studio 名师工作室 or expert team across groups.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "team")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// Name.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Studio or expert team.
    pub kind: TeamKind,
    /// Subject.
    pub subject_id: Option<Uuid>,
    /// Stage.
    pub stage: Option<Stage>,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
