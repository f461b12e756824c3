//! Timetables, periods, roads, and what is taken.

use async_graphql::{Context, ID, Object, Result};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use crate::calendar::graphql::Room;
use crate::entity::values::{ResourceKind, Stage, WeekParity};
use crate::entity::{bell, booking, lesson, school_class, travel_time};
use crate::graphql::{dated, object_over, one, the};
use crate::groups::graphql::{School, Subject};
use crate::id::Kind;
use crate::people::graphql::Teacher;
use crate::sessions::graphql::ResearchSession;

object_over! {
    /// A period.
    Bell, bell
}

/// A period 节次 of the day, by stage, or of one school.
#[Object]
impl Bell {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Bell.id(self.0.id).into()
    }

    /// The school it holds for; null: every school of the stage.
    async fn school(&self, ctx: &Context<'_>) -> Result<Option<School>> {
        one(ctx, self.0.school_id).await
    }

    /// Stage.
    async fn stage(&self) -> Stage {
        self.0.stage
    }

    /// Number of the period, from 1.
    async fn period(&self) -> i32 {
        self.0.period
    }

    /// Local time.
    async fn starts_at(&self) -> NaiveTime {
        self.0.starts_at
    }

    /// Local time.
    async fn ends_at(&self) -> NaiveTime {
        self.0.ends_at
    }

    /// First day (seasons); null: always.
    async fn from_on(&self) -> Option<NaiveDate> {
        self.0.from_on
    }

    /// Last day.
    async fn until_on(&self) -> Option<NaiveDate> {
        self.0.until_on
    }
}

object_over! {
    /// A class.
    SchoolClass, school_class
}

/// A class 班级.
#[Object]
impl SchoolClass {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::SchoolClass.id(self.0.id).into()
    }

    /// The school.
    async fn school(&self, ctx: &Context<'_>) -> Result<School> {
        the(ctx, self.0.school_id).await
    }

    /// Name, e.g. 五年级（2）班.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Stage.
    async fn stage(&self) -> Stage {
        self.0.stage
    }

    /// Grade 1–12; null in a kindergarten.
    async fn grade(&self) -> Option<i32> {
        self.0.grade
    }

    /// Its timetable 课表.
    async fn lessons(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
    ) -> Result<Vec<Lesson>> {
        dated(ctx, lesson::Column::ClassId, self.0.id, on, false).await
    }
}

object_over! {
    /// A lesson.
    Lesson, lesson, dated
}

/// A timetable entry 课表: a class has a subject with a teacher in a period of the week.
#[Object]
impl Lesson {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Lesson.id(self.0.id).into()
    }

    /// The school.
    async fn school(&self, ctx: &Context<'_>) -> Result<School> {
        the(ctx, self.0.school_id).await
    }

    /// The class.
    async fn school_class(&self, ctx: &Context<'_>) -> Result<SchoolClass> {
        the(ctx, self.0.class_id).await
    }

    /// Who teaches.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Teacher> {
        the(ctx, self.0.teacher_id).await
    }

    /// What.
    async fn subject(&self, ctx: &Context<'_>) -> Result<Subject> {
        the(ctx, self.0.subject_id).await
    }

    /// ISO weekday, 1–7.
    async fn weekday(&self) -> i32 {
        self.0.weekday
    }

    /// Period of the day, from 1.
    async fn period(&self) -> i32 {
        self.0.period
    }

    /// Every week, odd or even weeks of the term.
    async fn parity(&self) -> WeekParity {
        self.0.parity
    }

    /// First day of this timetable.
    async fn from_on(&self) -> NaiveDate {
        self.0.from_on
    }

    /// Last day.
    async fn until_on(&self) -> Option<NaiveDate> {
        self.0.until_on
    }
}

object_over! {
    /// A road.
    TravelTime, travel_time
}

/// Travel between two schools 路程, the same both ways.
#[Object]
impl TravelTime {
    /// One school.
    async fn one_school(&self, ctx: &Context<'_>) -> Result<School> {
        the(ctx, self.0.from_school_id).await
    }

    /// The other.
    async fn other_school(&self, ctx: &Context<'_>) -> Result<School> {
        the(ctx, self.0.to_school_id).await
    }

    /// Road distance.
    async fn kilometres(&self) -> Option<f64> {
        self.0.kilometres
    }

    /// Minutes by the usual means.
    async fn minutes(&self) -> i32 {
        self.0.minutes
    }
}

object_over! {
    /// A booking.
    Booking, booking
}

/// A person or room that is taken; the database refuses overlaps.
#[Object]
impl Booking {
    /// Teacher or room.
    async fn resource(&self) -> ResourceKind {
        self.0.resource
    }

    /// The person, when it is one.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Option<Teacher>> {
        one(ctx, Some(self.0.resource_id).filter(|_| self.0.resource == ResourceKind::Teacher)).await
    }

    /// The room, when it is one.
    async fn room(&self, ctx: &Context<'_>) -> Result<Option<Room>> {
        one(ctx, Some(self.0.resource_id).filter(|_| self.0.resource == ResourceKind::Room)).await
    }

    /// The session that takes it.
    async fn session(&self, ctx: &Context<'_>) -> Result<ResearchSession> {
        the(ctx, self.0.session_id).await
    }

    /// From.
    async fn starts_at(&self) -> DateTime<Utc> {
        self.0.starts_at
    }

    /// Until, exclusive.
    async fn ends_at(&self) -> DateTime<Utc> {
        self.0.ends_at
    }
}
