//! What a session costs its people.
//!
//! Most people of a session have nothing else in that week, and what it costs them then depends on its time alone ([`Memo`]). Only
//! whoever is in another session of the week as well is looked at one by one; and what was found is remembered under the placements
//! of all sessions of the week that could matter, since a search asks the same again and again.

use super::cache::Cache;
use super::keys::{Keys, joined};
use super::memo::{Alone, Memo};
use super::terms::Terms;
use super::ways::{Shared, World};
use crate::evaluate::{people_of, visit};
use crate::problem::{DayIx, PersonIx, Placement, SessionIx};
use crate::rng::mix;
use crate::score::Score;
use crate::week::{Role, Visit, WeekBuffer};

/// Remembered costs for each session.
const REMEMBERED: usize = 4096;

/// Where a session would be put: what its people's weeks depend on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'a> {
    pub(super) session: SessionIx,
    pub(super) placement: &'a Placement,
    pub(super) keys: Keys,
}

/// Everybody's visits and what they cost.
#[derive(Debug)]
pub(super) struct People {
    shared: Shared,
    /// The placed sessions of each week, with their ways and keys.
    weeks: Vec<Vec<(SessionIx, usize, u64)>>,
    /// By person, in no order.
    visits: Vec<Vec<Visit>>,
    /// How many of them are in each week, by person and week.
    asked: Vec<u16>,
    /// What each person's week costs, by person and week; `None` until somebody asks.
    cells: Vec<Option<Score>>,
    /// What each session costs its people where it stands, with the key of the others it depends on.
    given: Vec<(u64, Score)>,
    pub(super) terms: Option<Terms>,
    memo: Memo,
    known: Cache,
    buffer: WeekBuffer,
    /// People and weeks that a change touches.
    touched: Vec<(PersonIx, usize)>,
}

/// What an empty week with a single visit costs a person.
pub(super) fn cost_alone(world: &World, buffer: &mut WeekBuffer, person: PersonIx, visit: Visit) -> Score {
    buffer.visits.clear();
    buffer.visits.push(visit);
    world.scoring.person_week(&buffer.settle(world.problem, person))
}

impl People {
    /// `None` where no rule looks at people.
    pub(super) fn new(world: &World) -> Option<People> {
        let World { problem, scoring, ways } = world;
        if !scoring.looks_at_weeks() && !scoring.looks_at_terms() {
            return None;
        }
        let shared = Shared::new(problem, ways);
        Some(People {
            terms: scoring.looks_at_terms().then(|| Terms::new(world, &shared)),
            shared,
            weeks: vec![Vec::new(); problem.weeks()],
            visits: vec![Vec::new(); problem.people.len()],
            asked: vec![0; problem.people.len() * problem.weeks()],
            cells: vec![None; problem.people.len() * problem.weeks()],
            given: vec![(0, Score::ZERO); problem.sessions.len()],
            memo: Memo::new(problem, ways),
            known: Cache::new(problem.sessions.len() * REMEMBERED),
            buffer: WeekBuffer::default(),
            touched: Vec::new(),
        })
    }

    /// A person's visits.
    pub(super) fn visits(&self, person: PersonIx) -> &[Visit] {
        &self.visits[person]
    }

