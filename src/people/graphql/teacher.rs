//! A person on the staff list.

use async_graphql::{Context, ID, Object, Result};
use chrono::{DateTime, NaiveDate, Utc};

use crate::access;
use crate::calendar::graphql::Lesson;
use crate::entity::values::{Sex, Title};
use crate::entity::{
    absence, application, appointment, coordinator, duty, exemption, honour, inspector, lesson, objection,
    participant, placement, posting, recommendation, researcher, teacher, team_member,
};
use crate::graphql::{Connected, Page, dated, many, object_over, one, page_of, scope, several, weight};
use crate::groups::graphql::School;
use crate::id::Kind;
use crate::people::graphql::{
    Absence, Appointment, Coordinator, Duty, Honour, Inspector, Posting, Researcher, TeamMember,
};
use crate::rotations::graphql::{Application, Exemption, Objection, Placement, Recommendation};
use crate::sessions::graphql::{Participant, ResearchSession};

object_over! {
    /// Anybody on the staff list.
    Teacher, teacher
}

impl Teacher {
    /// The sessions she takes part in, within a span.
    pub async fn sessions_within(
        &self,
        ctx: &Context<'_>,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
    ) -> Result<Vec<ResearchSession>> {
        let parts: Vec<Participant> = many(ctx, participant::Column::TeacherId, self.0.id).await?;
        let mut sessions: Vec<ResearchSession> =
            several(ctx, parts.into_iter().map(|part| part.0.session_id)).await?;
        sessions.retain(|session| session.lies_within(from, until));
        Ok(sessions)
    }
}

