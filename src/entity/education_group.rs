//! An education group 教育集团 / 教共体 / 学区: schools that share staff and research.

use sea_orm::entity::prelude::*;

use super::values::GroupKind;

/// An education group 教育集团 / 教共体 / 学区: schools that share staff and research.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "education_group")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// Name as in the founding paper.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// What kind of union it is.
    pub kind: GroupKind,
    /// Last day of the founding agreement.
    pub agreement_ends_on: Option<Date>,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
