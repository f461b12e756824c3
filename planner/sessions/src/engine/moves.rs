//! The moves. Each changes the plan through [`Search::place`] and [`Search::remove`], so that it can be taken back whole.

use std::rc::Rc;

use super::candidates::{Way, presenters};
use super::search::Search;
use crate::problem::{DAY, Minute, Placement, SessionIx};

/// Starts compared when a session is placed again after making room for another.
const COMPARED_AGAIN: usize = 10;
/// Sessions that may be taken out to make room for one.
const EJECTED: usize = 3;
/// Sessions placed anew together.
const RUINED: usize = 5;

impl Search<'_, '_> {
    /// Makes a random move; whether it went through. What it did before failing is in the log.
    pub(super) fn propose(&mut self) -> bool {
        // Looking for unplaced sessions takes a pass over the plan, so not at every step.
        if self.rng.percent(10) {
            let waiting = self.unplaced();
            if let Some(session) = self.rng.pick(&waiting) {
                return self.insert(session);
            }
        }
        let Some(session) = self.rng.pick(&self.free) else {
            return false;
        };
        let Some(placement) = self.state.placement(session).cloned() else {
            return self.insert(session);
        };
        match self.rng.below(100) {
            0..45 => self.shift(session, placement),
            45..50 => self.change_room(session, placement),
            50..68 => self.change_host(session, placement),
            68..82 => self.swap(session, placement),
            82..95 => self.change_presenter(session, placement),
            95..98 => self.make_room(session),
            _ => self.ruin(),
        }
    }

    fn way_of(&self, session: SessionIx, placement: &Placement) -> Option<Rc<Way>> {
        self.ways[session].iter().find(|way| way.option == placement.option).cloned()
    }

    /// Another start: a few steps away, the same time on another day, or any.
    fn shift(&mut self, session: SessionIx, placement: Placement) -> bool {
        let Some(way) = self.way_of(session, &placement) else {
            return false;
        };
        let even_day = self.even_day(session);
        let start = match self.rng.below(5) {
            0 => {
                let steps = 1 + self.rng.below(6) as Minute;
                let away = steps * self.state.problem.hours.step;
                if self.rng.percent(50) { placement.start + away } else { placement.start - away }
            }
            1 => {
                let weeks = 1 + self.rng.below(3) as Minute;
                let away = weeks * 7 * DAY;
                if self.rng.percent(50) { placement.start + away } else { placement.start - away }
            }
            2 => way.start_near(&mut self.rng, even_day),
            3 => way.any_start(&mut self.rng) / DAY * DAY + placement.start % DAY,
            _ => way.any_start(&mut self.rng),
        };
        if start == placement.start || way.starts.binary_search(&start).is_err() {
            return false;
        }
        let moved = Placement { start, ..placement };
        let Some(moved) = way.with_room(&self.state, session, moved) else {
            return false;
        };
        if self.place(session, moved.clone()) {
            return true;
        }
        if moved.presenters.is_empty() {
            return false;
        }
        let Some(presenters) = presenters(&mut self.state, &mut self.rng, session, &moved) else {
            return false;
        };
        self.place(session, Placement { presenters, ..moved })
    }

    fn change_room(&mut self, session: SessionIx, placement: Placement) -> bool {
        let Some(way) = self.way_of(session, &placement) else {
            return false;
        };
        let room = way.any_room(&mut self.rng);
        room.is_some() && room != placement.room && self.place(session, Placement { room, ..placement })
    }

    /// Another school, at the same time or at any.
    fn change_host(&mut self, session: SessionIx, placement: Placement) -> bool {
        if self.ways[session].len() < 2 {
            return false;
        }
        let ix = self.rng.below(self.ways[session].len());
        let way = self.ways[session][ix].clone();
        if way.option == placement.option {
            return false;
        }
        let start = if self.rng.percent(60) { placement.start } else { way.any_start(&mut self.rng) };
        if way.starts.binary_search(&start).is_err() {
            return false;
        }
        let moved = way.placement(&mut self.state, &mut self.rng, session, start);
        moved.is_some_and(|moved| self.place(session, moved))
    }

    /// Two sessions exchange their starts, mostly within a programme.
    fn swap(&mut self, session: SessionIx, placement: Placement) -> bool {
        let series = self.state.problem.sessions[session].series;
        let other = if self.rng.percent(60) {
            self.rng.pick(self.state.problem.series_sessions(series))
        } else {
            self.rng.pick(&self.free)
        };
        let Some(other) = other.filter(|&other| other != session) else {
            return false;
        };
        if self.state.problem.sessions[other].pinned.is_some() {
            return false;
        }
        let Some(theirs) = self.state.placement(other).cloned() else {
            return false;
        };
        if theirs.start == placement.start {
            return false;
        }
        self.remove(other);
        self.move_to(session, &placement, theirs.start) && self.move_to(other, &theirs, placement.start)
    }

