//! Moves of several sessions. Most change the plan as they go, and are taken back whole unless the limit allows their end.

use super::candidates::presenters;
use super::limit::Limit;
use super::search::{Search, Tried};
use crate::problem::{DAY, DayIx, Minute, Placement, RoomIx, SessionIx};
use crate::score::Score;

/// Starts compared when a session is placed again after making room for another.
const COMPARED_AGAIN: usize = 10;
/// Sessions that may be taken out to make room for one.
const EJECTED: usize = 3;
/// Sessions placed anew together.
const RUINED: usize = 5;

impl Search<'_> {
    /// Two sessions exchange their times, mostly within a programme: start for start, or so that each ends where the other ended.
    pub(super) fn exchange(&mut self, session: SessionIx, placement: Placement) -> Tried {
        let problem = self.state.problem;
        let series = problem.series_sessions(problem.sessions[session].series);
        let other = if self.rng.percent(60) { self.rng.pick(series) } else { self.rng.pick(&self.free) };
        let Some(other) = other.filter(|&other| other != session) else {
            return Tried::Nothing;
        };
        if problem.sessions[other].pinned.is_some() {
            return Tried::Nothing;
        }
        let Some(theirs) = self.state.placement(other).cloned() else {
            return Tried::Nothing;
        };
        let (mine, their) = if self.rng.percent(50) {
            (theirs.start, placement.start)
        } else {
            let ends = |session: SessionIx, placement: &Placement| problem.end_of(session, placement.start);
            let mine = ends(other, &theirs) - problem.sessions[session].minutes;
            (mine, ends(session, &placement) - problem.sessions[other].minutes)
        };
        self.exchange_to((session, placement, mine), (other, theirs, their))
    }

    fn exchange_to(
        &mut self,
        one: (SessionIx, Placement, Minute),
        other: (SessionIx, Placement, Minute),
    ) -> Tried {
        if self.state.is_simple() {
            return self.exchange_at_once(one, other);
        }
        let before = self.state.score();
        let Some(first) = self.shifted(one.0, one.1, one.2) else {
            return Tried::Nothing;
        };
        self.put(one.0, Some(first), &Limit::NONE);
        let Some(second) = self.shifted(other.0, other.1, other.2) else {
            self.undo();
            return Tried::Nothing;
        };
        // The second change may be as bad as the first was good.
        let mut limit = self.limit;
        limit.most -= limit.weights.height(self.state.score() - before);
        if self.put(other.0, Some(second), &limit) { self.settle(before) } else { self.undo() }
    }

    /// The same without making the move before it is allowed; mostly each takes the other's room as well.
    fn exchange_at_once(
        &mut self,
        one: (SessionIx, Placement, Minute),
        other: (SessionIx, Placement, Minute),
    ) -> Tried {
        let rooms = (one.1.room, other.1.room);
        let trade = self.may_be_in(one.0, &one.1, rooms.1) && self.may_be_in(other.0, &other.1, rooms.0);
        let (Some(mut first), Some(mut second)) =
            (self.shifted(one.0, one.1, one.2), self.shifted(other.0, other.1, other.2))
        else {
            return Tried::Nothing;
        };
        if trade && self.rng.percent(70) {
            (second.room, first.room) = rooms;
        }
        let both = [(one.0, &first), (other.0, &second)];
        let Some(difference) = self.state.difference_of_two(both, &self.limit) else {
            return Tried::Refused;
        };
        self.change(one.0, Some(first), difference);
        self.change(other.0, Some(second), Score::ZERO);
        Tried::Taken
    }

    fn may_be_in(&self, session: SessionIx, placement: &Placement, room: Option<RoomIx>) -> bool {
        let way = self.way_of(session, placement);
        room.is_some_and(|room| way.is_some_and(|way| way.has_room(room)))
    }

    /// Places a session that is not placed: where it breaks nothing, where others have to make room, or anywhere.
    pub(super) fn insert(&mut self, session: SessionIx) -> Tried {
        match self.rng.below(10) {
            0..3 => {
                let before = self.state.score();
                if self.replace(session, COMPARED_AGAIN) { self.settle(before) } else { self.undo() }
            }
            3..6 => self.make_room(session),
            _ => self.force(session),
        }
    }

    /// Places a session whatever it breaks beside others, at a time at which it would break nothing by itself: those may give way.
    fn force(&mut self, session: SessionIx) -> Tried {
        let Some((way, start)) = self.any_slot(session).filter(|_| self.may_force) else {
            return Tried::Nothing;
        };
        let bare = Placement { start, option: way.option, room: None, presenters: Vec::new() };
        let Some(presenters) = presenters(&mut self.state, &mut self.rng, session, &bare) else {
            return Tried::Nothing;
        };
        let room = way.some_room(&self.state, &mut self.rng, session, &bare);
        let placement = Placement { room, presenters, ..bare };
        if self.state.breaks_alone(session, &placement) {
            return Tried::Refused;
        }
        self.move_one(session, placement)
    }

    /// Puts a session where others stand in its way, and those elsewhere.
    pub(super) fn make_room(&mut self, session: SessionIx) -> Tried {
        let before = self.state.score();
        let Some((way, start)) = self.any_slot(session) else {
            return Tried::Nothing;
        };
        if self.state.placement(session).is_some() {
            self.take_out(session);
        }
        if let Some(placement) = way.placement(&mut self.state, &mut self.rng, session, start)
            && self.place(session, placement)
        {
            return self.settle(before);
        }
        let mut removed = Vec::new();
        let mut blockers = self.blockers(session, way.option, start);
        self.rng.shuffle(&mut blockers);
        for blocker in blockers.into_iter().take(EJECTED) {
            self.take_out(blocker);
            removed.push(blocker);
            let placement = way.placement(&mut self.state, &mut self.rng, session, start);
            if placement.is_some_and(|placement| self.place(session, placement)) {
                let replaced = removed.into_iter().all(|other| self.replace(other, COMPARED_AGAIN));
                return if replaced { self.settle(before) } else { self.undo() };
            }
        }
        self.undo()
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
        blockers.extend(self.of_month(session, day));
        blockers.retain(|&other| other != session && problem.sessions[other].pinned.is_none());
        blockers.sort_unstable();
        blockers.dedup();
        blockers
    }

    /// The sessions of a monthly programme that stand in the month of a day.
    fn of_month(&self, session: SessionIx, day: DayIx) -> Vec<SessionIx> {
        let problem = self.state.problem;
        let series = problem.sessions[session].series;
        if !problem.series[series].one_per_month {
            return Vec::new();
        }
        let in_month = |other: &&SessionIx| {
            let placement = self.state.placement(**other);
            placement
                .is_some_and(|other| problem.month_of(problem.day_of(other.start)) == problem.month_of(day))
        };
        problem.series_sessions(series).iter().filter(in_month).copied().collect()
    }

    /// Takes a few sessions of one programme, of one person or around one day out of the plan and places them anew.
    pub(super) fn ruin(&mut self) -> Tried {
        let before = self.state.score();
        let Some(centre) = self.rng.pick(&self.free) else {
            return Tried::Nothing;
        };
        let problem = self.state.problem;
        let mut ruined = match self.state.placement(centre) {
            Some(placement) if self.rng.percent(60) => {
                let (day, option) = (placement.start / DAY, placement.option);
                let person = self.rng.pick(&problem.invited(centre, option).required);
                match person.filter(|_| self.rng.percent(50)) {
                    Some(person) => self.state.visits(person).map(|visit| visit.session).collect(),
                    None => self.around(day),
                }
            }
            _ => problem.series_sessions(problem.sessions[centre].series).to_vec(),
        };
        ruined.retain(|&other| {
            problem.sessions[other].pinned.is_none() && self.state.placement(other).is_some()
        });
        self.rng.shuffle(&mut ruined);
        ruined.truncate(RUINED);
        for &session in &ruined {
            self.take_out(session);
        }
        for &session in &ruined {
            self.replace(session, COMPARED_AGAIN);
        }
        self.settle(before)
    }

    fn around(&self, day: Minute) -> Vec<SessionIx> {
        let near = |other: &SessionIx| {
            self.state.placement(*other).is_some_and(|other| (other.start / DAY - day).abs() <= 1)
        };
        self.free.iter().copied().filter(near).collect()
    }
}
