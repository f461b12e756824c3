//! Several writers at one desk: each message goes to whoever knows its kind.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::links::{Links, Purpose};
use super::preferences::{self, Declined};
use super::{Render, Rendered, page};
use crate::entity::message;
use crate::entity::values::MessageKind;
use crate::error::{Error, Language, Result};
use crate::scope::Scope;

/// Who writes which kinds of messages.
#[derive(Clone, Default)]
pub struct Desk {
    writers: Vec<(&'static [MessageKind], Arc<dyn Render>)>,
    door: Option<(Option<String>, Language)>,
}

impl Desk {
    /// The desk with another writer, who writes messages of `kinds`.
    pub fn with(mut self, kinds: &'static [MessageKind], writer: Arc<dyn Render>) -> Self {
        self.writers.push((kinds, writer));
        self
    }

    /// The desk, where every letter that people may do without says how: at the service as people reach it at `base`, if they do.
    pub fn with_a_way_out(mut self, base: Option<String>, language: Language) -> Self {
        self.door = Some((base, language));
        self
    }

    /// Drops the letters of those who do without them by now, and tells all others how to.
    async fn heed(&self, scope: &Scope, messages: &[message::Model], letters: &mut [Rendered]) -> Result<()> {
        let dispensable = messages.iter().filter(|message| message.kind.category().is_some());
        let readers: Vec<_> = dispensable.map(|message| message.teacher_id).collect();
        if readers.is_empty() {
            return Ok(());
        }
        let declined = Declined::of(scope.reader(), scope.district.id, readers).await?;
        let links = match &self.door {
            Some((Some(base), language)) => Some((Links::of(scope, Some(base)).await?, *language)),
            _ => None,
        };
        for (message, rendered) in messages.iter().zip(letters) {
            let (Some(category), Rendered::Letter(letter)) = (message.kind.category(), &mut *rendered) else {
                continue;
            };
            if !declined.allows(message.teacher_id, message.kind) {
                *rendered = Rendered::Stale;
                continue;
            }
            let Some((links, language)) = &links else { continue };
            let about = [preferences::link_id(category), message.teacher_id];
            if let Some(url) = links.url(Purpose::Unsubscribe, &about) {
                page::add_way_out(letter, &url, *language);
                letter.unsubscribe = Some(url);
            }
        }
        Ok(())
    }
}

impl Render for Desk {
    /// Each writer is asked once, for all messages of his kinds.
    fn render<'a>(
        &'a self,
        scope: &'a Scope,
        messages: &'a [message::Model],
    ) -> BoxFuture<'a, Result<Vec<Rendered>>> {
        Box::pin(async move {
            let mut written: Vec<Option<Rendered>> = vec![None; messages.len()];
            for (kinds, writer) in &self.writers {
                let (places, own): (Vec<usize>, Vec<message::Model>) = (0..)
                    .zip(messages)
                    .filter(|(_, message)| kinds.contains(&message.kind))
                    .map(|(place, message)| (place, message.clone()))
                    .unzip();
                if own.is_empty() {
                    continue;
                }
                for (place, letter) in places.into_iter().zip(writer.render(scope, &own).await?) {
                    written[place] = Some(letter);
                }
            }
            let nobody = |message: &message::Model| {
                Error::internal(format!("nobody writes messages of the kind {:?}", message.kind))
            };
            let letters = written.into_iter().zip(messages);
            let mut letters: Vec<Rendered> =
                letters.map(|(letter, message)| letter.ok_or(nobody(message))).collect::<Result<_>>()?;
            self.heed(scope, messages, &mut letters).await?;
            Ok(letters)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::outbox::Draft;
    use crate::mail::testing::{Scribe, Town, invitation};
    use uuid::Uuid;

    async fn messages(town: &Town, kinds: &[MessageKind]) -> Vec<message::Model> {
        let drafts = (1..).zip(kinds).map(|(person, kind)| Draft { kind: *kind, ..invitation(person) });
        town.enqueues(drafts.collect()).await;
        town.messages().await
    }

    #[tokio::test]
    async fn each_message_is_written_by_whoever_knows_its_kind_and_keeps_its_place() {
        let town = Town::new().await;
        let [first, second] = [MessageKind::Invitation, MessageKind::Reminder];
        let messages = messages(&town, &[second, first, second]).await;
        let silent = Scribe { stale: vec![Uuid::from_u128(1), Uuid::from_u128(3)] };
        let desk = Desk::default()
            .with(&[MessageKind::Invitation], Arc::new(Scribe::default()))
            .with(&[MessageKind::Reminder], Arc::new(silent));
        let written = desk.render(&town.scope, &messages).await.unwrap();
        let stale: Vec<bool> = written.iter().map(|letter| *letter == Rendered::Stale).collect();
        assert_eq!(stale, [true, false, true]);
    }

    #[tokio::test]
    async fn a_message_nobody_can_write_is_no_letter() {
        let town = Town::new().await;
        let messages = messages(&town, &[MessageKind::Update]).await;
        let desk = Desk::default().with(&[MessageKind::Invitation], Arc::new(Scribe::default()));
        assert!(desk.render(&town.scope, &messages).await.is_err());
    }
}
