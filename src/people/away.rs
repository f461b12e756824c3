//! A stretch of days on which somebody or something is not to be had, ended by a date: absences of people, closed rooms.

use chrono::NaiveDate;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{
    ActiveModelBehavior, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter, QueryTrait,
    Select, prelude::Uuid,
};

use super::roster::overlap;
use crate::audit::{self, Audited};
use crate::error::{Result, UserError};
use crate::groups::ends_before_it_begins;
use crate::id::Kind;
use crate::rows;
use crate::scope::Scope;

/// The first and the last day; without a last one, nobody knows yet.
pub type Days = (NaiveDate, Option<NaiveDate>);

/// A row that says on which days somebody or something is not to be had. Its table has the columns `from_on` and `until_on`.
pub trait Away: Audited + Clone {
    /// What kind of row it is.
    const KIND: Kind;
    /// The audit log's word for ending it.
    const ENDED: &'static str;
    /// The audit log's word for removing one that never was.
    const REMOVED: &'static str;

    /// The days.
    fn days(&self) -> Days;

    /// Its version.
    fn version(&self) -> i32;

    /// The next version, with another last day.
    fn until(self, until_on: NaiveDate) -> Self;
}

/// Requires days in their order, and a reason; returns the reason.
///
/// # Errors
/// `Rejected`.
pub fn checked(days: Days, reason: &str) -> Result<String> {
    let reason = given(reason)?;
    if days.1.is_some_and(|until| until < days.0) {
        return Err(ends_before_it_begins("untilOn").into());
    }
    Ok(reason)
}

/// The reason, which must say something.
///
/// # Errors
/// `Rejected` when it is blank.
pub fn given(reason: &str) -> Result<String> {
    let reason = reason.trim();
    if reason.is_empty() {
        let error = UserError::new("REASON_MISSING", "请写明原因", "please give the reason");
        return Err(error.at("reason").into());
    }
    Ok(reason.to_owned())
}

/// The one of `known` that has a day in common with `days`.
pub fn overlapping<M: Away>(known: &[M], days: Days) -> Option<&M> {
    known.iter().find(|row| overlap(row.days(), days))
}

/// Sets the last day of a row. One that would end before it began never was: it is removed, and returned as it stood.
///
/// # Errors
/// `NotFound`; `Rejected` when it ends by then already; `Stale`.
pub async fn end<M>(scope: &Scope, id: Uuid, expected_version: i32, until_on: NaiveDate) -> Result<M>
where
    M: Away + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + Sync,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    M::Entity: EntityTrait<Model = M>,
{
    let txn = scope.begin().await?;
    let before = rows::find::<<M as ModelTrait>::Entity>(&txn, M::KIND, id).await?;
    rows::expect_version(&txn, id, before.version(), expected_version).await?;
    let (from_on, ends) = before.days();
    if let Some(ends) = ends.filter(|ends| *ends <= until_on) {
        return Err(ends_earlier(ends).into());
    }
    if until_on < from_on {
        audit::delete(&txn, M::REMOVED, before.clone()).await?;
        txn.commit().await?;
        return Ok(before);
    }
    let after = before.clone().until(until_on);
    let after = audit::update(&txn, M::ENDED, &before, after).await?;
    txn.commit().await?;
    Ok(after)
}

/// Rows that touch the stretch; what is `None` has no bound.
pub fn touching<E: EntityTrait>(from: Option<NaiveDate>, until: Option<NaiveDate>) -> Select<E> {
    let (first, last) = (rows::column_named::<E>("from_on"), rows::column_named::<E>("until_on"));
    E::find()
        .apply_if(from.zip(last), |select, (from, last)| select.filter(last.is_null().or(last.gte(from))))
        .apply_if(until.zip(first), |select, (until, first)| select.filter(first.lte(until)))
}

fn ends_earlier(ends: NaiveDate) -> UserError {
    UserError::new(
        "ALREADY_ENDED",
        format!("原来记到 {ends} 为止，不能再往后改；要延长，请从次日起另登记一条"),
        format!("it lasts until {ends} and cannot be prolonged: record another from the next day on"),
    )
    .at("untilOn")
}
