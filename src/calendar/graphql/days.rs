//! What each day of a term is, as the API shows it.

use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::NaiveDate;

use crate::calendar::days::{DayPlan, TermCalendar};
use crate::entity::term;
use crate::error::Bilingual;
use crate::graphql::{OrFault, request, scope};

/// A day of a term: which timetable runs, and whether sessions may be held.
#[derive(Debug)]
pub struct TermDay(DayPlan);

/// A day of a term: which timetable runs, and whether sessions may be held.
#[Object]
impl TermDay {
    /// The day.
    async fn day_on(&self) -> NaiveDate {
        self.0.date
    }

    /// Teaching week of the term (第N周), from 1; weeks begin on Monday.
    async fn week(&self) -> u16 {
        self.0.week
    }

    /// ISO weekday, 1–7, whose timetable runs; null: no lessons.
    async fn timetable_weekday(&self) -> Option<u8> {
        self.0.timetable_weekday
    }

    /// Why no session may be held, in the language asked for; null: the day is open.
    async fn closed(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let language = request(ctx)?.language;
        Ok(self.0.closed.as_ref().map(|reason| reason.text(language).to_owned()))
    }

    /// What people call the day, when it has a name.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }
}

/// What the office should know about a term before it plans.
#[derive(Debug, SimpleObject)]
pub struct TermWarning {
    /// In the language asked for.
    message: String,
}

/// The days of a term, of the district or of one school.
pub async fn days(
    ctx: &Context<'_>,
    term: &term::Model,
    school: Option<sea_orm::prelude::Uuid>,
) -> Result<Vec<TermDay>> {
    let calendar = TermCalendar::load(scope(ctx)?, term.clone()).await.or_fault(ctx)?;
    Ok(calendar.dates().map(|date| TermDay(calendar.day(date, school))).collect())
}

/// Years not announced, make-up days without a timetable.
pub async fn warnings(ctx: &Context<'_>, term: &term::Model) -> Result<Vec<TermWarning>> {
    let language = request(ctx)?.language;
    let calendar = TermCalendar::load(scope(ctx)?, term.clone()).await.or_fault(ctx)?;
    let said = |warning: Bilingual| TermWarning { message: warning.text(language).to_owned() };
    Ok(calendar.warnings().into_iter().map(said).collect())
}
