//! Programmes and sessions as the API shows them.

mod changes;
mod feeds;
mod mailing;
mod notice;
mod previewed;
mod programme;
mod reminding;
mod replies;
mod session;

use async_graphql::{Context, ID, InputObject, Object, Result};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::entity::values::{MessageState, SessionState};
use crate::entity::{message, term};
use crate::graphql::{Connected, Key, OrFault, Order, Page, by_id, ident, page, weight};
use crate::id::Kind;
use crate::sessions::reading;

pub use changes::{SessionCancelInput, SessionPayload, SessionsMutation};
pub use feeds::{CalendarFeed, FeedsMutation};
pub use mailing::{MailMutation, MessageCount, count};
pub use previewed::PreviewedLetter;
pub use programme::Programme;
pub use reminding::{MailPreference, ReminderRules, RemindingMutation};
pub use replies::RepliesMutation;
pub use session::{Message, Participant, ResearchSession};

/// Which sessions to list; what is left out does not matter.
#[derive(Debug, Default, InputObject)]
pub struct SessionFilter {
    /// Of this term.
    term_id: Option<ID>,
    /// Of this group.
    group_id: Option<ID>,
    /// Hosted by this school.
    school_id: Option<ID>,
    /// In which this person takes part.
    teacher_id: Option<ID>,
    /// That stand there.
    state: Option<SessionState>,
    /// That end after this.
    from: Option<DateTime<Utc>>,
    /// That start before this.
    until: Option<DateTime<Utc>>,
}

impl SessionFilter {
    /// The same, of one term.
    pub fn of_term(self, term: &term::Model) -> Self {
        Self { term_id: Some(Kind::Term.id(term.id).into()), ..self }
    }

    fn read(self) -> crate::error::Result<reading::SessionFilter> {
        let id = |kind, id: Option<ID>, field| id.map(|id| ident(kind, &id, field)).transpose();
        Ok(reading::SessionFilter {
            term_id: id(Kind::Term, self.term_id, "filter.termId")?,
            group_id: id(Kind::Group, self.group_id, "filter.groupId")?,
            school_id: id(Kind::School, self.school_id, "filter.schoolId")?,
            room_id: None,
            teacher_id: id(Kind::Teacher, self.teacher_id, "filter.teacherId")?,
            state: self.state,
            from: self.from,
            until: self.until,
        })
    }
}

/// Reads programmes, sessions and the outbox.
#[derive(Default)]
pub struct SessionsQuery;

#[Object]
impl SessionsQuery {
    /// Programmes 教研计划, in the order they were made.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn programmes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of this term.")] term_id: Option<ID>,
        #[graphql(desc = "Only of this group.")] group_id: Option<ID>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Programme>> {
        use crate::entity::programme::{Column, Entity};
        let mut select = Entity::find();
        if let Some(id) = term_id {
            select = select.filter(Column::TermId.eq(ident(Kind::Term, &id, "termId").or_fault(ctx)?));
        }
        if let Some(id) = group_id {
            select = select.filter(Column::GroupId.eq(ident(Kind::Group, &id, "groupId").or_fault(ctx)?));
        }
        page(ctx, select, Order::by_age(), Page::new(first, after, last, before)).await
    }

    /// A programme; null when there is none.
    async fn programme(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its identifier.")] id: ID,
    ) -> Result<Option<Programme>> {
        by_id(ctx, Kind::Programme, &id).await
    }

    /// Sessions, by start; those without a date come last.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones.", default)] filter: SessionFilter,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<ResearchSession>> {
        ResearchSession::list(ctx, filter, Page::new(first, after, last, before)).await
    }

    /// A session; null when there is none.
    async fn session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its identifier.")] id: ID,
    ) -> Result<Option<ResearchSession>> {
        by_id(ctx, Kind::Session, &id).await
    }

    /// Mails of the outbox, those to be sent first come first.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that stand there.")] state: Option<MessageState>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Message>> {
        let mut select = message::Entity::find();
        if let Some(state) = state {
            select = select.filter(message::Column::State.eq(state));
        }
        let order =
            Order::by(message::Column::SendAt, |row: &message::Model| Key::instant(Some(row.send_at)));
        page(ctx, select, order, Page::new(first, after, last, before)).await
    }
}
