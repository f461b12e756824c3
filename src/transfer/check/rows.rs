//! Rules between the cells of one row.

use chrono::{NaiveDate, NaiveTime};

use super::super::fault::{Bilingual, Fault, FaultKind, Faults};
use super::super::fields;
use super::super::table::{Row, Table};

/// The rows of a table against the rules of its sheet.
pub fn rules(table: &Table, faults: &mut Faults) {
    let rule: fn(Row<'_>) -> Option<Fault> = match table.sheet.name {
        "作息时间" => bell,
        "校历" => day,
        "路程" => way,
        "学科余缺" => balance,
        _ => return,
    };
    faults.extend(table.rows().filter_map(rule));
}

/// A lesson ends after it starts.
fn bell(row: Row<'_>) -> Option<Fault> {
    let time = |heading| row.read(heading, fields::time).ok().flatten();
    let (start, end): (NaiveTime, NaiveTime) = (time("开始")?, time("结束")?);
    let message = || {
        let start = start.format("%H:%M");
        Bilingual::new(
            format!("应晚于开始时间 {start}，请改正"),
            format!("must be later than the start, {start}; correct it"),
        )
    };
    (end <= start).then(|| row.fault(FaultKind::Value, "结束", message()))
}

/// A term has two dates; any other day has one, or two that enclose it.
fn day(row: Row<'_>) -> Option<Fault> {
    let date = |heading| row.read(heading, fields::date);
    // A date that cannot be read has its own fault.
    let (first, last, only) = (date("开始日期").ok()?, date("结束日期").ok()?, date("日期").ok()?);
    let kind = row.read("类型", fields::name).ok()??;
    match (first, last, only) {
        (Some(first), Some(last), _) => backwards(row, first, last),
        _ if kind == "学期" => Some(missing(
            row,
            if first.is_none() { "开始日期" } else { "结束日期" },
            "学期要填开始日期和结束日期，请补上",
            "a term needs its first and its last date; add it",
        )),
        (None, None, Some(_)) => None,
        _ => Some(missing(
            row,
            "日期",
            "请填“日期”；连续几天则填“开始日期”和“结束日期”",
            "fill in 日期, or 开始日期 and 结束日期 for several days",
        )),
    }
}

fn backwards(row: Row<'_>, first: NaiveDate, last: NaiveDate) -> Option<Fault> {
    let message = || {
        Bilingual::new(
            format!("不能早于开始日期 {first}，请改正"),
            format!("must not be before the first date, {first}; correct it"),
        )
    };
    (last < first).then(|| row.fault(FaultKind::Value, "结束日期", message()))
}

fn missing(row: Row<'_>, heading: &str, zh: &str, en: &str) -> Fault {
    row.fault(FaultKind::Required, heading, Bilingual::new(zh, en))
}

/// A way leads to another school.
fn way(row: Row<'_>) -> Option<Fault> {
    let name = |heading| row.read(heading, fields::name).ok().flatten();
    let message =
        Bilingual::new("与“学校甲”是同一所学校，请改为另一所", "the same school as 学校甲; write another");
    (name("学校甲")? == name("学校乙")?).then(|| row.fault(FaultKind::Value, "学校乙", message))
}

/// 余缺, where it is given, is what is there less what is needed.
fn balance(row: Row<'_>) -> Option<Fault> {
    let count = |heading| row.read(heading, fields::whole).ok().flatten();
    let (needed, there, given) = (count("核定需求")?, count("现有人数")?, count("余缺")?);
    let right = there - needed;
    let message = || {
        Bilingual::new(
            format!("现有人数减核定需求是 {right}，请核对这三列"),
            format!("现有人数 less 核定需求 is {right}; check the three columns"),
        )
    };
    (given != right).then(|| row.fault(FaultKind::Value, "余缺", message()))
}
