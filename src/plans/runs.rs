//! Planning runs as jobs: they show progress, can be stopped from anywhere, and never vanish silently.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use session_planner::Progress;
use uuid::Uuid;

use super::reading::Stored;
use super::solve::{SolveRequest, Watch, base, check_limits, solve, threads};
use crate::entity::values::RunState;
use crate::entity::{plan, plan_run};
use crate::error::{Error, Language, Result, UserError};
use crate::id::Kind;
use crate::scope::{Scope, Txn};
use crate::sessions::effects;
use crate::{audit, id};

/// How often a run writes its progress and looks whether it was stopped.
const HEARTBEAT: Duration = Duration::from_millis(500);
/// How often a server looks for lost runs.
const WATCH: Duration = Duration::from_secs(30);
/// A run that has been silent for so long is lost: its process has ended.
const LOST_AFTER: TimeDelta = TimeDelta::seconds(60);

/// Starts a run in the background and returns it at once.
///
/// # Errors
/// `NotFound` when the term, group or plan to start from is unknown; `Rejected` when the time limit is out of range, or a search
/// cannot start from that plan.
pub async fn start_run(scope: &Scope, mut request: SolveRequest) -> Result<plan_run::Model> {
    check_limits(&request)?;
    must_exist(scope, &request).await?;
    let base = base(scope, &request).await?;
    request.group_id = request.group_id.or(base.as_ref().and_then(Stored::only_group));
    let now = scope.now();
    let row = plan_run::Model {
        id: id::new(),
        district_id: scope.district.id,
        term_id: request.term_id,
        group_id: request.group_id,
        state: RunState::Running,
        as_of: request.as_of.unwrap_or(now),
        seed: i64::from_ne_bytes(request.seed.to_ne_bytes()),
        seconds: i32::try_from(request.seconds).unwrap_or(i32::MAX),
        mode: request.mode,
        threads: i32::try_from(threads(&request)).unwrap_or(i32::MAX),
        steps: 0,
        searched_ms: 0,
        placed: 0,
        total: 0,
        hard: 0,
        medium: 0,
        soft: 0,
        started_at: now,
        heartbeat_at: now,
        finished_at: None,
        plan_id: None,
        failure: None,
        base_plan_id: request.base,
        requested_by: scope.actor.name().to_owned(),
    };
    let txn = scope.begin().await?;
    effects::one_at_a_time(&txn).await?;
    none_under_way(&txn, &row).await?;
    let row = audit::insert(&txn, "run.start", row).await?;
    txn.commit().await?;
    let (scope, run) = (scope.clone(), row.id);
    tokio::spawn(async move {
        if let Err(error) = carry_out(&scope, run, request).await {
            tracing::error!(run = %Kind::PlanRun.id(run), %error, "a planning run could not be finished");
        }
    });
    Ok(row)
}

/// One run of a term and group at a time: a second would only take the first one's processor.
async fn none_under_way(txn: &Txn, wanted: &plan_run::Model) -> Result<()> {
    let running = plan_run::Entity::find()
        .filter(plan_run::Column::DistrictId.eq(txn.district_id()))
        .filter(plan_run::Column::TermId.eq(wanted.term_id))
        .filter(plan_run::Column::FinishedAt.is_null())
        .filter(plan_run::Column::HeartbeatAt.gte(txn.scope().now() - LOST_AFTER))
        .all(&**txn)
        .await?;
    let Some(other) = running.iter().find(|run| run.group_id == wanted.group_id) else { return Ok(()) };
    let error = UserError::new(
        "RUN_UNDER_WAY",
        format!("{}已在为同样的范围排期，请等它完成，或先停止它", other.requested_by),
        format!("{} is already planning the same: wait for that run or stop it first", other.requested_by),
    );
    Err(error.into())
}

async fn must_exist(scope: &Scope, request: &SolveRequest) -> Result<()> {
    use crate::entity::{education_group, term};
    let district = scope.district.id;
    let term = term::Entity::find_by_id(request.term_id).filter(term::Column::DistrictId.eq(district));
    term.one(scope.reader()).await?.ok_or(Error::NotFound(Kind::Term))?;
    if let Some(group) = request.group_id {
        let group = education_group::Entity::find_by_id(group)
            .filter(education_group::Column::DistrictId.eq(district));
        group.one(scope.reader()).await?.ok_or(Error::NotFound(Kind::Group))?;
    }
    Ok(())
}

/// Asks a run to stop; it keeps its best plan. A run that has ended stays as it is.
///
/// # Errors
/// `NotFound`.
pub async fn stop_run(scope: &Scope, run_id: Uuid) -> Result<plan_run::Model> {
    let txn = scope.begin().await?;
    let run = held(&txn, run_id).await?;
    if run.state != RunState::Running {
        return Ok(run);
    }
    let stopped = plan_run::Model { state: RunState::Stopped, ..run.clone() };
    let stopped = audit::update(&txn, "run.stop", &run, stopped).await?;
    txn.commit().await?;
    Ok(stopped)
}

/// Marks lost runs again and again: a server that starts right after a crash finds them silent for too short a time.
pub async fn watch_over(scope: Scope) {
    loop {
        if let Err(error) = mark_lost(&scope).await {
            tracing::warn!(%error, "lost planning runs could not be marked");
        }
        tokio::time::sleep(WATCH).await;
    }
}

