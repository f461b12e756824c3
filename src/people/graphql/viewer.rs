//! Whoever is signed in.

use async_graphql::{Context, Object, Result};
use chrono::{DateTime, NaiveDate, Utc};

use crate::entity::{coordinator, inspector, placement, posting};
use crate::graphql::{Connected, Page, dated, many, page_of, scope, weight};
use crate::people::graphql::{Coordinator, Inspector, Posting, Teacher};
use crate::rotations::graphql::Placement;
use crate::sessions::graphql::{CalendarFeed, MailPreference, ResearchSession};

/// Whoever is signed in.
pub struct Viewer(pub Teacher);

/// Whoever is signed in, and what concerns her.
#[Object]
impl Viewer {
    /// Herself on the staff list.
    async fn teacher(&self) -> &Teacher {
        &self.0
    }

    /// Her sessions, by start: from now on, unless another span is given.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that end after this; now when left out.")] from: Option<DateTime<Utc>>,
        #[graphql(desc = "Only those that start before this.")] until: Option<DateTime<Utc>>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<ResearchSession>> {
        let from = from.unwrap_or(scope(ctx)?.now());
        let sessions = self.0.sessions_within(ctx, Some(from), until).await?;
        page_of(ctx, sessions, ResearchSession::position, Page::new(first, after, last, before))
    }

    /// Calendars of her own sessions that she may subscribe to, oldest first; those that are revoked too.
    async fn calendar_feeds(&self, ctx: &Context<'_>) -> Result<Vec<CalendarFeed>> {
        CalendarFeed::of(ctx, self.0.0.id).await
    }

    /// Her rotations 轮岗.
    async fn placements(&self, ctx: &Context<'_>) -> Result<Vec<Placement>> {
        many(ctx, placement::Column::TeacherId, self.0.0.id).await
    }

    /// Where she works beside her home school.
    async fn postings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
        #[graphql(desc = "The whole history, whatever the day.", default)] all: bool,
    ) -> Result<Vec<Posting>> {
        dated(ctx, posting::Column::TeacherId, self.0.0.id, on, all).await
    }

    /// Which mails she wants, category by category.
    async fn mail_preferences(&self, ctx: &Context<'_>) -> Result<Vec<MailPreference>> {
        MailPreference::all_of(ctx, self.0.0.id).await
    }

    /// Groups whose research she leads today.
    async fn coordinations(&self, ctx: &Context<'_>) -> Result<Vec<Coordinator>> {
        dated(ctx, coordinator::Column::TeacherId, self.0.0.id, None, false).await
    }

    /// Groups she inspects today.
    async fn inspections(&self, ctx: &Context<'_>) -> Result<Vec<Inspector>> {
        dated(ctx, inspector::Column::TeacherId, self.0.0.id, None, false).await
    }
}
