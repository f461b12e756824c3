//! Clock times, weekdays, periods, odd and even weeks, research half-days.

use chrono::{NaiveTime, Weekday};

use super::numbers::chinese_digit;
use super::{FieldFault, Parsed, split};
use crate::transfer::table::Cell;
use crate::transfer::text;

/// 单双周: the weeks in which a lesson takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Weeks {
    /// Every week.
    #[default]
    Every,
    /// 单周.
    Odd,
    /// 双周.
    Even,
}

impl Weeks {
    /// Whether some week belongs to both.
    pub fn meets(self, other: Self) -> bool {
        self == other || self == Self::Every || other == Self::Every
    }
}

/// Half of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Half {
    /// 上午.
    Morning,
    /// 下午.
    Afternoon,
}

/// 教研日: the fixed half-day of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ResearchDay {
    /// The weeks.
    pub weeks: Weeks,
    /// The day of the week.
    pub weekday: Weekday,
    /// The half; none means the whole day.
    pub half: Option<Half>,
}

const WEEK: [(Weekday, &str); 7] = [
    (Weekday::Mon, "一"),
    (Weekday::Tue, "二"),
    (Weekday::Wed, "三"),
    (Weekday::Thu, "四"),
    (Weekday::Fri, "五"),
    (Weekday::Sat, "六"),
    (Weekday::Sun, "日"),
];

/// The Chinese letter of a weekday: 一 to 日.
pub fn weekday_zh(weekday: Weekday) -> &'static str {
    WEEK[weekday.num_days_from_monday() as usize].1
}

/// A clock time: `08:30`, `8：30`, `8点30分`, `下午2:30`, or a real time.
pub fn time(cell: &Cell) -> Parsed<NaiveTime> {
    let time = match cell {
        Cell::Moment(days) => time_of_fraction(days.fract()),
        Cell::Number(days) if (0.0..1.0).contains(days) => time_of_fraction(*days),
        Cell::Text(raw) => time_of_text(&text::name(raw)),
        _ => None,
    };
    time.ok_or_else(|| {
        FieldFault::new(
            "应为 00:00–23:59 的时间，请写成如 08:30",
            "a time from 00:00 to 23:59 is wanted; write for example 08:30",
        )
    })
}

/// Excel keeps a time as a part of the day; the nearest minute is what was typed.
fn time_of_fraction(days: f64) -> Option<NaiveTime> {
    let minutes = (days * 1_440.0).round() as u32;
    NaiveTime::from_hms_opt(minutes / 60, minutes % 60, 0)
}

fn time_of_text(text: &str) -> Option<NaiveTime> {
    let (late, text) = match text.strip_prefix("下午").or(text.strip_prefix("晚上")) {
        Some(rest) => (true, rest),
        None => (false, text.trim_start_matches("上午").trim_start_matches("早上")),
    };
    let text = text.replace("点半", "点30").replace(['：', '点', '时', '.'], ":");
    let text = text.trim().trim_end_matches('分').trim_end_matches(':');
    let parts: Vec<&str> = text.split(':').map(str::trim).collect();
    let (hour, minute) = match parts[..] {
        [hour, minute] | [hour, minute, "00"] => (two_digits(hour)?, two_digits(minute)?),
        [compact] if compact.len() == 4 && compact.is_ascii() => {
            (two_digits(&compact[..2])?, two_digits(&compact[2..])?)
        }
        _ => return None,
    };
    let hour = if late && hour < 12 { hour + 12 } else { hour };
    NaiveTime::from_hms_opt(hour, minute, 0)
}

