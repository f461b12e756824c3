//! The letters about sessions: whether one still holds when its turn comes, and what it tells.

mod facts;
mod notice;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use futures_util::future::BoxFuture;

use facts::Facts;
use notice::{Notice, time_span};

use crate::entity::values::{MessageKind, ParticipantRole, Reply, SessionMode, SessionState};
use crate::entity::{message, participant, research_session};
use crate::error::Result;
use crate::id::Kind;
use crate::mail::page::{Row, Rows};
use crate::mail::{Contact, Letter, Render, Rendered};
use crate::scope::Scope;

/// Behind the session's identifier in the UID of its calendar entry.
const UID_HOST: &str = "tongpan";
/// The kinds of messages that are written here.
pub const KINDS: &[MessageKind] =
    &[MessageKind::Invitation, MessageKind::Update, MessageKind::Cancellation, MessageKind::Reminder];
/// Roles that letters name, in the order of a notice.
const NAMED_ROLES: [ParticipantRole; 6] = [
    ParticipantRole::Chair,
    ParticipantRole::LeadPreparer,
    ParticipantRole::Presenter,
    ParticipantRole::Reviewer,
    ParticipantRole::Researcher,
    ParticipantRole::Recorder,
];

/// The UID of a session's calendar entry: the same in every mail and file, for ever.
pub fn calendar_uid(session: &research_session::Model) -> String {
    format!("{}@{UID_HOST}", Kind::Session.id(session.id))
}

/// Writes letters about sessions, sent by one sender.
#[derive(Debug, Clone)]
pub struct Letters {
    sender: Contact,
}

impl Render for Letters {
    fn render<'a>(
        &'a self,
        scope: &'a Scope,
        messages: &'a [message::Model],
    ) -> BoxFuture<'a, Result<Vec<Rendered>>> {
        Box::pin(async move {
            let facts = Facts::load(scope, messages).await?;
            messages.iter().map(|message| self.rendered(scope, &facts, message)).collect()
        })
    }
}

impl Letters {
    /// Letters sent by `sender`, who is also the organizer of the calendar entries.
    pub fn new(sender: Contact) -> Self {
        Self { sender }
    }

    /// An invitation to a session that does not exist, to try the settings with.
    pub fn sample(&self, scope: &Scope, address: &str) -> Result<Letter> {
        let now = scope.now();
        let starts_at = now + TimeDelta::days(1);
        let ends_at = starts_at + TimeDelta::minutes(160);
        let row = |label, value: &str| Row { label, value: value.to_owned() };
        Notice {
            kind: MessageKind::Invitation,
            to: Contact { name: "测试".to_owned(), address: address.to_owned() },
            required: true,
            takes_place: true,
            coordinator: None,
            group: scope.district.name.clone(),
            title: "测试邮件".to_owned(),
            host: "测试".to_owned(),
            location: "测试".to_owned(),
            url: None,
            starts_at,
            ends_at,
            uid: format!("test-{}@{UID_HOST}", now.timestamp()),
            sequence: 0,
            stamped_at: now,
            now,
            zone: scope.zone(),
            rows: vec![
                row("主题", "邮件和日历邀请能否收到"),
                row("时间", &time_span(starts_at, ends_at, scope.zone(), None)),
                row("其他", "这是一封测试邮件，活动并不存在，日历中的安排可以删除。"),
            ],
        }
        .letter(&self.sender)
    }

    fn rendered(&self, scope: &Scope, facts: &Facts, message: &message::Model) -> Result<Rendered> {
        match notice(scope, facts, message) {
            Some(notice) => Ok(Rendered::Letter(Box::new(notice.letter(&self.sender)?))),
            None => Ok(Rendered::Stale),
        }
    }
}

/// What the letter tells; `None` when it no longer holds.
fn notice(scope: &Scope, facts: &Facts, message: &message::Model) -> Option<Notice> {
    let session = facts.session(message.subject_id)?;
    let part = facts.part(session.id, message.teacher_id);
    if !holds(message, session, part, scope.now()) {
        return None;
    }
    let (starts_at, ends_at) = times(session)?;
    let coordinator = facts.coordinator(session, starts_at.with_timezone(&scope.zone()).date_naive());
    let rows = rows(scope, facts, message.kind, session, part, coordinator.as_ref());
    Some(Notice {
        kind: message.kind,
        to: Contact { name: facts.name(message.teacher_id).to_owned(), address: message.address.clone() },
        required: part.is_some_and(|part| part.required),
        takes_place: session.state == SessionState::Published,
        coordinator: coordinator.filter(|contact| !contact.address.is_empty()),
        group: facts.group(session).to_owned(),
        title: super::title(session, facts.subject(session)),
        host: host(facts, session),
        location: location(facts, session),
        url: session.online_url.clone(),
        starts_at,
        ends_at,
        uid: calendar_uid(session),
        // Whoever alone is taken off the list is told so above the SEQUENCE that the others know.
        sequence: session.sequence.max(message.subject_version),
        stamped_at: message.created_at,
        now: scope.now(),
        zone: scope.zone(),
        rows,
    })
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

/// When it takes place; of a session that lost its date again, when people were told that it would.
fn times(session: &research_session::Model) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    session.starts_at.or(session.told_starts_at).zip(session.ends_at.or(session.told_ends_at))
}

