//! The ways to hold all sessions, numbered through, and which of them have people in common.

use super::pairs::bits;
use crate::build::Problem;
use crate::pair::listed;
use crate::problem::{OptionIx, PersonIx, SessionIx};
use crate::scoring::Scoring;

/// What a search never changes.
pub(super) struct World<'p> {
    pub(super) problem: &'p Problem,
    pub(super) scoring: Scoring,
    pub(super) ways: Ways,
}

/// The numbers of (session, option).
#[derive(Debug)]
pub(super) struct Ways {
    /// The number of each session's first option; one more entry than there are sessions.
    begins: Vec<usize>,
}

impl Ways {
    pub(super) fn new(problem: &Problem) -> Ways {
        let mut begins = vec![0];
        for session in &problem.sessions {
            begins.push(begins.last().map_or(0, |last| last + session.options.len()));
        }
        Ways { begins }
    }

    pub(super) fn number(&self, session: SessionIx, option: OptionIx) -> usize {
        self.begins[session] + option
    }

    pub(super) fn count(&self) -> usize {
        self.begins.last().copied().unwrap_or(0)
    }

    pub(super) fn each(&self) -> impl Iterator<Item = (SessionIx, OptionIx)> + '_ {
        let sessions = self.begins.windows(2).enumerate();
        sessions.flat_map(|(session, ends)| (0..ends[1] - ends[0]).map(move |option| (session, option)))
    }
}

/// Whether two ways may bring the same person together, candidates for presenting among them.
#[derive(Debug)]
pub(super) struct Shared {
    /// Who may come, by way.
    people: Vec<Vec<u64>>,
    /// By way and way.
    shared: Vec<u64>,
}

impl Shared {
    pub(super) fn new(problem: &Problem, ways: &Ways) -> Shared {
        let people = ways.each().map(|(session, option)| {
            let candidates = problem.sessions[session].options[option].presenter_slots.iter().flatten();
            let (_, all) = listed(problem, session, option);
            bits(problem, all.into_iter().chain(candidates.copied()))
        });
        let people = people.collect::<Vec<_>>();
        let shared = vec![0; (people.len() * people.len()).div_ceil(64)];
        let mut all = Shared { people, shared };
        (0..ways.count()).for_each(|way| all.compare(way));
        all
    }

    fn compare(&mut self, way: usize) {
        for other in 0..self.people.len() {
            let shares =
                self.people[way].iter().zip(&self.people[other]).any(|(one, other)| one & other != 0);
            if shares {
                for bit in [way * self.people.len() + other, other * self.people.len() + way] {
                    self.shared[bit / 64] |= 1 << (bit % 64);
                }
            }
        }
    }

    pub(super) fn by(&self, one: usize, other: usize) -> bool {
        let bit = one * self.people.len() + other;
        self.shared[bit / 64] >> (bit % 64) & 1 == 1
    }

    /// Takes note of presenters who are no candidates, since a person may name anybody; whether there are any.
    pub(super) fn admit(&mut self, way: usize, presenters: &[PersonIx]) -> bool {
        let mut admitted = false;
        for &person in presenters {
            if self.people[way][person / 64] >> (person % 64) & 1 == 0 {
                self.people[way][person / 64] |= 1 << (person % 64);
                self.compare(way);
                admitted = true;
            }
        }
        admitted
    }
}
