//! What somebody is told of a session on the page where she answers.

use std::collections::HashSet;

use uuid::Uuid;

use super::facts::Facts;
use super::rows::{Telling, times};
use super::words::Words;
use crate::entity::values::MessageKind;
use crate::entity::{participant, research_session};
use crate::error::{Error, Language, Result};
use crate::id::Kind;
use crate::mail::page::Row;
use crate::scope::Scope;

/// What somebody is told of a session.
#[derive(Debug, Clone)]
pub struct Told {
    /// The session as it is.
    pub session: research_session::Model,
    /// Her part in it; `None`: she is not on the list.
    pub part: Option<participant::Model>,
    /// What it is called.
    pub title: String,
    /// Every fact, in the order of a notice.
    pub rows: Vec<Row>,
}

/// What `teacher_id` is told of a session, in `language`.
///
/// # Errors
/// `NotFound` without such a session.
pub async fn told(scope: &Scope, session_id: Uuid, teacher_id: Uuid, language: Language) -> Result<Told> {
    let facts = Facts::of(scope, scope.reader(), HashSet::from([session_id]), [teacher_id]).await?;
    let session = facts.session(session_id).ok_or(Error::NotFound(Kind::Session))?;
    let part = facts.part(session_id, teacher_id);
    let words = Words(language);
    let telling = Telling { scope, facts: &facts, words };
    let coordinator = times(session)
        .map(|(starts_at, _)| starts_at.with_timezone(&scope.zone()).date_naive())
        .and_then(|day| facts.coordinator(session, day));
    Ok(Told {
        title: words.title(session, facts.subject(session)),
        rows: telling.rows(MessageKind::Invitation, session, part, coordinator.as_ref()),
        session: session.clone(),
        part: part.cloned(),
    })
}
