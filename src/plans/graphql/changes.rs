//! Starting runs and publishing plans.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};

use crate::entity::values::PlanMode;
use crate::entity::{plan, plan_run, research_session};
use crate::graphql::{Fault, ident, settle, within, writer};
use crate::id::Kind;
use crate::plans;
use crate::plans::graphql::drafts::PlanPayload;
use crate::plans::graphql::{Plan, PlanRun, Publication};
use crate::scope::Scope;
use crate::sessions::graphql::SessionPayload;

/// A run to start.
#[derive(Debug, InputObject)]
pub struct PlanRunStartInput {
    /// The term.
    term_id: ID,
    /// One group; left out: all.
    group_id: Option<ID>,
    /// Plan as if it were then; left out: now.
    as_of: Option<DateTime<Utc>>,
    /// Time limit, 1 to 600 seconds.
    #[graphql(default = 30)]
    seconds: i32,
    /// The same seed on the same rows gives the same plan.
    #[graphql(default = 1)]
    seed: i32,
    /// Threads that search side by side, 1 to 64; left out: as many as the machine has, two to four.
    threads: Option<i32>,
    /// Whether published sessions may move too.
    #[graphql(default_with = "PlanMode::Fill")]
    mode: PlanMode,
    /// The plan to start from: its pins stay, and what it leaves undated on purpose stays so; left out: from nothing.
    base_plan_id: Option<ID>,
    /// Sessions to leave without a date on purpose 待定.
    #[graphql(default)]
    undated_session_ids: Vec<ID>,
}

/// What came of starting or stopping a run.
#[derive(SimpleObject)]
pub struct PlanRunPayload {
    /// The run as it now is.
    plan_run: Option<PlanRun>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// A run to stop.
#[derive(Debug, InputObject)]
pub struct PlanRunStopInput {
    /// The run.
    plan_run_id: ID,
}

/// A new time and place for a published session.
#[derive(Debug, InputObject)]
pub struct SessionRescheduleInput {
    /// The session.
    session_id: ID,
    /// The version the change was made from.
    expected_version: i32,
    /// New start.
    starts_at: DateTime<Utc>,
    /// New host school; left out: as before. With one, a session that was moved online is on site again.
    host_school_id: Option<ID>,
    /// New room; left out: as before. With one, a session that was moved online is on site again.
    room_id: Option<ID>,
    /// Why, as told to people.
    reason: String,
}

/// A plan to publish.
#[derive(Debug, InputObject)]
pub struct PlanPublishInput {
    /// The plan.
    plan_id: ID,
    /// Why, as told to people whose session changes; left out: that the plan was made anew.
    reason: Option<String>,
}

/// What came of publishing.
#[derive(SimpleObject)]
pub struct PlanPublishPayload {
    /// The plan as it now is.
    plan: Option<Plan>,
    /// What it did; null when nothing was done.
    publication: Option<Publication>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// A plan whose publication shall be taken back.
#[derive(Debug, InputObject)]
pub struct PlanUnpublishInput {
    /// The plan.
    plan_id: ID,
}

/// Starts runs and publishes plans.
#[derive(Default)]
pub struct PlansMutation;

#[Object]
impl PlansMutation {
    /// Starts a search for a plan; it goes on in the background, and `planRun` tells how far it is.
    async fn plan_run_start(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to plan.")] input: PlanRunStartInput,
    ) -> Result<PlanRunPayload> {
        let scope = writer(ctx)?;
        let (plan_run, user_errors) = settle(ctx, start(scope, input).await, None).await?;
        Ok(PlanRunPayload { plan_run, user_errors })
    }

    /// Stops a run; the best plan so far is kept.
    async fn plan_run_stop(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: PlanRunStopInput,
    ) -> Result<PlanRunPayload> {
        let scope = writer(ctx)?;
        let row = Kind::PlanRun.parse(&input.plan_run_id);
        let (plan_run, user_errors) = settle(ctx, stop(scope, input).await, row).await?;
        Ok(PlanRunPayload { plan_run, user_errors })
    }

