//! A workbook that was imported.

use sea_orm::entity::prelude::*;

/// A workbook that was imported.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "import_run")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// Name of the file.
    #[sea_orm(column_type = "Text")]
    pub file_name: String,
    /// Hash of the file.
    #[sea_orm(column_type = "Text")]
    pub sha256: String,
    /// When.
    pub finished_at: DateTimeUtc,
    /// Who.
    #[sea_orm(column_type = "Text")]
    pub actor: String,
    /// Rows created.
    pub created: i32,
    /// Rows changed.
    pub changed: i32,
    /// Rows left as they were.
    pub unchanged: i32,
    /// Rows refused.
    pub refused: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
