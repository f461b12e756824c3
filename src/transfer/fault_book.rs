//! The workbook of bad rows: each with its fault beside it, ready to be corrected and imported again.

use std::collections::{HashMap, HashSet};

use rust_xlsxwriter::{Workbook as Book, Worksheet, XlsxError};

use super::book::{Looks, note, width, write_value};
use super::fault::{Fault, Faults, Notice};
use super::sheets::{ORIGINAL_ROW, PROBLEM, SUMMARY};
use super::table::{Cell, Row, Table};
use super::workbook::Workbook;

/// The sheet whose rows belong together by class.
const TIMETABLE: &str = "课表";
/// What names a class in it.
const CLASS: [&str; 2] = ["学校", "班级"];
/// The columns before the sheet's own.
const OURS: u16 = 2;

/// The workbook of bad rows as bytes: a summary of all faults and notices, then per sheet its bad rows.
pub fn write(workbook: &Workbook, faults: &Faults) -> Result<Vec<u8>, XlsxError> {
    let looks = Looks::new();
    let mut book = Book::new();
    let sheet = book.add_worksheet();
    sheet.set_name(SUMMARY)?;
    write_summary(sheet, faults, &workbook.notices, &looks)?;
    let by_row = by_row(faults);
    for table in &workbook.tables {
        if faults.bad_rows(table.sheet.name).next().is_some() {
            let sheet = book.add_worksheet();
            sheet.set_name(table.sheet.name)?;
            write_rows(sheet, table, faults, &by_row, &looks)?;
        }
    }
    book.save_to_buffer()
}

/// The faults of each row.
type ByRow<'a> = HashMap<(&'a str, u32), Vec<&'a Fault>>;

fn by_row(faults: &Faults) -> ByRow<'_> {
    let mut rows = ByRow::new();
    for fault in faults.in_order() {
        if let Some(row) = fault.row {
            rows.entry((&fault.sheet, row)).or_default().push(fault);
        }
    }
    rows
}

fn write_rows(
    sheet: &mut Worksheet,
    table: &Table,
    faults: &Faults,
    by_row: &ByRow<'_>,
    looks: &Looks,
) -> Result<(), XlsxError> {
    write_headings(sheet, table, looks)?;
    for (at, row) in (1_u32..).zip(rows_to_mend(table, faults)) {
        let found = by_row.get(&(table.sheet.name, row.number())).map_or(&[][..], Vec::as_slice);
        write_row(sheet, at, table, row, found, looks)?;
    }
    sheet.set_freeze_panes(1, OURS)?;
    Ok(())
}

/// The bad rows of a sheet. Of a timetable, all rows of the classes they belong to: a class is imported whole, so that a corrected
/// file with some of its lessons would end the others.
fn rows_to_mend<'a>(table: &'a Table, faults: &Faults) -> impl Iterator<Item = Row<'a>> {
    let bad: HashSet<u32> = faults.bad_rows(table.sheet.name).collect();
    let classes: HashSet<_> = match table.sheet.name {
        TIMETABLE => table.rows().filter(|row| bad.contains(&row.number())).map(class).collect(),
        _ => HashSet::new(),
    };
    table.rows().filter(move |row| bad.contains(&row.number()) || classes.contains(&class(*row)))
}

fn class(row: Row<'_>) -> [String; 2] {
    CLASS.map(|heading| row.cell(heading).text().into_owned())
}

fn write_headings(sheet: &mut Worksheet, table: &Table, looks: &Looks) -> Result<(), XlsxError> {
    sheet.write_with_format(0, 0, PROBLEM, looks.heading(true))?;
    sheet.write_with_format(0, 1, ORIGINAL_ROW, looks.heading(false))?;
    sheet.set_column_width(0, 60)?;
    for (at, found) in (OURS..).zip(&table.columns) {
        sheet.write_with_format(0, at, &found.heading, looks.heading(found.column.required))?;
        let widest = width(&found.heading).max(width(found.column.example));
        sheet.set_column_width(at, widest.clamp(8.0, 30.0) + 2.0)?;
    }
    Ok(())
}

