//! Searches for proposals as jobs: they show how long they are at it, can be stopped from anywhere, and never vanish silently.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, prelude::Uuid};

use super::making::{Made, Request, propose};
use super::solving::Stop;
use crate::entity::values::RunState;
use crate::entity::{proposal_run, rotation_proposal, rotation_round};
use crate::error::{Error, Language, Result, UserError};
use crate::id::{self, Kind};
use crate::rotations::permits::{self, RotationAction};
use crate::scope::{Scope, Txn};
use crate::{audit, rows};

/// How often a run writes that it is alive and looks whether it was stopped.
const HEARTBEAT: Duration = Duration::from_millis(500);
/// How often a server looks for lost runs.
const WATCH: Duration = Duration::from_secs(30);
/// A run that has been silent for so long is lost: its process has ended.
const LOST_AFTER: TimeDelta = TimeDelta::seconds(60);

/// Starts a search in the background and returns it at once.
///
/// # Errors
/// `NotFound`; `Rejected` outside of the step 拟订方案, when the settings are out of range, or another search of the round is under way.
pub async fn start(scope: &Scope, request: Request) -> Result<proposal_run::Model> {
    request.settings.check()?;
    let txn = scope.begin().await?;
    let round = rows::hold::<rotation_round::Entity>(&txn, Kind::Round, request.round_id, LockType::Update);
    let round = round.await?;
    permits::check(scope, &round, RotationAction::Propose)?;
    if let Some(parent) = request.parent_id {
        rows::find::<rotation_proposal::Entity>(&txn, Kind::Proposal, parent).await?;
    }
    none_under_way(&txn, &round).await?;
    let now = scope.now();
    let row = proposal_run::Model {
        id: id::new(),
        district_id: scope.district.id,
        round_id: round.id,
        parent_id: request.parent_id,
        state: RunState::Running,
        seconds: i32::try_from(request.settings.seconds).unwrap_or(i32::MAX),
        searched_ms: 0,
        started_at: now,
        heartbeat_at: now,
        finished_at: None,
        proposal_id: None,
        failure: None,
        conflict: None,
        requested_by: scope.actor.name().to_owned(),
    };
    let row = audit::insert(&txn, "proposal_run.start", row).await?;
    txn.commit().await?;
    let (scope, run) = (scope.clone(), row.id);
    tokio::spawn(async move {
        if let Err(error) = carry_out(&scope, run, request).await {
            tracing::error!(run = %Kind::ProposalRun.id(run), %error, "a search for a proposal could not be finished");
        }
    });
    Ok(row)
}

/// Asks a search to stop; it keeps its best proposal. One that has ended stays as it is.
///
/// # Errors
/// `NotFound`.
pub async fn stop(scope: &Scope, run_id: Uuid) -> Result<proposal_run::Model> {
    let txn = scope.begin().await?;
    let run = rows::hold::<proposal_run::Entity>(&txn, Kind::ProposalRun, run_id, LockType::Update).await?;
    if run.state != RunState::Running {
        return Ok(run);
    }
    let stopped = proposal_run::Model { state: RunState::Stopped, ..run.clone() };
    let stopped = audit::update(&txn, "proposal_run.stop", &run, stopped).await?;
    txn.commit().await?;
    Ok(stopped)
}

/// Marks lost searches again and again: a server that starts right after a crash finds them silent for too short a time.
pub async fn watch_over(scope: Scope) {
    loop {
        if let Err(error) = mark_lost(&scope).await {
            tracing::warn!(%error, "lost searches for proposals could not be marked");
        }
        tokio::time::sleep(WATCH).await;
    }
}

/// Marks searches whose process has ended as failed. Returns how many.
pub async fn mark_lost(scope: &Scope) -> Result<usize> {
    let txn = scope.begin().await?;
    let silent = rows::in_district(txn.district_id(), proposal_run::Entity::find())
        .filter(proposal_run::Column::FinishedAt.is_null())
        .filter(proposal_run::Column::HeartbeatAt.lt(scope.now() - LOST_AFTER))
        .lock_exclusive()
        .all(&*txn)
        .await?;
    let lost = |run: &proposal_run::Model| proposal_run::Model {
        state: RunState::Failed,
        finished_at: Some(scope.now()),
        failure: Some("求解程序中途退出，请重新拟订".into()),
        ..run.clone()
    };
    let pairs: Vec<_> = silent
        .into_iter()
        .map(|run| {
            let after = lost(&run);
            (run, after)
        })
        .collect();
    let count = pairs.len();
    audit::update_all(&txn, "proposal_run.lost", pairs).await?;
    txn.commit().await?;
    Ok(count)
}

