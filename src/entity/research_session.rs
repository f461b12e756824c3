//! A joint research session 教研活动; without a date until a plan that holds it is published.

use sea_orm::entity::prelude::*;

use super::values::{SessionForm, SessionLevel, SessionMode, SessionState, Stage};

/// A joint research session 教研活动; without a date until a plan that holds it is published.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "research_session")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// Its programme.
    pub programme_id: Option<Uuid>,
    /// The term.
    pub term_id: Uuid,
    /// The group.
    pub group_id: Uuid,
    /// Number within the programme, from 1.
    pub ordinal: i32,
    /// Form.
    pub form: SessionForm,
    /// County, group or school.
    pub level: SessionLevel,
    /// On site, online or mixed.
    pub mode: SessionMode,
    /// Stage.
    pub stage: Option<Stage>,
    /// Subject.
    pub subject_id: Option<Uuid>,
    /// Grade 1–12.
    pub grade: Option<i32>,
    /// Topic.
    #[sea_orm(column_type = "Text")]
    pub topic: String,
    /// Length.
    pub minutes: i32,
    /// Undated, published, cancelled or held.
    pub state: SessionState,
    /// Host school 承办校; may belong to another district.
    pub host_school_id: Option<Uuid>,
    /// Room; none when online.
    pub room_id: Option<Uuid>,
    /// The room at the sending end of a lesson given from afar 专递课堂、同步课堂; then the host receives it in its own.
    pub second_room_id: Option<Uuid>,
    /// Start.
    pub starts_at: Option<DateTimeUtc>,
    /// End.
    pub ends_at: Option<DateTimeUtc>,
    /// Link of an online session.
    #[sea_orm(column_type = "Text", nullable)]
    pub online_url: Option<String>,
    /// The school that was to host it before it was moved online: who leads and comes follows from it still.
    pub online_host_id: Option<Uuid>,
    /// SEQUENCE of its calendar entry (RFC 5545): rises with every change of time or place.
    pub sequence: i32,
    /// Why it was moved or cancelled, as told to people.
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// A person wants it to stand where it is published: planning anew does not move it.
    pub pinned: bool,
    /// The start that people were told of last, while it is without a date again; host and room are those they were told of.
    pub told_starts_at: Option<DateTimeUtc>,
    /// The end that people were told of last, likewise.
    pub told_ends_at: Option<DateTimeUtc>,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
