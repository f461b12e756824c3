//! A plan with its score, kept up to date move by move.
//!
//! Each grouping remembers its penalty; a move takes out the groupings it touches, changes them and puts them back. Most people of
//! a session have nothing else in that week, and what the session costs them then depends on its time alone. So the penalty of all
//! person-weeks is kept in two parts: per session, the sum over its people as if each had nothing else that week (remembered by
//! [`Memo`], presenters left aside); and per person-week, the correction for what it really holds.

use super::memo::Memo;
use crate::build::Problem;
use crate::constraints::{HostView, PresenterView, RoomDayView, SeriesView, SessionView};
use crate::evaluate::visit;
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
    of_series: Vec<Score>,
    room_days: Vec<Group>,
    cells: Vec<Cell>,
    presenters: Vec<Group>,
    hosts: Vec<Group>,
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
            of_series: vec![Score::ZERO; problem.series.len()],
            room_days: vec![Group::default(); problem.rooms.len() * problem.days.len()],
            cells: vec![Cell::default(); problem.people.len() * problem.weeks()],
            presenters: vec![Group::default(); problem.people.len()],
            hosts: vec![Group::default(); problem.places.len()],
            memo: Memo::new(problem),
            buffer: WeekBuffer::default(),
        };
        for session in 0..sessions {
            state.look_at_session(session);
        }
        for series in 0..problem.series.len() {
            state.look_at_series(series);
        }
        for person in 0..problem.people.len() {
            state.look_at_presenter(person);
        }
        for place in 0..problem.places.len() {
            state.look_at_host(place);
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
        &self.room_days[room * self.problem.days.len() + day].sessions
    }

    /// How often a person presents.
    pub(crate) fn presents(&self, person: PersonIx) -> usize {
        self.presenters[person].sessions.len()
    }

    /// Changes a session whatever it breaks; what stood before is returned.
    pub(crate) fn set(&mut self, session: SessionIx, placement: Option<Placement>) -> Option<Placement> {
        let old = self.plan[session].take();
        if let Some(old) = &old {
            self.take_audience(session, old);
            self.take_frame(session, old);
        }
        match placement {
            None => self.look_at_all_of(session),
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
                None => self.look_at_all_of(session),
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
        let day = problem.day_of(placement.start);
        self.plan[session] = Some(placement.clone());
        self.look_at_all_of(session);
        let alone = self.memo.alone(problem, &self.scoring, &mut self.buffer, session, placement);
        self.alone[session] = alone;
        self.total += alone;
        if let Some(room) = placement.room {
            self.room_days[room * problem.days.len() + day].sessions.push(session);
            self.look_at_room_day(room, day);
        }
        if let Some(place) = problem.place_of(session, placement) {
            self.hosts[place].sessions.push(session);
            self.look_at_host(place);
        }
        for person in crate::build::distinct(&placement.presenters) {
            self.presenters[person].sessions.push(session);
            self.look_at_presenter(person);
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
        if let Some(room) = placement.room {
            remove(&mut self.room_days[room * problem.days.len() + day].sessions, session);
            self.look_at_room_day(room, day);
        }
        if let Some(place) = problem.place_of(session, placement) {
            remove(&mut self.hosts[place].sessions, session);
            self.look_at_host(place);
        }
        for person in problem.required_with_presenters(session, placement) {
            if placement.presenters.contains(&person) {
                remove(&mut self.presenters[person].sessions, session);
                self.look_at_presenter(person);
            }
            self.take_item(person, day, session, Role::Required);
        }
    }

    fn put_audience(&mut self, session: SessionIx, placement: &Placement) {
        let problem = self.problem;
        let part = visit(problem, session, placement, Role::Audience);
        for person in problem.audience_on(session, placement.option, part.day) {
            if !placement.presenters.contains(&person) {
                self.put_item(person, Item { visit: part, counted: Some(Role::Audience) });
            }
        }
    }

    fn take_audience(&mut self, session: SessionIx, placement: &Placement) {
        let problem = self.problem;
        let day = problem.day_of(placement.start);
        for person in problem.audience_on(session, placement.option, day) {
            if !placement.presenters.contains(&person) {
                self.take_item(person, day, session, Role::Audience);
            }
        }
    }

    /// The part with which the sum of a session counts somebody who presents in it.
    fn counted(&self, session: SessionIx, placement: &Placement, presenter: PersonIx) -> Option<Role> {
        let day = self.problem.day_of(placement.start);
        if self.problem.invited(session, placement.option).required.contains(&presenter) {
            return Some(Role::Required);
        }
        self.problem.is_audience(session, placement.option, day, presenter).then_some(Role::Audience)
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
    }

    fn look_at_all_of(&mut self, session: SessionIx) {
        self.look_at_session(session);
        self.look_at_series(self.problem.sessions[session].series);
    }

    fn look_at_session(&mut self, session: SessionIx) {
        let view = SessionView { problem: self.problem, session, placement: self.plan[session].as_ref() };
        let score = self.scoring.session(&view);
        self.total += score - self.of_session[session];
        self.of_session[session] = score;
    }

    fn look_at_series(&mut self, series: usize) {
        let score = self.scoring.of_series(&SeriesView { problem: self.problem, series, plan: &self.plan });
        self.total += score - self.of_series[series];
        self.of_series[series] = score;
    }

    fn look_at_room_day(&mut self, room: RoomIx, day: usize) {
        let group = &mut self.room_days[room * self.problem.days.len() + day];
        let view =
            RoomDayView { problem: self.problem, room, day, sessions: &group.sessions, plan: &self.plan };
        let score = self.scoring.room_day(&view);
        self.total += score - group.score;
        group.score = score;
    }

    fn look_at_presenter(&mut self, person: PersonIx) {
        let group = &mut self.presenters[person];
        let view = PresenterView { problem: self.problem, person, sessions: &group.sessions };
        let score = self.scoring.presenter(&view);
        self.total += score - group.score;
        group.score = score;
    }

    fn look_at_host(&mut self, place: usize) {
        let group = &mut self.hosts[place];
        let view = HostView { problem: self.problem, place, sessions: &group.sessions };
        let score = self.scoring.host(&view);
        self.total += score - group.score;
        group.score = score;
    }
}

/// Members of groupings are in no order.
fn remove(sessions: &mut Vec<SessionIx>, session: SessionIx) {
    if let Some(found) = sessions.iter().position(|&other| other == session) {
        sessions.swap_remove(found);
    }
}
