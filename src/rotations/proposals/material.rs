//! The rows that a proposal is made from: loaded by a fixed number of statements, whatever their number.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, prelude::Uuid};

use crate::entity::values::{ApplicationState, MembershipRole};
use crate::entity::{
    application, application_wish, candidacy, exemption, recommendation, rotation_round, school, staffing,
    subject, teacher, travel_time,
};
use crate::error::{Result, UserError};
use crate::rotations::count::{self, Facts};
use crate::rotations::exemptions;
use crate::rotations::policy::{self, Policy};
use crate::rotations::schools::TakingPart;
use crate::rows;

/// A teacher as she was counted.
#[derive(Debug)]
pub struct Counted {
    /// The row.
    pub row: candidacy::Model,
    /// What decided it.
    pub facts: Facts,
    /// Who.
    pub teacher: teacher::Model,
}

/// An application that was handed in.
#[derive(Debug)]
pub struct Applied {
    /// The row.
    pub row: application::Model,
    /// Schools, the most wished one first.
    pub wishes: Vec<Uuid>,
}

/// Everything a proposal of a round is made from.
#[derive(Debug)]
pub struct Material {
    /// The round.
    pub round: rotation_round::Model,
    /// The policy it follows.
    pub policy: Policy,
    /// Everybody counted, by staff number.
    pub counted: Vec<Counted>,
    /// 学科余缺.
    pub staffing: Vec<staffing::Model>,
    /// Applications handed in, by teacher.
    pub applied: HashMap<Uuid, Applied>,
    /// Exemptions accepted, by teacher.
    pub exempted: HashMap<Uuid, exemption::Model>,
    /// What schools say, by teacher.
    pub said: HashMap<Uuid, recommendation::Model>,
    /// Schools of the round, by number.
    pub schools: Vec<school::Model>,
    /// All schools of the district, by number: people live near any of them.
    pub district_schools: Vec<school::Model>,
    /// Of the round's, the core ones and the members of a group.
    pub roles: HashMap<Uuid, MembershipRole>,
    /// The travel matrix.
    pub roads: Vec<travel_time::Model>,
    /// Subjects.
    pub subjects: HashMap<Uuid, subject::Model>,
}

impl Material {
    /// Loads the rows of a round, as they are now.
    ///
    /// # Errors
    /// `Rejected` when it follows no policy, or nobody was counted.
    pub async fn load(connection: &impl ConnectionTrait, round: &rotation_round::Model) -> Result<Self> {
        let district = round.district_id;
        let Some(policy_id) = round.policy_id else { return Err(not_counted(round).into()) };
        let policy = policy::load(connection, district, policy_id).await?;
        let candidacies = count::candidacies(connection, round).await?;
        if candidacies.is_empty() {
            return Err(not_counted(round).into());
        }
        let teachers = rows::in_district(district, teacher::Entity::find()).all(connection).await?;
        let schools = rows::in_district(district, school::Entity::find()).order_by_asc(school::Column::Code);
        let district_schools = schools.all(connection).await?;
        let taking_part = TakingPart::load(connection, round).await?;
        let schools = district_schools.iter().filter(|school| taking_part.runs(school)).cloned().collect();
        let roads = rows::in_district(district, travel_time::Entity::find()).all(connection).await?;
        let subjects = rows::in_district(district, subject::Entity::find()).all(connection).await?;
        Ok(Self {
            counted: counted(candidacies, teachers)?,
            staffing: count::staffing_rows(connection, round).await?,
            applied: applied(connection, round).await?,
            exempted: exempted(connection, round).await?,
            said: said(connection, round).await?,
            round: round.clone(),
            policy,
            schools,
            district_schools,
            roles: taking_part.roles,
            roads,
            subjects: subjects.into_iter().map(|row| (row.id, row)).collect(),
        })
    }
}

fn not_counted(round: &rotation_round::Model) -> UserError {
    UserError::new(
        "NOT_COUNTED",
        format!("“{}”还没有摸底：请先用 tongpan rotation count 摸底", round.name),
        format!("nobody of {:?} was counted yet: run `tongpan rotation count` first", round.name),
    )
}

fn counted(candidacies: Vec<candidacy::Model>, teachers: Vec<teacher::Model>) -> Result<Vec<Counted>> {
    let mut teachers: HashMap<Uuid, teacher::Model> = teachers.into_iter().map(|row| (row.id, row)).collect();
    let mut counted = Vec::with_capacity(candidacies.len());
    for row in candidacies {
        let Some(teacher) = teachers.remove(&row.teacher_id) else { continue };
        let facts = serde_json::from_value(row.facts.clone())?;
        counted.push(Counted { row, facts, teacher });
    }
    counted.sort_by(|one, other| one.teacher.number.cmp(&other.teacher.number));
    Ok(counted)
}

async fn applied(
    connection: &impl ConnectionTrait,
    round: &rotation_round::Model,
) -> Result<HashMap<Uuid, Applied>> {
    let rows = rows::in_district(round.district_id, application::Entity::find())
        .filter(application::Column::RoundId.eq(round.id))
        .filter(application::Column::State.eq(ApplicationState::Submitted))
        .all(connection)
        .await?;
    let wishes = rows::in_district(round.district_id, application_wish::Entity::find())
        .filter(application_wish::Column::ApplicationId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(application_wish::Column::Rank)
        .all(connection)
        .await?;
    let mut of_application: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for wish in wishes {
        of_application.entry(wish.application_id).or_default().push(wish.school_id);
    }
    let whole = |row: application::Model| {
        let wishes = of_application.remove(&row.id).unwrap_or_default();
        (row.teacher_id, Applied { row, wishes })
    };
    Ok(rows.into_iter().map(whole).collect())
}

/// Exemptions that hold when service begins.
async fn exempted(
    connection: &impl ConnectionTrait,
    round: &rotation_round::Model,
) -> Result<HashMap<Uuid, exemption::Model>> {
    let rows = exemptions::in_force(round).all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.teacher_id, row)).collect())
}

async fn said(
    connection: &impl ConnectionTrait,
    round: &rotation_round::Model,
) -> Result<HashMap<Uuid, recommendation::Model>> {
    let rows = rows::in_district(round.district_id, recommendation::Entity::find())
        .filter(recommendation::Column::RoundId.eq(round.id))
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| (row.teacher_id, row)).collect())
}
