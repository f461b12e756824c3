//! Sending people to work at another school, and bringing them back.

use chrono::NaiveDate;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, prelude::Uuid};

use crate::audit;
use crate::entity::values::{DutyKind, PlacementForm};
use crate::entity::{appointment, posting, school, teacher};
use crate::error::{Result, UserError};
use crate::groups::{already_ended, ends_before_it_begins};
use crate::id::{self, Kind};
use crate::rows;
use crate::scope::{Scope, Txn};

/// Work at another school.
#[derive(Debug)]
pub struct NewPosting {
    /// Who.
    pub teacher_id: Uuid,
    /// Where.
    pub school_id: Uuid,
    /// In which form.
    pub form: PlacementForm,
    /// ISO weekdays; empty: every day.
    pub weekdays: Vec<i32>,
    /// Whether she keeps her post at home.
    pub home_post_kept: bool,
    /// A duty she holds there.
    pub duty: Option<DutyKind>,
    /// The placement it comes from.
    pub placement_id: Option<Uuid>,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub until_on: Option<NaiveDate>,
    /// Bus card, 周转房 and the like.
    pub note: Option<String>,
}

/// Sends somebody to work at another school.
///
/// # Errors
/// `Rejected` as [`post`] says.
pub async fn add_posting(scope: &Scope, new: NewPosting) -> Result<posting::Model> {
    let txn = scope.begin().await?;
    let row = post(&txn, "posting.add", new).await?;
    txn.commit().await?;
    Ok(row)
}

/// The same within a transaction that does more.
///
/// # Errors
/// `Rejected` when the weekdays are none, it ends before it begins, it is her home school, or she is posted elsewhere
/// on those days.
pub async fn post(txn: &Txn, action: &str, new: NewPosting) -> Result<posting::Model> {
    let weekdays = weekdays(&new)?;
    if new.until_on.is_some_and(|until| until < new.from_on) {
        return Err(ends_before_it_begins("untilOn").into());
    }
    let teacher = rows::find::<teacher::Entity>(txn, Kind::Teacher, new.teacher_id).await?;
    let school = rows::find::<school::Entity>(txn, Kind::School, new.school_id).await?;
    if home_school(txn, teacher.id, new.from_on).await? == Some(school.id) {
        return Err(UserError::new(
            "POSTED_HOME",
            format!("{}的编制就在{}，不必派遣", teacher.name, school.name),
            format!("{} is the home school of {}", school.name, teacher.name),
        )
        .at("schoolId")
        .into());
    }
    let held = rows::in_district(txn.district_id(), posting::Entity::find())
        .filter(posting::Column::TeacherId.eq(teacher.id))
        .filter(posting::Column::UntilOn.is_null().or(posting::Column::UntilOn.gte(new.from_on)))
        .all(&**txn)
        .await?;
    let clash = held.iter().find(|held| {
        new.until_on.is_none_or(|until| held.from_on <= until) && share_a_day(&held.weekdays, &weekdays)
    });
    if let Some(clash) = clash {
        let since = clash.from_on;
        return Err(UserError::new(
            "POSTED_ELSEWHERE",
            format!("{}自 {since} 起在这些日子已有派遣，请先结束原来的派遣", teacher.name),
            format!("{} is posted on those days since {since}: end that posting first", teacher.name),
        )
        .at("fromOn")
        .into());
    }
    let row = posting::Model {
        id: id::new(),
        district_id: txn.district_id(),
        teacher_id: teacher.id,
        school_id: school.id,
        form: new.form,
        weekdays,
        home_post_kept: new.home_post_kept,
        duty: new.duty,
        placement_id: new.placement_id,
        from_on: new.from_on,
        until_on: new.until_on,
        note: new.note,
        version: 1,
    };
    audit::insert(txn, action, row).await
}

/// Brings somebody back: `until_on` is her last day there.
///
/// # Errors
/// `Rejected` when it has ended already or would end before it began; `Stale`.
pub async fn end_posting(
    scope: &Scope,
    posting_id: Uuid,
    expected_version: i32,
    until_on: NaiveDate,
) -> Result<posting::Model> {
    let txn = scope.begin().await?;
    let before = rows::find::<posting::Entity>(&txn, Kind::Posting, posting_id).await?;
    rows::expect_version(&txn, before.id, before.version, expected_version).await?;
    if let Some(ends) = before.until_on.filter(|ends| *ends <= until_on) {
        return Err(already_ended(ends).into());
    }
    if until_on < before.from_on {
        return Err(ends_before_it_begins("untilOn").into());
    }
    let after = posting::Model { until_on: Some(until_on), version: before.version + 1, ..before.clone() };
    let after = audit::update(&txn, "posting.end", &before, after).await?;
    txn.commit().await?;
    Ok(after)
}

/// The home school of a teacher on a day.
pub async fn home_school(txn: &Txn, teacher_id: Uuid, on: NaiveDate) -> Result<Option<Uuid>> {
    Ok(post_on(txn, teacher_id, on).await?.map(|post| post.school_id))
}

/// The post of a teacher on a day.
pub async fn post_on(txn: &Txn, teacher_id: Uuid, on: NaiveDate) -> Result<Option<appointment::Model>> {
    let post = rows::in_district(txn.district_id(), appointment::Entity::find())
        .filter(appointment::Column::TeacherId.eq(teacher_id))
        .filter(appointment::Column::FromOn.lte(on))
        .filter(appointment::Column::UntilOn.is_null().or(appointment::Column::UntilOn.gte(on)))
        .one(&**txn)
        .await?;
    Ok(post)
}

/// Weekdays as the table keeps them: digits in order, none for every day.
fn weekdays(new: &NewPosting) -> Result<Option<String>> {
    if new.weekdays.iter().any(|day| !(1..=7).contains(day)) {
        let fault = UserError::new("INVALID_WEEKDAY", "星期用 1 到 7 表示", "weekdays are 1 to 7");
        return Err(fault.at("weekdays").into());
    }
    if new.form == PlacementForm::Itinerant && new.weekdays.is_empty() {
        let fault =
            UserError::new("WEEKDAYS_MISSING", "走教须写明星期几", "an itinerant posting names its weekdays");
        return Err(fault.at("weekdays").into());
    }
    let digits: String =
        (1..=7).filter(|day| new.weekdays.contains(day)).map(|day| day.to_string()).collect();
    Ok(Some(digits).filter(|digits| !digits.is_empty()))
}

fn share_a_day(one: &Option<String>, other: &Option<String>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.chars().any(|day| other.contains(day)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postings_on_different_weekdays_do_not_clash() {
        let days = |days: &str| Some(days.to_owned());
        assert!(!share_a_day(&days("35"), &days("24")));
        assert!(share_a_day(&days("35"), &days("15")));
        assert!(share_a_day(&days("35"), &None));
    }
}
