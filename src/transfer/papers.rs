//! The papers of a round of rotation as a workbook that is printed: tables across, forms upright, one to a page.

use std::collections::HashSet;

use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::book::{bounded, is_formula_like};
use super::export::{LINE, cell_format, fit_height, head, printed_width};
use crate::rotations::papers::{Cell, Field, Form, Paper, Table};

/// Columns of a form: label and value, twice.
const FORM_WIDTHS: [f64; 4] = [12.0, 30.0, 12.0, 30.0];
/// Width of a value that goes across.
const ACROSS: f64 = 72.0;
/// The longest name of a sheet.
const SHEET_NAME: usize = 31;

/// A paper as .xlsx: a sheet for each table or form.
///
/// # Errors
/// What the writer says.
pub fn workbook(paper: &Paper) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    for table in &paper.tables {
        table_sheet(workbook.add_worksheet(), table)?;
    }
    let mut names = HashSet::new();
    for form in &paper.forms {
        let sheet = workbook.add_worksheet();
        sheet.set_name(sheet_name(&form.name, &mut names))?;
        form_sheet(sheet, form)?;
    }
    if paper.tables.is_empty() && paper.forms.is_empty() {
        let sheet = workbook.add_worksheet();
        sheet.set_name(paper.kind.zh())?;
        sheet.write_string(0, 0, "没有可填的内容。")?;
    }
    workbook.save_to_buffer()
}

fn table_sheet(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    sheet.set_name(&table.name)?;
    let headings: Vec<&str> = table.columns.iter().map(|column| column.heading).collect();
    let widths: Vec<f64> = table.columns.iter().map(|column| column.width).collect();
    head(sheet, &table.title, &headings, &widths)?;
    let mut line = 2;
    for row in &table.rows {
        cells(sheet, line, row, &widths, table.least_lines, &cell_format())?;
        line += 1;
    }
    if table.rows.is_empty() {
        let centred = cell_format().set_align(FormatAlign::Center);
        across(sheet, line, last(&widths), "（无）", &centred)?;
        line += 1;
    } else if let Some(sums) = &table.sums {
        cells(sheet, line, sums, &widths, 1, &cell_format().set_bold())?;
        line += 1;
    }
    let width: f64 = widths.iter().sum();
    for note in &table.notes {
        note_line(sheet, line, last(&widths), note, width)?;
        line += 1;
    }
    Ok(())
}

fn last(widths: &[f64]) -> u16 {
    widths.len().saturating_sub(1) as u16
}

fn cells(
    sheet: &mut Worksheet,
    line: u32,
    row: &[Cell],
    widths: &[f64],
    least_lines: u32,
    format: &Format,
) -> Result<(), XlsxError> {
    let texts: Vec<String> = row.iter().map(Cell::text).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    fit_height(sheet, line, &texts, widths, f64::from(least_lines))?;
    for (column, cell) in (0_u16..).zip(row) {
        match cell {
            Cell::Number(number) => {
                let format = format.clone().set_align(FormatAlign::Center);
                sheet.write_number_with_format(line, column, *number, &format)?;
            }
            Cell::Text(text) => text_cell(sheet, line, column, text, format)?,
        }
    }
    Ok(())
}

/// Text that stays text, also when somebody edits the cell.
pub(super) fn text_cell(
    sheet: &mut Worksheet,
    line: u32,
    column: u16,
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    if is_formula_like(text) {
        let format = format.clone().set_quote_prefix();
        sheet.write_string_with_format(line, column, bounded(text), &format)?;
    } else {
        sheet.write_string_with_format(line, column, bounded(text), format)?;
    }
    Ok(())
}

/// Text across the columns from the first to `to`.
pub(super) fn across(
    sheet: &mut Worksheet,
    line: u32,
    to: u16,
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    sheet.merge_range(line, 0, line, to, &bounded(text), format)?;
    Ok(())
}

/// A remark below a table, as many lines high as it takes.
pub(super) fn note_line(
    sheet: &mut Worksheet,
    line: u32,
    to: u16,
    note: &str,
    width: f64,
) -> Result<(), XlsxError> {
    let format = Format::new().set_text_wrap().set_align(FormatAlign::VerticalCenter);
    across(sheet, line, to, note, &format)?;
    sheet.set_row_height(line, lines(note, width) * LINE + 5.0)?;
    Ok(())
}

/// Lines that a text takes in a width, in characters.
fn lines(text: &str, width: f64) -> f64 {
    text.split('\n').map(|line| (printed_width(line) / (width - 1.0)).ceil().max(1.0)).sum()
}

