//! People who are not there for some days: planning invites them to nothing on those.

use chrono::NaiveDate;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryTrait, Select, prelude::Uuid};

use crate::audit;
use crate::entity::{absence, teacher};
use crate::error::{Result, UserError};
use crate::groups::{already_ended, ends_before_it_begins};
use crate::id::{self, Kind};
use crate::people::roster::overlap;
use crate::rows;
use crate::scope::Scope;

/// Days on which somebody is not there.
#[derive(Debug)]
pub struct NewAbsence {
    /// Who.
    pub teacher_id: Uuid,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day; `None`: nobody knows yet.
    pub until_on: Option<NaiveDate>,
    /// Why, for the office.
    pub reason: String,
}

/// Records that somebody is not there. What is published stays until it is planned anew.
///
/// # Errors
/// `NotFound`; `Rejected` when it ends before it begins, says no reason, or overlaps another absence of hers.
pub async fn add(scope: &Scope, new: NewAbsence) -> Result<absence::Model> {
    let reason = reason_given(&new.reason)?;
    if new.until_on.is_some_and(|until| until < new.from_on) {
        return Err(ends_before_it_begins("untilOn").into());
    }
    let txn = scope.begin().await?;
    let teacher = rows::find::<teacher::Entity>(&txn, Kind::Teacher, new.teacher_id).await?;
    let known = rows::in_district(txn.district_id(), absence::Entity::find())
        .filter(absence::Column::TeacherId.eq(teacher.id))
        .all(&*txn)
        .await?;
    let same = |row: &&absence::Model| overlap((row.from_on, row.until_on), (new.from_on, new.until_on));
    if let Some(other) = known.iter().find(same) {
        let (name, since) = (&teacher.name, other.from_on);
        return Err(UserError::new(
            "ALREADY_ABSENT",
            format!("{name}自 {since} 起的请假与这段时间重叠，请先结束或更正原来的记录"),
            format!("an absence of {name} since {since} overlaps these days: end or correct it first"),
        )
        .at("fromOn")
        .into());
    }
    let row = absence::Model {
        id: id::new(),
        district_id: txn.district_id(),
        teacher_id: teacher.id,
        from_on: new.from_on,
        until_on: new.until_on,
        reason,
        recorded_by: scope.actor.name().to_owned(),
        recorded_at: scope.now(),
        version: 1,
    };
    let row = audit::insert(&txn, "absence.add", row).await?;
    txn.commit().await?;
    Ok(row)
}

/// Sets the last day of an absence. One that would end before it began never was: it is removed, and returned as it stood.
///
/// # Errors
/// `NotFound`; `Rejected` when it has ended earlier already; `Stale`.
pub async fn end(
    scope: &Scope,
    absence_id: Uuid,
    expected_version: i32,
    until_on: NaiveDate,
) -> Result<absence::Model> {
    let txn = scope.begin().await?;
    let before = rows::find::<absence::Entity>(&txn, Kind::Absence, absence_id).await?;
    rows::expect_version(&txn, before.id, before.version, expected_version).await?;
    if let Some(ends) = before.until_on.filter(|ends| *ends <= until_on) {
        return Err(already_ended(ends).into());
    }
    if until_on < before.from_on {
        audit::delete(&txn, "absence.remove", before.clone()).await?;
        txn.commit().await?;
        return Ok(before);
    }
    let after = absence::Model { until_on: Some(until_on), version: before.version + 1, ..before.clone() };
    let after = audit::update(&txn, "absence.end", &before, after).await?;
    txn.commit().await?;
    Ok(after)
}

/// Absences that touch the stretch; what is `None` has no bound.
pub fn absences(from: Option<NaiveDate>, until: Option<NaiveDate>) -> Select<absence::Entity> {
    use absence::Column;
    absence::Entity::find()
        .apply_if(from, |select, from| select.filter(Column::UntilOn.is_null().or(Column::UntilOn.gte(from))))
        .apply_if(until, |select, until| select.filter(Column::FromOn.lte(until)))
}

/// The reason of something that upsets plans; it must say something.
///
/// # Errors
/// `Rejected` when it is blank.
pub fn reason_given(reason: &str) -> Result<String> {
    let reason = reason.trim();
    if !reason.is_empty() {
        return Ok(reason.to_owned());
    }
    Err(UserError::new("REASON_MISSING", "请写明原因", "please give the reason").at("reason").into())
}
