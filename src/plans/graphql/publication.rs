//! What publishing does, or would do.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};

use crate::calendar::graphql::Room;
use crate::entity::values::{MessageKind, PublicationChangeKind};
use crate::graphql::{Connected, Key, Page, Position, one, page_of, several, the, weight, writer};
use crate::groups::graphql::School;
use crate::people::graphql::Teacher;
use crate::plans;
use crate::plans::graphql::Plan;
use crate::sessions::graphql::{PreviewedLetter, ResearchSession};

/// What publishing a plan does, or would do.
pub struct Publication(pub plans::Publication);

/// What publishing a plan does, or would do.
#[Object]
impl Publication {
    /// The plan.
    async fn plan(&self) -> Plan {
        Plan(self.0.plan.clone())
    }

    /// Sessions that get a date.
    async fn placed(&self, ctx: &Context<'_>) -> Result<Vec<ResearchSession>> {
        several(ctx, self.0.placed.iter().copied()).await
    }

    /// What changes, session by session: what gets a date, moves, gets other people or loses its date.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only changes of this kind.")] kind: Option<PublicationChangeKind>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<PublicationChange>> {
        let of_kind = |one: &&plans::Difference| kind.is_none_or(|kind| one.kind == kind);
        let changes = self.0.differences.iter().filter(of_kind).cloned().map(PublicationChange).collect();
        page_of(ctx, changes, PublicationChange::position, Page::new(first, after, last, before))
    }

    /// Every mail that goes out, by session.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn letters(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only mails of this kind.")] kind: Option<MessageKind>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<PublicationMail>> {
        let of_kind = |mail: &&plans::PlannedMail| kind.is_none_or(|kind| mail.kind == kind);
        let mails = self.0.letters.iter().filter(of_kind).copied().map(PublicationMail).collect();
        page_of(ctx, mails, PublicationMail::position, Page::new(first, after, last, before))
    }

    /// The very letters that would go to somebody, by the day of sending. Nothing is sent, and nothing is kept.
    async fn previewed_letters(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "To whom.")] teacher_id: ID,
        #[graphql(desc = "Why, as told to those whose session changes.")] reason: Option<String>,
    ) -> Result<Vec<PreviewedLetter>> {
        let scope = writer(ctx)?;
        let (to, letters) = PreviewedLetter::asked(ctx, &teacher_id)?;
        let written = plans::preview_letters(scope, self.0.plan.id, reason, to, &letters).await;
        PreviewedLetter::all(ctx, written)
    }

    /// How many published sessions stay as they are.
    async fn standing(&self) -> usize {
        self.0.standing
    }

    /// Sessions that stay without a date (待定).
    async fn undated(&self, ctx: &Context<'_>) -> Result<Vec<ResearchSession>> {
        several(ctx, self.0.undated.iter().copied()).await
    }

    /// People who are expected but have no mail address.
    async fn without_address(&self, ctx: &Context<'_>) -> Result<Vec<Teacher>> {
        several(ctx, self.0.without_address.iter().copied()).await
    }

    /// Mails that go out.
    async fn mails(&self) -> Vec<MailCount> {
        self.0.mails.iter().map(MailCount::from).collect()
    }
}

/// How many mails of a kind go to how many people.
#[derive(Debug, SimpleObject)]
pub struct MailCount {
    /// Kind of mail.
    kind: MessageKind,
    /// Minutes before the start, for reminders; else 0.
    lead_minutes: i32,
    /// How many people.
    recipients: usize,
    /// How many mails.
    mails: usize,
}

impl From<&plans::MailCount> for MailCount {
    fn from(count: &plans::MailCount) -> Self {
        Self {
            kind: count.kind,
            lead_minutes: count.lead_minutes,
            recipients: count.recipients,
            mails: count.mails,
        }
    }
}

/// What publishing changes about a session.
pub struct PublicationChange(plans::Difference);

impl PublicationChange {
    /// By the time it gets, or had.
    fn position(&self) -> Position {
        let place = self.0.after.as_ref().or(self.0.before.as_ref());
        Position(Key::instant(place.map(|place| place.starts_at)), self.0.session)
    }
}

/// What publishing changes about a session.
#[Object]
impl PublicationChange {
    /// The session, as it still is.
    async fn session(&self, ctx: &Context<'_>) -> Result<ResearchSession> {
        the(ctx, self.0.session).await
    }

    /// What changes, above all.
    async fn kind(&self) -> PublicationChangeKind {
        self.0.kind
    }

    /// Where it stood; null: it had no date.
    async fn from(&self) -> Option<PublicationPlace> {
        self.0.before.clone().map(PublicationPlace)
    }

    /// Where it will stand; null: it loses its date.
    async fn to(&self) -> Option<PublicationPlace> {
        self.0.after.clone().map(PublicationPlace)
    }

    /// Expected now, and not before.
    async fn joining(&self, ctx: &Context<'_>) -> Result<Vec<Teacher>> {
        several(ctx, self.0.joining.iter().copied()).await
    }

    /// Expected before, and not any more.
    async fn leaving(&self, ctx: &Context<'_>) -> Result<Vec<Teacher>> {
        several(ctx, self.0.leaving.iter().copied()).await
    }
}

/// When and where a session stands, and who leads it.
pub struct PublicationPlace(plans::Place);

/// When and where a session stands, and who leads it.
#[Object]
impl PublicationPlace {
    /// Start.
    async fn starts_at(&self) -> DateTime<Utc> {
        self.0.starts_at
    }

    /// Host school; null: online.
    async fn host_school(&self, ctx: &Context<'_>) -> Result<Option<School>> {
        one(ctx, self.0.host_school_id).await
    }

    /// Room; null: online.
    async fn room(&self, ctx: &Context<'_>) -> Result<Option<Room>> {
        one(ctx, self.0.room_id).await
    }

    /// The room at the sending end 主讲端 of a lesson given from afar (专递课堂, 同步课堂), of another school than the host; else null.
    async fn second_room(&self, ctx: &Context<'_>) -> Result<Option<Room>> {
        one(ctx, self.0.second_room_id).await
    }

    /// Who presents.
    async fn presenters(&self, ctx: &Context<'_>) -> Result<Vec<Teacher>> {
        several(ctx, self.0.presenters.iter().copied()).await
    }

    /// Who chairs.
    async fn chairs(&self, ctx: &Context<'_>) -> Result<Vec<Teacher>> {
        several(ctx, self.0.chairs.iter().copied()).await
    }
}

/// A mail that publishing writes.
pub struct PublicationMail(plans::PlannedMail);

impl PublicationMail {
    /// By session, kind and lead; then by person.
    fn position(&self) -> Position {
        let mail = &self.0;
        Position(
            Key::Text(format!("{} {:?} {:06}", mail.session, mail.kind, mail.lead_minutes)),
            mail.teacher,
        )
    }
}

/// A mail that publishing writes.
#[Object]
impl PublicationMail {
    /// Kind of mail.
    async fn kind(&self) -> MessageKind {
        self.0.kind
    }

    /// To whom.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Teacher> {
        the(ctx, self.0.teacher).await
    }

    /// About which session.
    async fn session(&self, ctx: &Context<'_>) -> Result<ResearchSession> {
        the(ctx, self.0.session).await
    }

    /// Minutes before the start, for reminders; else 0.
    async fn lead_minutes(&self) -> i32 {
        self.0.lead_minutes
    }
}
