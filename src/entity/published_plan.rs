//! The plan in force for a group and a term; locked while publishing.

use sea_orm::entity::prelude::*;

/// The plan in force for a group and a term; locked while publishing.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "published_plan")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The term.
    pub term_id: Uuid,
    /// The group.
    pub group_id: Uuid,
    /// The plan.
    pub plan_id: Uuid,
    /// Since when.
    pub published_at: DateTimeUtc,
    /// Who published it.
    #[sea_orm(column_type = "Text")]
    pub published_by: String,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
