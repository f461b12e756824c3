//! A school that an application wishes for 志愿.

use sea_orm::entity::prelude::*;

/// A school that an application wishes for 志愿.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "application_wish")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The application.
    pub application_id: Uuid,
    /// 1 for the first wish.
    pub rank: i32,
    /// The school.
    pub school_id: Uuid,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
