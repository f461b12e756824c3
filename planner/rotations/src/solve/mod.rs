//! Solving: level by level, each to proven optimality before the next, or as far as time allows.

mod level;
mod worst;

use crate::build::Problem;
use crate::check::check;
use crate::evaluate::measure;
use crate::goal::{Goal, Level, Measure, standard_levels};
use crate::model::{Model, Objective};
use crate::problem::Assignment;

pub(crate) use level::{Found, minimise};

/// How to solve.
#[derive(Clone)]
pub struct SolveOptions<'a> {
    /// What to keep small, in order: a proposal that is better in an earlier level is better. Empty: any proposal that keeps the rules.
    pub levels: Vec<Level>,
    /// Seconds on a clock of the caller's, which never goes back; `None`: time is neither limited nor told.
    pub clock: Option<&'a dyn Fn() -> f64>,
    /// Seconds that all levels together may take; `None`: until all is proven.
    pub seconds: Option<f64>,
    /// Asked between runs of the solver, which for a county seldom take longer than a second or two: `true` ends the search with what
    /// it has. Evenness of a large county can take the solver long to prove, so a limit of time should stand beside it.
    pub stop: Option<&'a dyn Fn() -> bool>,
    /// A proposal to begin from; it only saves time, and is ignored when it breaks a rule.
    pub start: Option<&'a Assignment>,
}

impl Default for SolveOptions<'_> {
    fn default() -> Self {
        SolveOptions { levels: standard_levels(), clock: None, seconds: None, stop: None, start: None }
    }
}

/// A proposal that keeps every rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// What becomes of each teacher.
    pub assignment: Assignment,
    /// What came of each level.
    pub levels: Vec<LevelResult>,
}

impl Solution {
    /// Whether every level is proven optimal.
    pub fn is_proven(&self) -> bool {
        self.levels.iter().all(|level| level.proven)
    }
}

/// What came of a level.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelResult {
    /// The level.
    pub level: Level,
    /// The value of the proposal, exactly.
    pub value: Measure,
    /// No proposal that is as good in the earlier levels has a lower value; −∞ where nothing is known.
    pub bound: f64,
    /// Whether no proposal that is as good in the earlier levels has a lower value.
    pub proven: bool,
    /// Iterations of the simplex method, over all relaxations and search trees.
    pub iterations: u64,
    /// Seconds by the caller's clock.
    pub seconds: f64,
}

impl LevelResult {
    /// How much better it could be at most; 0 when proven.
    pub fn gap(&self) -> f64 {
        if self.proven { 0.0 } else { self.value.value() - self.bound }
    }
}

/// Why there is no solution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsolved {
    /// No proposal keeps all rules: [`conflict`](crate::conflict) says which cannot hold together.
    Infeasible,
    /// Time was up, or stopping was asked for, before any proposal was found.
    Stopped,
    /// A level that is the worst of anybody has another goal beside it, a goal stands twice, or a weight is out of range.
    Levels,
    /// The numbers of the problem are too far apart for the solver.
    Numbers,
}

/// How much time there is.
#[derive(Clone, Copy)]
pub(crate) struct Budget<'a> {
    clock: Option<&'a dyn Fn() -> f64>,
    until: Option<f64>,
    stop: Option<&'a dyn Fn() -> bool>,
}

