//! People who are not there for some days: planning invites them to nothing on those.

use chrono::NaiveDate;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select, prelude::Uuid};

use super::away::{self, Away, Days};
use crate::audit;
use crate::entity::{absence, teacher};
use crate::error::{Result, UserError};
use crate::id::{self, Kind};
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
    let days = (new.from_on, new.until_on);
    let reason = away::checked(days, &new.reason)?;
    let txn = scope.begin().await?;
    let teacher = rows::find::<teacher::Entity>(&txn, Kind::Teacher, new.teacher_id).await?;
    let known = rows::in_district(txn.district_id(), absence::Entity::find())
        .filter(absence::Column::TeacherId.eq(teacher.id))
        .all(&*txn)
        .await?;
    if let Some(other) = away::overlapping(&known, days) {
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
    away::end(scope, absence_id, expected_version, until_on).await
}

/// Absences that touch the stretch; what is `None` has no bound.
pub fn absences(from: Option<NaiveDate>, until: Option<NaiveDate>) -> Select<absence::Entity> {
    away::touching(from, until)
}

impl Away for absence::Model {
    const KIND: Kind = Kind::Absence;
    const ENDED: &'static str = "absence.end";
    const REMOVED: &'static str = "absence.remove";

    fn days(&self) -> Days {
        (self.from_on, self.until_on)
    }

    fn version(&self) -> i32 {
        self.version
    }

    fn until(self, until_on: NaiveDate) -> Self {
        Self { until_on: Some(until_on), version: self.version + 1, ..self }
    }
}
