//! A group, its schools and its people.

use async_graphql::{Context, ID, Object, Result};
use chrono::{DateTime, NaiveDate, Utc};

use crate::entity::values::{GroupKind, MembershipRole};
use crate::entity::{
    coordinator, education_group, inspector, membership, programme, published_plan, research_session,
    researcher,
};
use crate::graphql::{Connected, Dated, Page, dated, ident, many, object_over, one, page_of, several, the};
use crate::graphql::{OrFault, weight};
use crate::groups::graphql::School;
use crate::id::Kind;
use crate::people::graphql::{Coordinator, Inspector, Researcher};
use crate::plans::graphql::{PlanningSettings, PublishedPlan};
use crate::sessions::graphql::{CalendarFeed, Programme, ReminderRules, ResearchSession};

object_over! {
    /// A group.
    EducationGroup, education_group
}

/// An education group 教育集团 / 教共体 / 学区: schools that share staff and research.
#[Object]
impl EducationGroup {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Group.id(self.0.id).into()
    }

    /// Name as in the founding paper.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What kind of union it is.
    async fn kind(&self) -> GroupKind {
        self.0.kind
    }

    /// Last day of the founding agreement.
    async fn agreement_ends_on(&self) -> Option<NaiveDate> {
        self.0.agreement_ends_on
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Its schools' places in it.
    async fn memberships(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
        #[graphql(desc = "The whole history, whatever the day.", default)] all: bool,
        #[graphql(desc = "Only this role.")] role: Option<MembershipRole>,
    ) -> Result<Vec<Membership>> {
        let mut held: Vec<Membership> = dated(ctx, membership::Column::GroupId, self.0.id, on, all).await?;
        held.retain(|membership| role.is_none_or(|role| membership.0.role == role));
        held.sort_by_key(|membership| membership.0.role);
        Ok(held)
    }

    /// Its schools, core schools first.
    async fn schools(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
    ) -> Result<Vec<School>> {
        let mut held: Vec<Membership> = dated(ctx, membership::Column::GroupId, self.0.id, on, false).await?;
        held.sort_by_key(|membership| membership.0.role);
        several(ctx, held.into_iter().map(|membership| membership.0.school_id)).await
    }

    /// Calendars of its sessions, oldest first, those that are revoked too; none for whoever is not signed in.
    async fn calendar_feeds(&self, ctx: &Context<'_>) -> Result<Vec<CalendarFeed>> {
        CalendarFeed::of(ctx, self.0.id).await
    }

    /// Who leads its research 集团教研负责人.
    async fn coordinators(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
        #[graphql(desc = "The whole history, whatever the day.", default)] all: bool,
    ) -> Result<Vec<Coordinator>> {
        dated(ctx, coordinator::Column::GroupId, self.0.id, on, all).await
    }

    /// Responsible inspectors 责任督学.
    async fn inspectors(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
        #[graphql(desc = "The whole history, whatever the day.", default)] all: bool,
    ) -> Result<Vec<Inspector>> {
        dated(ctx, inspector::Column::GroupId, self.0.id, on, all).await
    }

    /// Researchers 教研员 attached to it 包连.
    async fn researchers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
        #[graphql(desc = "The whole history, whatever the day.", default)] all: bool,
    ) -> Result<Vec<Researcher>> {
        dated(ctx, researcher::Column::GroupId, self.0.id, on, all).await
    }

    /// Its programmes 教研计划.
    async fn programmes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of this term.")] term_id: Option<ID>,
    ) -> Result<Vec<Programme>> {
        let term = term_id.map(|id| ident(Kind::Term, &id, "termId")).transpose().or_fault(ctx)?;
        let mut programmes: Vec<Programme> = many(ctx, programme::Column::GroupId, self.0.id).await?;
        programmes.retain(|programme| term.is_none_or(|term| programme.0.term_id == term));
        Ok(programmes)
    }

    /// Its sessions, by start; those without a date come last.
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
        let mut sessions: Vec<ResearchSession> =
            many(ctx, research_session::Column::GroupId, self.0.id).await?;
        sessions.retain(|session| session.lies_within(from, until));
        page_of(ctx, sessions, ResearchSession::position, Page::new(first, after, last, before))
    }

    /// Plans in force, one for each term.
    async fn published_plans(&self, ctx: &Context<'_>) -> Result<Vec<PublishedPlan>> {
        many(ctx, published_plan::Column::GroupId, self.0.id).await
    }

    /// Weights and limits that planning follows for it.
    async fn planning_settings(&self, ctx: &Context<'_>) -> Result<PlanningSettings> {
        PlanningSettings::load(ctx, Some(self.0.id)).await
    }

    /// When people are reminded of its sessions.
    async fn reminder_rules(&self, ctx: &Context<'_>) -> Result<ReminderRules> {
        ReminderRules::load(ctx, Some(self.0.id)).await
    }
}

object_over! {
    /// A school's place in a group.
    Membership, membership
}

impl Dated for Membership {
    fn span(&self) -> (NaiveDate, Option<NaiveDate>) {
        (self.0.joined_on, self.0.left_on.and_then(|left_on| left_on.pred_opt()))
    }
}

/// A school's place in a group 成员关系, with dates: it ends, it is never deleted.
#[Object]
impl Membership {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Membership.id(self.0.id).into()
    }

    /// The group.
    async fn group(&self, ctx: &Context<'_>) -> Result<EducationGroup> {
        the(ctx, self.0.group_id).await
    }

    /// The school; null when it is a partner of another district.
    async fn school(&self, ctx: &Context<'_>) -> Result<Option<School>> {
        one(ctx, self.0.school_id).await
    }

    /// Core, member or partner.
    async fn role(&self) -> MembershipRole {
        self.0.role
    }

    /// First day.
    async fn joined_on(&self) -> NaiveDate {
        self.0.joined_on
    }

    /// First day on which it no longer belongs.
    async fn left_on(&self) -> Option<NaiveDate> {
        self.0.left_on
    }

    /// Last day of a partner's agreement.
    async fn agreement_ends_on(&self) -> Option<NaiveDate> {
        self.0.agreement_ends_on
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
