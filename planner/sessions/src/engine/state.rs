//! A plan with its score, kept up to date move by move.
//!
//! What a change would cost is worked out without making it ([`State::difference`]), cheap parts first, and given up as soon as it
//! is certain to be too much. Each kind of grouping has its own file: [`Sets`], [`Pairs`], [`People`].

use super::cache::Cache;
use super::keys::Keys;
use super::limit::Limit;
use super::pairs::Pairs;
use super::people::{Cost, People, Spot};
use super::sets::Sets;
use super::ways::{Ways, World};
use crate::build::Problem;
use crate::constraints::SessionView;
use crate::grouping::Grouping;
use crate::problem::{Assignment, DayIx, PersonIx, Placement, RoomIx, SessionIx};
use crate::score::Score;
use crate::scoring::Scoring;
use crate::week::Visit;

/// Remembered costs by itself, for each session.
const REMEMBERED: usize = 512;

/// A placement was refused because it would break a hard rule.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HardRule;

/// A plan under search.
pub(crate) struct State<'p> {
    pub(crate) problem: &'p Problem,
    world: World<'p>,
    plan: Assignment,
    keys: Vec<Keys>,
    total: Score,
    /// What each session costs by itself.
    own: Vec<Score>,
    known: Cache,
    sets: Sets,
    pairs: Option<Pairs>,
    people: Option<People>,
    is_simple: bool,
}

impl<'p> State<'p> {
    /// The plan in which nothing is placed.
    pub(crate) fn new(problem: &'p Problem, scoring: Scoring) -> State<'p> {
        let sessions = problem.sessions.len();
        let world = World { problem, scoring, ways: Ways::new(problem) };
        let people = People::new(&world);
        let unplaced = |session| world.scoring.session(&SessionView { problem, session, placement: None });
        let sets = Sets::new(&world);
        let own = (0..sessions).map(unplaced).collect::<Vec<_>>();
        let terms = people.as_ref().and_then(|people| people.terms.as_ref()).map(|terms| terms.total());
        State {
            problem,
            plan: vec![None; sessions],
            keys: vec![Keys::default(); sessions],
            total: own.iter().fold(terms.unwrap_or_default(), |sum, &own| sum + own),
            own,
            known: Cache::new(problem.sessions.len() * REMEMBERED),
            is_simple: people.is_none() && !sets.are_looked_at(),
            sets,
            pairs: Pairs::new(&world),
            people,
            world,
        }
    }

    pub(crate) fn score(&self) -> Score {
        self.total
    }

    /// What the sessions cost that are not placed.
    pub(crate) fn unplaced(&self) -> Score {
        let waiting = self.plan.iter().zip(&self.own).filter(|(placement, _)| placement.is_none());
        waiting.fold(Score::ZERO, |sum, (_, &own)| sum + own)
    }

    pub(crate) fn plan(&self) -> &Assignment {
        &self.plan
    }

    pub(crate) fn placement(&self, session: SessionIx) -> Option<&Placement> {
        self.plan[session].as_ref()
    }

    /// What a person has to do in the week of a day.
    pub(crate) fn week_of(&self, person: PersonIx, day: DayIx) -> impl Iterator<Item = Visit> + Clone + '_ {
        let people = self.people.iter();
        people.flat_map(move |people| people.week_of(&self.world, person, day))
    }

    /// Whether rules look at single sessions and pairs alone.
    pub(crate) fn is_simple(&self) -> bool {
        self.is_simple
    }

    /// Whether any rule looks at people.
    pub(crate) fn looks_at_people(&self) -> bool {
        self.people.is_some()
    }

