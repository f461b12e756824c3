//! Everything that letters about some sessions tell, read at once for all of them.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::entity::values::{MessageKind, MessageState, ParticipantRole};
use crate::entity::{
    coordinator, education_group, message, participant, research_session, room, school, subject, term,
};
use crate::error::Result;
use crate::mail::Contact;
use crate::people::roster::{Roster, coordinator_of};
use crate::scope::Scope;

/// The rows that letters are written from.
#[derive(Debug)]
pub struct Facts {
    sessions: HashMap<Uuid, research_session::Model>,
    groups: HashMap<Uuid, String>,
    terms: HashMap<Uuid, NaiveDate>,
    subjects: HashMap<Uuid, String>,
    rooms: HashMap<Uuid, room::Model>,
    schools: HashMap<Uuid, String>,
    participants: HashMap<Uuid, Vec<participant::Model>>,
    coordinators: Vec<coordinator::Model>,
    roster: Roster,
    /// Sessions with people who were written to about them before, while nothing went out.
    unheard: HashSet<(Uuid, Uuid)>,
}

/// Which subjects of updates and cancellations their recipients have not heard of: earlier mails were taken back or did not arrive.
async fn unheard(
    scope: &Scope,
    connection: &impl ConnectionTrait,
    messages: &[message::Model],
) -> Result<HashSet<(Uuid, Uuid)>> {
    let later = [MessageKind::Update, MessageKind::Cancellation];
    let later: Vec<&message::Model> = messages.iter().filter(|row| later.contains(&row.kind)).collect();
    if later.is_empty() {
        return Ok(HashSet::new());
    }
    let earlier = message::Entity::find()
        .filter(message::Column::DistrictId.eq(scope.district.id))
        .filter(message::Column::Kind.is_in([MessageKind::Invitation, MessageKind::Update]))
        .filter(message::Column::SubjectId.is_in(later.iter().map(|row| row.subject_id)))
        .filter(message::Column::TeacherId.is_in(later.iter().map(|row| row.teacher_id)))
        .all(connection)
        .await?;
    let went_out = [MessageState::Data, MessageState::Sent, MessageState::Unknown];
    let told = |row: &message::Model| row.doubts > 0 || went_out.contains(&row.state);
    let of = |about: &message::Model| {
        let same = |row: &&message::Model| {
            (row.subject_id, row.teacher_id) == (about.subject_id, about.teacher_id) && row.id != about.id
        };
        let mut before = earlier.iter().filter(same).peekable();
        before.peek().is_some() && !before.any(told)
    };
    Ok(later.into_iter().filter(|row| of(row)).map(|row| (row.subject_id, row.teacher_id)).collect())
}

impl Facts {
    /// Reads what letters for `messages` need, as `connection` sees it.
    pub async fn load(
        scope: &Scope,
        connection: &impl ConnectionTrait,
        messages: &[message::Model],
    ) -> Result<Self> {
        let declined = messages.iter().filter(|message| message.kind == MessageKind::SessionDeclined);
        let parts: HashSet<Uuid> = declined.map(|message| message.subject_id).collect();
        let mut sessions: HashSet<Uuid> = messages.iter().map(|message| message.subject_id).collect();
        if !parts.is_empty() {
            let key = (participant::Column::DistrictId, participant::Column::Id);
            let found = rows::<participant::Entity>(scope, connection, key.0, key.1, parts).await?;
            sessions.extend(found.into_iter().map(|part| part.session_id));
        }
        let unheard = unheard(scope, connection, messages).await?;
        let people = messages.iter().map(|message| message.teacher_id);
        Ok(Self { unheard, ..Self::of(scope, connection, sessions, people).await? })
    }

