//! 派遣 Dispatching: placements become postings, which availability, travel and audience follow from their first day on; and what
//! becomes of them later: they are made longer, or end before their time.

mod duties;

use std::collections::{BTreeMap, HashMap};

use chrono::{Months, NaiveDate};
use sea_orm::sea_query::{ExprTrait, LockType};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, prelude::Uuid};

use super::notices;
use super::permits::{self, RotationAction};
use super::policy::{self, Rule};
use crate::audit;
use crate::entity::values::{DutyKind, PlacementState, WeekParity};
use crate::entity::{lesson, placement, posting, rotation_round, school, school_class, teacher};
use crate::error::{Error, Result, UserError};
use crate::id::Kind;
use crate::mail::outbox;
use crate::people::{self, away};
use crate::rows;
use crate::scope::{Scope, Txn};

/// A lesson that nobody gives any more once somebody has left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncovered {
    /// The lesson.
    pub lesson_id: Uuid,
    /// Where.
    pub school_id: Uuid,
    /// Who gave it.
    pub teacher_id: Uuid,
    /// Name of the class.
    pub class: String,
    /// What.
    pub subject_id: Uuid,
    /// ISO weekday.
    pub weekday: i32,
    /// Period of the day.
    pub period: i32,
    /// In which weeks.
    pub parity: WeekParity,
    /// First day on which nobody gives it.
    pub from_on: NaiveDate,
}

/// What dispatching wrote, and what it leaves to others.
#[derive(Debug, Clone)]
pub struct Dispatched {
    /// Postings, in the order of their placements.
    pub postings: Vec<posting::Model>,
    /// Lessons that nobody gives any more, by school, class and time.
    pub uncovered: Vec<Uncovered>,
}

/// Makes every placement of the round that is proposed a posting, in one transaction.
///
/// # Errors
/// `NotFound`; `Rejected` outside of the step 派遣, when there is nobody to dispatch, or when some of them are posted elsewhere.
pub async fn dispatch(scope: &Scope, round_id: Uuid) -> Result<Dispatched> {
    let txn = scope.begin().await?;
    let round = rows::hold::<rotation_round::Entity>(&txn, Kind::Round, round_id, LockType::Update).await?;
    permits::check(scope, &round, RotationAction::Dispatch)?;
    let waiting = rows::in_district(txn.district_id(), placement::Entity::find())
        .filter(placement::Column::RoundId.eq(round.id))
        .filter(placement::Column::State.eq(PlacementState::Proposed))
        .order_by_asc(placement::Column::Id)
        .all(&*txn)
        .await?;
    if waiting.is_empty() {
        let (zh, en) = ("没有待派遣的人", "nobody waits to be dispatched");
        return Err(UserError::new("NOBODY_TO_DISPATCH", zh, en).into());
    }
    still_here(&txn, &waiting).await?;
    let uncovered = uncovered(&*txn, &waiting).await?;
    let taken = duties::taken_along(&txn, &round, &waiting).await?;
    let new = waiting.iter().map(|row| posting_of(row, taken.get(&row.teacher_id).copied()));
    let postings = people::post_all(&txn, "placement.approve", new.collect()).await?;
    duties::hand_over(&txn, &waiting, &taken).await?;
    let approved = |before: placement::Model| {
        let after = placement::Model {
            state: PlacementState::Approved,
            version: before.version + 1,
            ..before.clone()
        };
        (before, after)
    };
    let pairs: Vec<_> = waiting.into_iter().map(approved).collect();
    let mut drafts = notices::dispatched(&txn, &round, &postings).await?;
    drafts.extend(notices::school_dispatched(&txn, &round, pairs.iter().map(|(row, _)| row)).await?);
    audit::update_all(&txn, "placement.approve", pairs).await?;
    outbox::enqueue(&txn, drafts).await?;
    txn.commit().await?;
    Ok(Dispatched { postings, uncovered })
}

