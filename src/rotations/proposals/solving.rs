//! Searching for a proposal beside the work of the server: on a thread of its own, within a time, until somebody says stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use rotation_planner as planner;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use super::statement::bilingual;
use crate::error::{Bilingual, Error, Result, UserError};

/// Seconds that proposal and conflict together may take beyond the time allowed for the proposal, and that the search for the conflict
/// has at least: whoever waits for an answer has little patience left by then.
const CONFLICT_BEYOND: f64 = 6.0;
/// How many people may be explained at a time: each explanation takes a processor for seconds.
static EXPLAINING: Semaphore = Semaphore::const_new(2);

/// Set to end a search; it keeps the best it has.
pub type Stop = Arc<AtomicBool>;

/// Ends a search when nobody waits for it any more: the request ran out of time, or whoever asked went away.
struct StopOnDrop {
    stop: Stop,
    waited_for: bool,
}

impl StopOnDrop {
    fn new(stop: &Stop) -> Self {
        Self { stop: stop.clone(), waited_for: false }
    }

    /// The search has ended by itself.
    fn ended(mut self) {
        self.waited_for = true;
    }
}

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        if !self.waited_for {
            self.stop.store(true, Ordering::Relaxed);
        }
    }
}

/// Why no proposal keeps all rules, and what would help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impossible {
    /// Rules that cannot hold together; without any one of them the others can. None: they were not found in time.
    pub rules: Vec<Bilingual>,
    /// Whether it is proven that no fewer are in conflict.
    pub smallest: bool,
    /// Ways out, the cheapest first.
    pub ways: Vec<Way>,
}

/// A way out of a conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// What it changes.
    pub changes: Vec<Bilingual>,
    /// What it costs, to compare ways.
    pub cost: i64,
    /// Whether none of its kind is cheaper.
    pub proven: bool,
}

impl Impossible {
    /// The conflict as refusals: the rules that are in each other's way, and the ways out.
    pub fn refusal(&self) -> Error {
        let mut faults = vec![self.told()];
        faults.extend(self.ways.iter().enumerate().map(|(ix, way)| {
            let joined = joined(&way.changes);
            let (zh, en) =
                (format!("办法{}：{}", ix + 1, joined.zh), format!("way out {}: {}", ix + 1, joined.en));
            UserError::new("WAY_OUT", zh, en)
        }));
        Error::Rejected(faults)
    }

    fn told(&self) -> UserError {
        if self.rules.is_empty() {
            return not_found_in_time();
        }
        let rules = joined(&self.rules);
        let count = self.rules.len();
        UserError::new(
            "RULES_IN_CONFLICT",
            format!("没有方案能同时满足全部规定，以下{count}条互相冲突：{}", rules.zh),
            format!("no proposal keeps all rules; these {count} are in conflict: {}", rules.en),
        )
    }
}

fn not_found_in_time() -> UserError {
    UserError::new(
        "RULES_IN_CONFLICT",
        "没有方案能同时满足全部规定，时限内没有查明是哪几条互相冲突：请延长求解时限再试；或先放宽一类规定试算，如允许某条比例达不到、不先安排自愿互换、预先安排个别应交流的人留任",
        "no proposal keeps all rules, and which of them are in conflict was not found in time: allow the search more seconds; or try with \
         some rules relaxed: let a rate be missed, leave out the exchange among volunteers, decide that somebody who is due stays",
    )
}

fn joined(sentences: &[Bilingual]) -> Bilingual {
    let join = |of: fn(&Bilingual) -> &str, by: &str| sentences.iter().map(of).collect::<Vec<_>>().join(by);
    Bilingual::new(join(|text| &text.zh, "；"), join(|text| &text.en, "; "))
}

/// What a search found.
#[derive(Debug)]
pub enum Found {
    /// A proposal, and the seconds it took.
    Solution(planner::Solution, f64),
    /// That there is none.
    Nothing,
}

/// Searches for the best proposal.
///
/// # Errors
/// `Rejected` when time was up, or stopping was asked for, before any was found.
pub async fn search(
    problem: &planner::Problem,
    levels: Vec<planner::Level>,
    seconds: u32,
    start: Option<planner::Assignment>,
    stop: Stop,
) -> Result<Found> {
    let problem = problem.clone();
    off_the_runtime(stop, move |stop| {
        let begun = Instant::now();
        let clock = || begun.elapsed().as_secs_f64();
        let stopped = || stop.load(Ordering::Relaxed);
        let options = planner::SolveOptions {
            levels,
            clock: Some(&clock),
            seconds: Some(f64::from(seconds)),
            stop: Some(&stopped),
            start: start.as_ref(),
        };
        match planner::solve(&problem, &options) {
            Ok(solution) => Ok(Found::Solution(solution, clock())),
            Err(planner::Unsolved::Infeasible) => Ok(Found::Nothing),
            Err(unsolved) => Err(refused(unsolved)),
        }
    })
    .await
}

