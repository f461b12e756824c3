//! One planning run: load, state, search, store.

use std::collections::HashSet;
use std::ops::{ControlFlow, RangeInclusive};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use session_planner::{Problem, Progress, Rules, SolveOptions};
use uuid::Uuid;

use super::drafts::must_be_live;
use super::facts::Facts;
use super::leading;
use super::reading::{Board, Marks, Stored, read};
use super::replan;
use super::statement::{Statement, state};
use super::store::{EditNote, Made, Revises, Search, store};
use crate::entity::plan;
use crate::entity::values::{PlanEditKind, PlanMode, PlanOrigin, SessionState};
use crate::error::{Bilingual, Error, Result, UserError};
use crate::id::Kind;
use crate::scope::Scope;

/// How many seconds a search may take.
pub const SECONDS: RangeInclusive<i64> = 1..=600;
/// How many threads may search side by side: more are of no use, since each searches by itself.
pub const THREADS: RangeInclusive<i64> = 1..=64;

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
    /// Threads that search side by side, 1–64; `None`: one with a number of moves, so that any machine finds the same, else as many as
    /// the machine has, two to four.
    pub threads: Option<u32>,
    /// Whether published sessions may move too.
    pub mode: PlanMode,
    /// The plan to start from: its pins stay, and what it leaves undated on purpose stays so.
    pub base: Option<Uuid>,
    /// Sessions to leave without a date on purpose 待定.
    pub hold: Vec<Uuid>,
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
/// `NotFound` for an unknown term, group or plan to start from; `Rejected` when there is nothing to plan, the rows state no sound
/// problem, the plan to start from is discarded or of another term or group, one of its pins is gone, a session to hold is
/// published, or nothing is published that could be planned anew.
pub async fn solve(scope: &Scope, request: &SolveRequest, watch: Watch) -> Result<Solved> {
    check_limits(request)?;
    let base = base(scope, request).await?;
    let group_id = request.group_id.or(base.as_ref().and_then(Stored::only_group));
    let mut facts = match &base {
        Some(base) => base.facts(scope).await?,
        None => Facts::load(scope, request.term_id, group_id).await?,
    };
    if facts.sessions.is_empty() {
        return Err(nothing_to_plan(&facts));
    }
    let as_of = request.as_of.unwrap_or_else(|| scope.now());
    facts.read_on(as_of.with_timezone(&scope.zone()).date_naive());
    if request.mode == PlanMode::Replan {
        replan::free(scope, &mut facts, as_of)?;
    }
    let (board, marks) = set_up(scope, &facts, as_of, request, base.as_ref())?;
    let started = Instant::now();
    let (board, steps) = search(board, request.clone(), watch).await?;
    let took = started.elapsed();
    let board = leading::anew(scope, &mut facts, as_of, board, &marks)?;
    let revises = base.as_ref().map(|base| Revises { base, note: solved_from(base), gone: HashSet::new() });
    let origin = match request.mode {
        PlanMode::Fill => PlanOrigin::Solved,
        PlanMode::Replan => PlanOrigin::Replanned,
    };
    let search = Search {
        seed: request.seed,
        steps,
        threads: Some(threads(request)),
        seconds: request.steps.is_none().then_some(request.seconds),
    };
    let made = Made { origin, as_of, search, board: &board, marks: &marks, revises };
    let plan = store(scope, &facts, &made).await?;
    Ok(Solved { plan, warnings: facts.calendar.warnings(), took })
}

/// The plan a search starts from.
///
/// # Errors
/// `NotFound`; `Rejected` when it is discarded, or of another term or group.
pub async fn base(scope: &Scope, request: &SolveRequest) -> Result<Option<Stored>> {
    let Some(id) = request.base else { return Ok(None) };
    let stored = Stored::load(scope, id).await?;
    must_be_live(&stored.plan)?;
    let same_groups = request.group_id.is_none() || request.group_id == stored.only_group();
    if stored.plan.term_id == request.term_id && same_groups {
        return Ok(Some(stored));
    }
    let number = stored.plan.number;
    let error = UserError::new(
        "BASE_ELSEWHERE",
        format!("方案{number}不是这个学期、这个集团的方案，不能以它为基础排期"),
        format!("plan {number} is of another term or group: a search cannot start from it"),
    );
    Err(error.at("basePlanId").into())
}