fn form_sheet(sheet: &mut Worksheet, form: &Form) -> Result<(), XlsxError> {
    upright(sheet, &FORM_WIDTHS)?;
    let title = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
    across(sheet, 0, 3, &form.title, &title)?;
    sheet.set_row_height(0, 30.0)?;
    let mut line = 1;
    let mut left: Option<&Field> = None;
    for field in &form.fields {
        match (field.lines, left.take()) {
            (0, None) => left = Some(field),
            (0, Some(first)) => {
                pair(sheet, line, first, Some(field))?;
                line += 1;
            }
            (_, before) => {
                if let Some(first) = before {
                    pair(sheet, line, first, None)?;
                    line += 1;
                }
                whole(sheet, line, field)?;
                line += 1;
            }
        }
    }
    if let Some(first) = left {
        pair(sheet, line, first, None)?;
        line += 1;
    }
    for note in &form.notes {
        note_line(sheet, line, 3, note, FORM_WIDTHS.iter().sum())?;
        line += 1;
    }
    Ok(())
}

/// A page upright on A4, all of it on one page.
pub(super) fn upright(sheet: &mut Worksheet, widths: &[f64]) -> Result<(), XlsxError> {
    for (column, width) in (0_u16..).zip(widths) {
        sheet.set_column_width(column, *width)?;
    }
    sheet.set_portrait().set_paper_size(9).set_print_fit_to_pages(1, 1).set_print_center_horizontally(true);
    Ok(())
}

fn label() -> Format {
    cell_format().set_align(FormatAlign::Center).set_background_color("#F2F5F9")
}

fn pair(sheet: &mut Worksheet, line: u32, first: &Field, second: Option<&Field>) -> Result<(), XlsxError> {
    let mut tall: f64 = 1.0;
    for (column, field) in [(0_u16, Some(first)), (2, second)] {
        let (name, value) = field.map_or(("", ""), |field| (field.label, field.value.as_str()));
        text_cell(sheet, line, column, name, &label())?;
        text_cell(sheet, line, column + 1, value, &cell_format())?;
        tall = tall.max(lines(value, FORM_WIDTHS[1]));
    }
    sheet.set_row_height(line, tall * LINE + 9.0)?;
    Ok(())
}

fn whole(sheet: &mut Worksheet, line: u32, field: &Field) -> Result<(), XlsxError> {
    text_cell(sheet, line, 0, field.label, &label())?;
    sheet.merge_range(line, 1, line, 3, "", &cell_format())?;
    text_cell(sheet, line, 1, &field.value, &cell_format())?;
    let tall = lines(&field.value, ACROSS).max(f64::from(field.lines));
    sheet.set_row_height(line, tall * LINE + 9.0)?;
    Ok(())
}

/// A name that Excel takes for a sheet, and that no other sheet has.
pub(super) fn sheet_name(wanted: &str, taken: &mut HashSet<String>) -> String {
    let plain: String =
        wanted.chars().map(|c| if "[]:*?/\\'".contains(c) || c.is_control() { '_' } else { c }).collect();
    let numbered = |number: usize| match number {
        1 => plain.chars().take(SHEET_NAME).collect::<String>(),
        number => {
            let tail = format!("（{number}）");
            let room = SHEET_NAME - tail.chars().count();
            plain.chars().take(room).chain(tail.chars()).collect()
        }
    };
    let mut names = (1..).map(numbered).filter(|name| !name.is_empty());
    // Excel does not tell small letters from large ones.
    names.find(|name| taken.insert(name.to_lowercase())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_of_two_people_with_one_name_are_told_apart() {
        let mut taken = HashSet::new();
        assert_eq!(sheet_name("LC1 李娜", &mut taken), "LC1 李娜");
        assert_eq!(sheet_name("lc1 李娜", &mut taken), "lc1 李娜（2）");
        let long = "很".repeat(40);
        assert_eq!(sheet_name(&long, &mut taken).chars().count(), SHEET_NAME);
        assert_eq!(sheet_name(&long, &mut taken).chars().count(), SHEET_NAME);
    }

    #[test]
    fn a_name_excel_refuses_is_written_otherwise() {
        assert_eq!(sheet_name("A/1 [李]: '娜'?", &mut HashSet::new()), "A_1 _李__ _娜__");
    }

    #[test]
    fn a_text_takes_the_lines_it_needs() {
        assert_eq!(lines("一行", 10.0), 1.0);
        assert_eq!(lines("一二三四五六七八九十", 11.0), 2.0);
        assert_eq!(lines("一\n二", 10.0), 2.0);
    }
}
