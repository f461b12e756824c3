//! What follows when a session gets a date, moves or is cancelled: participants, bookings, mail. All in one transaction.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::PlannedPerson;
use super::reminders::{Addressee, Moment, Occasion, is_leading};
use super::reminding::Reminding;
use crate::entity::values::{Reply, ResourceKind, SessionMode, SessionState};
use crate::entity::{booking, district, participant, research_session, teacher};
use crate::error::{Error, Result, UserError};
use crate::id::Kind;
use crate::mail::outbox::{self, Draft};
use crate::rows;
use crate::scope::Txn;
use crate::{audit, id};

/// A session that is given a date, or another one.
#[derive(Debug, Clone)]
pub struct Change {
    /// The session as it is.
    pub before: research_session::Model,
    /// Host school; `None`: online.
    pub host_school_id: Option<Uuid>,
    /// Room; `None`: online.
    pub room_id: Option<Uuid>,
    /// The room at the sending end of a lesson given from afar 专递课堂、同步课堂, taken as well.
    pub second_room_id: Option<Uuid>,
    /// Start.
    pub starts_at: DateTime<Utc>,
    /// End.
    pub ends_at: DateTime<Utc>,
    /// Who takes part.
    pub people: Vec<PlannedPerson>,
    /// Why, as told to people; for a change of what was published.
    pub reason: Option<String>,
    /// It only takes people off the list: nobody else needs a letter, and SEQUENCE stays.
    pub quiet: bool,
    /// How it will be held.
    pub held: Held,
}

/// How a change has a session held.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Held {
    /// As before.
    #[default]
    AsBefore,
    /// Online, with this link.
    Online(String),
    /// In this way, back on site after having been moved online: the link leads nowhere any more.
    OnSite(SessionMode),
}

/// A published session that loses its date again 待定.
#[derive(Debug, Clone)]
pub struct Withdrawal {
    /// The session as it is.
    pub before: research_session::Model,
    /// Why, as told to people.
    pub reason: String,
}

impl Withdrawal {
    /// The session as it will be: what people were told of is kept, so that the letter can say what it calls off.
    pub fn after(&self) -> research_session::Model {
        let before = &self.before;
        research_session::Model {
            state: SessionState::Undated,
            starts_at: None,
            ends_at: None,
            told_starts_at: before.starts_at,
            told_ends_at: before.ends_at,
            sequence: before.sequence + 1,
            reason: Some(self.reason.clone()),
            version: before.version + 1,
            ..before.clone()
        }
    }

    /// The cancellations that it causes, due at an instant.
    pub fn letters(
        &self,
        told: &[participant::Model],
        addresses: &HashMap<Uuid, String>,
        due: DateTime<Utc>,
    ) -> Vec<Draft> {
        let before = research_session::Model { sequence: self.after().sequence, ..self.before.clone() };
        let Some(occasion) = Occasion::of(&before) else { return Vec::new() };
        let mut people: Vec<Uuid> =
            told.iter().filter(|row| row.excused.is_none()).map(|row| row.teacher_id).collect();
        people.sort_unstable();
        let known =
            |teacher_id: Uuid| Some(Addressee { teacher_id, address: addresses.get(&teacher_id)?.clone() });
        people.into_iter().filter_map(known).map(|to| occasion.cancels(&to, due)).collect()
    }
}

impl Change {
    /// Whether time or place will be others than before.
    pub fn moves(&self) -> bool {
        let before = &self.before;
        (before.starts_at, before.host_school_id, before.room_id, before.second_room_id)
            != (Some(self.starts_at), self.host_school_id, self.room_id, self.second_room_id)
    }

