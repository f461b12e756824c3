//! The key with which a district's links in mails are signed. It is no business of the audit log, and no answer shows it.

use sea_orm::entity::prelude::*;

/// A signing key 签名密钥.
#[derive(Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "link_key")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to: each has one.
    pub district_id: Uuid,
    /// 32 random octets, in base64url.
    #[sea_orm(column_type = "Text")]
    pub secret: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

/// Never shows the secret.
impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "link_key({})", self.district_id)
    }
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
