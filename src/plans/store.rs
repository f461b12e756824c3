//! Storing a plan: immutable once written.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use session_planner::{Level, Problem, Rules, Solution, attendance, evaluate, why_unplaced};
use uuid::Uuid;

use super::facts::Facts;
use super::people::people;
use super::publish::in_force;
use super::solve::SolveRequest;
use super::statement::Statement;
use crate::entity::values::PlanOrigin;
use crate::entity::{plan, plan_group, plan_session};
use crate::error::Result;
use crate::scope::{Scope, Txn};
use crate::sessions::{PlannedPerson, effects};
use crate::{audit, id};

/// What a search made, and from what.
pub struct Made<'a> {
    /// The now it was planned for.
    pub as_of: DateTime<Utc>,
    /// What was asked.
    pub request: &'a SolveRequest,
    /// The problem and its rows.
    pub statement: &'a Statement,
    /// The problem, prepared.
    pub problem: &'a Problem,
    /// The plan found.
    pub solution: &'a Solution,
}

/// A rule's share of a plan's score; stored in `plan.rules`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleShare {
    /// The rule's name.
    pub name: String,
    /// `hard`, `medium` or `soft`.
    pub level: String,
    /// Penalty per unit.
    pub weight: i64,
    /// Units found.
    pub count: i64,
    /// `count * weight`.
    pub penalty: i64,
    /// What it demands, in Chinese.
    pub zh: String,
    /// What it demands, in English.
    pub en: String,
}

/// A rule in the way of an unplaced session; stored in `plan_session.obstacles`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obstacle {
    /// The rule's name.
    pub rule: String,
    /// Slots it blocks.
    pub slots: usize,
    /// Slots there are; 0 when no slot was looked at.
    pub of: usize,
    /// An example, in Chinese.
    pub zh: String,
    /// An example, in English.
    pub en: String,
}

/// Writes the plan with its sessions and returns it.
pub async fn store(scope: &Scope, facts: &Facts, made: &Made<'_>) -> Result<plan::Model> {
    // The rows are made before the transaction begins: explaining takes time, and SQLite has one writer.
    let plan_id = id::new();
    let sessions = session_rows(scope.district.id, plan_id, facts, made);
    let (score, rules) = shares(made.problem, &made.solution.assignment);
    let txn = scope.begin().await?;
    // Two runs may end at once; their plans get different numbers.
    effects::one_at_a_time(&txn).await?;
    let row = plan::Model {
        id: plan_id,
        district_id: scope.district.id,
        term_id: made.request.term_id,
        number: next_number(&txn).await?,
        origin: PlanOrigin::Solved,
        as_of: made.as_of,
        seed: i64::from_ne_bytes(made.request.seed.to_ne_bytes()),
        steps: i64::try_from(made.solution.steps).unwrap_or(i64::MAX),
        hard: score.hard,
        medium: score.medium,
        soft: score.soft,
        rules: serde_json::to_value(rules)?,
        created_at: scope.now(),
        created_by: scope.actor.name().to_owned(),
        published_at: None,
    };
    let row = audit::insert(&txn, "plan.make", row).await?;
    let groups = group_rows(&txn, facts, &row).await?;
    audit::insert_parts(&txn, groups).await?;
    audit::insert_parts(&txn, sessions).await?;
    txn.commit().await?;
    Ok(row)
}

/// The score and each rule's share of it.
pub fn shares(
    problem: &Problem,
    assignment: &session_planner::Assignment,
) -> (session_planner::Score, Vec<RuleShare>) {
    let rules = Rules::standard();
    let evaluation = evaluate(problem, &rules, assignment);
    let share = |share: &session_planner::RuleScore| {
        let (zh, en) = rules.get(share.name).map_or(("", ""), |rule| rule.sentence);
        RuleShare {
            name: share.name.to_owned(),
            level: level(share.level).to_owned(),
            weight: share.weight,
            count: share.count,
            penalty: share.penalty,
            zh: zh.to_owned(),
            en: en.to_owned(),
        }
    };
    (evaluation.score, evaluation.rules.iter().map(share).collect())
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Hard => "hard",
        Level::Medium => "medium",
        Level::Soft => "soft",
    }
}

async fn next_number(txn: &Txn) -> Result<i32> {
    let last = plan::Entity::find()
        .filter(plan::Column::DistrictId.eq(txn.district_id()))
        .order_by_desc(plan::Column::Number)
        .one(&**txn)
        .await?;
    Ok(last.map_or(1, |plan| plan.number + 1))
}

async fn group_rows(txn: &Txn, facts: &Facts, plan: &plan::Model) -> Result<Vec<plan_group::Model>> {
    let published = in_force(txn.scope(), &**txn, plan.term_id).await?;
    let row = |group: Uuid| plan_group::Model {
        id: id::new(),
        district_id: txn.district_id(),
        plan_id: plan.id,
        group_id: group,
        parent_id: published.iter().find(|row| row.group_id == group).map(|row| row.plan_id),
    };
    Ok(facts.groups.iter().map(|group| row(group.id)).collect())
}

fn session_rows(
    district_id: Uuid,
    plan_id: Uuid,
    facts: &Facts,
    made: &Made<'_>,
) -> Vec<plan_session::Model> {
    let (problem, statement) = (made.problem, made.statement);
    let assignment = &made.solution.assignment;
    let attendances = attendance(problem, assignment);
    let blank = |session_id| plan_session::Model {
        id: id::new(),
        district_id,
        plan_id,
        session_id,
        host_school_id: None,
        room_id: None,
        starts_at: None,
        ends_at: None,
        people: serde_json::json!([]),
        obstacles: serde_json::json!([]),
    };
    let mut rows = Vec::new();
    for (ix, placement) in assignment.iter().enumerate() {
        let mut row = blank(statement.sessions[ix]);
        match placement {
            Some(placement) => {
                let people = match problem.sessions[ix].pinned {
                    Some(_) => told(facts, statement.sessions[ix]),
                    None => people(facts, statement, problem, ix, placement, &attendances[ix]),
                };
                let place = problem.place_of(ix, placement);
                row.host_school_id = place.map(|place| statement.places[place]);
                row.room_id = placement.room.map(|room| statement.rooms[room]);
                row.starts_at = Some(statement.instant(placement.start));
                row.ends_at = Some(statement.instant(problem.end_of(ix, placement.start)));
                row.people = serde_json::json!(people);
            }
            None => {
                let found = why_unplaced(problem, &Rules::standard(), assignment, ix);
                let obstacles: Vec<Obstacle> = found.iter().map(obstacle).collect();
                row.obstacles = serde_json::json!(obstacles);
            }
        }
        rows.push(row);
    }
    for (session, reason) in &statement.unholdable {
        let obstacle = Obstacle {
            rule: "host_rule".into(),
            slots: 0,
            of: 0,
            zh: reason.zh.clone(),
            en: reason.en.clone(),
        };
        rows.push(plan_session::Model { obstacles: serde_json::json!([obstacle]), ..blank(*session) });
    }
    rows
}

/// Who was told of a session that stands.
fn told(facts: &Facts, session: Uuid) -> Vec<PlannedPerson> {
    let rows = facts.participants.get(&session).cloned().unwrap_or_default();
    rows.into_iter().map(PlannedPerson::from).collect()
}

fn obstacle(found: &session_planner::Obstacle) -> Obstacle {
    Obstacle {
        rule: found.rule.to_owned(),
        slots: found.slots,
        of: found.of,
        zh: found.reason.zh.clone(),
        en: found.reason.en.clone(),
    }
}
