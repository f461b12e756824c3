//! How those who serve elsewhere are assessed 考核: at mid-term, and when their term of duty is over.

use std::collections::HashSet;

use chrono::{Days, NaiveDate};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::permits::{self, RotationAction};
use crate::audit;
use crate::entity::values::{AssessmentKind, AssessmentResult, PlacementState, RoundState};
use crate::entity::{assessment, placement, rotation_round, teacher};
use crate::error::{Result, UserError};
use crate::id::{self, Kind};
use crate::rows;
use crate::scope::{Scope, Txn};

/// The outcome of an assessment.
#[derive(Debug)]
pub struct Outcome {
    /// Whose service.
    pub placement_id: Uuid,
    /// Which assessment.
    pub kind: AssessmentKind,
    /// Its result.
    pub result: AssessmentResult,
    /// A remark; must be made when the result is 基本称职 or 不称职.
    pub remark: Option<String>,
    /// The day; none: today.
    pub assessed_on: Option<NaiveDate>,
    /// The version that was looked at; none when it was not assessed yet.
    pub expected_version: Option<i32>,
}

/// How long before the end of service the final assessment may be made outside of the step 考核.
const FINAL_BEFORE: Days = Days::new(92);

/// Records an assessment; another outcome replaces the first.
///
/// # Errors
/// `NotFound`; `Stale`; `Rejected` when she is not dispatched, the day is out of the question, a low result has no remark,
/// or outside of the steps 在岗 and 考核.
pub async fn record(scope: &Scope, outcome: Outcome) -> Result<assessment::Model> {
    let txn = scope.begin().await?;
    let placement = rows::find::<placement::Entity>(&txn, Kind::Placement, outcome.placement_id).await?;
    let round = permits::round_for(&txn, placement.round_id, RotationAction::Assess).await?;
    let teacher = super::one_at_a_time(&txn, placement.teacher_id).await?;
    if placement.state != PlacementState::Approved {
        return Err(not_serving(&teacher, placement.state).into());
    }
    let assessed_on = outcome.assessed_on.unwrap_or_else(|| scope.today());
    let remark = outcome.remark.as_deref().map(str::trim).filter(|remark| !remark.is_empty());
    explained(outcome.result, remark)?;
    let known = rows::in_district(txn.district_id(), assessment::Entity::find())
        .filter(assessment::Column::PlacementId.eq(placement.id))
        .all(&*txn)
        .await?;
    in_time(&txn, &placement, &known, outcome.kind, assessed_on)?;
    not_too_early(&round, &placement, outcome.kind, assessed_on)?;
    let before = known.into_iter().find(|row| row.kind == outcome.kind);
    let (row_id, version) = before.as_ref().map_or_else(|| (id::new(), 0), |row| (row.id, row.version));
    rows::expect_version(&txn, row_id, version, outcome.expected_version.unwrap_or(0)).await?;
    let after = assessment::Model {
        id: row_id,
        district_id: txn.district_id(),
        placement_id: placement.id,
        kind: outcome.kind,
        result: outcome.result,
        remark: remark.map(str::to_owned),
        assessed_on,
        version: version + 1,
    };
    let after = match before {
        Some(before) => audit::update(&txn, "assessment.record", &before, after).await?,
        None => audit::insert(&txn, "assessment.record", after).await?,
    };
    txn.commit().await?;
    Ok(after)
}

/// Those of a round who serve and have not been assessed yet, in the order they were placed. After the final assessment, which who
/// is called back early has before her time, nobody waits for a mid-term check.
pub async fn waiting(
    connection: &impl ConnectionTrait,
    round: &rotation_round::Model,
    kind: AssessmentKind,
) -> Result<Vec<placement::Model>> {
    let mut serving = rows::in_district(round.district_id, placement::Entity::find())
        .filter(placement::Column::RoundId.eq(round.id))
        .filter(placement::Column::State.eq(PlacementState::Approved))
        .order_by_asc(placement::Column::Id)
        .all(connection)
        .await?;
    let done = rows::in_district(round.district_id, assessment::Entity::find())
        .filter(assessment::Column::PlacementId.is_in(serving.iter().map(|row| row.id)))
        .filter(assessment::Column::Kind.is_in([kind, AssessmentKind::Final]))
        .all(connection)
        .await?;
    let done: HashSet<Uuid> = done.into_iter().map(|row| row.placement_id).collect();
    serving.retain(|row| !done.contains(&row.id));
    Ok(serving)
}

