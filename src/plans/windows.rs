//! On which days the sessions of a programme may be held (hard demands; domain.md "Dates").

use chrono::{Datelike, NaiveDate, TimeDelta};
use session_planner::{DayIx, Window};

use crate::calendar::days::TermCalendar;
use crate::entity::programme;

/// A month counts for 每月1次 when it has at least so many school days in the term.
const SCHOOL_DAYS_OF_A_MONTH: usize = 10;

/// A demand on dates: its stretches, and how people say it.
struct Demand {
    stretches: Vec<(NaiveDate, NaiveDate)>,
    zh: String,
    en: String,
}

/// The window of `programme`'s sessions; `None` when any open day will do.
pub fn window(programme: &programme::Model, calendar: &TermCalendar) -> Option<Window> {
    let demands = demands(programme, calendar);
    if demands.is_empty() {
        return None;
    }
    let open: Vec<bool> = calendar
        .dates()
        .map(|date| {
            demands.iter().all(|d| d.stretches.iter().any(|(from, until)| (*from..=*until).contains(&date)))
        })
        .collect();
    let label =
        |text: fn(&Demand) -> &str, comma: &str| demands.iter().map(text).collect::<Vec<_>>().join(comma);
    Some(Window { stretches: stretches(&open), label: (label(|d| &d.zh, "，"), label(|d| &d.en, ", ")) })
}

fn demands(programme: &programme::Model, calendar: &TermCalendar) -> Vec<Demand> {
    let mut demands = Vec::new();
    if programme.monthly {
        demands.push(Demand {
            stretches: full_months(calendar),
            zh: "每月1次（当月上课日不少于10天）".into(),
            en: "once a month (months of at least ten school days)".into(),
        });
    }
    if let Some(weeks) = programme.weeks_after_exam {
        let stretches = calendar
            .midterm_exam()
            .map(|(_, last)| (last + TimeDelta::days(1), last + TimeDelta::days(7 * i64::from(weeks))))
            .into_iter()
            .collect();
        demands.push(Demand {
            stretches,
            zh: format!("期中考试后{weeks}周内"),
            en: format!("within {weeks} weeks after the mid-term exam"),
        });
    }
    if let Some(from) = programme.not_before_on {
        demands.push(Demand {
            stretches: vec![(from, calendar.term.ends_on)],
            zh: format!("{}月{}日起", from.month(), from.day()),
            en: format!("not before {from}"),
        });
    }
    demands
}

/// The calendar months of the term with enough school days.
fn full_months(calendar: &TermCalendar) -> Vec<(NaiveDate, NaiveDate)> {
    let mut months: Vec<(NaiveDate, NaiveDate, usize)> = Vec::new();
    for date in calendar.dates() {
        let counted = usize::from(calendar.is_school_day(date));
        match months.last_mut() {
            Some((first, last, days)) if (first.year(), first.month()) == (date.year(), date.month()) => {
                *last = date;
                *days += counted;
            }
            _ => months.push((date, date, counted)),
        }
    }
    months
        .into_iter()
        .filter(|(_, _, days)| *days >= SCHOOL_DAYS_OF_A_MONTH)
        .map(|(first, last, _)| (first, last))
        .collect()
}

fn stretches(open: &[bool]) -> Vec<(DayIx, DayIx)> {
    let mut stretches: Vec<(DayIx, DayIx)> = Vec::new();
    for (day, _) in open.iter().enumerate().filter(|(_, open)| **open) {
        match stretches.last_mut() {
            Some((_, last)) if *last + 1 == day => *last = day,
            _ => stretches.push((day, day)),
        }
    }
    stretches
}
