//! Working on drafts by hand.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::entity::plan;
use crate::graphql::{Fault, ident, one, request, settle, writer};
use crate::id::Kind;
use crate::plans::graphql::{Plan, PlanCost};
use crate::plans::revert::{Left, Reverted};
use crate::plans::{self, Edit, Edited, Stand};
use crate::scope::Scope;
use crate::sessions::graphql::ResearchSession;

/// Where a session of a plan shall stand; what is left out stays as the plan has it.
#[derive(Debug, InputObject)]
pub struct PlanSessionMoveInput {
    /// The plan that is edited: it stays, and a new draft revises it.
    plan_id: ID,
    /// The session.
    session_id: ID,
    /// New start.
    starts_at: Option<DateTime<Utc>>,
    /// New host school.
    host_school_id: Option<ID>,
    /// New room; with a new host, the smallest that fits when left out.
    room_id: Option<ID>,
    /// New presenters, all of them.
    presenter_ids: Option<Vec<ID>>,
}

/// A session to pin.
#[derive(Debug, InputObject)]
pub struct PlanSessionPinInput {
    /// The plan that is edited: it stays, and a new draft revises it.
    plan_id: ID,
    /// The session.
    session_id: ID,
}

/// A session to unpin.
#[derive(Debug, InputObject)]
pub struct PlanSessionUnpinInput {
    /// The plan that is edited: it stays, and a new draft revises it.
    plan_id: ID,
    /// The session.
    session_id: ID,
}

/// A session to leave without a date.
#[derive(Debug, InputObject)]
pub struct PlanSessionHoldInput {
    /// The plan that is edited: it stays, and a new draft revises it.
    plan_id: ID,
    /// The session.
    session_id: ID,
}

/// A session to be placed again.
#[derive(Debug, InputObject)]
pub struct PlanSessionReleaseInput {
    /// The plan that is edited: it stays, and a new draft revises it.
    plan_id: ID,
    /// The session.
    session_id: ID,
}

/// What came of editing a plan.
#[derive(SimpleObject)]
pub struct PlanEditPayload {
    /// The draft that the edit made.
    plan: Option<Plan>,
    /// What the edit cost; null when nothing was done.
    cost: Option<PlanCost>,
    /// What to mend, each hard rule that a move would break among it; empty when it was done.
    user_errors: Vec<Fault>,
}

/// An edit to undo.
#[derive(Debug, InputObject)]
pub struct PlanUndoInput {
    /// The draft that the edit made.
    plan_id: ID,
}

/// An undo to take back.
#[derive(Debug, InputObject)]
pub struct PlanRedoInput {
    /// The plan that the undone edit was made from.
    plan_id: ID,
}

/// A plan to go back to.
#[derive(Debug, InputObject)]
pub struct PlanRevertInput {
    /// The plan; it was published once.
    plan_id: ID,
}

/// What came of going back to a plan.
#[derive(SimpleObject)]
pub struct PlanRevertPayload {
    /// The draft; null when nothing can or need go back.
    plan: Option<Plan>,
    /// Sessions that cannot stand as the plan had them: they stay where they stand now, or without a date where they have none.
    not_restored: Vec<UnrestoredSession>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// A session that cannot go back to where an earlier plan had it.
pub struct UnrestoredSession(Left);

/// A session that cannot go back to where an earlier plan had it.
#[Object]
impl UnrestoredSession {
    /// The session.
    async fn session(&self, ctx: &Context<'_>) -> Result<Option<ResearchSession>> {
        one(ctx, self.0.session).await
    }