fn two_digits(text: &str) -> Option<u32> {
    let plain = (1..=2).contains(&text.len()) && text.chars().all(|c| c.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

/// A day of the week: `一`, `周一`, `星期一`, `礼拜一`, `1`; `日`, `天`, `7`.
pub fn weekday(cell: &Cell) -> Parsed<Weekday> {
    weekday_of(&plain(cell)).ok_or_else(bad_weekday)
}

/// Days of the week: `三、五`, `周三,周五`, `三五`.
pub fn weekdays(cell: &Cell) -> Parsed<Vec<Weekday>> {
    let text = plain(cell);
    let mut days = Vec::new();
    for part in split(&text) {
        match weekday_of(part) {
            Some(day) => days.push(day),
            None => days.extend(run_of_weekdays(part).ok_or_else(bad_weekday)?),
        }
    }
    days.sort_by_key(|day| day.num_days_from_monday());
    days.dedup();
    if days.is_empty() { Err(bad_weekday()) } else { Ok(days) }
}

fn run_of_weekdays(text: &str) -> Option<Vec<Weekday>> {
    let letters = without_week(text);
    letters.chars().map(|c| weekday_of(c.encode_utf8(&mut [0; 4]))).collect()
}

fn weekday_of(text: &str) -> Option<Weekday> {
    let letter = without_week(text);
    let number = letter.parse::<usize>().ok().filter(|number| (1..=7).contains(number));
    let named = || WEEK.iter().position(|(_, zh)| *zh == letter).or((letter == "天").then_some(6));
    number.map(|number| number - 1).or_else(named).map(|at| WEEK[at].0)
}

fn without_week(text: &str) -> &str {
    ["星期", "礼拜", "周"].iter().find_map(|week| text.strip_prefix(week)).unwrap_or(text)
}

fn bad_weekday() -> FieldFault {
    FieldFault::new(
        "应为星期几，请写 一、二、三、四、五、六、日 之一",
        "a weekday is wanted; write one of 一 二 三 四 五 六 日",
    )
}

/// Periods of a day, ascending: `1`, `第3节`, `1-2`, `1、2`, `第一至二节`.
pub fn periods(cell: &Cell) -> Parsed<Vec<u8>> {
    if matches!(cell, Cell::Moment(_)) {
        return Err(FieldFault::new(
            "Excel 把节次变成了日期，请把单元格格式设为“文本”后写成如 1-2",
            "Excel turned the periods into a date; format the cell as text and write for example 1-2",
        ));
    }
    let mut periods = Vec::new();
    for part in split(&plain(cell)) {
        periods.extend(run_of_periods(part).ok_or_else(bad_periods)?);
    }
    periods.sort_unstable();
    periods.dedup();
    if periods.is_empty() { Err(bad_periods()) } else { Ok(periods) }
}

fn run_of_periods(text: &str) -> Option<std::ops::RangeInclusive<u8>> {
    let dash = ['-', '~', '～', '–', '—', '至', '到'];
    let (first, last) = text.split_once(dash).unwrap_or((text, text));
    let (first, last) = (period(first)?, period(last)?);
    (first <= last).then_some(first..=last)
}

fn period(text: &str) -> Option<u8> {
    let text = text.trim().trim_start_matches('第').trim_end_matches('课').trim_end_matches('节').trim();
    let number = text.parse::<u8>().ok().or_else(|| chinese_digit(text).map(|number| number as u8));
    number.filter(|number| (1..=15).contains(number))
}

fn bad_periods() -> FieldFault {
    FieldFault::new(
        "应为 1–15 的节次，请写成如 3 或 1-2",
        "periods from 1 to 15 are wanted; write for example 3 or 1-2",
    )
}

/// 单, 双 or every week; an empty cell means every week, which the caller says with `unwrap_or_default`.
pub fn weeks(cell: &Cell) -> Parsed<Weeks> {
    weeks_of(&plain(cell)).ok_or_else(|| {
        FieldFault::new(
            "应为“单”或“双”，每周都上则不填",
            "write 单 (odd) or 双 (even); leave it empty for every week",
        )
    })
}

fn weeks_of(text: &str) -> Option<Weeks> {
    match text {
        "单" | "单周" | "奇" | "奇数周" | "单数周" => Some(Weeks::Odd),
        "双" | "双周" | "偶" | "偶数周" | "双数周" => Some(Weeks::Even),
        "每周" | "单双" | "单双周" | "全" | "全部" | "都上" | "-" | "/" | "无" => {
            Some(Weeks::Every)
        }
        _ => None,
    }
}

/// A subject's fixed half-day: `星期四下午`, `周三`, `单周周二上午`.
pub fn research_day(cell: &Cell) -> Parsed<ResearchDay> {
    let read = || {
        let text = plain(cell);
        let (weeks, rest) = ["单周", "双周", "每周"]
            .iter()
            .find_map(|prefix| Some((weeks_of(prefix)?, text.strip_prefix(prefix)?)))
            .unwrap_or((Weeks::Every, &text));
        let (day, half) = match (rest.strip_suffix("上午"), rest.strip_suffix("下午")) {
            (Some(day), _) => (day, Some(Half::Morning)),
            (_, Some(day)) => (day, Some(Half::Afternoon)),
            _ => (rest.trim_end_matches("全天"), None),
        };
        Some(ResearchDay { weeks, weekday: weekday_of(day)?, half })
    };
    read().ok_or_else(|| {
        FieldFault::new(
            "应为固定的半天，请写成如 星期四下午",
            "a fixed half-day is wanted; write for example 星期四下午",
        )
    })
}

fn plain(cell: &Cell) -> String {
    text::name(&cell.text())
}
