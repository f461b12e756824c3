//! Several runs of one problem, each with a seed of its own, and what they tell the caller.

use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Progress;
use crate::score::Score;

/// Told how far the runs have come; `Break` ends them.
pub type Watch<'a> = dyn Fn(&Progress) -> ControlFlow<()> + Sync + 'a;

/// What the runs have in common.
pub(super) struct Team<'a> {
    watch: &'a Watch<'a>,
    used: Option<&'a (dyn Fn() -> u64 + Sync)>,
    total: usize,
    stopped: AtomicBool,
    reported: Mutex<Reported>,
}

struct Reported {
    /// By run.
    steps: Vec<u64>,
    best: Option<(Score, usize)>,
}

impl<'a> Team<'a> {
    pub(super) fn new(
        runs: usize,
        total: usize,
        watch: &'a Watch<'a>,
        used: Option<&'a (dyn Fn() -> u64 + Sync)>,
    ) -> Team<'a> {
        let reported = Mutex::new(Reported { steps: vec![0; runs], best: None });
        Team { watch, used, total, stopped: AtomicBool::new(false), reported }
    }
}

/// One run's place in the team.
#[derive(Clone, Copy)]
pub(super) struct Member<'a> {
    pub(super) team: &'a Team<'a>,
    /// Number of the run.
    pub(super) number: usize,
}

impl Member<'_> {
    /// Tells the caller how far the runs have come, unless it has stopped them already.
    pub(super) fn report(&self, steps: u64, best: Score, placed: usize) -> ControlFlow<()> {
        if self.team.stopped.load(Ordering::Relaxed) {
            return ControlFlow::Break(());
        }
        // A caller's panic in another run ends this one as well.
        let Ok(mut reported) = self.team.reported.lock() else {
            return ControlFlow::Break(());
        };
        reported.steps[self.number] = steps;
        if reported.best.is_none_or(|(score, _)| best < score) {
            reported.best = Some((best, placed));
        }
        let (best, placed) = reported.best.unwrap_or((best, placed));
        let steps = reported.steps.iter().sum();
        let said = (self.team.watch)(&Progress { steps, best, placed, total: self.team.total });
        if said.is_break() {
            self.team.stopped.store(true, Ordering::Relaxed);
        }
        said
    }

    /// How much of its time the caller has used up, in thousandths, if it tells.
    pub(super) fn used(&self) -> Option<u64> {
        self.team.used.map(|used| used())
    }
}
