//! Making proposals, making them public, approving, dispatching, and changing service.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use chrono::NaiveDate;
use sea_orm::prelude::Uuid;

use super::figures::ProposalConflict;
use super::input::ProposalCreateInput;
use super::{ALONE, ProposalRun, RotationProposal};
use crate::calendar::graphql::Lesson;
use crate::entity::rotation_proposal;
use crate::error::Result as Outcome;
use crate::graphql::{Fault, ident, request, settle, several, the, writer};
use crate::groups::graphql::School;
use crate::id::Kind;
use crate::people::graphql::Posting;
use crate::rotations::dispatch::{self, Dispatched, ServiceChange};
use crate::rotations::graphql::Placement;
use crate::rotations::graphql::changes::PlacementPayload;
use crate::rotations::proposals::{self, Made, Stop};
use crate::scope::Scope;

/// Most seconds of a search whose answer is waited for: an answer takes thirty at most.
const WAITING: u32 = 20;

/// What came of a change to a proposal.
#[derive(SimpleObject)]
pub struct ProposalPayload {
    /// The proposal as it now is.
    proposal: Option<RotationProposal>,
    /// The rules that no proposal keeps together, and the ways out; null: there is a proposal, or it failed otherwise.
    conflict: Option<ProposalConflict>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// What came of starting or stopping a search.
#[derive(SimpleObject)]
pub struct ProposalRunPayload {
    /// The search as it now is.
    proposal_run: Option<ProposalRun>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// A proposal to make public, approve or discard.
#[derive(Debug, InputObject)]
pub struct ProposalChooseInput {
    /// The proposal.
    proposal_id: ID,
}

/// A search to stop.
#[derive(Debug, InputObject)]
pub struct ProposalRunStopInput {
    /// The search.
    run_id: ID,
}

/// The round whose people to dispatch.
#[derive(Debug, InputObject)]
pub struct RoundDispatchInput {
    /// The round.
    round_id: ID,
}

/// Lessons at a school that nobody gives any more.
pub struct UncoveredLessons {
    school_id: Uuid,
    lessons: Vec<Uuid>,
}

/// Lessons at a school that nobody gives any more.
#[Object]
impl UncoveredLessons {
    /// The school.
    async fn school(&self, ctx: &Context<'_>) -> Result<School> {
        the(ctx, self.school_id).await
    }

    /// How many.
    async fn count(&self) -> usize {
        self.lessons.len()
    }

    /// The lessons, by class and time.
    #[graphql(complexity = "50 * child_complexity")]
    async fn lessons(&self, ctx: &Context<'_>) -> Result<Vec<Lesson>> {
        several(ctx, self.lessons.iter().copied()).await
    }
}

impl UncoveredLessons {
    /// Lessons under the schools that have to cover them.
    pub fn by_school(uncovered: &[dispatch::Uncovered]) -> Vec<Self> {
        let schools = dispatch::by_school(uncovered).into_iter().map(|(school_id, lessons)| Self {
            school_id,
            lessons: lessons.iter().map(|row| row.lesson_id).collect(),
        });
        schools.collect()
    }
}

/// What came of dispatching.
#[derive(SimpleObject)]
pub struct RoundDispatchPayload {
    /// The postings that were made.
    postings: Vec<Posting>,
    /// Lessons that nobody gives any more from the day somebody leaves, by school.
    uncovered: Vec<UncoveredLessons>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// How service changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ServiceEnd {
    /// 延长.
    Later,
    /// 提前结束.
    Earlier,
}

/// Another last day for somebody's service.
#[derive(Debug, InputObject)]
pub struct ServiceChangeInput {
    /// The placement.
    placement_id: ID,
    /// The version of the placement that was looked at.
    expected_version: i32,
    /// Whether it becomes longer or ends before its time.
    end: ServiceEnd,
    /// Her last day there.
    until_on: NaiveDate,
    /// Why.
    reason: String,
}

/// Makes and settles proposals.
#[derive(Default)]
pub struct ProposalsMutation;

#[Object]
impl ProposalsMutation {
    /// Works a proposal out and waits for it, at most 20 seconds; see `proposalRunStart` for longer searches. Step 拟订方案.
    /// One in a request.
    #[graphql(complexity = "ALONE + child_complexity")]
    async fn proposal_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is made from, and with what.")] input: ProposalCreateInput,
    ) -> Result<ProposalPayload> {
        let scope = writer(ctx)?;
        let made = create(scope, input).await;
        let (made, conflict) = match made {
            Ok(Made::Done(row)) => (Ok(row), None),
            Ok(Made::Impossible(conflict)) => (Err(conflict.refusal()), Some(conflict)),
            Err(error) => (Err(error), None),
        };
        let language = request(ctx)?.language;
        let (proposal, user_errors) = settle(ctx, made, None).await?;
        let conflict = conflict.map(|conflict| ProposalConflict { conflict, language });
        Ok(ProposalPayload { proposal, conflict, user_errors })
    }

