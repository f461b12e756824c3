//! An honour 荣誉称号: 骨干, 学科带头人 and the like, with its level.

use sea_orm::entity::prelude::*;

use super::values::HonourLevel;

/// An honour 荣誉称号: 骨干, 学科带头人 and the like, with its level.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "honour")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The teacher.
    pub teacher_id: Uuid,
    /// Who awarded it.
    pub level: HonourLevel,
    /// As on the certificate, e.g. 县级骨干.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// When it was awarded, if known.
    pub awarded_on: Option<Date>,
    /// Last day it counts, if it ends.
    pub expires_on: Option<Date>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
