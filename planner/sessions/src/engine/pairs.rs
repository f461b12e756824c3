//! Sessions that are near each other in time, with what each costs beside its neighbours.
//!
//! What two sessions cost depends on their lengths, the people they share, the minutes between their starts and whether they share a
//! room ([`PairView`]): all pairs that agree in the first two are of one kind, and each kind has a table of the rest.

use std::collections::BTreeMap;

use super::limit::Limit;
use super::ways::{Ways, World};
use crate::build::Problem;
use crate::pair::{Common, PairView, listed};
use crate::problem::{GroupIx, Minute, Placement, SessionIx};
use crate::score::Score;

/// A placed session in the list of its day.
#[derive(Debug, Clone, Copy)]
struct Placed {
    start: Minute,
    /// The grain of time in which it starts.
    grain: i32,
    /// The last grain in which another can start and still be near.
    until: i32,
    session: u32,
    way: u32,
    /// 0: none.
    room: u32,
}

/// What two sessions cost, in little room: most time of a search goes into fetching these.
#[derive(Debug, Clone, Copy)]
struct Entry {
    hard: i16,
    medium: i16,
    soft: i32,
}

impl Entry {
    /// What does not fit is worked out each time.
    fn of(score: Score) -> Entry {
        let parts = (i16::try_from(score.hard), i16::try_from(score.medium), i32::try_from(score.soft));
        match parts {
            (Ok(hard), Ok(medium), Ok(soft)) => Entry { hard, medium, soft },
            _ => UNKNOWN,
        }
    }

    fn read(self) -> Option<Score> {
        let Entry { hard, medium, soft } = self;
        let known = hard != UNKNOWN.hard;
        known.then(|| Score { hard: hard.into(), medium: medium.into(), soft: soft.into() })
    }
}

/// No pair costs so much and fits.
const UNKNOWN: Entry = Entry { hard: i16::MIN, medium: 0, soft: 0 };

/// Pairs for which rules find the same: lengths, people in common and whose weights count.
type Kind = ([Minute; 2], Common, Option<GroupIx>);

/// Where a kind's table lies.
#[derive(Debug, Clone, Copy)]
struct Table {
    /// So many grains earlier the other can start and still be near.
    before: i32,
    /// Differences in grains that the table has.
    size: u32,
    begins: usize,
}

/// All pairs. There are none where no rule looks at two sessions.
#[derive(Debug)]
pub(super) struct Pairs {
    /// Minutes beyond which no rule looks.
    within: Minute,
    /// The longest session's minutes: nothing that starts earlier than this before a time can still run then.
    longest: Minute,
    /// The latest end that any session of a day ever had.
    ends: Vec<Minute>,
    /// By day of the start, in no order.
    days: Vec<Vec<Placed>>,
    /// What each session costs beside all others where it stands.
    cost: Vec<Score>,
    /// By way and way.
    common: Vec<Common>,
    /// By way and way.
    kinds: Vec<u32>,
    ways: usize,
    tables: Vec<Table>,
    entries: Vec<Entry>,
}

/// A session at a place, ready to be laid beside others.
#[derive(Debug, Clone, Copy)]
struct Here {
    placed: Placed,
    /// Where the kinds of its pairs begin.
    row: usize,
}

impl Pairs {
    pub(super) fn new(World { problem, scoring, ways }: &World) -> Option<Pairs> {
        let within = scoring.within()?;
        let mut pairs = Pairs {
            within,
            longest: problem.sessions.iter().map(|session| session.minutes).max().unwrap_or(0),
            ends: vec![Minute::MIN; problem.days.len()],
            days: vec![Vec::new(); problem.days.len()],
            cost: vec![Score::ZERO; problem.sessions.len()],
            common: common(problem, ways),
            kinds: Vec::new(),
            ways: ways.count(),
            tables: Vec::new(),
            entries: Vec::new(),
        };
        pairs.tell_apart(problem, ways);
        Some(pairs)
    }

    /// Finds the kinds of pairs and makes room for their tables.
    fn tell_apart(&mut self, problem: &Problem, ways: &Ways) {
        let step = problem.hours.step;
        let mut numbers: BTreeMap<Kind, u32> = BTreeMap::new();
        for (one, (session, _)) in ways.each().enumerate() {
            for (two, (other, _)) in ways.each().enumerate() {
                let minutes = [session, other].map(|session| problem.sessions[session].minutes);
                let owner = PairView::owner(problem, [session, other]);
                let kind = (minutes, self.common[one * self.ways + two], owner);
                let next = self.tables.len() as u32;
                let number = *numbers.entry(kind).or_insert(next);
                self.kinds.push(number);
                if number < next {
                    continue;
                }
                // One more, for starts that do not lie on a grain.
                let grains = |minutes: Minute| (minutes + self.within) / step + 1;
                let (before, size) =
                    (grains(minutes[1]), (grains(minutes[0]) + grains(minutes[1]) + 1) as u32);
                self.tables.push(Table { before, size, begins: self.entries.len() });
                self.entries.resize(self.entries.len() + size as usize * 2, UNKNOWN);
            }
        }
    }

