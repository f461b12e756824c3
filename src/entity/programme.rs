//! A research programme 教研计划: how many sessions of which kind a group holds in a term.

use sea_orm::entity::prelude::*;

use super::values::{
    AudienceRule, HalfOfDay, HostRule, PresenterSource, SessionForm, SessionLevel, SessionMode, Stage,
};

/// A research programme 教研计划: how many sessions of which kind a group holds in a term.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "programme")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The term.
    pub term_id: Uuid,
    /// The group.
    pub group_id: Uuid,
    /// Stage; none: all of the group.
    pub stage: Option<Stage>,
    /// Subject; none: across subjects.
    pub subject_id: Option<Uuid>,
    /// Grade 1–12, when for one grade.
    pub grade: Option<i32>,
    /// Form of its sessions.
    pub form: SessionForm,
    /// County, group or school.
    pub level: SessionLevel,
    /// Topic 主题.
    #[sea_orm(column_type = "Text")]
    pub topic: String,
    /// Number of sessions, ≥ 1.
    pub count: i32,
    /// Length of each.
    pub minutes: i32,
    /// Least days between two dates (soft); 0: none.
    pub min_gap_days: i32,
    /// One in each calendar month (hard).
    pub monthly: bool,
    /// Within so many weeks after the mid-term exam (hard).
    pub weeks_after_exam: Option<i32>,
    /// Not before this day (hard).
    pub not_before_on: Option<Date>,
    /// ISO weekday of the subject day 教研日 (soft).
    pub subject_weekday: Option<i32>,
    /// Half-day of the subject day.
    pub subject_half: Option<HalfOfDay>,
    /// Who may host.
    pub host_rule: HostRule,
    /// Where presenters come from.
    pub presenters_from: PresenterSource,
    /// Number of presenters, ≥ 0.
    pub presenters: i32,
    /// Least number of schools they come from.
    pub presenter_schools: i32,
    /// The researcher in charge.
    pub researcher_id: Option<Uuid>,
    /// Who is invited.
    pub audience: AudienceRule,
    /// Duties invited, when the audience is by duty: a list of `DutyKind` values.
    #[sea_orm(column_type = "JsonBinary")]
    pub audience_duties: Json,
    /// Whether attached researchers are invited too.
    pub audience_researchers: bool,
    /// On site, online or mixed.
    pub mode: SessionMode,
    /// Equipment the room must have: a list of `Equipment` values.
    #[sea_orm(column_type = "JsonBinary")]
    pub equipment: Json,
    /// Whether its sessions may be held in the evening.
    pub allows_evening: bool,
    /// Whether its sessions may be held at weekends.
    pub allows_weekend: bool,
    /// Key of the group's programmes whose sessions of one number share a half-day 同日开展 (soft); none: on its own.
    #[sea_orm(column_type = "Text", nullable)]
    pub keep_together: Option<String>,
    /// Least percent of the invited of each school that is to come, 1–100 (medium); none: no quota.
    pub attendance_quota_percent: Option<i32>,
    /// Whether the audience may stay away 欢迎参加.
    pub optional_audience: bool,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
