//! Every fact about a session, in the order of a notice.

use chrono::{DateTime, NaiveDate, Utc};

use super::facts::Facts;
use super::words::Words;
use crate::entity::values::{MessageKind, ParticipantRole, SessionMode, SessionState};
use crate::entity::{participant, research_session};
use crate::mail::Contact;
use crate::mail::page::{Row, Rows};
use crate::scope::Scope;

/// Roles that letters name, in the order of a notice.
const NAMED_ROLES: [ParticipantRole; 6] = [
    ParticipantRole::Chair,
    ParticipantRole::LeadPreparer,
    ParticipantRole::Presenter,
    ParticipantRole::Reviewer,
    ParticipantRole::Researcher,
    ParticipantRole::Recorder,
];

/// What the facts about sessions are told from, and in which language.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'a> {
    /// The district, its zone and its clock.
    pub scope: &'a Scope,
    /// The rows.
    pub facts: &'a Facts,
    /// The language.
    pub words: Words,
}

/// A role as the label of a line.
const fn role_en(role: ParticipantRole) -> &'static str {
    match role {
        ParticipantRole::Chair => "Chair",
        ParticipantRole::LeadPreparer => "Lead preparer",
        ParticipantRole::Presenter => "Presenters",
        ParticipantRole::Reviewer => "Reviewers",
        ParticipantRole::Researcher => "Researcher",
        ParticipantRole::Recorder => "Recorder",
        ParticipantRole::Attendee => "Attendees",
    }
}

/// When it takes place; of a session that lost its date again, when people were told that it would.
pub fn times(session: &research_session::Model) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    session.starts_at.or(session.told_starts_at).zip(session.ends_at.or(session.told_ends_at))
}

impl Telling<'_> {
    /// Every fact; a cancellation needs only what it calls off.
    pub fn rows(
        &self,
        kind: MessageKind,
        session: &research_session::Model,
        part: Option<&participant::Model>,
        coordinator: Option<&Contact>,
    ) -> Vec<Row> {
        let (facts, words) = (self.facts, self.words);
        let off = kind == MessageKind::Cancellation;
        let mut rows = Rows::default();
        self.add_what_and_when(&mut rows, session, off);
        if !off {
            rows.add(words.0.pick("线上链接", "Link"), session.online_url.clone().unwrap_or_default());
            rows.add(words.0.pick("我的角色", "Your part"), part.map_or("", |part| words.role(part.role)));
            self.add_people(&mut rows, session);
            let cover = part.and_then(|part| part.cover.clone());
            rows.add(words.0.pick("需调课", "Lessons to be covered"), cover.unwrap_or_default());
            rows.add(words.0.pick("承办校", "Host school"), facts.host(session).unwrap_or_default());
        }
        let reason = session.reason.clone().unwrap_or_default();
        match kind {
            MessageKind::Update => rows.add(words.0.pick("变更原因", "Why it changed"), reason),
            MessageKind::Cancellation if session.state == SessionState::Cancelled => {
                rows.add(words.0.pick("取消原因", "Why it is off"), reason);
            }
            MessageKind::Cancellation if session.state == SessionState::Undated => {
                rows.add(words.0.pick("取消原因", "Why it is off"), reason);
                let later = words.0.pick("待定，确定后另行通知", "not known yet; you will be told");
                rows.add(words.0.pick("新的时间", "New time"), later);
            }
            _ => {}
        }
        rows.add(
            words.0.pick("联系人", "Contact"),
            coordinator.map(|one| self.contact(one)).unwrap_or_default(),
        );
        rows.0
    }

    /// What it is, when and where.
    pub fn add_what_and_when(&self, rows: &mut Rows, session: &research_session::Model, off: bool) {
        let words = self.words;
        rows.add(words.0.pick("主题", "Topic"), session.topic.clone());
        rows.add(words.0.pick("学科年级", "Subject and grade"), self.class(session));
        let form = words.bracketed(words.form(session.form), words.mode(session.mode));
        rows.add(words.0.pick("形式", "Form"), form);
        if let Some((starts_at, ends_at)) = times(session) {
            let term = self.facts.term_starts_on(session);
            let span = words.span(starts_at, ends_at, self.scope.zone(), term);
            rows.add(
                if off { words.0.pick("原定时间", "Was to be") } else { words.0.pick("时间", "Time") },
                span,
            );
        }
        let label =
            if off { words.0.pick("原定地点", "Was to be at") } else { words.0.pick("地点", "Place") };
        rows.add(label, self.location(session));
    }

    /// Host school, or 线上.
    pub fn host(&self, session: &research_session::Model) -> String {
        self.facts.host(session).unwrap_or(self.words.mode(SessionMode::Online)).to_owned()
    }

    /// Of a lesson given from afar both ends: whoever is at one of them goes there, whatever its mode is called.
    pub fn location(&self, session: &research_session::Model) -> String {
        let (facts, words) = (self.facts, self.words);
        let places = [facts.host(session), facts.room(session)];
        let place = places.into_iter().flatten().collect::<Vec<_>>().join(" ");
        if let Some((school, room)) = facts.sender(session) {
            let end = words
                .0
                .either(|| format!("主讲端：{school} {room}"), || format!("teaching end: {school} {room}"));
            return words.bracketed(&place, &end);
        }
        match session.mode {
            SessionMode::OnSite => place,
            SessionMode::Online => words.mode(SessionMode::Online).to_owned(),
            SessionMode::Mixed => words.bracketed(&place, words.0.pick("同时线上", "and online")),
        }
    }

    fn class(&self, session: &research_session::Model) -> String {
        let grade = session.grade.map(|grade| self.words.grade(grade));
        let stage = session.stage.map(|stage| self.words.stage(stage));
        let words = [stage, self.facts.subject(session), grade.as_deref()];
        words.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    fn add_people(&self, rows: &mut Rows, session: &research_session::Model) {
        let Some(starts_at) = session.starts_at else { return };
        let words = self.words;
        let day = starts_at.with_timezone(&self.scope.zone()).date_naive();
        for role in NAMED_ROLES {
            let holders = self.facts.holders(session.id, role, day);
            let names: Vec<String> = holders
                .into_iter()
                .map(|(name, school)| match school {
                    Some(school) => words.bracketed(name, school),
                    None => name.to_owned(),
                })
                .collect();
            rows.add(words.0.pick(role.zh(), role_en(role)), names.join(words.comma()));
        }
        rows.add(words.0.pick("参加学校及人数", "Schools and heads"), self.heads(session, day));
    }

    fn heads(&self, session: &research_session::Model, day: NaiveDate) -> String {
        let words = self.words;
        let heads = self.facts.heads(session.id, day);
        let total: usize = heads.values().sum();
        let (schools, others): (Vec<_>, Vec<_>) = heads.into_iter().partition(|(school, _)| school.is_some());
        let counts: Vec<String> = schools
            .into_iter()
            .chain(others)
            .map(|(school, count)| {
                let school = school.unwrap_or(words.0.pick("其他人员", "others"));
                words.0.either(|| format!("{school}{count}人"), || format!("{school} {count}"))
            })
            .collect();
        if counts.is_empty() {
            return String::new();
        }
        let counts = counts.join(words.comma());
        words.0.either(|| format!("{counts}，共{total}人"), || format!("{counts}; {total} in all"))
    }

    fn contact(&self, contact: &Contact) -> String {
        let words = self.words;
        let name = words.bracketed(&contact.name, words.0.pick("集团教研负责人", "coordinator of the group"));
        match contact.address.as_str() {
            "" => name,
            address => format!("{name}{}{address}", words.0.pick("，", ", ")),
        }
    }
}
