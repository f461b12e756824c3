//! What digests name: sessions with their places, and school days.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select};
use uuid::Uuid;

use super::words::Words;
use crate::calendar::days::{DayPlan, TermCalendar};
use crate::entity::{research_session, room, school, school_day, subject, term};
use crate::error::Result;
use crate::mail::hours;
use crate::rows::{id_column, in_district};
use crate::scope::Scope;
use crate::sessions::title;

/// Names by identifier: four statements.
#[derive(Debug)]
pub struct Names {
    subjects: HashMap<Uuid, String>,
    rooms: HashMap<Uuid, (String, Uuid)>,
    schools: HashMap<Uuid, String>,
}

impl Names {
    /// Of what `sessions` name, and of `schools`.
    pub async fn load(
        scope: &Scope,
        sessions: &[research_session::Model],
        schools: impl IntoIterator<Item = Uuid>,
    ) -> Result<Self> {
        let (district, reader) = (scope.district.id, scope.reader());
        let subjects = in_district(district, subject::Entity::find()).all(reader).await?;
        let rooms = in_district(district, room::Entity::find()).all(reader).await?;
        let hosts = sessions.iter().filter_map(|session| session.host_school_id);
        let named: HashSet<Uuid> =
            rooms.iter().map(|room| room.school_id).chain(hosts).chain(schools).collect();
        // A partner school may belong to another district: schools are found by identifier alone.
        let schools = school::Entity::find().filter(id_column::<school::Entity>().is_in(named));
        Ok(Self {
            subjects: subjects.into_iter().map(|row| (row.id, row.name)).collect(),
            rooms: rooms.into_iter().map(|row| (row.id, (row.name, row.school_id))).collect(),
            schools: schools.all(reader).await?.into_iter().map(|row| (row.id, row.name)).collect(),
        })
    }

    /// What people call a session.
    pub fn title(&self, session: &research_session::Model) -> String {
        let subject = session.subject_id.and_then(|id| self.subjects.get(&id));
        title(session, subject.map(String::as_str))
    }

    /// A school.
    pub fn school(&self, id: Uuid) -> &str {
        self.schools.get(&id).map_or("", String::as_str)
    }

    /// Host school and room, or that it is online.
    pub fn place(&self, words: Words, host: Option<Uuid>, room: Option<Uuid>) -> String {
        let Some(host) = host else { return words.0.pick("线上", "online").to_owned() };
        let room = room.and_then(|id| self.rooms.get(&id)).map(|(name, _)| name.as_str());
        let places = [Some(self.school(host)), room];
        places.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// Sessions that begin on one of some days, the earliest first.
pub fn between(scope: &Scope, from: DateTime<Utc>, until: DateTime<Utc>) -> Select<research_session::Entity> {
    in_district(scope.district.id, research_session::Entity::find())
        .filter(research_session::Column::StartsAt.gte(from))
        .filter(research_session::Column::StartsAt.lt(until))
        .order_by_asc(research_session::Column::StartsAt)
        .order_by_asc(research_session::Column::Id)
}

/// Midnight with which a day begins.
pub fn midnight(scope: &Scope, day: NaiveDate) -> DateTime<Utc> {
    hours::instant(scope.zone(), day, hours::time(0))
}

/// The calendars of the terms that touch some days: two statements.
#[derive(Debug)]
pub struct SchoolDays(Vec<TermCalendar>, Vec<(NaiveDate, NaiveDate)>);

impl SchoolDays {
    /// Reads them.
    pub async fn load(scope: &Scope, from: NaiveDate, until: NaiveDate) -> Result<Self> {
        let (district, reader) = (scope.district.id, scope.reader());
        let terms = in_district(district, term::Entity::find())
            .filter(term::Column::StartsOn.lte(until))
            .filter(term::Column::EndsOn.gte(from))
            .all(reader)
            .await?;
        let days = in_district(district, school_day::Entity::find())
            .filter(school_day::Column::DayOn.between(from, until))
            .all(reader)
            .await?;
        let spans = terms.iter().map(|term| (term.starts_on, term.ends_on)).collect();
        let calendars = terms.into_iter().map(|term| TermCalendar::new(term, days.clone()));
        Ok(Self(calendars.collect(), spans))
    }

    /// What a day is at a school, or in the district; none outside every term.
    pub fn day(&self, day: NaiveDate, school: Option<Uuid>) -> Option<DayPlan> {
        let at = self.1.iter().position(|(first, last)| (*first..=*last).contains(&day))?;
        Some(self.0[at].day(day, school))
    }

    /// Whether lessons run in the district.
    pub fn is_school_day(&self, day: NaiveDate) -> bool {
        self.day(day, None).is_some_and(|plan| plan.timetable_weekday.is_some())
    }
}

/// The days of a week that begins on `monday`.
pub fn week(monday: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    (0..7).map(move |days| monday + TimeDelta::days(days))
}
