//! Districts, schools, and the groups they form.

pub mod graphql;

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select, prelude::Uuid};

use crate::audit;
use crate::database::Database;
use crate::entity::values::{Locale, MembershipRole, Stage};
use crate::entity::{district, education_group, membership, school, school_stage, subject};
use crate::error::{Error, Result, UserError};
use crate::id::{self, Kind};
use crate::rows;
use crate::scope::Scope;

/// Longest remark.
const NOTE: usize = 2000;

/// The district with an identifier or a name; without either, the only one there is.
///
/// # Errors
/// `Rejected` when there is none yet, or several and none is named; `NotFound`.
pub async fn district(database: &Database, wanted: Option<&str>) -> Result<district::Model> {
    let mut districts = district::Entity::find().all(database.reader()).await?;
    if let Some(wanted) = wanted {
        let id = Kind::District.parse(wanted);
        let named = |district: &district::Model| id == Some(district.id) || district.name == wanted;
        return districts.into_iter().find(named).ok_or(Error::NotFound(Kind::District));
    }
    match (districts.pop(), districts.is_empty()) {
        (Some(district), true) => Ok(district),
        (Some(_), false) => Err(UserError::new(
            "DISTRICT_MISSING",
            "有多个区县，请指明是哪一个",
            "there are several districts: say which one",
        )
        .into()),
        (None, _) => Err(UserError::new(
            "NO_DISTRICT",
            "还没有数据，请先导入",
            "there is nothing here yet: import a workbook first",
        )
        .into()),
    }
}

/// Longest hold after publishing, in minutes: longer, and people hear of today's sessions too late.
const LONGEST_HOLD: i32 = 60;

/// Sets for how many minutes mails wait after publishing.
///
/// # Errors
/// `Stale`; `Rejected` when it is not 0–60.
pub async fn set_hold(scope: &Scope, expected_version: i32, minutes: i32) -> Result<district::Model> {
    if !(0..=LONGEST_HOLD).contains(&minutes) {
        let error = UserError::new(
            "OUT_OF_RANGE",
            format!("发布后暂缓发信的分钟数应为0至{LONGEST_HOLD}，现为{minutes}"),
            format!("mails wait for 0 to {LONGEST_HOLD} minutes after publishing, not {minutes}"),
        );
        return Err(error.at("holdMinutes").into());
    }
    let txn = scope.begin().await?;
    let found = district::Entity::find_by_id(scope.district.id).one(&*txn).await?;
    let district = found.ok_or(Error::NotFound(Kind::District))?;
    rows::expect_version(&txn, district.id, district.version, expected_version).await?;
    let version = district.version + 1;
    let after = district::Model { hold_minutes: minutes, version, ..district.clone() };
    let after = audit::update(&txn, "district.update", &district, after).await?;
    txn.commit().await?;
    Ok(after)
}

/// Which schools to list.
#[derive(Debug, Default)]
pub struct SchoolFilter {
    /// Part of the name or the number.
    pub search: Option<String>,
    /// Schools that belong to this group on `on`.
    pub group_id: Option<Uuid>,
    /// Schools that teach this stage.
    pub stage: Option<Stage>,
    /// Schools that lie there.
    pub locale: Option<Locale>,
}

/// Schools that run on a day.
pub fn schools(filter: SchoolFilter, on: NaiveDate) -> Select<school::Entity> {
    let open = school::Column::ClosedOn.is_null().or(school::Column::ClosedOn.gt(on));
    let mut select = school::Entity::find().filter(open);
    if let Some(search) = filter.search.filter(|search| !search.is_empty()) {
        let found = school::Column::Name.contains(&search).or(school::Column::Code.contains(&search));
        select = select.filter(found);
    }
    if let Some(group_id) = filter.group_id {
        let members = Query::select()
            .column(membership::Column::SchoolId)
            .from(membership::Entity)
            .and_where(membership::Column::GroupId.eq(group_id))
            .and_where(membership::Column::JoinedOn.lte(on))
            .and_where(Expr::col(membership::Column::LeftOn).is_null().or(membership::Column::LeftOn.gt(on)))
            .to_owned();
        select = select.filter(school::Column::Id.in_subquery(members));
    }
    if let Some(stage) = filter.stage {
        let teaching = Query::select()
            .column(school_stage::Column::SchoolId)
            .from(school_stage::Entity)
            .and_where(school_stage::Column::Stage.eq(stage))
            .to_owned();
        select = select.filter(school::Column::Id.in_subquery(teaching));
    }
    if let Some(locale) = filter.locale {
        select = select.filter(school::Column::Locale.eq(locale));
    }
    select
}

/// All subjects, in the order of lists.
pub async fn subjects(scope: &Scope) -> Result<Vec<subject::Model>> {
    let select = rows::in_district(scope.district.id, subject::Entity::find());
    Ok(select.order_by_asc(subject::Column::Position).all(scope.reader()).await?)
}

/// What to change of a school; `None` leaves a value, `Some(None)` clears it.
#[derive(Debug)]
pub struct SchoolChange {
    /// The school.
    pub school_id: Uuid,
    /// The version the change was made from.
    pub expected_version: i32,
    /// Town, township or village.
    pub locale: Option<Locale>,
    /// Degrees east and north.
    pub coordinates: Option<Option<(f64, f64)>>,
    /// Number of classes.
    pub classes: Option<Option<i32>>,
    /// Number of pupils.
    pub students: Option<Option<i32>>,
    /// Remark of the office.
    pub note: Option<Option<String>>,
    /// First day on which it no longer runs.
    pub closed_on: Option<Option<NaiveDate>>,
}

