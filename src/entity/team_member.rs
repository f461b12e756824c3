//! A teacher's part in a team, with dates.

use sea_orm::entity::prelude::*;

use super::values::TeamRole;

/// A teacher's part in a team, with dates.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "team_member")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The team.
    pub team_id: Uuid,
    /// Who.
    pub teacher_id: Uuid,
    /// Lead or member.
    pub role: TeamRole,
    /// First day.
    pub from_on: Date,
    /// Last day.
    pub until_on: Option<Date>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