    /// Moves a published session to another time or place and tells everybody.
    async fn session_reschedule(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, where to, and why.")] input: SessionRescheduleInput,
    ) -> Result<SessionPayload> {
        let scope = writer(ctx)?;
        let row = Kind::Session.parse(&input.session_id);
        let (session, user_errors) = settle(ctx, reschedule(scope, input).await, row).await?;
        Ok(SessionPayload { session, user_errors })
    }

    /// Publishes a plan: its sessions get their dates and everybody is told.
    async fn plan_publish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: PlanPublishInput,
    ) -> Result<PlanPublishPayload> {
        let scope = writer(ctx)?;
        let row = Kind::Plan.parse(&input.plan_id);
        let (publication, published) = match publish(scope, input).await {
            Ok(publication) => {
                let plan = publication.plan.clone();
                (Some(Publication(publication)), Ok(plan))
            }
            Err(error) => (None, Err(error)),
        };
        let (plan, user_errors) = settle(ctx, published, row).await?;
        Ok(PlanPublishPayload { plan, publication, user_errors })
    }

    /// Takes a publication back while its mails still wait (`undoableUntil`): everything stands as before, and nobody hears of it.
    async fn plan_unpublish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: PlanUnpublishInput,
    ) -> Result<PlanPayload> {
        let scope = writer(ctx)?;
        let row = Kind::Plan.parse(&input.plan_id);
        let (plan, user_errors) = settle(ctx, unpublish(scope, input).await, row).await?;
        Ok(PlanPayload { plan, user_errors })
    }
}

async fn unpublish(scope: &Scope, input: PlanUnpublishInput) -> crate::error::Result<plan::Model> {
    plans::unpublish(scope, ident(Kind::Plan, &input.plan_id, "planId")?).await
}

async fn start(scope: &Scope, input: PlanRunStartInput) -> crate::error::Result<plan_run::Model> {
    let hold = |id: &ID| ident(Kind::Session, id, "undatedSessionIds");
    let request = plans::SolveRequest {
        term_id: ident(Kind::Term, &input.term_id, "termId")?,
        group_id: input.group_id.map(|id| ident(Kind::Group, &id, "groupId")).transpose()?,
        as_of: input.as_of,
        seconds: within("seconds", input.seconds, plans::SECONDS)?,
        steps: None,
        seed: within("seed", input.seed, 0..=i32::MAX.into())?,
        threads: input.threads.map(|threads| within("threads", threads, plans::THREADS)).transpose()?,
        mode: input.mode,
        base: input.base_plan_id.map(|id| ident(Kind::Plan, &id, "basePlanId")).transpose()?,
        hold: input.undated_session_ids.iter().map(hold).collect::<crate::error::Result<_>>()?,
    };
    plans::start_run(scope, request).await
}

async fn stop(scope: &Scope, input: PlanRunStopInput) -> crate::error::Result<plan_run::Model> {
    plans::stop_run(scope, ident(Kind::PlanRun, &input.plan_run_id, "planRunId")?).await
}

async fn publish(scope: &Scope, input: PlanPublishInput) -> crate::error::Result<plans::Publication> {
    let id = ident(Kind::Plan, &input.plan_id, "planId")?;
    plans::publish_because(scope, id, input.reason).await
}

async fn reschedule(
    scope: &Scope,
    input: SessionRescheduleInput,
) -> crate::error::Result<research_session::Model> {
    plans::reschedule(scope, wish(input)?).await
}

/// What it asks for.
pub(super) fn wish(input: SessionRescheduleInput) -> crate::error::Result<plans::Reschedule> {
    Ok(plans::Reschedule {
        session_id: ident(Kind::Session, &input.session_id, "sessionId")?,
        expected_version: input.expected_version,
        starts_at: input.starts_at,
        host_school_id: input
            .host_school_id
            .map(|id| ident(Kind::School, &id, "hostSchoolId"))
            .transpose()?,
        room_id: input.room_id.map(|id| ident(Kind::Room, &id, "roomId")).transpose()?,
        reason: input.reason,
    })
}
