//! Late acceptance (Burke and Bykov, 2017): a move is taken when it is no worse than the plan is now, or than it was some steps
//! ago. It compares plans only, so it needs neither temperatures nor a known run time.

use std::ops::ControlFlow;
use std::rc::Rc;

use super::candidates::{Way, ways};
use super::state::State;
use super::{Progress, Solution};
use crate::problem::{Assignment, Placement, SessionIx};
use crate::rng::Rng;
use crate::score::Score;

/// How many steps back a move is compared with.
const MEMORY: usize = 400;
/// Steps without a better plan after which the search begins anew from the best one, shaken.
const PATIENCE: u64 = 40_000;
/// The part of the soft penalty by which a new beginning may be worse than the best plan.
const SLACK: i64 = 40;
/// What one unit of medium penalty is worth in soft ones when a worse plan is compared with one some steps ago. Level by level, a
/// remembered plan with one more excused person would let any soft penalty pass; the best plan is still kept level by level.
const MEDIUM_HEIGHT: i64 = 2_000;
/// Steps between two reports.
const REPORT: u64 = 256;

fn height(score: Score) -> i64 {
    score.medium * MEDIUM_HEIGHT + score.soft
}

/// A run.
pub(super) struct Search<'p, 'w> {
    pub(super) state: State<'p>,
    pub(super) rng: Rng,
    pub(super) ways: Vec<Vec<Rc<Way>>>,
    /// Sessions that may move.
    pub(super) free: Vec<SessionIx>,
    /// What the current move changed, oldest first, with what stood before.
    log: Vec<(SessionIx, Option<Placement>)>,
    watch: &'w mut dyn FnMut(&Progress) -> ControlFlow<()>,
    steps: u64,
    best: Assignment,
    best_score: Score,
    /// Sessions in which the plan may differ from the best one.
    touched: Vec<SessionIx>,
    late: Vec<i64>,
}

impl<'p, 'w> Search<'p, 'w> {
    pub(super) fn new(
        state: State<'p>,
        rng: Rng,
        watch: &'w mut dyn FnMut(&Progress) -> ControlFlow<()>,
    ) -> Search<'p, 'w> {
        let problem = state.problem;
        let sessions = 0..problem.sessions.len();
        let ways = sessions.clone().map(|session| ways(problem, session).into_iter().map(Rc::new).collect());
        Search {
            ways: ways.collect(),
            free: sessions.filter(|&session| problem.sessions[session].pinned.is_none()).collect(),
            log: Vec::new(),
            watch,
            steps: 0,
            best: state.plan().clone(),
            best_score: state.score(),
            touched: Vec::new(),
            late: Vec::new(),
            state,
            rng,
        }
    }

    /// Tries moves until the steps are used up or the caller stops.
    pub(super) fn improve(&mut self, steps: Option<u64>) {
        self.late = vec![height(self.state.score()); MEMORY];
        let mut improved_at = 0;
        if self.report().is_break() {
            return;
        }
        while steps.is_none_or(|steps| self.steps < steps) {
            self.steps += 1;
            let better = self.step();
            if better {
                improved_at = self.steps;
            }
            if (better || self.steps.is_multiple_of(REPORT)) && self.report().is_break() {
                return;
            }
            if self.steps - improved_at > PATIENCE {
                self.begin_anew();
                improved_at = self.steps;
            }
        }
    }

    /// Tries one move; whether the plan is the best so far.
    fn step(&mut self) -> bool {
        let before = self.state.score();
        if self.free.is_empty() || !self.propose() {
            self.undo();
            return false;
        }
        let now = self.state.score();
        let slot = (self.steps % MEMORY as u64) as usize;
        let accepted = now <= before || height(now) <= self.late[slot];
        if !accepted {
            self.undo();
        }
        self.late[slot] = self.late[slot].min(height(self.state.score()));
        if !accepted {
            return false;
        }
        self.touched.extend(self.log.drain(..).map(|(session, _)| session));
        self.keep_if_best()
    }

    fn keep_if_best(&mut self) -> bool {
        if self.state.score() >= self.best_score {
            return false;
        }
        self.best_score = self.state.score();
        for session in self.touched.drain(..) {
            self.best[session] = self.state.placement(session).cloned();
        }
        true
    }

    /// Goes back to the best plan and lets it drift: remembered scores are forgotten, some sessions are placed anew.
    fn begin_anew(&mut self) {
        let touched = std::mem::take(&mut self.touched);
        for &session in &touched {
            self.state.set(session, None);
        }
        for &session in &touched {
            let best = self.best[session].clone();
            if best.is_some() {
                self.state.set(session, best);
            }
        }
        for _ in 0..4 {
            self.ruin();
        }
        self.touched.extend(self.log.drain(..).map(|(session, _)| session));
        // A little above the best: enough to drift, too little to lose what was gained.
        let from =
            height(Score { soft: self.best_score.soft + self.best_score.soft / SLACK, ..self.best_score });
        self.late = vec![from; MEMORY];
    }

    /// Remembers the plan as the best whatever it is worth: while it is being built.
    pub(super) fn remember(&mut self) {
        self.best.clone_from(self.state.plan());
        self.best_score = self.state.score();
        self.touched.clear();
        self.log.clear();
    }

    pub(super) fn report(&mut self) -> ControlFlow<()> {
        let placed = self.best.iter().flatten().count();
        let progress = Progress { steps: self.steps, best: self.best_score, placed, total: self.best.len() };
        (self.watch)(&progress)
    }

    pub(super) fn solution(self) -> Solution {
        Solution { assignment: self.best, score: self.best_score, steps: self.steps }
    }

    /// Sessions that could be placed and are not.
    pub(super) fn unplaced(&self) -> Vec<SessionIx> {
        let waiting = self.free.iter().copied();
        waiting.filter(|&s| self.state.placement(s).is_none() && !self.ways[s].is_empty()).collect()
    }

    /// Places a session as part of the current move; whether that was possible.
    pub(super) fn place(&mut self, session: SessionIx, placement: Placement) -> bool {
        let Ok(before) = self.state.try_place(session, placement) else {
            return false;
        };
        self.log.push((session, before));
        true
    }

    /// Takes a session out of the plan as part of the current move.
    pub(super) fn remove(&mut self, session: SessionIx) -> Option<Placement> {
        let before = self.state.set(session, None);
        self.log.push((session, before.clone()));
        before
    }

    /// Places a session at the best of some starts as part of the current move; whether that was possible.
    pub(super) fn replace(&mut self, session: SessionIx, compared: usize) -> bool {
        let placed = self.place_best(session, compared);
        if placed {
            self.log.push((session, None));
        }
        placed
    }

    fn undo(&mut self) {
        while let Some((session, before)) = self.log.pop() {
            self.state.set(session, before);
        }
    }
}
