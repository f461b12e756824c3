//! Plans, runs and publications as the API shows them.

mod bulk;
mod changes;
mod compare;
mod cost;
mod cover;
mod drafts;
mod explain;
mod findings;
mod parts;
mod previews;
mod publication;
mod run;
mod settings;

use async_graphql::{Context, ID, Object, Result};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::calendar::graphql::Term;
use crate::entity::values::{PlanOrigin, RunState};
use crate::entity::{message, plan, plan_group, plan_run, plan_session, published_plan};
use crate::graphql::{
    Connected, Key, Long, OrFault, Order, Page, Position, by_id, ident, many, object_over, one, page,
    page_of, scope, several_by, the, weight,
};
use crate::groups::graphql::EducationGroup;
use crate::id::Kind;
use crate::plans::standing::Which;
use crate::plans::{self, Edit};
use crate::sessions::graphql::{Message, MessageCount, count};

pub use bulk::BulkMutation;
pub use changes::PlansMutation;
pub use compare::CompareQuery;
pub use cost::{PlanCost, PlanEdit};
pub use cover::{CoverFilter, CoverQuery, CoveredLesson};
pub use drafts::DraftsMutation;
pub use explain::ExplainQuery;
pub use parts::{Obstacle, PlanGroup, PlanSession, PlannedPerson, RuleLevel, RuleScore, Score};
pub use previews::PreviewsQuery;
pub use publication::{Publication, PublicationChange, PublicationMail};
pub use run::{PlanRun, PlansSubscription};
pub use settings::{PlanningSettings, SettingsMutation, SettingsQuery};

/// What weighing an edit counts against the complexity limit: it reads the whole term.
const HEAVY: usize = 1_000;

object_over! {
    /// A plan.
    Plan, plan
}

