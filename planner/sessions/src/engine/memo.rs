//! Remembers what a session costs its people by itself, for each way to hold it and each start.

use std::collections::BTreeMap;

use super::people::cost_alone;
use super::ways::{Ways, World};
use crate::build::Problem;
use crate::evaluate::visit;
use crate::problem::{DAY, Minute, OptionIx, Placement, SessionIx};
use crate::score::Score;
use crate::week::{Role, Visit, WeekBuffer};

/// Hard, medium and soft penalty; a session costs its people less than two thousand million.
type Entry = [i32; 3];

const UNKNOWN: Entry = [-1; 3];
/// Some required person cannot come, whatever else is planned; the audience was not asked.
const BLOCKED: Entry = [-2; 3];

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
    tables: Vec<Option<Box<[Entry]>>>,
}

/// What is known of a session's cost by itself.
#[derive(Debug, Clone, Copy)]
pub(super) enum Alone {
    Exactly(Score),
    AtLeast(Score),
}

impl Memo {
    pub(super) fn new(problem: &Problem, ways: &Ways) -> Memo {
        let hours = problem.hours;
        let halves = [hours.morning, hours.afternoon, hours.evening].into_iter();
        let halves = halves.filter(|half| half.0 < half.1);
        Memo {
            step: hours.step,
            from: halves.clone().map(|half| half.0).min().unwrap_or(0) / hours.step * hours.step,
            until: halves.map(|half| half.1).max().unwrap_or(DAY),
            days: problem.days.len(),
            alike: alike(problem, ways),
            tables: vec![None; ways.count() * problem.days.len()],
        }
    }

    /// The sum over a placement's people, presenters aside, as if each had nothing else in the week, if it was asked for before;
    /// or less than it, when that is enough to know that a hard rule is broken.
    pub(super) fn known(&mut self, way: usize, start: Minute) -> Option<Alone> {
        match self.entry(way, start) {
            None | Some(&mut UNKNOWN) => None,
            Some(&mut BLOCKED) => Some(Alone::AtLeast(Score { hard: 1, ..Score::ZERO })),
            Some(&mut [hard, medium, soft]) => Some(Alone::Exactly(Score {
                hard: i64::from(hard),
                medium: i64::from(medium),
                soft: i64::from(soft),
            })),
        }
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
        let Some(entry) = self.entry(way, placement.start) else {
            return Alone::Exactly(everybody(world, buffer, session, placement));
        };
        let required = sum(world, buffer, session, placement, true);
        if required.hard > 0 {
            *entry = BLOCKED;
            return Alone::AtLeast(required);
        }
        let score = required + sum(world, buffer, session, placement, false);
        *entry = write(score);
        Alone::Exactly(score)
    }

    /// The same, exactly.
    pub(super) fn exactly(
        &mut self,
        world: &World,
        buffer: &mut WeekBuffer,
        way: usize,
        session: SessionIx,
        placement: &Placement,
    ) -> Score {
        match self.quick(world, buffer, way, session, placement) {
            Alone::Exactly(score) => score,
            // Blocked ones are placed by hand only: that does not come often.
            Alone::AtLeast(_) => everybody(world, buffer, session, placement),
        }
    }

    fn entry(&mut self, way: usize, start: Minute) -> Option<&mut Entry> {
        let of_day = start % DAY;
        if of_day % self.step != 0 || !(self.from..=self.until).contains(&of_day) {
            return None;
        }
        let size = ((self.until - self.from) / self.step + 1) as usize;
        let table = &mut self.tables[self.alike[way] * self.days + (start / DAY) as usize];
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

/// What does not fit stays unknown.
fn write(score: Score) -> Entry {
    let small = |penalty: i64| i32::try_from(penalty).ok();
    let all = small(score.hard).zip(small(score.medium)).zip(small(score.soft));
    all.map_or(UNKNOWN, |((hard, medium), soft)| [hard, medium, soft])
}

fn everybody(world: &World, buffer: &mut WeekBuffer, session: SessionIx, placement: &Placement) -> Score {
    sum(world, buffer, session, placement, true) + sum(world, buffer, session, placement, false)
}

fn sum(
    world: &World,
    buffer: &mut WeekBuffer,
    session: SessionIx,
    placement: &Placement,
    required: bool,
) -> Score {
    let problem = world.problem;
    let part = visit(problem, session, placement, Role::Required);
    let mut score = Score::ZERO;
    let mut add = |person, role| {
        score += cost_alone(world, buffer, person, Visit { role, ..part });
    };
    if required {
        let required = problem.invited(session, placement.option).required.iter();
        required.for_each(|&person| add(person, Role::Required));
        return score;
    }
    let audience = problem.audience_on(session, placement.option, part.day);
    audience.for_each(|(person, role)| add(person, role));
    score
}