    /// Reads what is to be told about sessions, to `people` and those who take part.
    pub async fn of(
        scope: &Scope,
        connection: &impl ConnectionTrait,
        ids: HashSet<Uuid>,
        people: impl IntoIterator<Item = Uuid>,
    ) -> Result<Self> {
        let sessions = rows::<research_session::Entity>(
            scope,
            connection,
            research_session::Column::DistrictId,
            research_session::Column::Id,
            ids.iter().copied(),
        )
        .await?;
        let participants = rows::<participant::Entity>(
            scope,
            connection,
            participant::Column::DistrictId,
            participant::Column::SessionId,
            ids,
        )
        .await?;
        let group_ids: HashSet<Uuid> = sessions.iter().map(|session| session.group_id).collect();
        let coordinators = rows::<coordinator::Entity>(
            scope,
            connection,
            coordinator::Column::DistrictId,
            coordinator::Column::GroupId,
            group_ids.iter().copied(),
        )
        .await?;
        let people: HashSet<Uuid> = people
            .into_iter()
            .chain(participants.iter().map(|participant| participant.teacher_id))
            .chain(coordinators.iter().map(|coordinator| coordinator.teacher_id))
            .collect();
        let days = sessions
            .iter()
            .filter_map(|session| session.starts_at)
            .map(|at| at.with_timezone(&scope.zone()).date_naive());
        let today = scope.now().with_timezone(&scope.zone()).date_naive();
        let first = days.clone().min().unwrap_or(today);
        let roster = Roster::of(scope, &people, first, days.max().unwrap_or(first)).await?;
        let groups = rows::<education_group::Entity>(
            scope,
            connection,
            education_group::Column::DistrictId,
            education_group::Column::Id,
            group_ids,
        )
        .await?;
        let terms = rows::<term::Entity>(
            scope,
            connection,
            term::Column::DistrictId,
            term::Column::Id,
            sessions.iter().map(|session| session.term_id),
        )
        .await?;
        let subjects = rows::<subject::Entity>(
            scope,
            connection,
            subject::Column::DistrictId,
            subject::Column::Id,
            sessions.iter().filter_map(|session| session.subject_id),
        )
        .await?;
        let rooms = rows::<room::Entity>(
            scope,
            connection,
            room::Column::DistrictId,
            room::Column::Id,
            sessions.iter().flat_map(|session| session.room_id.into_iter().chain(session.second_room_id)),
        )
        .await?;
        // A partner school may host, and belong to another district: schools are found by identifier alone.
        let hosts = sessions.iter().filter_map(|session| session.host_school_id);
        let of_rooms = rooms.iter().map(|room| room.school_id);
        let named: HashSet<Uuid> = hosts.chain(of_rooms).chain(roster.schools()).collect();
        let schools = school::Entity::find().filter(school::Column::Id.is_in(named)).all(connection).await?;
        Ok(Self {
            unheard: HashSet::new(),
            participants: grouped(participants, |row| row.session_id),
            sessions: sessions.into_iter().map(|row| (row.id, row)).collect(),
            groups: groups.into_iter().map(|row| (row.id, row.name)).collect(),
            terms: terms.into_iter().map(|row| (row.id, row.starts_on)).collect(),
            subjects: subjects.into_iter().map(|row| (row.id, row.name)).collect(),
            rooms: rooms.into_iter().map(|row| (row.id, row)).collect(),
            schools: schools.into_iter().map(|row| (row.id, row.name)).collect(),
            coordinators,
            roster,
        })
    }

    /// Whether nothing that was written to her about the session before went out.
    pub fn is_unheard(&self, session: Uuid, teacher: Uuid) -> bool {
        self.unheard.contains(&(session, teacher))
    }

    /// The session; none when there is no such row.
    pub fn session(&self, id: Uuid) -> Option<&research_session::Model> {
        self.sessions.get(&id)
    }

    /// A person's part in a session.
    pub fn part(&self, session_id: Uuid, teacher_id: Uuid) -> Option<&participant::Model> {
        self.parts(session_id).iter().find(|part| part.teacher_id == teacher_id)
    }

    /// A part by its identifier.
    pub fn part_with_id(&self, id: Uuid) -> Option<&participant::Model> {
        self.participants.values().flatten().find(|part| part.id == id)
    }

    /// Name and, if known, mail address of a person.
    pub fn person(&self, teacher_id: Uuid) -> Contact {
        let address = self.roster.teachers.get(&teacher_id).and_then(|teacher| teacher.email.clone());
        Contact { name: self.name(teacher_id).to_owned(), address: address.unwrap_or_default() }
    }

