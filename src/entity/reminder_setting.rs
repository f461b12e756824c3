//! When a district or one of its groups reminds people of sessions 提醒规则, and its quiet hours 免打扰时段.

use sea_orm::entity::prelude::*;

/// When a district or one of its groups reminds people of sessions; what it leaves out stands as the district or the program has it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "reminder_setting")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The group; none: the whole district.
    pub group_id: Option<Uuid>,
    /// The list of rules; none: as the district or the program has it; an empty list: nobody is reminded.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub rules: Option<Json>,
    /// Minute of the day from which nobody is reminded.
    pub quiet_from: Option<i32>,
    /// Minute of the day from which people are reminded again.
    pub quiet_until: Option<i32>,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