impl<'a> Budget<'a> {
    pub(crate) fn new(options: &SolveOptions<'a>) -> Budget<'a> {
        let now = options.clock.map_or(0.0, |clock| clock());
        Budget {
            clock: options.clock,
            until: options.seconds.map(|seconds| now + seconds),
            stop: options.stop,
        }
    }

    pub(crate) fn now(&self) -> f64 {
        self.clock.map_or(0.0, |clock| clock())
    }

    pub(crate) fn left(&self) -> Option<f64> {
        self.until.map(|until| until - self.now())
    }

    pub(crate) fn is_over(&self) -> bool {
        self.left().is_some_and(|left| left <= 0.0) || self.stop.is_some_and(|stop| stop())
    }
}

/// Finds the best proposal: level by level, never giving up anything of an earlier level for a later one.
///
/// The same problem and options give the same proposal, unless time runs out.
///
/// # Errors
/// When there is none, or none was found in time.
pub fn solve(problem: &Problem, options: &SolveOptions<'_>) -> Result<Solution, Unsolved> {
    settle_all(problem, options, None)
}

/// Like [`solve`] as long as each level is as good as `before`; from the first that is not, only as close to the reference as can
/// be. Its levels are those that were looked at, the changes last.
pub(crate) fn solve_near(
    problem: &Problem,
    options: &SolveOptions<'_>,
    before: &[Measure],
) -> Result<Solution, Unsolved> {
    settle_all(problem, options, Some(before))
}

/// How often the search begins anew from what it found, when a later level shows that an earlier one was not at its best.
const ATTEMPTS: usize = 3;

fn settle_all(
    problem: &Problem,
    options: &SolveOptions<'_>,
    before: Option<&[Measure]>,
) -> Result<Solution, Unsolved> {
    if !options.levels.iter().all(is_sound) {
        return Err(Unsolved::Levels);
    }
    let budget = Budget::new(options);
    let mut start = options.start.cloned();
    for _ in 1..ATTEMPTS {
        let solution = attempt(problem, options, before, budget, start.as_ref())?;
        if !is_undercut(problem, &solution) || budget.is_over() {
            return Ok(measured(problem, solution));
        }
        start = Some(solution.assignment);
    }
    Ok(measured(problem, attempt(problem, options, before, budget, start.as_ref())?))
}

/// Whether the proposal is better in a level than what was taken for the best possible: floating-point numbers deceive a solver at
/// times, and its proof is worth nothing then.
fn is_undercut(problem: &Problem, solution: &Solution) -> bool {
    solution.levels.iter().any(|level| measure(problem, &level.level, &solution.assignment) < level.value)
}

/// The solution with the values of its proposal; a level that turned out better than proven is not proven.
fn measured(problem: &Problem, mut solution: Solution) -> Solution {
    for level in &mut solution.levels {
        let value = measure(problem, &level.level, &solution.assignment);
        if value < level.value {
            (level.value, level.proven, level.bound) = (value, false, f64::NEG_INFINITY);
        }
    }
    solution
}

fn attempt(
    problem: &Problem,
    options: &SolveOptions<'_>,
    before: Option<&[Measure]>,
    budget: Budget<'_>,
    start: Option<&Assignment>,
) -> Result<Solution, Unsolved> {
    let keeps_rules =
        |proposal: &&Assignment| check(problem, proposal).is_ok_and(|breaches| breaches.is_empty());
    let mut search = Search {
        problem,
        model: Model::rigid(problem, &[]),
        budget,
        best: start.filter(keeps_rules).cloned(),
        settled: Vec::new(),
    };
    if options.levels.is_empty() || options.levels[0].worst().is_some() {
        search.find_any(None)?;
    }
    for (ix, level) in options.levels.iter().enumerate() {
        let later = options.levels[ix + 1..].iter().find(|level| level.worst().is_none());
        let value = search.settle(level, later)?;
        if before.is_some_and(|before| value > before[ix]) {
            break;
        }
    }
    if before.is_some() {
        search.settle(&Level::of(Goal::Changes), None)?;
    }
    let assignment = search.best.ok_or(Unsolved::Stopped)?;
    let worse = |level: &LevelResult| measure(problem, &level.level, &assignment) > level.value;
    if !keeps_rules(&&assignment) || search.settled.iter().any(worse) {
        return Err(Unsolved::Numbers);
    }
    Ok(Solution { assignment, levels: search.settled })
}

fn is_sound(level: &Level) -> bool {
    let goals: std::collections::BTreeSet<_> = level.terms.iter().map(|(goal, _)| goal).collect();
    goals.len() == level.terms.len()
        && level.terms.iter().all(|(_, weight)| (1..=1_000_000).contains(weight))
        && (level.worst().is_none() || level.terms.len() == 1)
}

struct Search<'a> {
    problem: &'a Problem,
    model: Model<'a>,
    budget: Budget<'a>,
    best: Option<Assignment>,
    settled: Vec<LevelResult>,
}

impl Search<'_> {
    /// A proposal that keeps the rules, good by a later level if there is one.
    fn find_any(&mut self, later: Option<&Level>) -> Result<(), Unsolved> {
        if self.best.is_some() {
            return Ok(());
        }
        let objective = self.guide(later);
        let found = self.minimise(&objective, true);
        self.take(&found)
    }

    fn guide(&self, later: Option<&Level>) -> Objective {
        self.model.objective(later.unwrap_or(&Level { terms: Vec::new() }))
    }

    fn minimise(&self, objective: &Objective, any: bool) -> Found {
        let start = self.best.as_ref().and_then(|best| self.model.values(best));
        minimise(&self.model.mip, objective, start, &self.budget, any)
    }

    /// Keeps what was found.
    fn take(&mut self, found: &Found) -> Result<(), Unsolved> {
        match found {
            Found { values: Some(values), .. } => self.best = Some(self.model.assignment(values)),
            Found { infeasible: true, .. } => return Err(Unsolved::Infeasible),
            Found { failed: true, .. } => return Err(Unsolved::Numbers),
            _ if self.best.is_none() => return Err(Unsolved::Stopped),
            _ => {}
        }
        Ok(())
    }

    /// Makes a level as good as it can be, and keeps it there.
    fn settle(&mut self, level: &Level, later: Option<&Level>) -> Result<Measure, Unsolved> {
        let began = self.budget.now();
        self.model.prepare(level);
        let mut result = match level.worst() {
            Some(goal) => self.settle_worst(level, goal, later)?,
            None => self.settle_sum(level)?,
        };
        result.seconds = self.budget.now() - began;
        let value = result.value;
        self.settled.push(result);
        Ok(value)
    }

    fn settle_sum(&mut self, level: &Level) -> Result<LevelResult, Unsolved> {
        let objective = self.model.objective(level);
        let found = self.minimise(&objective, false);
        self.take(&found)?;
        let result = self.result(level, found.bound + objective.constant, found.proven, found.iterations)?;
        let limit = result.value.value() - objective.constant;
        // What the solver takes for equal is within its tolerance.
        let tolerance = objective.step * 0.25;
        let entries = objective.factors.iter().copied().enumerate().filter(|&(_, factor)| factor != 0.0);
        self.model.mip.row(f64::NEG_INFINITY, limit + tolerance, entries);
        Ok(result)
    }

    fn result(
        &self,
        level: &Level,
        bound: f64,
        proven: bool,
        iterations: u64,
    ) -> Result<LevelResult, Unsolved> {
        let best = self.best.as_ref().ok_or(Unsolved::Stopped)?;
        let value = measure(self.problem, level, best);
        let bound = if proven { value.value() } else { bound.min(value.value()) };
        Ok(LevelResult { level: level.clone(), value, bound, proven, iterations, seconds: 0.0 })
    }
}
