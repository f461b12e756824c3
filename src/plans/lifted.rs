//! Published sessions lifted from where they stand, to be put elsewhere by hand: one of them, or many at once.

use std::collections::{HashMap, HashSet};

use session_planner::{
    Assignment, HostOption, Level, OptionIx, Placement, Problem, RoomIx, RuleScore, Rules, Session,
    SessionIx, Violation, attendance, evaluate,
};
use uuid::Uuid;

use super::facts::Facts;
use super::people::people;
use super::placing::{self, Stand, outside_the_term};
use super::prepare::{change, rule_broken};
use super::solve::build;
use super::statement::{Statement, state};
use crate::entity::research_session;
use crate::entity::values::ParticipantRole;
use crate::error::{Result, UserError};
use crate::scope::Scope;
use crate::sessions::effects::Change;

/// A problem in which some published sessions are free to go elsewhere, and all others stand.
pub struct Lifted {
    facts: Facts,
    statement: Statement,
    problem: Problem,
}

impl Lifted {
    /// States the problem with `sessions` lifted; with `online`, they may be held online whatever their programme says. What is held
    /// online, or shall be, is so with those who were told of it.
    pub fn of(
        scope: &Scope,
        mut facts: Facts,
        sessions: &[&research_session::Model],
        online: bool,
    ) -> Result<Self> {
        for session in sessions {
            match online || session.room_id.is_none() {
                true => facts.free(&HashSet::from([session.id])),
                false => facts.lift(session.id),
            }
        }
        let mut statement = state(&facts, scope.zone(), scope.now());
        for session in sessions {
            let Some(ix) = statement.sessions.iter().position(|id| *id == session.id) else { continue };
            // Whoever moves it by hand answers for the presenters' week of notice.
            let notice = facts.settings_of(session.group_id).notice(false);
            let earliest = statement.minute(scope.now() + notice);
            let told = statement.published.get(&session.id).map(|told| told.option);
            let stated = &mut statement.input.sessions[ix];
            stated.earliest = earliest;
            if let Some(told) = told {
                may_be_online(stated, told);
            }
        }
        let problem = build(&statement)?;
        Ok(Self { facts, statement, problem })
    }

    /// The number of a session; `None` when no programme says who takes part.
    pub fn session(&self, id: Uuid) -> Option<SessionIx> {
        self.statement.sessions.iter().position(|other| *other == id)
    }

    /// Where all others stand.
    pub fn standing(&self) -> Assignment {
        self.problem.sessions.iter().map(|session| session.pinned.clone()).collect()
    }

    /// The hard rules that a session breaks where `assignment` has it, as the user reads them.
    pub fn faults(&self, assignment: &Assignment, session: SessionIx) -> Vec<UserError> {
        if let Some(fault) = self.problem.unreadable(assignment).first() {
            return vec![outside_the_term(fault)];
        }
        self.broken(assignment, session).iter().flat_map(|(_, found)| found.iter().map(rule_broken)).collect()
    }

    /// The hard rules that a session breaks in one assignment and broke less, or not at all, in another.
    pub fn new_faults(&self, was: &Assignment, is: &Assignment, session: SessionIx) -> Vec<UserError> {
        let amount = |found: &[Violation]| found.iter().map(|violation| violation.amount).sum::<i64>();
        let before: HashMap<&str, i64> =
            self.broken(was, session).iter().map(|(rule, found)| (*rule, amount(found))).collect();
        let after = self.broken(is, session);
        let worse =
            after.iter().filter(|(rule, found)| amount(found) > before.get(rule).copied().unwrap_or(0));
        worse.flat_map(|(_, found)| found.iter().map(rule_broken)).collect()
    }

    fn broken(&self, assignment: &Assignment, session: SessionIx) -> Vec<(&'static str, Vec<Violation>)> {
        let rules = Rules::standard();
        let hard: Vec<&str> =
            rules.iter().filter(|rule| rule.level == Level::Hard).map(|rule| rule.name).collect();
        let judged = evaluate(&self.problem, &rules.only(&hard), assignment).rules;
        let concerning = |rule: RuleScore| {
            let concerns = |violation: &Violation| violation.sessions.contains(&session);
            (rule.name, rule.violations.into_iter().filter(concerns).collect())
        };
        judged.into_iter().map(concerning).collect()
    }

    /// What becomes of the rows of placed `sessions`, with everybody's part.
    pub fn changes(
        &self,
        assignment: &Assignment,
        sessions: &[(SessionIx, &research_session::Model)],
        reason: &str,
    ) -> Vec<Change> {
        let attendances = attendance(&self.problem, assignment);
        let changed = |(ix, row): &(SessionIx, &research_session::Model)| {
            let (ix, placement) = (*ix, assignment[*ix].as_ref()?);
            let people = people(&self.facts, &self.statement, &self.problem, ix, placement, &attendances[ix]);
            let (facts, statement) = (&self.facts, &self.statement);
            let change = change(facts, statement, &self.problem, ix, placement, (*row).clone(), people);
            Some(Change { reason: Some(reason.to_owned()), ..change })
        };
        sessions.iter().filter_map(changed).collect()
    }

    /// A whole placement where `wish` says; what it leaves out stays as people were told.
    ///
    /// # Errors
    /// As [`placing::placement`].
    pub fn placement(
        &self,
        session: SessionIx,
        wish: &Stand,
        row: &research_session::Model,
    ) -> Result<Placement> {
        placing::placement(&self.statement, &self.problem, session, wish, &self.told(row))
    }

    /// The same time, held online.
    ///
    /// # Errors
    /// `Rejected` when there is no way to hold it.
    pub fn online(&self, session: SessionIx, row: &research_session::Model) -> Result<Placement> {
        let online = Stand { host_school_id: None, room_id: None, second_room_id: None, ..self.told(row) };
        placing::placement(&self.statement, &self.problem, session, &Stand::default(), &online)
    }

    /// Rooms of the school of a placement that have the equipment and the seats, the smallest first.
    pub fn rooms(&self, session: SessionIx, option: OptionIx) -> Vec<RoomIx> {
        let fitting = placing::fitting(&self.problem, session, option).into_iter();
        fitting.filter(|(_, seated)| *seated).map(|(room, _)| room).collect()
    }

    /// The school that a room belongs to; `None` for an unknown room.
    pub fn school_of(&self, room: Uuid) -> Option<Uuid> {
        self.facts.rooms.iter().find(|row| row.id == room).map(|row| row.school_id)
    }

    /// Where people were told that the session stands.
    fn told(&self, row: &research_session::Model) -> Stand {
        let told = self.facts.participants.get(&row.id).map_or(&[][..], Vec::as_slice);
        let presenting = told.iter().filter(|person| person.role == ParticipantRole::Presenter);
        Stand {
            starts_at: row.starts_at,
            host_school_id: row.host_school_id,
            room_id: row.room_id,
            second_room_id: row.second_room_id,
            presenters: Some(presenting.map(|person| person.teacher_id).collect()),
        }
    }
}

/// A way to hold a session online, with those who were told of it.
fn may_be_online(session: &mut Session, told: OptionIx) {
    if session.options.iter().any(|option| option.place.is_none()) {
        return;
    }
    let told = session.options[told].clone();
    session.options.push(HostOption { place: None, allowed: true, second_room: None, ..told });
}