    /// What a person is asked to on all days.
    pub(crate) fn visits(&self, person: PersonIx) -> impl Iterator<Item = &Visit> + '_ {
        self.people.iter().flat_map(move |people| people.visits(person))
    }

    /// The sessions in a room on a day.
    pub(crate) fn in_room(&self, room: RoomIx, day: DayIx) -> &[SessionIx] {
        self.members(Grouping::RoomDay, room * self.problem.days.len() + day)
    }

    /// The sessions of a set; of groupings that no rule looks at, only rooms' days and presenters are kept.
    pub(crate) fn members(&self, grouping: Grouping, set: usize) -> &[SessionIx] {
        self.sets.members(grouping, set)
    }

    /// How often a person presents.
    pub(crate) fn presents(&self, person: PersonIx) -> usize {
        self.members(Grouping::Presenter, person).len()
    }

    /// What it would add to a person's week to be required at a session, in place of any part she has in it already.
    pub(crate) fn cost_of_requiring(&mut self, person: PersonIx, visit: Visit) -> Score {
        match &mut self.people {
            Some(people) => people.added(&self.world, person, visit.session, visit.day, Some(visit)),
            None => Score::ZERO,
        }
    }

    /// Changes a session whatever it breaks; what stood before is returned.
    pub(crate) fn set(&mut self, session: SessionIx, mut placement: Option<Placement>) -> Option<Placement> {
        match self.difference(session, &mut placement, &Limit::NONE) {
            Some(difference) => self.apply(session, placement, difference),
            None => placement,
        }
    }

    /// Places a session unless that breaks a hard rule; then nothing changes. Returns what stood before.
    pub(crate) fn try_place(
        &mut self,
        session: SessionIx,
        placement: Placement,
    ) -> Result<Option<Placement>, HardRule> {
        let mut to = Some(placement);
        let difference = self.difference(session, &mut to, &Limit::NO_HARD_RULE).ok_or(HardRule)?;
        Ok(self.apply(session, to, difference))
    }

    /// By how much the score would change with a session elsewhere, or out of the plan; `None` as soon as it is certain to be above
    /// the limit. The placement is handed back as it came.
    pub(crate) fn difference(
        &mut self,
        session: SessionIx,
        to: &mut Option<Placement>,
        limit: &Limit,
    ) -> Option<Score> {
        if self.is_simple {
            return self.simple_difference(session, to.as_ref(), limit);
        }
        let keys = Keys::of(self.problem, session, to.as_ref());
        let own = self.own(session, to.as_ref(), keys);
        // All else is at least 0 in the plan that comes of it.
        if limit.is_exceeded_by(own - self.total) {
            return None;
        }
        if let (Some(to), Some(people)) = (&*to, &mut self.people)
            && !to.presenters.is_empty()
        {
            people.admit(&self.world, session, to);
        }
        std::mem::swap(&mut self.plan[session], to);
        let difference = self.judge(session, to.as_ref(), keys, own, limit);
        std::mem::swap(&mut self.plan[session], to);
        difference
    }

    /// [`State::difference`] where nothing but pairs and single sessions is looked at: pairs refuse most changes, sooner than a
    /// session by itself is looked up.
    fn simple_difference(
        &mut self,
        session: SessionIx,
        to: Option<&Placement>,
        limit: &Limit,
    ) -> Option<Score> {
        let mut least = Score::ZERO - self.own[session];
        if let Some(pairs) = &mut self.pairs {
            least -= pairs.now(session);
            if let Some(to) = to {
                least += pairs.at(&self.world, session, to, limit, least);
            }
            if limit.is_exceeded_by(least) {
                return None;
            }
        }
        let keys = Keys::of(self.problem, session, to);
        least += self.own(session, to, keys);
        (!limit.is_exceeded_by(least)).then_some(least)
    }

    /// [`State::difference`] while the plan shows the session where it would be.
    fn judge(
        &mut self,
        session: SessionIx,
        from: Option<&Placement>,
        keys: Keys,
        own: Score,
        limit: &Limit,
    ) -> Option<Score> {
        let State { world, plan, sets, pairs, people, .. } = self;
        let to = plan[session].as_ref();
        let mut least = own - self.own[session];
        least -= sets.touch(world, session, from, to, false);
        if let (Some(pairs), Some(_)) = (&*pairs, from) {
            least -= pairs.now(session);
        }
        let from = from.map(|placement| Spot { session, placement, keys: self.keys[session] });
        let spot = to.map(|placement| Spot { session, placement, keys });
        let staying = keys.people == self.keys[session].people;
        let mut terms = Score::ZERO;
        let mut beside = Cost::Exactly(Score::ZERO);
        if let Some(people) = people
            && !staying
        {
            least -= from.map_or(Score::ZERO, |from| people.given(world, from));
            beside = spot.map_or(beside, |spot| people.quick(world, spot));
            if keys.day != self.keys[session].day {
                terms = people.term_floor(world, from, spot);
            }
        }
        let (Cost::Exactly(part) | Cost::AtLeast(part)) = beside;
        least += part + terms;
        if limit.is_exceeded_by(least) {
            return None;
        }
        if let (Some(pairs), Some(to)) = (pairs, to) {
            least += pairs.at(world, session, to, limit, least);
            if limit.is_exceeded_by(least) {
                return None;
            }
        }
        for ix in 0..sets.touched() {
            least += sets.after(world, plan, ix, session, (self.keys[session], keys));
            if limit.is_exceeded_by(least) {
                return None;
            }
        }
        if let (Some(people), Some(spot), Cost::AtLeast(part)) = (&mut *people, spot, beside) {
            least += people.at(world, spot) - part;
            if limit.is_exceeded_by(least) {
                return None;
            }
        }
        if let Some(people) = people
            && keys.day != self.keys[session].day
        {
            least += people.term_difference(world, session, from, spot) - terms;
        }
        (!limit.is_exceeded_by(least)).then_some(least)
    }

    /// By how much the score would change if two sessions moved at once, worked out without moving either; `None` as soon as it is
    /// certain to be above the limit. Only where rules look at sessions by themselves and in pairs (`is_simple`).
    pub(crate) fn difference_of_two(
        &mut self,
        [one, other]: [(SessionIx, &Placement); 2],
        limit: &Limit,
    ) -> Option<Score> {
        let mut least = Score::ZERO - self.own[one.0] - self.own[other.0];
        let State { world, plan, pairs, .. } = self;
        if let Some(pairs) = pairs {
            let mut beside = |one, other| pairs.of_two(world, one, other);
            least += beside(one, other);
            // Below, each is counted beside where the other stands now, and where both do, what they cost together is saved twice.
            let now = [one, other].map(|(session, _)| plan[session].as_ref().map(|now| (session, now)));
            if let Some(now) = now[0] {
                least -= beside(other, now);
            }
            if let Some(now) = now[1] {
                least -= beside(one, now);
            }
            if let [Some(now), Some(other_now)] = now {
                least += beside(now, other_now);
            }
            least -= pairs.now(one.0) + pairs.now(other.0);
            for (session, to) in [one, other] {
                least += pairs.at(world, session, to, &Limit::NONE, least);
                if session == other.0 && limit.is_exceeded_by(least) {
                    return None;
                }
            }
        }
        for (session, to) in [one, other] {
            let keys = Keys::of(self.problem, session, Some(to));
            least += self.own(session, Some(to), keys);
        }
        (!limit.is_exceeded_by(least)).then_some(least)
    }

    /// Whether a placement breaks a hard rule whatever else stands in the plan.
    pub(crate) fn breaks_alone(&mut self, session: SessionIx, placement: &Placement) -> bool {
        let keys = Keys::of(self.problem, session, Some(placement));
        if self.own(session, Some(placement), keys).hard > 0 {
            return true;
        }
        let spot = Spot { session, placement, keys };
        self.people.as_mut().is_some_and(|people| people.are_kept_away(&self.world, spot))
    }

    /// What a session costs by itself at a placement.
    fn own(&mut self, session: SessionIx, placement: Option<&Placement>, keys: Keys) -> Score {
        let known = if placement.is_some() { self.known.get(keys.whole) } else { None };
        known.unwrap_or_else(|| {
            let score =
                self.world.scoring.session(&SessionView { problem: self.problem, session, placement });
            self.known.put(keys.whole, score);
            score
        })
    }

    /// Makes a change of which [`State::difference`] was asked; what stood before is returned.
    pub(crate) fn apply(
        &mut self,
        session: SessionIx,
        to: Option<Placement>,
        difference: Score,
    ) -> Option<Placement> {
        let new = Keys::of(self.problem, session, to.as_ref());
        let old = std::mem::replace(&mut self.keys[session], new);
        self.own[session] = self.own(session, to.as_ref(), new);
        let from = std::mem::replace(&mut self.plan[session], to);
        let to = self.plan[session].as_ref();
        self.total += difference;
        self.sets.touch(&self.world, session, from.as_ref(), to, true);
        self.sets.apply(&self.world, &self.plan, session, (old, new));
        if let Some(pairs) = &mut self.pairs {
            pairs.apply(&self.world, session, from.as_ref(), to);
        }
        if let Some(people) = &mut self.people {
            let spot = |placement, keys| Spot { session, placement, keys };
            let from = from.as_ref().map(|placement| spot(placement, old));
            people.apply(&self.world, session, from, to.map(|placement| spot(placement, new)));
        }
        from
    }
}
