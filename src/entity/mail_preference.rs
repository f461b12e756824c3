//! Whether somebody wants a category of mails 邮件偏好; who said nothing gets them all.

use sea_orm::entity::prelude::*;

use super::values::MailCategory;

/// Whether somebody wants a category of mails.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "mail_preference")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// Who.
    pub teacher_id: Uuid,
    /// What.
    pub category: MailCategory,
    /// Whether she wants it.
    pub wanted: bool,
    /// When she said so last.
    pub changed_at: DateTimeUtc,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