    fn move_to(&mut self, session: SessionIx, placement: &Placement, start: Minute) -> bool {
        let Some(way) = self.way_of(session, placement) else {
            return false;
        };
        if way.starts.binary_search(&start).is_err() {
            return false;
        }
        let moved = way.with_room(&self.state, session, Placement { start, ..placement.clone() });
        moved.is_some_and(|moved| self.place(session, moved))
    }

    fn change_presenter(&mut self, session: SessionIx, placement: Placement) -> bool {
        let problem = self.state.problem;
        let slots = &problem.sessions[session].options[placement.option].presenter_slots;
        if slots.is_empty() {
            return false;
        }
        let mut presenters = placement.presenters.clone();
        let slot = self.rng.below(slots.len());
        let Some(person) = self.rng.pick(&slots[slot]) else {
            return false;
        };
        if presenters.contains(&person) {
            return false;
        }
        presenters[slot] = person;
        let moved = Placement { presenters, ..placement };
        // Another presenter may be one person more or less in the room.
        self.place(session, moved)
    }

    fn insert(&mut self, session: SessionIx) -> bool {
        if self.rng.percent(40) {
            return self.replace(session, COMPARED_AGAIN);
        }
        self.make_room(session)
    }

    /// Puts a session where others stand in its way, and those elsewhere.
    fn make_room(&mut self, session: SessionIx) -> bool {
        let Some((way, start)) = self.any_slot(session) else {
            return false;
        };
        if self.state.placement(session).is_some() {
            self.remove(session);
        }
        if let Some(placement) = way.placement(&mut self.state, &mut self.rng, session, start)
            && self.place(session, placement)
        {
            return true;
        }
        let mut removed = Vec::new();
        let mut blockers = self.blockers(session, way.option, start);
        self.rng.shuffle(&mut blockers);
        for blocker in blockers.into_iter().take(EJECTED) {
            self.remove(blocker);
            removed.push(blocker);
            let placement = way.placement(&mut self.state, &mut self.rng, session, start);
            if placement.is_some_and(|placement| self.place(session, placement)) {
                return removed.into_iter().all(|other| self.replace(other, COMPARED_AGAIN));
            }
        }
        false
    }

    /// Sessions that may be in the way of one: at the same school or with the same people that day, or in its programme's month.
    fn blockers(&self, session: SessionIx, option: usize, start: Minute) -> Vec<SessionIx> {
        let problem = self.state.problem;
        let day = problem.day_of(start);
        let mut blockers = Vec::new();
        for &person in &problem.invited(session, option).required {
            let visits = self.state.week_of(person, day);
            blockers.extend(visits.filter(|visit| visit.day == day).map(|visit| visit.session));
        }
        if let Some(place) = problem.sessions[session].options[option].place {
            for &room in problem.rooms_at(place) {
                blockers.extend_from_slice(self.state.in_room(room, day));
            }
        }
        let series = problem.sessions[session].series;
        if problem.series[series].one_per_month {
            let in_month = |other: &&SessionIx| {
                let placement = self.state.placement(**other);
                placement.is_some_and(|other| {
                    problem.month_of(problem.day_of(other.start)) == problem.month_of(day)
                })
            };
            blockers.extend(problem.series_sessions(series).iter().filter(in_month));
        }
        blockers.retain(|&other| other != session && problem.sessions[other].pinned.is_none());
        blockers.sort_unstable();
        blockers.dedup();
        blockers
    }

    /// Takes a few sessions of one programme, or around one day, out of the plan and places them anew.
    pub(super) fn ruin(&mut self) -> bool {
        let Some(centre) = self.rng.pick(&self.free) else {
            return false;
        };
        let problem = self.state.problem;
        let mut ruined = match self.state.placement(centre) {
            Some(placement) if self.rng.percent(50) => {
                let day = placement.start / DAY;
                let near = |other: &SessionIx| {
                    self.state.placement(*other).is_some_and(|other| (other.start / DAY - day).abs() <= 1)
                };
                self.free.iter().copied().filter(near).collect::<Vec<_>>()
            }
            _ => problem.series_sessions(problem.sessions[centre].series).to_vec(),
        };
        ruined.retain(|&other| {
            problem.sessions[other].pinned.is_none() && self.state.placement(other).is_some()
        });
        self.rng.shuffle(&mut ruined);
        ruined.truncate(RUINED);
        for &session in &ruined {
            self.remove(session);
        }
        for &session in &ruined {
            self.replace(session, COMPARED_AGAIN);
        }
        true
    }
}
