//! A class 班级.

use sea_orm::entity::prelude::*;

use super::values::Stage;

/// A class 班级.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "school_class")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The school.
    pub school_id: Uuid,
    /// Name, e.g. 五年级（2）班.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Stage.
    pub stage: Stage,
    /// Grade 1–12; none in a kindergarten.
    pub grade: Option<i32>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
