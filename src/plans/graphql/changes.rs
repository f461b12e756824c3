//! Starting runs and publishing plans.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};

use crate::entity::plan_run;
use crate::entity::values::MessageKind;
use crate::error::UserError;
use crate::graphql::{Fault, ident, settle, several, writer};
use crate::id::Kind;
use crate::plans;
use crate::plans::graphql::{Plan, PlanRun};
use crate::scope::Scope;
use crate::sessions::graphql::ResearchSession;

/// Longest run.
const MOST_SECONDS: i32 = 3600;

/// What publishing a plan does, or would do.
pub struct Publication(pub plans::Publication);

/// What publishing a plan does, or would do.
#[Object]
impl Publication {
    /// The plan.
    async fn plan(&self) -> Plan {
        Plan(self.0.plan.clone())
    }

    /// Sessions that get a date.
    async fn placed(&self, ctx: &Context<'_>) -> Result<Vec<ResearchSession>> {
        several(ctx, self.0.placed.iter().copied()).await
    }

    /// Sessions that move.
    async fn moved(&self, ctx: &Context<'_>) -> Result<Vec<ResearchSession>> {
        several(ctx, self.0.moved.iter().copied()).await
    }

    /// Sessions that lose their date.
    async fn withdrawn(&self, ctx: &Context<'_>) -> Result<Vec<ResearchSession>> {
        several(ctx, self.0.withdrawn.iter().copied()).await
    }

    /// Mails that go out.
    async fn mails(&self) -> Vec<MailCount> {
        self.0.mails.iter().map(MailCount::from).collect()
    }
}

/// How many mails of a kind go to how many people.
#[derive(Debug, SimpleObject)]
pub struct MailCount {
    /// Invitation, update or cancellation.
    kind: MessageKind,
    /// How many people.
    recipients: usize,
    /// How many mails.
    mails: usize,
}

impl From<&plans::MailCount> for MailCount {
    fn from(count: &plans::MailCount) -> Self {
        Self { kind: count.kind, recipients: count.recipients, mails: count.mails }
    }
}

/// A run to start.
#[derive(Debug, InputObject)]
pub struct PlanRunStartInput {
    /// The term.
    term_id: ID,
    /// One group; left out: all.
    group_id: Option<ID>,
    /// Plan as if it were then; left out: now.
    as_of: Option<DateTime<Utc>>,
    /// Time limit, 1 to 3600 seconds.
    #[graphql(default = 30)]
    seconds: i32,
    /// The same seed on the same rows gives the same plan.
    #[graphql(default = 1)]
    seed: u32,
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

/// A plan to publish.
#[derive(Debug, InputObject)]
pub struct PlanPublishInput {
    /// The plan.
    plan_id: ID,
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
}

async fn start(scope: &Scope, input: PlanRunStartInput) -> crate::error::Result<plan_run::Model> {
    let Some(seconds) =
        u32::try_from(input.seconds).ok().filter(|_| (1..=MOST_SECONDS).contains(&input.seconds))
    else {
        let (zh, en) = ("时间限制应为 1 到 3600 秒", "the time limit is 1 to 3600 seconds");
        return Err(UserError::new("SECONDS_OUT_OF_RANGE", zh, en).at("seconds").into());
    };
    let request = plans::SolveRequest {
        term_id: ident(Kind::Term, &input.term_id, "termId")?,
        group_id: input.group_id.map(|id| ident(Kind::Group, &id, "groupId")).transpose()?,
        as_of: input.as_of,
        seconds,
        seed: input.seed.into(),
    };
    plans::start_run(scope, request).await
}

async fn stop(scope: &Scope, input: PlanRunStopInput) -> crate::error::Result<plan_run::Model> {
    plans::stop_run(scope, ident(Kind::PlanRun, &input.plan_run_id, "planRunId")?).await
}

async fn publish(scope: &Scope, input: PlanPublishInput) -> crate::error::Result<plans::Publication> {
    plans::publish(scope, ident(Kind::Plan, &input.plan_id, "planId")?).await
}