    /// A person's visits in the week of a day.
    pub(super) fn week_of<'a>(
        &'a self,
        world: &'a World,
        person: PersonIx,
        day: DayIx,
    ) -> impl Iterator<Item = Visit> + Clone + 'a {
        let week = world.problem.week_of(day);
        let visits = self.visits[person].iter().copied();
        visits.filter(move |visit| world.problem.week_of(visit.day) == week)
    }

    /// Takes note of presenters who are no candidates.
    pub(super) fn admit(&mut self, world: &World, session: SessionIx, placement: &Placement) {
        let way = world.ways.number(session, placement.option);
        if self.shared.admit(way, &placement.presenters)
            && let Some(terms) = &mut self.terms
        {
            terms.admit(world, &self.shared, session);
        }
    }

    /// What a session costs its people where it stands: what would be saved by taking it out.
    pub(super) fn given(&mut self, world: &World, spot: Spot) -> Score {
        if !world.scoring.looks_at_weeks() {
            return Score::ZERO;
        }
        let others = self.others(world, spot);
        let key = joined(spot.keys.people, others);
        if self.given[spot.session].0 != key {
            self.given[spot.session] = (key, self.exactly(world, spot, others));
        }
        self.given[spot.session].1
    }

    /// What a session would cost its people at a spot: exactly, where that is known or quickly found; at least, otherwise.
    pub(super) fn quick(&mut self, world: &World, spot: Spot, from: Option<Spot>) -> Alone {
        if !world.scoring.looks_at_weeks() {
            return Alone::Exactly(Score::ZERO);
        }
        let others = self.others(world, spot);
        let way = world.ways.number(spot.session, spot.placement.option);
        let base = if others == 0 {
            self.memo.known(way, spot.placement.start)
        } else {
            self.known.get(base_key(way, spot, others)).map(Alone::Exactly)
        };
        match base {
            Some(Alone::Exactly(base)) => {
                if let Some(presenting) = self.known_presenting(world, spot, others) {
                    return Alone::Exactly(base + presenting);
                }
            }
            Some(blocked) => return blocked,
            None => {}
        }
        // In a week of their own, people cost something or nothing, but never less.
        let floor = if others == 0 { Score::ZERO } else { self.floor(world, spot, from) };
        Alone::AtLeast(floor)
    }

    /// What a session would cost its people at a spot.
    pub(super) fn at(&mut self, world: &World, spot: Spot) -> Score {
        if !world.scoring.looks_at_weeks() {
            return Score::ZERO;
        }
        let others = self.others(world, spot);
        self.exactly(world, spot, others)
    }

    /// No more can be saved than the people's weeks cost now.
    fn floor(&mut self, world: &World, spot: Spot, from: Option<Spot>) -> Score {
        let week_of = |spot: Spot| world.problem.week_of(world.problem.day_of(spot.placement.start));
        let week = week_of(spot);
        let mut floor = Score::ZERO;
        each_once(world, spot, |person, _| floor -= self.week_now(world, person, week));
        let Some(from) = from.filter(|&from| week_of(from) == week) else {
            return floor;
        };
        // In one week, what is saved by taking the session out is saved in the same cells.
        if from.placement.option != spot.placement.option || from.keys.day != spot.keys.day {
            each_once(world, from, |person, _| floor -= self.week_now(world, person, week));
        }
        floor + self.given(world, from)
    }

    /// What a person's week costs now.
    fn week_now(&mut self, world: &World, person: PersonIx, week: usize) -> Score {
        let cell = person * world.problem.weeks() + week;
        if self.asked[cell] == 0 {
            return Score::ZERO;
        }
        if let Some(known) = self.cells[cell] {
            return known;
        }
        let visits = self.visits[person].iter().copied();
        self.buffer.visits.clear();
        self.buffer.visits.extend(visits.filter(|visit| world.problem.week_of(visit.day) == week));
        let score = settled(world, &mut self.buffer, person);
        self.cells[cell] = Some(score);
        score
    }

    /// The sessions of a spot's week that may share people with it, as a key; 0: there are none.
    fn others(&self, world: &World, spot: Spot) -> u64 {
        let way = world.ways.number(spot.session, spot.placement.option);
        let week = world.problem.week_of(world.problem.day_of(spot.placement.start));
        let mut key = 0;
        for &(session, other, placed) in &self.weeks[week] {
            if session != spot.session && self.shared.by(way, other) {
                key ^= placed;
            }
        }
        key
    }

    fn exactly(&mut self, world: &World, spot: Spot, others: u64) -> Score {
        let way = world.ways.number(spot.session, spot.placement.option);
        let base = if others == 0 {
            self.memo.exactly(world, &mut self.buffer, way, spot.session, spot.placement)
        } else {
            let key = base_key(way, spot, others);
            self.known.get(key).unwrap_or_else(|| {
                let score = self.beside_others(world, way, spot);
                self.known.put(key, score);
                score
            })
        };
        base + self.presenting(world, spot, others)
    }

    /// The sum over everybody listed, presenters in the part with which they are listed.
    fn beside_others(&mut self, world: &World, way: usize, spot: Spot) -> Score {
        let (session, placement) = (spot.session, spot.placement);
        let mut score = self.memo.exactly(world, &mut self.buffer, way, session, placement);
        let part = visit(world.problem, session, placement, Role::Required);
        let week = world.problem.week_of(part.day);
        let stays = self.weeks[week].iter().any(|&(other, ..)| other == session);
        each_listed(world, session, placement, part.day, |person, role| {
            let asked = usize::from(self.asked[person * world.problem.weeks() + week]);
            if asked > usize::from(stays) || (asked == 1 && self.is_elsewhere(world, person, &part)) {
                let part = Visit { role, ..part };
                score += self.added(world, person, session, part.day, Some(part));
                score -= cost_alone(world, &mut self.buffer, person, part);
            }
        });
        score
    }

    fn is_elsewhere(&self, world: &World, person: PersonIx, part: &Visit) -> bool {
        let week = world.problem.week_of(part.day);
        let mut others = self.visits[person].iter().filter(|visit| visit.session != part.session);
        others.any(|visit| world.problem.week_of(visit.day) == week)
    }

    /// What presenting adds to what the presenters cost as they are listed.
    fn presenting(&mut self, world: &World, spot: Spot, others: u64) -> Score {
        let (session, placement) = (spot.session, spot.placement);
        let mut score = Score::ZERO;
        for (person, key) in presenter_keys(world, spot, others) {
            score += self.known.get(key).unwrap_or_else(|| {
                let added = self.presents(world, person, session, placement);
                self.known.put(key, added);
                added
            });
        }
        score
    }

    /// The same, if it was asked for before.
    fn known_presenting(&self, world: &World, spot: Spot, others: u64) -> Option<Score> {
        let mut known = presenter_keys(world, spot, others).map(|(_, key)| self.known.get(key));
        known.try_fold(Score::ZERO, |sum, added| Some(sum + added?))
    }

    fn presents(
        &mut self,
        world: &World,
        person: PersonIx,
        session: SessionIx,
        placement: &Placement,
    ) -> Score {
        let problem = world.problem;
        let part = visit(problem, session, placement, Role::Required);
        let listed = match problem.invited(session, placement.option).required.contains(&person) {
            true => return Score::ZERO,
            false => problem.role_in_audience(session, placement.option, part.day, person),
        };
        let listed = listed.map(|role| Visit { role, ..part });
        self.week_with(world, person, session, part.day, Some(part))
            - self.week_with(world, person, session, part.day, listed)
    }

    /// What a visit adds to a person's week, in place of any part she has in the session already.
    pub(super) fn added(
        &mut self,
        world: &World,
        person: PersonIx,
        session: SessionIx,
        day: DayIx,
        part: Option<Visit>,
    ) -> Score {
        self.week_with(world, person, session, day, part) - self.week_with(world, person, session, day, None)
    }

    /// What a person's week costs with another part in a session.
    fn week_with(
        &mut self,
        world: &World,
        person: PersonIx,
        session: SessionIx,
        day: DayIx,
        part: Option<Visit>,
    ) -> Score {
        let week = world.problem.week_of(day);
        let visits = self.visits[person].iter();
        let visits = visits.filter(|visit| world.problem.week_of(visit.day) == week);
        if part.is_none() && visits.clone().all(|visit| visit.session != session) {
            return self.week_now(world, person, week);
        }
        self.buffer.visits.clear();
        self.buffer.visits.extend(visits.filter(|visit| visit.session != session).copied().chain(part));
        settled(world, &mut self.buffer, person)
    }

    /// Moves a session's people from one placement to another.
    pub(super) fn apply(&mut self, world: &World, session: SessionIx, from: Option<Spot>, to: Option<Spot>) {
        let problem = world.problem;
        let mut cells = std::mem::take(&mut self.touched);
        cells.clear();
        let week_of = |spot: &Spot| problem.week_of(problem.day_of(spot.placement.start));
        if let Some(from) = &from {
            let week = week_of(from);
            self.weeks[week].retain(|&(other, ..)| other != session);
            for (person, _) in people_of(problem, session, from.placement) {
                let visits = &mut self.visits[person];
                if let Some(found) = visits.iter().position(|visit| visit.session == session) {
                    visits.swap_remove(found);
                }
                self.asked[person * problem.weeks() + week] -= 1;
                cells.push((person, week));
            }
        }
        if let Some(to) = &to {
            let week = week_of(to);
            let way = world.ways.number(session, to.placement.option);
            self.weeks[week].push((session, way, to.keys.people));
            for (person, role) in people_of(problem, session, to.placement) {
                self.visits[person].push(visit(problem, session, to.placement, role));
                self.asked[person * problem.weeks() + week] += 1;
                cells.push((person, week));
            }
        }
        for &(person, week) in &cells {
            self.cells[person * problem.weeks() + week] = None;
        }
        if let Some(terms) = &mut self.terms {
            cells.sort_unstable();
            cells.dedup_by_key(|&mut (person, _)| person);
            let keys = (from.map(|spot| spot.keys), to.map(|spot| spot.keys));
            terms.apply(world, &self.visits, &cells, session, keys);
        }
        self.touched = cells;
    }

    /// What changes in people's terms when a session moves; at least, or exactly.
    pub(super) fn term_floor(&self, world: &World, from: Option<Spot>, to: Option<Spot>) -> Score {
        let Some(terms) = &self.terms else { return Score::ZERO };
        let mut floor = Score::ZERO;
        for spot in from.into_iter().chain(to) {
            each_once(world, spot, |person, _| floor -= terms.cost(person));
        }
        floor
    }

    /// What changes in people's terms when a session moves.
    pub(super) fn term_difference(
        &mut self,
        world: &World,
        session: SessionIx,
        from: Option<Spot>,
        to: Option<Spot>,
    ) -> Score {
        match &mut self.terms {
            Some(terms) => terms.difference(world, &self.visits, session, from, to),
            None => Score::ZERO,
        }
    }
}