    /// The session as it will be. SEQUENCE rises only when people were told of an earlier version.
    pub fn after(&self) -> research_session::Model {
        let told = self.before.state == SessionState::Published || self.before.told_starts_at.is_some();
        let (mode, online_url) = match &self.held {
            Held::AsBefore => (self.before.mode, self.before.online_url.clone()),
            Held::Online(link) => (SessionMode::Online, Some(link.clone())),
            Held::OnSite(mode) => (*mode, None),
        };
        research_session::Model {
            state: SessionState::Published,
            host_school_id: self.host_school_id,
            room_id: self.room_id,
            second_room_id: self.second_room_id,
            starts_at: Some(self.starts_at),
            ends_at: Some(self.ends_at),
            sequence: self.before.sequence + i32::from(told && !self.quiet),
            reason: self.reason.clone(),
            told_starts_at: None,
            told_ends_at: None,
            version: self.before.version + 1,
            mode,
            online_url,
            online_host_id: self.online_host(),
            ..self.before.clone()
        }
    }

    /// The school that was to host what is online now: whoever moves it again finds its people there.
    fn online_host(&self) -> Option<Uuid> {
        match self.host_school_id {
            Some(_) => None,
            None => self.before.host_school_id.or(self.before.online_host_id),
        }
    }
}

/// The mails that `change` causes, due after `hold`: pure, so that a preview counts what publishing will write.
pub fn letters(
    change: &Change,
    told: &[participant::Model],
    addresses: &HashMap<Uuid, String>,
    reminding: &Reminding,
    now: DateTime<Utc>,
    hold: TimeDelta,
) -> Vec<Draft> {
    let after = change.after();
    let told: HashSet<Uuid> =
        told.iter().filter(|row| row.excused.is_none()).map(|row| row.teacher_id).collect();
    let expected: HashSet<Uuid> =
        change.people.iter().filter(|person| person.excused.is_none()).map(|p| p.teacher).collect();
    let mut people: Vec<Uuid> = told.union(&expected).copied().collect();
    people.sort_unstable();
    let Some(occasion) = Occasion::of(&after) else { return Vec::new() };
    // A calendar takes a CANCEL only above the SEQUENCE it knows (RFC 5546, 3.2.5), also where the others' stays.
    let sequence = occasion.sequence.max(change.before.sequence + 1);
    let called_off = Occasion { sequence, ..occasion };
    let moments = |teacher_id: Uuid| moments(reminding, change, teacher_id);
    people
        .into_iter()
        .filter_map(|teacher_id| Some(Addressee { teacher_id, address: addresses.get(&teacher_id)?.clone() }))
        .flat_map(|to| match (told.contains(&to.teacher_id), expected.contains(&to.teacher_id)) {
            (true, true) if change.quiet => Vec::new(),
            (true, true) => occasion.updates(&to, &moments(to.teacher_id), now, hold),
            (true, false) => vec![called_off.cancels(&to, now + hold)],
            _ => occasion.invites(&to, &moments(to.teacher_id), now, hold),
        })
        .collect()
}

/// When somebody is reminded of a session that is given a date.
fn moments(reminding: &Reminding, change: &Change, teacher_id: Uuid) -> Vec<Moment> {
    let part = change.people.iter().find(|person| person.teacher == teacher_id);
    let leading = part.is_some_and(|person| is_leading(person.role));
    reminding.moments(change.before.group_id, teacher_id, leading, change.starts_at)
}

/// Lets one transaction of the district at a time change what is published; the others wait until it ends. The rules look
/// at everybody's sessions, so what a change was decided on must still stand when it is written.
pub async fn one_at_a_time(txn: &Txn) -> Result<()> {
    let district = district::Entity::find_by_id(txn.district_id());
    // Rows that refer to the district may still be written meanwhile.
    district.lock(LockType::NoKeyUpdate).one(&**txn).await?;
    Ok(())
}

/// Writes `changes` and their mails; returns the sessions as they are now.
///
/// # Errors
/// `Stale` when a session is not any more as `changes` know it; `Rejected` when somebody or a room was booked meanwhile.
pub async fn apply(txn: &Txn, action: &str, changes: &[Change]) -> Result<Vec<research_session::Model>> {
    apply_with(txn, action, changes, &[]).await
}

