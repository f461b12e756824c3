//! What every workbook we write has in common: looks, text that stays text, widths.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Note, Workbook, Worksheet, XlsxError};

use super::sheets::Kind;
use super::table::{Cell, RawTable};
use super::{sheets, text};

/// Writes filled tables as a workbook: the demo county, an export.
pub fn write_tables(tables: &[RawTable]) -> Result<Vec<u8>, XlsxError> {
    let looks = Looks::new();
    let mut workbook = Workbook::new();
    for table in tables {
        let sheet = workbook.add_worksheet();
        sheet.set_name(&table.sheet)?;
        write_table(sheet, table, &looks)?;
    }
    workbook.save_to_buffer()
}

fn write_table(sheet: &mut Worksheet, table: &RawTable, looks: &Looks) -> Result<(), XlsxError> {
    let known = sheets::sheet_named(&table.sheet);
    for (at, heading) in (0_u16..).zip(&table.headings) {
        let column = known.and_then(|sheet| sheet.column_named(heading));
        let kind = column.map_or(Kind::Name, |column| column.kind);
        sheet.write_with_format(0, at, heading, looks.heading(false))?;
        let mut widest = width(heading);
        for (row, cells) in (1_u32..).zip(&table.rows) {
            let value = cells.get(at as usize).map_or("", String::as_str);
            widest = widest.max(width(value));
            write_value(sheet, row, at, &typed(value, kind), looks.plain(value))?;
        }
        sheet.set_column_width(at, widest.clamp(8.0, 40.0) + 2.0)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// A value of plain text as its column stores it: counts as numbers, everything else as text.
fn typed(value: &str, kind: Kind) -> Cell {
    let numeric = matches!(kind, Kind::Whole(..) | Kind::Decimal(..) | Kind::Minutes(..));
    let number = value.parse::<f64>().ok().filter(|number| numeric && number.is_finite());
    // A number of many digits would come back rounded.
    match number.map(Cell::Number) {
        Some(cell) if cell.text() == value => cell,
        _ if value.is_empty() => Cell::Empty,
        _ => Cell::Text(value.into()),
    }
}

/// Writes a cell: numbers as numbers, everything else as text, so that nothing becomes a formula.
pub(super) fn write_value(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    format: &Format,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => sheet.write_blank(row, column, format)?,
        Cell::Number(number) => sheet.write_number_with_format(row, column, *number, format)?,
        other => sheet.write_string_with_format(row, column, bounded(&other.text()), format)?,
    };
    Ok(())
}

/// Text that a cell of Excel can hold.
pub(super) fn bounded(text: &str) -> String {
    text.chars().take(32_000).collect()
}

/// A note beside a cell, wide enough for a sentence.
pub(super) fn note(text: &str) -> Note {
    let lines = text.lines().map(|line| width(line) / 34.0 + 1.0).sum::<f64>();
    let height = (lines * 18.0 + 12.0).clamp(60.0, 400.0) as u32;
    Note::new(bounded(text)).add_author_prefix(false).set_width(260).set_height(height)
}

/// The width of a text in Excel's columns: Chinese letters are twice as wide.
pub(super) fn width(text: &str) -> f64 {
    let line = |line: &str| line.chars().map(|c| if c.is_ascii() { 1.0 } else { 2.0 }).sum::<f64>();
    text.lines().map(line).fold(0.0, f64::max)
}

/// The formats of our workbooks.
pub(super) struct Looks {
    heading: Format,
    required: Format,
    plain: Format,
    guarded: Format,
    /// A cell with a fault.
    pub(super) faulty: Format,
    guarded_faulty: Format,
    /// Text of several lines.
    pub(super) wrapped: Format,
    /// The title of an explanation.
    pub(super) title: Format,
}

impl Looks {
    pub(super) fn new() -> Self {
        let heading = Format::new()
            .set_bold()
            .set_align(FormatAlign::Center)
            .set_background_color(Color::RGB(0x00DD_EBF7))
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0x00BF_BFBF));
        // "@" keeps 2018.10 and 1-2 as typed when somebody corrects them.
        let plain = Format::new().set_num_format("@");
        let faulty = plain.clone().set_background_color(Color::RGB(0x00FF_C7CE));
        Self {
            required: heading.clone().set_font_color(Color::RGB(0x00C0_0000)),
            heading,
            guarded: plain.clone().set_quote_prefix(),
            guarded_faulty: faulty.clone().set_quote_prefix(),
            wrapped: plain.clone().set_text_wrap().set_align(FormatAlign::Top),
            title: Format::new().set_bold().set_font_size(14),
            plain,
            faulty,
        }
    }

    /// A heading; those of required columns are red.
    pub(super) fn heading(&self, required: bool) -> &Format {
        if required { &self.required } else { &self.heading }
    }

    /// An ordinary value. One that looks like a formula keeps its quote, so that editing does not make it one.
    pub(super) fn plain(&self, value: &str) -> &Format {
        if is_formula_like(value) { &self.guarded } else { &self.plain }
    }

    /// A value with a fault.
    pub(super) fn faulty(&self, value: &str) -> &Format {
        if is_formula_like(value) { &self.guarded_faulty } else { &self.faulty }
    }
}

/// Whether an editor would take it for a formula.
pub(super) fn is_formula_like(value: &str) -> bool {
    value.starts_with(['=', '+', '-', '@']) && text::key(value).parse::<f64>().is_err()
}
