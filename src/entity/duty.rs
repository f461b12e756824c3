//! A duty 职务 at a school: 校长, 教导主任, 备课组长 …, with dates.

use sea_orm::entity::prelude::*;

use super::values::DutyKind;

/// A duty 职务 at a school: 校长, 教导主任, 备课组长 …, with dates.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "duty")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The teacher.
    pub teacher_id: Uuid,
    /// Where she holds it.
    pub school_id: Uuid,
    /// Which duty.
    pub kind: DutyKind,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub until_on: Option<Date>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