/// What the week in the buffer costs.
fn settled(world: &World, buffer: &mut WeekBuffer, person: PersonIx) -> Score {
    if buffer.visits.is_empty() {
        return Score::ZERO;
    }
    world.scoring.person_week(&buffer.settle(world.problem, person))
}

/// The presenters of a spot, each once, with the keys of what presenting adds.
fn presenter_keys<'a>(
    world: &World,
    spot: Spot<'a>,
    others: u64,
) -> impl Iterator<Item = (PersonIx, u64)> + 'a {
    let way = world.ways.number(spot.session, spot.placement.option);
    let key = base_key(way, spot, others);
    let presenters = &spot.placement.presenters;
    let once = move |&(ix, person): &(usize, &PersonIx)| !presenters[..ix].contains(person);
    let presenters = presenters.iter().enumerate().filter(once);
    presenters.map(move |(_, &person)| (person, joined(key, mix(person as u64 + 1))))
}

fn base_key(way: usize, spot: Spot, others: u64) -> u64 {
    joined(mix((way as u64) << 32 | u64::from(spot.placement.start as u32)), others)
}

/// Everybody listed in a way to hold a session on a day, with the part that the list gives her.
fn each_listed(
    world: &World,
    session: SessionIx,
    placement: &Placement,
    day: DayIx,
    mut found: impl FnMut(PersonIx, Role),
) {
    for &person in &world.problem.invited(session, placement.option).required {
        found(person, Role::Required);
    }
    world.problem.audience_on(session, placement.option, day).for_each(|(person, role)| found(person, role));
}

/// Everybody at a spot, each at least once.
pub(super) fn each_once(world: &World, spot: Spot, mut found: impl FnMut(PersonIx, Role)) {
    let day = world.problem.day_of(spot.placement.start);
    each_listed(world, spot.session, spot.placement, day, &mut found);
    spot.placement.presenters.iter().for_each(|&person| found(person, Role::Required));
}
