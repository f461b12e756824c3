//! Changes to the calendar and to rooms.

use chrono::NaiveDate;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, prelude::Uuid};

use crate::audit;
use crate::entity::values::{DayKind, Equipment};
use crate::entity::{room, school, school_day, term};
use crate::error::{Error, Result, UserError};
use crate::id::{self, Kind};
use crate::rows;
use crate::scope::{Scope, Txn};

/// All terms, the latest first.
pub async fn terms(scope: &Scope) -> Result<Vec<term::Model>> {
    let select = rows::in_district(scope.district.id, term::Entity::find());
    Ok(select.order_by_desc(term::Column::StartsOn).all(scope.reader()).await?)
}

/// The days of a term that differ from the plain week: the district's, and a school's own.
pub async fn school_days(
    scope: &Scope,
    from: NaiveDate,
    until: NaiveDate,
    school_id: Option<Uuid>,
) -> Result<Vec<school_day::Model>> {
    let mut whose = school_day::Column::SchoolId.is_null();
    if let Some(school_id) = school_id {
        whose = whose.or(school_day::Column::SchoolId.eq(school_id));
    }
    let select = rows::in_district(scope.district.id, school_day::Entity::find())
        .filter(school_day::Column::DayOn.between(from, until))
        .filter(whose)
        .order_by_asc(school_day::Column::DayOn);
    Ok(select.all(scope.reader()).await?)
}

/// What a day is to be.
#[derive(Debug)]
pub struct DaySetting {
    /// The day.
    pub day_on: NaiveDate,
    /// The school it holds for; none: the whole district.
    pub school_id: Option<Uuid>,
    /// What it is.
    pub kind: DayKind,
    /// ISO weekday whose timetable runs.
    pub timetable_weekday: Option<i32>,
    /// As people call it.
    pub name: Option<String>,
    /// The version the change was made from; none: the day was plain.
    pub expected_version: Option<i32>,
}

/// Sets what a day is.
///
/// # Errors
/// `Rejected` when the day lies in no term, a make-up day names no weekday, or the weekday is none; `Stale`.
pub async fn set_day(scope: &Scope, setting: DaySetting) -> Result<school_day::Model> {
    check_day(&setting)?;
    let txn = scope.begin().await?;
    in_a_term(&txn, setting.day_on).await?;
    if let Some(school_id) = setting.school_id {
        rows::find::<school::Entity>(&txn, Kind::School, school_id).await?;
    }
    let whose = match setting.school_id {
        Some(school_id) => school_day::Column::SchoolId.eq(school_id),
        None => school_day::Column::SchoolId.is_null(),
    };
    let before = rows::in_district(txn.district_id(), school_day::Entity::find())
        .filter(school_day::Column::DayOn.eq(setting.day_on))
        .filter(whose)
        .one(&*txn)
        .await?;
    let version = before.as_ref().map_or(0, |before| before.version);
    let row_id = before.as_ref().map_or_else(id::new, |before| before.id);
    rows::expect_version(&txn, row_id, version, setting.expected_version.unwrap_or(0)).await?;
    let after = school_day::Model {
        id: row_id,
        district_id: txn.district_id(),
        day_on: setting.day_on,
        school_id: setting.school_id,
        kind: setting.kind,
        timetable_weekday: setting.timetable_weekday,
        name: setting.name,
        version: version + 1,
    };
    let after = match before {
        Some(before) => audit::update(&txn, "school_day.set", &before, after).await?,
        None => audit::insert(&txn, "school_day.set", after).await?,
    };
    txn.commit().await?;
    Ok(after)
}

/// A day outside every term would change nothing: most likely its year is mistyped, or its term not there yet.
async fn in_a_term(txn: &Txn, day: NaiveDate) -> Result<()> {
    let select = rows::in_district(txn.district_id(), term::Entity::find());
    let terms = select.order_by_asc(term::Column::StartsOn).all(&**txn).await?;
    if terms.iter().any(|term| (term.starts_on..=term.ends_on).contains(&day)) {
        return Ok(());
    }
    let bounds = |term: &term::Model| (term.name.clone(), term.starts_on, term.ends_on);
    let known: Vec<(String, NaiveDate, NaiveDate)> = terms.iter().map(bounds).collect();
    let zh: Vec<String> =
        known.iter().map(|(name, from, until)| format!("{name}（{from}至{until}）")).collect();
    let en: Vec<String> =
        known.iter().map(|(name, from, until)| format!("{name} ({from} to {until})")).collect();
    let error = UserError::new(
        "OUTSIDE_THE_TERM",
        format!("{day}不在任何学期内，没有设定；已有的学期：{}。请核对日期，或先导入新学期", zh.join("、")),
        format!(
            "{day} is in no term, and nothing was set. There are: {}. Check the date, or import its term first",
            en.join(", ")
        ),
    );
    Err(error.at("dayOn").into())
}

