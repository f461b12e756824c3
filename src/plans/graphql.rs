//! Plans, runs and publications as the API shows them.

mod changes;
mod parts;
mod run;

use async_graphql::{Context, ID, Object, Result};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::calendar::graphql::Term;
use crate::entity::values::{PlanOrigin, RunState};
use crate::entity::{message, plan, plan_group, plan_run, plan_session, published_plan};
use crate::graphql::{
    Connected, Key, Long, OrFault, Order, Page, Position, by_id, ident, many, object_over, page, page_of,
    scope, several_by, the, weight,
};
use crate::groups::graphql::EducationGroup;
use crate::id::Kind;
use crate::plans;
use crate::sessions::graphql::{Message, MessageCount, count};

pub use changes::{PlansMutation, Publication};
pub use parts::{Obstacle, PlanGroup, PlanSession, PlannedPerson, RuleScore, Score};
pub use run::{PlanRun, PlansSubscription};

object_over! {
    /// A plan.
    Plan, plan
}

/// A plan 排期方案 of a term: immutable once made.
#[Object]
impl Plan {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Plan.id(self.0.id).into()
    }

    /// Number within the district, from 1: what people say.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// The term.
    async fn term(&self, ctx: &Context<'_>) -> Result<Term> {
        the(ctx, self.0.term_id).await
    }

    /// How it came about.
    async fn origin(&self) -> PlanOrigin {
        self.0.origin
    }

    /// The now it was planned for.
    async fn as_of(&self) -> DateTime<Utc> {
        self.0.as_of
    }

    /// Seed of the run.
    async fn seed(&self) -> Long {
        Long(self.0.seed)
    }

    /// Steps the search made.
    async fn steps(&self) -> Long {
        Long(self.0.steps)
    }

    /// What is wrong with it, in sum.
    async fn score(&self) -> Score {
        Score::new(self.0.hard, self.0.medium, self.0.soft)
    }

    /// What is wrong with it, rule by rule.
    async fn rules(&self, ctx: &Context<'_>) -> Result<Vec<RuleScore>> {
        serde_json::from_value(self.0.rules.clone()).map_err(Into::into).or_fault(ctx)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// Who made it: a staff number, or a program.
    async fn created_by(&self) -> &str {
        &self.0.created_by
    }

    /// When it was published.
    async fn published_at(&self) -> Option<DateTime<Utc>> {
        self.0.published_at
    }

    /// Groups it covers.
    async fn groups(&self, ctx: &Context<'_>) -> Result<Vec<PlanGroup>> {
        many(ctx, plan_group::Column::PlanId, self.0.id).await
    }

    /// Where it puts each session, by start; those it could not place come last.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only placed ones, or only unplaced ones.")] placed: Option<bool>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<PlanSession>> {
        let mut sessions: Vec<PlanSession> = many(ctx, plan_session::Column::PlanId, self.0.id).await?;
        sessions.retain(|session| placed.is_none_or(|placed| placed == session.0.starts_at.is_some()));
        let at = |session: &PlanSession| Position(Key::instant(session.0.starts_at), session.0.id);
        page_of(sessions, at, Page::new(first, after, last, before))
    }

    /// The sessions it could not place, with what stood in the way.
    async fn unplaced(&self, ctx: &Context<'_>) -> Result<Vec<PlanSession>> {
        let mut sessions: Vec<PlanSession> = many(ctx, plan_session::Column::PlanId, self.0.id).await?;
        sessions.retain(|session| session.0.starts_at.is_none());
        Ok(sessions)
    }

    /// What publishing it would do, without doing it.
    async fn preview(&self, ctx: &Context<'_>) -> Result<Publication> {
        plans::preview(scope(ctx)?, self.0.id).await.map(Publication).or_fault(ctx)
    }

    /// How many mails about its sessions are to be sent, sent, failed.
    async fn mailing(&self, ctx: &Context<'_>) -> Result<Vec<MessageCount>> {
        let sessions: Vec<PlanSession> = many(ctx, plan_session::Column::PlanId, self.0.id).await?;
        let ids = sessions.into_iter().map(|session| session.0.session_id);
        let messages: Vec<Message> = several_by(ctx, message::Column::SubjectId, ids).await?;
        Ok(count(&messages))
    }
}

object_over! {
    /// The plan in force.
    PublishedPlan, published_plan
}

/// The plan in force for a group and a term.
#[Object]
impl PublishedPlan {
    /// The term.
    async fn term(&self, ctx: &Context<'_>) -> Result<Term> {
        the(ctx, self.0.term_id).await
    }

    /// The group.
    async fn group(&self, ctx: &Context<'_>) -> Result<EducationGroup> {
        the(ctx, self.0.group_id).await
    }

    /// The plan.
    async fn plan(&self, ctx: &Context<'_>) -> Result<Plan> {
        the(ctx, self.0.plan_id).await
    }

    /// Since when.
    async fn published_at(&self) -> DateTime<Utc> {
        self.0.published_at
    }

    /// Who published it.
    async fn published_by(&self) -> &str {
        &self.0.published_by
    }
}

/// Reads plans and runs.
#[derive(Default)]
pub struct PlansQuery;

#[Object]
impl PlansQuery {
    /// Plans 排期方案, the newest first.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn plans(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of this term.")] term_id: Option<ID>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Plan>> {
        let mut select = plan::Entity::find();
        if let Some(id) = term_id {
            select = select.filter(plan::Column::TermId.eq(ident(Kind::Term, &id, "termId").or_fault(ctx)?));
        }
        let order =
            Order::by(plan::Column::Number, |row: &plan::Model| Key::Number(row.number.into())).descending();
        page(ctx, select, order, Page::new(first, after, last, before)).await
    }

    /// A plan; null when there is none.
    async fn plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its identifier.")] id: ID,
    ) -> Result<Option<Plan>> {
        by_id(ctx, Kind::Plan, &id).await
    }

    /// Plans in force, one for each group and term.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn published_plans(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<PublishedPlan>> {
        page(ctx, published_plan::Entity::find(), Order::by_age(), Page::new(first, after, last, before))
            .await
    }

    /// Planning runs, the newest first.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn plan_runs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that stand there.")] state: Option<RunState>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<PlanRun>> {
        let mut select = plan_run::Entity::find();
        if let Some(state) = state {
            select = select.filter(plan_run::Column::State.eq(state));
        }
        page(ctx, select, Order::by_age().descending(), Page::new(first, after, last, before)).await
    }

    /// A planning run; null when there is none.
    async fn plan_run(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its identifier.")] id: ID,
    ) -> Result<Option<PlanRun>> {
        by_id(ctx, Kind::PlanRun, &id).await
    }
}
