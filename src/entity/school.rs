//! A school 学校: a kindergarten, primary, junior or senior school, or one with several stages.

use sea_orm::entity::prelude::*;

use super::values::Locale;

/// A school 学校: a kindergarten, primary, junior or senior school, or one with several stages.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "school")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// Number the county office gave it, e.g. `LCX001`.
    #[sea_orm(column_type = "Text")]
    pub code: String,
    /// Full name as on the seal.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Town, township or village.
    pub locale: Locale,
    /// Degrees east, WGS 84.
    pub longitude: Option<f64>,
    /// Degrees north, WGS 84.
    pub latitude: Option<f64>,
    /// Number of classes.
    pub classes: Option<i32>,
    /// Number of pupils.
    pub students: Option<i32>,
    /// Remark of the office (一校一案).
    #[sea_orm(column_type = "Text", nullable)]
    pub note: Option<String>,
    /// First day on which it no longer runs; history stays.
    pub closed_on: Option<Date>,
    /// The school that took it over, when it merged.
    pub merged_into_id: Option<Uuid>,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
