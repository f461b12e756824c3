//! What publishing a plan would do, decided from the rows as they are now. Pure after loading.

use std::collections::HashSet;

use chrono::NaiveDate;
use session_planner::{Assignment, Placement, Problem, Rules, SessionIx, Violation, attendance, check};
use uuid::Uuid;

use super::engagements::posting_on;
use super::facts::Facts;
use super::people::people;
use super::reading::{Reading, Stored, read};
use super::replan::{Effect, effect, still_as_known};
use super::solve::build;
use super::statement::{Statement, state};
use crate::entity::values::{SessionMode, SessionState};
use crate::entity::{plan, plan_group, plan_session, research_session};
use crate::error::{Bilingual, Error, Result, UserError};
use crate::scope::Scope;
use crate::sessions::PlannedPerson;
use crate::sessions::effects::{Change, Held, Withdrawal};
use crate::sessions::reminding::Reminding;

/// What people are told when nobody gives a reason.
const REASON: &str = "教研安排有变，重新排期";

/// A plan beside the rows as they are now.
pub struct Prepared {
    /// The plan.
    pub plan: plan::Model,
    /// The groups it covers, with the plan each started from.
    pub groups: Vec<plan_group::Model>,
    /// The facts it was read against.
    pub facts: Facts,
    /// Sessions that get a date, or another one, or other people.
    pub changes: Vec<Change>,
    /// Published sessions that lose their date.
    pub withdrawals: Vec<Withdrawal>,
    /// Published sessions that stay as they are.
    pub standing: usize,
    /// Sessions that stay without a date.
    pub undated: Vec<Uuid>,
    /// When people are reminded.
    pub reminding: Reminding,
}

/// Reads a plan and decides what publishing it would change; `reason` is what people read who were told otherwise.
///
/// # Errors
/// `NotFound`; `Rejected` with every hard rule that the plan breaks now, when a row it names is gone, or a published session that
/// it makes anew has changed since.
pub async fn prepare(scope: &Scope, plan_id: Uuid, reason: Option<&str>) -> Result<Prepared> {
    let stored = Stored::load(scope, plan_id).await?;
    let facts = stored.facts(scope).await?;
    let Stored { plan, groups, sessions: rows } = stored;
    if plan.published_at.is_none() {
        still_as_known(scope, &facts, &rows)?;
    }
    let statement = state(&facts, scope.zone(), scope.now());
    let problem = build(&statement)?;
    let assignment = assignment(&problem, &statement, &rows)?;
    sound(&problem, &assignment)?;
    let (changes, withdrawals) = decide(&facts, &statement, &problem, &assignment, reason.unwrap_or(REASON));
    let touched: HashSet<Uuid> = changes
        .iter()
        .map(|change| change.before.id)
        .chain(withdrawals.iter().map(|withdrawal| withdrawal.before.id))
        .collect();
    let untouched = |state| {
        facts
            .sessions
            .iter()
            .filter(move |row| row.state == state)
            .map(|row| row.id)
            .filter(|id| !touched.contains(id))
    };
    let standing = untouched(SessionState::Published).count();
    let undated = untouched(SessionState::Undated).collect();
    let reminding = Reminding::load(scope, scope.reader()).await?;
    Ok(Prepared { plan, groups, changes, withdrawals, standing, undated, facts, reminding })
}

/// The plan's rows in the planner's numbers, when all of them can be read.
fn assignment(problem: &Problem, statement: &Statement, rows: &[plan_session::Model]) -> Result<Assignment> {
    let Reading { placed, gone } = read(problem, statement, rows);
    if gone.is_empty() {
        return Ok(statement.sessions.iter().map(|id| placed.get(id).cloned()).collect());
    }
    let in_order = statement.sessions.iter().filter_map(|id| gone.get(id).cloned());
    Err(Error::Rejected(in_order.collect()))
}

/// The independent check before publishing.
fn sound(problem: &Problem, assignment: &Assignment) -> Result<()> {
    let faults: Vec<UserError> = broken(problem, assignment).iter().map(rule_broken).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Rejected(faults)) }
}

/// The hard rules that a plan may not be published with. What already stands broken (somebody moved it knowingly) does not hold up
/// the rest.
pub(super) fn broken(problem: &Problem, assignment: &Assignment) -> Vec<Violation> {
    let free = |violation: &Violation| {
        violation.sessions.iter().any(|session| problem.sessions[*session].pinned.is_none())
    };
    let mut broken = check(problem, &Rules::standard(), assignment);
    broken.retain(free);
    broken
}

/// What publishing a plan makes of the rows: what changes, and what loses its date.
pub(super) fn decide(
    facts: &Facts,
    statement: &Statement,
    problem: &Problem,
    assignment: &Assignment,
    reason: &str,
) -> (Vec<Change>, Vec<Withdrawal>) {
    let decided = Decided { facts, statement, problem, assignment };
    (decided.changes(reason), decided.withdrawals(reason))
}

/// A hard rule that is broken, as the user reads it.
pub fn rule_broken(violation: &Violation) -> UserError {
    UserError::new("RULE_BROKEN", violation.reason.zh.clone(), violation.reason.en.clone())
}

/// A plan in numbers, and what it makes of the rows.
struct Decided<'a> {
    facts: &'a Facts,
    statement: &'a Statement,
    problem: &'a Problem,
    assignment: &'a Assignment,
}

