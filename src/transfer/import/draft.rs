//! The district as it shall be after an import: in memory, with what was noticed on the way.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use sea_orm::ConnectionTrait;
use sea_orm::prelude::Uuid;

use super::ImportOptions;
use super::edit::Edit;
use super::lookup::{Lookup, Thing};
use super::report::{Change, ChangeLine, MAX_LINES, Outcome, SheetReport};
use super::stores::Stores;
use crate::entity::term;
use crate::error::Result;
use crate::scope::Scope;
use crate::transfer::fault::{Bilingual, Fault, FaultKind, Faults, Notice};
use crate::transfer::table::{Row, Table};

/// The district as it shall be.
pub struct Draft {
    /// Its identifier.
    pub district_id: Uuid,
    /// Its name.
    pub district_name: String,
    /// The employer of its teachers.
    pub employer: String,
    /// The instant of the import.
    pub now: DateTime<Utc>,
    /// Today, in its time zone.
    pub today: NaiveDate,
    /// The day named with `--from`.
    pub from: Option<NaiveDate>,
    /// Whether sound rows are kept when others are bad.
    pub skip_bad_rows: bool,
    /// Whether a class's rows are its whole timetable.
    pub whole_timetables: bool,
    /// The term that timetables, itinerant days and programmes are for.
    pub term: Option<term::Model>,
    /// The rows.
    pub stores: Stores,
    /// Where names lead.
    pub lookup: Lookup,
    /// What is wrong.
    pub faults: Faults,
    /// What is worth knowing.
    pub notices: Vec<Notice>,
    /// The sheets, counted.
    pub sheets: Vec<SheetReport>,
    /// The first change lines.
    pub changes: Vec<ChangeLine>,
    /// All change lines, counted.
    pub changes_total: usize,
}

impl Draft {
    /// The district as it is stored.
    pub async fn load(
        scope: &Scope,
        connection: &impl ConnectionTrait,
        options: &ImportOptions,
    ) -> Result<Self> {
        let stores = Stores::load(connection, scope.district.id).await?;
        let today = scope.today();
        Ok(Self {
            now: scope.now(),
            district_id: scope.district.id,
            district_name: scope.district.name.clone(),
            employer: format!("{}教育局", scope.district.name),
            today,
            from: options.from,
            skip_bad_rows: options.skip_bad_rows,
            whole_timetables: options.whole_timetables,
            term: current_term(&stores, today),
            lookup: Lookup::new(&stores),
            stores,
            faults: Faults::default(),
            notices: Vec::new(),
            sheets: Vec::new(),
            changes: Vec::new(),
            changes_total: 0,
        })
    }

    /// The first day of facts whose sheet names none: of the term, or today.
    pub fn default_from(&self) -> NaiveDate {
        self.term.as_ref().map_or(self.today, |term| term.starts_on)
    }

    /// The day from which a changed fact counts when its sheet does not say: `--from`, or today.
    pub fn since(&self) -> NaiveDate {
        self.from.unwrap_or(self.today)
    }

    /// The day from which a changed timetable counts: `--from`, or the start of the term.
    pub fn timetable_from(&self) -> NaiveDate {
        self.from.unwrap_or_else(|| self.default_from())
    }

    /// Takes each row of a table in turn. `take` gives no outcome when the row has a fault, which it has added; who
    /// refers to the row's `named` thing is then told so.
    pub fn rows<'t>(
        &mut self,
        table: &'t Table,
        named: Option<(Thing, &str)>,
        mut take: impl FnMut(&mut Self, Row<'t>) -> Option<Outcome>,
    ) {
        let sheet = table.sheet.name;
        for row in table.rows() {
            let bad = self.faults.is_bad(sheet, row.number());
            let outcome = if bad { None } else { take(self, row) };
            match (outcome, named) {
                (Some(outcome), _) => self.sheet(sheet).count(outcome),
                (None, Some((thing, heading))) => self.lookup.refuse(thing, row, heading),
                (None, None) => {}
            }
        }
    }

    /// The counts of a sheet.
    pub fn sheet(&mut self, sheet: &'static str) -> &mut SheetReport {
        let at = self.sheets.iter().position(|report| report.sheet == sheet).unwrap_or_else(|| {
            self.sheets.push(SheetReport { sheet, ..SheetReport::default() });
            self.sheets.len() - 1
        });
        &mut self.sheets[at]
    }

