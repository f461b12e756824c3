//! A plan with its score, kept up to date move by move.
//!
//! Each grouping remembers its penalty; a move takes out the groupings it touches, changes them and puts them back. Most people of
//! a session have nothing else in that week, and what the session costs them then depends on its time alone. So the penalty of all
//! person-weeks is kept in two parts: per session, the sum over its people as if each had nothing else that week (remembered by
//! [`Memo`], presenters left aside); and per person-week, the correction for what it really holds.

use super::memo::Memo;
use crate::build::Problem;
use crate::constraints::{PersonTerm, SessionView};
use crate::evaluate::visit;
use crate::grouping::{Grouping, SetView};
use crate::problem::{Assignment, PersonIx, Placement, RoomIx, SessionIx};
use crate::score::Score;
use crate::scoring::Scoring;
use crate::week::{Role, Visit, WeekBuffer};

/// A person's part in a session of her week.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Item {
    pub(crate) visit: Visit,
    /// The part with which the session's own sum counts her; `None`: it does not.
    counted: Option<Role>,
}

#[derive(Debug, Clone, Default)]
struct Cell {
    items: Vec<Item>,
    correction: Score,
}

#[derive(Debug, Clone, Default)]
struct Group {
    sessions: Vec<SessionIx>,
    score: Score,
}

/// A placement was refused because it would break a hard rule.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HardRule;

/// A plan under search.
pub(crate) struct State<'p> {
    pub(crate) problem: &'p Problem,
    scoring: Scoring,
    plan: Assignment,
    total: Score,
    of_session: Vec<Score>,
    alone: Vec<Score>,
    /// By grouping, then by set.
    sets: Vec<Vec<Group>>,
    cells: Vec<Cell>,
    /// What each person's term costs.
    terms: Vec<Score>,
    parts: Vec<Visit>,
    memo: Memo,
    buffer: WeekBuffer,
}

