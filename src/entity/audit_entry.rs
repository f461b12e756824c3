//! What was written, by whom: appended in the same transaction as the write.

use sea_orm::entity::prelude::*;

/// What was written, by whom: appended in the same transaction as the write.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// When.
    pub at: DateTimeUtc,
    /// Who: a teacher's number, or `cli`, `worker`.
    #[sea_orm(column_type = "Text")]
    pub actor: String,
    /// What was done, e.g. `plan.publish`.
    #[sea_orm(column_type = "Text")]
    pub action: String,
    /// Table of the row.
    #[sea_orm(column_type = "Text")]
    pub entity: String,
    /// Row.
    pub entity_id: Uuid,
    /// Row before.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub before: Option<Json>,
    /// Row after.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub after: Option<Json>,
    /// Request or command.
    #[sea_orm(column_type = "Text")]
    pub request_id: String,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
