//! A sheet's rows in memory: [`Table`], [`Row`], [`Cell`].

use std::borrow::Cow;

use chrono::{Days, NaiveDate};

use super::fault::{Bilingual, Fault, FaultKind};
use super::fields::{self, Parsed};
use super::sheets::{Column, Kind, Sheet};
use super::text;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text in canonical form.
    Text(Box<str>),
    /// A number.
    Number(f64),
    /// A real date or time: days since Excel's epoch of 1900.
    Moment(f64),
    /// A truth value.
    Bool(bool),
    /// A formula's error, such as `#REF!`; `=` for a formula that was never worked out.
    Error(Box<str>),
    /// Text that is too long: its start and its length in characters.
    TooLong(Box<str>, usize),
}

impl Cell {
    /// Text as a column of this kind keeps it.
    pub fn from_text(raw: &str, kind: Kind) -> Self {
        let chars = if raw.len() > text::MAX_CHARS { raw.chars().count() } else { 0 };
        if chars > text::MAX_CHARS {
            let start: String = raw.chars().take(text::MAX_SHOWN + 1).collect();
            return Self::TooLong(start.into(), chars);
        }
        // Lines separate the items of a list, and the thoughts of a remark.
        let lines = matches!(kind, Kind::Prose | Kind::List);
        let text = if lines { text::prose(raw) } else { text::name(raw) };
        if text.is_empty() { Self::Empty } else { Self::Text(text.into()) }
    }

    /// Whether there is nothing in the cell.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// The cell as text: numbers without a needless `.0`, dates as `2026-09-01`, times as `08:30`.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) | Self::Error(text) | Self::TooLong(text, _) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number_text(*number)),
            Self::Moment(days) => Cow::Owned(moment_text(*days)),
            Self::Bool(yes) => Cow::Borrowed(if *yes { "TRUE" } else { "FALSE" }),
        }
    }
}

/// The date of Excel's day number; none outside of Excel's calendar.
pub fn date_of_serial(days: f64) -> Option<NaiveDate> {
    if !(0.0..2_958_466.0).contains(&days) {
        return None;
    }
    let whole = days.floor() as u64;
    // Excel counts a 29 February 1900 that never was.
    let since = if whole < 60 { whole + 1 } else { whole };
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(since))
}

fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return (number as i64).to_string();
    }
    // Excel shows fifteen digits; 4.4000000000000004 was typed as 4.4.
    let digits = (14.0 - number.abs().log10().floor()).clamp(0.0, 34.0) as usize;
    let shown = format!("{number:.digits$}");
    let Some((whole, fraction)) = shown.split_once('.') else {
        return shown;
    };
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

fn moment_text(days: f64) -> String {
    let minutes = (days.fract() * 1_440.0).round() as u32;
    let clock = format!("{:02}:{:02}", minutes / 60, minutes % 60);
    match date_of_serial(days) {
        Some(_) if days < 1.0 => clock,
        Some(date) if minutes == 0 => date.to_string(),
        Some(date) => format!("{date} {clock}"),
        None => number_text(days),
    }
}

/// A column as found in a workbook.
#[derive(Debug, Clone)]
pub struct FoundColumn {
    /// Its description.
    pub column: &'static Column,
    /// The heading as the workbook has it.
    pub heading: String,
}

/// Rows held before their sheet is known to be sound: number and cells.
pub(super) struct RowCells {
    pub(super) number: u32,
    pub(super) cells: Box<[Cell]>,
}

/// A sheet as plain rows of text: what the demo county and the export hand over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawTable {
    /// The sheet's name.
    pub sheet: String,
    /// The headings.
    pub headings: Vec<String>,
    /// The rows, each in the order of the headings; shorter rows end in empty cells.
    pub rows: Vec<Vec<String>>,
}

/// The rows of one sheet.
pub struct Table {
    /// The sheet's description.
    pub sheet: &'static Sheet,
    /// The known columns, in the workbook's order.
    pub columns: Vec<FoundColumn>,
    pub(super) rows: Vec<RowCells>,
}

impl Table {
    /// The rows that are not blank, in the workbook's order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.rows.iter().map(|row| Row { table: self, row })
    }

    /// How many rows are not blank.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether the workbook has the column.
    pub fn has(&self, heading: &str) -> bool {
        self.columns.iter().any(|found| found.column.heading == heading)
    }
}

/// A row of a table.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table,
    row: &'a RowCells,
}

impl<'a> Row<'a> {
    /// The row as Excel numbers it, from 1.
    pub fn number(self) -> u32 {
        self.row.number
    }

