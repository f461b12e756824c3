//! How long somebody served, in whole years and months by the calendar.

use chrono::{Datelike, Months, NaiveDate};

/// The rule, as it stands on a certificate.
pub const RULE: &str = "起止两日均计入。自起始日起按日历每满一个月计一个月，满十二个月计一年；首尾相接的派遣连续计算，日期重叠的不重复计算；\
                        各段不足一个月的天数另列，不折算成月。每周固定几天的走教单列，不计入合计。";

/// A length of service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Served {
    /// Whole months.
    pub whole_months: u32,
    /// Days that make no whole month, of each stretch for itself.
    pub days: u32,
}

impl Served {
    /// The length of the days from `from` to `until`, both counted: a month is over on the day before the same day of the next
    /// month, or before the last day of a month that is too short for it.
    pub fn between(from: NaiveDate, until: NaiveDate) -> Self {
        let Some(end) = until.succ_opt().filter(|end| *end > from) else { return Self::default() };
        let after = |months: u32| from.checked_add_months(Months::new(months)).filter(|day| *day <= end);
        let years = u32::try_from(end.year() - from.year()).unwrap_or(0);
        let most = years * 12 + end.month();
        let whole_months = (0..=most).rev().find(|months| after(*months).is_some()).unwrap_or(0);
        let rest = after(whole_months).map_or(0, |day| (end - day).num_days());
        Self { whole_months, days: u32::try_from(rest).unwrap_or(0) }
    }

    /// The length of several spells: those that follow upon each other without a day between are one, days in two of them count
    /// once, and odd days of different stretches make no month together.
    pub fn of_all(spells: impl IntoIterator<Item = (NaiveDate, NaiveDate)>) -> Self {
        stretches(spells).into_iter().fold(Self::default(), |sum, (from, until)| {
            let length = Self::between(from, until);
            Self { whole_months: sum.whole_months + length.whole_months, days: sum.days + length.days }
        })
    }

    /// Whole years.
    pub fn years(self) -> u32 {
        self.whole_months / 12
    }

    /// Whole months beyond the years.
    pub fn months(self) -> u32 {
        self.whole_months % 12
    }

    /// As people write it, e.g. 1年6个月; nothing at all is 无.
    pub fn zh(self) -> String {
        let parts = [(self.years(), "年"), (self.months(), "个月"), (self.days, "天")];
        let words: String =
            parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n}{unit}")).collect();
        if words.is_empty() { "无".to_owned() } else { words }
    }
}

/// Spells in order, those that touch or overlap made one.
fn stretches(spells: impl IntoIterator<Item = (NaiveDate, NaiveDate)>) -> Vec<(NaiveDate, NaiveDate)> {
    let mut spells: Vec<_> = spells.into_iter().collect();
    spells.sort_unstable();
    let mut merged: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for (from, until) in spells {
        match merged.last_mut() {
            Some(last) if last.1.succ_opt().is_none_or(|next| from <= next) => last.1 = last.1.max(until),
            _ => merged.push((from, until)),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn length(from: &str, until: &str) -> String {
        Served::between(day(from), day(until)).zh()
    }

    fn total(spells: &[(&str, &str)]) -> String {
        Served::of_all(spells.iter().map(|(from, until)| (day(from), day(until)))).zh()
    }

    #[test]
    fn a_school_year_is_one_year_and_a_day_less_is_not() {
        assert_eq!(length("2027-09-01", "2028-08-31"), "1年");
        assert_eq!(length("2027-09-01", "2028-08-30"), "11个月30天");
        assert_eq!(length("2027-09-01", "2029-08-31"), "2年");
        assert_eq!(length("2027-09-01", "2027-09-01"), "1天");
    }

    #[test]
    fn a_month_that_begins_on_the_last_day_ends_before_the_last_day_of_a_short_one() {
        assert_eq!(length("2027-01-31", "2027-02-27"), "1个月");
        assert_eq!(length("2028-02-29", "2029-02-27"), "1年");
        assert_eq!(length("2028-02-29", "2029-02-26"), "11个月29天");
    }

    #[test]
    fn spells_that_follow_upon_each_other_are_one_stretch() {
        assert_eq!(total(&[("2027-09-01", "2028-01-15"), ("2028-01-16", "2028-08-31")]), "1年");
        assert_eq!(total(&[("2027-09-01", "2028-01-15"), ("2028-01-17", "2028-08-31")]), "11个月30天");
    }

    #[test]
    fn days_in_two_spells_count_once() {
        assert_eq!(total(&[("2027-09-01", "2028-08-31"), ("2027-10-01", "2027-12-31")]), "1年");
        assert_eq!(total(&[("2027-10-01", "2028-09-30"), ("2027-09-01", "2027-12-31")]), "1年1个月");
    }

    #[test]
    fn odd_days_of_two_stretches_make_no_month() {
        assert_eq!(total(&[("2027-09-01", "2027-09-20"), ("2028-03-01", "2028-03-20")]), "40天");
        assert_eq!(total(&[]), "无");
    }

    #[test]
    fn days_out_of_order_are_no_service() {
        assert_eq!(length("2027-09-02", "2027-09-01"), "无");
    }
}
