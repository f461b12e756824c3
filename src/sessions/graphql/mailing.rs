//! How far the mail about something is.

use std::collections::BTreeMap;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use crate::entity::message;
use crate::entity::values::{MessageKind, MessageState};
use crate::graphql::{Fault, ident, settle, writer};
use crate::id::Kind;
use crate::mail::outbox;
use crate::scope::Scope;
use crate::sessions::graphql::Message;

/// How many mails of a kind stand where.
#[derive(Debug, Clone, SimpleObject)]
pub struct MessageCount {
    /// What they tell.
    kind: MessageKind,
    /// Where they stand.
    state: MessageState,
    /// How many.
    count: usize,
}

/// Counts mails by kind and state.
pub fn count(messages: &[Message]) -> Vec<MessageCount> {
    let mut counts: BTreeMap<(MessageKind, MessageState), usize> = BTreeMap::new();
    for message in messages {
        *counts.entry((message.0.kind, message.0.state)).or_default() += 1;
    }
    counts.into_iter().map(|((kind, state), count)| MessageCount { kind, state, count }).collect()
}

/// Mails to send again.
#[derive(Debug, InputObject)]
pub struct MessageRetryInput {
    /// Which ones; each is FAILED or UNKNOWN. One that is UNKNOWN may arrive twice.
    message_ids: Vec<ID>,
}

/// What came of it.
#[derive(SimpleObject)]
pub struct MessageRetryPayload {
    /// The mails as they now are; empty when nothing was done.
    messages: Vec<Message>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// Changes what becomes of mails.
#[derive(Default)]
pub struct MailMutation;

#[Object]
impl MailMutation {
    /// Puts mails that were refused for good, or are in doubt, back into the outbox, to the address that the recipient has by now.
    async fn message_retry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones.")] input: MessageRetryInput,
    ) -> Result<MessageRetryPayload> {
        let scope = writer(ctx)?;
        match retry(scope, input).await {
            Ok(rows) => {
                let messages = rows.into_iter().map(Message).collect();
                Ok(MessageRetryPayload { messages, user_errors: Vec::new() })
            }
            Err(error) => {
                let (_, user_errors) = settle::<Message>(ctx, Err::<message::Model, _>(error), None).await?;
                Ok(MessageRetryPayload { messages: Vec::new(), user_errors })
            }
        }
    }
}

async fn retry(scope: &Scope, input: MessageRetryInput) -> crate::error::Result<Vec<message::Model>> {
    let ids = input.message_ids.iter().map(|id| ident(Kind::Message, id, "messageIds"));
    outbox::retry(scope, &ids.collect::<crate::error::Result<Vec<_>>>()?).await
}