    /// Name of a person.
    pub fn name(&self, teacher_id: Uuid) -> &str {
        self.roster.teachers.get(&teacher_id).map_or("", |teacher| teacher.name.as_str())
    }

    /// Name of a session's group.
    pub fn group(&self, session: &research_session::Model) -> &str {
        named(&self.groups, Some(session.group_id)).unwrap_or_default()
    }

    /// Name of a session's subject.
    pub fn subject(&self, session: &research_session::Model) -> Option<&str> {
        named(&self.subjects, session.subject_id)
    }

    /// Name of the school that hosts a session.
    pub fn host(&self, session: &research_session::Model) -> Option<&str> {
        named(&self.schools, session.host_school_id)
    }

    /// Name of a session's room.
    pub fn room(&self, session: &research_session::Model) -> Option<&str> {
        self.rooms.get(&session.room_id?).map(|room| room.name.as_str())
    }

    /// School and room at the sending end of a lesson given from afar.
    pub fn sender(&self, session: &research_session::Model) -> Option<(&str, &str)> {
        let room = self.rooms.get(&session.second_room_id?)?;
        Some((named(&self.schools, Some(room.school_id)).unwrap_or_default(), &room.name))
    }

    /// First day of a session's term.
    pub fn term_starts_on(&self, session: &research_session::Model) -> Option<NaiveDate> {
        self.terms.get(&session.term_id).copied()
    }

    /// Who leads the group's research on `day`: name and, if known, mail address.
    pub fn coordinator(&self, session: &research_session::Model, day: NaiveDate) -> Option<Contact> {
        let coordinator = coordinator_of(&self.coordinators, session.group_id, day)?;
        let teacher = self.roster.teachers.get(&coordinator.teacher_id)?;
        Some(Contact { name: teacher.name.clone(), address: teacher.email.clone().unwrap_or_default() })
    }

    /// Those who hold `role` and are expected, each with her school on `day`.
    pub fn holders(
        &self,
        session_id: Uuid,
        role: ParticipantRole,
        day: NaiveDate,
    ) -> Vec<(&str, Option<&str>)> {
        let mut holders: Vec<_> = self
            .parts(session_id)
            .iter()
            .filter(|part| part.role == role && part.excused.is_none())
            .map(|part| (self.name(part.teacher_id), self.school_on(part.teacher_id, day)))
            .collect();
        holders.sort_unstable();
        holders
    }

    /// How many are expected from each school on `day`; under no name those who have none.
    pub fn heads(&self, session_id: Uuid, day: NaiveDate) -> BTreeMap<Option<&str>, usize> {
        let mut heads = BTreeMap::new();
        for part in self.parts(session_id).iter().filter(|part| part.excused.is_none()) {
            *heads.entry(self.school_on(part.teacher_id, day)).or_default() += 1;
        }
        heads
    }

    /// Everybody's part in a session.
    pub fn parts(&self, session_id: Uuid) -> &[participant::Model] {
        self.participants.get(&session_id).map_or(&[], Vec::as_slice)
    }

    /// Name of the school where somebody works on `day`.
    pub fn school_on(&self, teacher_id: Uuid, day: NaiveDate) -> Option<&str> {
        named(&self.schools, self.roster.place(teacher_id, day))
    }
}

/// The rows whose `column` is among `ids`, within the district.
async fn rows<E: EntityTrait>(
    scope: &Scope,
    connection: &impl ConnectionTrait,
    district: E::Column,
    column: E::Column,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<E::Model>> {
    let query = E::find().filter(district.eq(scope.district.id)).filter(column.is_in(ids));
    Ok(query.all(connection).await?)
}

fn named(names: &HashMap<Uuid, String>, id: Option<Uuid>) -> Option<&str> {
    id.and_then(|id| names.get(&id)).map(String::as_str)
}

fn grouped<R>(rows: Vec<R>, key: impl Fn(&R) -> Uuid) -> HashMap<Uuid, Vec<R>> {
    let mut groups: HashMap<Uuid, Vec<R>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}
