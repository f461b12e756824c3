//! When each digest has its hour, by the clocks of the district, and until when it is still worth sending. None lies in quiet hours,
//! which leave 08:00 to 20:00 free.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};
use chrono_tz::Tz;

use crate::entity::values::MessageKind;
use crate::mail::hours::{instant, time};

/// On Sunday: what the coming week brings.
const WEEKLY: i32 = 19 * 60;
/// Until noon of Monday.
const WEEKLY_UNTIL: i32 = 12 * 60;
/// What changed since the day before at this minute.
pub const DAILY: i32 = 17 * 60 + 30;
/// Who has not replied.
const REPLIES: i32 = 8 * 60;
/// While there is time to ask them on that day.
const REPLIES_UNTIL: i32 = 17 * 60;

/// The hour of a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hour {
    /// Which digest.
    pub kind: MessageKind,
    /// Of which day: the Monday of the week, the day of the changes, the day on which replies are counted.
    pub day: NaiveDate,
    /// When it is due.
    pub send_at: DateTime<Utc>,
    /// From when it is worth nothing.
    pub expires_at: DateTime<Utc>,
}

impl Hour {
    /// The hour of a digest that has come and is not over.
    pub fn come(kind: MessageKind, zone: Tz, now: DateTime<Utc>) -> Option<Self> {
        let today = now.with_timezone(&zone).date_naive();
        let at = |day, minute| instant(zone, day, time(minute));
        let hour = match kind {
            MessageKind::WeeklyDigest => {
                let monday = match today.weekday() {
                    Weekday::Mon => today,
                    _ => today + Days::new(7 - u64::from(today.weekday().num_days_from_monday())),
                };
                let send_at = at(monday - Days::new(1), WEEKLY);
                Self { kind, day: monday, send_at, expires_at: at(monday, WEEKLY_UNTIL) }
            }
            MessageKind::DailyDigest => {
                Self { kind, day: today, send_at: at(today, DAILY), expires_at: at(super::next(today), 0) }
            }
            _ => Self { kind, day: today, send_at: at(today, REPLIES), expires_at: at(today, REPLIES_UNTIL) },
        };
        (hour.send_at <= now && now < hour.expires_at).then_some(hour)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn come(kind: MessageKind, local: &str) -> Option<NaiveDate> {
        let (day, hour) = local.split_once(' ').unwrap();
        let now = instant(Tz::Asia__Shanghai, day.parse().unwrap(), hour.parse().unwrap());
        Hour::come(kind, Tz::Asia__Shanghai, now).map(|hour| hour.day)
    }

    #[test]
    fn the_weekly_digest_comes_on_sunday_evening_and_late_until_monday_noon() {
        let weekly = |local| come(MessageKind::WeeklyDigest, local);
        let monday = "2026-09-14".parse().ok();
        assert_eq!(weekly("2026-09-13 18:59:59"), None);
        assert_eq!(weekly("2026-09-13 19:00:00"), monday);
        assert_eq!(weekly("2026-09-14 11:59:59"), monday);
        assert_eq!(weekly("2026-09-14 12:00:00"), None);
    }

    #[test]
    fn the_others_come_every_day_while_they_are_worth_something() {
        let day = "2026-09-16".parse().ok();
        let daily = |local| come(MessageKind::DailyDigest, local);
        assert_eq!([daily("2026-09-16 17:29:59"), daily("2026-09-16 17:30:00")], [None, day]);
        assert_eq!([daily("2026-09-16 23:59:59"), daily("2026-09-17 00:00:00")], [day, None]);
        let replies = |local| come(MessageKind::ReplySummary, local);
        assert_eq!([replies("2026-09-16 07:59:59"), replies("2026-09-16 08:00:00")], [None, day]);
        assert_eq!([replies("2026-09-16 16:59:59"), replies("2026-09-16 17:00:00")], [day, None]);
    }
}
