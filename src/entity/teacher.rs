//! Anybody on the county's staff list 教职工: teachers, leaders, 教研员 and 责任督学.

use sea_orm::entity::prelude::*;

use super::values::{Sex, Title};

/// Anybody on the county's staff list 教职工: teachers, leaders, 教研员 and 责任督学.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "teacher")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// Staff number 工号.
    #[sea_orm(column_type = "Text")]
    pub number: String,
    /// Name.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// As on file.
    pub sex: Option<Sex>,
    /// First day of the month of birth.
    pub born_on: Option<Date>,
    /// Where invitations go.
    #[sea_orm(column_type = "Text", nullable)]
    pub email: Option<String>,
    /// Who employs her; the county (县管校聘).
    #[sea_orm(column_type = "Text")]
    pub employer: String,
    /// Professional title 职称.
    pub title: Option<Title>,
    /// Town or village she lives in 居住地.
    #[sea_orm(column_type = "Text", nullable)]
    pub residence: Option<String>,
    /// Remark of the office.
    #[sea_orm(column_type = "Text", nullable)]
    pub note: Option<String>,
    /// First day on which she no longer works in the county.
    pub left_on: Option<Date>,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
