//! A person's part in a published session 参与人.

use sea_orm::entity::prelude::*;

use super::values::{ParticipantRole, Reply, ReplyWay};

/// A person's part in a published session 参与人.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "participant")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The session.
    pub session_id: Uuid,
    /// Who.
    pub teacher_id: Uuid,
    /// In which role.
    pub role: ParticipantRole,
    /// Whether the session cannot do without her.
    pub required: bool,
    /// Why she is excused; none: she is expected.
    #[sea_orm(column_type = "Text", nullable)]
    pub excused: Option<String>,
    /// Her lessons that need a substitute 调课, as people read them.
    #[sea_orm(column_type = "Text", nullable)]
    pub cover: Option<String>,
    /// What she answered.
    pub reply: Reply,
    /// When she answered; of a calendar's reply, when she gave it there.
    pub replied_at: Option<DateTimeUtc>,
    /// Why she declines, or what else she wrote.
    #[sea_orm(column_type = "Text", nullable)]
    pub reply_reason: Option<String>,
    /// In which way the answer came.
    pub reply_way: Option<ReplyWay>,
    /// Rises with every answer, and when she is asked anew.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