    /// Starts a search for a proposal in the background. Step 拟订方案.
    async fn proposal_run_start(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is made from, and with what.")] input: ProposalCreateInput,
    ) -> Result<ProposalRunPayload> {
        let scope = writer(ctx)?;
        let started = match input.request(scope).await {
            Ok(request) => proposals::start(scope, request).await,
            Err(error) => Err(error),
        };
        let (proposal_run, user_errors) = settle(ctx, started, None).await?;
        Ok(ProposalRunPayload { proposal_run, user_errors })
    }

    /// Asks a search to stop; it keeps its best proposal.
    async fn proposal_run_stop(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which search.")] input: ProposalRunStopInput,
    ) -> Result<ProposalRunPayload> {
        let scope = writer(ctx)?;
        let stopped = match ident(Kind::ProposalRun, &input.run_id, "runId") {
            Ok(id) => proposals::stop(scope, id).await,
            Err(error) => Err(error),
        };
        let (proposal_run, user_errors) =
            settle(ctx, stopped, Kind::ProposalRun.parse(&input.run_id)).await?;
        Ok(ProposalRunPayload { proposal_run, user_errors })
    }

    /// Makes a draft public 公示; one that was public before is superseded. Step 拟订方案; then take the next step.
    async fn proposal_publicise(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which proposal.")] input: ProposalChooseInput,
    ) -> Result<ProposalPayload> {
        let scope = writer(ctx)?;
        let done = async { proposals::publicise(scope, named(&input.proposal_id)?).await };
        settled(ctx, done.await, &input.proposal_id).await
    }

    /// Approves the proposal that is public: everybody chosen is placed, to be dispatched. Step 审批.
    async fn proposal_approve(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which proposal.")] input: ProposalChooseInput,
    ) -> Result<ProposalPayload> {
        let scope = writer(ctx)?;
        let done = async { proposals::approve(scope, named(&input.proposal_id)?).await };
        settled(ctx, done.await, &input.proposal_id).await
    }

    /// Discards a draft. Step 拟订方案.
    async fn proposal_discard(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which proposal.")] input: ProposalChooseInput,
    ) -> Result<ProposalPayload> {
        let scope = writer(ctx)?;
        let done = async { proposals::discard(scope, named(&input.proposal_id)?).await };
        settled(ctx, done.await, &input.proposal_id).await
    }

    /// Dispatches everybody whose placement waits: each becomes a posting. Step 派遣.
    #[graphql(complexity = "100 + child_complexity")]
    async fn round_dispatch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which round.")] input: RoundDispatchInput,
    ) -> Result<RoundDispatchPayload> {
        let scope = writer(ctx)?;
        let done = match ident(Kind::Round, &input.round_id, "roundId") {
            Ok(id) => dispatch::dispatch(scope, id).await,
            Err(error) => Err(error),
        };
        match done {
            Ok(Dispatched { postings, uncovered }) => {
                let postings = postings.into_iter().map(Posting::from).collect();
                let uncovered = UncoveredLessons::by_school(&uncovered);
                Ok(RoundDispatchPayload { postings, uncovered, user_errors: Vec::new() })
            }
            Err(error) => {
                let nothing: Outcome<rotation_proposal::Model> = Err(error);
                let (_, user_errors) = settle::<RotationProposal>(ctx, nothing, None).await?;
                Ok(RoundDispatchPayload { postings: Vec::new(), uncovered: Vec::new(), user_errors })
            }
        }
    }

    /// Makes somebody's service longer, as far as the policy lets it, or ends it before its time.
    async fn placement_change_service(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose, and until when.")] input: ServiceChangeInput,
    ) -> Result<PlacementPayload> {
        let scope = writer(ctx)?;
        let row = Kind::Placement.parse(&input.placement_id);
        let done = change_service(scope, input).await;
        let (placement, user_errors): (Option<Placement>, _) = settle(ctx, done, row).await?;
        Ok(PlacementPayload { placement, user_errors })
    }
}

fn named(proposal: &ID) -> Outcome<Uuid> {
    ident(Kind::Proposal, proposal, "proposalId")
}

async fn settled(
    ctx: &Context<'_>,
    done: Outcome<rotation_proposal::Model>,
    id: &ID,
) -> Result<ProposalPayload> {
    let (proposal, user_errors) = settle(ctx, done, Kind::Proposal.parse(id)).await?;
    Ok(ProposalPayload { proposal, conflict: None, user_errors })
}

async fn create(scope: &Scope, input: ProposalCreateInput) -> Outcome<Made<rotation_proposal::Model>> {
    let mut request = input.request(scope).await?;
    request.settings.seconds = request.settings.seconds.min(WAITING);
    proposals::propose(scope, request, Stop::default()).await
}

async fn change_service(
    scope: &Scope,
    input: ServiceChangeInput,
) -> Outcome<crate::entity::placement::Model> {
    let change = ServiceChange {
        placement_id: ident(Kind::Placement, &input.placement_id, "placementId")?,
        expected_version: input.expected_version,
        until_on: input.until_on,
        reason: input.reason,
    };
    match input.end {
        ServiceEnd::Later => dispatch::extend(scope, change).await,
        ServiceEnd::Earlier => dispatch::recall(scope, change).await,
    }
}
