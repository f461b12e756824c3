//! The term table and the cover list as the office's workbook, and the sessions as a calendar file.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use crate::calendar::ical::{self, Event, Person, Standing};
use crate::id::Kind;
use crate::plans::cover::{self, CoverList};
use crate::plans::term_table::{COLUMNS, TermRow, TermTable};
use crate::scope::Scope;

/// Widths of the columns, in characters.
const WIDTHS: [f64; 11] = [7.0, 14.0, 17.0, 14.0, 20.0, 12.0, 18.0, 28.0, 9.0, 9.0, 38.0];
/// Widths of the cover list's columns, in characters.
const COVER_WIDTHS: [f64; 8] = [24.0, 16.0, 8.0, 18.0, 14.0, 12.0, 40.0, 14.0];
/// Height of one line, in points.
pub(super) const LINE: f64 = 15.0;

/// The term table as .xlsx, the cover list on a second sheet: printable on A4 across, the headings on every page and frozen on
/// the screen.
///
/// # Errors
/// What the writer says.
pub fn workbook(scope: &Scope, table: &TermTable, cover: &CoverList) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    term_sheet(workbook.add_worksheet(), table)?;
    cover_sheet(workbook.add_worksheet(), scope, cover)?;
    workbook.save_to_buffer()
}

/// The cover list alone as .xlsx.
///
/// # Errors
/// What the writer says.
pub fn cover_workbook(scope: &Scope, cover: &CoverList) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    cover_sheet(workbook.add_worksheet(), scope, cover)?;
    workbook.save_to_buffer()
}

fn term_sheet(sheet: &mut Worksheet, table: &TermTable) -> Result<(), XlsxError> {
    sheet.set_name("教研活动安排表")?;
    let with_group = several_groups(table);
    let mut headings: Vec<&str> = COLUMNS.to_vec();
    let mut widths = WIDTHS.to_vec();
    if with_group {
        headings.insert(0, "集团");
        widths.insert(0, 16.0);
    }
    head(sheet, &table.title, &headings, &widths)?;
    let mut line = 2;
    for row in &table.rows {
        let mut cells: Vec<&str> = row.cells.iter().map(String::as_str).collect();
        if with_group {
            cells.insert(0, &row.group);
        }
        write_line(sheet, line, &cells, &widths)?;
        line += 1;
    }
    for undated in &table.undated {
        let why = undated.obstacles.first().map_or("", |obstacle| obstacle.zh.as_str());
        let session = &undated.session;
        let mut cells = vec!["", "待定", "", "", &undated.name, session.form.zh(), "", "", "", "", why];
        if with_group {
            cells.insert(0, &undated.group);
        }
        write_line(sheet, line, &cells, &widths)?;
        line += 1;
    }
    Ok(())
}

fn cover_sheet(sheet: &mut Worksheet, scope: &Scope, cover: &CoverList) -> Result<(), XlsxError> {
    sheet.set_name("调课单")?;
    head(sheet, &cover.title, &cover::COLUMNS, &COVER_WIDTHS)?;
    for (line, row) in (2..).zip(&cover.rows) {
        let cells = row.cells(scope);
        write_line(sheet, line, &cells.each_ref().map(String::as_str), &COVER_WIDTHS)?;
    }
    if cover.rows.is_empty() {
        sheet.write_string(2, 0, cover::NOTHING)?;
    }
    Ok(())
}

/// Title, headings, and how the sheet is printed.
pub(super) fn head(
    sheet: &mut Worksheet,
    title: &str,
    headings: &[&str],
    widths: &[f64],
) -> Result<(), XlsxError> {
    let format = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
    sheet.merge_range(0, 0, 0, (headings.len() - 1) as u16, title, &format)?;
    let heading = cell_format().set_bold().set_align(FormatAlign::Center).set_background_color("#E8EEF4");
    for (column, (name, width)) in headings.iter().zip(widths).enumerate() {
        sheet.write_with_format(1, column as u16, *name, &heading)?;
        sheet.set_column_width(column as u16, *width)?;
    }
    sheet.set_freeze_panes(2, 0)?;
    sheet.set_repeat_rows(0, 1)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_footer("&C第&P页，共&N页");
    Ok(())
}

fn several_groups(table: &TermTable) -> bool {
    let mut groups =
        table.rows.iter().map(|row| &row.group).chain(table.undated.iter().map(|row| &row.group));
    let first = groups.next();
    groups.any(|group| Some(group) != first)
}

/// The look of an ordinary cell.
pub(super) fn cell_format() -> Format {
    Format::new().set_text_wrap().set_align(FormatAlign::VerticalCenter).set_border(FormatBorder::Thin)
}

/// Everything is written as text: a cell that begins with `=` is no formula.
fn write_line(sheet: &mut Worksheet, line: u32, cells: &[&str], widths: &[f64]) -> Result<(), XlsxError> {
    fit_height(sheet, line, cells, widths, 1.0)?;
    for (column, text) in cells.iter().enumerate() {
        sheet.write_string_with_format(line, column as u16, *text, &cell_format())?;
    }
    Ok(())
}

/// Makes a row as high as its wrapped texts, and `least` lines at least: not every program does so by itself.
pub(super) fn fit_height(
    sheet: &mut Worksheet,
    line: u32,
    cells: &[&str],
    widths: &[f64],
    least: f64,
) -> Result<(), XlsxError> {
    let lines = cells.iter().zip(widths).map(|(text, width)| (printed_width(text) / (width - 1.0)).ceil());
    sheet.set_row_height(line, lines.fold(least, f64::max) * LINE + 3.0)?;
    Ok(())
}

/// Width in characters of the sheet's default font: a Chinese one takes two.
pub(super) fn printed_width(text: &str) -> f64 {
    text.chars().map(|c| if c.is_ascii() { 1.0 } else { 2.0 }).sum()
}

/// The dated sessions as one calendar file, to subscribe or import. `organizer` is who sends the office's mail.
pub fn calendar(scope: &Scope, table: &TermTable, organizer: &Person) -> String {
    let events: Vec<Event> = table.rows.iter().map(|row| event(scope, row, organizer)).collect();
    ical::feed(&table.title, &events)
}

fn event(scope: &Scope, row: &TermRow, organizer: &Person) -> Event {
    let facts = COLUMNS.iter().zip(&row.cells).filter(|(_, cell)| !cell.is_empty());
    let description: Vec<String> = facts.map(|(name, cell)| format!("{name}：{cell}")).collect();
    Event {
        uid: format!("{}@tongpan", Kind::Session.id(row.session.id)),
        sequence: u32::try_from(row.session.sequence).unwrap_or(0),
        stamped_at: scope.now(),
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        summary: format!("{} {}", row.group, row.cells[4]),
        location: row.place.clone(),
        description: description.join("\n"),
        url: row.session.online_url.clone(),
        standing: Standing::Confirmed,
        organizer: organizer.clone(),
        alarm_minutes: None,
    }
}