    /// What a session costs beside the others where it stands.
    pub(super) fn now(&self, session: SessionIx) -> Score {
        self.cost[session]
    }

    /// What a session would cost at a placement beside the others; less, if that is with what it comes on top of above the limit.
    pub(super) fn at(
        &mut self,
        world: &World,
        session: SessionIx,
        placement: &Placement,
        limit: &Limit,
        before: Score,
    ) -> Score {
        let mut sum = Score::ZERO;
        self.each(world, session, placement, |_, score| {
            sum += score;
            !limit.is_exceeded_by(before + sum)
        });
        sum
    }

    /// What two sessions cost beside each other.
    pub(super) fn of_two(
        &mut self,
        world: &World,
        one: (SessionIx, &Placement),
        other: (SessionIx, &Placement),
    ) -> Score {
        let here = self.here(world, one.0, one.1);
        let placed = placed(world, other.0, other.1, self.within);
        self.beside(world, here, placed)
    }

    fn here(&self, world: &World, session: SessionIx, placement: &Placement) -> Here {
        let placed = placed(world, session, placement, self.within);
        Here { placed, row: placed.way as usize * self.ways }
    }

    /// Looks at each other session that may be near, until told to stop.
    fn each(
        &mut self,
        world: &World,
        session: SessionIx,
        placement: &Placement,
        mut found: impl FnMut(SessionIx, Score) -> bool,
    ) {
        let problem = world.problem;
        let here = self.here(world, session, placement);
        let start = placement.start;
        let first = problem.day_of((start - self.within - self.longest).max(0));
        let last = problem.day_of(problem.end_of(session, start) + self.within).min(self.days.len() - 1);
        for day in first..=last {
            if self.ends[day] + self.within < start {
                continue;
            }
            for ix in 0..self.days[day].len() {
                let other = self.days[day][ix];
                let is_near = other.grain <= here.placed.until && here.placed.grain <= other.until;
                if !is_near || other.session == here.placed.session {
                    continue;
                }
                let score = self.beside(world, here, other);
                if score != Score::ZERO && !found(other.session as usize, score) {
                    return;
                }
            }
        }
    }

    fn beside(&mut self, world: &World, here: Here, other: Placed) -> Score {
        let table = self.tables[self.kinds[here.row + other.way as usize] as usize];
        let steps = other.grain - here.placed.grain + table.before;
        if steps as u32 >= table.size {
            return Score::ZERO;
        }
        let same_room = here.placed.room != 0 && here.placed.room == other.room;
        // Sessions in one room are few: their costs lie apart.
        let ix = table.begins + steps as usize + if same_room { table.size as usize } else { 0 };
        let step = world.problem.hours.step;
        let tabled = other.start - here.placed.start == (other.grain - here.placed.grain) * step;
        if tabled && let Some(score) = self.entries[ix].read() {
            return score;
        }
        let score = self.judge(world, here.placed, other, same_room);
        if tabled {
            self.entries[ix] = Entry::of(score);
        }
        score
    }

    fn judge(&self, world: &World, one: Placed, other: Placed, same_room: bool) -> Score {
        let [first, second] = [one, other].map(|placed| (placed.session as usize, placed.start));
        let common = self.common[one.way as usize * self.ways + other.way as usize];
        let view = PairView::new(world.problem, first, second, same_room, common);
        world.scoring.pair(&view, PairView::owner(world.problem, view.sessions))
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
        if let Some(from) = from {
            let day = &mut self.days[world.problem.day_of(from.start)];
            day.retain(|placed| placed.session as usize != session);
            self.each(world, session, from, |other, score| {
                cost[other] -= score;
                true
            });
        }
        cost[session] = Score::ZERO;
        if let Some(to) = to {
            self.each(world, session, to, |other, score| {
                cost[other] += score;
                cost[session] += score;
                true
            });
            let day = world.problem.day_of(to.start);
            self.ends[day] = self.ends[day].max(world.problem.end_of(session, to.start));
            let placed = placed(world, session, to, self.within);
            self.days[day].push(placed);
        }
        self.cost = cost;
    }
}

fn placed(world: &World, session: SessionIx, placement: &Placement, within: Minute) -> Placed {
    let step = world.problem.hours.step;
    let end = world.problem.end_of(session, placement.start);
    Placed {
        start: placement.start,
        grain: placement.start.div_euclid(step),
        until: (end + within).div_euclid(step),
        session: session as u32,
        way: world.ways.number(session, placement.option) as u32,
        room: placement.room.map_or(0, |room| room as u32 + 1),
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
