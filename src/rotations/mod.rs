//! Rounds of rotation: who is proposed, approved, withdrawn. An approved placement becomes a posting.

pub mod applications;
pub mod assessments;
pub mod certificates;
pub mod count;
pub mod dispatch;
pub mod exemptions;
pub mod graphql;
pub mod letters;
mod notices;
pub mod objections;
mod opening;
pub mod papers;
pub mod permits;
pub mod policy;
pub mod proposals;
pub mod recommendations;
pub mod reminders;
pub mod steps;

use chrono::NaiveDate;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, prelude::Uuid};

use crate::audit;
use crate::entity::values::{PlacementForm, PlacementState};
use crate::entity::{placement, rotation_round, school, teacher};
use crate::error::{Result, UserError};
use crate::groups::ends_before_it_begins;
use crate::id::{self, Kind};
use crate::people;
use crate::rows;
use crate::scope::{Scope, Txn};

pub use opening::{NewOpening, Opening, open_round, opening};

/// A round to open.
#[derive(Debug)]
pub struct NewRound {
    /// Name, e.g. 2026年教师交流轮岗.
    pub name: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
}

/// Opens a round.
///
/// # Errors
/// `Rejected` when the name is empty or taken, or it ends before it begins.
pub async fn create_round(scope: &Scope, new: NewRound) -> Result<rotation_round::Model> {
    let name = new.name.trim().to_owned();
    if name.is_empty() {
        let fault = UserError::new("NAME_MISSING", "请填写批次名称", "give the round a name");
        return Err(fault.at("name").into());
    }
    if new.ends_on < new.starts_on {
        return Err(ends_before_it_begins("endsOn").into());
    }
    let txn = scope.begin().await?;
    let named = rows::in_district(txn.district_id(), rotation_round::Entity::find())
        .filter(rotation_round::Column::Name.eq(&name));
    if named.one(&*txn).await?.is_some() {
        let (zh, en) = (format!("已有名为“{name}”的批次"), format!("there is a round named {name:?}"));
        return Err(UserError::new("NAME_TAKEN", zh, en).at("name").into());
    }
    let NewRound { starts_on, ends_on, .. } = new;
    let row =
        open_round(&txn, NewOpening { name, starts_on, ends_on, policy_id: None, group_id: None }).await?;
    txn.commit().await?;
    Ok(row)
}

/// A move to propose.
#[derive(Debug)]
pub struct NewPlacement {
    /// The round.
    pub round_id: Uuid,
    /// Who moves.
    pub teacher_id: Uuid,
    /// Receiving school.
    pub to_school_id: Uuid,
    /// In which form.
    pub form: PlacementForm,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub until_on: NaiveDate,
    /// Why she was chosen, as told to her.
    pub reason: Option<String>,
}

/// Proposes a move from the home school; a withdrawn proposal of the same round is taken up again.
///
/// # Errors
/// `Rejected` when it ends before it begins, is 走教 (which is a posting with weekdays), goes nowhere, or the teacher
/// has no home school or stands in the round already.
pub async fn propose(scope: &Scope, new: NewPlacement) -> Result<placement::Model> {
    if new.until_on < new.from_on {
        return Err(ends_before_it_begins("untilOn").into());
    }
    if new.form == PlacementForm::Itinerant {
        let (zh, en) =
            ("走教按星期安排，请直接登记派遣", "itinerant work has weekdays: add a posting instead");
        return Err(UserError::new("ITINERANT_IS_A_POSTING", zh, en).at("form").into());
    }
    let txn = scope.begin().await?;
    let round = rows::find::<rotation_round::Entity>(&txn, Kind::Round, new.round_id).await?;
    let teacher = rows::find::<teacher::Entity>(&txn, Kind::Teacher, new.teacher_id).await?;
    let to = rows::find::<school::Entity>(&txn, Kind::School, new.to_school_id).await?;
    let from_school_id = departure(&txn, &teacher, &to, new.from_on).await?;
    let before = rows::in_district(txn.district_id(), placement::Entity::find())
        .filter(placement::Column::RoundId.eq(round.id))
        .filter(placement::Column::TeacherId.eq(teacher.id))
        .one(&*txn)
        .await?;
    if before.as_ref().is_some_and(|before| before.state != PlacementState::Withdrawn) {
        let zh = format!("{}在“{}”中已有安排", teacher.name, round.name);
        let en = format!("{} stands in {:?} already", teacher.name, round.name);
        return Err(UserError::new("ALREADY_PLACED", zh, en).at("teacherId").into());
    }
    let row = placement::Model {
        id: before.as_ref().map_or_else(id::new, |before| before.id),
        district_id: txn.district_id(),
        round_id: round.id,
        teacher_id: teacher.id,
        from_school_id,
        to_school_id: to.id,
        form: new.form,
        from_on: new.from_on,
        until_on: new.until_on,
        state: PlacementState::Proposed,
        reason: new.reason,
        proposal_id: None,
        weekdays: None,
        version: before.as_ref().map_or(1, |before| before.version + 1),
    };
    let row = match before {
        Some(before) => audit::update(&txn, "placement.propose", &before, row).await?,
        None => audit::insert(&txn, "placement.propose", row).await?,
    };
    txn.commit().await?;
    Ok(row)
}

