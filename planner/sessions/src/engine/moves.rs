//! The moves of one session: another time, another room, another host, another presenter.

use super::candidates::Way;
use super::search::{Search, Tried};
use crate::problem::{DAY, Minute, Placement, SessionIx};

/// The farthest small shift, in steps of the grid.
const SMALL: usize = 5;
/// The farthest shift by whole weeks.
const WEEKS: usize = 3;

impl<'p> Search<'p> {
    /// Makes a random move.
    pub(super) fn propose(&mut self) -> Tried {
        let Some(session) = self.rng.pick(&self.free) else {
            return Tried::Nothing;
        };
        let Some(placement) = self.state.placement(session).cloned() else {
            // Dear, and in vain where the session cannot be placed at all.
            let tries = !self.is_sampling() && self.rng.percent(25);
            return if tries { self.insert(session) } else { Tried::Nothing };
        };
        // Moves of several sessions are dear where people are looked at: each change touches everybody of a session.
        let exchanges = if self.state.looks_at_people() { 40 } else { 150 };
        match self.rng.below(1_000) {
            _ if self.is_sampling() => self.shift(session, placement),
            0 => self.ruin(),
            1..3 => self.make_room(session),
            50..100 => self.change_room(session, placement),
            100..180 => self.change_host(session, placement),
            180..260 => self.change_presenter(session, placement),
            of if of >= 1_000 - exchanges => self.exchange(session, placement),
            _ => self.shift(session, placement),
        }
    }

    pub(super) fn way_of(&self, session: SessionIx, placement: &Placement) -> Option<&'p Way> {
        self.ways[session].iter().find(|way| way.option == placement.option)
    }

    /// Another start: a few steps away, the same time on another day, or any.
    fn shift(&mut self, session: SessionIx, placement: Placement) -> Tried {
        let Some(way) = self.way_of(session, &placement) else {
            return Tried::Nothing;
        };
        let start = match self.rng.below(16) {
            0..5 => self.away(placement.start, SMALL, self.state.problem.hours.step),
            5..7 => self.away(placement.start, WEEKS, 7 * DAY),
            7..9 => way.any_start(&mut self.rng) / DAY * DAY + placement.start % DAY,
            _ => {
                let start = way.any_start(&mut self.rng);
                return self.move_to(way, session, placement, start);
            }
        };
        if !way.starts_at(start) {
            return Tried::Nothing;
        }
        self.move_to(way, session, placement, start)
    }

    fn move_to(&mut self, way: &Way, session: SessionIx, mut placement: Placement, start: Minute) -> Tried {
        if start == placement.start {
            return Tried::Nothing;
        }
        placement.start = start;
        placement.room = way.some_room(&self.state, &mut self.rng, session, &placement);
        self.move_one(session, placement)
    }

    /// A time up to so many strides before or after another.
    fn away(&mut self, from: Minute, most: usize, stride: Minute) -> Minute {
        let away = (1 + self.rng.below(most)) as Minute * stride;
        if self.rng.percent(50) { from + away } else { from - away }
    }

    /// A placement at another start, if that is one, in a room that is free if there is one.
    pub(super) fn shifted(
        &mut self,
        session: SessionIx,
        placement: Placement,
        start: Minute,
    ) -> Option<Placement> {
        let way = self.way_of(session, &placement)?;
        if start == placement.start || !way.starts_at(start) {
            return None;
        }
        let mut moved = Placement { start, ..placement };
        moved.room = way.some_room(&self.state, &mut self.rng, session, &moved);
        Some(moved)
    }

    fn change_room(&mut self, session: SessionIx, placement: Placement) -> Tried {
        let room = self.way_of(session, &placement).and_then(|way| way.any_room(&mut self.rng));
        if room.is_none() || room == placement.room {
            return Tried::Nothing;
        }
        self.move_one(session, Placement { room, ..placement })
    }

    /// Another school, at the same time or at any, with presenters at random or chosen among some.
    fn change_host(&mut self, session: SessionIx, placement: Placement) -> Tried {
        let ways = self.ways[session].len();
        if ways < 2 {
            return Tried::Nothing;
        }
        let way = &self.ways[session][self.rng.below(ways)];
        if way.option == placement.option {
            return Tried::Nothing;
        }
        let start = if self.rng.percent(60) { placement.start } else { way.any_start(&mut self.rng) };
        if !way.starts_at(start) {
            return Tried::Nothing;
        }
        let mut moved = Placement { start, option: way.option, ..placement };
        if !way.may_present(self.state.problem, session, &moved.presenters) {
            let Some(chosen) = way.placement(&mut self.state, &mut self.rng, session, start) else {
                return Tried::Nothing;
            };
            return self.move_one(session, chosen);
        }
        moved.room = way.some_room(&self.state, &mut self.rng, session, &moved);
        self.move_one(session, moved)
    }

    fn change_presenter(&mut self, session: SessionIx, mut placement: Placement) -> Tried {
        let problem = self.state.problem;
        let slots = &problem.sessions[session].options[placement.option].presenter_slots;
        if slots.is_empty() || slots.len() != placement.presenters.len() {
            return Tried::Nothing;
        }
        let slot = self.rng.below(slots.len());
        let Some(person) = self.rng.pick(&slots[slot]) else {
            return Tried::Nothing;
        };
        if placement.presenters.contains(&person) {
            return Tried::Nothing;
        }
        placement.presenters[slot] = person;
        self.move_one(session, placement)
    }
}
