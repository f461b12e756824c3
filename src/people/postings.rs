//! Sending people to work at another school, and bringing them back.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::sea_query::{ExprTrait, LockType};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Uuid};

use crate::audit;
use crate::entity::values::{DutyKind, PlacementForm};
use crate::entity::{appointment, posting, school, teacher};
use crate::error::{Error, Result, UserError};
use crate::groups::{already_ended, ends_before_it_begins};
use crate::id::{self, Kind};
use crate::people::roster::{holds, overlap};
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
/// `NotFound`; `Rejected` when the weekdays are none, it ends before it begins, it is her home school, or she is posted elsewhere
/// on those days.
pub async fn post(txn: &Txn, action: &str, new: NewPosting) -> Result<posting::Model> {
    let mut posted = post_all(txn, action, vec![new]).await?;
    posted.pop().ok_or_else(|| Error::internal("a posting was not made"))
}

/// Sends several people at once: the same few statements, however many they are.
///
/// # Errors
/// As [`post`], with the faults of all of them.
pub async fn post_all(txn: &Txn, action: &str, new: Vec<NewPosting>) -> Result<Vec<posting::Model>> {
    let known = Known::load(txn, &new).await?;
    let mut held = known.postings.clone();
    let (mut posted, mut faults) = (Vec::new(), Vec::new());
    for new in new {
        match known.row(txn, &held, new)? {
            Ok(row) => {
                held.push(row.clone());
                posted.push(row);
            }
            Err(fault) => faults.push(fault),
        }
    }
    if !faults.is_empty() {
        return Err(Error::Rejected(faults));
    }
    audit::insert_all(txn, action, posted.clone()).await?;
    Ok(posted)
}

/// What postings are checked against.
struct Known {
    teachers: HashMap<Uuid, teacher::Model>,
    schools: HashMap<Uuid, school::Model>,
    posts: Vec<appointment::Model>,
    postings: Vec<posting::Model>,
}

impl Known {
    async fn load(txn: &Txn, new: &[NewPosting]) -> Result<Self> {
        let district = txn.district_id();
        let people = || new.iter().map(|new| new.teacher_id);
        // Held one after the other, always in this order: two who post the same people each see what the other wrote.
        let teachers = rows::in_district(district, teacher::Entity::find())
            .filter(teacher::Column::Id.is_in(people()))
            .order_by_asc(teacher::Column::Id)
            .lock(LockType::NoKeyUpdate)
            .all(&**txn)
            .await?;
        let schools = rows::in_district(district, school::Entity::find())
            .filter(school::Column::Id.is_in(new.iter().map(|new| new.school_id)))
            .all(&**txn)
            .await?;
        let posts = rows::in_district(district, appointment::Entity::find())
            .filter(appointment::Column::TeacherId.is_in(people()))
            .all(&**txn)
            .await?;
        let postings = rows::in_district(district, posting::Entity::find())
            .filter(posting::Column::TeacherId.is_in(people()))
            .all(&**txn)
            .await?;
        Ok(Self {
            teachers: teachers.into_iter().map(|row| (row.id, row)).collect(),
            schools: schools.into_iter().map(|row| (row.id, row)).collect(),
            posts,
            postings,
        })
    }

    /// The row of a posting, beside those that are `held`; else what is wrong with it.
    fn row(
        &self,
        txn: &Txn,
        held: &[posting::Model],
        new: NewPosting,
    ) -> Result<std::result::Result<posting::Model, UserError>> {
        let teacher = self.teachers.get(&new.teacher_id).ok_or(Error::NotFound(Kind::Teacher))?;
        let school = self.schools.get(&new.school_id).ok_or(Error::NotFound(Kind::School))?;
        let weekdays = match weekdays(&new) {
            Ok(weekdays) => weekdays,
            Err(fault) => return Ok(Err(fault)),
        };
        if new.until_on.is_some_and(|until| until < new.from_on) {
            return Ok(Err(ends_before_it_begins("untilOn")));
        }
        let home = self
            .posts
            .iter()
            .find(|post| post.teacher_id == teacher.id && holds(post.from_on, post.until_on, new.from_on));
        if home.is_some_and(|post| post.school_id == school.id) {
            return Ok(Err(posted_home(teacher, school)));
        }
        let days = (new.from_on, new.until_on);
        let clash = held.iter().filter(|row| row.teacher_id == teacher.id).find(|held| {
            overlap((held.from_on, held.until_on), days) && share_a_day(&held.weekdays, &weekdays)
        });
        if let Some(clash) = clash {
            return Ok(Err(posted_elsewhere(teacher, clash)));
        }
        Ok(Ok(posting::Model {
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
        }))
    }
}

