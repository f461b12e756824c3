//! A round's life: one step after the other, each with its days and with what must be true before it.

mod checks;
pub mod dates;

use chrono::NaiveDate;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::notices;
use super::permits::{self, RotationAction};
use super::proposals;
use crate::audit;
use crate::calendar::working::WorkingDays;
use crate::entity::values::RoundState;
use crate::entity::{rotation_round, round_step};
use crate::error::{Error, Result, UserError};
use crate::groups::ends_before_it_begins;
use crate::id::{self, Kind};
use crate::mail::outbox;
use crate::people::away;
use crate::rows;
use crate::scope::{Scope, Txn};

pub use checks::{Gap, NOT_OVER};

/// Where a round stands.
#[derive(Debug, Clone)]
pub struct Progress {
    /// Its steps, in order.
    pub steps: Vec<round_step::Model>,
    /// The step that comes next; none: the round is closed.
    pub next: Option<RoundState>,
    /// What is missing before the next step, and what is worth knowing before it.
    pub gaps: Vec<Gap>,
}

/// Where a round stands, what comes next and what is missing.
pub async fn progress(scope: &Scope, round: &rotation_round::Model) -> Result<Progress> {
    let steps = stored(scope.reader(), round).await?;
    let gaps = checks::gaps(scope, scope.reader(), round, &steps).await?;
    Ok(Progress { steps, next: after(round.state), gaps })
}

/// The step after `state`.
pub fn after(state: RoundState) -> Option<RoundState> {
    RoundState::ALL.iter().copied().find(|step| *step > state)
}

/// The step before `state`.
fn before(state: RoundState) -> Option<RoundState> {
    RoundState::ALL.iter().rev().copied().find(|step| *step < state)
}

/// Takes the next step; from the last one the round is closed. Those concerned are told that the step is open.
///
/// # Errors
/// `NotFound`; `Stale`; `Rejected` with everything that is missing before the next step, and what to do about it.
pub async fn forward(scope: &Scope, round_id: Uuid, expected_version: i32) -> Result<rotation_round::Model> {
    let txn = scope.begin().await?;
    let round = held(&txn, round_id, expected_version, RotationAction::StepForward).await?;
    let steps = ensured(&txn, &round).await?;
    let gaps = checks::gaps(scope, &*txn, &round, &steps).await?;
    let missing: Vec<UserError> = gaps.into_iter().filter(|gap| gap.blocks).map(Gap::refusal).collect();
    if !missing.is_empty() {
        return Err(Error::Rejected(missing));
    }
    let Some(next) = after(round.state) else { return Ok(round) };
    let entered = enter(&txn, "rotation_round.step_forward", &round, next, None).await?;
    txn.commit().await?;
    Ok(entered)
}

/// Goes back one step, which only a round may do whose people have not been dispatched. From 审批 that takes an approval back.
///
/// # Errors
/// `NotFound`; `Stale`; `Rejected` without a reason, or from a step that there is no way back from.
pub async fn back(
    scope: &Scope,
    round_id: Uuid,
    expected_version: i32,
    reason: &str,
) -> Result<rotation_round::Model> {
    let reason = away::given(reason)?;
    let txn = scope.begin().await?;
    let round = held(&txn, round_id, expected_version, RotationAction::StepBack).await?;
    let Some(previous) = before(round.state) else { return Ok(round) };
    if round.state == RoundState::Approving {
        proposals::revoke(&txn, &round, &reason).await?;
    }
    let entered = enter(&txn, "rotation_round.step_back", &round, previous, Some(reason)).await?;
    txn.commit().await?;
    Ok(entered)
}

/// Other days for a step.
#[derive(Debug)]
pub struct Rescheduling {
    /// The step.
    pub step_id: Uuid,
    /// The version of the step that was looked at.
    pub expected_version: i32,
    /// First day.
    pub from_on: NaiveDate,
    /// Day by which it shall be done.
    pub due_on: NaiveDate,
    /// Working days a proposal is public at least; none: as before.
    pub working_days: Option<i32>,
    /// Why.
    pub reason: Option<String>,
}

