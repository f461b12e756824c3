//! People on the staff list, where they belong and where they work.

pub mod absences;
pub mod away;
pub mod graphql;
mod postings;
pub mod roster;

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, prelude::Uuid};

use crate::database::Database;
use crate::entity::values::Stage;
use crate::entity::{appointment, coordinator, teacher, team};
use crate::error::{Error, Result, UserError};
use crate::rows;
use crate::scope::Scope;

pub use postings::{NewPosting, add_posting, end, end_posting, extend, home_school, post, post_all, post_on};

/// Which teachers to list.
#[derive(Debug, Default)]
pub struct TeacherFilter {
    /// Part of the name or the staff number.
    pub search: Option<String>,
    /// Home school.
    pub school_id: Option<Uuid>,
    /// Subject of the post.
    pub subject_id: Option<Uuid>,
    /// Stage of the post.
    pub stage: Option<Stage>,
}

impl TeacherFilter {
    fn asks_for_a_post(&self) -> bool {
        self.school_id.is_some() || self.subject_id.is_some() || self.stage.is_some()
    }
}

/// Everybody on the staff list on a day.
pub fn teachers(filter: TeacherFilter, on: NaiveDate) -> Select<teacher::Entity> {
    let employed = teacher::Column::LeftOn.is_null().or(teacher::Column::LeftOn.gt(on));
    let mut select = teacher::Entity::find().filter(employed);
    if filter.asks_for_a_post() {
        let mut posts = Query::select();
        posts
            .column(appointment::Column::TeacherId)
            .from(appointment::Entity)
            .and_where(appointment::Column::FromOn.lte(on))
            .and_where(
                Expr::col(appointment::Column::UntilOn).is_null().or(appointment::Column::UntilOn.gte(on)),
            )
            .and_where_option(filter.school_id.map(|id| appointment::Column::SchoolId.eq(id)))
            .and_where_option(filter.subject_id.map(|id| appointment::Column::SubjectId.eq(id)))
            .and_where_option(filter.stage.map(|stage| appointment::Column::Stage.eq(stage)));
        select = select.filter(teacher::Column::Id.in_subquery(posts));
    }
    if let Some(search) = filter.search.filter(|search| !search.is_empty()) {
        let found = teacher::Column::Name.contains(&search).or(teacher::Column::Number.contains(&search));
        select = select.filter(found);
    }
    select
}

/// All teams 名师工作室 and expert teams.
pub async fn teams(scope: &Scope) -> Result<Vec<team::Model>> {
    let select = rows::in_district(scope.district.id, team::Entity::find());
    Ok(select.order_by_asc(team::Column::Name).all(scope.reader()).await?)
}

/// The fault of a staff number that nobody has.
pub fn unknown(number: &str) -> Error {
    let (zh, en) = (format!("没有工号为“{number}”的人"), format!("nobody has the staff number {number:?}"));
    UserError::new("UNKNOWN_PERSON", zh, en).into()
}

/// The person with a staff number.
pub async fn by_number(
    database: &Database,
    district_id: Uuid,
    number: &str,
) -> Result<Option<teacher::Model>> {
    let select = rows::in_district(district_id, teacher::Entity::find());
    Ok(select.filter(teacher::Column::Number.eq(number)).one(database.reader()).await?)
}

/// The person with an identifier.
pub async fn by_id(database: &Database, district_id: Uuid, id: Uuid) -> Result<Option<teacher::Model>> {
    let select = rows::in_district(district_id, teacher::Entity::find());
    Ok(select.filter(teacher::Column::Id.eq(id)).one(database.reader()).await?)
}

/// Some people to sign in as while trying things out: every coordinator, and `teachers` others.
pub async fn some(
    database: &Database,
    district_id: Uuid,
    teachers: u64,
) -> Result<(Vec<teacher::Model>, Vec<teacher::Model>)> {
    let leading = Query::select().column(coordinator::Column::TeacherId).from(coordinator::Entity).to_owned();
    let all =
        || rows::in_district(district_id, teacher::Entity::find()).order_by_asc(teacher::Column::Number);
    let coordinators =
        all().filter(teacher::Column::Id.in_subquery(leading.clone())).all(database.reader()).await?;
    let others = all().filter(teacher::Column::Id.not_in_subquery(leading)).limit(teachers);
    Ok((coordinators, others.all(database.reader()).await?))
}
