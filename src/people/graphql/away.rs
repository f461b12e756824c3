//! What the API shows alike of people who are away and of closed rooms.

use async_graphql::SimpleObject;
use chrono::{DateTime, NaiveDate, Utc};

/// A stretch of days, and who recorded it; its fields stand among those of whatever is away.
#[derive(Debug, SimpleObject)]
pub struct AwayDays {
    /// First day.
    pub from_on: NaiveDate,
    /// Last day; null: nobody knows yet.
    pub until_on: Option<NaiveDate>,
    /// Who recorded it: a staff number, or a program.
    pub recorded_by: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Rises with every change.
    pub version: i32,
}