fn check_day(setting: &DaySetting) -> Result<()> {
    let fault = match (setting.kind, setting.timetable_weekday) {
        (_, Some(weekday)) if !(1..=7).contains(&weekday) => {
            UserError::new("INVALID_WEEKDAY", "星期用 1 到 7 表示", "weekdays are 1 to 7")
        }
        (DayKind::MakeUp, None) => UserError::new(
            "WEEKDAY_MISSING",
            "调休上班须写明上星期几的课",
            "a make-up day names the weekday whose timetable runs",
        ),
        (DayKind::Holiday, Some(_)) => {
            UserError::new("HOLIDAY_WITH_LESSONS", "放假的日子不上课", "no timetable runs on a holiday")
        }
        _ => return Ok(()),
    };
    Err(fault.at("timetableWeekday").into())
}

/// Makes a day plain again and returns what it was.
///
/// # Errors
/// `Stale`.
pub async fn remove_day(scope: &Scope, day_id: Uuid, expected_version: i32) -> Result<school_day::Model> {
    let txn = scope.begin().await?;
    let day = rows::find::<school_day::Entity>(&txn, Kind::SchoolDay, day_id).await?;
    rows::expect_version(&txn, day.id, day.version, expected_version).await?;
    audit::delete(&txn, "school_day.remove", day.clone()).await?;
    txn.commit().await?;
    Ok(day)
}

/// What to change of a room; `None` leaves a value.
#[derive(Debug)]
pub struct RoomChange {
    /// The room.
    pub room_id: Uuid,
    /// The version the change was made from.
    pub expected_version: i32,
    /// Name.
    pub name: Option<String>,
    /// Seats.
    pub capacity: Option<i32>,
    /// Equipment, the whole list.
    pub equipment: Option<Vec<Equipment>>,
}

/// Changes a room.
///
/// # Errors
/// `Rejected` when the name is empty or taken at the school, or there is no seat; `Stale`.
pub async fn update_room(scope: &Scope, change: RoomChange) -> Result<room::Model> {
    check_room(&change)?;
    let txn = scope.begin().await?;
    let before = rows::find::<room::Entity>(&txn, Kind::Room, change.room_id).await?;
    rows::expect_version(&txn, before.id, before.version, change.expected_version).await?;
    let mut after = before.clone();
    after.version += 1;
    after.name = change.name.map_or(after.name, |name| name.trim().to_owned());
    after.capacity = change.capacity.unwrap_or(after.capacity);
    if let Some(equipment) = change.equipment {
        after.equipment = serde_json::to_value(equipment)?;
    }
    let named = rows::in_district(txn.district_id(), room::Entity::find())
        .filter(room::Column::SchoolId.eq(before.school_id))
        .filter(room::Column::Name.eq(&after.name))
        .filter(room::Column::Id.ne(before.id));
    if named.one(&*txn).await?.is_some() {
        let zh = format!("这所学校已有名为“{}”的场地", after.name);
        let en = format!("the school has a room named {:?}", after.name);
        return Err(UserError::new("NAME_TAKEN", zh, en).at("name").into());
    }
    let after = audit::update(&txn, "room.update", &before, after).await?;
    txn.commit().await?;
    Ok(after)
}

fn check_room(change: &RoomChange) -> Result<()> {
    let mut faults = Vec::new();
    if change.name.as_ref().is_some_and(|name| name.trim().is_empty()) {
        faults.push(UserError::new("NAME_MISSING", "请填写场地名称", "give the room a name").at("name"));
    }
    if change.capacity.is_some_and(|capacity| capacity < 1) {
        let fault = UserError::new("NO_SEATS", "容量至少为 1", "a room has at least one seat");
        faults.push(fault.at("capacity"));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Rejected(faults)) }
}