    /// The sheet the row belongs to.
    pub fn sheet(self) -> &'static Sheet {
        self.table.sheet
    }

    /// The cells, in the order of the table's columns.
    pub fn cells(self) -> &'a [Cell] {
        &self.row.cells
    }

    /// The cell below a canonical heading; empty when the workbook lacks the column.
    pub fn cell(self, heading: &str) -> &'a Cell {
        let at = self.table.columns.iter().position(|found| found.column.heading == heading);
        at.and_then(|at| self.row.cells.get(at)).unwrap_or(&Cell::Empty)
    }

    /// The value below a heading, if there is one.
    ///
    /// The column's own description is checked first (required, known values, kind), so that a value that gets
    /// through is one the template allows. Known values arrive in their canonical spelling.
    pub fn read<T>(self, heading: &str, parse: impl Fn(&Cell) -> Parsed<T>) -> Result<Option<T>, Fault> {
        let cell = self.cell(heading);
        match cell {
            Cell::Empty => return self.empty(heading),
            Cell::Error(_) => return Err(self.fault(FaultKind::Value, heading, formula_error())),
            Cell::TooLong(_, chars) => {
                return Err(self.fault(FaultKind::TooLong, heading, too_long(*chars)));
            }
            _ => {}
        }
        let checked =
            self.table.sheet.column(heading).map_or(Ok(Cow::Borrowed(cell)), |column| known(column, cell));
        let parsed = checked.and_then(|cell| parse(&cell));
        parsed.map(Some).map_err(|fault| self.fault(FaultKind::Value, heading, fault.message))
    }

    /// The value below a heading, which this row must have.
    pub fn require<T>(self, heading: &str, parse: impl Fn(&Cell) -> Parsed<T>) -> Result<T, Fault> {
        self.read(heading, parse)?.ok_or_else(|| self.missing(heading))
    }

    /// A fault at a cell of this row.
    pub fn fault(self, kind: FaultKind, heading: &str, message: Bilingual) -> Fault {
        Fault::new(kind, self.table.sheet.name, message)
            .at_row(self.number())
            .at_cell(heading, &self.cell(heading).text())
    }

    /// A fault of the row as a whole.
    pub fn row_fault(self, kind: FaultKind, message: Bilingual) -> Fault {
        Fault::new(kind, self.table.sheet.name, message).at_row(self.number())
    }

    fn empty<T>(self, heading: &str) -> Result<Option<T>, Fault> {
        let required = self.table.sheet.column(heading).is_some_and(|column| column.required);
        if required { Err(self.missing(heading)) } else { Ok(None) }
    }

    fn missing(self, heading: &str) -> Fault {
        let example = self.table.sheet.column(heading).map_or("", |column| column.example);
        let message = Bilingual::new(
            format!("必填，不能为空，请填写（如 {example}）"),
            format!("must not be empty; write for example {example}"),
        );
        self.fault(FaultKind::Required, heading, message)
    }
}

/// The cell in canonical spelling, if its column allows it.
fn known<'a>(column: &Column, cell: &'a Cell) -> Parsed<Cow<'a, Cell>> {
    let cell = canonical(column, cell)?;
    fields::check(column.kind, &cell)?;
    Ok(cell)
}

fn canonical<'a>(column: &Column, cell: &'a Cell) -> Parsed<Cow<'a, Cell>> {
    if column.choices.all().is_empty() {
        return Ok(Cow::Borrowed(cell));
    }
    let value = cell.text();
    if column.kind == Kind::List {
        let items: Vec<&str> =
            fields::split(&value).map(|item| column.choices.find(item).unwrap_or(item)).collect();
        return Ok(Cow::Owned(Cell::Text(items.join("、").into())));
    }
    match column.choices.find(&value) {
        Some(choice) => Ok(Cow::Owned(Cell::Text(choice.into()))),
        None if column.choices.closed() => Err(not_a_choice(column)),
        None => Ok(Cow::Borrowed(cell)),
    }
}

fn not_a_choice(column: &Column) -> fields::FieldFault {
    let listed = column.choices.listed();
    fields::FieldFault::new(format!("只能填：{listed}"), format!("must be one of {listed}"))
}

fn formula_error() -> Bilingual {
    Bilingual::new(
        "单元格的公式没有算出结果，请改为实际内容",
        "the cell's formula has no result; write the value itself",
    )
}

fn too_long(chars: usize) -> Bilingual {
    Bilingual::new(
        format!("内容过长（{chars}字），请缩短到{}字以内", text::MAX_CHARS),
        format!("too long ({chars} characters); shorten it to {}", text::MAX_CHARS),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_read_as_typed() {
        let text = |cell: Cell| cell.text().into_owned();
        assert_eq!(text(Cell::Number(1.0)), "1");
        assert_eq!(text(Cell::Number(4.4 + 4e-16)), "4.4");
        assert_eq!(text(Cell::Number(112.30951)), "112.30951");
        assert_eq!(text(Cell::Number(0.000_1)), "0.0001");
        assert_eq!(text(Cell::Number(-2.5e300)).len(), 302);
        assert_eq!(text(Cell::Moment(46_266.0)), "2026-09-01");
        assert_eq!(text(Cell::Moment(8.5 / 24.0)), "08:30");
        assert_eq!(text(Cell::Moment(46_266.5)), "2026-09-01 12:00");
    }
}