/// One search of a round at a time: a second would only take the first one's processor.
async fn none_under_way(txn: &Txn, round: &rotation_round::Model) -> Result<()> {
    let running = rows::in_district(txn.district_id(), proposal_run::Entity::find())
        .filter(proposal_run::Column::RoundId.eq(round.id))
        .filter(proposal_run::Column::FinishedAt.is_null())
        .filter(proposal_run::Column::HeartbeatAt.gte(txn.scope().now() - LOST_AFTER))
        .one(&**txn)
        .await?;
    let Some(other) = running else { return Ok(()) };
    let by = other.requested_by;
    Err(UserError::new(
        "RUN_UNDER_WAY",
        format!("{by}已在为这一批次拟订方案，请等它完成，或先停止它"),
        format!("{by} is already searching for a proposal of this round: wait for that run or stop it first"),
    )
    .into())
}

async fn carry_out(scope: &Scope, run_id: Uuid, request: Request) -> Result<()> {
    let stop: Stop = Arc::default();
    let begun = Instant::now();
    let mut searching = {
        let (scope, stop) = (scope.clone(), stop.clone());
        tokio::spawn(async move { propose(&scope, request, stop).await })
    };
    let outcome = loop {
        tokio::select! {
            outcome = &mut searching => break outcome.unwrap_or_else(|lost| Err(Error::Internal(Box::new(lost)))),
            () = tokio::time::sleep(HEARTBEAT) => match heartbeat(scope, run_id, begun.elapsed()).await {
                Ok(state) if state != RunState::Running => stop.store(true, Ordering::Relaxed),
                Ok(_) => {}
                // One that cannot be written is made good by the next.
                Err(error) => tracing::warn!(%error, "the progress of a search was not written"),
            }
        }
    };
    finish(scope, run_id, outcome, begun.elapsed()).await
}

async fn heartbeat(scope: &Scope, run_id: Uuid, searched: Duration) -> Result<RunState> {
    let txn = scope.begin().await?;
    proposal_run::Entity::update_many()
        .filter(proposal_run::Column::DistrictId.eq(scope.district.id))
        .filter(proposal_run::Column::Id.eq(run_id))
        .col_expr(proposal_run::Column::HeartbeatAt, Expr::value(scope.now()))
        .col_expr(proposal_run::Column::SearchedMs, Expr::value(milliseconds(searched)))
        .exec(&*txn)
        .await?;
    let run = rows::find::<proposal_run::Entity>(&txn, Kind::ProposalRun, run_id).await?;
    txn.commit().await?;
    Ok(run.state)
}

fn milliseconds(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

async fn finish(
    scope: &Scope,
    run_id: Uuid,
    outcome: Result<Made<rotation_proposal::Model>>,
    searched: Duration,
) -> Result<()> {
    let txn = scope.begin().await?;
    let run = rows::hold::<proposal_run::Entity>(&txn, Kind::ProposalRun, run_id, LockType::Update).await?;
    let mut after = proposal_run::Model {
        finished_at: Some(scope.now()),
        searched_ms: milliseconds(searched),
        ..run.clone()
    };
    match outcome {
        Ok(Made::Done(proposal)) => {
            after.state = if run.state == RunState::Stopped { RunState::Stopped } else { RunState::Finished };
            after.proposal_id = Some(proposal.id);
        }
        Ok(Made::Impossible(why)) => {
            after.state = RunState::Failed;
            after.failure = Some(why.refusal().explain(Language::Chinese));
            after.conflict = Some(serde_json::to_value(&why)?);
        }
        Err(error) => {
            tracing::warn!(run = %Kind::ProposalRun.id(run_id), %error, "a search for a proposal failed");
            after.state = RunState::Failed;
            // What the user can mend is told; what is ours is in the log.
            after.failure = Some(match error {
                Error::Internal(_) => "系统内部错误，请查看日志后重新拟订".into(),
                mendable => mendable.explain(Language::Chinese),
            });
        }
    }
    audit::update(&txn, "proposal_run.finish", &run, after).await?;
    txn.commit().await?;
    Ok(())
}
