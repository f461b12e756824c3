//! Everything a planning problem is stated from, loaded with a fixed number of queries.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::presence::{Presence, counting};
use super::settings::{self, Settings};
use crate::calendar::closures;
use crate::calendar::days::TermCalendar;
use crate::entity::values::{SessionState, Stage};
use crate::entity::{
    bell, booking, education_group, lesson, membership, participant, programme, research_session, room,
    room_closure, school, school_class, school_stage, subject, term, travel_time,
};
use crate::error::{Error, Result};
use crate::id::Kind;
use crate::people::roster::Roster;
use crate::scope::Scope;
use crate::sessions::PlannedPerson;

/// The rows of a term, as far as planning looks at them.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The term and its days.
    pub calendar: TermCalendar,
    /// Who works where.
    pub roster: Roster,
    /// The groups planned for.
    pub groups: Vec<education_group::Model>,
    /// The day on which the plan is made, within the term: roles and duties are read as they are then.
    pub today: NaiveDate,
    /// Memberships of those groups that touch the term.
    pub stays: Vec<membership::Model>,
    /// Those of them that count on `today` ([`counting`]).
    pub memberships: Vec<membership::Model>,
    /// Who is not there on which days.
    pub presence: Presence,
    /// Schools of the district and partners of the groups, by code.
    pub schools: Vec<school::Model>,
    /// Stages of each school.
    pub stages: HashMap<Uuid, HashSet<Stage>>,
    /// Subjects by identifier.
    pub subjects: HashMap<Uuid, subject::Model>,
    /// Rooms of those schools.
    pub rooms: Vec<room::Model>,
    /// Days of the term on which rooms cannot be used.
    pub closures: Vec<room_closure::Model>,
    /// Travel times.
    pub travel: Vec<travel_time::Model>,
    /// Bells.
    pub bells: Vec<bell::Model>,
    /// Classes by identifier.
    pub classes: HashMap<Uuid, school_class::Model>,
    /// Timetable entries that touch the term.
    pub lessons: Vec<lesson::Model>,
    /// Programmes by identifier.
    pub programmes: HashMap<Uuid, programme::Model>,
    /// Sessions of those groups that are to be planned or stand.
    pub sessions: Vec<research_session::Model>,
    /// Who was told of the sessions that stand in the term, of these groups and of others, by session.
    pub participants: HashMap<Uuid, Vec<participant::Model>>,
    /// Who and what is taken in the term by sessions that stand, of these groups and of others.
    pub bookings: Vec<booking::Model>,
    /// Published sessions that may be placed anew, as people were told of them.
    pub freed: HashMap<Uuid, research_session::Model>,
    /// Who chairs and researches some of those, instead of whom the rows would name.
    pub leading: HashMap<Uuid, Vec<Uuid>>,
    /// The sessions of the district that those bookings are for, of whatever group or term. One of another district is none of them: it
    /// takes people's time here, and is told to nobody.
    pub booked_for: HashMap<Uuid, research_session::Model>,
    /// What holds for planning, by planned group.
    pub settings: HashMap<Uuid, Settings>,
    /// What holds where no group says otherwise.
    pub district_settings: Settings,
    /// Sessions of earlier terms that schools of those groups have hosted.
    pub hosted: Vec<Hosted>,
}

/// A turn of hosting in an earlier term.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Hosted {
    /// Whose session it was.
    pub group_id: Uuid,
    /// The host.
    pub host_school_id: Uuid,
    /// When it was held.
    pub starts_at: DateTime<Utc>,
}

