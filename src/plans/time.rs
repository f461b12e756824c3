//! Between instants and the planner's minutes of local time.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use session_planner::{DAY, Minute};

use crate::error::UserError;
use crate::scope::Scope;

/// The instant at which `local` begins in `zone`; the earlier one when the clock is set back, the next hour when it is skipped.
pub fn instant(zone: Tz, date: NaiveDate, minute_of_day: Minute) -> DateTime<Utc> {
    let local = date.and_time(NaiveTime::MIN) + TimeDelta::minutes(i64::from(minute_of_day));
    zone.from_local_datetime(&local)
        .earliest()
        .or_else(|| zone.from_local_datetime(&(local + TimeDelta::hours(1))).earliest())
        .map_or_else(|| Utc.from_utc_datetime(&local), |instant| instant.with_timezone(&Utc))
}

/// The planner's minute of `instant`, counted from `first_day`; negative before it.
pub fn minute(zone: Tz, first_day: NaiveDate, instant: DateTime<Utc>) -> Minute {
    let local = instant.with_timezone(&zone).naive_local();
    let days = (local.date() - first_day).num_days();
    let minute = i64::from(local.hour() * 60 + local.minute());
    Minute::try_from(days * i64::from(DAY) + minute).unwrap_or(if days < 0 {
        Minute::MIN
    } else {
        Minute::MAX
    })
}

/// The first instant of `date` in the district.
pub fn start_of(scope: &Scope, date: NaiveDate) -> DateTime<Utc> {
    instant(scope.zone(), date, 0)
}

/// The first instant after `date` in the district.
pub fn end_of(scope: &Scope, date: NaiveDate) -> DateTime<Utc> {
    instant(scope.zone(), date, DAY)
}

/// The fault of a stretch of days that ends before it begins; `field` has its last day.
pub fn dates_reversed(field: &str) -> UserError {
    UserError::new("DATES_REVERSED", "截止日期早于开始日期", "the last day lies before the first").at(field)
}
