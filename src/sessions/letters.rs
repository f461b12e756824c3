//! The letters about sessions: whether one still holds when its turn comes, and what it tells.

mod calendar;
mod declined;
mod facts;
mod notice;
pub mod paste;
mod preview;
mod rows;
mod told;
mod words;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use sea_orm::ConnectionTrait;

use facts::Facts;
use notice::Notice;
use rows::{Telling, times};
use words::Words;

pub use calendar::calendar;
pub use preview::{PreviewedLetter, Rehearsal};
pub use told::{Told, told};

use crate::entity::values::{MessageKind, Reply, SessionState};
use crate::entity::{message, participant, research_session};
use crate::error::{Language, Result};
use crate::id::Kind;
use crate::mail::links::{Links, Purpose};
use crate::mail::page::Row;
use crate::mail::{self, Contact, Letter, Render, Rendered};
use crate::scope::Scope;

/// Behind the session's identifier in the UID of its calendar entry.
pub(super) const UID_HOST: &str = "tongpan";
/// The kinds of messages that are written here.
pub const KINDS: &[MessageKind] = &[
    MessageKind::Invitation,
    MessageKind::Update,
    MessageKind::Cancellation,
    MessageKind::Reminder,
    MessageKind::SessionDeclined,
];

/// The UID of a session's calendar entry: the same in every mail and file, for ever.
pub fn calendar_uid(session: &research_session::Model) -> String {
    format!("{}@{UID_HOST}", Kind::Session.id(session.id))
}

/// Writes letters about sessions, sent by one sender.
#[derive(Debug, Clone)]
pub struct Letters {
    sender: Contact,
    /// Where people reach the service; `None`: the letters have no links.
    base: Option<String>,
    language: Language,
}

impl Render for Letters {
    fn render<'a>(
        &'a self,
        scope: &'a Scope,
        messages: &'a [message::Model],
    ) -> BoxFuture<'a, Result<Vec<Rendered>>> {
        Box::pin(async move {
            let links = self.links(scope).await?;
            self.render_as(scope, scope.reader(), &links, messages).await
        })
    }
}

impl Letters {
    /// Letters sent by `sender`, who is also the organizer of the calendar entries, with links to the service at `base`.
    pub fn new(sender: Contact, base: Option<String>, language: Language) -> Self {
        Self { sender, base, language }
    }

    /// Letters by the settings of mail, without a way to send them.
    ///
    /// # Errors
    /// `Rejected` when a setting cannot be understood.
    pub fn as_set(variable: impl Fn(&str) -> Option<String>, language: Language) -> Result<Self> {
        Ok(Self::new(mail::sender(&variable)?, mail::public_url(&variable)?, language))
    }

    /// What signs the links of the letters.
    pub async fn links(&self, scope: &Scope) -> Result<Links> {
        Links::of(scope, self.base.as_deref()).await
    }

    /// The letters as `connection` sees things: within a transaction, what would be so.
    pub async fn render_as(
        &self,
        scope: &Scope,
        connection: &impl ConnectionTrait,
        links: &Links,
        messages: &[message::Model],
    ) -> Result<Vec<Rendered>> {
        let facts = Facts::load(scope, connection, messages).await?;
        let telling = Telling { scope, facts: &facts, words: Words(self.language) };
        messages.iter().map(|message| self.rendered(&telling, links, message)).collect()
    }

    /// An invitation to a session that does not exist, to try the settings with.
    pub fn sample(&self, scope: &Scope, address: &str) -> Result<Letter> {
        let now = scope.now();
        let starts_at = now + TimeDelta::days(1);
        let ends_at = starts_at + TimeDelta::minutes(160);
        let words = Words(self.language);
        let row = |label, value: &str| Row { label, value: value.to_owned() };
        let test = words.0.pick("测试", "a test");
        Notice {
            kind: MessageKind::Invitation,
            to: Contact { name: test.to_owned(), address: address.to_owned() },
            required: true,
            takes_place: true,
            coordinator: None,
            group: scope.district.name.clone(),
            title: words.0.pick("测试邮件", "A test mail").to_owned(),
            host: test.to_owned(),
            location: test.to_owned(),
            url: None,
            starts_at,
            ends_at,
            uid: format!("test-{}@{UID_HOST}", now.timestamp()),
            sequence: 0,
            stamped_at: now,
            now,
            zone: scope.zone(),
            rows: vec![
                row(words.0.pick("主题", "Topic"), words.0.pick("邮件和日历邀请能否收到", "whether mails and invitations arrive")),
                row(words.0.pick("时间", "Time"), &words.span(starts_at, ends_at, scope.zone(), None)),
                row(
                    words.0.pick("其他", "Note"),
                    words.0.pick(
                        "这是一封测试邮件，活动并不存在，日历中的安排可以删除。",
                        "This is a test mail: there is no such session, and the entry in the calendar may be deleted.",
                    ),
                ),
            ],
            reply_url: None,
            words,
        }
        .letter(&self.sender)
    }

