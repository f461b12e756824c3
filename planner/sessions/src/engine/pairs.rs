//! Sessions that are near each other in time, with what each costs beside its neighbours.

use super::ways::{Ways, World};
use crate::build::Problem;
use crate::pair::{Common, PairView, gap, listed};
use crate::problem::{Minute, Placement, SessionIx};
use crate::score::Score;

/// A placed session in the list of its day.
#[derive(Debug, Clone, Copy)]
struct Placed {
    start: Minute,
    end: Minute,
    session: SessionIx,
}

/// All pairs. Empty where no rule looks at two sessions.
#[derive(Debug)]
pub(super) struct Pairs {
    /// Minutes beyond which no rule looks.
    within: Minute,
    /// The longest session's minutes: nothing that starts earlier than this before a time can still run then.
    longest: Minute,
    /// By day of the start, in no order.
    days: Vec<Vec<Placed>>,
    /// What each session costs beside all others.
    cost: Vec<Score>,
    /// Who is in both, by way and way.
    common: Vec<Common>,
    ways: usize,
}

impl Pairs {
    pub(super) fn new(World { problem, scoring, ways }: &World) -> Option<Pairs> {
        let within = scoring.within()?;
        Some(Pairs {
            within,
            longest: problem.sessions.iter().map(|session| session.minutes).max().unwrap_or(0),
            days: vec![Vec::new(); problem.days.len()],
            cost: vec![Score::ZERO; problem.sessions.len()],
            common: common(problem, ways),
            ways: ways.count(),
        })
    }

    /// What a session costs beside the others now.
    pub(super) fn cost(&self, session: SessionIx) -> Score {
        self.cost[session]
    }

    /// What a session would cost at a placement beside the others.
    pub(super) fn at(
        &self,
        world: &World,
        plan: &[Option<Placement>],
        session: SessionIx,
        placement: &Placement,
    ) -> Score {
        let mut sum = Score::ZERO;
        self.each(world, plan, session, placement, |_, score| sum += score);
        sum
    }

    fn each(
        &self,
        World { problem, scoring, ways }: &World,
        plan: &[Option<Placement>],
        session: SessionIx,
        placement: &Placement,
        mut found: impl FnMut(SessionIx, Score),
    ) {
        let (start, end) = (placement.start, problem.end_of(session, placement.start));
        let row = ways.number(session, placement.option) * self.ways;
        let first = problem.day_of((start - self.within - self.longest).max(0));
        let last = problem.day_of(end + self.within).min(self.days.len() - 1);
        for day in &self.days[first..=last] {
            for other in day {
                let gap = gap((start, end), (other.start, other.end));
                if gap > self.within || other.session == session {
                    continue;
                }
                let Some(theirs) = &plan[other.session] else { continue };
                let common = self.common[row + ways.number(other.session, theirs.option)];
                let view = PairView::new(problem, (session, placement), (other.session, theirs), common);
                found(other.session, scoring.pair(&view, gap));
            }
        }
    }

    /// Moves a session from one placement to another. What the plan shows of it does not matter.
    pub(super) fn apply(
        &mut self,
        world: &World,
        plan: &[Option<Placement>],
        session: SessionIx,
        from: Option<&Placement>,
        to: Option<&Placement>,
    ) {
        let mut cost = std::mem::take(&mut self.cost);
        if let Some(from) = from {
            self.each(world, plan, session, from, |other, score| cost[other] -= score);
            self.days[world.problem.day_of(from.start)].retain(|placed| placed.session != session);
        }
        cost[session] = Score::ZERO;
        if let Some(to) = to {
            let mut sum = Score::ZERO;
            self.each(world, plan, session, to, |other, score| {
                cost[other] += score;
                sum += score;
            });
            cost[session] = sum;
            let end = world.problem.end_of(session, to.start);
            self.days[world.problem.day_of(to.start)].push(Placed { start: to.start, end, session });
        }
        self.cost = cost;
    }
}

fn common(problem: &Problem, ways: &Ways) -> Vec<Common> {
    let people = ways.each().map(|(session, option)| {
        let (required, all) = listed(problem, session, option);
        (bits(problem, required), bits(problem, all))
    });
    let people = people.collect::<Vec<_>>();
    let both = |one: &[u64], other: &[u64]| {
        one.iter().zip(other).map(|(one, other)| (one & other).count_ones()).sum::<u32>() as u16
    };
    let of = |one: &(Vec<u64>, Vec<u64>), other: &(Vec<u64>, Vec<u64>)| Common {
        required: both(&one.0, &other.0),
        at_all: both(&one.1, &other.1),
    };
    people.iter().flat_map(|one| people.iter().map(move |other| of(one, other))).collect()
}

/// A set of people, one bit each.
pub(super) fn bits(problem: &Problem, people: impl IntoIterator<Item = usize>) -> Vec<u64> {
    let mut bits = vec![0; problem.people.len().div_ceil(64)];
    for person in people {
        bits[person / 64] |= 1 << (person % 64);
    }
    bits
}
