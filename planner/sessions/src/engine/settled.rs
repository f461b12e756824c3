//! What people's weeks cost, remembered: a term's weeks are much the same, so what was found for one holds for many.

use super::alike::Alike;
use super::cache::Cache;
use super::keys::joined;
use super::ways::World;
use crate::build::Problem;
use crate::problem::{DAY, PersonIx};
use crate::rng::mix;
use crate::score::Score;
use crate::week::{Visit, WeekBuffer};

/// Remembered weeks for each session.
const REMEMBERED: usize = 1024;

/// Settles weeks, each once.
#[derive(Debug)]
pub(super) struct Settled {
    alike: Alike,
    known: Cache,
    pub(super) buffer: WeekBuffer,
}

impl Settled {
    pub(super) fn new(problem: &Problem, alike: Alike) -> Settled {
        let known = Cache::new(problem.sessions.len() * REMEMBERED);
        Settled { alike, known, buffer: WeekBuffer::default() }
    }

    /// What a person's week with these visits costs; all are in one week.
    pub(super) fn week(
        &mut self,
        world: &World,
        person: PersonIx,
        visits: impl Iterator<Item = Visit>,
    ) -> Score {
        let visits_of = &mut self.buffer.visits;
        visits_of.clear();
        visits_of.extend(visits);
        if visits_of.is_empty() {
            return Score::ZERO;
        }
        let key = self.key(world.problem, person);
        if let Some(score) = key.and_then(|key| self.known.get(key)) {
            return score;
        }
        let score = world.scoring.person_week(&self.buffer.settle(world.problem, person));
        if let Some(key) = key {
            self.known.put(key, score);
        }
        score
    }

    /// All that the cost of the week in the buffer depends on; `None` where two sessions start at once, since then their numbers
    /// decide which comes first.
    fn key(&self, problem: &Problem, person: PersonIx) -> Option<u64> {
        let visits = &self.buffer.visits;
        let mut key = 0;
        for (ix, visit) in visits.iter().enumerate() {
            if visits[..ix].iter().any(|other| other.start == visit.start) {
                return None;
            }
            key ^= self.key_of(problem, person, visit);
        }
        Some(joined(mix(person as u64), key))
    }

    fn key_of(&self, problem: &Problem, person: PersonIx, visit: &Visit) -> u64 {
        let day =
            u64::from(self.alike.pattern(person, visit.day)) << 3 | u64::from(problem.weekday_of(visit.day));
        let time = (visit.start % DAY) as u64 * DAY as u64 + (visit.end - visit.start) as u64;
        let place = visit.place.map_or(0, |place| place as u64 + 1);
        let level = u64::from(problem.sessions[visit.session].level);
        mix(mix(day << 32 | time) ^ (place << 16 | level << 4 | visit.role as u64))
    }
}
