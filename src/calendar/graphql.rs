//! The calendar as the API shows it.

mod changes;
mod closures;
mod days;
mod timetable;

use async_graphql::{Context, ID, Object, Result};
use chrono::NaiveDate;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::calendar::edit;
use crate::entity::values::{DayKind, Equipment};
use crate::entity::{bell, booking, plan, room, room_closure, school_day, term};
use crate::graphql::{
    Connected, Key, OrFault, Order, Page, by_id, dated, ident, many, object_over, one, page, scope, the,
    weight,
};
use crate::groups::graphql::School;
use crate::id::Kind;
use crate::plans::graphql::Plan;
use crate::sessions::graphql::{ResearchSession, SessionFilter};

pub use changes::CalendarMutation;
pub use closures::{ClosuresMutation, ClosuresQuery, RoomClosure};
pub use days::{TermDay, TermWarning};
pub use timetable::{Bell, Booking, Lesson, SchoolClass, TravelTime};

object_over! {
    /// A term.
    Term, term
}

/// A school term 学期.
#[Object]
impl Term {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Term.id(self.0.id).into()
    }

    /// Name, e.g. 2026—2027学年第一学期.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// First day.
    async fn starts_on(&self) -> NaiveDate {
        self.0.starts_on
    }

    /// Last day.
    async fn ends_on(&self) -> NaiveDate {
        self.0.ends_on
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Days that differ from the plain week: holidays, make-up days, exams.
    async fn school_days(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "With this school's own exceptions.")] school_id: Option<ID>,
    ) -> Result<Vec<SchoolDay>> {
        let school = school_id.map(|id| ident(Kind::School, &id, "schoolId")).transpose().or_fault(ctx)?;
        let days = edit::school_days(scope(ctx)?, self.0.starts_on, self.0.ends_on, school).await;
        Ok(days.or_fault(ctx)?.into_iter().map(SchoolDay).collect())
    }

    /// Every day of the term, first to last: what runs and whether it is open.
    #[graphql(complexity = "150 * child_complexity")]
    async fn days(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "With this school's own exceptions.")] school_id: Option<ID>,
    ) -> Result<Vec<TermDay>> {
        let school = school_id.map(|id| ident(Kind::School, &id, "schoolId")).transpose().or_fault(ctx)?;
        days::days(ctx, &self.0, school).await
    }

    /// What the office should know before it plans: years whose holidays are not announced, make-up days without a timetable.
    async fn warnings(&self, ctx: &Context<'_>) -> Result<Vec<TermWarning>> {
        days::warnings(ctx, &self.0).await
    }

    /// Its sessions, by start; those without a date come last.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones.", default)] filter: SessionFilter,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<ResearchSession>> {
        let filter = filter.of_term(&self.0);
        ResearchSession::list(ctx, filter, Page::new(first, after, last, before)).await
    }

    /// Its plans 排期方案.
    async fn plans(&self, ctx: &Context<'_>) -> Result<Vec<Plan>> {
        many(ctx, plan::Column::TermId, self.0.id).await
    }
}

object_over! {
    /// A day.
    SchoolDay, school_day
}

/// A day that differs from the plain week 校历: holiday, make-up day, exam …; of the district, or of one school.
#[Object]
impl SchoolDay {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::SchoolDay.id(self.0.id).into()
    }

    /// The day.
    async fn day_on(&self) -> NaiveDate {
        self.0.day_on
    }

    /// The school it holds for; null: the whole district.
    async fn school(&self, ctx: &Context<'_>) -> Result<Option<School>> {
        one(ctx, self.0.school_id).await
    }

    /// What it is.
    async fn kind(&self) -> DayKind {
        self.0.kind
    }

    /// ISO weekday whose timetable runs; null: no lessons, or the day's own on an event with lessons.
    async fn timetable_weekday(&self) -> Option<i32> {
        self.0.timetable_weekday
    }

    /// As people call it, e.g. 国庆节.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

object_over! {
    /// A room.
    Room, room
}

/// A room 场地 in which sessions are held.
#[Object]
impl Room {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Room.id(self.0.id).into()
    }

    /// The school.
    async fn school(&self, ctx: &Context<'_>) -> Result<School> {
        the(ctx, self.0.school_id).await
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Seats.
    async fn capacity(&self) -> i32 {
        self.0.capacity
    }

    /// Equipment 设备.
    async fn equipment(&self, ctx: &Context<'_>) -> Result<Vec<Equipment>> {
        serde_json::from_value(self.0.equipment.clone()).map_err(Into::into).or_fault(ctx)
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Days on which it cannot be used 停用.
    async fn closures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
        #[graphql(desc = "The whole history, whatever the day.", default)] all: bool,
    ) -> Result<Vec<RoomClosure>> {
        dated(ctx, room_closure::Column::RoomId, self.0.id, on, all).await
    }

    /// When it is taken, by start.
    async fn bookings(&self, ctx: &Context<'_>) -> Result<Vec<Booking>> {
        let mut bookings: Vec<Booking> = many(ctx, booking::Column::ResourceId, self.0.id).await?;
        bookings.sort_by_key(|booking| booking.0.starts_at);
        Ok(bookings)
    }
}

/// Reads the calendar.
#[derive(Default)]
pub struct CalendarQuery;

#[Object]
impl CalendarQuery {
    /// All terms 学期, the latest first.
    async fn terms(&self, ctx: &Context<'_>) -> Result<Vec<Term>> {
        let terms = edit::terms(scope(ctx)?).await.or_fault(ctx)?;
        Ok(terms.into_iter().map(Term).collect())
    }

    /// A term; null when there is none.
    async fn term(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its identifier.")] id: ID,
    ) -> Result<Option<Term>> {
        by_id(ctx, Kind::Term, &id).await
    }

    /// Rooms 场地, by name.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn rooms(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of this school.")] school_id: Option<ID>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Room>> {
        let mut select = room::Entity::find();
        if let Some(id) = school_id {
            select =
                select.filter(room::Column::SchoolId.eq(ident(Kind::School, &id, "schoolId").or_fault(ctx)?));
        }
        page(
            ctx,
            select,
            Order::by(room::Column::Name, |row: &room::Model| Key::Text(row.name.clone())),
            Page::new(first, after, last, before),
        )
        .await
    }

    /// A room; null when there is none.
    async fn room(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its identifier.")] id: ID,
    ) -> Result<Option<Room>> {
        by_id(ctx, Kind::Room, &id).await
    }

    /// Periods 节次 of the day, of stages and of schools.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn bells(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Bell>> {
        let order = Order::by(bell::Column::Period, |row: &bell::Model| Key::Number(row.period.into()));
        page(ctx, bell::Entity::find(), order, Page::new(first, after, last, before)).await
    }
}
