//! What a session costs its people.
//!
//! Most people of a session have nothing else in that week, and what it costs them then depends on its time alone ([`Memo`]). Of the
//! others, most have it on another day and are far from any weekly limit: then the days cost what each costs by itself
//! ([`Check::PersonWeek`](crate::Check)). Only who remains is looked at one by one.

use super::alike::Alike;
use super::asked::Asked;
use super::keys::{Keys, joined};
use super::memo::{Alone, Memo};
use super::settled::Settled;
use super::terms::Terms;
use super::ways::{Shared, World};
use crate::build::Problem;
use crate::evaluate::{people_of, visit};
use crate::problem::{AudienceMember, DayIx, PersonIx, Placement, SessionIx};
use crate::score::Score;
use crate::week::{Role, Visit, WeekBuffer, lessons_hit};

/// Where a session would be put: what its people's weeks depend on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'a> {
    pub(super) session: SessionIx,
    pub(super) placement: &'a Placement,
    pub(super) keys: Keys,
}

/// What is known of a cost.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cost {
    Exactly(Score),
    AtLeast(Score),
}

/// Everybody's visits and what they cost.
#[derive(Debug)]
pub(super) struct People {
    shared: Shared,
    /// The placed sessions of each week, with their ways and keys.
    weeks: Vec<Vec<(SessionIx, usize, u64)>>,
    /// Who has something in each week.
    asked: Asked,
    /// By person, in no order.
    visits: Vec<Vec<Visit>>,
    /// By person and week.
    cells: Vec<Cell>,
    /// What each person's week costs, by person and week; `None` until somebody asks.
    costs: Vec<Option<Score>>,
    /// By person.
    limits: Vec<Weekly>,
    /// Whether anybody is only welcome anywhere.
    has_guests: bool,
    /// What each session costs its people where it stands, with the key of the others it depends on.
    given: Vec<(u64, Score)>,
    pub(super) terms: Option<Terms>,
    memo: Memo,
    settled: Settled,
    /// People and weeks that a change touches.
    touched: Vec<(PersonIx, usize)>,
    /// People of a session who are asked to something else in the week.
    elsewhere: Vec<PersonIx>,
}

/// A person's week at a glance.
#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    /// Her visits.
    asked: u16,
    /// Her visits, and sessions outside the plan.
    sessions: u16,
    /// Lessons that they hit, and lessons covered outside the plan.
    hits: u16,
    /// Her visits by day of the week.
    days: [u16; 7],
}

impl Cell {
    /// Counts a visit in, or out.
    fn count(&mut self, visit: &Visit, hits: u16, comes: bool) {
        let day = &mut self.days[visit.day % 7];
        if comes {
            self.asked += 1;
            self.sessions += 1;
            self.hits += hits;
            *day += 1;
        } else {
            self.asked -= 1;
            self.sessions -= 1;
            self.hits -= hits;
            *day -= 1;
        }
    }
}

/// What a person may be asked to in a week before any limit is felt.
#[derive(Debug, Clone, Copy)]
struct Weekly {
    sessions: u16,
    covers: u16,
}

impl Weekly {
    fn of(problem: &Problem, person: PersonIx) -> Weekly {
        let limits = problem.limits_of(problem.people[person].group);
        Weekly { sessions: limits.sessions_per_week.unwrap_or(u16::MAX), covers: limits.cover_per_week }
    }
}

