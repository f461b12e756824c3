//! Sessions as a calendar to subscribe to.

use std::collections::HashSet;

use uuid::Uuid;

use super::calendar_uid;
use super::facts::Facts;
use super::rows::{Telling, times};
use super::words::Words;
use crate::calendar::ical::{self, Event, Person, Standing};
use crate::entity::research_session;
use crate::entity::values::{MessageKind, Reply, SessionState};
use crate::error::{Language, Result};
use crate::mail::Contact;
use crate::scope::Scope;

/// The calendar of `name`. `reader` is whose own sessions these are: each then says what her part is.
pub async fn calendar(
    scope: &Scope,
    name: &str,
    sessions: &[research_session::Model],
    reader: Option<Uuid>,
    organizer: &Contact,
    language: Language,
) -> Result<String> {
    let ids: HashSet<Uuid> = sessions.iter().map(|session| session.id).collect();
    let facts = Facts::of(scope, scope.reader(), ids, reader).await?;
    let telling = Telling { scope, facts: &facts, words: Words(language) };
    let organizer = Person { name: organizer.name.clone(), address: organizer.address.clone() };
    let events: Vec<Event> =
        sessions.iter().filter_map(|session| telling.event(session, reader, &organizer)).collect();
    let title =
        telling.words.0.either(|| format!("{name} 教研活动"), || format!("{name}: research sessions"));
    Ok(ical::subscribed(&title, &events))
}

impl Telling<'_> {
    fn event(
        &self,
        session: &research_session::Model,
        reader: Option<Uuid>,
        organizer: &Person,
    ) -> Option<Event> {
        let (facts, words) = (self.facts, self.words);
        let (starts_at, ends_at) = times(session)?;
        let off = matches!(session.state, SessionState::Cancelled | SessionState::Undated);
        let part = reader.and_then(|reader| facts.part(session.id, reader));
        let coordinator =
            facts.coordinator(session, starts_at.with_timezone(&self.scope.zone()).date_naive());
        let kind = if off { MessageKind::Cancellation } else { MessageKind::Invitation };
        let rows = self.rows(kind, session, part, coordinator.as_ref());
        let lines: Vec<String> =
            rows.iter().map(|row| format!("{}{}{}", row.label, words.colon(), row.value)).collect();
        let title = words.title(session, facts.subject(session));
        let beside = part.map(|part| match part.reply {
            Reply::Declined => words.0.pick("已请假", "declined"),
            _ => words.role(part.role),
        });
        Some(Event {
            uid: calendar_uid(session),
            sequence: u32::try_from(session.sequence).unwrap_or(0),
            stamped_at: self.scope.now(),
            starts_at,
            ends_at,
            summary: beside.map_or(title.clone(), |beside| words.bracketed(&title, beside)),
            location: self.location(session),
            description: lines.join("\n"),
            url: session.online_url.clone(),
            standing: if off { Standing::CalledOff } else { Standing::Confirmed },
            organizer: organizer.clone(),
            alarm_minutes: None,
        })
    }
}