/// Changes what the office keeps of a school.
///
/// # Errors
/// `Rejected` with every fault of the values; `Stale` when the school was changed meanwhile.
pub async fn update_school(scope: &Scope, change: SchoolChange) -> Result<school::Model> {
    check_school(&change)?;
    let txn = scope.begin().await?;
    let before = rows::find::<school::Entity>(&txn, Kind::School, change.school_id).await?;
    rows::expect_version(&txn, before.id, before.version, change.expected_version).await?;
    let mut after = before.clone();
    after.version += 1;
    after.locale = change.locale.unwrap_or(after.locale);
    if let Some(coordinates) = change.coordinates {
        (after.longitude, after.latitude) = coordinates.unzip();
    }
    after.classes = change.classes.unwrap_or(after.classes);
    after.students = change.students.unwrap_or(after.students);
    after.note = change.note.unwrap_or(after.note);
    after.closed_on = change.closed_on.unwrap_or(after.closed_on);
    let after = audit::update(&txn, "school.update", &before, after).await?;
    txn.commit().await?;
    Ok(after)
}

fn check_school(change: &SchoolChange) -> Result<()> {
    let mut faults = Vec::new();
    if let Some(Some((longitude, latitude))) = change.coordinates
        && !((-180.0..=180.0).contains(&longitude) && (-90.0..=90.0).contains(&latitude))
    {
        faults.push(
            UserError::new(
                "COORDINATES_OUT_OF_RANGE",
                "经度应在 -180 到 180 之间，纬度应在 -90 到 90 之间",
                "longitude lies between -180 and 180, latitude between -90 and 90",
            )
            .at("coordinates"),
        );
    }
    for (field, number) in [("classCount", change.classes), ("studentCount", change.students)] {
        if number.flatten().is_some_and(|number| number < 0) {
            let fault = UserError::new("NEGATIVE", "数量不能小于 0", "a number of things is not below 0");
            faults.push(fault.at(field));
        }
    }
    if change.note.as_ref().and_then(|note| note.as_ref()).is_some_and(|note| note.chars().count() > NOTE) {
        faults.push(
            UserError::new(
                "TOO_LONG",
                format!("备注最多 {NOTE} 字"),
                format!("a remark has at most {NOTE} characters"),
            )
            .at("note"),
        );
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Rejected(faults)) }
}

/// A school's entry into a group.
#[derive(Debug)]
pub struct NewMembership {
    /// The group.
    pub group_id: Uuid,
    /// The school.
    pub school_id: Uuid,
    /// Core, member or partner.
    pub role: MembershipRole,
    /// First day.
    pub joined_on: NaiveDate,
    /// Last day of a partner's agreement.
    pub agreement_ends_on: Option<NaiveDate>,
}

/// Lets a school join a group.
///
/// # Errors
/// `Rejected` when it is a member of the group on or after that day, or the agreement ends before it begins.
pub async fn add_membership(scope: &Scope, new: NewMembership) -> Result<membership::Model> {
    if new.agreement_ends_on.is_some_and(|end| end < new.joined_on) {
        return Err(ends_before_it_begins("agreementEndsOn").into());
    }
    let txn = scope.begin().await?;
    let group = rows::find::<education_group::Entity>(&txn, Kind::Group, new.group_id).await?;
    let school = rows::find::<school::Entity>(&txn, Kind::School, new.school_id).await?;
    let held = membership::Entity::find()
        .filter(membership::Column::DistrictId.eq(txn.district_id()))
        .filter(membership::Column::GroupId.eq(group.id))
        .filter(membership::Column::SchoolId.eq(school.id))
        .filter(membership::Column::LeftOn.is_null().or(membership::Column::LeftOn.gt(new.joined_on)))
        .one(&*txn)
        .await?;
    if let Some(held) = held {
        let since = held.joined_on;
        return Err(UserError::new(
            "ALREADY_A_MEMBER",
            format!("{}自 {since} 起已在{}，请先结束原来的成员关系", school.name, group.name),
            format!("{} has been in {} since {since}: end that membership first", school.name, group.name),
        )
        .at("schoolId")
        .into());
    }
    let row = membership::Model {
        id: id::new(),
        district_id: txn.district_id(),
        group_id: group.id,
        school_id: school.id,
        role: new.role,
        joined_on: new.joined_on,
        left_on: None,
        agreement_ends_on: new.agreement_ends_on,
        version: 1,
    };
    let row = audit::insert(&txn, "membership.add", row).await?;
    txn.commit().await?;
    Ok(row)
}

/// Ends a membership: `left_on` is the first day on which the school no longer belongs.
///
/// # Errors
/// `Rejected` when it has ended already or would end before it began; `Stale`.
pub async fn end_membership(
    scope: &Scope,
    membership_id: Uuid,
    expected_version: i32,
    left_on: NaiveDate,
) -> Result<membership::Model> {
    let txn = scope.begin().await?;
    let before = rows::find::<membership::Entity>(&txn, Kind::Membership, membership_id).await?;
    rows::expect_version(&txn, before.id, before.version, expected_version).await?;
    if let Some(ended) = before.left_on {
        return Err(already_ended(ended).into());
    }
    if left_on <= before.joined_on {
        return Err(ends_before_it_begins("leftOn").into());
    }
    let after = membership::Model { left_on: Some(left_on), version: before.version + 1, ..before.clone() };
    let after = audit::update(&txn, "membership.end", &before, after).await?;
    txn.commit().await?;
    Ok(after)
}

/// The fault of something that would end before it begins.
pub fn ends_before_it_begins(field: &str) -> UserError {
    UserError::new("ENDS_BEFORE_IT_BEGINS", "结束日期不能早于开始日期", "it would end before it begins")
        .at(field)
}

/// The fault of ending what has ended.
pub fn already_ended(on: NaiveDate) -> UserError {
    UserError::new("ALREADY_ENDED", format!("已于 {on} 结束"), format!("it ended on {on}"))
}
