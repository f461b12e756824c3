//! The tables an import may change.

use chrono::NaiveDate;
use sea_orm::prelude::Uuid;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::HashSet;

use super::store::Store;
use crate::entity::{
    application, application_wish, appointment, bell, coordinator, duty, education_group, honour, inspector,
    lesson, membership, plan_session, posting, programme, research_session, researcher, room,
    rotation_policy, rotation_round, rotation_rule, round_step, school, school_class, school_day,
    school_stage, staffing, subject, teacher, team, team_member, term, travel_time,
};
use crate::error::Result;
use crate::scope::Txn;

/// The tables an import may change.
#[derive(Debug, Default)]
#[allow(missing_docs, reason = "each is the table of its name")]
pub struct Stores {
    pub schools: Store<school::Model>,
    pub stages: Store<school_stage::Model>,
    pub groups: Store<education_group::Model>,
    pub memberships: Store<membership::Model>,
    pub subjects: Store<subject::Model>,
    pub teachers: Store<teacher::Model>,
    pub appointments: Store<appointment::Model>,
    pub honours: Store<honour::Model>,
    pub duties: Store<duty::Model>,
    pub postings: Store<posting::Model>,
    pub researchers: Store<researcher::Model>,
    pub coordinators: Store<coordinator::Model>,
    pub inspectors: Store<inspector::Model>,
    pub teams: Store<team::Model>,
    pub team_members: Store<team_member::Model>,
    pub terms: Store<term::Model>,
    pub days: Store<school_day::Model>,
    pub bells: Store<bell::Model>,
    pub classes: Store<school_class::Model>,
    /// Only those that count on the day the timetable starts, or later.
    pub lessons: Store<lesson::Model>,
    pub rooms: Store<room::Model>,
    pub travel: Store<travel_time::Model>,
    pub programmes: Store<programme::Model>,
    pub sessions: Store<research_session::Model>,
    pub policies: Store<rotation_policy::Model>,
    pub rules: Store<rotation_rule::Model>,
    pub rounds: Store<rotation_round::Model>,
    /// Only of a round that is opened.
    pub steps: Store<round_step::Model>,
    pub staffing: Store<staffing::Model>,
    pub applications: Store<application::Model>,
    pub wishes: Store<application_wish::Model>,
    /// Sessions that stand in a draft plan, which must not lose them.
    pub planned: HashSet<Uuid>,
}

impl Stores {
    /// The rows of a district, without lessons.
    pub async fn load(connection: &impl ConnectionTrait, district_id: Uuid) -> Result<Self> {
        Ok(Self {
            schools: Store::load(connection, district_id).await?,
            stages: Store::load(connection, district_id).await?,
            groups: Store::load(connection, district_id).await?,
            memberships: Store::load(connection, district_id).await?,
            subjects: Store::load(connection, district_id).await?,
            teachers: Store::load(connection, district_id).await?,
            appointments: Store::load(connection, district_id).await?,
            honours: Store::load(connection, district_id).await?,
            duties: Store::load(connection, district_id).await?,
            postings: Store::load(connection, district_id).await?,
            researchers: Store::load(connection, district_id).await?,
            coordinators: Store::load(connection, district_id).await?,
            inspectors: Store::load(connection, district_id).await?,
            teams: Store::load(connection, district_id).await?,
            team_members: Store::load(connection, district_id).await?,
            terms: Store::load(connection, district_id).await?,
            days: Store::load(connection, district_id).await?,
            bells: Store::load(connection, district_id).await?,
            classes: Store::load(connection, district_id).await?,
            lessons: Store::default(),
            rooms: Store::load(connection, district_id).await?,
            travel: Store::load(connection, district_id).await?,
            programmes: Store::load(connection, district_id).await?,
            sessions: Store::load(connection, district_id).await?,
            policies: Store::load(connection, district_id).await?,
            rules: Store::load(connection, district_id).await?,
            rounds: Store::load(connection, district_id).await?,
            steps: Store::default(),
            staffing: Store::load(connection, district_id).await?,
            applications: Store::load(connection, district_id).await?,
            wishes: Store::load(connection, district_id).await?,
            planned: planned(connection, district_id).await?,
        })
    }

    /// Loads the lessons that count on `from` or later: which day that is, the calendar says.
    pub async fn load_lessons(
        &mut self,
        connection: &impl ConnectionTrait,
        district_id: Uuid,
        from: NaiveDate,
    ) -> Result<()> {
        let until = lesson::Column::UntilOn;
        let lasting = Condition::any().add(until.is_null()).add(until.gte(from));
        self.lessons = Store::load_where(connection, district_id, lasting).await?;
        Ok(())
    }

    /// Whether anything would be written.
    pub fn is_changed(&self) -> bool {
        let groups = self.schools.is_changed()
            || self.stages.is_changed()
            || self.groups.is_changed()
            || self.memberships.is_changed()
            || self.subjects.is_changed();
        let people = self.teachers.is_changed()
            || self.appointments.is_changed()
            || self.honours.is_changed()
            || self.duties.is_changed()
            || self.postings.is_changed()
            || self.researchers.is_changed()
            || self.coordinators.is_changed()
            || self.inspectors.is_changed()
            || self.teams.is_changed()
            || self.team_members.is_changed();
        let calendar = self.terms.is_changed()
            || self.days.is_changed()
            || self.bells.is_changed()
            || self.classes.is_changed()
            || self.lessons.is_changed()
            || self.rooms.is_changed()
            || self.travel.is_changed();
        let rotations = self.policies.is_changed()
            || self.rules.is_changed()
            || self.rounds.is_changed()
            || self.staffing.is_changed()
            || self.applications.is_changed()
            || self.wishes.is_changed();
        let sessions = self.programmes.is_changed() || self.sessions.is_changed();
        groups || people || calendar || sessions || rotations
    }

    /// Writes what differs; what others refer to comes first.
    pub async fn write(self, txn: &Txn) -> Result<()> {
        self.schools.write(txn).await?;
        self.stages.write(txn).await?;
        self.groups.write(txn).await?;
        self.memberships.write(txn).await?;
        self.subjects.write(txn).await?;
        self.teachers.write(txn).await?;
        self.appointments.write(txn).await?;
        self.honours.write(txn).await?;
        self.duties.write(txn).await?;
        self.postings.write(txn).await?;
        self.researchers.write(txn).await?;
        self.coordinators.write(txn).await?;
        self.inspectors.write(txn).await?;
        self.teams.write(txn).await?;
        self.team_members.write(txn).await?;
        self.terms.write(txn).await?;
        self.days.write(txn).await?;
        self.bells.write(txn).await?;
        self.classes.write(txn).await?;
        self.lessons.write(txn).await?;
        self.rooms.write(txn).await?;
        self.travel.write(txn).await?;
        self.programmes.write(txn).await?;
        self.sessions.write(txn).await?;
        self.policies.write(txn).await?;
        self.rules.write(txn).await?;
        self.rounds.write(txn).await?;
        self.steps.write(txn).await?;
        self.staffing.write(txn).await?;
        self.applications.write(txn).await?;
        self.wishes.write(txn).await
    }
}

async fn planned(connection: &impl ConnectionTrait, district_id: Uuid) -> Result<HashSet<Uuid>> {
    let find = plan_session::Entity::find().filter(plan_session::Column::DistrictId.eq(district_id));
    let ids = find.select_only().column(plan_session::Column::SessionId).distinct();
    Ok(ids.into_tuple::<Uuid>().all(connection).await?.into_iter().collect())
}
