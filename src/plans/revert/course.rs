//! Which sessions go back to an earlier plan, and which cannot.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use session_planner::{Assignment, Placement, Problem, Violation};
use uuid::Uuid;

use super::super::facts::Facts;
use super::super::leading;
use super::super::prepare::{broken, decide};
use super::super::reading::{Stored, read};
use super::super::replan::{named, was_moved_online};
use super::super::solve::build;
use super::super::statement::{Statement, state};
use super::Left;
use crate::entity::values::SessionState;
use crate::entity::{plan_session, research_session};
use crate::error::{Bilingual, Result};
use crate::scope::Scope;
use crate::sessions::{PlannedPerson, title};

/// The sessions that an earlier plan had otherwise.
pub struct Course {
    /// Those that go back to it.
    going: HashSet<Uuid>,
    /// Those that cannot, with the reasons.
    left: BTreeMap<Uuid, Vec<Bilingual>>,
}

/// The plan that this makes, beside its problem: what goes back is free, everything else stands.
pub struct Laid {
    /// The rows, with what goes back freed.
    pub facts: Facts,
    /// The problem.
    pub statement: Statement,
    /// Where the sessions stand.
    pub placed: HashMap<Uuid, Placement>,
}

impl Course {
    /// Compares what an earlier plan had with what stands, and with what was `cancelled` since.
    pub fn plot(
        scope: &Scope,
        facts: &Facts,
        earlier: &Stored,
        cancelled: &[research_session::Model],
    ) -> Self {
        let mut course = Self { going: HashSet::new(), left: BTreeMap::new() };
        for session in cancelled {
            course.leaves(session.id, called_off());
        }
        for row in &earlier.sessions {
            let Some(session) = facts.sessions.iter().find(|session| session.id == row.session_id) else {
                continue;
            };
            if !may_change(session, row, scope.now()) || stands_so(facts, session, row) {
                continue;
            }
            match obstacle(facts, session, row, scope.now()) {
                Some(reason) => course.leaves(session.id, reason),
                None => {
                    course.going.insert(session.id);
                }
            }
        }
        course
    }

    fn leaves(&mut self, session: Uuid, reason: Bilingual) {
        self.going.remove(&session);
        let reasons = self.left.entry(session).or_default();
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }

    /// Lays the plan out, leaving out what cannot go back until the rest breaks no hard rule; `None` when nothing is left to go back.
    ///
    /// # Errors
    /// `Rejected` when the rows state no sound problem.
    pub fn lay(&mut self, scope: &Scope, facts: &Facts, earlier: &Stored) -> Result<Option<Laid>> {
        while !self.going.is_empty() {
            let mut facts = facts.clone();
            facts.free(&self.going);
            facts.leading = leading::of_plan(scope, &facts, &earlier.sessions);
            let statement = state(&facts, scope.zone(), scope.now());
            let problem = build(&statement)?;
            let rows = earlier.sessions.iter().filter(|row| self.going.contains(&row.session_id));
            let reading = read(&problem, &statement, &rows.cloned().collect::<Vec<_>>());
            let gone = self.gone(&statement, reading.gone.keys());
            let placed = reading.placed;
            let assignment: Assignment =
                statement.sessions.iter().map(|id| placed.get(id).cloned()).collect();
            if !gone && !self.breaks(&statement, &broken(&problem, &assignment)) {
                let idle = self.idle(&facts, &statement, &problem, &assignment);
                if idle.is_empty() {
                    return Ok(Some(Laid { facts, statement, placed }));
                }
                for session in idle {
                    self.leaves(session, led_by_whoever_is_away());
                }
            }
        }
        Ok(None)
    }

