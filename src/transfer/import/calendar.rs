//! 校历, 作息时间: terms, days that differ, bells.

use std::collections::{HashMap, HashSet};

use chrono::{Datelike, NaiveDate};
use sea_orm::prelude::Uuid;

use super::draft::{Draft, current_term};
use super::edit::Edit;
use super::report::Outcome;
use super::words;
use crate::calendar::holidays;
use crate::entity::values::DayKind;
use crate::entity::{bell, school_day, term};
use crate::id;
use crate::transfer::fault::{Bilingual, FaultKind};
use crate::transfer::fields;
use crate::transfer::table::{Row, Table};

/// The kind of a row that is a term.
const TERM: &str = "学期";

/// The longest run of days in one row.
const MAX_RUN: usize = 100;

/// Takes the sheet 校历: first its terms, then its days.
pub fn calendar(draft: &mut Draft, table: &Table) {
    let mut terms: Vec<Uuid> = Vec::new();
    let is_term =
        |row: Row<'_>| row.read("类型", fields::name).is_ok_and(|kind| kind.as_deref() == Some(TERM));
    let stored: HashMap<NaiveDate, Uuid> = draft
        .stores
        .days
        .iter()
        .filter(|day| day.school_id.is_none())
        .map(|day| (day.day_on, day.id))
        .collect();
    let mut listed: HashMap<NaiveDate, u32> = HashMap::new();
    draft.rows(table, None, |draft, row| {
        if is_term(row) {
            term(draft, table, row, &mut terms)
        } else {
            days(draft, table, row, &stored, &mut listed)
        }
    });

    let named: Vec<term::Model> =
        terms.iter().filter_map(|id| draft.stores.terms.get(*id)).cloned().collect();
    // A workbook is about its own term, whatever else is stored.
    let open = named.iter().filter(|term| term.ends_on >= draft.today).min_by_key(|term| term.starts_on);
    let chosen = open.or_else(|| named.iter().max_by_key(|term| term.starts_on)).cloned();
    draft.term = chosen.or_else(|| current_term(&draft.stores, draft.today));

    let in_named = |day: NaiveDate| named.iter().any(|term| (term.starts_on..=term.ends_on).contains(&day));
    let missing = stored.keys().filter(|day| in_named(**day) && !listed.contains_key(*day));
    let mut missing: Vec<String> = missing.map(ToString::to_string).collect();
    missing.sort();
    draft.missing(table.sheet.name, missing);
    for term in named {
        warn_unannounced(draft, table, &term);
    }
}

fn term(draft: &mut Draft, table: &Table, row: Row<'_>, terms: &mut Vec<Uuid>) -> Option<Outcome> {
    // A term without both dates has its fault from the check of its sheet.
    let starts_on = draft.take(row.read("开始日期", fields::date))??;
    let ends_on = draft.take(row.read("结束日期", fields::date))??;
    let name = draft.take(row.read("说明", fields::prose))?.unwrap_or_else(|| usual_name(starts_on));
    let by_name = draft.stores.terms.iter().find(|term| term.name == name);
    let stored =
        by_name.or_else(|| draft.stores.terms.iter().find(|term| term.starts_on == starts_on)).cloned();
    let created = stored.is_none();
    let mut term = stored.unwrap_or_else(|| term::Model {
        id: id::new(),
        district_id: draft.district_id,
        name: name.clone(),
        starts_on,
        ends_on,
        version: 1,
    });
    let overlaps = |other: &&term::Model| {
        other.id != term.id && other.starts_on <= ends_on && other.ends_on >= starts_on
    };
    let overlapped = draft.stores.terms.iter().find(overlaps).map(|other| other.name.clone());
    if let Some(other) = overlapped {
        let message = Bilingual::new(
            format!("与“{other}”的日期重叠，请核对起止日期"),
            format!("overlaps {other}; check the dates"),
        );
        draft.fault(row, FaultKind::Clash, "开始日期", message);
        return None;
    }
    let mut edit = Edit::new(table, row);
    edit.set("说明", &mut term.name, name);
    edit.set("开始日期", &mut term.starts_on, starts_on);
    edit.set("结束日期", &mut term.ends_on, ends_on);
    let changes = draft.accept(edit)?;
    let what = term.name.clone();
    terms.push(term.id);
    draft.stores.terms.save(term);
    Some(draft.settle(row, &what, created, changes))
}

/// As offices name terms: 2026—2027学年第一学期.
fn usual_name(starts_on: NaiveDate) -> String {
    let year = starts_on.year();
    match starts_on.month() {
        7..=12 => format!("{year}—{}学年第一学期", year + 1),
        _ => format!("{}—{year}学年第二学期", year - 1),
    }
}

