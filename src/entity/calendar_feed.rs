//! A calendar that somebody subscribes to 日历订阅.

use sea_orm::entity::prelude::*;

use super::values::FeedOwner;

/// A calendar that somebody subscribes to 日历订阅. Whoever knows its address reads it; the address is shown once and kept nowhere.
#[derive(Clone, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "calendar_feed")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// Whose sessions it has: a person's, a school's or a group's.
    pub owner: FeedOwner,
    /// The person, school or group.
    pub owner_id: Uuid,
    /// SHA-256 of the secret part of its address; no log keeps it.
    #[sea_orm(column_type = "Blob")]
    #[serde(skip)]
    pub token_hash: Vec<u8>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// Who made it, as the audit log names people.
    #[sea_orm(column_type = "Text")]
    pub created_by: String,
    /// Since when its address leads nowhere.
    pub revoked_at: Option<DateTimeUtc>,
}

/// Never shows the hash.
impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "calendar_feed({} of {:?} {})", self.id, self.owner, self.owner_id)
    }
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