impl Decided<'_> {
    fn changes(&self, reason: &str) -> Vec<Change> {
        let now = self.people(self.assignment);
        let mut changes = Vec::new();
        for (ix, placement) in self.assignment.iter().enumerate() {
            let Some((placement, before)) = placement.as_ref().zip(self.row(ix)) else { continue };
            let change = self.change(ix, placement, before, now[ix].clone());
            if before.state == SessionState::Undated {
                changes.push(change);
            } else if self.facts.freed.contains_key(&before.id) && change.moves() {
                changes.push(Change { reason: Some(reason.to_owned()), ..change });
            }
        }
        let effects = self.effects(&now, &changes, reason);
        changes.extend(effects);
        changes
    }

    /// What the plan does to the people of published sessions that keep their time and place.
    fn effects(&self, now: &[Vec<PlannedPerson>], moved: &[Change], reason: &str) -> Vec<Change> {
        let published = |id| self.statement.published.get(id).cloned();
        let as_published = self.people(&self.statement.sessions.iter().map(published).collect());
        let mut changes = Vec::new();
        for (ix, placement) in self.assignment.iter().enumerate() {
            let Some(placement) = placement else { continue };
            let Some(before) = self.facts.freed.get(&self.statement.sessions[ix]) else { continue };
            let same = self.change(ix, placement, before, Vec::new());
            if same.moves() {
                continue;
            }
            let told = self.facts.told(before.id);
            let taken = |teacher| moved.iter().any(|other| overlaps(other, &same) && comes(other, teacher));
            let reason = Some(reason.to_owned());
            let day = self.problem.date(self.problem.day_of(placement.start));
            let gone = |teacher| {
                let why = self.facts.presence.why_gone(teacher, day).cloned();
                why.or_else(|| self.works_elsewhere(ix, placement, teacher, day))
            };
            match effect(&told, &as_published[ix], &now[ix], &taken, &gone) {
                Effect::None => {}
                Effect::Replaces(people) => changes.push(Change { people, reason, ..same }),
                Effect::ComeAndGo(people) => changes.push(Change { people, reason, quiet: true, ..same }),
            }
        }
        changes
    }

    /// That somebody works at another school that day than the one for which she would come.
    fn works_elsewhere(
        &self,
        ix: SessionIx,
        placement: &Placement,
        teacher: Uuid,
        day: NaiveDate,
    ) -> Option<Bilingual> {
        let posting = posting_on(self.facts, teacher, day)?;
        let audience = &self.problem.sessions[ix].options[placement.option].audience;
        let mut parts = audience.iter().filter(|member| self.statement.people[member.person] == teacher);
        let elsewhere = |place: usize| self.statement.places[place] != posting.school_id;
        let leaves = parts.clone().next().is_some() && parts.all(|member| elsewhere(member.place));
        leaves.then(|| Bilingual::new("已到外校任教", "works at another school by then"))
    }

    fn change(
        &self,
        ix: SessionIx,
        placement: &Placement,
        before: &research_session::Model,
        people: Vec<PlannedPerson>,
    ) -> Change {
        change(self.facts, self.statement, self.problem, ix, placement, before.clone(), people)
    }

    fn withdrawals(&self, reason: &str) -> Vec<Withdrawal> {
        let left = self.assignment.iter().enumerate().filter(|(_, placement)| placement.is_none());
        left.filter_map(|(ix, _)| self.facts.freed.get(&self.statement.sessions[ix]))
            .map(|before| Withdrawal { before: before.clone(), reason: reason.to_owned() })
            .collect()
    }

    /// The session's row; of one that is made anew, as people were told of it.
    fn row(&self, ix: SessionIx) -> Option<&research_session::Model> {
        let id = self.statement.sessions[ix];
        self.facts.freed.get(&id).or_else(|| self.facts.sessions.iter().find(|row| row.id == id))
    }

    /// Who takes part in each session of a plan; nobody in one without a place.
    fn people(&self, assignment: &Assignment) -> Vec<Vec<PlannedPerson>> {
        let attendances = attendance(self.problem, assignment);
        let of = |(ix, placement): (SessionIx, &Option<Placement>)| match placement {
            Some(placement) => {
                people(self.facts, self.statement, self.problem, ix, placement, &attendances[ix])
            }
            None => Vec::new(),
        };
        assignment.iter().enumerate().map(of).collect()
    }
}

fn overlaps(one: &Change, other: &Change) -> bool {
    one.starts_at < other.ends_at && other.starts_at < one.ends_at
}

fn comes(change: &Change, teacher: Uuid) -> bool {
    change.people.iter().any(|person| person.teacher == teacher && person.excused.is_none())
}

/// A placement as a change of its row.
pub fn change(
    facts: &Facts,
    statement: &Statement,
    problem: &Problem,
    session: SessionIx,
    placement: &Placement,
    before: research_session::Model,
    people: Vec<PlannedPerson>,
) -> Change {
    Change {
        held: held(facts, &before, placement),
        before,
        host_school_id: problem.place_of(session, placement).map(|place| statement.places[place]),
        room_id: placement.room.map(|room| statement.rooms[room]),
        second_room_id: statement.second_room(session, placement),
        starts_at: statement.instant(placement.start),
        ends_at: statement.instant(problem.end_of(session, placement.start)),
        people,
        reason: None,
        quiet: false,
    }
}

/// How a placement has a session held: one that was moved online and gets a room again is held as its programme says.
fn held(facts: &Facts, before: &research_session::Model, placement: &Placement) -> Held {
    let was_moved_online = before.room_id.is_none() && before.online_url.is_some();
    if placement.room.is_none() || !was_moved_online {
        return Held::AsBefore;
    }
    let programme = before.programme_id.and_then(|id| facts.programmes.get(&id));
    let mode = programme.map(|programme| programme.mode).filter(|mode| *mode != SessionMode::Online);
    Held::OnSite(mode.unwrap_or(SessionMode::OnSite))
}