fn days(
    draft: &mut Draft,
    table: &Table,
    row: Row<'_>,
    stored: &HashMap<NaiveDate, Uuid>,
    listed: &mut HashMap<NaiveDate, u32>,
) -> Option<Outcome> {
    let run = run_of_days(draft, row)?;
    let word = draft.take(row.require("类型", fields::name))?;
    let weekday = draft.take(row.read("执行星期课表", fields::weekday))?;
    let note = draft.take(row.read("说明", fields::prose))?;
    let (kind, name) = kind_of(draft, table, &word, note);
    if kind == DayKind::MakeUp && weekday.is_none() {
        let message = Bilingual::new(
            "调休上班要写按星期几的课表上课，请填写如 三",
            "a make-up day needs the weekday whose timetable runs; write for example 三",
        );
        draft.fault(row, FaultKind::Required, "执行星期课表", message);
        return None;
    }
    if let Some((day, first)) = run.iter().find_map(|day| listed.get(day).map(|first| (*day, *first))) {
        let message = Bilingual::new(
            format!("{day} 在第{first}行已经写过，请只保留一行"),
            format!("{day} stands in row {first} already; keep one"),
        );
        draft.faults.push(row.row_fault(FaultKind::Duplicate, message));
        return None;
    }
    let mut outcome = Outcome::Unchanged;
    for day_on in run {
        listed.insert(day_on, row.number());
        let known = stored.get(&day_on).and_then(|id| draft.stores.days.get(*id)).cloned();
        let created = known.is_none();
        let (id, district_id) = (id::new(), draft.district_id);
        let mut day = known.unwrap_or(school_day::Model {
            id,
            district_id,
            day_on,
            school_id: None,
            kind,
            timetable_weekday: None,
            name: None,
            version: 1,
        });
        let mut edit = Edit::new(table, row);
        edit.set("类型", &mut day.kind, kind);
        edit.set("执行星期课表", &mut day.timetable_weekday, timetable(kind, day_on, weekday));
        edit.set("说明", &mut day.name, name.clone());
        let changes = draft.accept(edit)?;
        draft.stores.days.save(day);
        outcome = outcome.max(draft.settle(row, &day_on.to_string(), created, changes));
    }
    Some(outcome)
}

/// The weekday whose timetable runs. A day of monitoring runs its own, a holiday none.
fn timetable(kind: DayKind, day: NaiveDate, weekday: Option<chrono::Weekday>) -> Option<i32> {
    let own = day.weekday().number_from_monday() as i32;
    let named = weekday.map(|day| day.number_from_monday() as i32);
    match kind {
        DayKind::Holiday | DayKind::Exam => None,
        DayKind::MakeUp | DayKind::Event => named,
        DayKind::Monitoring | DayKind::Ordinary => named.or(Some(own)),
    }
}

/// The one day of a row, or its days from first to last; the check of the sheet has seen to one of both.
fn run_of_days(draft: &mut Draft, row: Row<'_>) -> Option<Vec<NaiveDate>> {
    let day = draft.take(row.read("日期", fields::date))?;
    let first = draft.take(row.read("开始日期", fields::date))?;
    let last = draft.take(row.read("结束日期", fields::date))?;
    let Some((first, last)) = first.zip(last) else { return day.map(|day| vec![day]) };
    let run: Vec<NaiveDate> = first.iter_days().take_while(|day| *day <= last).take(MAX_RUN + 1).collect();
    if run.len() <= MAX_RUN {
        return Some(run);
    }
    let message = Bilingual::new(
        format!("一行最多{MAX_RUN}天，请核对起止日期"),
        format!("a row has {MAX_RUN} days at most; check its dates"),
    );
    draft.fault(row, FaultKind::Value, "结束日期", message);
    None
}

/// What a day is, and how people call it.
fn kind_of(draft: &mut Draft, table: &Table, word: &str, note: Option<String>) -> (DayKind, Option<String>) {
    if let Some(kind) = DayKind::from_zh(word) {
        return (kind, note);
    }
    if !word.ends_with("运动会") {
        draft.notice(
            table.sheet.name,
            Bilingual::new(
                format!("类型“{word}”按全县停课的活动处理；如照常上课，请写“正常上课”"),
                format!("“{word}” is taken as an event without lessons; write 正常上课 if lessons run"),
            ),
        );
    }
    (DayKind::Event, Some(word.to_owned()))
}

/// Years whose holidays nobody knows yet are never guessed.
fn warn_unannounced(draft: &mut Draft, table: &Table, term: &term::Model) {
    let years = term.starts_on.year()..=term.ends_on.year();
    for year in years.filter(|year| !holidays::is_announced(*year)) {
        draft.notice(
            table.sheet.name,
            Bilingual::new(
                format!("“{}”延续到{year}年，该年放假安排尚未公布；公布后请补充校历并重新导入", term.name),
                format!(
                    "{} reaches into {year}, whose holidays are not announced; add them when they are",
                    term.name
                ),
            ),
        );
    }
}

/// Takes the sheet 作息时间.
pub fn bells(draft: &mut Draft, table: &Table) {
    let mut listed = HashSet::new();
    draft.rows(table, None, |draft, row| {
        let stage = draft.take(row.require("学段", words::stage))?;
        let period = draft.take(row.require("节次", fields::whole_in(1, 15)))? as i32;
        listed.insert((stage, period));
        let general =
            |bell: &&bell::Model| bell.school_id.is_none() && bell.from_on.is_none() && bell.stage == stage;
        let stored = draft.stores.bells.iter().filter(general).find(|bell| bell.period == period).cloned();
        let created = stored.is_none();
        let (id, district_id) = (id::new(), draft.district_id);
        let midnight = chrono::NaiveTime::MIN;
        let mut bell = stored.unwrap_or(bell::Model {
            id,
            district_id,
            school_id: None,
            stage,
            period,
            starts_at: midnight,
            ends_at: midnight,
            from_on: None,
            until_on: None,
        });
        let mut edit = Edit::new(table, row);
        edit.required("开始", &mut bell.starts_at, fields::time);
        edit.required("结束", &mut bell.ends_at, fields::time);
        let changes = draft.accept(edit)?;
        let what = format!("{}第{period}节", stage.zh());
        draft.stores.bells.save(bell);
        Some(draft.settle(row, &what, created, changes))
    });
    let general = draft.stores.bells.iter().filter(|bell| bell.school_id.is_none() && bell.from_on.is_none());
    let missing = general.filter(|bell| !listed.contains(&(bell.stage, bell.period)));
    let missing = missing.map(|bell| format!("{}第{}节", bell.stage.zh(), bell.period)).collect();
    draft.missing(table.sheet.name, missing);
}
