//! What a district or one of its groups sets for planning 排期设置: weights of rules, and limits.

use sea_orm::entity::prelude::*;

/// What a district or one of its groups sets for planning 排期设置; what it leaves out stands as the district or the program has it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "planning_setting")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The group; none: the whole district.
    pub group_id: Option<Uuid>,
    /// Weights by rule: `{rule: weight}`.
    #[sea_orm(column_type = "JsonBinary")]
    pub weights: Json,
    /// Limits by name: `{limit: value}`.
    #[sea_orm(column_type = "JsonBinary")]
    pub limits: Json,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
