//! What each day of a term is: which weekday's timetable runs, and whether people may be invited.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::holidays;
use crate::entity::values::{DayKind, WeekParity};
use crate::entity::{school_day, term};
use crate::error::{Bilingual, Result};
use crate::scope::Scope;

/// A term with its exceptions, of the district and of single schools.
#[derive(Debug, Clone)]
pub struct TermCalendar {
    /// The term.
    pub term: term::Model,
    district: HashMap<NaiveDate, school_day::Model>,
    schools: HashMap<(Uuid, NaiveDate), school_day::Model>,
}

/// What one day is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayPlan {
    /// The day.
    pub date: NaiveDate,
    /// Teaching week of the term (第N周), from 1; weeks begin on Monday.
    pub week: u16,
    /// ISO weekday whose timetable runs; `None`: no lessons.
    pub timetable_weekday: Option<u8>,
    /// Why no session may be held; `None`: the day is open.
    pub closed: Option<Bilingual>,
    /// What people call the day, when it has a name.
    pub name: Option<String>,
}

impl TermCalendar {
    /// Loads the exceptions of `term`.
    pub async fn load(scope: &Scope, term: term::Model) -> Result<Self> {
        let rows = school_day::Entity::find()
            .filter(school_day::Column::DistrictId.eq(scope.district.id))
            .filter(school_day::Column::DayOn.between(term.starts_on, term.ends_on))
            .all(scope.reader())
            .await?;
        Ok(Self::new(term, rows))
    }

    /// A calendar of `term` with the exceptions in `rows`.
    pub fn new(term: term::Model, rows: Vec<school_day::Model>) -> Self {
        let (mut district, mut schools) = (HashMap::new(), HashMap::new());
        for row in rows {
            match row.school_id {
                Some(school) => schools.insert((school, row.day_on), row),
                None => district.insert(row.day_on, row),
            };
        }
        Self { term, district, schools }
    }

    /// All days of the term, first to last.
    pub fn dates(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let last = self.term.ends_on;
        self.term.starts_on.iter_days().take_while(move |date| *date <= last)
    }

    /// Monday of the term's first week.
    pub fn first_monday(&self) -> NaiveDate {
        let start = self.term.starts_on;
        start - TimeDelta::days(i64::from(start.weekday().num_days_from_monday()))
    }

    /// Teaching week of `date`, from 1.
    pub fn week(&self, date: NaiveDate) -> u16 {
        let days = (date - self.first_monday()).num_days();
        u16::try_from(days.div_euclid(7) + 1).unwrap_or(0)
    }

    /// Whether a lesson of `parity` runs in the week of `date`.
    pub fn runs(&self, parity: WeekParity, date: NaiveDate) -> bool {
        match parity {
            WeekParity::Every => true,
            WeekParity::Odd => self.week(date) % 2 == 1,
            WeekParity::Even => self.week(date).is_multiple_of(2),
        }
    }

    /// What `date` is at `school`, or in the district when `None`.
    pub fn day(&self, date: NaiveDate, school: Option<Uuid>) -> DayPlan {
        let own = school.and_then(|school| self.schools.get(&(school, date)));
        match own.or_else(|| self.district.get(&date)) {
            Some(exception) => self.exceptional(date, exception),
            None => self.plain(date),
        }
    }

    /// Whether `date` is a Saturday or Sunday on which nobody works: no holiday, and nothing arranged for it.
    pub fn is_free_weekend(&self, date: NaiveDate) -> bool {
        is_weekend(date) && holidays::off(date).is_none() && !self.district.contains_key(&date)
    }

    /// Whether `date` differs at `school` from the district.
    pub fn has_exception(&self, date: NaiveDate, school: Uuid) -> bool {
        self.schools.contains_key(&(school, date))
    }

    /// Whether lessons run in the district on `date`.
    pub fn is_school_day(&self, date: NaiveDate) -> bool {
        self.day(date, None).timetable_weekday.is_some()
    }

