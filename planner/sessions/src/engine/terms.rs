//! What everybody's terms cost.

use super::cache::Cache;
use super::keys::{Keys, joined};
use super::people::Spot;
use super::ways::{Shared, World};
use crate::constraints::PersonTerm;
use crate::evaluate::{people_of, visit};
use crate::problem::{PersonIx, SessionIx};
use crate::rng::mix;
use crate::score::Score;
use crate::week::Visit;

/// Remembered differences for each session.
const REMEMBERED: usize = 1024;

/// Everybody's terms.
#[derive(Debug)]
pub(super) struct Terms {
    /// What each person's term costs.
    cost: Vec<Score>,
    /// The sessions with which each session may share people, itself among them.
    near: Vec<Vec<SessionIx>>,
    /// The keys of where those stand, added bit by bit.
    around: Vec<u64>,
    known: Cache,
    parts: Vec<Visit>,
    /// What was looked at last, and what each person's term would cost then.
    looked_at: (u64, Vec<(PersonIx, Score)>),
}

impl Terms {
    pub(super) fn new(world: &World, shared: &Shared) -> Terms {
        let sessions = world.problem.sessions.len();
        let mut terms = Terms {
            cost: vec![Score::ZERO; world.problem.people.len()],
            near: (0..sessions).map(|session| near(world, shared, session)).collect(),
            around: vec![0; sessions],
            known: Cache::new(sessions * REMEMBERED),
            parts: Vec::new(),
            looked_at: (0, Vec::new()),
        };
        for person in 0..world.problem.people.len() {
            terms.cost[person] = terms.of(world, person, std::iter::empty());
        }
        terms
    }

    /// What a person's term costs now.
    pub(super) fn cost(&self, person: PersonIx) -> Score {
        self.cost[person]
    }

    /// What everybody's terms cost now.
    pub(super) fn total(&self) -> Score {
        self.cost.iter().fold(Score::ZERO, |sum, &cost| sum + cost)
    }

    /// Takes note that a session may share people with others than before.
    pub(super) fn admit(&mut self, world: &World, shared: &Shared, session: SessionIx) {
        for other in near(world, shared, session) {
            for (one, other) in [(session, other), (other, session)] {
                if !self.near[one].contains(&other) {
                    self.near[one].push(other);
                    // Whatever stood there was not counted; what was remembered without it must not be found again.
                    self.around[one] = mix(self.around[one]);
                }
            }
        }
    }

    /// What changes when a session moves.
    pub(super) fn difference(
        &mut self,
        world: &World,
        visits: &[Vec<Visit>],
        session: SessionIx,
        from: Option<Spot>,
        to: Option<Spot>,
    ) -> Score {
        let key_of = |spot: Option<Spot>| spot.map_or(0, |spot| spot.keys.day);
        if key_of(from) == key_of(to) {
            return Score::ZERO;
        }
        let key = self.key_of(session, key_of(to));
        if let Some(score) = self.known.get(key) {
            return score;
        }
        let score = self.look(world, visits, session, from, to);
        self.known.put(key, score);
        self.looked_at.0 = key;
        score
    }

    /// Of a session's way to a day, with where the others stand that matter.
    fn key_of(&self, session: SessionIx, day: u64) -> u64 {
        joined(mix(day ^ session as u64), self.around[session])
    }

    fn look(
        &mut self,
        world: &World,
        visits: &[Vec<Visit>],
        session: SessionIx,
        from: Option<Spot>,
        to: Option<Spot>,
    ) -> Score {
        let problem = world.problem;
        let mut people = std::mem::take(&mut self.looked_at.1);
        people.clear();
        let mut score = Score::ZERO;
        for (person, role) in to.into_iter().flat_map(|to| people_of(problem, session, to.placement)) {
            let others = visits[person].iter().filter(|visit| visit.session != session).copied();
            let part = to.map(|to| visit(problem, session, to.placement, role));
            let cost = self.of(world, person, others.chain(part));
            score += cost - self.cost[person];
            people.push((person, cost));
        }
        let arriving = people.len();
        people.sort_unstable_by_key(|&(person, _)| person);
        for (person, _) in from.into_iter().flat_map(|from| people_of(problem, session, from.placement)) {
            if people[..arriving].binary_search_by_key(&person, |&(person, _)| person).is_err() {
                let others = visits[person].iter().filter(|visit| visit.session != session).copied();
                let cost = self.of(world, person, others);
                score += cost - self.cost[person];
                people.push((person, cost));
            }
        }
        self.looked_at.1 = people;
        score
    }

    fn of(&mut self, world: &World, person: PersonIx, visits: impl Iterator<Item = Visit>) -> Score {
        self.parts.clear();
        self.parts.extend(visits.map(Visit::on_its_day));
        world.scoring.person_term(&PersonTerm { problem: world.problem, person, visits: &self.parts })
    }

    /// Looks again at people after a session moved.
    pub(super) fn apply(
        &mut self,
        world: &World,
        visits: &[Vec<Visit>],
        people: &[(PersonIx, usize)],
        session: SessionIx,
        keys: (Option<Keys>, Option<Keys>),
    ) {
        let [from, to] = [keys.0, keys.1].map(|keys| keys.unwrap_or_default().day);
        if from == to {
            return;
        }
        if self.looked_at.0 == self.key_of(session, to) {
            self.looked_at.1.iter().for_each(|&(person, cost)| self.cost[person] = cost);
        } else {
            for &(person, _) in people {
                self.cost[person] = self.of(world, person, visits[person].iter().copied());
            }
        }
        self.looked_at.0 = 0;
        let change = from ^ to;
        for &other in &self.near[session] {
            self.around[other] ^= change;
        }
    }
}

fn near(world: &World, shared: &Shared, session: SessionIx) -> Vec<SessionIx> {
    let options = world.problem.sessions[session].options.len();
    let may_share = |&other: &SessionIx| {
        let theirs = world.problem.sessions[other].options.len();
        (0..options).any(|ours| {
            let way = world.ways.number(session, ours);
            (0..theirs).any(|theirs| shared.by(way, world.ways.number(other, theirs)))
        })
    };
    (0..world.problem.sessions.len()).filter(|&other| other == session || may_share(&other)).collect()
}
