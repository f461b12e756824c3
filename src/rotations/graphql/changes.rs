//! Changes to rounds and placements.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::NaiveDate;

use crate::entity::{placement, rotation_round};
use crate::graphql::{Fault, ident, settle, writer};
use crate::id::Kind;
use crate::rotations::graphql::{Placement, RotationRound};
use crate::rotations::{NewRound, create_round, dispatch};
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
    /// The group whose core and member schools take part; null: all schools of the district.
    group_id: Option<ID>,
    /// The policy it follows; null: the one in force when it is counted, the group's own before the district's.
    policy_id: Option<ID>,
}

/// What came of a change to a round.
#[derive(SimpleObject)]
pub struct RotationRoundPayload {
    /// The round as it now is.
    pub(super) rotation_round: Option<RotationRound>,
    /// What to mend; empty when it was done.
    pub(super) user_errors: Vec<Fault>,
}

/// A placement to take back.
#[derive(Debug, InputObject)]
pub struct PlacementWithdrawInput {
    /// The placement.
    placement_id: ID,
    /// The version that was looked at.
    expected_version: i32,
    /// Why, as told to her.
    reason: String,
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
        #[graphql(desc = "Its name and span, and whose it is.")] input: RotationRoundCreateInput,
    ) -> Result<RotationRoundPayload> {
        let scope = writer(ctx)?;
        let (rotation_round, user_errors) = settle(ctx, create(scope, input).await, None).await?;
        Ok(RotationRoundPayload { rotation_round, user_errors })
    }

    /// Takes back that somebody who was approved is sent, before she is dispatched; she is told, and why.
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

async fn create(
    scope: &Scope,
    input: RotationRoundCreateInput,
) -> crate::error::Result<rotation_round::Model> {
    let group_id = input.group_id.as_ref().map(|id| ident(Kind::Group, id, "groupId")).transpose()?;
    let policy_id = input.policy_id.as_ref().map(|id| ident(Kind::Policy, id, "policyId")).transpose()?;
    let RotationRoundCreateInput { name, starts_on, ends_on, .. } = input;
    create_round(scope, NewRound { name, starts_on, ends_on, group_id, policy_id }).await
}

async fn withdraw(scope: &Scope, input: PlacementWithdrawInput) -> crate::error::Result<placement::Model> {
    let id = ident(Kind::Placement, &input.placement_id, "placementId")?;
    dispatch::withdraw(scope, id, input.expected_version, &input.reason).await
}
