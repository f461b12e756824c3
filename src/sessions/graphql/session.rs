//! A research session, its people and their mail.

use async_graphql::{Context, ID, Object, Result};
use chrono::{DateTime, Datelike, TimeDelta, Utc};

use crate::access::may_see_personal;
use crate::calendar::graphql::{Room, Term};
use crate::entity::values::{
    MessageKind, MessageState, ParticipantRole, Reply, ReplyWay, SessionForm, SessionLevel, SessionMode,
    SessionState, Stage,
};
use crate::entity::{message, participant, research_session};
use crate::graphql::{
    Connected, Key, OrFault, Order, Page, Position, many, object_over, one, page, scope, the,
};
use crate::groups::graphql::{EducationGroup, School, Subject};
use crate::id::Kind;
use crate::people::graphql::Teacher;
use crate::sessions::graphql::mailing::{MessageCount, count};
use crate::sessions::graphql::notice::notice;
use crate::sessions::graphql::replies::ReplyCount;
use crate::sessions::graphql::{Programme, SessionFilter};
use crate::sessions::reading;

object_over! {
    /// A research session.
    ResearchSession, research_session
}

impl ResearchSession {
    /// Where it lies in lists: by start, those without a date last.
    pub fn position(&self) -> Position {
        Position(Key::instant(self.0.starts_at), self.0.id)
    }

    /// Whether it lies within a span; one without a date does when the span is all of time.
    pub fn lies_within(&self, from: Option<DateTime<Utc>>, until: Option<DateTime<Utc>>) -> bool {
        let ends_after = from.is_none_or(|from| self.0.ends_at.is_some_and(|ends_at| ends_at > from));
        let starts_before =
            until.is_none_or(|until| self.0.starts_at.is_some_and(|starts_at| starts_at < until));
        ends_after && starts_before
    }

    /// A page of the sessions a filter lets through, by start.
    pub async fn list(ctx: &Context<'_>, filter: SessionFilter, wanted: Page) -> Result<Connected<Self>> {
        let select = reading::sessions(filter.read().or_fault(ctx)?);
        let order = Order::by_instant(research_session::Column::StartsAt, |row: &research_session::Model| {
            Key::instant(row.starts_at)
        });
        page(ctx, select, order, wanted).await
    }
}

/// A joint research session 教研活动; without a date until a plan that holds it is published.
#[Object]
impl ResearchSession {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Session.id(self.0.id).into()
    }

    /// Its programme.
    async fn programme(&self, ctx: &Context<'_>) -> Result<Option<Programme>> {
        one(ctx, self.0.programme_id).await
    }

    /// The term.
    async fn term(&self, ctx: &Context<'_>) -> Result<Term> {
        the(ctx, self.0.term_id).await
    }

    /// The group.
    async fn group(&self, ctx: &Context<'_>) -> Result<EducationGroup> {
        the(ctx, self.0.group_id).await
    }

    /// Number within the programme, from 1.
    async fn ordinal(&self) -> i32 {
        self.0.ordinal
    }

    /// Form.
    async fn form(&self) -> SessionForm {
        self.0.form
    }

    /// County, group or school.
    async fn level(&self) -> SessionLevel {
        self.0.level
    }

    /// On site, online or mixed.
    async fn mode(&self) -> SessionMode {
        self.0.mode
    }

    /// Stage.
    async fn stage(&self) -> Option<Stage> {
        self.0.stage
    }

    /// Subject.
    async fn subject(&self, ctx: &Context<'_>) -> Result<Option<Subject>> {
        one(ctx, self.0.subject_id).await
    }

    /// Grade 1–12.
    async fn grade(&self) -> Option<i32> {
        self.0.grade
    }

    /// Topic.
    async fn topic(&self) -> &str {
        &self.0.topic
    }

    /// Length.
    async fn minutes(&self) -> i32 {
        self.0.minutes
    }

    /// Undated, published, cancelled or held.
    async fn state(&self) -> SessionState {
        self.0.state
    }

    /// Host school 承办校; null when there is none yet, or it belongs to another district. Of a session that lost its date again
    /// (待定) the one that people were told of.
    async fn host_school(&self, ctx: &Context<'_>) -> Result<Option<School>> {
        one(ctx, self.0.host_school_id).await
    }

    /// Room; null when online.
    async fn room(&self, ctx: &Context<'_>) -> Result<Option<Room>> {
        one(ctx, self.0.room_id).await
    }

    /// The room at the sending end 主讲端 of a lesson given from afar (专递课堂, 同步课堂), of another school than the host; else null.
    async fn second_room(&self, ctx: &Context<'_>) -> Result<Option<Room>> {
        one(ctx, self.0.second_room_id).await
    }

    /// Start.
    async fn starts_at(&self) -> Option<DateTime<Utc>> {
        self.0.starts_at
    }

    /// End.
    async fn ends_at(&self) -> Option<DateTime<Utc>> {
        self.0.ends_at
    }

    /// Week of the term 周次 in which it lies, from 1; weeks run Monday to Sunday.
    async fn week(&self, ctx: &Context<'_>) -> Result<Option<i64>> {
        let Some(starts_at) = self.0.starts_at else { return Ok(None) };
        let term: Term = the(ctx, self.0.term_id).await?;
        let first = term.0.starts_on;
        let monday = first - TimeDelta::days(first.weekday().num_days_from_monday().into());
        let day = starts_at.with_timezone(&scope(ctx)?.zone()).date_naive();
        Ok(Some((day - monday).num_days().div_euclid(7) + 1))
    }

    /// Link of an online session.
    async fn online_url(&self) -> Option<&str> {
        self.0.online_url.as_deref()
    }

    /// SEQUENCE of its calendar entry (RFC 5545): rises with every change of time or place.
    async fn sequence(&self) -> i32 {
        self.0.sequence
    }

    /// Why it was moved or cancelled, as told to people.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// Whether a person wants it to stand where it is published, whatever is planned anew around it.
    async fn pinned(&self) -> bool {
        self.0.pinned
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Who takes part, by role.
    async fn participants(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this role.")] role: Option<ParticipantRole>,
    ) -> Result<Vec<Participant>> {
        let mut parts: Vec<Participant> = many(ctx, participant::Column::SessionId, self.0.id).await?;
        parts.retain(|part| role.is_none_or(|role| part.0.role == role));
        parts.sort_by_key(|part| part.0.role);
        Ok(parts)
    }

    /// How many of those who are expected answered what.
    async fn replies(&self, ctx: &Context<'_>) -> Result<ReplyCount> {
        let parts: Vec<Participant> = many(ctx, participant::Column::SessionId, self.0.id).await?;
        Ok(ReplyCount::of(parts.iter().map(|part| &part.0)))
    }

    /// The notice to paste into a group of QQ or WeChat: plain text, in the language of the request.
    async fn notice(&self, ctx: &Context<'_>) -> Result<String> {
        notice(ctx, self.0.id).await
    }

    /// Mails about it, oldest first.
    async fn messages(&self, ctx: &Context<'_>) -> Result<Vec<Message>> {
        many(ctx, message::Column::SubjectId, self.0.id).await
    }

    /// How many mails about it are to be sent, sent, failed.
    async fn mailing(&self, ctx: &Context<'_>) -> Result<Vec<MessageCount>> {
        Ok(count(&many(ctx, message::Column::SubjectId, self.0.id).await?))
    }
}

