//! 导入: a county's workbook over what is stored. Everything of a run commits together or not at all.
//!
//! ```text
//! check (cells) -> Draft: the district in memory -> each sheet over it -> what differs -> one transaction
//! ```
//!
//! A row that the sheet does not list is reported and stays; a dated fact that changes ends, and a new one begins.

mod calendar;
mod clashes;
pub(super) mod classes;
mod draft;
mod edit;
mod experts;
mod groups;
mod lookup;
mod people;
mod phrases;
mod places;
mod programmes;
mod report;
mod rotation;
mod schools;
mod sessions;
mod store;
mod stores;
mod timetable;
mod wishes;
mod words;

#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, EntityTrait};
use sha2::{Digest, Sha256};

pub use report::{Change, ChangeLine, ImportReport, MAX_LINES, Outcome, SheetReport};

use super::check;
use super::fault::Faults;
use super::table::Table;
use super::workbook::Workbook;
use crate::audit;
use crate::entity::{district, import_run};
use crate::error::{Result, UserError};
use crate::id;
use crate::scope::{Scope, Txn};
use crate::sessions::effects;
use draft::Draft;

/// How a workbook is to be imported.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// Only say what would happen.
    pub dry_run: bool,
    /// Keep sound rows when others are bad.
    pub skip_bad_rows: bool,
    /// The first day of what changes; none: the start of the term for timetables, today for other facts.
    pub from: Option<NaiveDate>,
    /// End the lessons of listed classes that the sheet does not list; else they stay and are reported.
    pub whole_timetables: bool,
    /// Name of the file, for the record.
    pub file_name: String,
    /// Hash of the file, for the record.
    pub sha256: String,
}

/// Imports a workbook. With a fault in any row nothing is written, unless bad rows are to be skipped; the report tells
/// all of them.
///
/// # Errors
/// `Rejected` when `--from` lies after the term.
pub async fn import(scope: &Scope, workbook: &Workbook, options: &ImportOptions) -> Result<ImportReport> {
    let faults = check(workbook);
    if options.dry_run {
        let draft = prepare(scope, scope.reader(), workbook, options, faults).await?;
        return Ok(report(draft, workbook));
    }
    // Begun before anything is read: what is compared must still hold when it is written.
    let txn = scope.begin().await?;
    effects::one_at_a_time(&txn).await?;
    let mut draft = prepare(scope, &*txn, workbook, options, faults).await?;
    let stopped = !draft.faults.is_empty() && !options.skip_bad_rows;
    if stopped || !draft.stores.is_changed() {
        return Ok(report(draft, workbook));
    }
    let backup =
        if write_district(&txn).await? { None } else { scope.database.copy_aside(scope.now()).await? };
    std::mem::take(&mut draft.stores).write(&txn).await?;
    let mut report = report(draft, workbook);
    record(&txn, &report, options).await?;
    txn.commit().await?;
    report.committed = true;
    report.backup = backup;
    Ok(report)
}

/// Writes the district of the scope when it is new, or has got its name; whether it is new.
async fn write_district(txn: &Txn) -> Result<bool> {
    let district = &txn.scope().district;
    match district::Entity::find_by_id(district.id).one(&**txn).await? {
        None => {
            audit::insert(txn, "district.make", district.clone()).await?;
            Ok(true)
        }
        Some(before) => {
            if before.name != district.name {
                let named = district::Model { version: before.version + 1, ..district.clone() };
                audit::update(txn, "district.name", &before, named).await?;
            }
            Ok(false)
        }
    }
}

/// The SHA-256 of a file, as sixty-four hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is wrong with the cells, without the database.
fn check(workbook: &Workbook) -> Faults {
    let mut faults = Faults::default();
    faults.extend(workbook.faults.iter().cloned());
    for table in &workbook.tables {
        check::cells(table, &mut faults);
        check::duplicates(table, &mut faults);
        check::rules(table, &mut faults);
    }
    if let Some(lessons) = workbook.table("课表") {
        check::clashes(lessons, &mut faults);
    }
    faults
}

/// The district as the workbook wants it. What others refer to comes first.
async fn prepare(
    scope: &Scope,
    connection: &impl ConnectionTrait,
    workbook: &Workbook,
    options: &ImportOptions,
    faults: Faults,
) -> Result<Draft> {
    let mut draft = Draft::load(scope, connection, options).await?;
    draft.faults = faults;
    let take = |draft: &mut Draft, sheet: &str, take: fn(&mut Draft, &Table)| {
        if let Some(table) = workbook.table(sheet) {
            take(draft, table);
        }
    };
    take(&mut draft, "校历", calendar::calendar);
    in_the_term(&draft, options.from)?;
    take(&mut draft, "学校", schools::schools);
    take(&mut draft, "集团", groups::groups);
    take(&mut draft, "教师", people::teachers);
    take(&mut draft, "教研员", experts::researchers);
    take(&mut draft, "集团负责人", groups::coordinators);
    take(&mut draft, "责任督学", groups::inspectors);
    take(&mut draft, "名师工作室", experts::studios);
    take(&mut draft, "作息时间", calendar::bells);
    if workbook.table("课表").is_some() {
        let from = draft.timetable_from();
        draft.stores.load_lessons(connection, scope.district.id, from).await?;
    }
    take(&mut draft, "课表", timetable::lessons);
    take(&mut draft, "走教", experts::itinerants);
    take(&mut draft, "场地", places::rooms);
    take(&mut draft, "路程", places::travel);
    take(&mut draft, "教研计划", programmes::programmes);
    // The policy says for how long people move, which a round that is opened for these sheets takes over.
    take(&mut draft, "轮岗政策", rotation::policy);
    take(&mut draft, "学科余缺", rotation::staffing);
    take(&mut draft, "轮岗志愿", wishes::wishes);
    Ok(draft)
}

/// A day after the term would end what it holds and begin nothing.
fn in_the_term(draft: &Draft, from: Option<NaiveDate>) -> Result<()> {
    let Some((from, term)) = from.zip(draft.term.as_ref()).filter(|(from, term)| *from > term.ends_on) else {
        return Ok(());
    };
    let (name, ends_on) = (&term.name, term.ends_on);
    Err(UserError::new(
        "FROM_AFTER_TERM",
        format!("--from {from} 晚于“{name}”的最后一天 {ends_on}，请改为学期内的日期"),
        format!("--from {from} is after {ends_on}, the last day of {name}: name a day of the term"),
    )
    .into())
}

fn report(mut draft: Draft, workbook: &Workbook) -> ImportReport {
    draft.count_refused(&workbook.tables);
    ImportReport {
        sheets: draft.sheets,
        faults: draft.faults,
        notices: workbook.notices.iter().cloned().chain(draft.notices).collect(),
        changes: draft.changes,
        changes_total: draft.changes_total,
        committed: false,
        backup: None,
    }
}

/// Keeps that the workbook was imported.
async fn record(txn: &Txn, report: &ImportReport, options: &ImportOptions) -> Result<()> {
    let totals = report.totals();
    let run = import_run::Model {
        id: id::new(),
        district_id: txn.district_id(),
        file_name: options.file_name.clone(),
        sha256: options.sha256.clone(),
        finished_at: txn.scope().now(),
        actor: txn.scope().actor.name().to_owned(),
        created: totals.created as i32,
        changed: totals.changed as i32,
        unchanged: totals.unchanged as i32,
        refused: totals.refused as i32,
    };
    audit::insert(txn, "import", run).await?;
    Ok(())
}