fn not_serving(teacher: &teacher::Model, state: PlacementState) -> UserError {
    let (name, word) = (&teacher.name, state.zh());
    UserError::new(
        "NOT_DISPATCHED",
        format!("{name}的安排是“{word}”，没有派遣，不考核；请核对是哪一位"),
        format!(
            "the placement of {name} is {:?}: only who was dispatched is assessed; check who is meant",
            state.en()
        ),
    )
    .at("placementId")
}

/// Requires a word about a low result: it bears on her title.
fn explained(result: AssessmentResult, remark: Option<&str>) -> Result<()> {
    let low = matches!(result, AssessmentResult::Basic | AssessmentResult::Failing);
    if !low || remark.is_some() {
        return Ok(());
    }
    let word = result.zh();
    let (zh, en) = (
        format!("考核为“{word}”的，请写明原因"),
        format!("say why the result of the assessment is {:?}", result.en()),
    );
    Err(UserError::new("REMARK_MISSING", zh, en).at("remark").into())
}

/// Requires a day on which she has begun to serve, that is not ahead, and that leaves the mid-term check before the final one.
fn in_time(
    txn: &Txn,
    placement: &placement::Model,
    known: &[assessment::Model],
    kind: AssessmentKind,
    on: NaiveDate,
) -> Result<()> {
    let today = txn.scope().today();
    let (zh, en) = if on > today {
        (
            format!("考核日期 {on} 还没有到，今天是 {today}；请核对日期"),
            format!("{on} is still ahead, and today is {today}: check the day"),
        )
    } else if on < placement.from_on {
        let from = placement.from_on;
        (
            format!("考核日期 {on} 在到岗日期 {from} 之前；请核对日期"),
            format!("{on} is before {from}, when the service began: check the day"),
        )
    } else if let Some(other) = known.iter().find(|other| out_of_order(other, kind, on)) {
        let (word, day) = (other.kind.zh(), other.assessed_on);
        (
            format!("中期检查应在期满考核之前，{word}是 {day}；请核对日期"),
            format!(
                "the mid-term check comes before the final assessment, and the {} was on {day}: check the day",
                other.kind.en()
            ),
        )
    } else {
        return Ok(());
    };
    Err(UserError::new("ASSESSMENT_DAY", zh, en).at("assessedOn").into())
}

/// Requires that the final assessment looks at service that is about to end: in the step 考核, or in the last months of who goes
/// earlier than the others.
fn not_too_early(
    round: &rotation_round::Model,
    placement: &placement::Model,
    kind: AssessmentKind,
    on: NaiveDate,
) -> Result<()> {
    let (until, first) = (placement.until_on, placement.until_on - FINAL_BEFORE);
    if kind == AssessmentKind::MidTerm || round.state == RoundState::Assessing || on >= first {
        return Ok(());
    }
    Err(UserError::new(
        "ASSESSMENT_DAY",
        format!(
            "交流到 {until} 为止，期满考核最早 {first} 登记，或等批次进入“考核”；要提前结束的，请先提前结束交流"
        ),
        format!(
            "service lasts until {until}: the final assessment is recorded from {first} on, or in the step of assessments; end the \
             service before its time first if it shall end"
        ),
    )
    .at("assessedOn")
    .into())
}

fn out_of_order(other: &assessment::Model, kind: AssessmentKind, on: NaiveDate) -> bool {
    match (other.kind, kind) {
        (AssessmentKind::Final, AssessmentKind::MidTerm) => other.assessed_on < on,
        (AssessmentKind::MidTerm, AssessmentKind::Final) => on < other.assessed_on,
        _ => false,
    }
}
