//! What happened to sessions between two instants, read from the audit log: the first state and the last of each row.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::entity::audit_entry::{Column, Entity};
use crate::entity::values::{ParticipantRole, Reply, SessionState};
use crate::error::Result;
use crate::rows::in_district;
use crate::scope::Scope;
use crate::sessions::digests::words::Words;

/// The tables whose entries tell something.
const SESSIONS: &str = "research_session";
const PARTICIPANTS: &str = "participant";

/// When and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Start.
    pub starts_at: DateTime<Utc>,
    /// Host school; none: online.
    pub host: Option<Uuid>,
    /// Room.
    pub room: Option<Uuid>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// It got a date.
    Published,
    /// It has another time or place.
    Moved,
    /// It lost its date.
    Undated {
        /// Why.
        reason: Option<String>,
    },
    /// It is off.
    Cancelled {
        /// Why.
        reason: Option<String>,
    },
    /// Somebody does not come.
    Declined {
        /// Who.
        teacher: Uuid,
        /// As what.
        role: ParticipantRole,
        /// Why.
        reason: Option<String>,
    },
}

impl What {
    /// What calls for action comes first.
    pub fn order(&self) -> u8 {
        match self {
            Self::Declined { .. } => 0,
            Self::Cancelled { .. } => 1,
            Self::Undated { .. } => 2,
            Self::Moved => 3,
            Self::Published => 4,
        }
    }

    /// Before each line.
    pub fn label(&self, words: Words) -> &'static str {
        match self {
            Self::Declined { .. } => words.0.pick("不能参加", "Declined"),
            Self::Cancelled { .. } => words.0.pick("取消", "Cancelled"),
            Self::Undated { .. } => words.0.pick("待定", "No date"),
            Self::Moved => words.0.pick("变更", "Moved"),
            Self::Published => words.0.pick("发布", "Published"),
        }
    }

    /// So many of them.
    pub fn count(&self, count: usize, words: Words) -> String {
        match self {
            Self::Declined { .. } => {
                words.0.either(|| format!("{count}人次不能参加"), || format!("{count} declined"))
            }
            _ => {
                let label = self.label(words);
                words.0.either(|| format!("{label}{count}次"), || format!("{count} {}", label.to_lowercase()))
            }
        }
    }
}

/// Something that happened to a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The session.
    pub session: Uuid,
    /// What.
    pub what: What,
    /// Where it stood.
    pub before: Option<Place>,
    /// Where it stands.
    pub after: Option<Place>,
}

impl Event {
    /// When the session is, or would have been.
    pub fn at(&self) -> Option<DateTime<Utc>> {
        self.after.as_ref().or(self.before.as_ref()).map(|place| place.starts_at)
    }
}

/// What happened, by session.
#[derive(Debug, Default)]
pub struct Events(pub Vec<Event>);

/// A session as its entry has it.
#[derive(Debug, Deserialize)]
struct Session {
    state: SessionState,
    starts_at: Option<DateTime<Utc>>,
    host_school_id: Option<Uuid>,
    room_id: Option<Uuid>,
    reason: Option<String>,
}

impl Session {
    fn place(&self) -> Option<Place> {
        let starts_at = self.starts_at.filter(|_| self.state == SessionState::Published)?;
        Some(Place { starts_at, host: self.host_school_id, room: self.room_id })
    }
}

/// A part in a session as its entry has it.
#[derive(Debug, Deserialize)]
struct Part {
    session_id: Uuid,
    teacher_id: Uuid,
    role: ParticipantRole,
    reply: Reply,
    #[serde(default)]
    reply_reason: Option<String>,
}

/// The first and the last of a row.
#[derive(Debug, Default)]
struct Span {
    before: Option<Value>,
    after: Option<Value>,
}

