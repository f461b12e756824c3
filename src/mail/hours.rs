//! Hours of the district's day: when a wall clock shows a time, and the hours in which nobody is disturbed.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

/// Minutes of a day.
pub const DAY: i32 = 24 * 60;

/// The time of day that so many minutes after midnight are, 0–1439.
pub fn time(minute: i32) -> NaiveTime {
    let seconds = u32::try_from(minute.rem_euclid(DAY)).unwrap_or_default() * 60;
    NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).unwrap_or_default()
}

/// Minutes after midnight.
pub fn minute(time: NaiveTime) -> i32 {
    i32::try_from(time.num_seconds_from_midnight() / 60).unwrap_or_default()
}

/// When clocks of `zone` show `time` on `day`: the first time, where they are put back; an hour later, where they are put forward over it.
pub fn instant(zone: Tz, day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let local = day.and_time(time);
    let shown = zone.from_local_datetime(&local).earliest();
    let after = || zone.from_local_datetime(&(local + TimeDelta::hours(1))).earliest();
    shown.or_else(after).map_or_else(|| Utc.from_utc_datetime(&local), |instant| instant.to_utc())
}

/// Hours in which nobody is reminded 免打扰时段; they may go over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// Minute of the day at which they begin.
    pub from: i32,
    /// Minute of the day at which they are over.
    pub until: i32,
}

impl Default for QuietHours {
    fn default() -> Self {
        Self { from: 21 * 60 + 30, until: 7 * 60 }
    }
}

impl QuietHours {
    /// The last minute before the quiet hours in which `at` falls; `None` when it falls in none.
    pub fn before(self, at: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        let local = at.with_timezone(&zone);
        let (day, now) = (local.date_naive(), minute(local.time()));
        let over_midnight = self.until <= self.from;
        let evening = match over_midnight {
            true if now >= self.from => day,
            true if now < self.until => day.pred_opt()?,
            false if (self.from..self.until).contains(&now) => day,
            _ => return None,
        };
        Some(instant(zone, evening, time(self.from)) - TimeDelta::minutes(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(zone: Tz, text: &str) -> DateTime<Utc> {
        let (date, hour) = text.split_once(' ').unwrap();
        instant(zone, day(date), hour.parse().unwrap())
    }

    #[test]
    fn what_falls_into_quiet_hours_comes_in_the_last_minute_before_them() {
        let (zone, quiet) = (Tz::Asia__Shanghai, QuietHours::default());
        let moved = |text: &str| quiet.before(at(zone, text), zone);
        assert_eq!(moved("2026-09-16 21:29:00"), None);
        assert_eq!(moved("2026-09-16 21:30:00"), Some(at(zone, "2026-09-16 21:29:00")));
        assert_eq!(moved("2026-09-16 06:59:00"), Some(at(zone, "2026-09-15 21:29:00")));
        assert_eq!(moved("2026-09-16 07:00:00"), None);
    }

    #[test]
    fn clocks_that_are_put_forward_or_back_lose_no_reminder() {
        let zone = Tz::Europe__Berlin;
        // 02:30 does not exist on this day.
        assert_eq!(at(zone, "2026-03-29 02:30:00").to_string(), "2026-03-29 01:30:00 UTC");
        // … and comes twice on this one.
        assert_eq!(at(zone, "2026-10-25 02:30:00").to_string(), "2026-10-25 00:30:00 UTC");
        assert_eq!(at(zone, "2026-10-26 08:00:00") - at(zone, "2026-10-25 08:00:00"), TimeDelta::hours(24));
        assert_eq!(at(zone, "2026-10-25 08:00:00") - at(zone, "2026-10-24 08:00:00"), TimeDelta::hours(25));
    }
}
