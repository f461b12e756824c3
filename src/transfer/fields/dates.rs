//! Dates, to the day or to the month.

use chrono::{Datelike, NaiveDate};

use super::{FieldFault, Parsed};
use crate::transfer::table::{Cell, date_of_serial};
use crate::transfer::text;

const YEARS: std::ops::RangeInclusive<i32> = 1900..=2100;

/// Excel's numbers of the days from 1920 to 2100: what an unformatted date looks like.
const SERIALS: std::ops::RangeInclusive<f64> = 7_306.0..=73_415.0;

/// A date to the day: `2026-09-01`, `2026.9.1`, `2026/9/1`, `2026年9月1日`, `20260901`, or a real date.
pub fn date(cell: &Cell) -> Parsed<NaiveDate> {
    match written(cell)? {
        Written::Day(date) => Ok(date),
        Written::Month(year, month) => Err(FieldFault::new(
            format!("缺少日，请写成如 {year}-{month:02}-01"),
            format!("the day is missing; write for example {year}-{month:02}-01"),
        )),
    }
}

/// A date to the month, `2018.09` or `2018年9月`, as its first day; or a date to the day.
pub fn month(cell: &Cell) -> Parsed<NaiveDate> {
    match written(cell).map_err(|fault| if fault == unreadable() { unreadable_month() } else { fault })? {
        Written::Day(date) => Ok(date),
        Written::Month(year, month) => NaiveDate::from_ymd_opt(year, month, 1).ok_or_else(unreadable_month),
    }
}

enum Written {
    Day(NaiveDate),
    Month(i32, u32),
}

fn written(cell: &Cell) -> Parsed<Written> {
    match cell {
        Cell::Moment(days) => day_of_serial(*days),
        Cell::Number(days) if SERIALS.contains(days) && days.fract() == 0.0 => day_of_serial(*days),
        Cell::Number(number) => month_of_number(*number),
        Cell::Text(raw) => from_text(&text::name(raw)),
        _ => Err(unreadable()),
    }
}

fn day_of_serial(days: f64) -> Parsed<Written> {
    let date = date_of_serial(days).ok_or_else(unreadable)?;
    if YEARS.contains(&date.year()) && days >= 1.0 { Ok(Written::Day(date)) } else { Err(bad_year()) }
}

/// `2018.09` typed without formatting is the number 2018.09; of `2018.10` Excel keeps 2018.1, and nobody can tell
/// January from October any more.
fn month_of_number(number: f64) -> Parsed<Written> {
    let shown = Cell::Number(number).text().into_owned();
    match shown.split_once('.') {
        Some((year, "1")) => Err(FieldFault::new(
            format!(
                "分不清是1月还是10月（Excel 会把 {year}.10 存成 {year}.1），请写成 {year}-01 或 {year}-10"
            ),
            format!("January or October? (Excel keeps {year}.10 as {year}.1); write {year}-01 or {year}-10"),
        )),
        _ => from_text(&shown),
    }
}

fn from_text(text: &str) -> Parsed<Written> {
    // Exports often add midnight to a date.
    let day = text.split_once([' ', 'T']).map_or(text, |(day, _)| day);
    let day = day.trim_end_matches(['日', '号', '月', '.', '。']);
    if day.chars().all(|c| c.is_ascii_digit()) {
        return match day.len() {
            8 => build(&day[..4], &day[4..6], Some(&day[6..])),
            6 => build(&day[..4], &day[4..], None),
            _ => Err(unreadable()),
        };
    }
    let parts: Vec<&str> = day.split(['-', '.', '/', '年', '月', '－', '–', '—', '、']).collect();
    match parts[..] {
        [year, month] => build(year, month, None),
        [year, month, day] => build(year, month, Some(day)),
        _ => Err(unreadable()),
    }
}

fn build(year: &str, month: &str, day: Option<&str>) -> Parsed<Written> {
    let (year, years) = (digits(year)?, year.trim().len());
    let (month, day) = (digits(month)?, day.map(digits).transpose()?);
    if years != 4 || !YEARS.contains(&(year as i32)) {
        return Err(bad_year());
    }
    if !(1..=12).contains(&month) {
        let example = if day.is_some() { format!("{year}-12-01") } else { format!("{year}.12") };
        return Err(FieldFault::new(
            format!("月份应为 1–12，请改为如 {example}"),
            format!("the month must be 1–12; write for example {example}"),
        ));
    }
    match day {
        None => Ok(Written::Month(year as i32, month)),
        Some(day) => NaiveDate::from_ymd_opt(year as i32, month, day)
            .map(Written::Day)
            .ok_or_else(|| bad_day(year as i32, month, day)),
    }
}

fn digits(part: &str) -> Parsed<u32> {
    let part = part.trim();
    let plain = (1..=4).contains(&part.len()) && part.chars().all(|c| c.is_ascii_digit());
    part.parse().ok().filter(|_| plain).ok_or_else(unreadable)
}

fn bad_day(year: i32, month: u32, day: u32) -> FieldFault {
    let last = (28..=31).rev().find(|&day| NaiveDate::from_ymd_opt(year, month, day).is_some()).unwrap_or(28);
    FieldFault::new(
        format!("{year}年{month}月没有{day}日（最后一天是{last}日），请改为实际的日期"),
        format!("{year}-{month:02} has no day {day} (its last is {last}); write the real date"),
    )
}

fn bad_year() -> FieldFault {
    FieldFault::new(
        "年份应为 1900–2100 之间的四位数，请写成如 2026-09-01",
        "the year must have four digits, from 1900 to 2100; write for example 2026-09-01",
    )
}

fn unreadable() -> FieldFault {
    FieldFault::new("看不懂的日期，请写成如 2026-09-01", "not a date; write for example 2026-09-01")
}

fn unreadable_month() -> FieldFault {
    FieldFault::new(
        "看不懂的年月，请写成如 2018.09 或 2018-09-01",
        "not a month or a date; write for example 2018.09 or 2018-09-01",
    )
}
