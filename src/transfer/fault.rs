//! What is wrong with a workbook, as data: where, which value, and what to do.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;

use super::{sheets, text};

/// How many faults are kept word for word; beyond it only the rows are remembered.
pub const MAX_KEPT: usize = 20_000;

pub use crate::error::Bilingual;

/// What sort of fault it is, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// The file cannot be read at all.
    File,
    /// A sheet cannot be read: no heading row, missing or doubled column, too many rows.
    Sheet,
    /// A required cell is empty.
    Required,
    /// A cell holds something else than its column asks for.
    Value,
    /// A cell holds too much text.
    TooLong,
    /// A number or name that occurs twice.
    Duplicate,
    /// Two rows that cannot both hold.
    Clash,
    /// A reference to something that does not exist.
    Unknown,
    /// The row is sound but depends on a bad one.
    Depends,
}

/// One problem of a workbook.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Fault {
    /// What sort of fault.
    pub kind: FaultKind,
    /// The sheet's Chinese name; the file's name for a fault of the whole file.
    pub sheet: String,
    /// The row as Excel numbers it, from 1.
    pub row: Option<u32>,
    /// The column's canonical heading.
    pub column: Option<Box<str>>,
    /// The value, cut at 40 characters.
    pub value: Option<Box<str>>,
    /// What is wrong and what to do.
    pub message: Bilingual,
}

impl Fault {
    /// A fault of a whole file or sheet.
    pub fn new(kind: FaultKind, sheet: impl Into<String>, message: Bilingual) -> Self {
        Self { kind, sheet: sheet.into(), row: None, column: None, value: None, message }
    }

    /// The same fault, at a row.
    pub fn at_row(mut self, row: u32) -> Self {
        self.row = Some(row);
        self
    }

    /// The same fault, at a column with its value.
    pub fn at_cell(mut self, column: &str, value: &str) -> Self {
        self.column = Some(column.into());
        self.value = (!value.is_empty()).then(|| text::shorten(value).into());
        self
    }

    /// The fault in English; `Display` gives the Chinese.
    pub fn english(&self) -> String {
        let mut place = self.sheet.clone();
        self.row.iter().for_each(|row| place.push_str(&format!(" row {row}")));
        self.column.iter().for_each(|column| place.push_str(&format!(" “{column}”")));
        self.value.iter().for_each(|value| place.push_str(&format!(" = “{value}”")));
        format!("{place}: {}", self.message.en)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_place(f, &self.sheet, self.row, self.column.as_deref())?;
        if let Some(value) = &self.value {
            write!(f, " = “{value}”")?;
        }
        write!(f, "：{}", self.message.zh)
    }
}

/// Something worth knowing that stops nothing: an ignored column, an empty sheet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Notice {
    /// The sheet's name as in the workbook.
    pub sheet: String,
    /// The row as Excel numbers it, from 1.
    pub row: Option<u32>,
    /// The column's heading.
    pub column: Option<String>,
    /// What was noticed and what follows from it.
    pub message: Bilingual,
}

impl Notice {
    /// A notice about a sheet.
    pub fn new(sheet: impl Into<String>, message: Bilingual) -> Self {
        Self { sheet: sheet.into(), row: None, column: None, message }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_place(f, &self.sheet, self.row, self.column.as_deref())?;
        write!(f, "：{}", self.message.zh)
    }
}

fn write_place(
    f: &mut fmt::Formatter<'_>,
    sheet: &str,
    row: Option<u32>,
    column: Option<&str>,
) -> fmt::Result {
    write!(f, "{sheet}")?;
    if let Some(row) = row {
        write!(f, " 第{row}行")?;
    }
    if let Some(column) = column {
        write!(f, " “{column}”")?;
    }
    Ok(())
}

/// The faults of an import, each once, in the order found.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    kept: Vec<Fault>,
    seen: HashSet<Fault>,
    bad_rows: HashMap<String, BTreeSet<u32>>,
    omitted: usize,
}

