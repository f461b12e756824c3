//! Days on which everybody who matters has the same to do: most weeks of a term repeat, so what was found for one day holds for many.

use std::collections::BTreeMap;

use super::keys::joined;
use super::ways::Ways;
use crate::build::Problem;
use crate::problem::{DayIx, PersonIx, PlaceIx};
use crate::rng::mix;

/// All that decides what a single visit on a day costs a person: where she is based, lessons covered and sessions of the week outside
/// the plan, and the number of the list of what fills her day.
type Pattern = (PlaceIx, u16, u16, u32);

/// The patterns of everybody's days.
#[derive(Debug)]
pub(super) struct Alike {
    days: usize,
    /// By person and day.
    pattern: Vec<u32>,
}

impl Alike {
    pub(super) fn new(problem: &Problem) -> Alike {
        let days = problem.days.len();
        let mut numbers = BTreeMap::new();
        let mut pattern = Vec::with_capacity(problem.people.len() * days);
        for person in 0..problem.people.len() {
            for day in 0..days {
                let next = numbers.len() as u32;
                pattern.push(*numbers.entry(pattern_of(problem, person, day)).or_insert(next));
            }
        }
        Alike { days, pattern }
    }

    /// The number of the pattern of a person's day.
    pub(super) fn pattern(&self, person: PersonIx, day: DayIx) -> u32 {
        self.pattern[person * self.days + day]
    }

    /// For each way and day the first day that is like it for everybody listed.
    pub(super) fn first_days(&self, problem: &Problem, ways: &Ways) -> Vec<u16> {
        let mut first_days = Vec::with_capacity(ways.count() * self.days);
        for (session, option) in ways.each() {
            let mut seen = BTreeMap::new();
            for day in 0..self.days {
                let required = problem.invited(session, option).required.iter().copied();
                let audience = problem.audience_on(session, option, day).map(|(person, _)| person);
                let everybody = required.chain(audience);
                let key = everybody.fold(1, |key, person| {
                    joined(mix(person as u64 + 1), key ^ u64::from(self.pattern(person, day)))
                });
                first_days.push(*seen.entry(key).or_insert(day as u16));
            }
        }
        first_days
    }
}

fn pattern_of(problem: &Problem, person: PersonIx, day: DayIx) -> Pattern {
    let week = problem.week_of(day);
    let before = (problem.covered_in(person, week), problem.sessions_in(person, week));
    (problem.base_on(person, day), before.0, before.1, problem.list_of_day(person, day))
}
