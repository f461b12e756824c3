//! A district 区县: the tenant; every other row belongs to one.

use sea_orm::entity::prelude::*;

/// A district 区县.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "district")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Name, e.g. 澜川县.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Time zone (IANA), e.g. `Asia/Shanghai`.
    #[sea_orm(column_type = "Text")]
    pub zone: String,
    /// Whether it is the generated demo county.
    pub demo: bool,
    /// Minutes for which mails wait after publishing, 0–60, so that it can be taken back meanwhile.
    pub hold_minutes: i32,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