impl Facts {
    /// Loads the facts of `term_id` for one group, or for all when `None`.
    ///
    /// # Errors
    /// `NotFound` when the term or the group does not exist.
    pub async fn load(scope: &Scope, term_id: Uuid, group_id: Option<Uuid>) -> Result<Self> {
        let (district, reader) = (scope.district.id, scope.reader());
        let term = term::Entity::find_by_id(term_id)
            .filter(term::Column::DistrictId.eq(district))
            .one(reader)
            .await?
            .ok_or(Error::NotFound(Kind::Term))?;
        let groups = load_groups(scope, group_id).await?;
        let group_ids: Vec<Uuid> = groups.iter().map(|group| group.id).collect();
        let stays = load_stays(scope, &group_ids, &term).await?;
        let sessions = load_sessions(scope, term_id, &group_ids).await?;
        let bookings = load_bookings(scope, &term).await?;
        let booked_for = load_booked_for(scope, &bookings).await?;
        let hosts = booked_for.values().filter_map(|row| row.host_school_id);
        let elsewhere = stays.iter().map(|row| row.school_id).chain(hosts);
        let elsewhere: HashSet<Uuid> = elsewhere.collect();
        let schools = school::Entity::find()
            .filter(
                Condition::any()
                    .add(school::Column::DistrictId.eq(district))
                    .add(school::Column::Id.is_in(elsewhere)),
            )
            .order_by_asc(school::Column::Code)
            .all(reader)
            .await?;
        let school_ids: Vec<Uuid> = schools.iter().map(|school| school.id).collect();
        let stages = load_stages(scope, &school_ids).await?;
        let rooms = room::Entity::find()
            .filter(room::Column::SchoolId.is_in(school_ids))
            .order_by_asc(room::Column::Name)
            .all(reader)
            .await?;
        let closures = closures::closures(Some(term.starts_on), Some(term.ends_on))
            .filter(room_closure::Column::DistrictId.eq(district))
            .all(reader)
            .await?;
        let lessons = load_lessons(scope, &term).await?;
        let roster = Roster::load(scope, term.starts_on, term.ends_on).await?;
        let set = settings::load(scope).await?;
        let today = term.starts_on;
        let mut facts = Self {
            participants: load_participants(scope, &sessions, &bookings).await?,
            hosted: load_hosted(scope, &group_ids, &term).await?,
            subjects: by_id(
                subject::Entity::find().filter(subject::Column::DistrictId.eq(district)).all(reader).await?,
                |row| row.id,
            ),
            travel: travel_time::Entity::find()
                .filter(travel_time::Column::DistrictId.eq(district))
                .all(reader)
                .await?,
            bells: bell::Entity::find()
                .filter(bell::Column::DistrictId.eq(district))
                .order_by_asc(bell::Column::Period)
                .all(reader)
                .await?,
            classes: by_id(
                school_class::Entity::find()
                    .filter(school_class::Column::DistrictId.eq(district))
                    .all(reader)
                    .await?,
                |row| row.id,
            ),
            programmes: by_id(
                programme::Entity::find()
                    .filter(programme::Column::DistrictId.eq(district))
                    .filter(programme::Column::TermId.eq(term_id))
                    .all(reader)
                    .await?,
                |row| row.id,
            ),
            calendar: TermCalendar::load(scope, term).await?,
            settings: group_ids
                .iter()
                .map(|group| Ok((*group, Settings::of(&set, Some(*group))?)))
                .collect::<Result<_>>()?,
            district_settings: Settings::of(&set, None)?,
            roster,
            groups,
            today,
            stays,
            memberships: Vec::new(),
            presence: Presence::default(),
            schools,
            stages,
            rooms,
            closures,
            lessons,
            sessions,
            bookings,
            freed: HashMap::new(),
            leading: HashMap::new(),
            booked_for,
        };
        facts.read_on(scope.now().with_timezone(&scope.zone()).date_naive());
        Ok(facts)
    }

    /// Reads memberships and duties as they are on a day; before the term as on its first day.
    pub fn read_on(&mut self, day: NaiveDate) {
        let term = &self.calendar.term;
        self.today = day.min(term.ends_on).max(term.starts_on);
        self.memberships = counting(&self.stays, self.today);
        self.presence = Presence::of(self);
    }

    /// Who was told of a session, with her part.
    pub fn told(&self, session: Uuid) -> Vec<PlannedPerson> {
        let rows = self.participants.get(&session).cloned().unwrap_or_default();
        rows.into_iter().map(PlannedPerson::from).collect()
    }

    /// Whether somebody is on leave on a day, or not there at all.
    pub fn is_away(&self, teacher: Uuid, day: NaiveDate) -> bool {
        self.roster.is_absent(teacher, day) || self.presence.why_gone(teacher, day).is_some()
    }

    /// What holds for a group.
    pub fn settings_of(&self, group: Uuid) -> &Settings {
        self.settings.get(&group).unwrap_or(&self.district_settings)
    }

    /// Lets published sessions be placed anew: their people and rooms are free; where they stand and who was told is kept, so that
    /// what need not change does not.
    pub fn free(&mut self, sessions: &HashSet<Uuid>) {
        let published =
            self.sessions.iter().filter(|row| sessions.contains(&row.id) && row.starts_at.is_some());
        self.freed.extend(published.map(|row| (row.id, row.clone())));
        for id in sessions {
            self.lift(*id);
        }
    }

    /// Forgets where a session stands, to ask where else it could.
    pub fn lift(&mut self, session: Uuid) {
        self.bookings.retain(|row| row.session_id != session);
        for row in self.sessions.iter_mut().filter(|row| row.id == session) {
            row.starts_at = None;
        }
    }
}

fn by_id<M>(rows: Vec<M>, id: impl Fn(&M) -> Uuid) -> HashMap<Uuid, M> {
    rows.into_iter().map(|row| (id(&row), row)).collect()
}

async fn load_groups(scope: &Scope, group_id: Option<Uuid>) -> Result<Vec<education_group::Model>> {
    let mut query = education_group::Entity::find()
        .filter(education_group::Column::DistrictId.eq(scope.district.id))
        .order_by_asc(education_group::Column::Id);
    if let Some(id) = group_id {
        query = query.filter(education_group::Column::Id.eq(id));
    }
    let groups = query.all(scope.reader()).await?;
    if group_id.is_some() && groups.is_empty() {
        return Err(Error::NotFound(Kind::Group));
    }
    Ok(groups)
}

