//! Sessions that are near each other in time, with what each costs beside its neighbours.

use super::limit::Limit;
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
    /// What each session costs beside all others; `None` until somebody asks.
    cost: Vec<Option<Score>>,
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
            cost: vec![None; problem.sessions.len()],
            common: common(problem, ways),
            ways: ways.count(),
        })
    }

    /// What a session costs beside the others where it stands.
    pub(super) fn now(
        &mut self,
        world: &World,
        plan: &[Option<Placement>],
        session: SessionIx,
        placement: &Placement,
    ) -> Score {
        self.cost[session].unwrap_or_else(|| {
            let cost = self.at(world, plan, session, placement, &Limit::NONE, Score::ZERO);
            self.cost[session] = Some(cost);
            cost
        })
    }

    /// What a session would cost at a placement beside the others; less, if that is with what it comes on top of above the limit.
    pub(super) fn at(
        &self,
        world: &World,
        plan: &[Option<Placement>],
        session: SessionIx,
        placement: &Placement,
        limit: &Limit,
        before: Score,
    ) -> Score {
        let row = world.ways.number(session, placement.option) * self.ways;
        let mut sum = Score::ZERO;
        for (other, gap) in self.near(world, session, placement.start) {
            let Some(theirs) = &plan[other] else { continue };
            let common = self.common[row + world.ways.number(other, theirs.option)];
            let view = PairView::new(world.problem, (session, placement), (other, theirs), common);
            sum += world.scoring.pair(&view, gap);
            if limit.is_exceeded_by(before + sum) {
                break;
            }
        }
        sum
    }

    /// The other sessions that are near a session's start, with the minutes between.
    fn near<'a>(
        &'a self,
        world: &World,
        session: SessionIx,
        start: Minute,
    ) -> impl Iterator<Item = (SessionIx, Minute)> + 'a {
        let problem = world.problem;
        let (within, end) = (self.within, problem.end_of(session, start));
        let first = problem.day_of((start - within - self.longest).max(0));
        let last = problem.day_of(end + within).min(self.days.len() - 1);
        let others = self.days[first..=last].iter().flatten();
        let others = others.map(move |other| (other.session, gap((start, end), (other.start, other.end))));
        others.filter(move |&(other, gap)| gap <= within && other != session)
    }

    /// Moves a session from one placement to another.
    pub(super) fn apply(
        &mut self,
        world: &World,
        session: SessionIx,
        from: Option<&Placement>,
        to: Option<&Placement>,
    ) {
        let mut cost = std::mem::take(&mut self.cost);
        cost[session] = None;
        for placement in from.into_iter().chain(to) {
            self.near(world, session, placement.start).for_each(|(other, _)| cost[other] = None);
        }
        self.cost = cost;
        if let Some(from) = from {
            let day = &mut self.days[world.problem.day_of(from.start)];
            day.retain(|placed| placed.session != session);
        }
        if let Some(to) = to {
            let end = world.problem.end_of(session, to.start);
            self.days[world.problem.day_of(to.start)].push(Placed { start: to.start, end, session });
        }
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
