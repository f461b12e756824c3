//! A stored plan read back into the planner's numbers, beside the rows as they are now.

use std::collections::{HashMap, HashSet};

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use session_planner::{Assignment, Placement, Problem, SessionIx};
use uuid::Uuid;

use super::facts::Facts;
use super::leading;
use super::placing::{self, no_programme};
use super::replan;
use super::solve::build;
use super::statement::Statement;
use super::store::Search;
use crate::entity::values::{ParticipantRole, SessionState};
use crate::entity::{plan, plan_group, plan_session};
use crate::error::{Error, Result, UserError};
use crate::id::Kind;
use crate::scope::Scope;
use crate::sessions::PlannedPerson;

/// A plan with its parts.
pub struct Stored {
    /// The plan.
    pub plan: plan::Model,
    /// The groups it covers, with the plan each started from.
    pub groups: Vec<plan_group::Model>,
    /// Where it puts each session.
    pub sessions: Vec<plan_session::Model>,
}

impl Stored {
    /// Loads a plan.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn load(scope: &Scope, plan_id: Uuid) -> Result<Self> {
        let reader = scope.reader();
        let plan = plan::Entity::find_by_id(plan_id)
            .filter(plan::Column::DistrictId.eq(scope.district.id))
            .one(reader)
            .await?
            .ok_or(Error::NotFound(Kind::Plan))?;
        let groups = plan_group::Entity::find()
            .filter(plan_group::Column::DistrictId.eq(scope.district.id))
            .filter(plan_group::Column::PlanId.eq(plan.id))
            .all(reader)
            .await?;
        let sessions = plan_session::Entity::find()
            .filter(plan_session::Column::DistrictId.eq(scope.district.id))
            .filter(plan_session::Column::PlanId.eq(plan.id))
            .all(reader)
            .await?;
        Ok(Self { plan, groups, sessions })
    }

    /// The one group it was planned for; `None`: all groups together.
    pub fn only_group(&self) -> Option<Uuid> {
        if let [group] = &self.groups[..] { Some(group.group_id) } else { None }
    }

    /// What a plan that is made of it by hand knows of a search: the seed.
    pub fn seed_only(&self) -> Search {
        Search { seed: u64::from_ne_bytes(self.plan.seed.to_ne_bytes()), ..Search::default() }
    }

    /// The rows as they are now; published sessions that this plan makes anew are free, and led by whom it names.
    ///
    /// # Errors
    /// `NotFound` when the term or the group is gone.
    pub async fn facts(&self, scope: &Scope) -> Result<Facts> {
        let mut facts = Facts::load(scope, self.plan.term_id, self.only_group()).await?;
        facts.free(&replan::of_plan(&facts, &self.sessions));
        facts.leading = leading::of_plan(scope, &facts, &self.sessions);
        Ok(facts)
    }

    /// What a person has decided in it.
    pub fn marks(&self) -> Marks {
        let marked = |is: fn(&plan_session::Model) -> bool| {
            self.sessions.iter().filter(|row| is(row)).map(|row| row.session_id).collect()
        };
        Marks { pinned: marked(|row| row.pinned), held: marked(|row| row.undated_on_purpose) }
    }
}

/// What a person has decided, whatever the planner would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// Sessions that stay where they stand, with their presenters.
    pub pinned: HashSet<Uuid>,
    /// Sessions that stay without a date 待定.
    pub held: HashSet<Uuid>,
}

impl Marks {
    /// Forgets what things as they are now do not allow: a session that was published meanwhile has its date.
    pub fn as_things_are(mut self, facts: &Facts) -> Self {
        let undated =
            |id: &Uuid| facts.sessions.iter().any(|row| row.id == *id && row.state == SessionState::Undated);
        self.held.retain(undated);
        self
    }
}

/// Where a plan's sessions stand, in the planner's numbers.
pub struct Reading {
    /// Placements by session. Published sessions stand where they stand now.
    pub placed: HashMap<Uuid, Placement>,
    /// Sessions whose host, room or presenters are gone, with what to tell people.
    pub gone: HashMap<Uuid, UserError>,
}

/// Reads a plan's rows.
pub fn read(problem: &Problem, statement: &Statement, rows: &[plan_session::Model]) -> Reading {
    let by_session: HashMap<Uuid, &plan_session::Model> =
        rows.iter().map(|row| (row.session_id, row)).collect();
    let mut reading = Reading { placed: HashMap::new(), gone: HashMap::new() };
    for (ix, session) in problem.sessions.iter().enumerate() {
        let id = statement.sessions[ix];
        let row = by_session.get(&id).filter(|row| row.starts_at.is_some());
        let placement = match (&session.pinned, row) {
            (Some(pinned), _) => Some(pinned.clone()),
            (None, Some(row)) => placement(problem, statement, ix, row),
            (None, None) => continue,
        };
        match placement {
            Some(placement) => {
                reading.placed.insert(id, placement);
            }
            None => {
                let on = row.and_then(|row| row.starts_at).map(|at| statement.date(at));
                let outside = on.and_then(|on| placing::in_the_term(placing::term_of(problem), on).err());
                let why = outside.map(|why| outside_since(&session.name, &why));
                reading.gone.insert(id, why.unwrap_or_else(|| gone_since(&session.name)));
            }
        }
    }
    reading
}