/// Changes the days of a step that is not over; of the step that is running, the reminders follow.
///
/// # Errors
/// `NotFound`; `Stale`; `Rejected` when the step is over, its days are out of order among themselves or with the steps
/// beside it, a proposal would be public for too few working days, or no reason is given once people rely on the days.
pub async fn reschedule(scope: &Scope, change: Rescheduling) -> Result<round_step::Model> {
    let txn = scope.begin().await?;
    let found = rows::find::<round_step::Entity>(&txn, Kind::RoundStep, change.step_id).await?;
    let round = rows::hold::<rotation_round::Entity>(&txn, Kind::Round, found.round_id, LockType::Update);
    let round = round.await?;
    permits::check(scope, &round, RotationAction::StepReschedule)?;
    let steps = stored(&*txn, &round).await?;
    let Some(step) = steps.iter().find(|step| step.id == found.id) else {
        return Err(Error::NotFound(Kind::RoundStep));
    };
    rows::expect_version(&txn, step.id, step.version, change.expected_version).await?;
    let reason = change.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let next = round_step::Model {
        from_on: change.from_on,
        due_on: change.due_on,
        working_days: working_days(&change, step)?,
        reason: reason.map(str::to_owned).or_else(|| step.reason.clone()),
        version: step.version + 1,
        ..step.clone()
    };
    if next.step < round.state {
        return Err(step_over(&next).into());
    }
    in_order(&next, &steps)?;
    promised(&round, step, reason)?;
    long_enough(&txn, &next).await?;
    let next = audit::update(&txn, "round_step.reschedule", step, next).await?;
    if next.step == round.state {
        let drafts = notices::step_due(&txn, &round, &next).await?;
        outbox::enqueue(&txn, drafts).await?;
    }
    txn.commit().await?;
    Ok(next)
}

/// Records that a new round is in its first step, and tells those in charge.
pub async fn open(txn: &Txn, round: &rotation_round::Model) -> Result<()> {
    let steps = stored(&**txn, round).await?;
    let Some(step) = steps.into_iter().find(|step| step.step == round.state) else { return Ok(()) };
    tell(txn, round, step, None).await
}

/// The step that a round is in, when today lies within its days.
///
/// # Errors
/// `Rejected`, naming the days.
pub async fn within(txn: &Txn, round: &rotation_round::Model) -> Result<()> {
    let steps = stored(&**txn, round).await?;
    let Some(step) = steps.iter().find(|step| step.step == round.state) else { return Ok(()) };
    let today = txn.scope().today();
    if (step.from_on..=step.due_on).contains(&today) {
        return Ok(());
    }
    let (word, from, due) = (step.step.zh(), step.from_on, step.due_on);
    Err(UserError::new(
        "OUTSIDE_STEP",
        format!(
            "{word}的时间是 {from} 至 {due}，今天 {today} 不在其中；确需办理，请教育局先调整这一步的日期"
        ),
        format!(
            "the days of {} are {from} to {due}, and today is {today}: ask the office to change them first",
            step.step.en()
        ),
    )
    .into())
}

/// The round, for a change of its step: held so that nothing else is done in it meanwhile.
async fn held(
    txn: &Txn,
    round_id: Uuid,
    expected_version: i32,
    action: RotationAction,
) -> Result<rotation_round::Model> {
    let round = rows::hold::<rotation_round::Entity>(txn, Kind::Round, round_id, LockType::Update).await?;
    rows::expect_version(txn, round.id, round.version, expected_version).await?;
    permits::check(txn.scope(), &round, action)?;
    Ok(round)
}

/// Puts the round into a step.
async fn enter(
    txn: &Txn,
    action: &str,
    round: &rotation_round::Model,
    state: RoundState,
    reason: Option<String>,
) -> Result<rotation_round::Model> {
    let next = rotation_round::Model { state, version: round.version + 1, ..round.clone() };
    let next = audit::update(txn, action, round, next).await?;
    let steps = stored(&**txn, &next).await?;
    if let Some(step) = steps.into_iter().find(|step| step.step == state) {
        tell(txn, &next, step, reason).await?;
    }
    Ok(next)
}

/// Records that a step is entered, and tells those concerned.
async fn tell(
    txn: &Txn,
    round: &rotation_round::Model,
    step: round_step::Model,
    reason: Option<String>,
) -> Result<()> {
    let comes_back = reason.is_some();
    let entered = round_step::Model {
        entered_on: Some(txn.scope().today()),
        reason,
        version: step.version + 1,
        ..step.clone()
    };
    let entered = audit::update(txn, "round_step.enter", &step, entered).await?;
    let mut drafts = notices::step_opened(txn, round, &entered).await?;
    drafts.extend(notices::step_due(txn, round, &entered).await?);
    if entered.step == RoundState::Publicising && !comes_back {
        drafts.extend(notices::proposal_published(txn, round, &entered).await?);
    }
    outbox::enqueue(txn, drafts).await?;
    Ok(())
}

/// The steps of a round that are stored, in order.
pub async fn stored(
    connection: &impl ConnectionTrait,
    round: &rotation_round::Model,
) -> Result<Vec<round_step::Model>> {
    let select = rows::in_district(round.district_id, round_step::Entity::find());
    let mut steps = select.filter(round_step::Column::RoundId.eq(round.id)).all(connection).await?;
    steps.sort_by_key(|step| step.step);
    Ok(steps)
}