    /// The value, or none with its fault added.
    pub fn take<T>(&mut self, result: std::result::Result<T, Fault>) -> Option<T> {
        self.faults.take(result)
    }

    /// None when the cells read so far have faults, which are added. Asked before anything of the row is saved.
    pub fn sound(&mut self, edit: &mut Edit<'_>) -> Option<()> {
        let faults = edit.faults();
        let sound = faults.is_empty();
        self.faults.extend(faults);
        sound.then_some(())
    }

    /// The changes of an edit, or none with its faults added.
    pub fn accept(&mut self, mut edit: Edit<'_>) -> Option<Vec<Change>> {
        self.sound(&mut edit)?;
        Some(edit.changes())
    }

    /// Adds a fault at a cell.
    pub fn fault(&mut self, row: Row<'_>, kind: FaultKind, heading: &str, message: Bilingual) {
        self.faults.push(row.fault(kind, heading, message));
    }

    /// Adds a notice about a sheet, once.
    pub fn notice(&mut self, sheet: &'static str, message: Bilingual) {
        self.add_notice(Notice::new(sheet, message));
    }

    /// Adds a notice, once.
    pub fn add_notice(&mut self, notice: Notice) {
        if !self.notices.contains(&notice) {
            self.notices.push(notice);
        }
    }

    /// What became of a row; keeps its change lines.
    pub fn settle(&mut self, row: Row<'_>, what: &str, created: bool, changes: Vec<Change>) -> Outcome {
        if created {
            return Outcome::Created;
        }
        let outcome = if changes.is_empty() { Outcome::Unchanged } else { Outcome::Changed };
        for change in changes {
            self.changes_total += 1;
            if self.changes.len() < MAX_LINES {
                self.changes.push(ChangeLine { sheet: row.sheet().name, what: what.to_owned(), change });
            }
        }
        outcome
    }

    /// Reports stored rows that the sheet does not list; they stay as they are.
    pub fn missing(&mut self, sheet: &'static str, names: Vec<String>) {
        if names.is_empty() {
            return;
        }
        let count = names.len();
        self.sheet(sheet).missing = count;
        let listed = names.iter().take(5).map(String::as_str).collect::<Vec<_>>().join("、");
        let more = if count > 5 { "等" } else { "" };
        self.notice(
            sheet,
            Bilingual::new(
                format!("数据库中有{count}条本表没有列出，保持不变：{listed}{more}"),
                format!("{count} stored rows are not listed here and stay as they are: {listed}"),
            ),
        );
    }

    /// The term, or none with a fault at the sheet.
    pub fn term_for(&mut self, table: &Table) -> Option<term::Model> {
        if self.term.is_none() {
            let message = Bilingual::new(
                "还没有学期，请在“校历”表写一行类型为“学期”的起止日期",
                "there is no term yet; write a row of the kind 学期 with its dates in the sheet 校历",
            );
            self.faults.push(Fault::new(FaultKind::Sheet, table.sheet.name, message));
        }
        self.term.clone()
    }

    /// Counts the rows of each sheet that have a fault.
    pub fn count_refused(&mut self, tables: &[Table]) {
        for table in tables {
            let name = table.sheet.name;
            let spoilt = self.faults.spoils(name);
            let refused = self.faults.bad_rows(name).count();
            let report = self.sheet(name);
            report.rows = table.len();
            report.refused = if spoilt { table.len() } else { refused };
        }
        let order: HashMap<&str, usize> =
            (0..).zip(tables).map(|(at, table)| (table.sheet.name, at)).collect();
        self.sheets.sort_by_key(|report| order.get(report.sheet).copied());
    }
}

/// The term that runs today, or else the next one, or else the last.
pub fn current_term(stores: &Stores, today: NaiveDate) -> Option<term::Model> {
    let mut terms: Vec<&term::Model> = stores.terms.iter().collect();
    terms.sort_by_key(|term| term.starts_on);
    let open = terms.iter().find(|term| term.ends_on >= today);
    open.or(terms.last()).map(|term| (*term).clone())
}

/// The day before.
pub fn eve(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(1)).unwrap_or(day)
}

/// Whether a fact that ends on `until` still counts on `day` or later.
pub fn lasts(until: Option<NaiveDate>, day: NaiveDate) -> bool {
    until.is_none_or(|until| until >= day)
}