fn posted_home(teacher: &teacher::Model, school: &school::Model) -> UserError {
    UserError::new(
        "POSTED_HOME",
        format!("{}的编制就在{}，不必派遣", teacher.name, school.name),
        format!("{} is the home school of {}", school.name, teacher.name),
    )
    .at("schoolId")
}

fn posted_elsewhere(teacher: &teacher::Model, held: &posting::Model) -> UserError {
    let since = held.from_on;
    UserError::new(
        "POSTED_ELSEWHERE",
        format!("{}自 {since} 起在这些日子已有派遣，请先结束原来的派遣", teacher.name),
        format!("{} is posted on those days since {since}: end that posting first", teacher.name),
    )
    .at("fromOn")
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
    let after = end(&txn, "posting.end", &before, until_on).await?;
    txn.commit().await?;
    Ok(after)
}

/// The same within a transaction that does more.
///
/// # Errors
/// `Rejected` when it has ended already or would end before it began.
pub async fn end(
    txn: &Txn,
    action: &str,
    before: &posting::Model,
    until_on: NaiveDate,
) -> Result<posting::Model> {
    if let Some(ends) = before.until_on.filter(|ends| *ends <= until_on) {
        return Err(already_ended(ends).into());
    }
    if until_on < before.from_on {
        return Err(ends_before_it_begins("untilOn").into());
    }
    let after = posting::Model { until_on: Some(until_on), version: before.version + 1, ..before.clone() };
    audit::update(txn, action, before, after).await
}

/// Makes a posting longer, within a transaction that does more.
///
/// # Errors
/// `Rejected` when it lasts that long already, or she is posted elsewhere on those days.
pub async fn extend(
    txn: &Txn,
    action: &str,
    before: &posting::Model,
    until_on: NaiveDate,
) -> Result<posting::Model> {
    let Some(ends) = before.until_on.filter(|ends| *ends < until_on) else {
        let (zh, en) = ("派遣本来就到那一天或更晚，不必延长", "the posting lasts that long already");
        return Err(UserError::new("NOT_LONGER", zh, en).at("untilOn").into());
    };
    let teacher =
        rows::hold::<teacher::Entity>(txn, Kind::Teacher, before.teacher_id, LockType::NoKeyUpdate).await?;
    let others = rows::in_district(txn.district_id(), posting::Entity::find())
        .filter(posting::Column::TeacherId.eq(before.teacher_id))
        .filter(posting::Column::Id.ne(before.id))
        .all(&**txn)
        .await?;
    let added = (ends.succ_opt().unwrap_or(ends), Some(until_on));
    let clash = others.iter().find(|other| {
        overlap((other.from_on, other.until_on), added) && share_a_day(&other.weekdays, &before.weekdays)
    });
    if let Some(clash) = clash {
        return Err(posted_elsewhere(&teacher, clash).into());
    }
    let after = posting::Model { until_on: Some(until_on), version: before.version + 1, ..before.clone() };
    audit::update(txn, action, before, after).await
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
fn weekdays(new: &NewPosting) -> std::result::Result<Option<String>, UserError> {
    if new.weekdays.iter().any(|day| !(1..=7).contains(day)) {
        let fault = UserError::new("INVALID_WEEKDAY", "星期用 1 到 7 表示", "weekdays are 1 to 7");
        return Err(fault.at("weekdays"));
    }
    if new.form == PlacementForm::Itinerant && new.weekdays.is_empty() {
        let fault =
            UserError::new("WEEKDAYS_MISSING", "走教须写明星期几", "an itinerant posting names its weekdays");
        return Err(fault.at("weekdays"));
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