/// The same; a round from before steps had days gets them now.
async fn ensured(txn: &Txn, round: &rotation_round::Model) -> Result<Vec<round_step::Model>> {
    let steps = stored(&**txn, round).await?;
    if !steps.is_empty() {
        return Ok(steps);
    }
    let fresh = fresh(round);
    audit::insert_all(txn, "round_step.default", fresh.clone()).await?;
    Ok(fresh)
}

/// The steps of a round that has none, with the days of a county's year.
pub fn fresh(round: &rotation_round::Model) -> Vec<round_step::Model> {
    let step = |days: dates::StepDays| round_step::Model {
        id: id::new(),
        district_id: round.district_id,
        round_id: round.id,
        step: days.step,
        from_on: days.from_on,
        due_on: days.due_on,
        entered_on: None,
        working_days: (days.step == RoundState::Publicising).then_some(dates::PUBLICITY_DAYS),
        reason: None,
        version: 1,
    };
    dates::defaults(round.starts_on, round.ends_on).into_iter().map(step).collect()
}

fn step_over(step: &round_step::Model) -> UserError {
    UserError::new(
        "STEP_OVER",
        format!("{}这一步已经过去，日期不能再改", step.step.zh()),
        format!("the step of {} is over: its days cannot change any more", step.step.en()),
    )
    .at("step")
}

/// Once a round is past the count, or a step was entered, people rely on its days: they change for a reason.
fn promised(round: &rotation_round::Model, step: &round_step::Model, reason: Option<&str>) -> Result<()> {
    let told = step.entered_on.is_some() || round.state > RoundState::Counting;
    if !told || reason.is_some() {
        return Ok(());
    }
    let (zh, en) = (step.step.zh(), step.step.en());
    Err(UserError::new(
        "REASON_MISSING",
        format!("{zh}的日期已经告知大家，改期请写明原因"),
        format!("people rely on the days of {en}: say why they change"),
    )
    .at("reason")
    .into())
}

fn working_days(change: &Rescheduling, step: &round_step::Model) -> Result<Option<i32>> {
    let Some(days) = change.working_days else { return Ok(step.working_days) };
    let (zh, en) = match step.step {
        RoundState::Publicising if (1..=60).contains(&days) => return Ok(Some(days)),
        RoundState::Publicising => {
            ("公示的工作日请填 1 到 60", "a proposal is public for 1 to 60 working days")
        }
        _ => ("只有公示有最少工作日", "only the step PUBLICISING has a least number of working days"),
    };
    Err(UserError::new("INVALID_WORKING_DAYS", zh, en).at("workingDays").into())
}

/// Requires days in their order, and between those of the steps beside it.
fn in_order(step: &round_step::Model, steps: &[round_step::Model]) -> Result<()> {
    if step.due_on < step.from_on {
        return Err(ends_before_it_begins("dueOn").into());
    }
    let earlier = steps.iter().rev().find(|other| other.step < step.step);
    if let Some(earlier) = earlier.filter(|earlier| step.from_on < earlier.from_on) {
        return Err(out_of_order("fromOn", step, earlier, "不能早于", "may not begin before").into());
    }
    let later = steps.iter().find(|other| other.step > step.step);
    if let Some(later) = later.filter(|later| later.from_on < step.from_on) {
        return Err(out_of_order("fromOn", step, later, "不能晚于", "may not begin after").into());
    }
    Ok(())
}

fn out_of_order(
    field: &str,
    step: &round_step::Model,
    other: &round_step::Model,
    zh: &str,
    en: &str,
) -> UserError {
    let on = other.from_on;
    UserError::new(
        "STEPS_OUT_OF_ORDER",
        format!(
            "{}的开始日期{zh}{}的开始日期 {on}；请先调整{}",
            step.step.zh(),
            other.step.zh(),
            other.step.zh()
        ),
        format!(
            "the step of {} {en} {on}, when the step of {} begins: change that step first",
            step.step.en(),
            other.step.en()
        ),
    )
    .at(field)
}

/// Requires that a proposal is public for as many working days as it must be.
async fn long_enough(txn: &Txn, step: &round_step::Model) -> Result<()> {
    let Some(least) = step.working_days.and_then(|days| usize::try_from(days).ok()) else { return Ok(()) };
    let days = WorkingDays::load(&**txn, step.district_id, step.from_on).await?;
    match checks::too_short(&days, step.from_on, step.due_on, least) {
        Some(gap) => Err(Error::Rejected(vec![gap.refusal().at("dueOn")])),
        None => Ok(()),
    }
}
