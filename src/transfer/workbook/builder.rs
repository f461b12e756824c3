//! Building one table from cells that arrive one by one.
//!
//! Cells are never put into a grid: a workbook may claim a cell in the last row of the last column, and a grid up to
//! there would be seventeen thousand million cells.

use std::borrow::Cow;

use super::MAX_ROWS;
use crate::transfer::fault::{Bilingual, Fault, FaultKind, Notice};
use crate::transfer::heading::{self, HEAD_ROWS, Head, Heading};
use crate::transfer::sheets::Sheet;
use crate::transfer::table::{Cell, RowCells, Table};

/// The widest heading row that is looked at.
const MAX_COLUMNS: u32 = 1_000;

/// A cell before its column is known.
pub enum Raw<'a> {
    /// Text, to be normalised as its column asks.
    Text(Cow<'a, str>),
    /// Anything else.
    Ready(Cell),
}

/// What became of a sheet.
pub struct Built {
    /// The table, if a heading row was found.
    pub table: Option<Table>,
    /// For each column of the sheet its place in the table's rows.
    pub slots: Vec<Option<usize>>,
    /// Why the sheet cannot be used.
    pub faults: Vec<Fault>,
    /// What is worth knowing.
    pub notices: Vec<Notice>,
}

/// A sheet being read.
pub struct Builder<'a, 'b> {
    sheet: &'static Sheet,
    label: &'b str,
    budget: &'b mut usize,
    head: Vec<(u32, u32, Raw<'a>)>,
    heading: Option<Heading>,
    headless: bool,
    current: Option<RowCells>,
    rows: Vec<RowCells>,
    full: Option<Bilingual>,
}

impl<'a, 'b> Builder<'a, 'b> {
    /// A builder for a sheet called `label` in the workbook; `budget` is the text that may still be taken.
    pub fn new(sheet: &'static Sheet, label: &'b str, budget: &'b mut usize) -> Self {
        Self {
            sheet,
            label,
            budget,
            head: Vec::new(),
            heading: None,
            headless: false,
            current: None,
            rows: Vec::new(),
            full: None,
        }
    }

    /// Whether there is no use in reading on.
    pub fn is_full(&self) -> bool {
        self.full.is_some() || self.headless
    }

    /// Takes the next cell, by row and column from 0.
    pub fn push(&mut self, row: u32, column: u32, raw: Raw<'a>) {
        if column >= MAX_COLUMNS {
            return;
        }
        if self.heading.is_none() && row < HEAD_ROWS {
            // A sound file names each cell once.
            if self.head.len() < (HEAD_ROWS * MAX_COLUMNS) as usize {
                self.head.push((row, column, raw));
            }
            return;
        }
        self.close_head();
        self.put(row, column, raw);
    }

    /// The table, or why there is none.
    pub fn finish(mut self) -> Built {
        self.close_head();
        self.close_row();
        let mut faults: Vec<Fault> = Vec::new();
        faults.extend(self.full.map(|message| Fault::new(FaultKind::Sheet, self.sheet.name, message)));
        let Some(heading) = self.heading else {
            faults.extend(self.headless.then(|| heading::none_found(self.sheet)));
            return Built { table: None, slots: Vec::new(), faults, notices: Vec::new() };
        };
        faults.extend(heading.faults(self.sheet));
        let notices = heading.notices(self.label).into_iter().collect();
        // Merged cells are looked up by row number.
        self.rows.sort_by_key(|row| row.number);
        let table = Table { sheet: self.sheet, columns: heading.columns, rows: self.rows };
        Built { table: Some(table), slots: heading.slots, faults, notices }
    }

    /// Looks for the heading row in the rows so far; what follows it is data.
    fn close_head(&mut self) {
        if self.heading.is_some() || self.headless {
            return;
        }
        let cells = std::mem::take(&mut self.head);
        let mut head = Head::new();
        for (row, column, raw) in &cells {
            if let Raw::Text(text) = raw
                && !text.trim().is_empty()
            {
                // No heading is that long; a cell of megabytes is not worth normalising for every column.
                let start: String = text.chars().take(200).collect();
                head.entry(*row).or_default().insert(*column, start);
            }
        }
        let Some(heading) = heading::find(self.sheet, &head) else {
            self.headless = cells.iter().any(|(_, _, raw)| !raw.is_blank());
            return;
        };
        let first = heading.row;
        self.heading = Some(heading);
        for (row, column, raw) in cells.into_iter().filter(|(row, _, _)| *row > first) {
            self.put(row, column, raw);
        }
    }

    fn put(&mut self, row: u32, column: u32, raw: Raw<'a>) {
        let Some(heading) = &self.heading else {
            self.headless |= !raw.is_blank();
            return;
        };
        let Some(slot) = heading.slots.get(column as usize).copied().flatten() else {
            return;
        };
        let kind = heading.columns[slot].column.kind;
        let width = heading.columns.len();
        let cell = match raw {
            Raw::Text(text) => Cell::from_text(&text, kind),
            Raw::Ready(cell) => cell,
        };
        self.spend(&cell);
        if self.current.as_ref().is_none_or(|current| current.number != row + 1) {
            self.close_row();
            self.current = Some(RowCells { number: row + 1, cells: vec![Cell::Empty; width].into() });
        }
        if let Some(current) = &mut self.current {
            current.cells[slot] = cell;
        }
    }

    /// Counts the text against the workbook's budget: a file can name one long text a million times.
    fn spend(&mut self, cell: &Cell) {
        let bytes = if let Cell::Text(text) = cell { text.len() } else { 0 };
        match self.budget.checked_sub(bytes) {
            Some(left) => *self.budget = left,
            None => self.full = Some(too_much_text()),
        }
    }

    fn close_row(&mut self) {
        let Some(row) = self.current.take() else {
            return;
        };
        if row.cells.iter().all(Cell::is_empty) {
            return;
        }
        if self.rows.len() == MAX_ROWS {
            self.full = Some(too_many_rows());
            return;
        }
        self.rows.push(row);
    }
}

impl Raw<'_> {
    fn is_blank(&self) -> bool {
        match self {
            Self::Text(text) => text.trim().is_empty(),
            Self::Ready(cell) => cell.is_empty(),
        }
    }
}

fn too_many_rows() -> Bilingual {
    Bilingual::new(
        format!("数据超过{MAX_ROWS}行，请分成几个文件导入"),
        format!("more than {MAX_ROWS} rows; import it in parts"),
    )
}

fn too_much_text() -> Bilingual {
    Bilingual::new(
        "工作簿的文字总量过大，请删去多余的内容或分成几个文件导入",
        "the workbook holds too much text; remove what is not needed, or import it in parts",
    )
}
