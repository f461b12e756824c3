//! Mails in which calendar programs answer invitations.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::letters::UID_HOST;
use super::replies::{self, Answer, Asked, LONGEST_REASON};
use crate::calendar::reply::{self, Attendee, CalendarReply};
use crate::clock::Clock;
use crate::database::Database;
use crate::entity::values::{Reply, ReplyWay};
use crate::entity::{district, participant, research_session, teacher};
use crate::error::{Bilingual, Error, Result, UserError};
use crate::id::{self, Kind};
use crate::mail::received::{self, Received};
use crate::scope::{Actor, Scope};

/// What became of a mail that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The answer is recorded.
    Recorded(Told),
    /// The same was recorded before.
    Unchanged(Told),
    /// It answers what has changed since, or there is a later answer: nothing was recorded.
    Outdated(Bilingual),
    /// It is an answer that cannot be recorded, for this reason.
    Refused(Bilingual),
    /// It is no answer of a calendar program: a mail for people.
    ForPeople,
    /// It cannot be read, for this reason.
    Unreadable(String),
}

/// Who answered what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The session.
    pub session_id: Uuid,
    /// Name of whoever answered.
    pub name: String,
    /// What.
    pub reply: Reply,
}

/// Reads a mail and records the answer in it. The sender of the mail must be the one who answers: nobody answers for somebody else.
///
/// # Errors
/// `Internal` when the database does not answer: then nothing was recorded, and the mail can be tried again.
pub async fn receive(database: &Database, clock: &Clock, mail: &[u8]) -> Result<Outcome> {
    let Some(received) = received::read(mail) else {
        return Ok(Outcome::Unreadable("不是邮件，或者过大".to_owned()));
    };
    let reply = match replies_in(&received) {
        Ok(Some(reply)) => reply,
        Ok(None) => return Ok(Outcome::ForPeople),
        Err(fault) => return Ok(Outcome::Unreadable(fault)),
    };
    match record(database, clock, &received, &reply).await {
        Ok(outcome) => Ok(outcome),
        Err(Error::Internal(source)) => Err(Error::Internal(source)),
        Err(Error::Rejected(errors)) => Ok(refused(errors)),
        Err(error) => {
            let text = |language| error.explain(language);
            let (zh, en) = (text(crate::error::Language::Chinese), text(crate::error::Language::English));
            Ok(Outcome::Refused(Bilingual::new(zh, en)))
        }
    }
}

/// The first answer in a mail: the same file often comes twice. A file that cannot be read counts only when no other can.
fn replies_in(received: &Received) -> std::result::Result<Option<CalendarReply>, String> {
    let mut fault = None;
    for file in &received.calendars {
        match reply::read(file) {
            Ok(replies) => {
                if let Some(reply) = replies.into_iter().next() {
                    return Ok(Some(reply));
                }
            }
            Err(error) => fault = Some(error),
        }
    }
    fault.map_or(Ok(None), Err)
}

fn refused(errors: Vec<UserError>) -> Outcome {
    let outdated = errors.iter().any(|error| matches!(error.code, "REPLY_OUTDATED" | "REPLY_OLDER"));
    let told = errors.into_iter().next().map_or_else(|| Bilingual::new("", ""), |error| error.message);
    if outdated { Outcome::Outdated(told) } else { Outcome::Refused(told) }
}

async fn record(
    database: &Database,
    clock: &Clock,
    received: &Received,
    reply: &CalendarReply,
) -> Result<Outcome> {
    let attendee = sender(received, reply)?;
    let answer = attendee.reply.ok_or_else(undecided)?;
    let session = session(database, &reply.uid).await?;
    let (scope, person) = by_whom(database, clock, &session, &attendee.address).await?;
    let answer = Answer {
        session_id: session.id,
        teacher_id: person.id,
        reply: answer,
        reason: attendee.comment.as_deref().map(|text| text.chars().take(LONGEST_REASON).collect()),
        way: ReplyWay::Calendar,
        asked: Some(Asked { sequence: reply.sequence, at: reply.stamped_at.unwrap_or(scope.now()) }),
    };
    let recorded = replies::reply(&scope, answer).await?;
    let told = Told { session_id: session.id, name: person.name, reply: recorded.participant.reply };
    Ok(if recorded.changed { Outcome::Recorded(told) } else { Outcome::Unchanged(told) })
}

/// The one among those who answer who sent the mail.
fn sender<'a>(received: &Received, reply: &'a CalendarReply) -> Result<&'a Attendee> {
    let from = received.from.as_deref();
    let found = reply.attendees.iter().find(|attendee| Some(attendee.address.as_str()) == from);
    found.ok_or_else(|| {
        UserError::new(
            "REPLY_NOT_THE_SENDERS",
            "回复人与发信人不是同一个邮箱，没有记录",
            "whoever answers is not who sent the mail: nothing was recorded",
        )
        .into()
    })
}

fn undecided() -> Error {
    UserError::new(
        "REPLY_MISSING",
        "日历回复中没有参加、待定或请假，没有记录",
        "the calendar's answer is none of accepted, tentative and declined: nothing was recorded",
    )
    .into()
}

/// The session that a UID names, in whichever district.
async fn session(database: &Database, uid: &str) -> Result<research_session::Model> {
    let missing = Error::NotFound(Kind::Session);
    let name = uid.strip_suffix(UID_HOST).and_then(|name| name.strip_suffix('@'));
    let Some(id) = name.and_then(|name| Kind::Session.parse(name)) else { return Err(missing) };
    let found = research_session::Entity::find()
        .filter(research_session::Column::Id.eq(id))
        .one(database.reader())
        .await?;
    found.ok_or(missing)
}

/// The participant with an address, and the scope in which she acts.
async fn by_whom(
    database: &Database,
    clock: &Clock,
    session: &research_session::Model,
    address: &str,
) -> Result<(Scope, teacher::Model)> {
    let parts = participant::Entity::find()
        .filter(participant::Column::DistrictId.eq(session.district_id))
        .filter(participant::Column::SessionId.eq(session.id))
        .all(database.reader())
        .await?;
    let people = teacher::Entity::find()
        .filter(teacher::Column::DistrictId.eq(session.district_id))
        .filter(teacher::Column::Id.is_in(parts.iter().map(|part| part.teacher_id)))
        .all(database.reader())
        .await?;
    let hers = |person: &teacher::Model| {
        person.email.as_deref().is_some_and(|email| email.trim().to_lowercase() == address)
    };
    let mut found = people.into_iter().filter(hers);
    // An address that two people share is nobody's own.
    let (Some(person), None) = (found.next(), found.next()) else {
        return Err(replies::not_invited().into());
    };
    let district = district::Entity::find_by_id(session.district_id).one(database.reader()).await?;
    let scope = Scope {
        database: database.clone(),
        clock: clock.clone(),
        district: district.ok_or(Error::NotFound(Kind::District))?,
        actor: Actor::Person { id: person.id, number: person.number.clone() },
        request_id: id::new().to_string(),
    };
    Ok((scope, person))
}