fn write_row(
    sheet: &mut Worksheet,
    at: u32,
    table: &Table,
    row: Row<'_>,
    faults: &[&Fault],
    looks: &Looks,
) -> Result<(), XlsxError> {
    sheet.write_string_with_format(at, 0, problems(faults), &looks.wrapped)?;
    sheet.write_number(at, 1, row.number())?;
    for ((column, found), cell) in (OURS..).zip(&table.columns).zip(row.cells()) {
        let here: Vec<&Fault> =
            faults.iter().copied().filter(|fault| is_at(fault, found.column.heading)).collect();
        let shown = as_shown(cell);
        if here.is_empty() {
            write_value(sheet, at, column, &shown, looks.plain(&shown.text()))?;
        } else {
            write_value(sheet, at, column, &shown, looks.faulty(&shown.text()))?;
            let lines: Vec<&str> = here.iter().map(|fault| fault.message.zh.as_str()).collect();
            sheet.insert_note(at, column, &note(&lines.join("\n")))?;
        }
    }
    Ok(())
}

fn is_at(fault: &Fault, heading: &str) -> bool {
    fault.column.as_deref() == Some(heading)
}

/// What is written of a cell. Of a text that is too long nothing is: its start alone would pass for the whole when
/// the workbook is imported again.
fn as_shown(cell: &Cell) -> Cell {
    match cell {
        Cell::TooLong(..) => Cell::Empty,
        Cell::Moment(_) | Cell::Error(_) | Cell::Bool(_) => Cell::Text(cell.text().into()),
        other => other.clone(),
    }
}

/// The messages of a row, one a line.
fn problems(faults: &[&Fault]) -> String {
    if faults.is_empty() {
        return "问题过多，未逐条列出；请先改正其他行再导入".to_owned();
    }
    let line = |fault: &&Fault| match (&fault.column, &fault.value) {
        (Some(column), Some(value)) => format!("“{column}” = “{value}”：{}", fault.message.zh),
        (Some(column), None) => format!("“{column}”：{}", fault.message.zh),
        _ => fault.message.zh.clone(),
    };
    faults.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// 问题汇总: every fault with its place, in both languages; then the notices.
fn write_summary(
    sheet: &mut Worksheet,
    faults: &Faults,
    notices: &[Notice],
    looks: &Looks,
) -> Result<(), XlsxError> {
    let headings = [("工作表", 14), ("行", 8), ("列", 16), ("内容", 24), (PROBLEM, 60), ("Problem", 60)];
    for (at, (heading, width)) in (0_u16..).zip(headings) {
        sheet.write_with_format(0, at, heading, looks.heading(false))?;
        sheet.set_column_width(at, width)?;
    }
    let mut at = 1;
    for fault in faults.in_order() {
        let value = fault.value.as_deref().unwrap_or_default();
        write_place(sheet, at, &fault.sheet, fault.row, fault.column.as_deref())?;
        sheet.write_string_with_format(at, 3, value, looks.plain(value))?;
        sheet.write_string_with_format(at, 4, &fault.message.zh, &looks.wrapped)?;
        sheet.write_string_with_format(at, 5, &fault.message.en, &looks.wrapped)?;
        at += 1;
    }
    if faults.omitted() > 0 {
        sheet.write_string(at, 4, format!("另有{}个问题未列出", faults.omitted()))?;
        at += 1;
    }
    for notice in notices {
        write_place(sheet, at, &notice.sheet, notice.row, notice.column.as_deref())?;
        sheet.write_string_with_format(at, 4, format!("提示：{}", notice.message.zh), &looks.wrapped)?;
        sheet.write_string_with_format(at, 5, format!("note: {}", notice.message.en), &looks.wrapped)?;
        at += 1;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn write_place(
    sheet: &mut Worksheet,
    at: u32,
    name: &str,
    row: Option<u32>,
    column: Option<&str>,
) -> Result<(), XlsxError> {
    sheet.write_string(at, 0, name)?;
    if let Some(row) = row {
        sheet.write_number(at, 1, row)?;
    }
    if let Some(column) = column {
        sheet.write_string(at, 2, column)?;
    }
    Ok(())
}
