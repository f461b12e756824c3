//! One run: build a plan, then improve it by annealing. Several runs may go on side by side ([`super::team`]).

use std::ops::ControlFlow;

use super::candidates::Way;
use super::cooling::{Cooling, Pace};
use super::limit::{Limit, Weights};
use super::state::State;
use super::team::Member;
use crate::problem::{Assignment, Placement, SessionIx};
use crate::rng::Rng;
use crate::score::Score;

/// What plans are compared by while searching: a broken hard rule weighs little to begin with, so that the search can pass
/// through plans that break some on its way to better ones. The best plan is kept level by level, and breaks none.
pub(super) const WEIGHTS: Weights = Weights { hard: 5_000, medium: 1_000, soft: 1 };
/// The same where no hard rule may be broken.
pub(super) const STRICT: Weights = Weights { hard: 1 << 40, ..WEIGHTS };

/// Steps between two reports, and between two looks at the temperature.
const REPORT: u64 = 1_024;
/// Moves looked at to find out how far a move changes the score.
const SAMPLES: usize = 500;
/// The first temperature where the medium level is decided, in its units.
const MEDIUM_UNITS: i64 = 3;
/// The part by which the weight of the hard level changes between two reports.
const LEAN: i64 = 64;
/// Reports in a row in which the plan breaks hard rules; then the search goes back to its best plan.
const ASTRAY: u32 = 200;
/// What a unit of the hard level may weigh on the way.
const HARD: std::ops::RangeInclusive<i64> = 2_000..=1_000_000;
/// The part of a typical change with which a search begins from a plan that is there already.
const GENTLY: i64 = 64;
/// So many slots leave time to begin with a temperature of a typical change.
const SLOTS: i64 = 16_000;
/// Moves in a row that came to nothing before any was evaluated: then one counts, so that every run comes to an end.
const IDLE: u32 = 200;

/// What became of a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tried {
    /// There was nothing to evaluate.
    Nothing,
    /// It would have made the plan worse than may be.
    Refused,
    /// The plan has changed.
    Taken,
}

/// A run.
pub(super) struct Search<'p> {
    pub(super) state: State<'p>,
    pub(super) rng: Rng,
    /// The allowed ways to hold each session.
    pub(super) ways: &'p [Vec<Way>],
    /// Sessions that may move.
    pub(super) free: Vec<SessionIx>,
    /// What the current move changed, oldest first, with what stood before and the difference it made.
    log: Vec<(SessionIx, Option<Placement>, Score)>,
    pub(super) limit: Limit,
    /// By how much moves change the score, while that is being found out.
    samples: Option<Vec<i64>>,
    member: Member<'p>,
    /// Hard penalty of what cannot move.
    unavoidable: i64,
    /// Whether sessions may be placed whatever they break: not after that has led astray, until the search heats up again.
    pub(super) may_force: bool,
    /// Reports since the plan last broke no more hard rules than that.
    astray: u32,
    steps: u64,
    best: Assignment,
    best_score: Score,
    /// Sessions in which the plan may differ from the best one, each once.
    touched: Vec<SessionIx>,
    is_touched: Vec<bool>,
}

