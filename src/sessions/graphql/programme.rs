//! A programme.

use async_graphql::{Context, ID, Object, Result};
use chrono::NaiveDate;

use crate::calendar::graphql::Term;
use crate::entity::values::{
    AudienceRule, DutyKind, Equipment, HalfOfDay, HostRule, PresenterSource, SessionForm, SessionLevel,
    SessionMode, Stage,
};
use crate::entity::{programme, research_session};
use crate::graphql::{OrFault, many, object_over, one, the};
use crate::groups::graphql::{EducationGroup, Subject};
use crate::id::Kind;
use crate::people::graphql::Teacher;
use crate::sessions::graphql::ResearchSession;

object_over! {
    /// A programme.
    Programme, programme
}

/// A research programme 教研计划: how many sessions of which kind a group holds in a term.
#[Object]
impl Programme {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Programme.id(self.0.id).into()
    }

    /// The term.
    async fn term(&self, ctx: &Context<'_>) -> Result<Term> {
        the(ctx, self.0.term_id).await
    }

    /// The group.
    async fn group(&self, ctx: &Context<'_>) -> Result<EducationGroup> {
        the(ctx, self.0.group_id).await
    }

    /// Stage; null: all of the group.
    async fn stage(&self) -> Option<Stage> {
        self.0.stage
    }

    /// Subject; null: across subjects.
    async fn subject(&self, ctx: &Context<'_>) -> Result<Option<Subject>> {
        one(ctx, self.0.subject_id).await
    }

    /// Grade 1–12, when for one grade.
    async fn grade(&self) -> Option<i32> {
        self.0.grade
    }

    /// Form of its sessions.
    async fn form(&self) -> SessionForm {
        self.0.form
    }

    /// County, group or school.
    async fn level(&self) -> SessionLevel {
        self.0.level
    }

    /// Topic 主题.
    async fn topic(&self) -> &str {
        &self.0.topic
    }

    /// Number of sessions, ≥ 1.
    async fn count(&self) -> i32 {
        self.0.count
    }

    /// Length of each.
    async fn minutes(&self) -> i32 {
        self.0.minutes
    }

    /// Least days between two dates (soft); 0: none.
    async fn min_gap_days(&self) -> i32 {
        self.0.min_gap_days
    }

    /// One in each calendar month (hard).
    async fn monthly(&self) -> bool {
        self.0.monthly
    }

    /// Within so many weeks after the mid-term exam (hard).
    async fn weeks_after_exam(&self) -> Option<i32> {
        self.0.weeks_after_exam
    }

    /// Not before this day (hard).
    async fn not_before_on(&self) -> Option<NaiveDate> {
        self.0.not_before_on
    }

    /// ISO weekday of the subject day 教研日 (soft).
    async fn subject_weekday(&self) -> Option<i32> {
        self.0.subject_weekday
    }

    /// Half-day of the subject day.
    async fn subject_half(&self) -> Option<HalfOfDay> {
        self.0.subject_half
    }

    /// Who may host.
    async fn host_rule(&self) -> HostRule {
        self.0.host_rule
    }

    /// Where presenters come from.
    async fn presenters_from(&self) -> PresenterSource {
        self.0.presenters_from
    }

    /// Number of presenters, ≥ 0.
    async fn presenters(&self) -> i32 {
        self.0.presenters
    }

    /// Least number of schools they come from.
    async fn presenter_schools(&self) -> i32 {
        self.0.presenter_schools
    }

    /// The researcher in charge.
    async fn researcher(&self, ctx: &Context<'_>) -> Result<Option<Teacher>> {
        one(ctx, self.0.researcher_id).await
    }

    /// Who is invited.
    async fn audience(&self) -> AudienceRule {
        self.0.audience
    }

    /// Duties invited, when the audience is by duty.
    async fn audience_duties(&self, ctx: &Context<'_>) -> Result<Vec<DutyKind>> {
        serde_json::from_value(self.0.audience_duties.clone()).map_err(Into::into).or_fault(ctx)
    }

    /// Whether attached researchers are invited too.
    async fn audience_researchers(&self) -> bool {
        self.0.audience_researchers
    }

    /// On site, online or mixed.
    async fn mode(&self) -> SessionMode {
        self.0.mode
    }

    /// Equipment the room must have.
    async fn equipment(&self, ctx: &Context<'_>) -> Result<Vec<Equipment>> {
        serde_json::from_value(self.0.equipment.clone()).map_err(Into::into).or_fault(ctx)
    }

    /// Whether its sessions may be held in the evening 可晚间.
    async fn allows_evening(&self) -> bool {
        self.0.allows_evening
    }

    /// Whether its sessions may be held at weekends 可周末.
    async fn allows_weekend(&self) -> bool {
        self.0.allows_weekend
    }

    /// Programmes of the group with the same key hold their sessions of one number on one half-day 同日开展 (soft).
    async fn keep_together(&self) -> Option<&str> {
        self.0.keep_together.as_deref()
    }

    /// Least percent of the invited of each school that is to come 到会比例, 1–100 (medium).
    async fn attendance_quota_percent(&self) -> Option<i32> {
        self.0.attendance_quota_percent
    }

    /// Whether the audience may stay away 自愿参加.
    async fn optional_audience(&self) -> bool {
        self.0.optional_audience
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Its sessions, by number.
    async fn sessions(&self, ctx: &Context<'_>) -> Result<Vec<ResearchSession>> {
        let mut sessions: Vec<ResearchSession> =
            many(ctx, research_session::Column::ProgrammeId, self.0.id).await?;
        sessions.sort_by_key(|session| session.0.ordinal);
        Ok(sessions)
    }
}