/// The same, with sessions that lose their date. All that any of them held is free before anything is booked, so that sessions may
/// exchange their times.
///
/// # Errors
/// As [`apply`].
pub async fn apply_with(
    txn: &Txn,
    action: &str,
    changes: &[Change],
    withdrawals: &[Withdrawal],
) -> Result<Vec<research_session::Model>> {
    let before: Vec<&research_session::Model> = changes
        .iter()
        .map(|change| &change.before)
        .chain(withdrawals.iter().map(|withdrawal| &withdrawal.before))
        .collect();
    let ids: Vec<Uuid> = before.iter().map(|row| row.id).collect();
    unchanged(txn, &before, &ids).await?;
    let told = participants(txn, &ids).await?;
    let addresses = addresses(txn, changes, &told).await?;
    let reminding = Reminding::load(txn.scope(), &**txn).await?;
    clear(txn, &ids).await?;
    let (now, hold) = (txn.scope().now(), txn.scope().hold());
    let mut drafts = Vec::new();
    let mut parts = Vec::new();
    let mut bookings = Vec::new();
    let mut sessions = Vec::new();
    for change in changes {
        let before = told.get(&change.before.id).map_or(&[][..], Vec::as_slice);
        drafts.extend(letters(change, before, &addresses, &reminding, now, hold));
        parts.extend(participant_rows(txn.district_id(), change, before));
        bookings.extend(booking_rows(txn.district_id(), change));
        sessions.push((change.before.clone(), change.after()));
    }
    for withdrawal in withdrawals {
        let before = told.get(&withdrawal.before.id).map_or(&[][..], Vec::as_slice);
        drafts.extend(withdrawal.letters(before, &addresses, now + hold));
        sessions.push((withdrawal.before.clone(), withdrawal.after()));
    }
    audit::update_all(txn, action, sessions.clone()).await?;
    audit::insert_parts(txn, parts).await?;
    audit::insert_parts(txn, bookings).await.map_err(taken_meanwhile)?;
    let current: Vec<(Uuid, i32)> = sessions.iter().map(|(_, after)| (after.id, after.sequence)).collect();
    outbox::supersede(txn, &current).await?;
    for change in changes {
        outbox::withdraw(txn, change.before.id, &leaving(change, &told)).await?;
    }
    outbox::enqueue(txn, drafts).await?;
    Ok(sessions.into_iter().map(|(_, after)| after).collect())
}

/// Who was told of a session and is not expected any more.
fn leaving(change: &Change, told: &HashMap<Uuid, Vec<participant::Model>>) -> Vec<Uuid> {
    let expected: HashSet<Uuid> =
        change.people.iter().filter(|person| person.excused.is_none()).map(|p| p.teacher).collect();
    let told = told.get(&change.before.id).into_iter().flatten();
    told.map(|row| row.teacher_id).filter(|teacher| !expected.contains(teacher)).collect()
}

/// Changes are decided before the transaction begins; what they were decided from must still be so.
async fn unchanged(txn: &Txn, known: &[&research_session::Model], ids: &[Uuid]) -> Result<()> {
    let rows = research_session::Entity::find()
        .filter(research_session::Column::DistrictId.eq(txn.district_id()))
        .filter(research_session::Column::Id.is_in(ids.to_vec()))
        .lock(LockType::NoKeyUpdate)
        .all(&**txn)
        .await?;
    let versions: HashMap<Uuid, i32> = rows.into_iter().map(|row| (row.id, row.version)).collect();
    for before in known {
        let current = versions.get(&before.id).copied().ok_or(Error::NotFound(Kind::Session))?;
        rows::expect_version(txn, before.id, current, before.version).await?;
    }
    Ok(())
}

/// Frees the people and rooms of sessions.
pub async fn release(txn: &Txn, sessions: &[Uuid]) -> Result<()> {
    booking::Entity::delete_many()
        .filter(booking::Column::DistrictId.eq(txn.district_id()))
        .filter(booking::Column::SessionId.is_in(sessions.to_vec()))
        .exec(&**txn)
        .await?;
    Ok(())
}

/// Frees the people and rooms of sessions, and empties their lists.
pub async fn clear(txn: &Txn, sessions: &[Uuid]) -> Result<()> {
    release(txn, sessions).await?;
    participant::Entity::delete_many()
        .filter(participant::Column::DistrictId.eq(txn.district_id()))
        .filter(participant::Column::SessionId.is_in(sessions.to_vec()))
        .exec(&**txn)
        .await?;
    Ok(())
}