impl<'p> Search<'p> {
    pub(super) fn new(
        state: State<'p>,
        unavoidable: i64,
        rng: Rng,
        ways: &'p [Vec<Way>],
        member: Member<'p>,
    ) -> Search<'p> {
        let problem = state.problem;
        let sessions = 0..problem.sessions.len();
        Search {
            ways,
            free: sessions.clone().filter(|&session| problem.sessions[session].pinned.is_none()).collect(),
            log: Vec::new(),
            limit: Limit { weights: WEIGHTS, most: 0 },
            samples: None,
            member,
            unavoidable,
            may_force: true,
            astray: 0,
            steps: 0,
            best: state.plan().clone(),
            best_score: state.score(),
            touched: Vec::new(),
            is_touched: vec![false; sessions.len()],
            state,
            rng,
        }
    }

    /// Tries moves until the steps are used up or the caller stops.
    pub(super) fn improve(&mut self, steps: Option<u64>, gently: bool) {
        if self.report().is_break() || self.free.is_empty() {
            return;
        }
        let mut cooling = Cooling::from(self.first_temperature(gently));
        let mut pace = Pace::new(steps, self.free.len());
        let (mut over, mut idle) = (0, 0);
        while steps.is_none_or(|steps| self.steps < steps) {
            self.limit.most = cooling.slack(&mut self.rng);
            let tried = self.propose();
            if tried == Tried::Nothing && idle < IDLE {
                idle += 1;
                continue;
            }
            idle = 0;
            self.steps += 1;
            let better = tried == Tried::Taken && self.keep_if_best();
            if !better && !self.steps.is_multiple_of(REPORT) {
                continue;
            }
            if self.steps.is_multiple_of(REPORT) {
                if self.report().is_break() {
                    return;
                }
                self.lean();
            }
            let before = std::mem::replace(&mut over, pace.of_cooling(self.steps, || self.member.used()));
            self.may_force |= over < before;
            cooling.at(over);
        }
        let _stopped = self.report();
    }

    /// Lets hard rules weigh more while the plan breaks some and less while it does not, so that the search stays near the border
    /// between the two, on which the best plans lie (strategic oscillation; Glover, 1989).
    fn lean(&mut self) {
        let breaks_some = self.state.score().hard > self.unavoidable;
        self.astray = if breaks_some { self.astray + 1 } else { 0 };
        if self.astray > ASTRAY {
            self.return_to_best();
        }
        let hard = &mut self.limit.weights.hard;
        let change = *hard / LEAN;
        *hard = (*hard + if breaks_some { change } else { -change }).clamp(*HARD.start(), *HARD.end());
    }

    /// Hot enough to leave a bad plan, too cold to lose a good one: in the unit of the level that is still to be decided.
    fn first_temperature(&mut self, gently: bool) -> i64 {
        let typical = self.typical_change();
        let score = self.state.score() - self.state.unplaced();
        if gently {
            return typical / GENTLY;
        }
        if score.medium * WEIGHTS.medium > score.soft * WEIGHTS.soft {
            return MEDIUM_UNITS * WEIGHTS.medium;
        }
        // The more there is to try, the less time for detours.
        let slots = self.ways.iter().flatten().map(|way| way.starts.len() as i64).sum::<i64>();
        typical / (slots / SLOTS).clamp(1, 64)
    }

    /// The median change of the score by moves from the present plan.
    fn typical_change(&mut self) -> i64 {
        self.samples = Some(Vec::with_capacity(SAMPLES));
        self.limit.most = 0;
        for _ in 0..SAMPLES {
            self.propose();
        }
        let mut samples = self.samples.take().unwrap_or_default();
        samples.sort_unstable();
        samples.get(samples.len() / 2).copied().unwrap_or(1)
    }

    /// Whether only single changes are of use now, to be looked at and not made.
    pub(super) fn is_sampling(&self) -> bool {
        self.samples.is_some()
    }

    /// Moves one session if the limit allows it.
    pub(super) fn move_one(&mut self, session: SessionIx, placement: Placement) -> Tried {
        let mut to = Some(placement);
        if let Some(samples) = &mut self.samples {
            let change = self.state.difference(session, &mut to, &Limit::NONE).unwrap_or_default();
            let height = Weights { hard: 0, ..WEIGHTS }.height(change).abs();
            samples.extend((height > 0).then_some(height));
            return Tried::Refused;
        }
        match self.state.difference(session, &mut to, &self.limit) {
            Some(difference) => {
                self.change(session, to, difference);
                Tried::Taken
            }
            None => Tried::Refused,
        }
    }

    /// Makes a change of which the difference is known and allowed.
    pub(super) fn change(&mut self, session: SessionIx, to: Option<Placement>, difference: Score) {
        self.state.apply(session, to, difference);
        self.touch(session);
    }

    /// Ends a move of several changes: keeps it if the limit allows it, else takes it back.
    pub(super) fn settle(&mut self, before: Score) -> Tried {
        if self.limit.is_exceeded_by(self.state.score() - before) {
            return self.undo();
        }
        while let Some((session, ..)) = self.log.pop() {
            self.touch(session);
        }
        Tried::Taken
    }

    /// Takes back what a move of several changes did.
    pub(super) fn undo(&mut self) -> Tried {
        while let Some((session, before, difference)) = self.log.pop() {
            self.state.apply(session, before, Score::ZERO - difference);
        }
        Tried::Refused
    }

    fn touch(&mut self, session: SessionIx) {
        if !std::mem::replace(&mut self.is_touched[session], true) {
            self.touched.push(session);
        }
    }

    fn keep_if_best(&mut self) -> bool {
        let score = self.state.score();
        if score >= self.best_score || score.hard > self.unavoidable {
            return false;
        }
        self.best_score = score;
        for session in self.touched.drain(..) {
            self.best[session] = self.state.placement(session).cloned();
            self.is_touched[session] = false;
        }
        true
    }

    /// Takes up the best plan again.
    fn return_to_best(&mut self) {
        self.astray = 0;
        self.may_force = false;
        while let Some(session) = self.touched.pop() {
            self.is_touched[session] = false;
            self.state.set(session, self.best[session].clone());
        }
    }

    /// Remembers the plan as the best whatever it is worth: while it is being built.
    pub(super) fn remember(&mut self) {
        self.best.clone_from(self.state.plan());
        self.best_score = self.state.score();
        self.touched.clear();
        self.is_touched.fill(false);
        self.log.clear();
    }

    pub(super) fn report(&mut self) -> ControlFlow<()> {
        let placed = self.best.iter().flatten().count();
        self.member.report(self.steps, self.best_score, placed)
    }

    /// The best plan, its score and the moves tried.
    pub(super) fn found(self) -> (Assignment, Score, u64) {
        (self.best, self.best_score, self.steps)
    }

    /// Sessions that could be placed and are not.
    pub(super) fn unplaced(&self) -> Vec<SessionIx> {
        let waiting = self.free.iter().copied();
        waiting.filter(|&s| self.state.placement(s).is_none() && !self.ways[s].is_empty()).collect()
    }

    /// Changes a session as part of a move of several changes, unless the limit forbids it; whether it did.
    pub(super) fn put(&mut self, session: SessionIx, placement: Option<Placement>, limit: &Limit) -> bool {
        let mut to = placement;
        let Some(difference) = self.state.difference(session, &mut to, limit) else {
            return false;
        };
        let before = self.state.apply(session, to, difference);
        self.log.push((session, before, difference));
        true
    }

    /// Places a session as part of a move of several changes, unless that breaks a hard rule; whether it did.
    pub(super) fn place(&mut self, session: SessionIx, placement: Placement) -> bool {
        self.put(session, Some(placement), &Limit::NO_HARD_RULE)
    }

    /// Takes a session out of the plan as part of a move of several changes.
    pub(super) fn take_out(&mut self, session: SessionIx) {
        self.put(session, None, &Limit::NONE);
    }
}