    fn plain(&self, date: NaiveDate) -> DayPlan {
        let week = self.week(date);
        if let Some(name) = holidays::off(date) {
            let closed = Some(Bilingual::new(name, format!("public holiday ({name})")));
            return DayPlan { date, week, timetable_weekday: None, closed, name: Some(name.to_owned()) };
        }
        if is_weekend(date) {
            let closed = Some(Bilingual::new("双休日", "weekend"));
            return DayPlan { date, week, timetable_weekday: None, closed, name: None };
        }
        DayPlan { date, week, timetable_weekday: Some(iso_weekday(date)), closed: None, name: None }
    }

    fn exceptional(&self, date: NaiveDate, exception: &school_day::Model) -> DayPlan {
        let own_weekday = iso_weekday(date);
        let given = exception.timetable_weekday.and_then(|weekday| u8::try_from(weekday).ok());
        let timetable_weekday = match exception.kind {
            DayKind::Holiday | DayKind::Exam | DayKind::Event => given,
            DayKind::MakeUp => given,
            DayKind::Monitoring | DayKind::Ordinary => Some(given.unwrap_or(own_weekday)),
        };
        let label = exception.name.clone().unwrap_or_else(|| exception.kind.zh().to_owned());
        let closed = match exception.kind {
            DayKind::MakeUp | DayKind::Ordinary => None,
            kind => Some(Bilingual::new(label.clone(), format!("{} ({label})", english(kind)))),
        };
        DayPlan { date, week: self.week(date), timetable_weekday, closed, name: Some(label) }
    }

    /// What the office should know before it plans: years not announced, make-up days without a timetable.
    pub fn warnings(&self) -> Vec<Bilingual> {
        let mut warnings = Vec::new();
        for year in self.term.starts_on.year()..=self.term.ends_on.year() {
            if !holidays::is_announced(year) {
                warnings.push(Bilingual::new(
                    format!("{year}年放假安排尚未公布或未收录：{year}年的日期仅按校历中填写的为准，公布后请补充校历并重新导入"),
                    format!("the holidays of {year} are not announced or not shipped: only the days in the 校历 sheet count; complete it when they are"),
                ));
            }
        }
        for date in self.dates().filter(|date| holidays::is_working_weekend(*date)) {
            if self.day(date, None).timetable_weekday.is_none() {
                warnings.push(Bilingual::new(
                    format!("{date}为调休上班日，校历没有写明执行星期几课表，按不上课处理"),
                    format!("{date} is a working weekend, but the 校历 sheet does not say which weekday's timetable runs: treated as without lessons"),
                ));
            }
        }
        warnings
    }

    /// The mid-term exam (期中考试): first and last day; by name, else the first block of exam days.
    pub fn midterm_exam(&self) -> Option<(NaiveDate, NaiveDate)> {
        let mut exams: Vec<_> = self.district.values().filter(|day| day.kind == DayKind::Exam).collect();
        exams.sort_by_key(|day| day.day_on);
        let named: Vec<_> = exams
            .iter()
            .filter(|day| day.name.as_deref().is_some_and(|name| name.contains("期中")))
            .map(|day| day.day_on)
            .collect();
        if let (Some(first), Some(last)) = (named.first(), named.last()) {
            return Some((*first, *last));
        }
        let first = exams.first()?.day_on;
        // A block may span a weekend, hence three days.
        let last = exams
            .iter()
            .map(|day| day.day_on)
            .fold(first, |last, day| if (day - last).num_days() <= 3 { day } else { last });
        Some((first, last))
    }
}

fn english(kind: DayKind) -> &'static str {
    match kind {
        DayKind::Holiday => "holiday",
        DayKind::MakeUp => "make-up day",
        DayKind::Exam => "exam day",
        DayKind::Monitoring => "monitoring day",
        DayKind::Event => "event",
        DayKind::Ordinary => "school day",
    }
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// ISO weekday, 1 = Monday … 7 = Sunday.
pub fn iso_weekday(date: NaiveDate) -> u8 {
    date.weekday().number_from_monday() as u8
}