/// What the search begins with: an empty plan, what is published, or the plan to start from with its pins.
fn set_up(
    scope: &Scope,
    facts: &Facts,
    as_of: DateTime<Utc>,
    request: &SolveRequest,
    base: Option<&Stored>,
) -> Result<(Board, Marks)> {
    let mut statement = state(facts, scope.zone(), as_of);
    let mut marks = base.map(Stored::marks).unwrap_or_default().as_things_are(facts);
    let problem = build(&statement)?;
    let mut placed = replan::start(facts, &statement, &problem);
    if let Some(base) = base {
        let reading = read(&problem, &statement, &base.sessions);
        let lost = statement.sessions.iter().filter(|id| marks.pinned.contains(id));
        let lost: Vec<UserError> = lost.filter_map(|id| reading.gone.get(id).cloned()).collect();
        if !lost.is_empty() {
            return Err(Error::Rejected(lost));
        }
        placed.extend(reading.placed);
    }
    for id in &request.hold {
        may_be_held(facts, *id)?;
        marks.held.insert(*id);
    }
    marks.pinned.retain(|id| !marks.held.contains(id));
    statement.keep_online(&placed);
    // The board makes its own, and two side by side are most of a search's memory.
    drop(problem);
    Ok((Board::lay(statement, &placed, &marks)?, marks))
}

/// Requires that a session can be left without a date.
///
/// # Errors
/// `NotFound` when it is none of those planned; `Rejected` when it is published.
pub fn may_be_held(facts: &Facts, session: Uuid) -> Result<()> {
    let row = facts.sessions.iter().find(|row| row.id == session).ok_or(Error::NotFound(Kind::Session))?;
    if row.state == SessionState::Undated { Ok(()) } else { Err(stands()) }
}

/// A published session cannot be changed in a draft.
pub fn stands() -> Error {
    UserError::new(
        "SESSION_PUBLISHED",
        "这次活动已经发布：要改期或取消，请直接调整活动，并通知参加的人",
        "the session is published: reschedule or cancel it itself, so that people are told",
    )
    .into()
}

fn solved_from(base: &Stored) -> EditNote {
    let number = base.plan.number;
    let sentence = Bilingual::new(
        format!("以方案{number}为基础重新排期"),
        format!("planned again, starting from plan {number}"),
    );
    EditNote { kind: PlanEditKind::Solved, session: None, sentence }
}

/// Builds the planner's problem; its faults are faults of the rows.
pub fn build(statement: &Statement) -> Result<Problem> {
    let published = statement.sessions.iter().map(|id| statement.published.get(id).cloned());
    let problem = Problem::build(statement.input.clone());
    problem.and_then(|problem| problem.replanning(published.collect())).map_err(|errors| {
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

/// Searches from where the board stands; the board with the best plan, and the steps it took.
async fn search(mut board: Board, request: SolveRequest, watch: Watch) -> Result<(Board, u64)> {
    let search = move || {
        let started = Instant::now();
        let used = || started.elapsed().as_millis() as u64 / u64::from(request.seconds);
        let options = SolveOptions {
            seed: request.seed,
            steps: request.steps,
            threads: threads(&request) as usize,
            used: Some(&used),
            start: Some(&board.assignment),
        };
        let found = session_planner::solve(&board.problem, &Rules::standard(), &options, &|progress| {
            if request.steps.is_none() && used() >= 1_000 {
                return ControlFlow::Break(());
            }
            watch(progress)
        });
        board.assignment = found.assignment;
        (board, found.steps)
    };
    tokio::task::spawn_blocking(search).await.map_err(|error| Error::Internal(Box::new(error)))
}

/// How many threads search.
pub fn threads(request: &SolveRequest) -> u32 {
    let machine = || std::thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 4) as u32);
    match request.threads {
        Some(threads) => threads,
        None if request.steps.is_some() => 1,
        None => machine(),
    }
}

/// Requires a sensible time limit and number of threads.
///
/// # Errors
/// `Rejected` with what is out of range.
pub fn check_limits(request: &SolveRequest) -> Result<()> {
    let numbers = [("seconds", Some(request.seconds), SECONDS), ("threads", request.threads, THREADS)];
    let fault = |(name, number, bounds): (&str, Option<u32>, RangeInclusive<i64>)| {
        let number = i64::from(number?);
        (!bounds.contains(&number)).then(|| UserError::out_of_range(name, number, &bounds))
    };
    let faults: Vec<UserError> = numbers.into_iter().filter_map(fault).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Rejected(faults)) }
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
