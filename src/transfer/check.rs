//! What can be checked in a workbook without the database: every cell, rules within a row,
//! numbers that occur twice, and lessons that
//! meet in the timetable.
//!
//! References to schools and people, and lessons of one teacher at two schools (whose bells differ), need what is
//! stored already and are left to the import operation.

mod rows;

use std::collections::HashMap;

use chrono::Weekday;

use super::fault::{Bilingual, Fault, FaultKind, Faults};
use super::fields::{self, Weeks};
use super::table::{Cell, Row, Table};
use super::text;
use super::workbook::Workbook;
pub use rows::rules;

/// All faults of a workbook: of its sheets, cells, keys and lessons.
pub fn workbook(workbook: &Workbook) -> Faults {
    let mut faults = workbook.faults.clone();
    for table in &workbook.tables {
        cells(table, &mut faults);
        duplicates(table, &mut faults);
        rules(table, &mut faults);
    }
    if let Some(lessons) = workbook.table("课表") {
        clashes(lessons, &mut faults);
    }
    faults
}

/// Every cell against its column's description.
pub fn cells(table: &Table, faults: &mut Faults) {
    for row in table.rows() {
        for column in table.sheet.columns {
            faults.take(row.read(column.heading, |_| Ok(())));
        }
    }
}

/// Values that may occur once.
pub fn duplicates(table: &Table, faults: &mut Faults) {
    for key in table.sheet.keys {
        let mut first: HashMap<String, u32> = HashMap::new();
        for row in table.rows() {
            let Some(value) = key_of(row, key) else {
                continue;
            };
            let seen = *first.entry(value).or_insert(row.number());
            if seen != row.number() {
                faults.push(duplicate(row, key, seen));
            }
        }
    }
}

/// The values of a key, joined; none when a required one is empty or one cannot be used.
fn key_of(row: Row<'_>, key: &[&str]) -> Option<String> {
    let mut values = Vec::with_capacity(key.len());
    for heading in key {
        let cell = row.cell(heading);
        let required = row.sheet().column(heading).is_some_and(|column| column.required);
        let unusable = matches!(cell, Cell::Error(_) | Cell::TooLong(..));
        if unusable || (required && cell.is_empty()) {
            return None;
        }
        values.push(text::name(&cell.text()));
    }
    // The way from A to B is the way from B to A.
    if key == ["学校甲", "学校乙"] {
        values.sort();
    }
    Some(values.join("\n"))
}

fn duplicate(row: Row<'_>, key: &[&str], first: u32) -> Fault {
    let names = key.join("、");
    let message = match key {
        [_] => Bilingual::new(
            format!("与第{first}行重复，请改正“{names}”，或删去其中一行"),
            format!("the same as in row {first}; correct “{names}”, or remove one of the rows"),
        ),
        _ => Bilingual::new(
            format!("与第{first}行重复（{names}都相同），请改正，或删去其中一行"),
            format!("the same as row {first} in {names}; correct it, or remove one of the rows"),
        ),
    };
    match key {
        [heading] => row.fault(FaultKind::Duplicate, heading, message),
        _ => row.row_fault(FaultKind::Duplicate, message),
    }
}

/// A lesson as far as it can clash.
struct Lesson<'a> {
    row: Row<'a>,
    weeks: Weeks,
}

/// Two lessons of one class, or of one teacher at one school, in the same period of the same weeks.
pub fn clashes(table: &Table, faults: &mut Faults) {
    for (heading, of_class) in [("班级", true), ("教师工号", false)] {
        let mut taken: HashMap<(String, String, Weekday, u8), Vec<Lesson<'_>>> = HashMap::new();
        for row in table.rows() {
            let Some(times) = times_of(row) else { continue };
            let (school, who) = (row.cell("学校").text(), row.cell(heading).text());
            for period in times.periods {
                let place = (school.to_string(), who.to_string(), times.weekday, period);
                let others = taken.entry(place).or_default();
                if let Some(other) = others.iter().find(|other| other.weeks.meets(times.weeks)) {
                    faults.push(clash(row, other.row, of_class, times.weekday, period));
                }
                others.push(Lesson { row, weeks: times.weeks });
            }
        }
    }
}

struct Times {
    weekday: Weekday,
    periods: Vec<u8>,
    weeks: Weeks,
}

/// When a lesson takes place; none when the row is faulty, which the cells' own faults say.
fn times_of(row: Row<'_>) -> Option<Times> {
    let weekday = row.read("星期", fields::weekday).ok()??;
    let periods = row.read("节次", fields::periods).ok()??;
    let weeks = row.read("单双周", fields::weeks).ok()?.unwrap_or_default();
    let known = ["学校", "班级", "教师工号"].iter().all(|heading| !row.cell(heading).is_empty());
    known.then_some(Times { weekday, periods, weeks })
}

fn clash(row: Row<'_>, other: Row<'_>, of_class: bool, weekday: Weekday, period: u8) -> Fault {
    let first = other.number();
    let when = format!("星期{}第{period}节", fields::weekday_zh(weekday));
    let english = format!("{weekday} period {period}");
    let subject = text::shorten(&other.cell("学科").text());
    let class = text::shorten(&other.cell("班级").text());
    if of_class {
        let message = Bilingual::new(
            format!("与第{first}行冲突：该班{when}已有“{subject}”课，请改正其中一行"),
            format!(
                "clashes with row {first}: the class has {subject} on {english}; correct one of the rows"
            ),
        );
        return row.fault(FaultKind::Clash, "班级", message);
    }
    let message = Bilingual::new(
        format!("与第{first}行冲突：该教师{when}已在“{class}”上课，请改正其中一行"),
        format!("clashes with row {first}: the teacher is in {class} on {english}; correct one of the rows"),
    );
    row.fault(FaultKind::Clash, "教师工号", message)
}
