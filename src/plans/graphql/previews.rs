//! What changes to published sessions would send.

use async_graphql::{Context, ID, Object, Result};

use super::bulk::{SessionsMoveOnlineInput, SessionsPostponeInput, moving_online, postponing};
use super::changes::{SessionRescheduleInput, wish};
use crate::graphql::{OrFault, ident, writer};
use crate::id::Kind;
use crate::plans::{self, bulk};
use crate::sessions;
use crate::sessions::graphql::{PreviewedLetter, SessionCancelInput};

/// Asks for the very letters that a change would send to somebody. Nothing is sent, and nothing is kept.
#[derive(Default)]
pub struct PreviewsQuery;

#[Object]
impl PreviewsQuery {
    /// The very letters that `sessionReschedule` would send to somebody, by the day of sending. Nothing is sent, and nothing is kept.
    async fn session_reschedule_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, where to, and why.")] input: SessionRescheduleInput,
        #[graphql(desc = "To whom.")] teacher_id: ID,
    ) -> Result<Vec<PreviewedLetter>> {
        let scope = writer(ctx)?;
        let (to, letters) = PreviewedLetter::asked(ctx, &teacher_id)?;
        let wish = wish(input).or_fault(ctx)?;
        PreviewedLetter::all(ctx, plans::preview_reschedule(scope, &wish, to, &letters).await)
    }

    /// The very letters that `sessionCancel` would send to somebody. Nothing is sent, and nothing is kept.
    async fn session_cancel_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and why.")] input: SessionCancelInput,
        #[graphql(desc = "To whom.")] teacher_id: ID,
    ) -> Result<Vec<PreviewedLetter>> {
        let scope = writer(ctx)?;
        let (to, letters) = PreviewedLetter::asked(ctx, &teacher_id)?;
        let id = ident(Kind::Session, &input.session_id, "sessionId").or_fault(ctx)?;
        let (version, reason) = (input.expected_version, &input.reason);
        PreviewedLetter::all(ctx, sessions::preview_cancel(scope, id, version, reason, to, &letters).await)
    }

    /// The very letters that `sessionsPostpone` would send to somebody, by the day of sending. Nothing is sent, and nothing is kept.
    async fn sessions_postpone_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones, by how much, and why.")] input: SessionsPostponeInput,
        #[graphql(desc = "To whom.")] teacher_id: ID,
    ) -> Result<Vec<PreviewedLetter>> {
        let scope = writer(ctx)?;
        let (to, letters) = PreviewedLetter::asked(ctx, &teacher_id)?;
        let request = postponing(input).or_fault(ctx)?;
        PreviewedLetter::all(ctx, bulk::preview_letters(scope, &request, to, &letters).await)
    }

    /// The very letters that `sessionsMoveOnline` would send to somebody, by the day of sending. Nothing is sent, and nothing is kept.
    async fn sessions_move_online_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones, where to meet, and why.")] input: SessionsMoveOnlineInput,
        #[graphql(desc = "To whom.")] teacher_id: ID,
    ) -> Result<Vec<PreviewedLetter>> {
        let scope = writer(ctx)?;
        let (to, letters) = PreviewedLetter::asked(ctx, &teacher_id)?;
        let request = moving_online(input).or_fault(ctx)?;
        PreviewedLetter::all(ctx, bulk::preview_letters(scope, &request, to, &letters).await)
    }
}
