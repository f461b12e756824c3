//! The days of a round's steps, unless the office sets others: as a county's year goes.
//!
//! For those who begin on 1 September: May 摸底, June 申报 and 公示, July 审批, the second half of August 派遣 after training,
//! and 考核 in the last June of their service. A round that begins in another month has its steps as many months before.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::entity::values::RoundState;

/// Working days a proposal is public at least, unless the office sets another number.
pub const PUBLICITY_DAYS: i32 = 5;

/// The days of one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepDays {
    /// Which step.
    pub step: RoundState,
    /// First day.
    pub from_on: NaiveDate,
    /// Day by which it shall be done.
    pub due_on: NaiveDate,
}

/// The days of each step of a round whose people serve from `starts_on` to `ends_on`; none for the last, which is the end.
pub fn defaults(starts_on: NaiveDate, ends_on: NaiveDate) -> Vec<StepDays> {
    let first = anchor(starts_on);
    let month = |before: u32| first.checked_sub_months(Months::new(before)).unwrap_or(first);
    let (count, apply, approve, dispatch) = (month(4), month(3), month(2), month(1));
    let assess = assessment(starts_on, ends_on);
    let serve_until = eve(assess.0).max(starts_on);
    let of = |step, from_on, due_on| StepDays { step, from_on, due_on };
    vec![
        of(RoundState::Counting, count, eve(apply)),
        of(RoundState::Applying, apply, later(apply, 9)),
        of(RoundState::Recommending, later(apply, 10), later(apply, 14)),
        of(RoundState::Proposing, later(apply, 15), later(apply, 19)),
        of(RoundState::Publicising, later(apply, 20), eve(approve)),
        of(RoundState::Approving, approve, eve(dispatch)),
        of(RoundState::Dispatching, later(dispatch, 14), eve(first)),
        of(RoundState::Serving, starts_on, serve_until),
        of(RoundState::Assessing, assess.0.max(starts_on), assess.1),
    ]
}

/// The first day of the month in which service begins; who begins late in a month belongs to the next.
fn anchor(starts_on: NaiveDate) -> NaiveDate {
    let first = starts_on.with_day(1).unwrap_or(starts_on);
    if starts_on.day() < 15 { first } else { first.checked_add_months(Months::new(1)).unwrap_or(first) }
}

/// The last June of the service; of a service without a June its last thirty days.
fn assessment(starts_on: NaiveDate, ends_on: NaiveDate) -> (NaiveDate, NaiveDate) {
    let june = |year| {
        let first = NaiveDate::from_ymd_opt(year, 6, 1)?;
        let last = NaiveDate::from_ymd_opt(year, 6, 30)?;
        (starts_on < first && last <= ends_on).then_some((first, last))
    };
    let last = june(ends_on.year()).or_else(|| june(ends_on.year() - 1));
    last.unwrap_or((ends_on.checked_sub_days(Days::new(29)).unwrap_or(ends_on), ends_on))
}

fn later(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

fn eve(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(1)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn shown(starts_on: &str, ends_on: &str) -> Vec<String> {
        let days = defaults(date(starts_on), date(ends_on));
        days.iter().map(|days| format!("{} {} {}", days.step.zh(), days.from_on, days.due_on)).collect()
    }

    #[test]
    fn the_steps_follow_the_year() {
        let expected = [
            "摸底 2026-05-01 2026-05-31",
            "申报 2026-06-01 2026-06-10",
            "学校推荐 2026-06-11 2026-06-15",
            "拟订方案 2026-06-16 2026-06-20",
            "公示 2026-06-21 2026-06-30",
            "审批 2026-07-01 2026-07-31",
            "派遣 2026-08-15 2026-08-31",
            "在岗 2026-09-01 2028-05-31",
            "考核 2028-06-01 2028-06-30",
        ];
        assert_eq!(shown("2026-09-01", "2028-08-31"), expected);
        assert_eq!(shown("2026-08-25", "2028-08-31")[..7], expected[..7]);
    }

    #[test]
    fn a_round_that_begins_in_spring_has_its_steps_in_the_winter_before() {
        let shown = shown("2027-03-01", "2027-05-31");
        assert_eq!(shown[0], "摸底 2026-11-01 2026-11-30");
        assert_eq!(shown[5], "审批 2027-01-01 2027-01-31");
        assert_eq!(shown[8], "考核 2027-05-02 2027-05-31");
    }

    #[test]
    fn each_step_begins_no_earlier_than_the_one_before_and_ends_no_earlier_than_it_begins() {
        for (starts_on, ends_on) in
            [("2026-09-01", "2027-07-10"), ("2026-09-01", "2026-09-10"), ("2024-02-29", "2024-03-01")]
        {
            let days = defaults(date(starts_on), date(ends_on));
            assert!(days.iter().all(|days| days.from_on <= days.due_on), "{days:?}");
            assert!(days.windows(2).all(|pair| pair[0].from_on <= pair[1].from_on), "{days:?}");
        }
    }
}
