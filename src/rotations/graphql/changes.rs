//! Changes to rounds and placements.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::NaiveDate;

use crate::entity::placement;
use crate::entity::values::PlacementForm;
use crate::graphql::{Fault, ident, settle, writer};
use crate::id::Kind;
use crate::rotations;
use crate::rotations::graphql::{Placement, RotationRound};
use crate::scope::Scope;

/// A round to open.
#[derive(Debug, InputObject)]
pub struct RotationRoundCreateInput {
    /// Name, e.g. 2026年教师交流轮岗.
    name: String,
    /// First day of service of those who move, unless theirs is another.
    starts_on: NaiveDate,
    /// Last day of service of those who move, unless theirs is another.
    ends_on: NaiveDate,
}

/// What came of a change to a round.
#[derive(SimpleObject)]
pub struct RotationRoundPayload {
    /// The round as it now is.
    pub(super) rotation_round: Option<RotationRound>,
    /// What to mend; empty when it was done.
    pub(super) user_errors: Vec<Fault>,
}

/// A move to propose.
#[derive(Debug, InputObject)]
pub struct PlacementProposeInput {
    /// The round.
    round_id: ID,
    /// Who moves.
    teacher_id: ID,
    /// Receiving school.
    to_school_id: ID,
    /// In which form; 走教 is a posting instead.
    form: PlacementForm,
    /// First day.
    from_on: NaiveDate,
    /// Last day.
    until_on: NaiveDate,
    /// Why she was chosen, as told to her.
    reason: Option<String>,
}

/// A proposal to approve.
#[derive(Debug, InputObject)]
pub struct PlacementApproveInput {
    /// The placement.
    placement_id: ID,
    /// The version that was looked at.
    expected_version: i32,
}

/// A proposal to take back.
#[derive(Debug, InputObject)]
pub struct PlacementWithdrawInput {
    /// The placement.
    placement_id: ID,
    /// The version that was looked at.
    expected_version: i32,
    /// Why, as told to her.
    reason: Option<String>,
}

/// What came of a change to a placement.
#[derive(SimpleObject)]
pub struct PlacementPayload {
    /// The placement as it now is.
    pub(super) placement: Option<Placement>,
    /// What to mend; empty when it was done.
    pub(super) user_errors: Vec<Fault>,
}

/// Changes rounds and placements.
#[derive(Default)]
pub struct RoundsMutation;

#[Object]
impl RoundsMutation {
    /// Opens a round of rotation 轮岗.
    async fn rotation_round_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its name and span.")] input: RotationRoundCreateInput,
    ) -> Result<RotationRoundPayload> {
        let scope = writer(ctx)?;
        let RotationRoundCreateInput { name, starts_on, ends_on } = input;
        let outcome = rotations::create_round(scope, rotations::NewRound { name, starts_on, ends_on }).await;
        let (rotation_round, user_errors) = settle(ctx, outcome, None).await?;
        Ok(RotationRoundPayload { rotation_round, user_errors })
    }

    /// Proposes a move from the home school to another.
    async fn placement_propose(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who moves where.")] input: PlacementProposeInput,
    ) -> Result<PlacementPayload> {
        let scope = writer(ctx)?;
        let (placement, user_errors) = settle(ctx, propose(scope, input).await, None).await?;
        Ok(PlacementPayload { placement, user_errors })
    }

    /// Approves a proposal: it becomes a posting.
    async fn placement_approve(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: PlacementApproveInput,
    ) -> Result<PlacementPayload> {
        let scope = writer(ctx)?;
        let row = Kind::Placement.parse(&input.placement_id);
        let (placement, user_errors) = settle(ctx, approve(scope, input).await, row).await?;
        Ok(PlacementPayload { placement, user_errors })
    }

    /// Takes a proposal back.
    async fn placement_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and why.")] input: PlacementWithdrawInput,
    ) -> Result<PlacementPayload> {
        let scope = writer(ctx)?;
        let row = Kind::Placement.parse(&input.placement_id);
        let (placement, user_errors) = settle(ctx, withdraw(scope, input).await, row).await?;
        Ok(PlacementPayload { placement, user_errors })
    }
}

async fn propose(scope: &Scope, input: PlacementProposeInput) -> crate::error::Result<placement::Model> {
    let new = rotations::NewPlacement {
        round_id: ident(Kind::Round, &input.round_id, "roundId")?,
        teacher_id: ident(Kind::Teacher, &input.teacher_id, "teacherId")?,
        to_school_id: ident(Kind::School, &input.to_school_id, "toSchoolId")?,
        form: input.form,
        from_on: input.from_on,
        until_on: input.until_on,
        reason: input.reason,
    };
    rotations::propose(scope, new).await
}

async fn approve(scope: &Scope, input: PlacementApproveInput) -> crate::error::Result<placement::Model> {
    let id = ident(Kind::Placement, &input.placement_id, "placementId")?;
    rotations::approve(scope, id, input.expected_version).await
}

async fn withdraw(scope: &Scope, input: PlacementWithdrawInput) -> crate::error::Result<placement::Model> {
    let id = ident(Kind::Placement, &input.placement_id, "placementId")?;
    rotations::withdraw(scope, id, input.expected_version, input.reason).await
}
