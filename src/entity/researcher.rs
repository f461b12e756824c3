//! A teaching researcher 教研员: her subjects and the group she is attached to 包连.

use sea_orm::entity::prelude::*;

use super::values::Stage;

/// A teaching researcher 教研员: her subjects and the group she is attached to 包连.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "researcher")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// Who.
    pub teacher_id: Uuid,
    /// Subject or area, e.g. 语文, 科学与综合.
    #[sea_orm(column_type = "Text")]
    pub subject_area: String,
    /// Stage.
    pub stage: Stage,
    /// 专职 or 兼职.
    pub full_time: bool,
    /// Where she starts her day 驻地学校.
    pub base_school_id: Option<Uuid>,
    /// The group she is attached to.
    pub group_id: Option<Uuid>,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub until_on: Option<Date>,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