/// The home school she would leave.
async fn departure(txn: &Txn, teacher: &teacher::Model, to: &school::Model, on: NaiveDate) -> Result<Uuid> {
    let home = people::home_school(txn, teacher.id, on).await?;
    let home = home.ok_or_else(|| no_home_school(teacher, on))?;
    if home == to.id {
        let zh = format!("{}的编制就在{}", teacher.name, to.name);
        let en = format!("{} is the home school of {}", to.name, teacher.name);
        return Err(UserError::new("PLACED_HOME", zh, en).at("toSchoolId").into());
    }
    Ok(home)
}

/// The teacher, held until the transaction ends: what two people write of her at once is written one after the other.
async fn one_at_a_time(txn: &Txn, teacher_id: Uuid) -> Result<teacher::Model> {
    rows::hold::<teacher::Entity>(txn, Kind::Teacher, teacher_id, LockType::Update).await
}

fn no_home_school(teacher: &teacher::Model, on: NaiveDate) -> UserError {
    let zh = format!("{}在 {on} 没有编制所在学校", teacher.name);
    let en = format!("{} has no home school on {on}", teacher.name);
    UserError::new("NO_HOME_SCHOOL", zh, en).at("teacherId")
}

/// Approves a proposed placement and makes it a posting, in one transaction.
///
/// # Errors
/// `Rejected` when it is not proposed or she is posted elsewhere; `Stale`.
pub async fn approve(scope: &Scope, placement_id: Uuid, expected_version: i32) -> Result<placement::Model> {
    let txn = scope.begin().await?;
    let before = proposed(&txn, placement_id, expected_version).await?;
    let posting = dispatch::posting_of(&before);
    people::post(&txn, "placement.approve", posting).await?;
    let after =
        placement::Model { state: PlacementState::Approved, version: before.version + 1, ..before.clone() };
    let after = audit::update(&txn, "placement.approve", &before, after).await?;
    txn.commit().await?;
    Ok(after)
}

/// Takes a proposal back. An approved placement is a posting by then, and ends as one.
///
/// # Errors
/// `Rejected` when it is not proposed; `Stale`.
pub async fn withdraw(
    scope: &Scope,
    placement_id: Uuid,
    expected_version: i32,
    reason: Option<String>,
) -> Result<placement::Model> {
    let txn = scope.begin().await?;
    let before = proposed(&txn, placement_id, expected_version).await?;
    let after = placement::Model {
        state: PlacementState::Withdrawn,
        reason: reason.or_else(|| before.reason.clone()),
        version: before.version + 1,
        ..before.clone()
    };
    let after = audit::update(&txn, "placement.withdraw", &before, after).await?;
    txn.commit().await?;
    Ok(after)
}

async fn proposed(txn: &Txn, placement_id: Uuid, expected_version: i32) -> Result<placement::Model> {
    let placement = rows::find::<placement::Entity>(txn, Kind::Placement, placement_id).await?;
    rows::expect_version(txn, placement.id, placement.version, expected_version).await?;
    let fault = match placement.state {
        PlacementState::Proposed => return Ok(placement),
        PlacementState::Approved => UserError::new(
            "ALREADY_APPROVED",
            "已批准并生成派遣；要提前结束，请结束这次派遣",
            "it is approved and has become a posting: end that posting instead",
        ),
        PlacementState::Withdrawn => {
            UserError::new("WITHDRAWN", "已撤回，请重新提出", "it was withdrawn: propose it again")
        }
    };
    Err(fault.into())
}