/// Takes back that somebody who was approved is sent; one who was dispatched already stays at home after all, as long as her first day
/// is still ahead. She is told, and after the dispatch the principals of both schools too.
///
/// # Errors
/// `NotFound`; `Stale`; `Rejected` without a reason, outside of the steps from 审批 to 在岗, or when her service has begun or it was
/// withdrawn already.
pub async fn withdraw(
    scope: &Scope,
    placement_id: Uuid,
    expected_version: i32,
    reason: &str,
) -> Result<placement::Model> {
    let reason = away::given(reason)?;
    let txn = scope.begin().await?;
    let found = rows::find::<placement::Entity>(&txn, Kind::Placement, placement_id).await?;
    let round =
        rows::hold::<rotation_round::Entity>(&txn, Kind::Round, found.round_id, LockType::Update).await?;
    permits::check(scope, &round, RotationAction::WithdrawPlacement)?;
    // Read anew now that nobody else writes.
    let before = rows::find::<placement::Entity>(&txn, Kind::Placement, placement_id).await?;
    rows::expect_version(&txn, before.id, before.version, expected_version).await?;
    not_begun(scope, &before)?;
    if let Some(posting) = posting_from(&txn, &before).await? {
        duties::give_back(&txn, &before, &posting).await?;
        audit::delete(&txn, "placement.withdraw", posting).await?;
    }
    let after = placement::Model {
        state: PlacementState::Withdrawn,
        reason: Some(reason),
        version: before.version + 1,
        ..before.clone()
    };
    let after = audit::update(&txn, "placement.withdraw", &before, after).await?;
    let drafts = notices::placement_withdrawn(&txn, &after, before.state == PlacementState::Approved).await?;
    outbox::enqueue(&txn, drafts).await?;
    txn.commit().await?;
    Ok(after)
}

fn not_begun(scope: &Scope, placement: &placement::Model) -> Result<()> {
    let from = placement.from_on;
    let fault = match placement.state {
        PlacementState::Proposed => return Ok(()),
        PlacementState::Approved if scope.today() < from => return Ok(()),
        PlacementState::Approved => UserError::new(
            "SERVICE_HAS_BEGUN",
            format!("交流自 {from} 起已经开始，不能撤回；要提前结束，请提前结束这次交流"),
            format!("her service has begun on {from}: end it before its time instead"),
        ),
        PlacementState::Withdrawn => UserError::new("WITHDRAWN", "已经撤回", "it was withdrawn before"),
    };
    Err(fault.into())
}

/// The posting that a placement has become.
async fn posting_from(txn: &Txn, placement: &placement::Model) -> Result<Option<posting::Model>> {
    let select = rows::in_district(txn.district_id(), posting::Entity::find());
    Ok(select.filter(posting::Column::PlacementId.eq(placement.id)).one(&**txn).await?)
}

/// Requires that everybody still works here by her first day, and that the school that expects her is open.
async fn still_here(txn: &Txn, placements: &[placement::Model]) -> Result<()> {
    let teachers = rows::in_district(txn.district_id(), teacher::Entity::find())
        .filter(teacher::Column::Id.is_in(placements.iter().map(|row| row.teacher_id)))
        .all(&**txn)
        .await?;
    let schools = rows::in_district(txn.district_id(), school::Entity::find()).all(&**txn).await?;
    let fault = |row: &placement::Model| {
        let teacher = teachers.iter().find(|teacher| teacher.id == row.teacher_id)?;
        let school = schools.iter().find(|school| school.id == row.to_school_id)?;
        let (name, place) = (&teacher.name, &school.name);
        if let Some(left) = teacher.left_on.filter(|left| *left <= row.from_on) {
            return Some(UserError::new(
                "HAS_LEFT",
                format!("{name}自 {left} 起已离职，不能派往{place}：请撤回这项安排并写明原因"),
                format!(
                    "{name} has left by {left} and cannot go to {place}: withdraw the placement with a reason"
                ),
            ));
        }
        let closed = school.closed_on.filter(|closed| *closed <= row.from_on)?;
        Some(UserError::new(
            "SCHOOL_CLOSED",
            format!("{place}自 {closed} 起停办，{name}不能派往那里：请撤回这项安排并写明原因"),
            format!(
                "{place} is closed from {closed} on, where {name} is to go: withdraw the placement with a reason"
            ),
        ))
    };
    let faults: Vec<UserError> = placements.iter().filter_map(fault).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Rejected(faults)) }
}

