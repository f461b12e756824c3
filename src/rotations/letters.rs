//! The letters about rotation: whether one still holds when its turn comes, and what it tells.

mod facts;
mod moves;
mod postings;
mod rounds;
mod words;

use std::sync::Arc;

use futures_util::future::BoxFuture;

use facts::Facts;
use words::Words;

use super::reminders;
use crate::entity::message;
use crate::error::{Language, Result};
use crate::mail::page::{Page, Row};
use crate::mail::{Contact, Desk, Render, Rendered};
use crate::scope::Scope;

/// A desk with the writers of all letters about rotation, in one language.
pub fn at(desk: Desk, language: Language) -> Desk {
    desk.with(rounds::KINDS, Arc::new(Letters { language, about: About::Rounds }))
        .with(postings::KINDS, Arc::new(Letters { language, about: About::Postings }))
}

/// What letters are about.
#[derive(Debug, Clone, Copy)]
enum About {
    /// A round: its steps, what people asked of it, who is sent where.
    Rounds,
    /// A posting or an agreement.
    Postings,
}

/// Writes letters about rotation.
#[derive(Debug, Clone, Copy)]
struct Letters {
    language: Language,
    about: About,
}

impl Render for Letters {
    fn render<'a>(
        &'a self,
        scope: &'a Scope,
        messages: &'a [message::Model],
    ) -> BoxFuture<'a, Result<Vec<Rendered>>> {
        Box::pin(async move {
            let words = Words(self.language);
            let drafts: Vec<Option<Draft>> = match self.about {
                About::Rounds => {
                    let facts = Facts::load(scope, messages).await?;
                    let writing = rounds::Writing { scope, facts, words };
                    messages.iter().map(|message| writing.draft(message)).collect()
                }
                About::Postings => {
                    let facts = reminders::facts::Facts::of(scope, messages).await?;
                    let writing = postings::Writing { scope, facts, words };
                    messages.iter().map(|message| writing.draft(message)).collect()
                }
            };
            let rendered = |draft: Option<Draft>| {
                draft.map_or(Ok(Rendered::Stale), |draft| draft.rendered(scope, words))
            };
            drafts.into_iter().map(rendered).collect()
        })
    }
}

/// What a letter says, without what all letters say.
#[derive(Debug, Default)]
struct Draft {
    to_name: String,
    subject: String,
    opening: String,
    rows: Vec<Row>,
    closing: &'static str,
    signature: String,
    reply_to: Option<Contact>,
}

impl Draft {
    fn rendered(self, scope: &Scope, words: Words) -> Result<Rendered> {
        let page = Page {
            language: words.0,
            subject: self.subject,
            to_name: self.to_name,
            opening: self.opening,
            rows: self.rows,
            closing: self.closing.to_owned(),
            signature: self.signature,
            written_on: words.date(scope.today()),
        };
        Ok(Rendered::Letter(Box::new(page.letter(self.reply_to)?)))
    }
}