/// Marks runs whose process has ended as failed. Returns how many.
pub async fn mark_lost(scope: &Scope) -> Result<usize> {
    let txn = scope.begin().await?;
    let running = plan_run::Entity::find()
        .filter(plan_run::Column::DistrictId.eq(scope.district.id))
        .filter(plan_run::Column::FinishedAt.is_null())
        .filter(plan_run::Column::HeartbeatAt.lt(scope.now() - LOST_AFTER))
        .lock_exclusive()
        .all(&*txn)
        .await?;
    for run in &running {
        let lost = plan_run::Model {
            state: RunState::Failed,
            finished_at: Some(scope.now()),
            failure: Some("排期程序中途退出，请重新排期".into()),
            ..run.clone()
        };
        audit::update(&txn, "run.lost", run, lost).await?;
    }
    txn.commit().await?;
    Ok(running.len())
}

async fn find(scope: &Scope, run_id: Uuid) -> Result<plan_run::Model> {
    plan_run::Entity::find_by_id(run_id)
        .filter(plan_run::Column::DistrictId.eq(scope.district.id))
        .one(scope.reader())
        .await?
        .ok_or(Error::NotFound(Kind::PlanRun))
}

/// The run, which nobody else changes until the transaction ends.
async fn held(txn: &Txn, run_id: Uuid) -> Result<plan_run::Model> {
    plan_run::Entity::find_by_id(run_id)
        .filter(plan_run::Column::DistrictId.eq(txn.district_id()))
        .lock_exclusive()
        .one(&**txn)
        .await?
        .ok_or(Error::NotFound(Kind::PlanRun))
}

/// How far a run has come, and how long it has searched since it first said so.
type Reached = (Progress, Duration);

async fn carry_out(scope: &Scope, run_id: Uuid, request: SolveRequest) -> Result<()> {
    let stop = Arc::new(AtomicBool::new(false));
    let latest: Arc<Mutex<Option<Reached>>> = Arc::default();
    let watch: Watch = {
        let (stop, latest) = (stop.clone(), latest.clone());
        let begun = OnceLock::new();
        Arc::new(move |progress| {
            let searched = begun.get_or_init(Instant::now).elapsed();
            *latest.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some((*progress, searched));
            if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
    };
    // A task of its own: while a heartbeat waits for the database, the search must get on and let go of it.
    let mut solving = {
        let (scope, request) = (scope.clone(), request.clone());
        tokio::spawn(async move { solve(&scope, &request, watch).await })
    };
    let outcome = loop {
        tokio::select! {
            outcome = &mut solving => break outcome.unwrap_or_else(|lost| Err(Error::Internal(Box::new(lost)))),
            () = tokio::time::sleep(HEARTBEAT) => {
                let reached = *latest.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                // A heartbeat that cannot be written is made good by the next one.
                match heartbeat(scope, run_id, reached).await {
                    Ok(state) if state != RunState::Running => stop.store(true, Ordering::Relaxed),
                    Ok(_) => {}
                    Err(error) => tracing::warn!(%error, "the progress of a planning run was not written"),
                }
            }
        }
    };
    let outcome = outcome.map(|solved| solved.plan);
    let reached = *latest.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    finish(scope, run_id, outcome, reached).await
}

async fn heartbeat(scope: &Scope, run_id: Uuid, reached: Option<Reached>) -> Result<RunState> {
    let mut update = plan_run::Entity::update_many()
        .filter(plan_run::Column::DistrictId.eq(scope.district.id))
        .filter(plan_run::Column::Id.eq(run_id))
        .col_expr(plan_run::Column::HeartbeatAt, Expr::value(scope.now()));
    if let Some((progress, searched)) = reached {
        update = update
            .col_expr(plan_run::Column::SearchedMs, Expr::value(milliseconds(searched)))
            .col_expr(plan_run::Column::Steps, Expr::value(count(progress.steps)))
            .col_expr(plan_run::Column::Placed, Expr::value(small(progress.placed)))
            .col_expr(plan_run::Column::Total, Expr::value(small(progress.total)))
            .col_expr(plan_run::Column::Hard, Expr::value(progress.best.hard))
            .col_expr(plan_run::Column::Medium, Expr::value(progress.best.medium))
            .col_expr(plan_run::Column::Soft, Expr::value(progress.best.soft));
    }
    let txn = scope.begin().await?;
    update.exec(&*txn).await?;
    txn.commit().await?;
    Ok(find(scope, run_id).await?.state)
}

fn count(steps: u64) -> i64 {
    i64::try_from(steps).unwrap_or(i64::MAX)
}

fn milliseconds(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

fn small(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

async fn finish(
    scope: &Scope,
    run_id: Uuid,
    outcome: Result<plan::Model>,
    reached: Option<Reached>,
) -> Result<()> {
    let txn = scope.begin().await?;
    let run = held(&txn, run_id).await?;
    let mut after = plan_run::Model { finished_at: Some(scope.now()), ..run.clone() };
    if let Some((progress, searched)) = reached {
        after.searched_ms = milliseconds(searched);
        after.placed = small(progress.placed);
        after.total = small(progress.total);
    }
    match outcome {
        Ok(plan) => {
            after.state = if run.state == RunState::Stopped { RunState::Stopped } else { RunState::Finished };
            after.plan_id = Some(plan.id);
            (after.hard, after.medium, after.soft) = (plan.hard, plan.medium, plan.soft);
            after.steps = plan.steps;
        }
        Err(error) => {
            tracing::warn!(run = %Kind::PlanRun.id(run_id), %error, "a planning run failed");
            after.state = RunState::Failed;
            // What the user can mend is told; what is ours is in the log.
            after.failure = Some(match error {
                Error::Internal(_) => "系统内部错误，请查看日志后重新排期".into(),
                mendable => mendable.explain(Language::Chinese),
            });
        }
    }
    audit::update(&txn, "run.finish", &run, after).await?;
    txn.commit().await?;
    Ok(())
}
