//! A school and what hangs on it.

use async_graphql::{Context, ID, Object, Result};
use chrono::NaiveDate;

use crate::calendar::graphql::{Bell, Room, SchoolClass, SchoolDay, TravelTime};
use crate::entity::values::{Locale, Stage};
use crate::entity::{
    appointment, bell, duty, membership, posting, research_session, room, school, school_class, school_day,
    school_stage, travel_time,
};
use crate::graphql::{
    Connected, Key, Page, Position, dated, day, many, object_over, one, page_of, several, weight,
};
use crate::groups::graphql::{EducationGroup, Membership};
use crate::id::Kind;
use crate::people::graphql::{Appointment, Duty, Posting, Teacher};
use crate::sessions::graphql::{CalendarFeed, ResearchSession};

object_over! {
    /// A school.
    School, school
}

object_over! {
    /// A stage that a school teaches.
    SchoolStage, school_stage
}

/// A school 学校: a kindergarten, primary, junior or senior school, or one with several stages.
#[Object]
impl School {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::School.id(self.0.id).into()
    }

    /// Number the county office gave it, e.g. `LCX001`.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Full name as on the seal.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Town, township or village.
    async fn locale(&self) -> Locale {
        self.0.locale
    }

    /// Degrees east, WGS 84.
    async fn longitude(&self) -> Option<f64> {
        self.0.longitude
    }

    /// Degrees north, WGS 84.
    async fn latitude(&self) -> Option<f64> {
        self.0.latitude
    }

    /// Number of classes, as the office counts them.
    async fn class_count(&self) -> Option<i32> {
        self.0.classes
    }

    /// Number of pupils.
    async fn student_count(&self) -> Option<i32> {
        self.0.students
    }

    /// Remark of the office (一校一案).
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// First day on which it no longer runs; history stays.
    async fn closed_on(&self) -> Option<NaiveDate> {
        self.0.closed_on
    }

    /// The school that took it over, when it merged.
    async fn merged_into(&self, ctx: &Context<'_>) -> Result<Option<School>> {
        one(ctx, self.0.merged_into_id).await
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Stages 学段 it teaches, youngest first.
    async fn stages(&self, ctx: &Context<'_>) -> Result<Vec<Stage>> {
        let rows: Vec<SchoolStage> = many(ctx, school_stage::Column::SchoolId, self.0.id).await?;
        let mut stages: Vec<Stage> = rows.into_iter().map(|row| row.0.stage).collect();
        stages.sort();
        Ok(stages)
    }

    /// Its places in groups.
    async fn memberships(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
        #[graphql(desc = "The whole history, whatever the day.", default)] all: bool,
    ) -> Result<Vec<Membership>> {
        dated(ctx, membership::Column::SchoolId, self.0.id, on, all).await
    }

    /// Groups it belongs to.
    async fn groups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
    ) -> Result<Vec<EducationGroup>> {
        let held: Vec<Membership> = dated(ctx, membership::Column::SchoolId, self.0.id, on, false).await?;
        several(ctx, held.into_iter().map(|membership| membership.0.group_id)).await
    }

    /// Rooms 场地 in which sessions can be held.
    async fn rooms(&self, ctx: &Context<'_>) -> Result<Vec<Room>> {
        many(ctx, room::Column::SchoolId, self.0.id).await
    }

    /// Classes 班级 with a timetable.
    async fn classes(&self, ctx: &Context<'_>) -> Result<Vec<SchoolClass>> {
        many(ctx, school_class::Column::SchoolId, self.0.id).await
    }

    /// Its own periods 节次, where they differ from those of its stage.
    async fn bells(&self, ctx: &Context<'_>) -> Result<Vec<Bell>> {
        many(ctx, bell::Column::SchoolId, self.0.id).await
    }

    /// Days on which it differs from its district.
    async fn school_days(&self, ctx: &Context<'_>) -> Result<Vec<SchoolDay>> {
        many(ctx, school_day::Column::SchoolId, self.0.id).await
    }

    /// Travel to other schools 路程.
    async fn travel_times(&self, ctx: &Context<'_>) -> Result<Vec<TravelTime>> {
        let mut ways: Vec<TravelTime> = many(ctx, travel_time::Column::FromSchoolId, self.0.id).await?;
        ways.extend(many::<TravelTime>(ctx, travel_time::Column::ToSchoolId, self.0.id).await?);
        Ok(ways)
    }

    /// Posts 编制 at this school: who belongs to it.
    async fn appointments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
        #[graphql(desc = "The whole history, whatever the day.", default)] all: bool,
    ) -> Result<Vec<Appointment>> {
        dated(ctx, appointment::Column::SchoolId, self.0.id, on, all).await
    }

    /// Teachers whose home school it is, by staff number.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn teachers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Teacher>> {
        let on = Some(day(ctx, on)?);
        let posts: Vec<Appointment> = dated(ctx, appointment::Column::SchoolId, self.0.id, on, false).await?;
        let teachers = several(ctx, posts.into_iter().map(|post| post.0.teacher_id)).await?;
        let at = |teacher: &Teacher| Position(Key::Text(teacher.0.number.clone()), teacher.0.id);
        page_of(ctx, teachers, at, Page::new(first, after, last, before))
    }

    /// Work here of teachers of other schools 派遣, 走教.
    async fn postings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
        #[graphql(desc = "The whole history, whatever the day.", default)] all: bool,
    ) -> Result<Vec<Posting>> {
        dated(ctx, posting::Column::SchoolId, self.0.id, on, all).await
    }

    /// Duties 职务 held here.
    async fn duties(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
        #[graphql(desc = "The whole history, whatever the day.", default)] all: bool,
    ) -> Result<Vec<Duty>> {
        dated(ctx, duty::Column::SchoolId, self.0.id, on, all).await
    }

    /// Calendars of its sessions, oldest first, those that are revoked too; none for whoever is not signed in.
    async fn calendar_feeds(&self, ctx: &Context<'_>) -> Result<Vec<CalendarFeed>> {
        CalendarFeed::of(ctx, self.0.id).await
    }

    /// Sessions it hosts 承办, by start; those without a date come last.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn hosted_sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<ResearchSession>> {
        let hosted = many(ctx, research_session::Column::HostSchoolId, self.0.id).await?;
        page_of(ctx, hosted, ResearchSession::position, Page::new(first, after, last, before))
    }
}