object_over! {
    /// A part in a session.
    Participant, participant
}

/// A person's part in a published session 参与人.
#[Object]
impl Participant {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Participant.id(self.0.id).into()
    }

    /// The session.
    async fn session(&self, ctx: &Context<'_>) -> Result<ResearchSession> {
        the(ctx, self.0.session_id).await
    }

    /// Who.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Teacher> {
        the(ctx, self.0.teacher_id).await
    }

    /// In which role.
    async fn role(&self) -> ParticipantRole {
        self.0.role
    }

    /// Whether the session cannot do without her.
    async fn required(&self) -> bool {
        self.0.required
    }

    /// Why she is excused; null: she is expected.
    async fn excused(&self) -> Option<&str> {
        self.0.excused.as_deref()
    }

    /// Her lessons that need a substitute 调课, as people read them.
    async fn cover(&self) -> Option<&str> {
        self.0.cover.as_deref()
    }

    /// What she answered.
    async fn reply(&self) -> Reply {
        self.0.reply
    }

    /// When she answered; of a calendar's reply, when she gave it there.
    async fn replied_at(&self) -> Option<DateTime<Utc>> {
        self.0.replied_at
    }

    /// Why she declines, or what else she wrote; null to whoever is not signed in.
    async fn reply_reason(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        Ok(self.0.reply_reason.as_deref().filter(|_| scope(ctx).is_ok_and(may_see_personal)))
    }

    /// In which way the answer came.
    async fn reply_way(&self) -> Option<ReplyWay> {
        self.0.reply_way
    }

    /// Mails to her about the session, oldest first: whether she has been told.
    async fn messages(&self, ctx: &Context<'_>) -> Result<Vec<Message>> {
        let mut messages: Vec<Message> = many(ctx, message::Column::SubjectId, self.0.session_id).await?;
        messages.retain(|message| message.0.teacher_id == self.0.teacher_id);
        Ok(messages)
    }
}

object_over! {
    /// A mail.
    Message, message
}

/// A mail to send 待发邮件.
#[Object]
impl Message {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Message.id(self.0.id).into()
    }

    /// What it tells.
    async fn kind(&self) -> MessageKind {
        self.0.kind
    }

    /// To whom.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Teacher> {
        the(ctx, self.0.teacher_id).await
    }

    /// The session it is about; null when it is about a round of rotation.
    async fn session(&self, ctx: &Context<'_>) -> Result<Option<ResearchSession>> {
        if self.0.kind != MessageKind::SessionDeclined {
            return one(ctx, self.0.subject_id).await;
        }
        match one::<Participant>(ctx, self.0.subject_id).await? {
            Some(part) => one(ctx, part.0.session_id).await,
            None => Ok(None),
        }
    }

    /// Minutes before the start or the due day, for reminders, negative after it; else 0.
    async fn lead_minutes(&self) -> i32 {
        self.0.lead_minutes
    }

    /// Where it stands.
    async fn state(&self) -> MessageState {
        self.0.state
    }

    /// Not before.
    async fn send_at(&self) -> DateTime<Utc> {
        self.0.send_at
    }

    /// Not after: then it is missed.
    async fn expires_at(&self) -> DateTime<Utc> {
        self.0.expires_at
    }

    /// Attempts so far.
    async fn attempts(&self) -> i32 {
        self.0.attempts
    }

    /// Whether it may have arrived although no answer came, so that a copy may arrive too.
    async fn doubtful(&self) -> bool {
        self.0.doubts > 0
    }

    /// What the server said last.
    async fn failure(&self) -> Option<&str> {
        self.0.failure.as_deref()
    }

    /// When the server took it.
    async fn sent_at(&self) -> Option<DateTime<Utc>> {
        self.0.sent_at
    }

    /// When it was written.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}