impl Faults {
    /// Adds a fault, unless it is there already.
    pub fn push(&mut self, fault: Fault) {
        if let Some(row) = fault.row {
            self.bad_rows.entry(fault.sheet.clone()).or_default().insert(row);
        }
        // A workbook with a fault in every cell must not fill the memory with messages nobody reads.
        if self.kept.len() >= MAX_KEPT {
            self.omitted += usize::from(!self.seen.contains(&fault));
        } else if self.seen.insert(fault.clone()) {
            self.kept.push(fault);
        }
    }

    /// Keeps the fault of a failed reading, or gives the value.
    pub fn take<T>(&mut self, result: Result<T, Fault>) -> Option<T> {
        result.map_err(|fault| self.push(fault)).ok()
    }

    /// The faults kept, in the order found.
    pub fn iter(&self) -> std::slice::Iter<'_, Fault> {
        self.kept.iter()
    }

    /// The faults kept, as they stand in the workbook: by sheet, row and column.
    pub fn in_order(&self) -> Vec<&Fault> {
        let mut faults: Vec<&Fault> = self.kept.iter().collect();
        faults.sort_by_cached_key(|fault| {
            let sheet = sheets::place(&fault.sheet);
            let column =
                fault.column.as_deref().and_then(|heading| sheets::column_place(&fault.sheet, heading));
            (sheet, fault.row, column)
        });
        faults
    }

    /// All faults counted, also those not kept word for word.
    pub fn len(&self) -> usize {
        self.kept.len() + self.omitted
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// How many faults are counted but not kept word for word.
    pub fn omitted(&self) -> usize {
        self.omitted
    }

    /// Whether the row has a fault.
    pub fn is_bad(&self, sheet: &str, row: u32) -> bool {
        self.bad_rows.get(sheet).is_some_and(|rows| rows.contains(&row))
    }

    /// Whether the whole sheet could not be read.
    pub fn spoils(&self, sheet: &str) -> bool {
        self.kept.iter().any(|fault| fault.kind == FaultKind::Sheet && fault.sheet == sheet)
    }

    /// The rows of a sheet that have a fault, ascending.
    pub fn bad_rows(&self, sheet: &str) -> impl Iterator<Item = u32> + '_ {
        self.bad_rows.get(sheet).into_iter().flatten().copied()
    }
}

impl Extend<Fault> for Faults {
    fn extend<I: IntoIterator<Item = Fault>>(&mut self, faults: I) {
        faults.into_iter().for_each(|fault| self.push(fault));
    }
}

impl<'a> IntoIterator for &'a Faults {
    type Item = &'a Fault;
    type IntoIter = std::slice::Iter<'a, Fault>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month() -> Fault {
        let message = Bilingual::new(
            "月份应为 1–12，请改为如 1990.12",
            "the month must be 1–12; write for example 1990.12",
        );
        Fault::new(FaultKind::Value, "教师", message).at_row(15).at_cell("出生年月", "1990.13")
    }

    #[test]
    fn a_fault_reads_as_a_sentence() {
        assert_eq!(
            month().to_string(),
            "教师 第15行 “出生年月” = “1990.13”：月份应为 1–12，请改为如 1990.12"
        );
        assert_eq!(
            month().english(),
            "教师 row 15 “出生年月” = “1990.13”: the month must be 1–12; write for example 1990.12"
        );
    }

    #[test]
    fn a_fault_found_twice_counts_once() {
        let mut faults = Faults::default();
        faults.extend([month(), month()]);
        assert_eq!(faults.len(), 1);
        assert!(faults.is_bad("教师", 15));
    }

    #[test]
    fn beyond_the_limit_only_rows_are_remembered() {
        let mut faults = Faults::default();
        faults.extend((1..=MAX_KEPT as u32 + 5).map(|row| month().at_row(row)));
        assert_eq!((faults.iter().len(), faults.omitted()), (MAX_KEPT, 5));
        assert!(faults.is_bad("教师", MAX_KEPT as u32 + 5));
    }
}