/// Anybody on the county's staff list 教职工: teachers, leaders, 教研员 and 责任督学.
#[Object]
impl Teacher {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Teacher.id(self.0.id).into()
    }

    /// Staff number 工号.
    async fn number(&self) -> &str {
        &self.0.number
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// As on file.
    async fn sex(&self) -> Option<Sex> {
        self.0.sex
    }

    /// First day of the month of birth; null when nobody is signed in.
    async fn born_on(&self, ctx: &Context<'_>) -> Result<Option<NaiveDate>> {
        personal(ctx, self.0.born_on)
    }

    /// Where invitations go; null when nobody is signed in.
    async fn email(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        personal(ctx, self.0.email.as_deref())
    }

    /// Who employs her; the county (县管校聘).
    async fn employer(&self) -> &str {
        &self.0.employer
    }

    /// Professional title 职称.
    async fn title(&self) -> Option<Title> {
        self.0.title
    }

    /// Town or village she lives in 居住地; null when nobody is signed in.
    async fn residence(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        personal(ctx, self.0.residence.as_deref())
    }

    /// Remark of the office; null when nobody is signed in.
    async fn note(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        personal(ctx, self.0.note.as_deref())
    }

    /// First day on which she no longer works in the county.
    async fn left_on(&self) -> Option<NaiveDate> {
        self.0.left_on
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Home school 编制所在学校.
    async fn home_school(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
    ) -> Result<Option<School>> {
        let mut posts: Vec<Appointment> =
            dated(ctx, appointment::Column::TeacherId, self.0.id, on, false).await?;
        one(ctx, posts.pop().map(|post| post.0.school_id)).await
    }

    /// Her posts 编制: home school, stage and subject.
    async fn appointments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
        #[graphql(desc = "The whole history, whatever the day.", default)] all: bool,
    ) -> Result<Vec<Appointment>> {
        dated(ctx, appointment::Column::TeacherId, self.0.id, on, all).await
    }

    /// Work at other schools 派遣, 走教.
    async fn postings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
        #[graphql(desc = "The whole history, whatever the day.", default)] all: bool,
    ) -> Result<Vec<Posting>> {
        dated(ctx, posting::Column::TeacherId, self.0.id, on, all).await
    }

    /// Days on which she is not there 请假.
    async fn absences(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
        #[graphql(desc = "The whole history, whatever the day.", default)] all: bool,
    ) -> Result<Vec<Absence>> {
        dated(ctx, absence::Column::TeacherId, self.0.id, on, all).await
    }

    /// Duties 职务 she holds.
    async fn duties(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
        #[graphql(desc = "The whole history, whatever the day.", default)] all: bool,
    ) -> Result<Vec<Duty>> {
        dated(ctx, duty::Column::TeacherId, self.0.id, on, all).await
    }

    /// Honours 荣誉称号.
    async fn honours(&self, ctx: &Context<'_>) -> Result<Vec<Honour>> {
        many(ctx, honour::Column::TeacherId, self.0.id).await
    }

    /// Her parts in teams.
    async fn teams(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
        #[graphql(desc = "The whole history, whatever the day.", default)] all: bool,
    ) -> Result<Vec<TeamMember>> {
        dated(ctx, team_member::Column::TeacherId, self.0.id, on, all).await
    }

    /// Her work as a researcher 教研员.
    async fn research(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
        #[graphql(desc = "The whole history, whatever the day.", default)] all: bool,
    ) -> Result<Vec<Researcher>> {
        dated(ctx, researcher::Column::TeacherId, self.0.id, on, all).await
    }

    /// Groups whose research she leads.
    async fn coordinations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
        #[graphql(desc = "The whole history, whatever the day.", default)] all: bool,
    ) -> Result<Vec<Coordinator>> {
        dated(ctx, coordinator::Column::TeacherId, self.0.id, on, all).await
    }

    /// Groups she inspects.
    async fn inspections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
        #[graphql(desc = "The whole history, whatever the day.", default)] all: bool,
    ) -> Result<Vec<Inspector>> {
        dated(ctx, inspector::Column::TeacherId, self.0.id, on, all).await
    }

    /// Her timetable.
    async fn lessons(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
    ) -> Result<Vec<Lesson>> {
        dated(ctx, lesson::Column::TeacherId, self.0.id, on, false).await
    }

    /// Her parts in sessions.
    async fn participations(&self, ctx: &Context<'_>) -> Result<Vec<Participant>> {
        many(ctx, participant::Column::TeacherId, self.0.id).await
    }

    /// Sessions she takes part in, by start.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that end after this.")] from: Option<DateTime<Utc>>,
        #[graphql(desc = "Only those that start before this.")] until: Option<DateTime<Utc>>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<ResearchSession>> {
        let sessions = self.sessions_within(ctx, from, until).await?;
        page_of(ctx, sessions, ResearchSession::position, Page::new(first, after, last, before))
    }

    /// Her applications 申报, one in each round she applies in.
    async fn applications(&self, ctx: &Context<'_>) -> Result<Vec<Application>> {
        many(ctx, application::Column::TeacherId, self.0.id).await
    }

    /// Her requests for exemption 免于或暂缓交流.
    async fn exemptions(&self, ctx: &Context<'_>) -> Result<Vec<Exemption>> {
        many(ctx, exemption::Column::TeacherId, self.0.id).await
    }

    /// What her schools said of her moves 学校推荐.
    async fn recommendations(&self, ctx: &Context<'_>) -> Result<Vec<Recommendation>> {
        many(ctx, recommendation::Column::TeacherId, self.0.id).await
    }

    /// Objections 异议 about her.
    async fn objections(&self, ctx: &Context<'_>) -> Result<Vec<Objection>> {
        many(ctx, objection::Column::TeacherId, self.0.id).await
    }

    /// Her rotations 轮岗, proposed, approved and withdrawn.
    async fn placements(&self, ctx: &Context<'_>) -> Result<Vec<Placement>> {
        many(ctx, placement::Column::TeacherId, self.0.id).await
    }
}

/// What only colleagues may see.
fn personal<T>(ctx: &Context<'_>, value: Option<T>) -> Result<Option<T>> {
    let may_see = access::may_see_personal(scope(ctx)?);
    Ok(value.filter(|_| may_see))
}
