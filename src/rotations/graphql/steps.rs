//! A round's steps: their days, what may be done in them and by whom, what is missing before the next.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::NaiveDate;

use crate::entity::values::RoundState;
use crate::entity::{rotation_round, round_step};
use crate::error::Language;
use crate::graphql::{Fault, OrFault, ident, object_over, one, request, settle, the, writer};
use crate::id::Kind;
use crate::rotations::graphql::{RotationRound, RotationRoundPayload};
use crate::rotations::permits::{self, RotationAction, RotationRole};
use crate::rotations::steps::{self, Gap, Rescheduling};
use crate::scope::Scope;

object_over! {
    /// A step of a round.
    RoundStep, round_step
}

/// A step of a round of rotation, with its days.
#[Object]
impl RoundStep {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::RoundStep.id(self.0.id).into()
    }

    /// The round.
    async fn round(&self, ctx: &Context<'_>) -> Result<RotationRound> {
        the(ctx, self.0.round_id).await
    }

    /// Which step.
    async fn step(&self) -> RoundState {
        self.0.step
    }

    /// First day.
    async fn from_on(&self) -> NaiveDate {
        self.0.from_on
    }

    /// Day by which it shall be done.
    async fn due_on(&self) -> NaiveDate {
        self.0.due_on
    }

    /// Day on which the round last entered it; null: not yet.
    async fn entered_on(&self) -> Option<NaiveDate> {
        self.0.entered_on
    }

    /// Working days a proposal is public at least; null in other steps.
    async fn working_days(&self) -> Option<i32> {
        self.0.working_days
    }

    /// Why the round came back to it, or why its days were changed.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// What may be done in it, and by whom.
    async fn permits(&self) -> Vec<RotationPermit> {
        permits::in_step(self.0.step)
            .map(|permit| RotationPermit { action: permit.action, roles: permit.roles.to_vec() })
            .collect()
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// What may be done in a step, and by whom.
#[derive(Debug, SimpleObject)]
pub struct RotationPermit {
    /// What.
    action: RotationAction,
    /// Who may.
    roles: Vec<RotationRole>,
}

/// Something that is missing before the next step of a round, or worth knowing before it.
#[derive(Debug, SimpleObject)]
pub struct RoundGap {
    /// Stable code for programs, e.g. `OBJECTIONS_OPEN`.
    code: &'static str,
    /// Whether the next step must wait for it.
    blocks: bool,
    /// What is missing and what to do.
    message: String,
}

impl RoundGap {
    fn new(gap: &Gap, language: Language) -> Self {
        Self { code: gap.code, blocks: gap.blocks, message: gap.message.text(language).to_owned() }
    }
}

/// Reads what is missing.
#[derive(Default)]
pub struct StepsQuery;

#[Object]
impl StepsQuery {
    /// What is missing before a round takes its next step, and what is worth knowing before it; null when there is no such
    /// round.
    #[graphql(complexity = "50 * child_complexity")]
    async fn rotation_round_missing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The round.")] round_id: ID,
    ) -> Result<Option<Vec<RoundGap>>> {
        let id = ident(Kind::Round, &round_id, "roundId").or_fault(ctx)?;
        let Some(RotationRound(round)) = one(ctx, id).await? else { return Ok(None) };
        let request = request(ctx)?;
        let progress = steps::progress(&request.scope, &round).await.or_fault(ctx)?;
        Ok(Some(progress.gaps.iter().map(|gap| RoundGap::new(gap, request.language)).collect()))
    }
}

/// The next step to take.
#[derive(Debug, InputObject)]
pub struct RoundStepForwardInput {
    /// The round.
    round_id: ID,
    /// The version of the round that was looked at.
    expected_version: i32,
}

/// The step to go back from.
#[derive(Debug, InputObject)]
pub struct RoundStepBackInput {
    /// The round.
    round_id: ID,
    /// The version of the round that was looked at.
    expected_version: i32,
    /// Why, as told to those in charge.
    reason: String,
}

/// Other days for a step.
#[derive(Debug, InputObject)]
pub struct RoundStepRescheduleInput {
    /// The step.
    step_id: ID,
    /// The version of the step that was looked at.
    expected_version: i32,
    /// First day.
    from_on: NaiveDate,
    /// Day by which it shall be done.
    due_on: NaiveDate,
    /// Working days a proposal is public at least; null: as before.
    working_days: Option<i32>,
    /// Why.
    reason: Option<String>,
}

/// What came of a change to a step.
#[derive(SimpleObject)]
pub struct RoundStepPayload {
    /// The step as it now is.
    round_step: Option<RoundStep>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// Takes rounds through their steps.
#[derive(Default)]
pub struct StepsMutation;

#[Object]
impl StepsMutation {
    /// Takes the next step of a round, when nothing is missing before it (`rotationRoundMissing`).
    async fn round_step_forward(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which round.")] input: RoundStepForwardInput,
    ) -> Result<RotationRoundPayload> {
        let scope = writer(ctx)?;
        let row = Kind::Round.parse(&input.round_id);
        let (rotation_round, user_errors) = settle(ctx, forward(scope, input).await, row).await?;
        Ok(RotationRoundPayload { rotation_round, user_errors })
    }

    /// Goes back one step of a round, with a reason; not once people are being dispatched.
    async fn round_step_back(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which round, and why.")] input: RoundStepBackInput,
    ) -> Result<RotationRoundPayload> {
        let scope = writer(ctx)?;
        let row = Kind::Round.parse(&input.round_id);
        let (rotation_round, user_errors) = settle(ctx, back(scope, input).await, row).await?;
        Ok(RotationRoundPayload { rotation_round, user_errors })
    }

    /// Changes the days of a step that is not over.
    async fn round_step_reschedule(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which step, and its days.")] input: RoundStepRescheduleInput,
    ) -> Result<RoundStepPayload> {
        let scope = writer(ctx)?;
        let row = Kind::RoundStep.parse(&input.step_id);
        let (round_step, user_errors) = settle(ctx, reschedule(scope, input).await, row).await?;
        Ok(RoundStepPayload { round_step, user_errors })
    }
}

async fn forward(scope: &Scope, input: RoundStepForwardInput) -> crate::error::Result<rotation_round::Model> {
    steps::forward(scope, ident(Kind::Round, &input.round_id, "roundId")?, input.expected_version).await
}

async fn back(scope: &Scope, input: RoundStepBackInput) -> crate::error::Result<rotation_round::Model> {
    let round_id = ident(Kind::Round, &input.round_id, "roundId")?;
    steps::back(scope, round_id, input.expected_version, &input.reason).await
}

async fn reschedule(
    scope: &Scope,
    input: RoundStepRescheduleInput,
) -> crate::error::Result<round_step::Model> {
    let change = Rescheduling {
        step_id: ident(Kind::RoundStep, &input.step_id, "stepId")?,
        expected_version: input.expected_version,
        from_on: input.from_on,
        due_on: input.due_on,
        working_days: input.working_days,
        reason: input.reason,
    };
    steps::reschedule(scope, change).await
}
