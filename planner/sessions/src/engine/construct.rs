//! The first plan: sessions that have the fewest places to stand come first.

use std::ops::ControlFlow;
use std::rc::Rc;

use super::candidates::Way;
use super::search::Search;
use crate::problem::{DayIx, Minute, Placement, SessionIx};

/// Starts compared for each session of the first plan.
const COMPARED: usize = 48;

impl Search<'_, '_> {
    /// Places every session that is not placed and can be.
    pub(super) fn construct(&mut self) -> ControlFlow<()> {
        let mut waiting = self.unplaced();
        waiting.sort_by_key(|&session| (self.freedom(session), session));
        self.remember();
        for session in waiting {
            if !self.place_best(session, COMPARED) {
                self.place_anywhere(session);
            }
            self.remember();
            self.report()?;
        }
        ControlFlow::Continue(())
    }

    /// How many places a session has to stand, fewer for more people.
    fn freedom(&self, session: SessionIx) -> usize {
        let starts = self.ways[session].iter().map(|way| way.starts.len()).sum::<usize>();
        let people =
            self.state.problem.sessions[session].options.iter().map(|option| option.audience.len()).max();
        starts / (1 + people.unwrap_or(0) / 10)
    }

    /// Places a session at the best of some random starts; whether any of them was possible.
    pub(super) fn place_best(&mut self, session: SessionIx, compared: usize) -> bool {
        let mut best = None;
        for _ in 0..compared {
            let Some((way, start)) = self.any_slot(session) else {
                return false;
            };
            let Some(placement) = way.placement(&mut self.state, &mut self.rng, session, start) else {
                continue;
            };
            if self.state.try_place(session, placement.clone()).is_err() {
                continue;
            }
            let score = self.state.score();
            self.state.set(session, None);
            if best.as_ref().is_none_or(|(least, _)| score < *least) {
                best = Some((score, placement));
            }
        }
        match best {
            Some((_, placement)) => self.state.try_place(session, placement).is_ok(),
            None => false,
        }
    }

    /// A way at random, and a start that is mostly near where an even spread would put the session.
    pub(super) fn any_slot(&mut self, session: SessionIx) -> Option<(Rc<Way>, Minute)> {
        let ways = self.ways[session].clone();
        if ways.is_empty() {
            return None;
        }
        let way = ways[self.rng.below(ways.len())].clone();
        let even_day = self.even_day(session);
        let start = match self.rng.percent(70) {
            true => way.start_near(&mut self.rng, even_day),
            false => way.any_start(&mut self.rng),
        };
        Some((way, start))
    }

    /// The day on which a session would be, were its programme spread evenly; the middle of the days where that does not matter.
    pub(super) fn even_day(&self, session: SessionIx) -> DayIx {
        let problem = self.state.problem;
        problem.even_day(session).unwrap_or(problem.days.len() / 2)
    }

    /// Places a session at the first start that is possible: a pass over all of them, too long to be part of a move.
    fn place_anywhere(&mut self, session: SessionIx) -> bool {
        let ways = self.ways[session].clone();
        for way in ways.iter() {
            for &start in &way.starts {
                if self.place_at(session, way, start) {
                    return true;
                }
            }
        }
        false
    }

    fn place_at(&mut self, session: SessionIx, way: &Way, start: Minute) -> bool {
        let placement: Option<Placement> = way.placement(&mut self.state, &mut self.rng, session, start);
        placement.is_some_and(|placement| self.state.try_place(session, placement).is_ok())
    }
}
