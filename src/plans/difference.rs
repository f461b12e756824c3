//! What publishing a plan changes, session by session, and who is told: shown before it happens.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::prepare::Prepared;
use crate::entity::research_session;
use crate::entity::values::{MessageKind, ParticipantRole, PublicationChangeKind, SessionState};
use crate::mail::outbox::Draft;
use crate::sessions::PlannedPerson;
use crate::sessions::effects::{self, Change};

/// What publishing changes about a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The session.
    pub session: Uuid,
    /// What changes, above all.
    pub kind: PublicationChangeKind,
    /// Where it stood; `None`: it had no date.
    pub before: Option<Place>,
    /// Where it will stand; `None`: it loses its date.
    pub after: Option<Place>,
    /// Expected now, and not before.
    pub joining: Vec<Uuid>,
    /// Expected before, and not any more.
    pub leaving: Vec<Uuid>,
}

/// When and where a session stands, and who leads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Start.
    pub starts_at: DateTime<Utc>,
    /// Host school; `None`: online.
    pub host_school_id: Option<Uuid>,
    /// Room; `None`: online.
    pub room_id: Option<Uuid>,
    /// The room at the sending end of a lesson given from afar.
    pub second_room_id: Option<Uuid>,
    /// Who presents.
    pub presenters: Vec<Uuid>,
    /// Who chairs.
    pub chairs: Vec<Uuid>,
}

/// A mail that publishing writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedMail {
    /// Kind of mail.
    pub kind: MessageKind,
    /// To whom.
    pub teacher: Uuid,
    /// About which session.
    pub session: Uuid,
    /// Minutes before the start, for reminders; else 0.
    pub lead_minutes: i32,
}

/// How many mails of a kind go to how many people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailCount {
    /// Kind of mail.
    pub kind: MessageKind,
    /// Minutes before the start, for reminders; else 0.
    pub lead_minutes: i32,
    /// People who get at least one.
    pub recipients: usize,
    /// Mails.
    pub mails: usize,
}

/// What changes, in the order of the plan; sessions that lose their date come last.
pub fn differences(prepared: &Prepared) -> Vec<Difference> {
    let changed =
        prepared.changes.iter().map(|change| difference(change, &prepared.facts.told(change.before.id)));
    let withdrawn = prepared.withdrawals.iter().map(|withdrawal| {
        let people = prepared.facts.told(withdrawal.before.id);
        Difference {
            session: withdrawal.before.id,
            kind: PublicationChangeKind::Withdrawn,
            before: stood(&withdrawal.before, &people),
            after: None,
            joining: Vec::new(),
            leaving: expected(&people),
        }
    });
    changed.chain(withdrawn).collect()
}

fn difference(change: &Change, told: &[PlannedPerson]) -> Difference {
    let before = stood(&change.before, told);
    let after = Place {
        starts_at: change.starts_at,
        host_school_id: change.host_school_id,
        room_id: change.room_id,
        second_room_id: change.second_room_id,
        presenters: holders(&change.people, ParticipantRole::Presenter),
        chairs: holders(&change.people, ParticipantRole::Chair),
    };
    let kind = match &before {
        None => PublicationChangeKind::Placed,
        Some(_) if change.moves() => PublicationChangeKind::Moved,
        Some(_) if change.quiet => PublicationChangeKind::Attendance,
        Some(_) => PublicationChangeKind::Replaced,
    };
    let (were, are) = (expected(told), expected(&change.people));
    Difference {
        session: change.before.id,
        kind,
        before,
        joining: are.iter().copied().filter(|id| !were.contains(id)).collect(),
        leaving: were.iter().copied().filter(|id| !are.contains(id)).collect(),
        after: Some(after),
    }
}

/// The mails that publishing writes, by session and person.
pub fn mails(prepared: &Prepared, now: DateTime<Utc>, hold: TimeDelta) -> Vec<PlannedMail> {
    let teachers = &prepared.facts.roster.teachers;
    let addresses: HashMap<Uuid, String> =
        teachers.values().filter_map(|row| Some((row.id, row.email.clone()?))).collect();
    let parts = |session| prepared.facts.participants.get(session).map_or(&[][..], Vec::as_slice);
    let changed = prepared.changes.iter().flat_map(|change| {
        effects::letters(change, parts(&change.before.id), &addresses, &prepared.reminding, now, hold)
    });
    let withdrawn = prepared
        .withdrawals
        .iter()
        .flat_map(|withdrawal| withdrawal.letters(parts(&withdrawal.before.id), &addresses, now + hold));
    let planned = |draft: Draft| PlannedMail {
        kind: draft.kind,
        teacher: draft.teacher_id,
        session: draft.subject_id,
        lead_minutes: draft.lead_minutes,
    };
    changed.chain(withdrawn).map(planned).collect()
}

/// Mails by kind.
pub fn counts(mails: &[PlannedMail]) -> Vec<MailCount> {
    let mut counts: BTreeMap<(MessageKind, i32), (HashSet<Uuid>, usize)> = BTreeMap::new();
    for mail in mails {
        let (people, mails) = counts.entry((mail.kind, mail.lead_minutes)).or_default();
        people.insert(mail.teacher);
        *mails += 1;
    }
    let count = |((kind, lead_minutes), (people, mails)): ((MessageKind, i32), (HashSet<Uuid>, usize))| {
        MailCount { kind, lead_minutes, recipients: people.len(), mails }
    };
    counts.into_iter().map(count).collect()
}

/// People who are expected anew but have no mail address.
pub fn without_address(prepared: &Prepared) -> Vec<Uuid> {
    let teachers = &prepared.facts.roster.teachers;
    let has_address = |id: &Uuid| teachers.get(id).is_some_and(|row| row.email.is_some());
    let told = prepared.changes.iter().filter(|change| !change.quiet);
    let mut without: Vec<Uuid> =
        told.flat_map(|change| expected(&change.people)).filter(|id| !has_address(id)).collect();
    without.sort_unstable();
    without.dedup();
    without
}

/// Where a session stands that people were told of.
fn stood(session: &research_session::Model, told: &[PlannedPerson]) -> Option<Place> {
    let starts_at = session.starts_at.filter(|_| session.state == SessionState::Published)?;
    Some(Place {
        starts_at,
        host_school_id: session.host_school_id,
        room_id: session.room_id,
        second_room_id: session.second_room_id,
        presenters: holders(told, ParticipantRole::Presenter),
        chairs: holders(told, ParticipantRole::Chair),
    })
}

fn expected(people: &[PlannedPerson]) -> Vec<Uuid> {
    people.iter().filter(|person| person.excused.is_none()).map(|person| person.teacher).collect()
}

fn holders(people: &[PlannedPerson], role: ParticipantRole) -> Vec<Uuid> {
    let holds = |person: &&PlannedPerson| person.role == role && person.excused.is_none();
    people.iter().filter(holds).map(|person| person.teacher).collect()
}
