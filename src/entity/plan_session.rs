//! Where a plan puts a session.

use sea_orm::entity::prelude::*;

/// Where a plan puts a session.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "plan_session")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The plan.
    pub plan_id: Uuid,
    /// The session.
    pub session_id: Uuid,
    /// Host school.
    pub host_school_id: Option<Uuid>,
    /// Room.
    pub room_id: Option<Uuid>,
    /// The room at the sending end of a lesson given from afar.
    pub second_room_id: Option<Uuid>,
    /// Start; none: not placed.
    pub starts_at: Option<DateTimeUtc>,
    /// End.
    pub ends_at: Option<DateTimeUtc>,
    /// Who takes part: `[{teacher, role, required, excused, cover}]`.
    #[sea_orm(column_type = "JsonBinary")]
    pub people: Json,
    /// Why it is not placed: `[{rule, slots, of, zh, en}]`.
    #[sea_orm(column_type = "JsonBinary")]
    pub obstacles: Json,
    /// A person pinned it where it stands: the planner lets it stand.
    pub pinned: bool,
    /// Version of the published session that this plan makes anew; none: it was not published, or stands whatever the plan says.
    pub from_version: Option<i32>,
    /// It is left without a date on purpose 待定: the planner leaves it alone.
    pub undated_on_purpose: bool,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
