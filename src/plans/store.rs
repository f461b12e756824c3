//! Storing a plan: where it puts its sessions never changes.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use session_planner::{
    Beside, Level, Placement, Problem, Rules, SessionIx, attendance, evaluate, why_unplaced,
};
use uuid::Uuid;

use super::drafts::must_be_live;
use super::facts::Facts;
use super::people::people;
use super::publish::in_force;
use super::reading::{Board, Marks, Stored};
use crate::entity::values::{PlanEditKind, PlanOrigin};
use crate::entity::{plan, plan_group, plan_session, research_session};
use crate::error::{Bilingual, Result};
use crate::id::Kind;
use crate::scope::{Scope, Txn};
use crate::sessions::{PlannedPerson, effects};
use crate::{audit, id, rows};

/// A plan to store, and what it was made from.
pub struct Made<'a> {
    /// How it came about.
    pub origin: PlanOrigin,
    /// The now it was made for.
    pub as_of: DateTime<Utc>,
    /// How it was searched for.
    pub search: Search,
    /// The plan, beside its problem.
    pub board: &'a Board,
    /// What a person decided in it.
    pub marks: &'a Marks,
    /// The plan it revises.
    pub revises: Option<Revises<'a>>,
}

/// How a plan was searched for: with the same rows, what finds it again.
#[derive(Debug, Clone, Copy, Default)]
pub struct Search {
    /// Seed.
    pub seed: u64,
    /// Steps it made.
    pub steps: u64,
    /// Threads; `None`: nothing was searched.
    pub threads: Option<u32>,
    /// Time limit; `None`: it had a number of steps to make, or nothing was searched.
    pub seconds: Option<u32>,
}

/// The plan that another was made from.
pub struct Revises<'a> {
    /// That plan.
    pub base: &'a Stored,
    /// What made the new one of it.
    pub note: EditNote,
    /// Sessions that are kept as that plan has them, because they cannot be read any more.
    pub gone: HashSet<Uuid>,
}

/// What made a plan of the one it revises; stored in `plan.edit`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditNote {
    /// What was done.
    pub kind: PlanEditKind,
    /// To which session; `None`: to the whole plan.
    pub session: Option<Uuid>,
    /// As people read it.
    #[serde(flatten)]
    pub sentence: Bilingual,
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
///
/// # Errors
/// `Rejected` when an edited plan was discarded meanwhile.
pub async fn store(scope: &Scope, facts: &Facts, made: &Made<'_>) -> Result<plan::Model> {
    // The rows are made before the transaction begins: explaining takes time, and SQLite has one writer.
    let plan_id = id::new();
    let sessions = session_rows(scope.district.id, plan_id, facts, made);
    let (score, rules) = shares(&made.board.problem, &made.board.assignment);
    let txn = scope.begin().await?;
    // Two runs may end at once; their plans get different numbers.
    effects::one_at_a_time(&txn).await?;
    let note = made.revises.as_ref().map(|revises| serde_json::to_value(&revises.note)).transpose()?;
    let count = |is: fn(&plan_session::Model) -> bool| sessions.iter().filter(|row| is(row)).count();
    let row = plan::Model {
        id: plan_id,
        district_id: scope.district.id,
        term_id: facts.calendar.term.id,
        number: next_number(&txn).await?,
        origin: made.origin,
        as_of: made.as_of,
        seed: i64::from_ne_bytes(made.search.seed.to_ne_bytes()),
        steps: i64::try_from(made.search.steps).unwrap_or(i64::MAX),
        threads: made.search.threads.and_then(|threads| i32::try_from(threads).ok()),
        seconds: made.search.seconds.and_then(|seconds| i32::try_from(seconds).ok()),
        hard: score.hard,
        medium: score.medium,
        soft: score.soft,
        rules: serde_json::to_value(rules)?,
        created_at: scope.now(),
        created_by: scope.actor.name().to_owned(),
        published_at: None,
        revised_from_id: made.revises.as_ref().map(|revises| revises.base.plan.id),
        edit: note,
        label: made.revises.as_ref().and_then(|revises| revises.base.plan.label.clone()),
        discarded_at: None,
        placed: number(count(|row| row.starts_at.is_some())),
        total: number(sessions.len()),
        pinned: number(count(|row| row.pinned)),
        undated_on_purpose: number(count(|row| row.undated_on_purpose)),
        version: 1,
    };
    let groups = group_rows(&txn, facts, &row, made).await?;
    let row = audit::insert(&txn, "plan.make", row).await?;
    audit::insert_parts(&txn, groups).await?;
    audit::insert_parts(&txn, sessions).await?;
    txn.commit().await?;
    Ok(row)
}

fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
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

