//! One objective to its minimum.
//!
//! The relaxation gives a bound and what each move would cost beyond it. A core of promising moves is solved first; then every move
//! that could still be part of something better is admitted, and what that finds is the optimum of all: a move that costs more
//! beyond the bound than the best value lies above it cannot be part of anything better.

use super::Budget;
use crate::model::{ColIx, End, Mip, Objective, Ran, Run};

/// Below so many columns the solver sees them all at once.
const FEW: usize = 1_500;
/// What a value of 0 may look like.
const TINY: f64 = 1e-7;

/// What was found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Found {
    /// Values of all columns; `None`: nothing was found.
    pub(crate) values: Option<Vec<f64>>,
    /// Nothing can be better than this.
    pub(crate) bound: f64,
    /// Whether nothing is better than what was found.
    pub(crate) proven: bool,
    /// Whether there is nothing to be found.
    pub(crate) infeasible: bool,
    /// Whether the solver gave up.
    pub(crate) failed: bool,
    /// Iterations of the simplex method, over all relaxations and search trees.
    pub(crate) iterations: u64,
}

/// Minimises one objective. `start` are values that keep the rows; `any` is content with the first solution.
pub(crate) fn minimise(
    mip: &Mip,
    objective: &Objective,
    start: Option<Vec<f64>>,
    budget: &Budget<'_>,
    any: bool,
) -> Found {
    let mut descent =
        Descent { mip, objective, budget, any, best: None, bound: f64::NEG_INFINITY, iterations: 0 };
    if let Some(values) = start {
        descent.keep(values);
    }
    let end = descent.run();
    let proven = end == End::Solved && descent.best.is_some();
    Found {
        proven,
        bound: descent.bound,
        infeasible: end == End::Infeasible && descent.best.is_none(),
        failed: end == End::Failed && descent.best.is_none(),
        iterations: descent.iterations,
        values: descent.best.map(|(_, values)| values),
    }
}

struct Descent<'a> {
    mip: &'a Mip,
    objective: &'a Objective,
    budget: &'a Budget<'a>,
    any: bool,
    best: Option<(f64, Vec<f64>)>,
    bound: f64,
    iterations: u64,
}

impl Descent<'_> {
    fn run(&mut self) -> End {
        if self.budget.is_over() {
            return End::Stopped;
        }
        let open: Vec<ColIx> =
            (0..self.mip.columns.len()).filter(|&ix| self.mip.columns[ix].upper > 0.0).collect();
        if open.len() <= FEW {
            return self.solve(&open);
        }
        let relaxed = self.mip.run(
            &self.objective.factors,
            Run { only: Some(&open), relaxed: true, seconds: self.budget.left(), ..Run::default() },
        );
        self.iterations += relaxed.iterations;
        match (relaxed.end, &relaxed.values) {
            (End::Solved, Some(values)) => {
                self.bound = self.rounded_up(relaxed.value);
                if self.is_whole(values) {
                    self.keep(values.clone());
                }
                self.by_core(&open, values, &relaxed)
            }
            (End::Solved | End::Failed, _) => self.solve(&open),
            (end, _) => end,
        }
    }

    fn by_core(&mut self, open: &[ColIx], values: &[f64], relaxed: &Ran) -> End {
        let mut seen = 0;
        loop {
            if self.is_settled() {
                return End::Solved;
            }
            if self.budget.is_over() {
                return End::Stopped;
            }
            let core = self.core(open, values, relaxed, seen);
            let end = self.solve(&core);
            let complete = core.len() == open.len();
            match end {
                End::Solved if complete || self.any || self.covers(&core, open, relaxed) => {
                    return End::Solved;
                }
                End::Solved => {}
                // The core may be too small to hold any solution.
                End::Infeasible if !complete => {}
                _ => return end,
            }
            seen = core.len();
        }
    }

    /// Columns that could be part of something better, as far as that is known; a few when nothing is.
    fn core(&self, open: &[ColIx], values: &[f64], relaxed: &Ran, seen: usize) -> Vec<ColIx> {
        let used = |ix: ColIx| {
            !self.mip.columns[ix].integer
                || values[ix].abs() > TINY
                || self.best.as_ref().is_some_and(|(_, best)| best[ix] > TINY)
        };
        let mut others: Vec<ColIx> = open.iter().copied().filter(|&ix| !used(ix)).collect();
        others.sort_by(|&one, &other| {
            relaxed.reduced[one].total_cmp(&relaxed.reduced[other]).then(one.cmp(&other))
        });
        let used_ones = open.len() - others.len();
        let promising = if seen == 0 { used_ones + FEW } else { 4 * seen };
        let admitted = match &self.best {
            Some((value, _)) => {
                let room = self.room(*value, relaxed);
                others.iter().take_while(|&&ix| relaxed.reduced[ix] <= room).count()
            }
            None => others.len(),
        };
        // All that could be better, unless that is much more than a first look needs.
        let take = if seen == 0 || self.best.is_none() { admitted.min(promising) } else { admitted };
        others.truncate(take);
        let mut core: Vec<ColIx> = open.iter().copied().filter(|&ix| used(ix)).chain(others).collect();
        core.sort_unstable();
        core
    }

    /// Whether no column outside the core could be part of something better.
    fn covers(&self, core: &[ColIx], open: &[ColIx], relaxed: &Ran) -> bool {
        let Some((value, _)) = &self.best else { return false };
        let room = self.room(*value, relaxed);
        open.iter().all(|ix| relaxed.reduced[*ix] > room || core.binary_search(ix).is_ok())
    }

    /// What a column may cost beyond the relaxation in a solution that is better by a step.
    fn room(&self, value: f64, relaxed: &Ran) -> f64 {
        value - self.objective.step - relaxed.value + 1e-6 * (1.0 + relaxed.value.abs() * 1e-3)
    }

    fn solve(&mut self, columns: &[ColIx]) -> End {
        let run = Run {
            only: Some(columns),
            seconds: self.budget.left(),
            start: self.best.as_ref().map(|(_, values)| values.as_slice()),
            enough: if self.any { f64::INFINITY } else { self.objective.step * 0.999 },
            ..Run::default()
        };
        let ran = self.mip.run(&self.objective.factors, run);
        self.iterations += ran.iterations;
        let complete = columns.len() == self.mip.columns.iter().filter(|column| column.upper > 0.0).count();
        if complete && ran.bound.is_finite() {
            self.bound = self.bound.max(self.rounded_up(ran.bound));
        }
        if let Some(values) = ran.values {
            self.keep(values);
        }
        ran.end
    }

    fn keep(&mut self, values: Vec<f64>) {
        let value =
            self.objective.factors.iter().zip(&values).map(|(factor, value)| factor * value).sum::<f64>();
        if self.best.as_ref().is_none_or(|(best, _)| value < *best) {
            self.best = Some((value, values));
        }
    }

    /// Whether the best value is as good as the bound allows.
    fn is_settled(&self) -> bool {
        self.best
            .as_ref()
            .is_some_and(|(value, _)| self.any || value - self.bound < self.objective.step * 0.5)
    }

    fn rounded_up(&self, bound: f64) -> f64 {
        let step = self.objective.step;
        ((bound - 1e-6 * (1.0 + bound.abs() * 1e-3)) / step).ceil() * step
    }

    fn is_whole(&self, values: &[f64]) -> bool {
        let whole = |(ix, value): (usize, &f64)| {
            !self.mip.columns[ix].integer || (value - value.round()).abs() < TINY
        };
        values.iter().enumerate().all(whole)
    }
}
