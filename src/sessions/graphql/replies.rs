//! Answers to invitations.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use crate::entity::participant;
use crate::entity::values::{Reply, ReplyWay};
use crate::error::UserError;
use crate::graphql::{Fault, ident, settle, writer};
use crate::id::Kind;
use crate::scope::{Actor, Scope};
use crate::sessions::graphql::Participant;
use crate::sessions::replies::{self, Answer};

/// How many of those who are expected answered what.
#[derive(Debug, SimpleObject)]
pub struct ReplyCount {
    /// 参加.
    accepted: usize,
    /// 请假.
    declined: usize,
    /// 待定.
    tentative: usize,
    /// 未回复.
    pending: usize,
}

impl ReplyCount {
    /// Counts the answers of those who are expected.
    pub fn of<'a>(parts: impl IntoIterator<Item = &'a participant::Model>) -> Self {
        let replies::Count { accepted, declined, tentative, pending } = replies::count(parts);
        Self { accepted, declined, tentative, pending }
    }
}

/// An answer to an invitation.
#[derive(Debug, InputObject)]
pub struct SessionReplyInput {
    /// The session.
    session_id: ID,
    /// Whose answer it is; the viewer's own when left out.
    teacher_id: Option<ID>,
    /// Accepted, declined or tentative.
    reply: Reply,
    /// Why, or what else she says; at most 500 characters.
    reason: Option<String>,
}

/// What came of an answer.
#[derive(SimpleObject)]
pub struct SessionReplyPayload {
    /// Her part in the session as it now is.
    participant: Option<Participant>,
    /// What to mend; empty when it was recorded.
    user_errors: Vec<Fault>,
}

/// Answers invitations.
#[derive(Default)]
pub struct RepliesMutation;

#[Object]
impl RepliesMutation {
    /// Answers an invitation, for oneself or for somebody else. When somebody declines without whom the session cannot do, those
    /// who lead the group's research are told.
    async fn session_reply(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and what.")] input: SessionReplyInput,
    ) -> Result<SessionReplyPayload> {
        let scope = writer(ctx)?;
        let (participant, user_errors) = settle(ctx, answer(scope, input).await, None).await?;
        Ok(SessionReplyPayload { participant, user_errors })
    }
}

async fn answer(scope: &Scope, input: SessionReplyInput) -> crate::error::Result<participant::Model> {
    let viewer = match scope.actor {
        Actor::Person { id, .. } => Some(id),
        Actor::Program(_) | Actor::Nobody => None,
    };
    let named = input.teacher_id.map(|id| ident(Kind::Teacher, &id, "teacherId")).transpose()?;
    let teacher_id = named.or(viewer).ok_or_else(|| {
        let zh = "请写明是谁的回复（teacherId）";
        UserError::new("WHOSE_REPLY", zh, "say whose answer it is (teacherId)").at("teacherId")
    })?;
    let answer = Answer {
        session_id: ident(Kind::Session, &input.session_id, "sessionId")?,
        teacher_id,
        reply: input.reply,
        reason: input.reason,
        way: if viewer == Some(teacher_id) { ReplyWay::App } else { ReplyWay::Coordinator },
        asked: None,
    };
    Ok(replies::reply(scope, answer).await?.participant)
}
