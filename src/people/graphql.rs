//! People, their posts, postings and honours as the API shows them.

mod absences;
mod away;
mod changes;
mod facts;
mod teacher;
mod viewer;

use async_graphql::{Context, ID, InputObject, Object, Result};
use chrono::NaiveDate;
use sea_orm::EntityTrait;

use crate::entity::researcher;
use crate::entity::values::Stage;
use crate::graphql::{Connected, Key, OrFault, Order, Page, by_id, day, ident, page, scope, weight};
use crate::id::Kind;
use crate::people;
use crate::scope::Actor;

pub use absences::{Absence, AbsencesMutation, AbsencesQuery};
pub use away::AwayDays;
pub use changes::PeopleMutation;
pub use facts::{Appointment, Coordinator, Duty, Honour, Inspector, Posting, Researcher, Team, TeamMember};
pub use teacher::Teacher;
pub use viewer::Viewer;

/// Which teachers to list; what is left out does not matter.
#[derive(Debug, Default, InputObject)]
pub struct TeacherFilter {
    /// Part of the name or the staff number.
    search: Option<String>,
    /// Home school.
    school_id: Option<ID>,
    /// Subject of the post.
    subject_id: Option<ID>,
    /// Stage of the post.
    stage: Option<Stage>,
}

impl TeacherFilter {
    fn read(self) -> crate::error::Result<people::TeacherFilter> {
        Ok(people::TeacherFilter {
            search: self.search,
            school_id: self.school_id.map(|id| ident(Kind::School, &id, "filter.schoolId")).transpose()?,
            subject_id: self
                .subject_id
                .map(|id| ident(Kind::Subject, &id, "filter.subjectId"))
                .transpose()?,
            stage: self.stage,
        })
    }
}

/// Reads people.
#[derive(Default)]
pub struct PeopleQuery;

#[Object]
impl PeopleQuery {
    /// Who is signed in; null when nobody is.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Option<Viewer>> {
        match &scope(ctx)?.actor {
            Actor::Person { id, .. } => Ok(crate::graphql::one::<Teacher>(ctx, *id).await?.map(Viewer)),
            Actor::Program(_) | Actor::Nobody => Ok(None),
        }
    }

    /// Everybody on the staff list 教职工, by staff number.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn teachers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones.", default)] filter: TeacherFilter,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Teacher>> {
        let filter = filter.read().or_fault(ctx)?;
        let order =
            Order::by(crate::entity::teacher::Column::Number, |row: &crate::entity::teacher::Model| {
                Key::Text(row.number.clone())
            });
        page(ctx, people::teachers(filter, day(ctx, on)?), order, Page::new(first, after, last, before)).await
    }

    /// A person on the staff list; null when there is none.
    async fn teacher(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Her identifier.")] id: ID,
    ) -> Result<Option<Teacher>> {
        by_id(ctx, Kind::Teacher, &id).await
    }

    /// Teaching researchers 教研员, by area.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn researchers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Researcher>> {
        let order = Order::by(researcher::Column::SubjectArea, |row: &researcher::Model| {
            Key::Text(row.subject_area.clone())
        });
        page(ctx, researcher::Entity::find(), order, Page::new(first, after, last, before)).await
    }

    /// Studios 名师工作室 and expert teams, by name.
    async fn teams(&self, ctx: &Context<'_>) -> Result<Vec<Team>> {
        let teams = people::teams(scope(ctx)?).await.or_fault(ctx)?;
        Ok(teams.into_iter().map(Team).collect())
    }
}