fn placement(
    problem: &Problem,
    statement: &Statement,
    session: SessionIx,
    row: &plan_session::Model,
) -> Option<Placement> {
    let number = |list: &[Uuid], id: Uuid| list.iter().position(|other| *other == id);
    let place = match row.host_school_id {
        Some(school) => Some(number(&statement.places, school)?),
        None => None,
    };
    let second = match row.second_room_id {
        Some(room) => Some(number(&statement.rooms, room)?),
        None => None,
    };
    let mut options = problem.sessions[session].options.iter();
    let option = options.position(|option| (option.place, option.second_room) == (place, second))?;
    let room = match row.room_id {
        Some(room) => Some(number(&statement.rooms, room)?),
        None => None,
    };
    let presenters = presenters(row)
        .into_iter()
        .map(|teacher| number(&statement.people, teacher))
        .collect::<Option<Vec<_>>>()?;
    let presenters = in_slots(problem, session, option, presenters)?;
    let placement = Placement { start: statement.minute(row.starts_at?), option, room, presenters };
    let mut alone: Assignment = vec![None; problem.sessions.len()];
    alone[session] = Some(placement);
    if !problem.unreadable(&alone).is_empty() {
        return None;
    }
    alone[session].take()
}

/// Who presents in a session of a plan; nobody when its people cannot be read.
pub fn presenters(row: &plan_session::Model) -> Vec<Uuid> {
    let people: Vec<PlannedPerson> = serde_json::from_value(row.people.clone()).unwrap_or_default();
    let presenting = people.iter().filter(|person| person.role == ParticipantRole::Presenter);
    presenting.map(|person| person.teacher).collect()
}

/// Presenters in the order of the option's slots; stored they stand in the order of people.
pub fn in_slots(
    problem: &Problem,
    session: SessionIx,
    option: usize,
    mut left: Vec<usize>,
) -> Option<Vec<usize>> {
    let mut presenters = Vec::new();
    for slot in &problem.sessions[session].options[option].presenter_slots {
        let fits = left.iter().position(|person| slot.contains(person))?;
        presenters.push(left.remove(fits));
    }
    left.is_empty().then_some(presenters)
}

fn gone_since(session: &str) -> UserError {
    UserError::new(
        "PLAN_OUTDATED",
        format!("{session}：方案中的承办校、场地或授课教师已有变动，请重新排期"),
        format!("{session}: its host, room or presenters have changed since: plan again"),
    )
}

/// A session that a plan has on a day that is none of the term's: the term was shortened since, or its row written by hand.
fn outside_since(session: &str, why: &UserError) -> UserError {
    UserError::new(
        why.code,
        format!("{session}：方案中排在{}", why.message.zh),
        format!("{session}: the plan has it on a day outside the term: {}", why.message.en),
    )
}

/// The number of a session among those that can be planned.
///
/// # Errors
/// `NotFound` when the groups planned for have no such session; `Rejected` when it belongs to no programme, or nobody can hold it.
pub fn number(facts: &Facts, statement: &Statement, session: Uuid) -> Result<SessionIx> {
    if !facts.sessions.iter().any(|row| row.id == session) {
        return Err(Error::NotFound(Kind::Session));
    }
    let number = statement.sessions.iter().position(|id| *id == session);
    let unholdable = statement.unholdable.iter().find(|(id, _)| *id == session);
    match (number, unholdable) {
        (Some(number), _) => Ok(number),
        (None, Some((_, reason))) => {
            Err(UserError::new("CANNOT_BE_HELD", &reason.zh, &reason.en).at("sessionId").into())
        }
        (None, None) => Err(no_programme()),
    }
}

/// A plan laid out for the planner: what a person pinned is pinned, what she left undated is left out.
pub struct Board {
    /// The problem as stated, with the rows its numbers stand for.
    pub statement: Statement,
    /// The problem, prepared.
    pub problem: Problem,
    /// Where the sessions stand.
    pub assignment: Assignment,
}

impl Board {
    /// Lays out `placed` with `marks`.
    ///
    /// # Errors
    /// `Rejected` when the rows state no sound problem.
    pub fn lay(mut statement: Statement, placed: &HashMap<Uuid, Placement>, marks: &Marks) -> Result<Self> {
        let sessions = std::mem::take(&mut statement.input.sessions);
        let ids = std::mem::take(&mut statement.sessions);
        let kept = ids.into_iter().zip(sessions).filter(|(id, _)| !marks.held.contains(id));
        (statement.sessions, statement.input.sessions) = kept.unzip();
        for (id, session) in statement.sessions.iter().zip(&mut statement.input.sessions) {
            if session.pinned.is_none() && marks.pinned.contains(id) {
                session.pinned = placed.get(id).cloned();
            }
        }
        let problem = build(&statement)?;
        let assignment = statement.sessions.iter().map(|id| placed.get(id).cloned()).collect();
        Ok(Self { statement, problem, assignment })
    }

    /// The number of a session; `None` when it is left out.
    pub fn number(&self, session: Uuid) -> Option<SessionIx> {
        self.statement.sessions.iter().position(|id| *id == session)
    }
}
