//! What an import did, or would do.

use std::fmt;
use std::path::PathBuf;

use crate::transfer::fault::{Faults, Notice};

/// How many change lines are kept word for word.
pub const MAX_LINES: usize = 200;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// As stored already.
    Unchanged,
    /// Something stored differs.
    Changed,
    /// Not stored before.
    Created,
}

/// The outcome of an import.
#[derive(Debug, Default)]
pub struct ImportReport {
    /// One for each sheet of the workbook that has rows, in the template's order.
    pub sheets: Vec<SheetReport>,
    /// What is wrong with the workbook.
    pub faults: Faults,
    /// What is worth knowing and stops nothing.
    pub notices: Vec<Notice>,
    /// What changes in stored rows, the first [`MAX_LINES`].
    pub changes: Vec<ChangeLine>,
    /// How many such lines there are in all.
    pub changes_total: usize,
    /// Whether anything was written.
    pub committed: bool,
    /// Where the database was copied before.
    pub backup: Option<PathBuf>,
}

impl ImportReport {
    /// The counts of all sheets together.
    pub fn totals(&self) -> SheetReport {
        let mut totals = SheetReport::default();
        for sheet in &self.sheets {
            totals.rows += sheet.rows;
            totals.created += sheet.created;
            totals.changed += sheet.changed;
            totals.unchanged += sheet.unchanged;
            totals.refused += sheet.refused;
            totals.ended += sheet.ended;
            totals.missing += sheet.missing;
        }
        totals
    }
}

/// The rows of one sheet, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetReport {
    /// The sheet.
    pub sheet: &'static str,
    /// Rows of the sheet.
    pub rows: usize,
    /// Rows not stored before.
    pub created: usize,
    /// Rows that differ from what is stored.
    pub changed: usize,
    /// Rows that are stored already.
    pub unchanged: usize,
    /// Rows with a fault.
    pub refused: usize,
    /// Stored facts that a row of the sheet puts an end to.
    pub ended: usize,
    /// Stored rows that the sheet does not list; they stay.
    pub missing: usize,
}

impl SheetReport {
    /// Counts a row.
    pub fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Created => self.created += 1,
            Outcome::Changed => self.changed += 1,
            Outcome::Unchanged => self.unchanged += 1,
        }
    }
}

/// A field of a stored row that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeLine {
    /// The sheet.
    pub sheet: &'static str,
    /// Which row, in words people know, e.g. `LC00012 王芳`.
    pub what: String,
    /// What changes.
    pub change: Change,
}

/// A field that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The column's heading.
    pub field: &'static str,
    /// The value before; empty: none.
    pub before: String,
    /// The value after; empty: none.
    pub after: String,
}

impl fmt::Display for ChangeLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |value: &str| if value.is_empty() { "（空）".to_owned() } else { value.to_owned() };
        let Change { field, before, after } = &self.change;
        write!(f, "{} {} {field}：{} → {}", self.sheet, self.what, shown(before), shown(after))
    }
}