impl Events {
    /// Reads what happened from one instant until another: one statement.
    pub async fn between(scope: &Scope, from: DateTime<Utc>, until: DateTime<Utc>) -> Result<Self> {
        let entries: Vec<(String, Uuid, Option<Value>, Option<Value>)> =
            in_district(scope.district.id, Entity::find())
                .select_only()
                .columns([Column::Entity, Column::EntityId, Column::Before, Column::After])
                .filter(Column::Entity.is_in([SESSIONS, PARTICIPANTS]))
                .filter(Column::At.gte(from))
                .filter(Column::At.lt(until))
                .order_by_asc(Column::At)
                .order_by_asc(Column::Id)
                .into_tuple()
                .all(scope.reader())
                .await?;
        let mut spans: BTreeMap<(String, Uuid), Span> = BTreeMap::new();
        for (entity, id, before, after) in entries {
            let span = spans.entry((entity, id)).or_insert_with(|| Span { before, after: None });
            span.after = after;
        }
        let mut events = Vec::new();
        for ((entity, id), span) in spans {
            events.extend(match entity.as_str() {
                SESSIONS => of_session(id, span)?,
                _ => of_part(span)?,
            });
        }
        Ok(Self(events))
    }

    /// The sessions concerned.
    pub fn sessions(&self) -> HashSet<Uuid> {
        self.0.iter().map(|event| event.session).collect()
    }

    /// Who declined.
    pub fn people(&self) -> impl Iterator<Item = Uuid> {
        self.0.iter().filter_map(|event| match event.what {
            What::Declined { teacher, .. } => Some(teacher),
            _ => None,
        })
    }

    /// Where sessions stood and stand.
    pub fn schools(&self) -> impl Iterator<Item = Uuid> {
        self.0.iter().flat_map(|event| [&event.before, &event.after]).flatten().filter_map(|place| place.host)
    }
}

fn read<T: for<'a> Deserialize<'a>>(value: Option<&Value>) -> Result<Option<T>> {
    Ok(value.map(T::deserialize).transpose()?)
}

fn of_session(session: Uuid, span: Span) -> Result<Option<Event>> {
    let before: Option<Session> = read(span.before.as_ref())?;
    let Some(after) = read::<Session>(span.after.as_ref())? else { return Ok(None) };
    let (stood, stands) = (before.as_ref().and_then(Session::place), after.place());
    let reason = after.reason.clone();
    let what = match (&stood, &stands, after.state) {
        (None, Some(_), _) => What::Published,
        (Some(one), Some(other), _) if one != other => What::Moved,
        (Some(_), None, SessionState::Cancelled) => What::Cancelled { reason },
        (Some(_), None, SessionState::Undated) => What::Undated { reason },
        _ => return Ok(None),
    };
    Ok(Some(Event { session, what, before: stood, after: stands }))
}

fn of_part(span: Span) -> Result<Option<Event>> {
    let before: Option<Part> = read(span.before.as_ref())?;
    let Some(after) = read::<Part>(span.after.as_ref())? else { return Ok(None) };
    let declined = |part: &Part| part.reply == Reply::Declined;
    if !declined(&after) || before.as_ref().is_some_and(declined) {
        return Ok(None);
    }
    let what = What::Declined { teacher: after.teacher_id, role: after.role, reason: after.reply_reason };
    Ok(Some(Event { session: after.session_id, what, before: None, after: None }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn session(state: &str, starts_at: Option<&str>) -> Option<Value> {
        Some(
            json!({ "state": state, "starts_at": starts_at, "host_school_id": null, "room_id": null, "reason": "停水", "topic": "x" }),
        )
    }

    fn what(before: Option<Value>, after: Option<Value>) -> Option<What> {
        of_session(Uuid::nil(), Span { before, after }).unwrap().map(|event| event.what)
    }

    #[test]
    fn the_first_state_and_the_last_say_what_happened() {
        let (one, other) = (Some("2026-09-16T06:20:00Z"), Some("2026-09-17T06:20:00Z"));
        let reason = Some("停水".to_owned());
        assert_eq!(what(session("undated", None), session("published", one)), Some(What::Published));
        assert_eq!(what(session("published", one), session("published", other)), Some(What::Moved));
        assert_eq!(what(session("published", one), session("published", one)), None);
        assert_eq!(
            what(session("published", one), session("cancelled", one)),
            Some(What::Cancelled { reason: reason.clone() })
        );
        assert_eq!(what(session("published", one), session("undated", None)), Some(What::Undated { reason }));
        assert_eq!(what(session("undated", None), session("cancelled", None)), None);
        assert_eq!(what(None, session("undated", None)), None);
    }
}
