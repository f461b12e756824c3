//! How far the mail about something is.

use std::collections::BTreeMap;

use async_graphql::SimpleObject;

use crate::entity::values::{MessageKind, MessageState};
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