/// Everybody in the audience of any way to hold any session.
fn members(problem: &Problem) -> impl Iterator<Item = &AudienceMember> {
    let options = problem.sessions.iter().flat_map(|session| &session.options);
    options.flat_map(|option| &option.audience)
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
        let alike = Alike::new(problem);
        let cell = |(person, week)| Cell {
            sessions: problem.sessions_in(person, week),
            hits: problem.covered_in(person, week),
            ..Cell::default()
        };
        let people = 0..problem.people.len();
        let cells = people.clone().flat_map(|person| (0..problem.weeks()).map(move |week| (person, week)));
        Some(People {
            terms: scoring.looks_at_terms().then(|| Terms::new(world, &shared)),
            shared,
            weeks: vec![Vec::new(); problem.weeks()],
            asked: Asked::new(problem, ways),
            visits: vec![Vec::new(); problem.people.len()],
            cells: cells.map(cell).collect(),
            costs: vec![None; problem.people.len() * problem.weeks()],
            limits: people.map(|person| Weekly::of(problem, person)).collect(),
            has_guests: members(problem).any(|member| member.optional),
            given: vec![(0, Score::ZERO); problem.sessions.len()],
            memo: Memo::new(problem, ways, &alike),
            settled: Settled::new(problem, alike),
            touched: Vec::new(),
            elsewhere: Vec::new(),
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

    /// What a session would cost its people at a spot: exactly where that is quickly found, at least otherwise.
    pub(super) fn quick(&mut self, world: &World, spot: Spot) -> Cost {
        if !world.scoring.looks_at_weeks() {
            return Cost::Exactly(Score::ZERO);
        }
        let others = self.others(world, spot);
        let way = world.ways.number(spot.session, spot.placement.option);
        match self.memo.known(way, spot.placement.start) {
            Some(Alone::Blocked) if others == 0 => Cost::AtLeast(Score { hard: 1, ..Score::ZERO }),
            None if others == 0 => Cost::AtLeast(Score::ZERO),
            // One session more makes no week better; but whoever is only welcome elsewhere may save her way there.
            _ if others != 0 && !self.has_guests => Cost::AtLeast(Score::ZERO),
            _ => Cost::Exactly(self.exactly(world, spot, others)),
        }
    }

    /// Whether somebody who is required cannot be at a spot, whatever else is planned.
    pub(super) fn are_kept_away(&mut self, world: &World, spot: Spot) -> bool {
        let way = world.ways.number(spot.session, spot.placement.option);
        if !world.scoring.looks_at_weeks() {
            return false;
        }
        match self.memo.quick(world, &mut self.settled.buffer, way, spot.session, spot.placement) {
            Alone::Blocked => true,
            Alone::Exactly(score, _) => score.hard > 0,
        }
    }

    /// What a session would cost its people at a spot.
    pub(super) fn at(&mut self, world: &World, spot: Spot) -> Score {
        if !world.scoring.looks_at_weeks() {
            return Score::ZERO;
        }
        let others = self.others(world, spot);
        self.exactly(world, spot, others)
    }

    /// What a person's week costs now.
    fn week_now(&mut self, world: &World, person: PersonIx, week: usize) -> Score {
        let cell = person * world.problem.weeks() + week;
        if self.cells[cell].asked == 0 {
            return Score::ZERO;
        }
        if let Some(known) = self.costs[cell] {
            return known;
        }
        let visits = self.visits[person].iter().copied();
        let visits = visits.filter(|visit| world.problem.week_of(visit.day) == week);
        let score = self.settled.week(world, person, visits);
        self.costs[cell] = Some(score);
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
        let (session, placement) = (spot.session, spot.placement);
        let way = world.ways.number(session, placement.option);
        let (mut score, most) = self.memo.exactly(world, &mut self.settled.buffer, way, session, placement);
        let part = visit(world.problem, session, placement, Role::Required);
        let week = world.problem.week_of(part.day);
        let stays = self.weeks[week].iter().any(|&(other, ..)| other == session);
        if others != 0 {
            score += self.beside_others(world, placement, part, (most, stays));
        }
        for (ix, &person) in placement.presenters.iter().enumerate() {
            if !placement.presenters[..ix].contains(&person) {
                score += self.presenting(world, placement, person, part, stays);
            }
        }
        score
    }

    /// What a session costs those listed more, or less, because of what else they have in the week.
    fn beside_others(
        &mut self,
        world: &World,
        placement: &Placement,
        part: Visit,
        (most, stays): (u16, bool),
    ) -> Score {
        let mut score = Score::ZERO;
        let way = world.ways.number(part.session, placement.option);
        let week = world.problem.week_of(part.day);
        let mut people = std::mem::take(&mut self.elsewhere);
        people.clear();
        people.extend(self.asked.elsewhere(way, week, stays.then_some(part.session)));
        for &person in &people {
            let Some(role) = listed_as(world.problem, part.session, placement, part.day, person) else {
                continue;
            };
            let part = Visit { role, ..part };
            if !self.is_apart(world, person, &part, most, stays) {
                score += self.added(world, person, part.session, part.day, Some(part));
                score -= self.settled.week(world, person, std::iter::once(part));
            }
        }
        self.elsewhere = people;
        score
    }

    /// Whether a visit costs a person what it would in an otherwise empty week: she has nothing else on the day, and with all else no
    /// weekly limit is reached. `most`: so many of her lessons are hit, or fewer. `stays`: the session is in this week now.
    fn is_apart(&self, world: &World, person: PersonIx, part: &Visit, most: u16, stays: bool) -> bool {
        let problem = world.problem;
        let week = problem.week_of(part.day);
        let mut cell = self.cells[person * problem.weeks() + week];
        if cell.asked == 0 {
            return true;
        }
        if stays && let Some(own) = self.visits[person].iter().find(|visit| visit.session == part.session) {
            cell.count(own, lessons_hit(problem, person, own), false);
        }
        let Weekly { sessions, covers } = self.limits[person];
        if cell.asked == 0 {
            return true;
        }
        cell.days[part.day % 7] == 0
            && cell.sessions < sessions
            && (cell.hits + most <= covers || cell.hits + lessons_hit(problem, person, part) <= covers)
    }

    /// What presenting adds to what somebody costs as she is listed.
    fn presenting(
        &mut self,
        world: &World,
        placement: &Placement,
        person: PersonIx,
        part: Visit,
        stays: bool,
    ) -> Score {
        let problem = world.problem;
        if problem.invited(part.session, placement.option).required.contains(&person) {
            return Score::ZERO;
        }
        let listed = problem.role_in_audience(part.session, placement.option, part.day, person);
        let listed = listed.map(|role| Visit { role, ..part });
        if self.is_apart(world, person, &part, u16::MAX / 2, stays) {
            let as_presenter = self.settled.week(world, person, std::iter::once(part));
            return as_presenter - self.settled.week(world, person, listed.into_iter());
        }
        self.week_with(world, person, part.session, part.day, Some(part))
            - self.week_with(world, person, part.session, part.day, listed)
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
        let others = visits.filter(|visit| visit.session != session).copied();
        self.settled.week(world, person, others.chain(part))
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
                    let own = visits.swap_remove(found);
                    let hits = lessons_hit(problem, person, &own);
                    let cell = &mut self.cells[person * problem.weeks() + week];
                    cell.count(&own, hits, false);
                    self.asked.note(person, week, session, false, cell.asked);
                }
                cells.push((person, week));
            }
        }
        if let Some(to) = &to {
            let week = week_of(to);
            let way = world.ways.number(session, to.placement.option);
            self.weeks[week].push((session, way, to.keys.people));
            for (person, role) in people_of(problem, session, to.placement) {
                let part = visit(problem, session, to.placement, role);
                self.visits[person].push(part);
                let hits = lessons_hit(problem, person, &part);
                let cell = &mut self.cells[person * problem.weeks() + week];
                cell.count(&part, hits, true);
                self.asked.note(person, week, session, true, cell.asked);
                cells.push((person, week));
            }
        }
        for &(person, week) in &cells {
            self.costs[person * problem.weeks() + week] = None;
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

/// The part that the list of a way to hold a session gives somebody on a day.
fn listed_as(
    problem: &Problem,
    session: SessionIx,
    placement: &Placement,
    day: DayIx,
    person: PersonIx,
) -> Option<Role> {
    if problem.invited(session, placement.option).required.contains(&person) {
        return Some(Role::Required);
    }
    problem.role_in_audience(session, placement.option, day, person)
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
