//! Remembers what a session costs its people by itself, for each way to hold it and each start.

use std::collections::BTreeMap;

use super::alike::Alike;
use super::people::{cost_alone, hits};
use super::ways::{Ways, World};
use crate::build::Problem;
use crate::evaluate::visit;
use crate::problem::{DAY, Minute, OptionIx, Placement, SessionIx};
use crate::score::Score;
use crate::week::{Role, Visit, WeekBuffer};

/// Hard, medium and soft penalty, and the most lessons that it hits of anybody; a session costs its people less than two thousand
/// million.
type Entry = [i32; 4];

const UNKNOWN: Entry = [-1; 4];
/// Some required person cannot come, whatever else is planned; the audience was not asked.
const BLOCKED: Entry = [-2; 4];

/// Filled as the search asks; one table per way and day, with one entry per start on the grid.
#[derive(Debug)]
pub(super) struct Memo {
    step: Minute,
    /// First and last time of day of a table.
    from: Minute,
    until: Minute,
    days: usize,
    /// The number of each way's tables: ways that are stated alike share theirs.
    alike: Vec<usize>,
    /// By way and day, the first day that is like it for the way's people.
    first_days: Vec<u16>,
    tables: Vec<Option<Box<[Entry]>>>,
}

/// What is known of a session's cost by itself.
#[derive(Debug, Clone, Copy)]
pub(super) enum Alone {
    /// The cost, and the most lessons that it hits of anybody.
    Exactly(Score, u16),
    /// Somebody required cannot come.
    Blocked,
}

impl Memo {
    pub(super) fn new(problem: &Problem, ways: &Ways, days: &Alike) -> Memo {
        let hours = problem.hours;
        let halves = [hours.morning, hours.afternoon, hours.evening].into_iter();
        let halves = halves.filter(|half| half.0 < half.1);
        Memo {
            step: hours.step,
            from: halves.clone().map(|half| half.0).min().unwrap_or(0) / hours.step * hours.step,
            until: halves.map(|half| half.1).max().unwrap_or(DAY),
            days: problem.days.len(),
            alike: alike(problem, ways),
            first_days: days.first_days(problem, ways),
            tables: vec![None; ways.count() * problem.days.len()],
        }
    }

    /// The sum over a placement's people, presenters aside, as if each had nothing else in the week, with the most lessons that it
    /// hits of anybody; or that a hard rule is broken, where that is known sooner. `None`: it was not asked for before.
    pub(super) fn known(&mut self, way: usize, start: Minute) -> Option<Alone> {
        self.entry(way, start).and_then(|entry| read(*entry))
    }

    /// The same, worked out where it is not known.
    pub(super) fn quick(
        &mut self,
        world: &World,
        buffer: &mut WeekBuffer,
        way: usize,
        session: SessionIx,
        placement: &Placement,
    ) -> Alone {
        if let Some(known) = self.known(way, placement.start) {
            return known;
        }
        let required = sum(world, buffer, session, placement, true);
        if required.0.hard > 0 {
            if let Some(entry) = self.entry(way, placement.start) {
                *entry = BLOCKED;
            }
            return Alone::Blocked;
        }
        let (score, most) = added(required, sum(world, buffer, session, placement, false));
        if let Some(entry) = self.entry(way, placement.start) {
            *entry = write(score, most);
        }
        Alone::Exactly(score, most)
    }

    /// The same, exactly.
    pub(super) fn exactly(
        &mut self,
        world: &World,
        buffer: &mut WeekBuffer,
        way: usize,
        session: SessionIx,
        placement: &Placement,
    ) -> (Score, u16) {
        match self.quick(world, buffer, way, session, placement) {
            Alone::Exactly(score, most) => (score, most),
            // Blocked ones are placed by hand only: that does not come often.
            Alone::Blocked => {
                let required = sum(world, buffer, session, placement, true);
                added(required, sum(world, buffer, session, placement, false))
            }
        }
    }

    fn entry(&mut self, way: usize, start: Minute) -> Option<&mut Entry> {
        let of_day = start % DAY;
        if of_day % self.step != 0 || !(self.from..=self.until).contains(&of_day) {
            return None;
        }
        let size = ((self.until - self.from) / self.step + 1) as usize;
        let day = self.first_days[way * self.days + (start / DAY) as usize];
        let table = &mut self.tables[self.alike[way] * self.days + usize::from(day)];
        let table = table.get_or_insert_with(|| vec![UNKNOWN; size].into_boxed_slice());
        table.get_mut(((of_day - self.from) / self.step) as usize)
    }
}

/// For each way the first that is stated like it: a session of the same programme, length and level that brings the same people to
/// the same place. Only its number differs, and what it costs somebody who has nothing else in the week does not depend on that.
fn alike(problem: &Problem, ways: &Ways) -> Vec<usize> {
    let mut seen = BTreeMap::new();
    let first = |(number, (session, option)): (usize, (SessionIx, OptionIx))| {
        let stated = &problem.sessions[session];
        let held = &stated.options[option];
        let members = held.audience.iter().map(|member| (member.person, member.place, member.optional));
        let key = (stated.series, stated.minutes, stated.level, held.place, held.required.clone());
        *seen.entry((key, members.collect::<Vec<_>>())).or_insert(number)
    };
    ways.each().enumerate().map(first).collect()
}

fn read(entry: Entry) -> Option<Alone> {
    match entry {
        UNKNOWN => None,
        BLOCKED => Some(Alone::Blocked),
        [hard, medium, soft, most] => {
            let [hard, medium, soft] = [hard, medium, soft].map(i64::from);
            Some(Alone::Exactly(Score { hard, medium, soft }, most as u16))
        }
    }
}

/// What does not fit stays unknown.
fn write(score: Score, most: u16) -> Entry {
    let small = |penalty: i64| i32::try_from(penalty).ok();
    let all = small(score.hard).zip(small(score.medium)).zip(small(score.soft));
    all.map_or(UNKNOWN, |((hard, medium), soft)| [hard, medium, soft, i32::from(most)])
}

fn added(one: (Score, u16), other: (Score, u16)) -> (Score, u16) {
    (one.0 + other.0, one.1.max(other.1))
}

/// What those who are required, or those who are invited, cost, and the most lessons hit of any of them.
fn sum(
    world: &World,
    buffer: &mut WeekBuffer,
    session: SessionIx,
    placement: &Placement,
    required: bool,
) -> (Score, u16) {
    let problem = world.problem;
    let part = visit(problem, session, placement, Role::Required);
    let (mut score, mut most) = (Score::ZERO, 0);
    let mut add = |person, role| {
        let part = Visit { role, ..part };
        score += cost_alone(world, buffer, person, part);
        most = most.max(hits(problem, person, &part));
    };
    if required {
        let required = problem.invited(session, placement.option).required.iter();
        required.for_each(|&person| add(person, Role::Required));
    } else {
        let audience = problem.audience_on(session, placement.option, part.day);
        audience.for_each(|(person, role)| add(person, role));
    }
    (score, most)
}