/// The posting that a placement becomes, with the duty she moves in. 走教 and 挂职 keep the post at home.
fn posting_of(placement: &placement::Model, duty: Option<DutyKind>) -> people::NewPosting {
    let days = placement.weekdays.as_deref().unwrap_or_default();
    people::NewPosting {
        teacher_id: placement.teacher_id,
        school_id: placement.to_school_id,
        form: placement.form,
        weekdays: days
            .chars()
            .filter_map(|day| day.to_digit(10))
            .filter_map(|day| day.try_into().ok())
            .collect(),
        home_post_kept: duties::keeps_home_post(placement.form),
        duty,
        placement_id: Some(placement.id),
        from_on: placement.from_on,
        until_on: Some(placement.until_on),
        note: None,
    }
}

/// Lessons that nobody gives any more because of who was dispatched in a round, as the timetables are now.
pub async fn left_by(scope: &Scope, round_id: Uuid) -> Result<Vec<Uncovered>> {
    let dispatched = rows::in_district(scope.district.id, placement::Entity::find())
        .filter(placement::Column::RoundId.eq(round_id))
        .filter(placement::Column::State.eq(PlacementState::Approved))
        .all(scope.reader())
        .await?;
    uncovered(scope.reader(), &dispatched).await
}

/// Lessons at other schools than the receiving one that nobody gives from the first day of these placements on, by school, class
/// and time.
pub async fn uncovered(
    connection: &impl ConnectionTrait,
    placements: &[placement::Model],
) -> Result<Vec<Uncovered>> {
    let (Some(district), Some(first)) =
        (placements.first().map(|row| row.district_id), placements.iter().map(|row| row.from_on).min())
    else {
        return Ok(Vec::new());
    };
    let leaving: HashMap<Uuid, &placement::Model> =
        placements.iter().map(|row| (row.teacher_id, row)).collect();
    let lessons = rows::in_district(district, lesson::Entity::find())
        .filter(lesson::Column::TeacherId.is_in(leaving.keys().copied()))
        .filter(lesson::Column::UntilOn.is_null().or(lesson::Column::UntilOn.gte(first)))
        .all(connection)
        .await?;
    let classes = rows::in_district(district, school_class::Entity::find())
        .filter(school_class::Column::Id.is_in(lessons.iter().map(|row| row.class_id)))
        .all(connection)
        .await?;
    let classes: HashMap<Uuid, school_class::Model> = classes.into_iter().map(|row| (row.id, row)).collect();
    let mut left: Vec<Uncovered> = lessons
        .into_iter()
        .filter_map(|row| {
            let placement = leaving.get(&row.teacher_id)?;
            let class = classes.get(&row.class_id)?;
            let falls = row.until_on.is_none_or(|until| until >= placement.from_on)
                && row.school_id != placement.to_school_id
                && is_away(placement, row.weekday);
            falls.then(|| Uncovered {
                lesson_id: row.id,
                school_id: row.school_id,
                teacher_id: row.teacher_id,
                class: class.name.clone(),
                subject_id: row.subject_id,
                weekday: row.weekday,
                period: row.period,
                parity: row.parity,
                from_on: Ord::max(placement.from_on, row.from_on),
            })
        })
        .collect();
    left.sort_by(|one, other| {
        let place = |row: &Uncovered| (row.school_id, row.class.clone(), row.weekday, row.period);
        place(one).cmp(&place(other))
    });
    Ok(left)
}

/// Whether somebody is away from home on a weekday.
fn is_away(placement: &placement::Model, weekday: i32) -> bool {
    placement.weekdays.as_ref().is_none_or(|days| days.contains(&weekday.to_string()))
}

/// Lessons by the school that has to cover them.
pub fn by_school(uncovered: &[Uncovered]) -> BTreeMap<Uuid, Vec<&Uncovered>> {
    let mut schools: BTreeMap<Uuid, Vec<&Uncovered>> = BTreeMap::new();
    for lesson in uncovered {
        schools.entry(lesson.school_id).or_default().push(lesson);
    }
    schools
}

/// Another last day for service that has begun or is to begin.
#[derive(Debug)]
pub struct ServiceChange {
    /// The placement.
    pub placement_id: Uuid,
    /// The version of the placement that was looked at.
    pub expected_version: i32,
    /// Her last day there.
    pub until_on: NaiveDate,
    /// Why.
    pub reason: String,
}