fn host(facts: &Facts, session: &research_session::Model) -> String {
    facts.host(session).unwrap_or(SessionMode::Online.zh()).to_owned()
}

/// Of a lesson given from afar both ends: whoever is at one of them goes there, whatever its mode is called.
fn location(facts: &Facts, session: &research_session::Model) -> String {
    let places = [facts.host(session), facts.room(session)];
    let place = places.into_iter().flatten().collect::<Vec<_>>().join(" ");
    if let Some((school, room)) = facts.sender(session) {
        return format!("{place}（主讲端：{school} {room}）");
    }
    match session.mode {
        SessionMode::OnSite => place,
        SessionMode::Online => SessionMode::Online.zh().to_owned(),
        SessionMode::Mixed => format!("{place}（同时线上）"),
    }
}

/// Every fact, in the order of a notice; a cancellation needs only what it calls off.
fn rows(
    scope: &Scope,
    facts: &Facts,
    kind: MessageKind,
    session: &research_session::Model,
    part: Option<&participant::Model>,
    coordinator: Option<&Contact>,
) -> Vec<Row> {
    let off = kind == MessageKind::Cancellation;
    let mut rows = Rows::default();
    rows.add("主题", session.topic.clone());
    rows.add("学科年级", class(facts, session));
    rows.add("形式", format!("{}（{}）", session.form.zh(), session.mode.zh()));
    if let Some((starts_at, ends_at)) = times(session) {
        let span = time_span(starts_at, ends_at, scope.zone(), facts.term_starts_on(session));
        rows.add(if off { "原定时间" } else { "时间" }, span);
    }
    rows.add(if off { "原定地点" } else { "地点" }, location(facts, session));
    if !off {
        rows.add("线上链接", session.online_url.clone().unwrap_or_default());
        rows.add("我的角色", part.map_or("", |part| part.role.zh()).to_owned());
        add_people(&mut rows, scope, facts, session);
        let cover = part.and_then(|part| part.cover.clone());
        rows.add("需调课", cover.unwrap_or_default());
        rows.add("承办校", facts.host(session).unwrap_or_default().to_owned());
    }
    let reason = session.reason.clone().unwrap_or_default();
    match kind {
        MessageKind::Update => rows.add("变更原因", reason),
        MessageKind::Cancellation if session.state == SessionState::Cancelled => rows.add("取消原因", reason),
        MessageKind::Cancellation if session.state == SessionState::Undated => {
            rows.add("取消原因", reason);
            rows.add("新的时间", "待定，确定后另行通知".to_owned());
        }
        _ => {}
    }
    rows.add("联系人", coordinator.map(contact).unwrap_or_default());
    rows.0
}

fn class(facts: &Facts, session: &research_session::Model) -> String {
    let grade = session.grade.map(super::grade_zh);
    let words = [session.stage.map(|stage| stage.zh()), facts.subject(session), grade.as_deref()];
    words.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn add_people(rows: &mut Rows, scope: &Scope, facts: &Facts, session: &research_session::Model) {
    let Some(starts_at) = session.starts_at else { return };
    let day = starts_at.with_timezone(&scope.zone()).date_naive();
    for role in NAMED_ROLES {
        let holders = facts.holders(session.id, role, day);
        let names: Vec<String> = holders
            .into_iter()
            .map(|(name, school)| match school {
                Some(school) => format!("{name}（{school}）"),
                None => name.to_owned(),
            })
            .collect();
        rows.add(role.zh(), names.join("、"));
    }
    rows.add("参加学校及人数", heads(facts, session, day));
}

fn heads(facts: &Facts, session: &research_session::Model, day: NaiveDate) -> String {
    let heads = facts.heads(session.id, day);
    let total: usize = heads.values().sum();
    let (schools, others): (Vec<_>, Vec<_>) = heads.into_iter().partition(|(school, _)| school.is_some());
    let counts: Vec<String> = schools
        .into_iter()
        .chain(others)
        .map(|(school, count)| format!("{}{count}人", school.unwrap_or("其他人员")))
        .collect();
    if counts.is_empty() { String::new() } else { format!("{}，共{total}人", counts.join("、")) }
}

fn contact(contact: &Contact) -> String {
    match contact.address.as_str() {
        "" => format!("{}（集团教研负责人）", contact.name),
        address => format!("{}（集团教研负责人），{address}", contact.name),
    }
}

#[cfg(test)]
mod tests;
