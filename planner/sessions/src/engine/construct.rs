//! The first plan: sessions that have the fewest places to stand come first.

use std::ops::ControlFlow;

use super::candidates::Way;
use super::limit::Limit;
use super::search::{STRICT, Search};
use crate::problem::{DayIx, Minute, Placement, SessionIx};

/// Starts compared for each session of the first plan.
const COMPARED: usize = 48;

impl<'p> Search<'p> {
    /// Places every session that is not placed and can be.
    pub(super) fn construct(&mut self) -> ControlFlow<()> {
        let mut waiting = self.unplaced();
        waiting.sort_by_key(|&session| (self.freedom(session), session));
        self.remember();
        for session in waiting {
            if !self.replace(session, COMPARED) {
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

    /// Places a session at the best of where it was published and some random starts, as part of a move of several changes; whether any of
    /// them was possible.
    pub(super) fn replace(&mut self, session: SessionIx, compared: usize) -> bool {
        let mut published = self.state.problem.published(session).cloned();
        let mut best = None;
        let mut limit = Limit { weights: STRICT, most: i64::MAX };
        for _ in 0..compared {
            let mut placement = match published.take() {
                Some(published) => Some(published),
                None => {
                    let Some((way, start)) = self.any_slot(session) else {
                        return false;
                    };
                    way.placement(&mut self.state, &mut self.rng, session, start)
                }
            };
            if placement.is_none() {
                continue;
            }
            let Some(difference) = self.state.difference(session, &mut placement, &limit) else {
                continue;
            };
            if difference.hard <= 0 {
                limit.most = STRICT.height(difference) - 1;
                best = placement;
            }
        }
        best.is_some_and(|placement| self.place(session, placement))
    }

    /// A way at random, and a start that is mostly near where an even spread would put the session.
    pub(super) fn any_slot(&mut self, session: SessionIx) -> Option<(&'p Way, Minute)> {
        let ways = &self.ways[session];
        if ways.is_empty() {
            return None;
        }
        let way = &ways[self.rng.below(ways.len())];
        let even_day = self.even_day(session);
        let start = match self.rng.percent(70) {
            true => way.start_near(&mut self.rng, even_day),
            false => way.any_start(&mut self.rng),
        };
        Some((way, start))
    }

    /// The day on which a session would be, were its programme spread evenly; the middle of the days where that does not matter.
    fn even_day(&self, session: SessionIx) -> DayIx {
        let problem = self.state.problem;
        problem.even_day(session).unwrap_or(problem.days.len() / 2)
    }

    /// Places a session at the first start that is possible: a pass over all of them, too long to be part of a move.
    fn place_anywhere(&mut self, session: SessionIx) -> bool {
        let ways = self.ways[session].iter();
        let mut slots = ways.flat_map(|way| way.starts.iter().map(move |&start| (way, start)));
        slots.any(|(way, start)| {
            let placement: Option<Placement> = way.placement(&mut self.state, &mut self.rng, session, start);
            placement.is_some_and(|placement| self.place(session, placement))
        })
    }
}