    /// Leaves what cannot be read any more, or held at all; whether there is any.
    fn gone<'a>(&mut self, statement: &Statement, unreadable: impl Iterator<Item = &'a Uuid>) -> bool {
        let unreadable: Vec<Uuid> = unreadable.copied().collect();
        let unholdable = statement.unholdable.iter().filter(|(id, _)| self.going.contains(id)).cloned();
        let unholdable: Vec<(Uuid, Bilingual)> = unholdable.collect();
        let any = !unreadable.is_empty() || !unholdable.is_empty();
        for session in unreadable {
            self.leaves(session, gone_since());
        }
        for (session, reason) in unholdable {
            self.leaves(session, reason);
        }
        any
    }

    /// Leaves what breaks hard rules; whether anything does. Of two that go back and cannot stand together the later one stays, when
    /// nothing breaks a rule without the other.
    fn breaks(&mut self, statement: &Statement, broken: &[Violation]) -> bool {
        let going = |found: &Violation| -> Vec<Uuid> {
            let ids = found.sessions.iter().map(|ix| statement.sessions[*ix]);
            ids.filter(|id| self.going.contains(id)).collect()
        };
        let mut stuck: Vec<(Vec<Uuid>, Bilingual)> = broken
            .iter()
            .map(|found| (going(found), Bilingual::new(&found.reason.zh, &found.reason.en)))
            .collect();
        if stuck.iter().any(|(sessions, _)| sessions.len() == 1) {
            stuck.retain(|(sessions, _)| sessions.len() == 1);
        } else {
            stuck.truncate(1);
        }
        let before = self.going.len();
        for (sessions, reason) in stuck {
            if let Some(session) = sessions.last() {
                self.leaves(*session, reason);
            }
        }
        self.going.len() < before
    }

    /// What would go back and yet changes nothing: those who led it then are away, and whoever leads it now goes on.
    fn idle(
        &self,
        facts: &Facts,
        statement: &Statement,
        problem: &Problem,
        assignment: &Assignment,
    ) -> Vec<Uuid> {
        let (changes, withdrawals) = decide(facts, statement, problem, assignment, "");
        let changed = changes.iter().map(|change| change.before.id);
        let changed: HashSet<Uuid> =
            changed.chain(withdrawals.iter().map(|withdrawal| withdrawal.before.id)).collect();
        self.going.difference(&changed).copied().collect()
    }

    /// What cannot go back, in the order of programmes.
    pub fn left(&self, facts: &Facts, cancelled: &[research_session::Model]) -> Vec<Left> {
        let left = facts.sessions.iter().chain(cancelled).filter_map(|session| {
            let reasons = self.left.get(&session.id)?.clone();
            let subject = session.subject_id.and_then(|id| facts.subjects.get(&id));
            let name = title(session, subject.map(|subject| subject.name.as_str()));
            Some(Left { session: session.id, name, reasons })
        });
        left.collect()
    }
}

/// Whether a session is still to come, here or in the earlier plan.
fn may_change(session: &research_session::Model, row: &plan_session::Model, now: DateTime<Utc>) -> bool {
    match session.state {
        SessionState::Published => session.starts_at.is_some_and(|at| at > now),
        SessionState::Undated => row.starts_at.is_some(),
        SessionState::Cancelled | SessionState::Held => false,
    }
}

/// Whether a session stands as the earlier plan had it, led by the same people.
fn stands_so(facts: &Facts, session: &research_session::Model, row: &plan_session::Model) -> bool {
    let stands = (session.starts_at, session.host_school_id, session.room_id, session.second_room_id);
    let had = (row.starts_at, row.host_school_id, row.room_id, row.second_room_id);
    if session.starts_at.is_none() || stands != had {
        return false;
    }
    let people: Vec<PlannedPerson> = serde_json::from_value(row.people.clone()).unwrap_or_default();
    named(&facts.told(session.id)) == named(&people)
}

/// What keeps a session from going back before any rule is asked.
fn obstacle(
    facts: &Facts,
    session: &research_session::Model,
    row: &plan_session::Model,
    now: DateTime<Utc>,
) -> Option<Bilingual> {
    if session.pinned && session.state == SessionState::Published {
        return Some(Bilingual::new("已固定在现在的时间地点", "it is pinned where it stands"));
    }
    if row.starts_at.is_some_and(|at| at <= now) {
        return Some(Bilingual::new("原来的时间已过", "its former time has passed"));
    }
    let was_online = row.starts_at.is_some() && row.room_id.is_none();
    let on_site = research_session::Model { room_id: None, ..session.clone() };
    (was_online && session.room_id.is_some() && was_moved_online(facts, &on_site)).then(|| {
        Bilingual::new(
            "当时临时改在线上；要再改为线上，请用 tongpan session online",
            "it was moved online then: to do so again, use `tongpan session online`",
        )
    })
}

fn called_off() -> Bilingual {
    Bilingual::new(
        "已经取消，不能恢复；仍要举行的，请用 tongpan programme extend 增加一次",
        "it was cancelled and stays so: to hold it after all, add a session with `tongpan programme extend`",
    )
}

fn gone_since() -> Bilingual {
    Bilingual::new(
        "原来的承办校、场地或授课教师已有变动",
        "its former host, room or presenters have changed since",
    )
}

fn led_by_whoever_is_away() -> Bilingual {
    Bilingual::new(
        "原来主持、教研的人当天不在，由现在的人继续担任",
        "those who led it are away on that day: whoever leads it now goes on",
    )
}