    /// Why not, as sentences.
    async fn reasons(&self, ctx: &Context<'_>) -> Result<Vec<&str>> {
        let language = request(ctx)?.language;
        Ok(self.0.reasons.iter().map(|reason| reason.text(language)).collect())
    }
}

/// A draft to discard.
#[derive(Debug, InputObject)]
pub struct PlanDiscardInput {
    /// The draft.
    plan_id: ID,
}

/// A name for a draft.
#[derive(Debug, InputObject)]
pub struct PlanRenameInput {
    /// The plan.
    plan_id: ID,
    /// The version the change was made from.
    expected_version: i32,
    /// What people shall call it (方案A), at most 40 characters; empty: nothing.
    label: String,
}

/// What came of a change to a draft as a whole.
#[derive(SimpleObject)]
pub struct PlanPayload {
    /// The plan to go on with: the one named, discarded or taken back, or after an undo the one before it.
    pub(super) plan: Option<Plan>,
    /// What to mend; empty when it was done.
    pub(super) user_errors: Vec<Fault>,
}

/// Edits, undoes, names and discards drafts.
#[derive(Default)]
pub struct DraftsMutation;

#[Object]
impl DraftsMutation {
    /// Moves a session of a plan to another time, host, room or presenters; refused with every hard rule it would break.
    async fn plan_session_move(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and where to.")] input: PlanSessionMoveInput,
    ) -> Result<PlanEditPayload> {
        let scope = writer(ctx)?;
        edited(ctx, moved(scope, input).await).await
    }

    /// Pins a session where a plan has it: the planner lets it stand there, with its presenters.
    async fn plan_session_pin(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: PlanSessionPinInput,
    ) -> Result<PlanEditPayload> {
        let scope = writer(ctx)?;
        edited(ctx, marked(scope, &input.plan_id, &input.session_id, &Edit::Pin).await).await
    }

    /// Lets the planner move a pinned session again.
    async fn plan_session_unpin(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: PlanSessionUnpinInput,
    ) -> Result<PlanEditPayload> {
        let scope = writer(ctx)?;
        edited(ctx, marked(scope, &input.plan_id, &input.session_id, &Edit::Unpin).await).await
    }

    /// Leaves a session without a date on purpose 待定: the planner leaves it alone, and publishing gives it none.
    async fn plan_session_hold(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: PlanSessionHoldInput,
    ) -> Result<PlanEditPayload> {
        let scope = writer(ctx)?;
        edited(ctx, marked(scope, &input.plan_id, &input.session_id, &Edit::Hold).await).await
    }

    /// Lets the planner place a session again that was left without a date on purpose.
    async fn plan_session_release(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: PlanSessionReleaseInput,
    ) -> Result<PlanEditPayload> {
        let scope = writer(ctx)?;
        edited(ctx, marked(scope, &input.plan_id, &input.session_id, &Edit::Release).await).await
    }

    /// Takes the last edit of a draft back: it is discarded, and the plan before it is returned.
    async fn plan_undo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: PlanUndoInput,
    ) -> Result<PlanPayload> {
        let scope = writer(ctx)?;
        let (plan, user_errors) = settle(ctx, undo(scope, input).await, None).await?;
        Ok(PlanPayload { plan, user_errors })
    }

    /// Takes an undo back: the draft that was undone last is returned.
    async fn plan_redo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: PlanRedoInput,
    ) -> Result<PlanPayload> {
        let scope = writer(ctx)?;
        let (plan, user_errors) = settle(ctx, redo(scope, input).await, None).await?;
        Ok(PlanPayload { plan, user_errors })
    }

    /// Names a draft, to tell several of them apart.
    async fn plan_rename(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and its name.")] input: PlanRenameInput,
    ) -> Result<PlanPayload> {
        let scope = writer(ctx)?;
        let row = Kind::Plan.parse(&input.plan_id);
        let (plan, user_errors) = settle(ctx, rename(scope, input).await, row).await?;
        Ok(PlanPayload { plan, user_errors })
    }

    /// Discards a draft with the edits that led to it; lists leave it out, the log keeps it.
    async fn plan_discard(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: PlanDiscardInput,
    ) -> Result<PlanPayload> {
        let scope = writer(ctx)?;
        let (plan, user_errors) = settle(ctx, discard(scope, input).await, None).await?;
        Ok(PlanPayload { plan, user_errors })
    }

    /// Makes a draft that puts what is still to come where an earlier published plan had it; its `preview` shows the difference.
    /// What has begun stays as it is published; what is pinned or cannot be held there any more does too, and is listed.
    async fn plan_revert(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: PlanRevertInput,
    ) -> Result<PlanRevertPayload> {
        let scope = writer(ctx)?;
        let (not_restored, made) = match revert(scope, input).await {
            Ok(Reverted { plan, left }) => (left.into_iter().map(UnrestoredSession).collect(), Ok(plan)),
            Err(error) => (Vec::new(), Err(error)),
        };
        let (plan, user_errors) = settle(ctx, made, None).await?;
        Ok(PlanRevertPayload { plan, not_restored, user_errors })
    }
}

