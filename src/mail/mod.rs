//! Mail: the outbox, the worker that empties it, and the ways out (SMTP, files, memory).
//!
//! Nothing is lost; at most one extra copy goes out, and only where the server's answer was lost; every doubtful send
//! is visible. This module knows rendered letters, not what they are about: whoever writes them implements [`Render`].

mod answers;
mod compose;
mod desk;
pub mod hours;
mod limits;
pub mod links;
pub mod outbox;
pub mod page;
pub mod preferences;
pub mod received;
mod seldom;
mod settings;
mod smtp;
#[cfg(test)]
pub(crate) mod testing;
mod transport;
mod worker;

use futures_util::future::BoxFuture;

pub use desk::Desk;
pub use limits::{Limits, Rate};
pub use seldom::Seldom;
pub use settings::{Settings, public_url, sender};
pub use transport::{Sent, Transport};
pub use worker::{Tally, Worker, send_now};

use crate::entity::message;
use crate::error::Result;
use crate::scope::Scope;

/// A name and a mail address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Name people read.
    pub name: String,
    /// Mail address.
    pub address: String,
}

/// A calendar invitation or its withdrawal, to go along with a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarPart {
    /// `REQUEST` or `CANCEL`, as in the file.
    pub method: &'static str,
    /// The file.
    pub ics: String,
}

/// A mail as its reader will see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Name of the recipient.
    pub to_name: String,
    /// Subject line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// Calendar entry.
    pub calendar: Option<CalendarPart>,
    /// Who answers questions.
    pub reply_to: Option<Contact>,
    /// Where its reader says that she wants no more of its kind (RFC 8058); none for what she must be told.
    pub unsubscribe: Option<String>,
}

/// What became of a message when it was time to write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rendered {
    /// Send this.
    Letter(Box<Letter>),
    /// What it would have told no longer holds; nothing is sent.
    Stale,
}

/// Writes letters for messages of the outbox, just before they go out.
pub trait Render: Send + Sync {
    /// One result per message, in the same order.
    fn render<'a>(
        &'a self,
        scope: &'a Scope,
        messages: &'a [message::Model],
    ) -> BoxFuture<'a, Result<Vec<Rendered>>>;
}

/// Looks for what has come close by itself, with nobody acting, and enqueues the mails it asks for. It is asked again and again: what
/// was enqueued before is not enqueued twice.
pub trait Prompt: Send + Sync {
    /// Enqueues what is due now.
    fn prompt<'a>(&'a self, scope: &'a Scope) -> BoxFuture<'a, Result<()>>;
}