impl<'p> State<'p> {
    /// The plan in which nothing is placed.
    pub(crate) fn new(problem: &'p Problem, scoring: Scoring) -> State<'p> {
        let sessions = problem.sessions.len();
        let mut state = State {
            problem,
            scoring,
            plan: vec![None; sessions],
            total: Score::ZERO,
            of_session: vec![Score::ZERO; sessions],
            alone: vec![Score::ZERO; sessions],
            sets: Grouping::ALL.iter().map(|of| vec![Group::default(); of.sets(problem)]).collect(),
            cells: vec![Cell::default(); problem.people.len() * problem.weeks()],
            terms: vec![Score::ZERO; problem.people.len()],
            parts: Vec::new(),
            memo: Memo::new(problem),
            buffer: WeekBuffer::default(),
        };
        for session in 0..sessions {
            state.look_at_session(session);
        }
        for person in 0..problem.people.len() {
            state.look_at_term(person);
        }
        state
    }

    pub(crate) fn score(&self) -> Score {
        self.total
    }

    pub(crate) fn plan(&self) -> &Assignment {
        &self.plan
    }

    pub(crate) fn placement(&self, session: SessionIx) -> Option<&Placement> {
        self.plan[session].as_ref()
    }

    /// What a person has to do in the week of a day.
    pub(crate) fn week_of(&self, person: PersonIx, day: usize) -> &[Item] {
        &self.cells[person * self.problem.weeks() + self.problem.week_of(day)].items
    }

    /// The sessions in a room on a day.
    pub(crate) fn in_room(&self, room: RoomIx, day: usize) -> &[SessionIx] {
        &self.sets[Grouping::RoomDay as usize][room * self.problem.days.len() + day].sessions
    }

    /// The sessions of a set.
    pub(crate) fn members(&self, grouping: Grouping, set: usize) -> &[SessionIx] {
        &self.sets[grouping as usize][set].sessions
    }

    /// How often a person presents.
    pub(crate) fn presents(&self, person: PersonIx) -> usize {
        self.sets[Grouping::Presenter as usize][person].sessions.len()
    }

    /// Changes a session whatever it breaks; what stood before is returned.
    pub(crate) fn set(&mut self, session: SessionIx, placement: Option<Placement>) -> Option<Placement> {
        let old = self.plan[session].take();
        if let Some(old) = &old {
            self.take_audience(session, old);
            self.take_frame(session, old);
        }
        match placement {
            None => self.look_at_session(session),
            Some(placement) => {
                self.put_frame(session, &placement);
                self.put_audience(session, &placement);
            }
        }
        old
    }

    /// Places a session unless that breaks a hard rule; then nothing changes. Returns what stood before.
    pub(crate) fn try_place(
        &mut self,
        session: SessionIx,
        placement: Placement,
    ) -> Result<Option<Placement>, HardRule> {
        if self.breaks_alone(session, &placement) {
            return Err(HardRule);
        }
        let before = self.total.hard;
        let old = self.plan[session].take();
        if let Some(old) = &old {
            self.take_frame(session, old);
        }
        self.put_frame(session, &placement);
        if self.total.hard > before {
            self.take_frame(session, &placement);
            match old {
                None => self.look_at_session(session),
                Some(old) => self.put_frame(session, &old),
            }
            return Err(HardRule);
        }
        if let Some(old) = &old {
            self.take_audience(session, old);
        }
        self.put_audience(session, &placement);
        Ok(old)
    }

    /// Whether a placement breaks a hard rule even in an empty plan.
    fn breaks_alone(&mut self, session: SessionIx, placement: &Placement) -> bool {
        let view = SessionView { problem: self.problem, session, placement: Some(placement) };
        if self.scoring.session(&view).hard > 0 {
            return true;
        }
        let (problem, scoring, buffer) = (self.problem, &self.scoring, &mut self.buffer);
        self.memo.is_blocked(problem, scoring, buffer, session, placement)
    }

    /// What a part would cost a person who had nothing else in that week.
    pub(crate) fn cost_alone(
        problem: &Problem,
        scoring: &Scoring,
        buffer: &mut WeekBuffer,
        person: PersonIx,
        visit: Visit,
    ) -> Score {
        buffer.visits.clear();
        buffer.visits.push(visit);
        scoring.person_week(&buffer.settle(problem, person))
    }

    /// What it would add to a person's week to be required at a session, in place of any part she has in it already.
    pub(crate) fn cost_of_requiring(&mut self, person: PersonIx, visit: Visit) -> Score {
        let cell = person * self.problem.weeks() + self.problem.week_of(visit.day);
        let others = self.cells[cell].items.iter().map(|item| item.visit);
        let others = others.filter(|other| other.session != visit.session);
        self.buffer.visits.clear();
        self.buffer.visits.extend(others.clone());
        let without = match self.buffer.visits.is_empty() {
            true => Score::ZERO,
            false => self.scoring.person_week(&self.buffer.settle(self.problem, person)),
        };
        self.buffer.visits.push(visit);
        self.scoring.person_week(&self.buffer.settle(self.problem, person)) - without
    }

    /// Puts in everything but the audience: all that hard rules can depend on.
    fn put_frame(&mut self, session: SessionIx, placement: &Placement) {
        let problem = self.problem;
        self.plan[session] = Some(placement.clone());
        self.look_at_session(session);
        let alone = self.memo.alone(problem, &self.scoring, &mut self.buffer, session, placement);
        self.alone[session] = alone;
        self.total += alone;
        for grouping in Grouping::ALL {
            grouping.each_set(problem, session, placement, |set| {
                self.sets[grouping as usize][set].sessions.push(session);
                self.look_at_set(grouping, set);
            });
        }
        for person in crate::build::distinct(&placement.presenters) {
            let counted = self.counted(session, placement, person);
            self.put_item(
                person,
                Item { visit: visit(problem, session, placement, Role::Required), counted },
            );
        }
        for ix in 0..problem.invited(session, placement.option).required.len() {
            let person = problem.invited(session, placement.option).required[ix];
            if !placement.presenters.contains(&person) {
                let visit = visit(problem, session, placement, Role::Required);
                self.put_item(person, Item { visit, counted: Some(Role::Required) });
            }
        }
    }

    /// Takes out what [`State::put_frame`] put in. The session itself is left for the caller to look at again.
    fn take_frame(&mut self, session: SessionIx, placement: &Placement) {
        let problem = self.problem;
        let day = problem.day_of(placement.start);
        self.plan[session] = None;
        self.total -= self.alone[session];
        self.alone[session] = Score::ZERO;
        for grouping in Grouping::ALL {
            grouping.each_set(problem, session, placement, |set| {
                remove(&mut self.sets[grouping as usize][set].sessions, session);
                self.look_at_set(grouping, set);
            });
        }
        for person in problem.required_with_presenters(session, placement) {
            self.take_item(person, day, session, Role::Required);
        }
    }

    fn put_audience(&mut self, session: SessionIx, placement: &Placement) {
        let problem = self.problem;
        let part = visit(problem, session, placement, Role::Audience);
        for (person, role) in problem.audience_on(session, placement.option, part.day) {
            if !placement.presenters.contains(&person) {
                self.put_item(person, Item { visit: Visit { role, ..part }, counted: Some(role) });
            }
        }
    }

    fn take_audience(&mut self, session: SessionIx, placement: &Placement) {
        let problem = self.problem;
        let day = problem.day_of(placement.start);
        for (person, role) in problem.audience_on(session, placement.option, day) {
            if !placement.presenters.contains(&person) {
                self.take_item(person, day, session, role);
            }
        }
    }

    /// The part with which the sum of a session counts somebody who presents in it.
    fn counted(&self, session: SessionIx, placement: &Placement, presenter: PersonIx) -> Option<Role> {
        let day = self.problem.day_of(placement.start);
        if self.problem.invited(session, placement.option).required.contains(&presenter) {
            return Some(Role::Required);
        }
        self.problem.role_in_audience(session, placement.option, day, presenter)
    }

    fn put_item(&mut self, person: PersonIx, item: Item) {
        let cell = person * self.problem.weeks() + self.problem.week_of(item.visit.day);
        self.cells[cell].items.push(item);
        self.correct(person, cell);
    }

    fn take_item(&mut self, person: PersonIx, day: usize, session: SessionIx, role: Role) {
        let cell = person * self.problem.weeks() + self.problem.week_of(day);
        let items = &mut self.cells[cell].items;
        let found = items.iter().position(|item| item.visit.session == session && item.visit.role == role);
        if let Some(found) = found {
            items.swap_remove(found);
        }
        self.correct(person, cell);
    }

    fn correct(&mut self, person: PersonIx, ix: usize) {
        let cell = &mut self.cells[ix];
        let correction = match cell.items.as_slice() {
            [] => Score::ZERO,
            [only] if only.counted == Some(only.visit.role) => Score::ZERO,
            items => {
                let (problem, scoring, buffer) = (self.problem, &self.scoring, &mut self.buffer);
                let mut counted = Score::ZERO;
                for item in items {
                    if let Some(role) = item.counted {
                        let part = Visit { role, ..item.visit };
                        counted += State::cost_alone(problem, scoring, buffer, person, part);
                    }
                }
                buffer.visits.clear();
                buffer.visits.extend(items.iter().map(|item| item.visit));
                scoring.person_week(&buffer.settle(problem, person)) - counted
            }
        };
        self.total += correction - cell.correction;
        cell.correction = correction;
        self.look_at_term(person);
    }

    fn look_at_session(&mut self, session: SessionIx) {
        let view = SessionView { problem: self.problem, session, placement: self.plan[session].as_ref() };
        let score = self.scoring.session(&view);
        self.total += score - self.of_session[session];
        self.of_session[session] = score;
    }

    fn look_at_set(&mut self, grouping: Grouping, set: usize) {
        let group = &mut self.sets[grouping as usize][set];
        let view = SetView { problem: self.problem, set, sessions: &group.sessions, plan: &self.plan };
        let score = self.scoring.set(grouping, &view);
        self.total += score - group.score;
        group.score = score;
    }

    fn look_at_term(&mut self, person: PersonIx) {
        let weeks = self.problem.weeks();
        self.parts.clear();
        for cell in &self.cells[person * weeks..(person + 1) * weeks] {
            self.parts.extend(cell.items.iter().map(|item| item.visit));
        }
        let view = PersonTerm { problem: self.problem, person, visits: &self.parts };
        let score = self.scoring.person_term(&view);
        self.total += score - self.terms[person];
        self.terms[person] = score;
    }
}

/// Members of sets are in no order.
fn remove(sessions: &mut Vec<SessionIx>, session: SessionIx) {
    if let Some(found) = sessions.iter().position(|&other| other == session) {
        sessions.swap_remove(found);
    }
}