async fn edited(ctx: &Context<'_>, outcome: crate::error::Result<Edited>) -> Result<PlanEditPayload> {
    let (cost, made) = match outcome {
        Ok(Edited { plan, cost }) => (Some(PlanCost(cost)), Ok(plan)),
        Err(error) => (None, Err(error)),
    };
    let (plan, user_errors) = settle(ctx, made, None).await?;
    Ok(PlanEditPayload { plan, cost, user_errors })
}

async fn moved(scope: &Scope, input: PlanSessionMoveInput) -> crate::error::Result<Edited> {
    let wish = stand(input.starts_at, input.host_school_id, input.room_id, input.presenter_ids)?;
    let (plan, session) = both(&input.plan_id, &input.session_id)?;
    plans::edit(scope, plan, session, &Edit::Move(wish)).await
}

/// Where a session shall stand, from what a query says of it.
pub(super) fn stand(
    starts_at: Option<DateTime<Utc>>,
    host_school_id: Option<ID>,
    room_id: Option<ID>,
    presenter_ids: Option<Vec<ID>>,
) -> crate::error::Result<Stand> {
    let presenter = |id: &ID| ident(Kind::Teacher, id, "presenterIds");
    Ok(Stand {
        starts_at,
        host_school_id: host_school_id.map(|id| ident(Kind::School, &id, "hostSchoolId")).transpose()?,
        room_id: room_id.map(|id| ident(Kind::Room, &id, "roomId")).transpose()?,
        second_room_id: None,
        presenters: presenter_ids.map(|ids| ids.iter().map(presenter).collect()).transpose()?,
    })
}

fn both(plan: &ID, session: &ID) -> crate::error::Result<(Uuid, Uuid)> {
    Ok((ident(Kind::Plan, plan, "planId")?, ident(Kind::Session, session, "sessionId")?))
}

async fn marked(scope: &Scope, plan: &ID, session: &ID, edit: &Edit) -> crate::error::Result<Edited> {
    let (plan, session) = both(plan, session)?;
    plans::edit(scope, plan, session, edit).await
}

async fn undo(scope: &Scope, input: PlanUndoInput) -> crate::error::Result<plan::Model> {
    plans::undo(scope, ident(Kind::Plan, &input.plan_id, "planId")?).await
}

async fn redo(scope: &Scope, input: PlanRedoInput) -> crate::error::Result<plan::Model> {
    plans::redo(scope, ident(Kind::Plan, &input.plan_id, "planId")?).await
}

async fn rename(scope: &Scope, input: PlanRenameInput) -> crate::error::Result<plan::Model> {
    let plan = ident(Kind::Plan, &input.plan_id, "planId")?;
    plans::rename(scope, plan, input.expected_version, &input.label).await
}

async fn revert(scope: &Scope, input: PlanRevertInput) -> crate::error::Result<Reverted> {
    plans::revert(scope, ident(Kind::Plan, &input.plan_id, "planId")?).await
}

async fn discard(scope: &Scope, input: PlanDiscardInput) -> crate::error::Result<plan::Model> {
    plans::discard(scope, ident(Kind::Plan, &input.plan_id, "planId")?).await
}
