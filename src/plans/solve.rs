//! One planning run: load, state, search, store.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use session_planner::{Problem, Progress, Rules, Solution, SolveOptions};
use uuid::Uuid;

use super::facts::Facts;
use super::statement::{Statement, state};
use super::store;
use crate::entity::plan;
use crate::error::{Bilingual, Error, Result, UserError};
use crate::scope::Scope;

/// What to plan, and how long to search.
#[derive(Debug, Clone)]
pub struct SolveRequest {
    /// The term.
    pub term_id: Uuid,
    /// One group; `None`: all groups of the district together.
    pub group_id: Option<Uuid>,
    /// The now to plan for; `None`: the clock's.
    pub as_of: Option<DateTime<Utc>>,
    /// Time limit of the search in seconds, 1–600.
    pub seconds: u32,
    /// Stop after so many moves instead: the same plan on any machine.
    pub steps: Option<u64>,
    /// Seed of the search.
    pub seed: u64,
}

/// What a run made.
#[derive(Debug, Clone)]
pub struct Solved {
    /// The stored draft.
    pub plan: plan::Model,
    /// What the office should know about the term's calendar.
    pub warnings: Vec<Bilingual>,
    /// How long the search took.
    pub took: Duration,
}

/// Called now and then with the best so far; `Break` stops the search and keeps the best plan.
pub type Watch = Arc<dyn Fn(&Progress) -> ControlFlow<()> + Send + Sync>;

/// Plans and stores a draft. An infeasible problem gives a plan with what could be placed, and reasons for the rest.
///
/// # Errors
/// `NotFound` for an unknown term or group; `Rejected` when there is nothing to plan, or the rows state no sound problem.
pub async fn solve(scope: &Scope, request: &SolveRequest, watch: Watch) -> Result<Solved> {
    check_limits(request)?;
    let facts = Facts::load(scope, request.term_id, request.group_id).await?;
    if facts.sessions.is_empty() {
        return Err(nothing_to_plan(&facts));
    }
    let as_of = request.as_of.unwrap_or_else(|| scope.now());
    let statement = state(&facts, scope.zone(), as_of);
    let problem = Arc::new(build(&statement)?);
    let started = Instant::now();
    let solution = search(problem.clone(), request.clone(), watch).await?;
    let took = started.elapsed();
    let made = store::Made { as_of, request, statement: &statement, problem: &problem, solution: &solution };
    let plan = store::store(scope, &facts, &made).await?;
    Ok(Solved { plan, warnings: facts.calendar.warnings(), took })
}

/// Builds the planner's problem; its faults are faults of the rows.
pub fn build(statement: &Statement) -> Result<Problem> {
    Problem::build(statement.input.clone()).map_err(|errors| {
        let faults = errors.iter().map(|fault| {
            UserError::new(
                "PROBLEM_UNSOUND",
                format!("数据无法用于排期：{fault}"),
                format!("the data cannot be planned: {fault}"),
            )
        });
        Error::Rejected(faults.collect())
    })
}

async fn search(problem: Arc<Problem>, request: SolveRequest, watch: Watch) -> Result<Solution> {
    let search = move || {
        let deadline = Instant::now() + Duration::from_secs(u64::from(request.seconds));
        let options = SolveOptions { seed: request.seed, steps: request.steps, start: None };
        session_planner::solve(&problem, &Rules::standard(), &options, &mut |progress| {
            if request.steps.is_none() && Instant::now() >= deadline {
                return ControlFlow::Break(());
            }
            watch(progress)
        })
    };
    tokio::task::spawn_blocking(search).await.map_err(|error| Error::Internal(Box::new(error)))
}

/// Requires a sensible time limit.
///
/// # Errors
/// `Rejected` when it is out of range.
pub fn check_limits(request: &SolveRequest) -> Result<()> {
    if (1..=600).contains(&request.seconds) {
        return Ok(());
    }
    let message = UserError::new(
        "SECONDS_OUT_OF_RANGE",
        format!("排期时限须为1–600秒，现为{}秒", request.seconds),
        format!("the time limit must be 1–600 seconds, not {}", request.seconds),
    );
    Err(message.at("seconds").into())
}

fn nothing_to_plan(facts: &Facts) -> Error {
    let term = &facts.calendar.term.name;
    UserError::new(
        "NOTHING_TO_PLAN",
        format!("{term}还没有教研计划，请先导入“教研计划”表"),
        format!("{term} has no programmes yet: import the 教研计划 sheet first"),
    )
    .into()
}