/// A plan 排期方案 of a term: where it puts its sessions never changes; another plan revises it.
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

    /// Threads that searched; null: no search made it.
    async fn threads(&self) -> Option<i32> {
        self.0.threads
    }

    /// Time limit of the search in seconds; null: it had a number of steps to make, or no search made it.
    async fn seconds(&self) -> Option<i32> {
        self.0.seconds
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

    /// Until when publishing can be taken back (`planUnpublish`), as its mails still wait; null when it cannot.
    async fn undoable_until(&self, ctx: &Context<'_>) -> Result<Option<DateTime<Utc>>> {
        let scope = scope(ctx)?;
        let until = self.0.published_at.map(|at| at + scope.hold());
        Ok(until.filter(|until| *until > scope.now()))
    }

    /// Version, from 1: of its label and whether it counts; where it puts its sessions never changes.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What people call it (方案A).
    async fn label(&self) -> Option<&str> {
        self.0.label.as_deref()
    }

    /// Whether it is neither published nor discarded.
    async fn is_draft(&self) -> bool {
        self.0.published_at.is_none() && self.0.discarded_at.is_none()
    }

    /// When it was undone or discarded.
    async fn discarded_at(&self) -> Option<DateTime<Utc>> {
        self.0.discarded_at
    }

    /// The plan it was made from, by one edit or by another search.
    async fn revised_from(&self, ctx: &Context<'_>) -> Result<Option<Plan>> {
        one(ctx, self.0.revised_from_id).await
    }

    /// What made it of that plan.
    async fn edit(&self, ctx: &Context<'_>) -> Result<Option<PlanEdit>> {
        let note = self.0.edit.clone().map(serde_json::from_value).transpose();
        Ok(note.map_err(Into::into).or_fault(ctx)?.map(PlanEdit))
    }

    /// The plans that were made from it, the oldest first.
    async fn revisions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Those that were undone or discarded too.", default)] all: bool,
    ) -> Result<Vec<Plan>> {
        let mut revisions: Vec<Plan> = many(ctx, plan::Column::RevisedFromId, self.0.id).await?;
        revisions.retain(|plan| all || plan.0.discarded_at.is_none());
        Ok(revisions)
    }

    /// How many sessions it has.
    async fn session_count(&self) -> i32 {
        self.0.total
    }

    /// How many of them have a date.
    async fn placed_count(&self) -> i32 {
        self.0.placed
    }

    /// How many could not be placed.
    async fn unplaced_count(&self) -> i32 {
        self.0.total - self.0.placed - self.0.undated_on_purpose
    }

    /// How many are left without a date on purpose 待定.
    async fn undated_on_purpose_count(&self) -> i32 {
        self.0.undated_on_purpose
    }

    /// How many a person pinned.
    async fn pinned_count(&self) -> i32 {
        self.0.pinned
    }

    /// What moving a session would cost, and which hard rules forbid it. Nothing is moved.
    #[graphql(complexity = "HEAVY + child_complexity")]
    async fn move_cost(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session.")] session_id: ID,
        #[graphql(desc = "New start; left out: as it is.")] starts_at: Option<DateTime<Utc>>,
        #[graphql(desc = "New host school; left out: as it is.")] host_school_id: Option<ID>,
        #[graphql(desc = "New room; left out: as it is, or the smallest of a new host that fits.")]
        room_id: Option<ID>,
        #[graphql(desc = "New presenters, all of them; left out: as they are.")] presenter_ids: Option<
            Vec<ID>,
        >,
    ) -> Result<PlanCost> {
        let wish = drafts::stand(starts_at, host_school_id, room_id, presenter_ids).or_fault(ctx)?;
        self.cost(ctx, &session_id, &Edit::Move(wish)).await
    }

    /// What leaving a session without a date on purpose 待定 would cost. Nothing is changed.
    #[graphql(complexity = "HEAVY + child_complexity")]
    async fn hold_cost(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session.")] session_id: ID,
    ) -> Result<PlanCost> {
        self.cost(ctx, &session_id, &Edit::Hold).await
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
        page_of(ctx, sessions, at, Page::new(first, after, last, before))
    }

    /// The sessions it could not place, with what stood in the way; those left without a date on purpose are not among them.
    async fn unplaced(&self, ctx: &Context<'_>) -> Result<Vec<PlanSession>> {
        let mut sessions: Vec<PlanSession> = many(ctx, plan_session::Column::PlanId, self.0.id).await?;
        sessions.retain(|session| session.0.starts_at.is_none() && !session.0.undated_on_purpose);
        Ok(sessions)
    }

    /// Its cover list 调课单, by school, day and period.
    #[graphql(complexity = "500 + weight(first, last, child_complexity)")]
    async fn cover_list(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which lessons.", default)] filter: CoverFilter,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<CoveredLesson>> {
        let page = Page::new(first, after, last, before);
        cover::listed(ctx, Which::Plan(self.0.id), filter, page).await
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

impl Plan {
    async fn cost(&self, ctx: &Context<'_>, session: &ID, edit: &Edit) -> Result<PlanCost> {
        let session = ident(Kind::Session, session, "sessionId").or_fault(ctx)?;
        plans::weigh(scope(ctx)?, self.0.id, session, edit).await.map(PlanCost).or_fault(ctx)
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
    /// Plans 排期方案, the newest first: published ones, and of each line of drafts the last.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "four of them are those of any connection")]
    async fn plans(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of this term.")] term_id: Option<ID>,
        #[graphql(desc = "Only drafts, or only published ones.")] drafts: Option<bool>,
        #[graphql(desc = "The whole history: those that were revised, undone or discarded too.", default)]
        all: bool,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Plan>> {
        let mut select = plan::Entity::find();
        if let Some(id) = term_id {
            select = select.filter(plan::Column::TermId.eq(ident(Kind::Term, &id, "termId").or_fault(ctx)?));
        }
        match drafts {
            Some(true) => select = select.filter(plan::Column::PublishedAt.is_null()),
            Some(false) => select = select.filter(plan::Column::PublishedAt.is_not_null()),
            None => {}
        }
        if !all {
            select = select.filter(plans::drafts::listed(scope(ctx)?.district.id));
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
