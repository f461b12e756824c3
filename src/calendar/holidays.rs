//! The national holidays, as announced by the State Council (国务院办公厅关于节假日安排的通知), year by year.
//!
//! Only announced years stand here. A later year is never guessed: the office enters its days in the 校历 sheet.

use chrono::{Datelike, NaiveDate};

/// Years whose arrangement has been announced and stands in [`OFF`].
const ANNOUNCED: &[i32] = &[2026];

/// `(year, first month, first day, last month, last day, name)`: days off, both ends included.
const OFF: &[(i32, u32, u32, u32, u32, &str)] = &[
    (2026, 1, 1, 1, 3, "元旦"),
    (2026, 2, 15, 2, 23, "春节"),
    (2026, 4, 4, 4, 6, "清明节"),
    (2026, 5, 1, 5, 5, "劳动节"),
    (2026, 6, 19, 6, 21, "端午节"),
    (2026, 9, 25, 9, 27, "中秋节"),
    (2026, 10, 1, 10, 7, "国庆节"),
];

/// Working weekends (调休上班). Which weekday's timetable runs is the district's decision.
const WORKING: &[(i32, u32, u32)] =
    &[(2026, 1, 4), (2026, 2, 14), (2026, 2, 28), (2026, 5, 9), (2026, 9, 20), (2026, 10, 10)];

/// Name of the holiday on `date`, when the nation has it off.
pub fn off(date: NaiveDate) -> Option<&'static str> {
    OFF.iter().find_map(|&(year, from_month, from_day, to_month, to_day, name)| {
        let from = NaiveDate::from_ymd_opt(year, from_month, from_day)?;
        let to = NaiveDate::from_ymd_opt(year, to_month, to_day)?;
        (from..=to).contains(&date).then_some(name)
    })
}

/// Whether `date` is a weekend day on which the nation works.
pub fn is_working_weekend(date: NaiveDate) -> bool {
    WORKING.contains(&(date.year(), date.month(), date.day()))
}

/// Whether the arrangement of `year` has been announced.
pub fn is_announced(year: i32) -> bool {
    ANNOUNCED.contains(&year)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).expect("a date")
    }

    #[test]
    fn the_national_day_week_is_off_and_the_saturday_after_it_works() {
        assert_eq!(off(date(10, 7)), Some("国庆节"));
        assert_eq!(off(date(10, 8)), None);
        assert!(is_working_weekend(date(10, 10)));
        assert!(!is_announced(2027));
    }
}
