//! A policy of rotation 轮岗政策: rules for a district or a group, from a day on.

use sea_orm::entity::prelude::*;

use super::values::PolicyPreset;

/// A policy of rotation 轮岗政策: rules for a district or a group, from a day on.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "rotation_policy")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// Name, e.g. 澜川县教师交流轮岗办法.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// The group it is for; none: the whole district.
    pub group_id: Option<Uuid>,
    /// First day it is in force.
    pub from_on: Date,
    /// Last day; none: until another follows.
    pub until_on: Option<Date>,
    /// The published rules it was made from, if any.
    pub preset: Option<PolicyPreset>,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
