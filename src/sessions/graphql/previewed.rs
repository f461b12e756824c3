//! The letters that an operation would send.

use async_graphql::{Context, ID, Object, Result};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::entity::values::MessageKind;
use crate::error;
use crate::graphql::{OrFault, ident, request, the};
use crate::id::Kind;
use crate::sessions::graphql::ResearchSession;
use crate::sessions::letters::{self, Letters};

/// A letter as an operation would send it.
pub struct PreviewedLetter(letters::PreviewedLetter);

/// A letter as an operation would send it.
#[Object]
impl PreviewedLetter {
    /// Kind of mail.
    async fn kind(&self) -> MessageKind {
        self.0.message.kind
    }

    /// Minutes before the start, for reminders; else 0.
    async fn lead_minutes(&self) -> i32 {
        self.0.message.lead_minutes
    }

    /// Not before.
    async fn send_at(&self) -> DateTime<Utc> {
        self.0.message.send_at
    }

    /// About which session.
    async fn session(&self, ctx: &Context<'_>) -> Result<ResearchSession> {
        the(ctx, self.0.message.subject_id).await
    }

    /// Subject line.
    async fn subject(&self) -> &str {
        &self.0.letter.subject
    }

    /// Plain text.
    async fn text(&self) -> &str {
        &self.0.letter.text
    }

    /// The same as HTML.
    async fn html(&self) -> &str {
        &self.0.letter.html
    }

    /// The calendar file that goes along; null: none does.
    async fn calendar(&self) -> Option<&str> {
        self.0.letter.calendar.as_ref().map(|part| part.ics.as_str())
    }
}

impl PreviewedLetter {
    /// As the API tells of them.
    pub fn all(
        ctx: &Context<'_>,
        written: error::Result<Vec<letters::PreviewedLetter>>,
    ) -> Result<Vec<PreviewedLetter>> {
        Ok(written.or_fault(ctx)?.into_iter().map(PreviewedLetter).collect())
    }

    /// What such a question needs: whose letters, and who writes them in the reader's language.
    pub fn asked(ctx: &Context<'_>, teacher_id: &ID) -> Result<(Uuid, Letters)> {
        let teacher_id = ident(Kind::Teacher, teacher_id, "teacherId").or_fault(ctx)?;
        let language = request(ctx)?.language;
        let letters = Letters::as_set(|name| std::env::var(name).ok(), language).or_fault(ctx)?;
        Ok((teacher_id, letters))
    }
}