/// Participants of sessions, by session.
pub async fn participants(txn: &Txn, sessions: &[Uuid]) -> Result<HashMap<Uuid, Vec<participant::Model>>> {
    let rows = participant::Entity::find()
        .filter(participant::Column::DistrictId.eq(txn.district_id()))
        .filter(participant::Column::SessionId.is_in(sessions.to_vec()))
        .all(&**txn)
        .await?;
    let mut by_session: HashMap<Uuid, Vec<participant::Model>> = HashMap::new();
    for row in rows {
        by_session.entry(row.session_id).or_default().push(row);
    }
    Ok(by_session)
}

async fn addresses(
    txn: &Txn,
    changes: &[Change],
    told: &HashMap<Uuid, Vec<participant::Model>>,
) -> Result<HashMap<Uuid, String>> {
    let mut people: HashSet<Uuid> =
        changes.iter().flat_map(|change| change.people.iter().map(|person| person.teacher)).collect();
    people.extend(told.values().flatten().map(|row| row.teacher_id));
    addresses_of(&**txn, txn.district_id(), &people).await
}

/// Mail addresses of the district's teachers among `people`; those without one are left out.
pub async fn addresses_of(
    connection: &impl sea_orm::ConnectionTrait,
    district_id: Uuid,
    people: &HashSet<Uuid>,
) -> Result<HashMap<Uuid, String>> {
    let rows = teacher::Entity::find()
        .filter(teacher::Column::DistrictId.eq(district_id))
        .filter(teacher::Column::Email.is_not_null())
        .all(connection)
        .await?;
    let wanted = rows.into_iter().filter(|row| people.contains(&row.id));
    Ok(wanted.filter_map(|row| Some((row.id, row.email?))).collect())
}

fn participant_rows(
    district_id: Uuid,
    change: &Change,
    told: &[participant::Model],
) -> Vec<participant::Model> {
    // People answer to a time and place: another one is asked anew.
    let same = !change.moves();
    let row = |person: &PlannedPerson| {
        let told = told.iter().find(|row| row.teacher_id == person.teacher);
        let answered = told.filter(|_| same);
        participant::Model {
            id: told.map_or_else(id::new, |row| row.id),
            district_id,
            session_id: change.before.id,
            teacher_id: person.teacher,
            role: person.role,
            required: person.required,
            excused: person.excused.as_ref().map(|reason| reason.zh.clone()),
            cover: (!person.cover.is_empty()).then(|| person.cover.join("；")),
            reply: answered.map_or(Reply::Pending, |row| row.reply),
            replied_at: answered.and_then(|row| row.replied_at),
            reply_reason: answered.and_then(|row| row.reply_reason.clone()),
            reply_way: answered.and_then(|row| row.reply_way),
            version: told.map_or(1, |row| row.version + i32::from(!same)),
        }
    };
    change.people.iter().map(row).collect()
}

fn booking_rows(district_id: Uuid, change: &Change) -> Vec<booking::Model> {
    let row = |resource, resource_id| booking::Model {
        id: id::new(),
        district_id,
        resource,
        resource_id,
        session_id: change.before.id,
        starts_at: change.starts_at,
        ends_at: change.ends_at,
    };
    let people = change.people.iter().filter(|person| person.excused.is_none());
    let mut rows: Vec<booking::Model> =
        people.map(|person| row(ResourceKind::Teacher, person.teacher)).collect();
    let rooms = change.room_id.into_iter().chain(change.second_room_id);
    rows.extend(rooms.map(|room| row(ResourceKind::Room, room)));
    rows
}

fn taken_meanwhile(error: Error) -> Error {
    if !error.is_double_booking() {
        return error;
    }
    UserError::new(
        "BOOKED_MEANWHILE",
        "有人员或场地刚刚被其他活动占用，没有发布任何内容；请重新排期或调整后再发布",
        "somebody or a room was just taken by another session; nothing was published: plan again, or move it",
    )
    .into()
}
