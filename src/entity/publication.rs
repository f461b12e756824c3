//! A publication 发布: which plan, by whom, and what must be put back when it is taken back in time.

use sea_orm::entity::prelude::*;

/// A publication 发布.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "publication")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The plan that was published.
    pub plan_id: Uuid,
    /// Who published it.
    #[sea_orm(column_type = "Text")]
    pub published_by: String,
    /// When.
    pub published_at: DateTimeUtc,
    /// Until then its mails wait, and it can be taken back.
    pub held_until: DateTimeUtc,
    /// What it changed, as it was before; empty once it cannot be taken back any more.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub before: Option<Json>,
    /// When it was taken back.
    pub undone_at: Option<DateTimeUtc>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