/// Ends service before its time: she is back at home from the day after.
///
/// # Errors
/// `NotFound`; `Stale`; `Rejected` without a reason, when she was not dispatched, or when it ends by then already.
pub async fn recall(scope: &Scope, change: ServiceChange) -> Result<placement::Model> {
    let txn = scope.begin().await?;
    let (_, placement, posting) = serving(&txn, &change).await?;
    let posting = people::end(&txn, "placement.recall", &posting, change.until_on).await?;
    duties::follow(&txn, &posting).await?;
    outbox::enqueue(&txn, notices::service_changed(&txn, &placement, &posting).await?).await?;
    let after = with_last_day(&placement, &change)?;
    let after = audit::update(&txn, "placement.recall", &placement, after).await?;
    txn.commit().await?;
    Ok(after)
}

/// Makes service longer, as far as the policy of the round lets it.
///
/// # Errors
/// `NotFound`; `Stale`; `Rejected` without a reason, when she was not dispatched, when it lasts that long already, when it would last
/// longer than a policy without extensions allows, or when she is posted elsewhere then.
pub async fn extend(scope: &Scope, change: ServiceChange) -> Result<placement::Model> {
    let txn = scope.begin().await?;
    let (round, placement, posting) = serving(&txn, &change).await?;
    not_over(scope, &placement)?;
    may_extend(&txn, &round, &placement, change.until_on).await?;
    let posting = people::extend(&txn, "placement.extend", &posting, change.until_on).await?;
    duties::follow(&txn, &posting).await?;
    outbox::enqueue(&txn, notices::service_changed(&txn, &placement, &posting).await?).await?;
    let after = with_last_day(&placement, &change)?;
    let after = audit::update(&txn, "placement.extend", &placement, after).await?;
    txn.commit().await?;
    Ok(after)
}

fn not_over(scope: &Scope, placement: &placement::Model) -> Result<()> {
    let until = placement.until_on;
    if scope.today() <= until {
        return Ok(());
    }
    Err(UserError::new(
        "SERVICE_IS_OVER",
        format!("交流已于 {until} 届满，不能再延长：请在下一批次另行安排"),
        format!("her service ended on {until} and cannot be made longer: place her anew in another round"),
    )
    .at("untilOn")
    .into())
}

fn with_last_day(placement: &placement::Model, change: &ServiceChange) -> Result<placement::Model> {
    Ok(placement::Model {
        until_on: change.until_on,
        reason: Some(away::given(&change.reason)?),
        version: placement.version + 1,
        ..placement.clone()
    })
}

async fn serving(
    txn: &Txn,
    change: &ServiceChange,
) -> Result<(rotation_round::Model, placement::Model, posting::Model)> {
    away::given(&change.reason)?;
    let placement = rows::find::<placement::Entity>(txn, Kind::Placement, change.placement_id).await?;
    rows::expect_version(txn, placement.id, placement.version, change.expected_version).await?;
    let round = permits::round_for(txn, placement.round_id, RotationAction::ChangeService).await?;
    let posting = posting_from(txn, &placement).await?.ok_or_else(|| {
        let (zh, en) =
            ("还没有派遣，没有可以改动的服务期", "she was not dispatched: there is no service to change");
        UserError::new("NOT_DISPATCHED", zh, en)
    })?;
    Ok((round, placement, posting))
}

async fn may_extend(
    txn: &Txn,
    round: &rotation_round::Model,
    placement: &placement::Model,
    until_on: NaiveDate,
) -> Result<()> {
    let Some(policy_id) = round.policy_id else { return Ok(()) };
    let policy = policy::load(&**txn, txn.district_id(), policy_id).await?;
    let rule = policy.bare().find_map(|rule| match rule {
        Rule::Duration(duration) => Some(*duration),
        _ => None,
    });
    let Some(rule) = rule else { return Ok(()) };
    let Some(most) = rule.most.filter(|_| !rule.extendable) else { return Ok(()) };
    let longest = placement.from_on.checked_add_months(Months::new(u32::from(most) * 12));
    let longest = longest.and_then(|day| day.pred_opt()).unwrap_or(until_on);
    if until_on <= longest {
        return Ok(());
    }
    Err(UserError::new(
        "TOO_LONG",
        format!("政策规定最长{most}年，不得延长，最迟到 {longest}：请改正截止日期，或在下一批次另行安排"),
        format!("the policy allows {most} years and no extension, until {longest}: correct the day, or place her anew"),
    )
    .at("untilOn")
    .into())
}