/// Memberships of `groups` that touch `term`.
async fn load_stays(scope: &Scope, groups: &[Uuid], term: &term::Model) -> Result<Vec<membership::Model>> {
    Ok(membership::Entity::find()
        .filter(membership::Column::DistrictId.eq(scope.district.id))
        .filter(membership::Column::GroupId.is_in(groups.to_vec()))
        .filter(membership::Column::JoinedOn.lte(term.ends_on))
        .filter(
            Condition::any()
                .add(membership::Column::LeftOn.is_null())
                .add(membership::Column::LeftOn.gt(term.starts_on)),
        )
        .order_by_asc(membership::Column::Id)
        .all(scope.reader())
        .await?)
}

async fn load_stages(scope: &Scope, schools: &[Uuid]) -> Result<HashMap<Uuid, HashSet<Stage>>> {
    let rows = school_stage::Entity::find()
        .filter(school_stage::Column::SchoolId.is_in(schools.to_vec()))
        .all(scope.reader())
        .await?;
    let mut stages: HashMap<Uuid, HashSet<Stage>> = HashMap::new();
    for row in rows {
        stages.entry(row.school_id).or_default().insert(row.stage);
    }
    Ok(stages)
}

async fn load_lessons(scope: &Scope, term: &term::Model) -> Result<Vec<lesson::Model>> {
    Ok(lesson::Entity::find()
        .filter(lesson::Column::DistrictId.eq(scope.district.id))
        .filter(lesson::Column::FromOn.lte(term.ends_on))
        .filter(
            Condition::any()
                .add(lesson::Column::UntilOn.is_null())
                .add(lesson::Column::UntilOn.gte(term.starts_on)),
        )
        .order_by_asc(lesson::Column::Id)
        .all(scope.reader())
        .await?)
}

async fn load_bookings(scope: &Scope, term: &term::Model) -> Result<Vec<booking::Model>> {
    Ok(booking::Entity::find()
        .filter(booking::Column::DistrictId.eq(scope.district.id))
        .filter(booking::Column::EndsAt.gt(super::time::start_of(scope, term.starts_on)))
        .filter(booking::Column::StartsAt.lt(super::time::end_of(scope, term.ends_on)))
        .order_by_asc(booking::Column::StartsAt)
        .order_by_asc(booking::Column::Id)
        .all(scope.reader())
        .await?)
}

/// Sessions in a fixed order, so that the same rows state the same problem.
async fn load_sessions(
    scope: &Scope,
    term_id: Uuid,
    groups: &[Uuid],
) -> Result<Vec<research_session::Model>> {
    Ok(research_session::Entity::find()
        .filter(research_session::Column::DistrictId.eq(scope.district.id))
        .filter(research_session::Column::TermId.eq(term_id))
        .filter(research_session::Column::GroupId.is_in(groups.to_vec()))
        .filter(research_session::Column::State.ne(SessionState::Cancelled))
        .order_by_asc(research_session::Column::GroupId)
        .order_by_asc(research_session::Column::ProgrammeId)
        .order_by_asc(research_session::Column::Ordinal)
        .all(scope.reader())
        .await?)
}

async fn load_booked_for(
    scope: &Scope,
    bookings: &[booking::Model],
) -> Result<HashMap<Uuid, research_session::Model>> {
    let sessions: HashSet<Uuid> = bookings.iter().map(|row| row.session_id).collect();
    let rows = research_session::Entity::find()
        .filter(research_session::Column::DistrictId.eq(scope.district.id))
        .filter(research_session::Column::Id.is_in(sessions))
        .all(scope.reader())
        .await?;
    Ok(by_id(rows, |row| row.id))
}

async fn load_participants(
    scope: &Scope,
    sessions: &[research_session::Model],
    bookings: &[booking::Model],
) -> Result<HashMap<Uuid, Vec<participant::Model>>> {
    let standing = sessions.iter().filter(|row| row.starts_at.is_some()).map(|row| row.id);
    let standing: HashSet<Uuid> = standing.chain(bookings.iter().map(|row| row.session_id)).collect();
    let rows = participant::Entity::find()
        .filter(participant::Column::DistrictId.eq(scope.district.id))
        .filter(participant::Column::SessionId.is_in(standing))
        .order_by_asc(participant::Column::Id)
        .all(scope.reader())
        .await?;
    let mut participants: HashMap<Uuid, Vec<participant::Model>> = HashMap::new();
    for row in rows {
        participants.entry(row.session_id).or_default().push(row);
    }
    Ok(participants)
}

/// Only what was promised to people counts: a session without a date, or a cancelled one, was nobody's turn.
async fn load_hosted(scope: &Scope, groups: &[Uuid], term: &term::Model) -> Result<Vec<Hosted>> {
    use research_session::Column;
    Ok(research_session::Entity::find()
        .select_only()
        .columns([Column::GroupId, Column::HostSchoolId, Column::StartsAt])
        .filter(Column::DistrictId.eq(scope.district.id))
        .filter(Column::GroupId.is_in(groups.to_vec()))
        .filter(Column::TermId.ne(term.id))
        .filter(Column::State.is_in([SessionState::Published, SessionState::Held]))
        .filter(Column::StartsAt.lt(super::time::start_of(scope, term.starts_on)))
        .filter(Column::HostSchoolId.is_not_null())
        .into_model::<Hosted>()
        .all(scope.reader())
        .await?)
}
