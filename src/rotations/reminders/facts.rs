//! What is coming to its day, and whom it concerns: read at once, for the reminders that are due and for the letters.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, Select};
use uuid::Uuid;

use crate::entity::values::{DutyKind, MessageKind};
use crate::entity::{
    appointment, coordinator, duty, education_group, membership, message, placement, posting, school, teacher,
};
use crate::error::Result;
use crate::people::away::touching;
use crate::rows::{id_column, in_district};
use crate::scope::Scope;

/// Something that comes to its day.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'f> {
    /// A posting begins.
    ReportIn(&'f posting::Model),
    /// A posting ends.
    ServiceEnds(&'f posting::Model, NaiveDate),
    /// The agreement with a partner school ends.
    Partner(&'f membership::Model, NaiveDate),
    /// The agreement of a group ends.
    Group(&'f education_group::Model, NaiveDate),
}

impl Subject<'_> {
    /// What a reminder of it is.
    pub fn kind(self) -> MessageKind {
        match self {
            Self::ReportIn(_) => MessageKind::ReportIn,
            Self::ServiceEnds(..) => MessageKind::ServiceEnds,
            Self::Partner(..) | Self::Group(..) => MessageKind::AgreementEnds,
        }
    }

    /// The row.
    pub fn id(self) -> Uuid {
        match self {
            Self::ReportIn(posting) | Self::ServiceEnds(posting, _) => posting.id,
            Self::Partner(membership, _) => membership.id,
            Self::Group(group, _) => group.id,
        }
    }

    /// The day: the first of a posting, else the last.
    pub fn day(self) -> NaiveDate {
        match self {
            Self::ReportIn(posting) => posting.from_on,
            Self::ServiceEnds(_, day) | Self::Partner(_, day) | Self::Group(_, day) => day,
        }
    }
}

/// Rows that come to their day, with everybody they concern today.
#[derive(Debug)]
pub struct Facts {
    postings: Vec<posting::Model>,
    /// The placements that postings come from.
    placements: HashMap<Uuid, placement::Model>,
    memberships: Vec<membership::Model>,
    groups: HashMap<Uuid, education_group::Model>,
    teachers: HashMap<Uuid, teacher::Model>,
    appointments: HashMap<Uuid, appointment::Model>,
    schools: HashMap<Uuid, school::Model>,
    principals: Vec<duty::Model>,
    coordinators: Vec<coordinator::Model>,
}

impl Facts {
    /// What has its day within some days.
    pub async fn between(scope: &Scope, from: NaiveDate, until: NaiveDate) -> Result<Self> {
        let near = Condition::any()
            .add(posting::Column::FromOn.between(from, until))
            .add(posting::Column::UntilOn.between(from, until));
        let memberships =
            membership::Entity::find().filter(membership::Column::AgreementEndsOn.between(from, until));
        Self::load(scope, posting::Entity::find().filter(near), memberships).await
    }

    /// What some messages are about.
    pub async fn of(scope: &Scope, messages: &[message::Model]) -> Result<Self> {
        let subjects = || messages.iter().map(|message| message.subject_id);
        let postings = posting::Entity::find().filter(posting::Column::Id.is_in(subjects()));
        let memberships = membership::Entity::find().filter(membership::Column::Id.is_in(subjects()));
        Self::load(scope, postings, memberships).await
    }

    async fn load(
        scope: &Scope,
        postings: Select<posting::Entity>,
        memberships: Select<membership::Entity>,
    ) -> Result<Self> {
        let (district, reader, today) = (scope.district.id, scope.reader(), scope.today());
        let postings = in_district(district, postings).order_by_asc(posting::Column::Id).all(reader).await?;
        let from = postings.iter().filter_map(|row| row.placement_id);
        let placements = in_district(district, placement::Entity::find())
            .filter(id_column::<placement::Entity>().is_in(from))
            .all(reader)
            .await?;
        let memberships = in_district(district, memberships)
            .filter(membership::Column::LeftOn.is_null().or(membership::Column::LeftOn.gt(today)))
            .order_by_asc(membership::Column::Id)
            .all(reader)
            .await?;
        // Few rows each: all of them are read.
        let groups = in_district(district, education_group::Entity::find()).all(reader).await?;
        let schools = in_district(district, school::Entity::find()).all(reader).await?;
        let principals = in_district(district, touching::<duty::Entity>(Some(today), Some(today)))
            .filter(duty::Column::Kind.eq(DutyKind::Principal))
            .all(reader)
            .await?;
        let coordinators = in_district(district, touching::<coordinator::Entity>(Some(today), Some(today)))
            .all(reader)
            .await?;
        let posted: HashSet<Uuid> = postings.iter().map(|row| row.teacher_id).collect();
        let appointments = in_district(district, touching::<appointment::Entity>(Some(today), Some(today)))
            .filter(appointment::Column::TeacherId.is_in(posted.iter().copied()))
            .all(reader)
            .await?;
        let leading = principals.iter().map(|row| row.teacher_id);
        let leading = leading.chain(coordinators.iter().map(|row| row.teacher_id));
        let people: HashSet<Uuid> = posted.into_iter().chain(leading).collect();
        let teachers = in_district(district, teacher::Entity::find())
            .filter(id_column::<teacher::Entity>().is_in(people))
            .filter(teacher::Column::LeftOn.is_null().or(teacher::Column::LeftOn.gt(today)))
            .all(reader)
            .await?;
        Ok(Self {
            postings,
            placements: placements.into_iter().map(|row| (row.id, row)).collect(),
            memberships,
            groups: groups.into_iter().map(|row| (row.id, row)).collect(),
            teachers: teachers.into_iter().map(|row| (row.id, row)).collect(),
            appointments: appointments.into_iter().map(|row| (row.teacher_id, row)).collect(),
            schools: schools.into_iter().map(|row| (row.id, row)).collect(),
            principals,
            coordinators,
        })
    }

    /// Everything that comes to a day; a posting does so twice.
    pub fn subjects(&self) -> Vec<Subject<'_>> {
        let kept = self.postings.iter().filter(|row| row.until_on.is_none_or(|last| row.from_on <= last));
        let begin = kept.clone().map(Subject::ReportIn);
        let end = kept.filter_map(|row| Some(Subject::ServiceEnds(row, row.until_on?)));
        let partners =
            self.memberships.iter().filter_map(|row| Some(Subject::Partner(row, row.agreement_ends_on?)));
        let groups = self.groups.values().filter_map(|row| Some(Subject::Group(row, row.agreement_ends_on?)));
        begin.chain(end).chain(partners).chain(groups).collect()
    }

    /// Who is to be reminded: she and the principals of the schools, or whoever leads the group.
    pub fn concerned(&self, subject: Subject<'_>) -> Vec<&teacher::Model> {
        let mut people: Vec<Uuid> = match subject {
            Subject::ReportIn(posting) => {
                std::iter::once(posting.teacher_id).chain(self.principals(posting.school_id)).collect()
            }
            Subject::ServiceEnds(posting, _) => std::iter::once(posting.teacher_id)
                .chain(self.principals(posting.school_id))
                .chain(self.home(posting).into_iter().flat_map(|home| self.principals(home.id)))
                .collect(),
            Subject::Partner(membership, _) => self.leaders(membership.group_id).collect(),
            Subject::Group(group, _) => self.leaders(group.id).collect(),
        };
        let mut seen = HashSet::new();
        people.retain(|id| seen.insert(*id));
        people.iter().filter_map(|id| self.teachers.get(id)).collect()
    }

    /// A posting.
    pub fn posting(&self, id: Uuid) -> Option<&posting::Model> {
        self.postings.iter().find(|row| row.id == id)
    }

    /// What the placement that a posting comes from gives as its reason; empty when there is none.
    pub fn reason(&self, posting: &posting::Model) -> String {
        let placement = posting.placement_id.and_then(|id| self.placements.get(&id));
        placement.and_then(|row| row.reason.clone()).unwrap_or_default()
    }

    /// Somebody who still works here.
    pub fn person(&self, id: Uuid) -> Option<&teacher::Model> {
        self.teachers.get(&id)
    }

    /// A school of the district.
    pub fn school(&self, id: Uuid) -> Option<&school::Model> {
        self.schools.get(&id)
    }

    /// A group.
    pub fn group(&self, id: Uuid) -> Option<&education_group::Model> {
        self.groups.get(&id)
    }

    /// Her own school.
    pub fn home(&self, posting: &posting::Model) -> Option<&school::Model> {
        self.schools.get(&self.appointments.get(&posting.teacher_id)?.school_id)
    }

    /// Who leads a school.
    pub fn principals(&self, school: Uuid) -> impl Iterator<Item = Uuid> + '_ {
        self.principals.iter().filter(move |row| row.school_id == school).map(|row| row.teacher_id)
    }

    fn leaders(&self, group: Uuid) -> impl Iterator<Item = Uuid> + '_ {
        self.coordinators.iter().filter(move |row| row.group_id == group).map(|row| row.teacher_id)
    }
}
