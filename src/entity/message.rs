//! A mail to send 待发邮件: the outbox.

use sea_orm::entity::prelude::*;

use super::values::{MessageKind, MessageState};

/// A mail to send 待发邮件: the outbox.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "message")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// What it tells.
    pub kind: MessageKind,
    /// To whom.
    pub teacher_id: Uuid,
    /// Her address when it was written.
    #[sea_orm(column_type = "Text")]
    pub address: String,
    /// What it is about: a session, a step of a round, an application, an exemption, an objection.
    pub subject_id: Uuid,
    /// SEQUENCE, or version, it tells of; another one means it is stale.
    pub subject_version: i32,
    /// Minutes before the start or the due day, for reminders, negative after it; else 0.
    pub lead_minutes: i32,
    /// Where it stands.
    pub state: MessageState,
    /// Not before.
    pub send_at: DateTimeUtc,
    /// Not after: then it is missed.
    pub expires_at: DateTimeUtc,
    /// Worker that claimed it.
    #[sea_orm(column_type = "Text", nullable)]
    pub owner: Option<String>,
    /// Until when the claim holds.
    pub lease_until: Option<DateTimeUtc>,
    /// When its body last went out.
    pub tried_at: Option<DateTimeUtc>,
    /// Attempts so far.
    pub attempts: i32,
    /// How often the body went out and no answer came: after the first it is sent once more, after the second given up.
    pub doubts: i32,
    /// What the server said last.
    #[sea_orm(column_type = "Text", nullable)]
    pub failure: Option<String>,
    /// Message-ID header, deterministic.
    #[sea_orm(column_type = "Text")]
    pub message_id: String,
    /// When the server took it.
    pub sent_at: Option<DateTimeUtc>,
    /// When it was written.
    pub created_at: DateTimeUtc,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