/// Searches for the rules that leave no proposal, and for what would help; `spent` of the seconds allowed for a proposal are gone.
pub async fn causes(problem: &planner::Problem, seconds: u32, spent: f64, stop: Stop) -> Result<Impossible> {
    let problem = problem.clone();
    off_the_runtime(stop, move |stop| {
        let begun = Instant::now();
        let clock = || begun.elapsed().as_secs_f64();
        let stopped = || stop.load(Ordering::Relaxed);
        let options = planner::SolveOptions {
            levels: Vec::new(),
            clock: Some(&clock),
            seconds: Some((f64::from(seconds) - spent).max(0.0) + CONFLICT_BEYOND),
            stop: Some(&stopped),
            start: None,
        };
        Ok(impossible(&problem, &options))
    })
    .await
}

/// Explains the outcome of one teacher.
///
/// # Errors
/// `Rejected` when time was up, or nobody waited any more, before her best alternative was found.
pub async fn explain(
    problem: &planner::Problem,
    levels: Vec<planner::Level>,
    seconds: u32,
    solution: planner::Solution,
    teacher: planner::TeacherIx,
) -> Result<planner::Explanation> {
    let problem = problem.clone();
    let turn = EXPLAINING.acquire().await.map_err(|closed| Error::Internal(Box::new(closed)))?;
    off_the_runtime(Stop::default(), move |stop| {
        // Given back when the thread ends, not when whoever asked has gone.
        let _turn = turn;
        let begun = Instant::now();
        let clock = || begun.elapsed().as_secs_f64();
        let stopped = || stop.load(Ordering::Relaxed);
        let options = planner::SolveOptions {
            levels,
            clock: Some(&clock),
            seconds: Some(f64::from(seconds)),
            stop: Some(&stopped),
            start: None,
        };
        planner::explain(&problem, &options, &solution, teacher).map_err(refused)
    })
    .await
}

/// Runs long work on a thread of its own, and tells it to stop when nobody waits for it any more.
async fn off_the_runtime<T: Send + 'static>(
    stop: Stop,
    work: impl FnOnce(&Stop) -> Result<T> + Send + 'static,
) -> Result<T> {
    let guard = StopOnDrop::new(&stop);
    let outcome = tokio::task::spawn_blocking(move || work(&stop)).await;
    guard.ended();
    outcome.map_err(|lost| Error::Internal(Box::new(lost)))?
}

fn impossible(problem: &planner::Problem, options: &planner::SolveOptions<'_>) -> Impossible {
    let Ok(Some(conflict)) = planner::conflict(problem, options) else {
        return Impossible { rules: Vec::new(), smallest: false, ways: Vec::new() };
    };
    let told = |words: Vec<planner::Words>| words.iter().map(bilingual).collect();
    let way = |way: &planner::Relaxation| Way {
        changes: told(way.words(problem)),
        cost: way.cost,
        proven: way.proven,
    };
    Impossible {
        rules: told(conflict.words(problem)),
        smallest: conflict.smallest,
        ways: conflict.relaxations.iter().map(way).collect(),
    }
}

fn refused(unsolved: planner::Unsolved) -> Error {
    match unsolved {
        planner::Unsolved::Stopped | planner::Unsolved::Infeasible => UserError::new(
            "NOTHING_FOUND",
            "时限内没有找到结果：请延长求解时限再试",
            "nothing was found in time: allow the search more seconds",
        )
        .at("seconds")
        .into(),
        planner::Unsolved::Levels => {
            let (zh, en) = ("目标的次序或权重不能求解", "the levels cannot be solved");
            UserError::new("INVALID_LEVELS", zh, en).at("levels").into()
        }
        planner::Unsolved::Numbers => {
            Error::internal("the numbers of the round are too far apart for the solver")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn a_search_that_nobody_waits_for_any_more_is_told_to_stop() {
        let stop = Stop::default();
        let work = |stop: &Stop| {
            while !stop.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(1));
            }
            Ok(())
        };
        let waited = tokio::time::timeout(Duration::from_millis(20), off_the_runtime(stop.clone(), work));
        assert!(waited.await.is_err(), "it lasts until it is told");
        assert!(stop.load(Ordering::Relaxed));
    }

    #[tokio::test]
    async fn a_search_that_has_ended_leaves_its_signal_alone() {
        let stop = Stop::default();
        off_the_runtime(stop.clone(), |_| Ok(())).await.expect("an end");
        assert!(!stop.load(Ordering::Relaxed));
    }

    #[test]
    fn a_conflict_that_was_not_found_in_time_is_told_as_one_with_what_to_do() {
        let unknown = Impossible { rules: Vec::new(), smallest: false, ways: Vec::new() };
        let told = unknown.refusal().to_string();
        assert!(told.contains("时限内没有查明") && told.contains("延长求解时限"), "{told}");
        assert!(!told.contains("0条"), "{told}");
    }
}
