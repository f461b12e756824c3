//! Where sessions stand, in a plan or as published: what the office's tables are made from.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::store::Obstacle;
use crate::entity::values::SessionState;
use crate::entity::{participant, plan, plan_session, research_session};
use crate::error::{Error, Result};
use crate::id::Kind;
use crate::scope::Scope;
use crate::sessions::PlannedPerson;

/// Where a session stands, from a plan or as published.
pub struct Standing {
    /// The session.
    pub session: research_session::Model,
    /// Host school.
    pub host: Option<Uuid>,
    /// Room.
    pub room: Option<Uuid>,
    /// The room at the sending end of a lesson given from afar.
    pub second_room: Option<Uuid>,
    /// Start; `None`: without a date.
    pub starts_at: Option<DateTime<Utc>>,
    /// End.
    pub ends_at: Option<DateTime<Utc>>,
    /// Who takes part.
    pub people: Vec<PlannedPerson>,
    /// Why it has no date, as far as a plan looked for it.
    pub obstacles: Vec<Obstacle>,
    /// Whether a plan pins it.
    pub pinned: bool,
    /// Whether it is left without a date on purpose 待定.
    pub on_purpose: bool,
}

/// Whose sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Of a plan, draft or published.
    Plan(Uuid),
    /// As published in a term, of one group or of all.
    Published {
        /// The term.
        term_id: Uuid,
        /// The group; `None`: all.
        group_id: Option<Uuid>,
    },
}

/// The term, and where its sessions stand.
///
/// # Errors
/// `NotFound`.
pub async fn load(scope: &Scope, which: Which) -> Result<(Uuid, Vec<Standing>)> {
    match which {
        Which::Plan(plan_id) => of_plan(scope, plan_id).await,
        Which::Published { term_id, group_id } => Ok((term_id, of_term(scope, term_id, group_id).await?)),
    }
}

async fn of_plan(scope: &Scope, plan_id: Uuid) -> Result<(Uuid, Vec<Standing>)> {
    let plan = plan::Entity::find_by_id(plan_id)
        .filter(plan::Column::DistrictId.eq(scope.district.id))
        .one(scope.reader())
        .await?
        .ok_or(Error::NotFound(Kind::Plan))?;
    let rows = plan_session::Entity::find()
        .filter(plan_session::Column::DistrictId.eq(scope.district.id))
        .filter(plan_session::Column::PlanId.eq(plan.id))
        .all(scope.reader())
        .await?;
    let mut sessions = sessions(scope, plan.term_id).await?;
    let mut standing = Vec::new();
    for row in rows {
        let Some(session) = sessions.remove(&row.session_id) else { continue };
        standing.push(Standing {
            session,
            host: row.host_school_id,
            room: row.room_id,
            second_room: row.second_room_id,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            people: serde_json::from_value(row.people)?,
            obstacles: serde_json::from_value(row.obstacles)?,
            pinned: row.pinned,
            on_purpose: row.undated_on_purpose,
        });
    }
    Ok((plan.term_id, standing))
}

async fn of_term(scope: &Scope, term_id: Uuid, group_id: Option<Uuid>) -> Result<Vec<Standing>> {
    let sessions = sessions(scope, term_id).await?;
    let shown = |row: &research_session::Model| {
        row.state != SessionState::Cancelled && group_id.is_none_or(|group| row.group_id == group)
    };
    let sessions: Vec<_> = sessions.into_values().filter(shown).collect();
    let ids: Vec<Uuid> = sessions.iter().map(|row| row.id).collect();
    let mut people: HashMap<Uuid, Vec<PlannedPerson>> = HashMap::new();
    let rows = participant::Entity::find()
        .filter(participant::Column::DistrictId.eq(scope.district.id))
        .filter(participant::Column::SessionId.is_in(ids))
        .all(scope.reader())
        .await?;
    for row in rows {
        people.entry(row.session_id).or_default().push(PlannedPerson::from(row));
    }
    let standing = sessions.into_iter().map(|session| Standing {
        host: session.host_school_id,
        room: session.room_id,
        second_room: session.second_room_id,
        starts_at: session.starts_at,
        ends_at: session.ends_at,
        people: people.remove(&session.id).unwrap_or_default(),
        obstacles: Vec::new(),
        pinned: false,
        on_purpose: false,
        session,
    });
    Ok(standing.collect())
}

async fn sessions(scope: &Scope, term_id: Uuid) -> Result<HashMap<Uuid, research_session::Model>> {
    let rows = research_session::Entity::find()
        .filter(research_session::Column::DistrictId.eq(scope.district.id))
        .filter(research_session::Column::TermId.eq(term_id))
        .all(scope.reader())
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}