/// Weekday as people write it: 周一 … 周日.
pub fn weekday_zh(weekday: u8) -> &'static str {
    ["周一", "周二", "周三", "周四", "周五", "周六", "周日"][usize::from((weekday.max(1) - 1) % 7)]
}

/// Weekdays that are kept as digits, e.g. `35`: 周三、周五.
pub fn weekdays_zh(digits: &str) -> String {
    let days = digits.chars().filter_map(|digit| digit.to_digit(10)).filter_map(|day| u8::try_from(day).ok());
    days.map(weekday_zh).collect::<Vec<_>>().join("、")
}

/// A day as papers and letters write it, e.g. 2026年9月1日.
pub fn date_zh(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn term() -> term::Model {
        term::Model {
            id: Uuid::nil(),
            district_id: Uuid::nil(),
            name: "2026—2027学年第一学期".into(),
            starts_on: date("2026-09-01"),
            ends_on: date("2027-01-22"),
            version: 1,
        }
    }

    fn exception(day: &str, kind: DayKind, weekday: Option<i32>, name: &str) -> school_day::Model {
        school_day::Model {
            id: crate::id::new(),
            district_id: Uuid::nil(),
            day_on: date(day),
            school_id: None,
            kind,
            timetable_weekday: weekday,
            name: Some(name.into()),
            version: 1,
        }
    }

    #[test]
    fn a_make_up_sunday_runs_the_timetable_it_names() {
        let calendar =
            TermCalendar::new(term(), vec![exception("2026-09-20", DayKind::MakeUp, Some(2), "补10月6日课")]);
        let day = calendar.day(date("2026-09-20"), None);
        assert_eq!(day.timetable_weekday, Some(2));
        assert_eq!(day.closed, None);
        assert_eq!(day.week, 3);
    }

    #[test]
    fn national_holidays_are_closed_even_when_the_office_forgot_them() {
        let calendar = TermCalendar::new(term(), Vec::new());
        assert_eq!(calendar.day(date("2026-10-01"), None).closed.map(|c| c.zh), Some("国庆节".into()));
    }

    #[test]
    fn on_a_monitoring_day_lessons_run_and_sessions_do_not() {
        let calendar = TermCalendar::new(
            term(),
            vec![exception("2026-12-09", DayKind::Monitoring, None, "县域质量监测")],
        );
        let day = calendar.day(date("2026-12-09"), None);
        assert_eq!(day.timetable_weekday, Some(3));
        assert!(day.closed.is_some());
    }

    #[test]
    fn a_school_may_differ_from_its_district() {
        let school = crate::id::new();
        let mut own = exception("2026-10-23", DayKind::Ordinary, None, "照常上课");
        own.school_id = Some(school);
        let district = exception("2026-10-23", DayKind::Event, None, "县运动会");
        let calendar = TermCalendar::new(term(), vec![own, district]);
        assert!(calendar.day(date("2026-10-23"), None).closed.is_some());
        assert_eq!(calendar.day(date("2026-10-23"), Some(school)).timetable_weekday, Some(5));
    }

    #[test]
    fn a_term_that_reaches_into_an_unannounced_year_warns() {
        let warnings = TermCalendar::new(term(), Vec::new()).warnings();
        assert!(warnings[0].zh.starts_with("2027年放假安排尚未公布"), "{warnings:?}");
        assert_eq!(warnings.iter().filter(|w| w.zh.contains("调休上班")).count(), 2);
    }

    #[test]
    fn the_midterm_exam_is_found_by_name_or_as_the_first_block() {
        let days = vec![
            exception("2026-11-05", DayKind::Exam, None, "期中考试"),
            exception("2026-11-06", DayKind::Exam, None, "期中考试"),
            exception("2027-01-14", DayKind::Exam, None, "期末考试"),
        ];
        let found = TermCalendar::new(term(), days).midterm_exam();
        assert_eq!(found, Some((date("2026-11-05"), date("2026-11-06"))));
    }
}
