//! Whole numbers, decimals, minutes, years, shares.

use std::fmt::Display;

use super::{FieldFault, Parsed};
use crate::transfer::table::Cell;
use crate::transfer::text;

/// What people write after a count.
const COUNTERS: [char; 10] = ['人', '名', '个', '次', '班', '节', '岁', '所', '场', '座'];

/// A part of a whole, exactly as the policy says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Above the line.
    pub numerator: u64,
    /// Below the line, never 0.
    pub denominator: u64,
}

/// A whole number: `12`, `1,070`, `12人`.
pub fn whole(cell: &Cell) -> Parsed<i64> {
    let number = number(cell, &COUNTERS).ok_or_else(not_whole)?;
    let exact = number.fract() == 0.0 && number.abs() < 1e15;
    if exact { Ok(number as i64) } else { Err(not_whole()) }
}

/// A whole number within limits.
pub fn whole_in(least: i64, most: i64) -> impl Fn(&Cell) -> Parsed<i64> {
    move |cell| {
        let number = whole(cell)?;
        within(number, least, most).map(|()| number)
    }
}

/// A number: `4.4`, `-0.5`, `1,070.25`.
pub fn decimal(cell: &Cell) -> Parsed<f64> {
    number(cell, &[])
        .ok_or_else(|| FieldFault::new("应为数字，请写成如 4.5", "a number is wanted; write for example 4.5"))
}

/// A number within limits.
pub fn decimal_in(least: f64, most: f64) -> impl Fn(&Cell) -> Parsed<f64> {
    move |cell| {
        let number = decimal(cell)?;
        within(number, least, most).map(|()| number)
    }
}

/// A length in minutes: `40`, `40分钟`, `2小时`, `1.5小时`, `1小时30分`.
pub fn minutes(cell: &Cell) -> Parsed<u32> {
    minutes_of(cell).ok_or_else(|| {
        FieldFault::new("应为分钟数，请写成如 40", "a number of minutes is wanted; write for example 40")
    })
}

fn minutes_of(cell: &Cell) -> Option<u32> {
    let text = plain_text(cell)?;
    let (hours, rest) = match text.split_once("小时") {
        Some((hours, rest)) => (amount(hours)?, rest),
        None => (0.0, text.as_str()),
    };
    let rest = rest.trim_end_matches("钟").trim_end_matches('分').trim_end_matches("min");
    let rest = if rest.is_empty() && hours > 0.0 { 0.0 } else { amount(rest)? };
    let total = hours * 60.0 + rest;
    let exact = total.fract() == 0.0 && (0.0..100_000.0).contains(&total);
    exact.then_some(total as u32)
}

/// A length in years: `6`, `6年`, `六年`, `2届（6年）` is not one.
pub fn years(cell: &Cell) -> Parsed<u32> {
    let read = || {
        let text = plain_text(cell)?;
        let text = text.trim_end_matches("学年").trim_end_matches('年');
        let number = chinese_digit(text).or_else(|| amount(text))?;
        (number.fract() == 0.0 && (0.0..=100.0).contains(&number)).then_some(number as u32)
    };
    read().ok_or_else(|| {
        FieldFault::new("应为年数，请写成如 3年", "a number of years is wanted; write for example 3年")
    })
}

/// A share: `10%`, `≥10%`, `1/3`, `10`, or a cell formatted as a percentage.
pub fn share(cell: &Cell) -> Parsed<Share> {
    let wrong = || {
        FieldFault::new("应为比例，请写成如 10% 或 1/3", "a share is wanted; write for example 10% or 1/3")
    };
    let share = match cell {
        // A percentage that Excel keeps as a number: 10% is 0.1.
        Cell::Number(number) if *number <= 1.0 => thousandths(number * 100.0),
        other => plain_text(other).and_then(|text| share_of(&text)),
    };
    share.filter(|share| share.numerator <= share.denominator).ok_or_else(wrong)
}

fn share_of(text: &str) -> Option<Share> {
    let comparison = ['≥', '>', '=', '≧', '≤', '<', '约'];
    let text = text.trim_start_matches("不低于").trim_start_matches("不少于").trim_start_matches(comparison);
    if let Some((above, below)) = text.split_once(['/', '⁄']) {
        let (numerator, denominator) = (above.parse().ok()?, below.parse().ok()?);
        return (denominator > 0).then_some(Share { numerator, denominator });
    }
    thousandths(amount(text.trim_end_matches('%'))?)
}

/// A percentage to a thousandth of a percent, in lowest terms of ten.
fn thousandths(percent: f64) -> Option<Share> {
    let mut share = Share { numerator: (percent * 1_000.0).round() as u64, denominator: 100_000 };
    while share.denominator > 100 && share.numerator.is_multiple_of(10) {
        share = Share { numerator: share.numerator / 10, denominator: share.denominator / 10 };
    }
    (0.0..=100.0).contains(&percent).then_some(share)
}

/// Whether a number is within limits.
pub(super) fn within<T: PartialOrd + Display>(number: T, least: T, most: T) -> Parsed<()> {
    if number >= least && number <= most {
        return Ok(());
    }
    Err(FieldFault::new(
        format!("应在 {least} 到 {most} 之间，请核对"),
        format!("must be from {least} to {most}; check it"),
    ))
}

fn not_whole() -> FieldFault {
    FieldFault::new("应为整数，请写成如 12", "a whole number is wanted; write for example 12")
}

/// The cell as a number, with one of these counters after it.
fn number(cell: &Cell, counters: &[char]) -> Option<f64> {
    match cell {
        Cell::Number(number) => Some(*number),
        other => {
            let text = plain_text(other)?;
            amount(text.strip_suffix(counters).unwrap_or(&text))
        }
    }
}

/// A number as people write it, with separators of thousands.
fn amount(text: &str) -> Option<f64> {
    let text = text.trim().replace(['−', '–'], "-");
    let whole = text.split('.').next()?.trim_start_matches(['-', '+']);
    let mut groups = whole.split([',', '，']);
    let first = groups.next()?;
    let grouped =
        groups.clone().next().is_none() || (first.len() <= 3 && groups.all(|group| group.len() == 3));
    let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '，' | '-' | '+');
    // `parse` alone would take "inf", "nan" and "1e9".
    if !grouped || first.is_empty() || !text.chars().all(digits) {
        return None;
    }
    text.replace([',', '，'], "").parse().ok().filter(|number: &f64| number.is_finite())
}

/// One to ten in Chinese.
pub(super) fn chinese_digit(text: &str) -> Option<f64> {
    let digits = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    let at = digits.iter().position(|digit| *digit == text).or((text == "两").then_some(1))?;
    Some((at + 1) as f64)
}

/// The text of a cell that is neither date nor truth value.
fn plain_text(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Text(_) | Cell::Number(_) => Some(text::name(&cell.text())),
        _ => None,
    }
}
