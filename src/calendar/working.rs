//! Working days 工作日: what a period of so many working days is counted in.

use std::collections::HashMap;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::holidays;
use crate::entity::school_day;
use crate::entity::values::DayKind;
use crate::error::Result;

/// The longest period anybody waits for, in days: it ends the search for a day that never comes.
const LONGEST: usize = 366;

/// The district's working days: the nation's, unless the school calendar says otherwise.
#[derive(Debug, Clone, Default)]
pub struct WorkingDays {
    own: HashMap<NaiveDate, DayKind>,
}

impl WorkingDays {
    /// What the district's calendar says of `from` and the year that follows it.
    pub async fn load(connection: &impl ConnectionTrait, district_id: Uuid, from: NaiveDate) -> Result<Self> {
        let until = from.checked_add_days(Days::new(LONGEST as u64)).unwrap_or(NaiveDate::MAX);
        let rows = school_day::Entity::find()
            .filter(school_day::Column::DistrictId.eq(district_id))
            .filter(school_day::Column::SchoolId.is_null())
            .filter(school_day::Column::DayOn.between(from, until))
            .all(connection)
            .await?;
        Ok(Self { own: rows.into_iter().map(|row| (row.day_on, row.kind)).collect() })
    }

    /// Whether people work on `day`.
    pub fn works(&self, day: NaiveDate) -> bool {
        match self.own.get(&day) {
            Some(DayKind::Holiday) => false,
            Some(DayKind::MakeUp | DayKind::Ordinary) => true,
            Some(DayKind::Exam | DayKind::Monitoring | DayKind::Event) | None => plain(day),
        }
    }

    /// How many working days lie in `from..=until`.
    pub fn count(&self, from: NaiveDate, until: NaiveDate) -> usize {
        from.iter_days().take_while(|day| *day <= until).take(LONGEST).filter(|day| self.works(*day)).count()
    }

    /// The day that completes `days` working days, the first of which is `from` or the next working day after it.
    pub fn completing(&self, from: NaiveDate, days: usize) -> NaiveDate {
        let working = from.iter_days().take(LONGEST).filter(|day| self.works(*day));
        working.take(days).last().unwrap_or(from)
    }
}

fn plain(day: NaiveDate) -> bool {
    let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    holidays::off(day).is_none() && (!weekend || holidays::is_working_weekend(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).expect("a date")
    }

    #[test]
    fn a_weekend_and_a_public_holiday_are_no_working_days_and_a_make_up_saturday_is_one() {
        let days = WorkingDays::default();
        assert_eq!(days.count(date(6, 15), date(6, 21)), 4, "19 June is the Dragon Boat Festival");
        assert_eq!(days.completing(date(6, 18), 2), date(6, 22));
        assert!(days.works(date(10, 10)));
        assert_eq!(days.completing(date(6, 18), 0), date(6, 18));
    }

    #[test]
    fn the_school_calendar_has_the_last_word() {
        let own = HashMap::from([
            (date(6, 22), DayKind::Holiday),
            (date(6, 27), DayKind::MakeUp),
            (date(6, 24), DayKind::Exam),
        ]);
        let days = WorkingDays { own };
        assert_eq!(days.count(date(6, 22), date(6, 28)), 5);
        assert_eq!(days.completing(date(6, 22), 5), date(6, 27));
    }
}