    fn rendered(&self, telling: &Telling<'_>, links: &Links, message: &message::Model) -> Result<Rendered> {
        let letter = match message.kind {
            MessageKind::SessionDeclined => telling.declined(message)?,
            _ => match telling.notice(message) {
                Some(notice) => {
                    let about = [message.subject_id, message.teacher_id];
                    let reply_url = links.url(Purpose::Reply, &about);
                    Some(Notice { reply_url, ..notice }.letter(&self.sender)?)
                }
                None => None,
            },
        };
        Ok(letter.map_or(Rendered::Stale, |letter| Rendered::Letter(Box::new(letter))))
    }
}

impl Telling<'_> {
    /// What the letter tells; `None` when it no longer holds.
    fn notice(&self, message: &message::Model) -> Option<Notice> {
        let (scope, facts) = (self.scope, self.facts);
        let session = facts.session(message.subject_id)?;
        let part = facts.part(session.id, message.teacher_id);
        if !holds(message, session, part, scope.now()) {
            return None;
        }
        let unheard = facts.is_unheard(session.id, message.teacher_id);
        let kind = match message.kind {
            // She need not hear that what she never heard of is off, and hears of it as of something new.
            MessageKind::Cancellation if unheard => return None,
            MessageKind::Update if unheard => MessageKind::Invitation,
            kind => kind,
        };
        let (starts_at, ends_at) = times(session)?;
        let coordinator = facts.coordinator(session, starts_at.with_timezone(&scope.zone()).date_naive());
        let rows = self.rows(kind, session, part, coordinator.as_ref());
        Some(Notice {
            kind,
            to: Contact { name: facts.name(message.teacher_id).to_owned(), address: message.address.clone() },
            required: part.is_some_and(|part| part.required),
            takes_place: session.state == SessionState::Published,
            coordinator: coordinator.filter(|contact| !contact.address.is_empty()),
            group: facts.group(session).to_owned(),
            title: self.words.title(session, facts.subject(session)),
            host: self.host(session),
            location: self.location(session),
            url: session.online_url.clone(),
            starts_at,
            ends_at,
            uid: calendar_uid(session),
            // Whoever alone is taken off the list is told so above the SEQUENCE that the others know.
            sequence: session.sequence.max(message.subject_version),
            stamped_at: message.created_at,
            // Whoever looks ahead reads a reminder as on its day.
            now: scope.now().max(message.send_at),
            zone: scope.zone(),
            rows,
            reply_url: None,
            words: self.words,
        })
    }
}

/// Whether the letter is still true, and still news to somebody.
fn holds(
    message: &message::Model,
    session: &research_session::Model,
    part: Option<&participant::Model>,
    now: DateTime<Utc>,
) -> bool {
    let current = session.sequence == message.subject_version;
    let takes_place = session.state == SessionState::Published;
    let expected = part.is_some_and(|part| part.excused.is_none());
    match message.kind {
        MessageKind::Invitation => current && takes_place && expected,
        MessageKind::Update => current && takes_place && part.is_some(),
        MessageKind::Reminder => {
            let declined = part.is_some_and(|part| part.reply == Reply::Declined);
            current && takes_place && expected && !declined && session.starts_at.is_some_and(|at| at > now)
        }
        // Whoever was taken off the list is told so whatever happened since: no later letter goes to her.
        MessageKind::Cancellation => !expected || (current && !takes_place),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
