//! Planning runs and their progress.

use std::time::Duration;

use async_graphql::{Context, ID, Object, Result, Subscription};
use chrono::{DateTime, Utc};
use futures_util::stream::{self, Stream};

use crate::calendar::graphql::Term;
use crate::entity::plan_run;
use crate::entity::values::{PlanMode, RunState};
use crate::graphql::{Long, OrFault, by_id, ident, object_over, one, the};
use crate::groups::graphql::EducationGroup;
use crate::id::Kind;
use crate::plans::graphql::{Plan, Score};

/// How often the progress of a run is looked up.
const EVERY: Duration = Duration::from_millis(500);

object_over! {
    /// A run.
    PlanRun, plan_run
}

/// A planning run: a search for a plan, and how far it is.
#[Object]
impl PlanRun {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::PlanRun.id(self.0.id).into()
    }

    /// The term.
    async fn term(&self, ctx: &Context<'_>) -> Result<Term> {
        the(ctx, self.0.term_id).await
    }

    /// One group; null: all.
    async fn group(&self, ctx: &Context<'_>) -> Result<Option<EducationGroup>> {
        one(ctx, self.0.group_id).await
    }

    /// Where it stands.
    async fn state(&self) -> RunState {
        self.0.state
    }

    /// What it may move.
    async fn mode(&self) -> PlanMode {
        self.0.mode
    }

    /// Threads that search side by side.
    async fn threads(&self) -> i32 {
        self.0.threads
    }

    /// The now it plans for.
    async fn as_of(&self) -> DateTime<Utc> {
        self.0.as_of
    }

    /// Seed.
    async fn seed(&self) -> Long {
        Long(self.0.seed)
    }

    /// Time limit.
    async fn seconds(&self) -> i32 {
        self.0.seconds
    }

    /// Steps so far.
    async fn steps(&self) -> Long {
        Long(self.0.steps)
    }

    /// Seconds of search so far, loading and storing aside.
    async fn elapsed_seconds(&self) -> f64 {
        // Far fewer than 2^52 milliseconds.
        self.0.searched_ms as f64 / 1_000.0
    }

    /// Moves tried per second of search; null before it began.
    async fn moves_per_second(&self) -> Option<Long> {
        let thousandfold = self.0.steps.saturating_mul(1_000);
        thousandfold.checked_div(self.0.searched_ms).map(Long)
    }

    /// Sessions placed in the best plan so far.
    async fn placed(&self) -> i32 {
        self.0.placed
    }

    /// Sessions to place.
    async fn total(&self) -> i32 {
        self.0.total
    }

    /// Score of the best plan so far.
    async fn score(&self) -> Score {
        Score::new(self.0.hard, self.0.medium, self.0.soft)
    }

    /// When it began.
    async fn started_at(&self) -> DateTime<Utc> {
        self.0.started_at
    }

    /// Last sign of life.
    async fn heartbeat_at(&self) -> DateTime<Utc> {
        self.0.heartbeat_at
    }

    /// When it ended.
    async fn finished_at(&self) -> Option<DateTime<Utc>> {
        self.0.finished_at
    }

    /// The plan it starts from; null: from nothing.
    async fn base_plan(&self, ctx: &Context<'_>) -> Result<Option<Plan>> {
        one(ctx, self.0.base_plan_id).await
    }

    /// The plan it made.
    async fn plan(&self, ctx: &Context<'_>) -> Result<Option<Plan>> {
        one(ctx, self.0.plan_id).await
    }

    /// Why it failed.
    async fn failure(&self) -> Option<&str> {
        self.0.failure.as_deref()
    }

    /// Who asked for it.
    async fn requested_by(&self) -> &str {
        &self.0.requested_by
    }
}

/// Watches runs.
#[derive(Default)]
pub struct PlansSubscription;

#[Subscription]
impl PlansSubscription {
    /// A run each time it has got further, until it has ended.
    async fn plan_run<'a>(
        &self,
        ctx: &'a Context<'a>,
        #[graphql(desc = "Its identifier.")] id: ID,
    ) -> Result<impl Stream<Item = Result<PlanRun>> + use<'a>> {
        ident(Kind::PlanRun, &id, "id").or_fault(ctx)?;
        Ok(stream::unfold(Watch::Begun, move |watch| {
            let id = id.clone();
            async move { next(ctx, &id, watch).await }
        }))
    }
}

/// What a subscriber has seen of a run.
enum Watch {
    Begun,
    Seen(Box<plan_run::Model>),
    Ended,
}

/// Waits until the run differs from what was seen.
async fn next(ctx: &Context<'_>, id: &ID, watch: Watch) -> Option<(Result<PlanRun>, Watch)> {
    let seen = match watch {
        Watch::Ended => return None,
        Watch::Begun => None,
        Watch::Seen(run) => Some(run),
    };
    loop {
        if seen.is_some() {
            tokio::time::sleep(EVERY).await;
        }
        let run = match by_id::<PlanRun>(ctx, Kind::PlanRun, id).await {
            Ok(run) => run?,
            Err(error) => return Some((Err(error), Watch::Ended)),
        };
        if seen.as_deref() == Some(&run.0) {
            continue;
        }
        // One that is asked to stop goes on until its best plan is stored.
        let watch = match run.0.finished_at {
            None => Watch::Seen(Box::new(run.0.clone())),
            Some(_) => Watch::Ended,
        };
        return Some((Ok(run), watch));
    }
}