/// The groups with the plan in force that this one starts from. A search has looked at things as they are now; an edit has
/// not, so it starts from where the plan it revises started, or from that plan when it is published itself.
async fn group_rows(
    txn: &Txn,
    facts: &Facts,
    plan: &plan::Model,
    made: &Made<'_>,
) -> Result<Vec<plan_group::Model>> {
    let row = |group_id: Uuid, parent_id: Option<Uuid>| plan_group::Model {
        id: id::new(),
        district_id: txn.district_id(),
        plan_id: plan.id,
        group_id,
        parent_id,
    };
    if let (PlanOrigin::Edited, Some(Revises { base, .. })) = (made.origin, &made.revises) {
        let base_now = rows::find::<plan::Entity>(txn, Kind::Plan, base.plan.id).await?;
        must_be_live(&base_now)?;
        let parent = |group: &plan_group::Model| match base_now.published_at {
            Some(_) => Some(base_now.id),
            None => group.parent_id,
        };
        return Ok(base.groups.iter().map(|group| row(group.group_id, parent(group))).collect());
    }
    let published = in_force(txn.scope(), &**txn, plan.term_id).await?;
    let parent = |group: Uuid| published.iter().find(|row| row.group_id == group).map(|row| row.plan_id);
    Ok(facts.groups.iter().map(|group| row(group.id, parent(group.id))).collect())
}

fn session_rows(
    district_id: Uuid,
    plan_id: Uuid,
    facts: &Facts,
    made: &Made<'_>,
) -> Vec<plan_session::Model> {
    let Board { statement, problem, assignment } = made.board;
    let attendances = attendance(problem, assignment);
    let blank = |session_id| plan_session::Model {
        id: id::new(),
        district_id,
        plan_id,
        session_id,
        host_school_id: None,
        room_id: None,
        second_room_id: None,
        starts_at: None,
        ends_at: None,
        people: serde_json::json!([]),
        obstacles: serde_json::json!([]),
        pinned: false,
        undated_on_purpose: made.marks.held.contains(&session_id),
        from_version: facts.freed.get(&session_id).map(|published| published.version),
    };
    let mut rows = Vec::new();
    for (ix, placement) in assignment.iter().enumerate() {
        let session = statement.sessions[ix];
        let mut row = blank(session);
        match placement {
            Some(placement) => {
                let stands = facts.sessions.iter().any(|row| row.id == session && row.starts_at.is_some());
                let people = match stands {
                    true => told(facts, session),
                    false => people(facts, statement, problem, ix, placement, &attendances[ix]),
                };
                let place = problem.place_of(ix, placement);
                row.host_school_id = place.map(|place| statement.places[place]);
                row.room_id = placement.room.map(|room| statement.rooms[room]);
                row.second_room_id = statement.second_room(ix, placement);
                row.starts_at = Some(statement.instant(placement.start));
                row.ends_at = Some(statement.instant(problem.end_of(ix, placement.start)));
                row.people = serde_json::json!(people);
            }
            None => match made.kept(session) {
                Some(kept) => row = plan_session::Model { id: row.id, plan_id, ..kept.clone() },
                None => row.obstacles = made.obstacles(ix),
            },
        }
        row.pinned = row.starts_at.is_some() && made.marks.pinned.contains(&session);
        rows.push(row);
    }
    let left_out = |row: &&research_session::Model| {
        made.marks.held.contains(&row.id) && !statement.unholdable.iter().any(|(id, _)| *id == row.id)
    };
    rows.extend(facts.sessions.iter().filter(left_out).map(|row| blank(row.id)));
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

impl Made<'_> {
    /// The row of the plan it revises, for a session that cannot be read any more.
    fn kept(&self, session: Uuid) -> Option<&plan_session::Model> {
        let revises = self.revises.as_ref().filter(|revises| revises.gone.contains(&session))?;
        revises.base.sessions.iter().find(|row| row.session_id == session)
    }

    /// Why a session is not placed, beside where this plan has the others.
    fn obstacles(&self, ix: SessionIx) -> serde_json::Value {
        let (board, rules) = (self.board, Rules::standard());
        let found = why_unplaced(&board.problem, &rules, &board.assignment, ix);
        let (count, best) = Beside::new(&board.problem, &rules, &board.assignment, ix).free(1);
        let free = best.first().map(|best| free_slots(&board.problem, ix, count, &best.placement));
        let obstacles: Vec<Obstacle> = free.into_iter().chain(found.iter().map(obstacle)).collect();
        serde_json::json!(obstacles)
    }
}

/// That nothing stands in the way of a session: it was only not placed, such as by a search that was stopped early.
fn free_slots(problem: &Problem, session: SessionIx, count: usize, best: &Placement) -> Obstacle {
    let (time, site) = (problem.time_text(best.start), problem.site_text(session, best.option));
    Obstacle {
        rule: "sessions_placed".into(),
        slots: 0,
        of: 0,
        zh: format!(
            "还有{count}个可排的时段，最好的是{}（{}）：这次没有排到，可以移到那里，或接着排",
            time.zh, site.zh
        ),
        en: format!(
            "{count} slots are free, the best on {} ({}): it was only not placed; move it there, or search on",
            time.en, site.en
        ),
    }
}

/// Who was told of a session that stands.
fn told(facts: &Facts, session: Uuid) -> Vec<PlannedPerson> {
    let rows = facts.participants.get(&session).cloned().unwrap_or_default();
    rows.into_iter().map(PlannedPerson::from).collect()
}

/// A rule in the way, as it is stored and shown.
pub fn obstacle(found: &session_planner::Obstacle) -> Obstacle {
    Obstacle {
        rule: found.rule.to_owned(),
        slots: found.slots,
        of: found.of,
        zh: found.reason.zh.clone(),
        en: found.reason.en.clone(),
    }
}
