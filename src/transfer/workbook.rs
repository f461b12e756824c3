//! Reading a workbook into tables: from a file, from bytes, from rows in memory.

mod builder;

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use calamine::{DataRef, Dimensions, Reader, Xlsx, XlsxError};

use super::fault::{Bilingual, Fault, FaultKind, Faults, Notice};
use super::package;
use super::sheets::{self, SHEETS, Sheet, UNREAD};
use super::table::{Cell, RawTable, Table};
use super::text;
use builder::{Builder, Built, Raw};

/// The largest number of rows of a sheet.
pub const MAX_ROWS: usize = 200_000;

/// All the text of a workbook's known columns, in bytes.
const MAX_TEXT: usize = 128 * 1024 * 1024;

/// What notices about the workbook as a whole stand under.
const WHOLE: &str = "工作簿";

/// Excel's days from 1900 to 1904, which some workbooks count from.
const EPOCH_1904: f64 = 1_462.0;

/// A workbook as read: what could be read, and what could not.
#[derive(Default)]
pub struct Workbook {
    /// The sheets that could be read, in the template's order.
    pub tables: Vec<Table>,
    /// What is wrong with sheets as a whole; cells are looked at by [`super::check`] and when they are read.
    pub faults: Faults,
    /// What is worth knowing.
    pub notices: Vec<Notice>,
    /// Sheets that are there and have no rows.
    empty: Vec<&'static str>,
}

impl Workbook {
    /// Reads a file; the fault says why it cannot be read at all.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let (name, bytes) = read_file(path)?;
        Self::from_bytes(&name, &bytes)
    }

    /// Reads a file's bytes; the name is for messages.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, Fault> {
        let fault = |message| Fault::new(FaultKind::File, text::shorten(name), message);
        package::admit(bytes).map_err(fault)?;
        // The reader of the format is not ours; a broken file must not bring the service down with it.
        let read = catch_unwind(AssertUnwindSafe(|| Self::read(bytes)));
        read.unwrap_or_else(|_| Err(package::damaged())).map_err(fault)
    }

    /// Takes tables in memory the same way as a file.
    pub fn from_tables(raw: &[RawTable]) -> Self {
        let mut workbook = Self::default();
        let mut budget = MAX_TEXT;
        for table in raw {
            workbook.take(&table.sheet, |sheet| Ok(Table::build(sheet, table, &mut budget)));
        }
        workbook.finish();
        workbook
    }

    /// The table of a sheet, by its canonical name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.sheet.name == name)
    }

    fn read(bytes: &[u8]) -> Result<Self, Bilingual> {
        let mut xlsx = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
        let mut workbook = Self::default();
        let mut budget = MAX_TEXT;
        let names = xlsx.sheet_names();
        for name in &names {
            workbook.take(name, |sheet| read_sheet(&mut xlsx, name, sheet, &mut budget));
        }
        if !names.iter().any(|name| sheets::sheet_named(name).is_some()) {
            return Err(no_known_sheet(&names));
        }
        workbook.finish();
        Ok(workbook)
    }

    /// Reads one sheet if its name is known and it is the first of its kind.
    fn take(&mut self, name: &str, read: impl FnOnce(&'static Sheet) -> Result<Built, XlsxError>) {
        let Some(sheet) = sheets::sheet_named(name) else {
            self.notices.extend(unknown_sheet(name));
            return;
        };
        if self.table(sheet.name).is_some() {
            self.faults.push(doubled_sheet(sheet, name));
            return;
        }
        match read(sheet) {
            Ok(built) => self.add(sheet, built),
            Err(_) => self.faults.push(Fault::new(FaultKind::Sheet, sheet.name, package::damaged())),
        }
    }

    fn add(&mut self, sheet: &'static Sheet, built: Built) {
        self.notices.extend(built.notices);
        let sound = built.faults.is_empty();
        self.faults.extend(built.faults);
        match built.table {
            Some(table) if sound && !table.is_empty() => self.tables.push(table),
            _ if sound => self.empty.push(sheet.name),
            _ => {}
        }
    }

    /// The template's order, and one notice each for the sheets that are empty and that are not there.
    fn finish(&mut self) {
        self.tables.sort_by_key(|table| sheets::place(table.sheet.name));
        let unread = |sheet: &&Sheet| self.table(sheet.name).is_none() && !self.faults.spoils(sheet.name);
        let (empty, missing): (Vec<&Sheet>, Vec<&Sheet>) =
            SHEETS.into_iter().filter(unread).partition(|sheet| self.empty.contains(&sheet.name));
        let notices = [empty_sheets(&empty), missing_sheets(&missing)];
        self.notices.extend(notices.into_iter().flatten());
    }
}

impl Table {
    /// A table from headings and rows of text, read as if from a file; faults of the headings come back.
    pub fn from_rows(raw: &RawTable) -> Result<Self, Vec<Fault>> {
        let Some(sheet) = sheets::sheet_named(&raw.sheet) else {
            let message = Bilingual::new("没有这张工作表", "there is no such sheet");
            return Err(vec![Fault::new(FaultKind::Sheet, &*raw.sheet, message)]);
        };
        let built = Self::build(sheet, raw, &mut { MAX_TEXT });
        match built.table {
            Some(table) if built.faults.is_empty() => Ok(table),
            _ => Err(built.faults),
        }
    }

    fn build(sheet: &'static Sheet, raw: &RawTable, budget: &mut usize) -> Built {
        let mut builder = Builder::new(sheet, &raw.sheet, budget);
        for (row, cells) in (0..).zip([&raw.headings].into_iter().chain(&raw.rows)) {
            for (column, cell) in (0..).zip(cells) {
                builder.push(row, column, Raw::Text(cell.into()));
            }
        }
        builder.finish()
    }
}

/// A file's name and bytes, at most one byte more than a workbook may have; the fault says why it cannot be read.
pub fn read_file(path: &Path) -> Result<(String, Vec<u8>), Fault> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    match read_bytes(path) {
        Ok(bytes) => Ok((name, bytes)),
        Err(message) => Err(Fault::new(FaultKind::File, &*name, message)),
    }
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, Bilingual> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(package::MAX_FILE + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) => Ok(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(Bilingual::new("找不到这个文件，请核对路径和文件名", "no such file; check its path and name"))
        }
        Err(error) => Err(Bilingual::new(
            format!("无法读取文件（{error}），请核对路径和权限"),
            format!("the file cannot be read ({error}); check its path and permissions"),
        )),
    }
}

fn read_sheet(
    xlsx: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    sheet: &'static Sheet,
    budget: &mut usize,
) -> Result<Built, XlsxError> {
    let is_1904 = xlsx.has_1904_epoch();
    let mut builder = Builder::new(sheet, name, budget);
    let mut cells = xlsx.worksheet_cells_reader(name)?;
    while !builder.is_full()
        && let Some(cell) = cells.next_cell_with_formula_metadata()?
    {
        let (row, column) = cell.pos;
        // A formula that no spreadsheet has worked out yet is not an empty cell.
        let unsolved = cell.formula.is_some() && matches!(cell.value, DataRef::Empty);
        let raw = if unsolved { Raw::Ready(Cell::Error("=".into())) } else { raw(cell.value, is_1904) };
        builder.push(row, column, raw);
    }
    drop(cells);
    let mut built = builder.finish();
    if let Some(table) = &mut built.table {
        let regions = xlsx.merge_cells_by_sheet_name(name)?;
        built.notices.extend(fill_merged(table, &built.slots, &regions, name));
    }
    Ok(built)
}

fn raw(value: DataRef<'_>, is_1904: bool) -> Raw<'_> {
    match value {
        DataRef::Empty => Raw::Ready(Cell::Empty),
        DataRef::String(text) => Raw::Text(text.into()),
        DataRef::SharedString(text) => Raw::Text(text.into()),
        DataRef::Int(number) => Raw::Ready(Cell::Number(number as f64)),
        DataRef::Float(number) if number.is_finite() => Raw::Ready(Cell::Number(number)),
        DataRef::Float(_) => Raw::Ready(Cell::Error("#NUM!".into())),
        DataRef::Bool(yes) => Raw::Ready(Cell::Bool(yes)),
        DataRef::DateTime(moment) => {
            // Times of day have no date and so no epoch.
            let shift = if is_1904 && moment.as_f64() >= 1.0 { EPOCH_1904 } else { 0.0 };
            Raw::Ready(Cell::Moment(moment.as_f64() + shift))
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Raw::Text(text.into()),
        DataRef::Error(error) => Raw::Ready(Cell::Error(error.to_string().into())),
    }
}

/// Cells merged down several rows: each row gets the value that stands in the first.
fn fill_merged(
    table: &mut Table,
    slots: &[Option<usize>],
    regions: &[Dimensions],
    name: &str,
) -> Option<Notice> {
    let mut filled = 0_usize;
    for region in regions {
        let Some(slot) = slots.get(region.start.1 as usize).copied().flatten() else {
            continue;
        };
        let first = table.rows.partition_point(|row| row.number <= region.start.0);
        let Some(top) = table.rows.get(first).filter(|row| row.number == region.start.0 + 1) else {
            continue;
        };
        let value = top.cells[slot].clone();
        let below = table.rows[first + 1..].iter_mut().take_while(|row| row.number <= region.end.0 + 1);
        for row in below.filter(|_| !value.is_empty()) {
            // Regions that overlap are none that a spreadsheet would write; they must not cost hours.
            if filled > MAX_ROWS * 2 {
                return None;
            }
            if row.cells[slot].is_empty() {
                row.cells[slot] = value.clone();
            }
            filled += 1;
        }
    }
    (filled > 0).then(|| {
        Notice::new(
            text::name(name),
            Bilingual::new(
                format!("有{filled}个合并的单元格，已按每行都填同一个值读取"),
                format!("{filled} merged cells were read as if each row had the value"),
            ),
        )
    })
}

fn unreadable(error: XlsxError) -> Bilingual {
    match error {
        XlsxError::Password => Bilingual::new(
            "文件设有打开密码，请取消密码后再导入",
            "the file has a password; remove it and import again",
        ),
        _ => package::damaged(),
    }
}

fn unknown_sheet(name: &str) -> Option<Notice> {
    let name = text::shorten(&text::name(name));
    let message = Bilingual::new(
        "工作表不在模板中，已忽略；如需导入，请改为模板中的名称",
        "the sheet is not in the template and is ignored; rename it as in the template to import it",
    );
    (!UNREAD.contains(&name.as_str())).then(|| Notice::new(name, message))
}

fn missing_sheets(sheets: &[&Sheet]) -> Option<Notice> {
    named(sheets).map(|names| {
        Notice::new(
            WHOLE,
            Bilingual::new(
                format!("缺少工作表：{names}；不导入这些内容，也不会删除已有数据"),
                format!("missing sheets: {names}; nothing is imported for them and nothing is deleted"),
            ),
        )
    })
}

fn empty_sheets(sheets: &[&Sheet]) -> Option<Notice> {
    named(sheets).map(|names| {
        Notice::new(
            WHOLE,
            Bilingual::new(
                format!("没有数据行的工作表：{names}；不导入这些内容，也不会删除已有数据"),
                format!("sheets without rows: {names}; nothing is imported for them and nothing is deleted"),
            ),
        )
    })
}

fn named(sheets: &[&Sheet]) -> Option<String> {
    let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name).collect();
    (!names.is_empty()).then(|| names.join("、"))
}

fn doubled_sheet(sheet: &Sheet, name: &str) -> Fault {
    let name = text::shorten(&text::name(name));
    Fault::new(
        FaultKind::Sheet,
        sheet.name,
        Bilingual::new(
            format!("工作表“{name}”与前面的一张都是“{}”，请合并为一张", sheet.name),
            format!("the sheet “{name}” is a second “{}”; put them into one", sheet.name),
        ),
    )
}

fn no_known_sheet(names: &[String]) -> Bilingual {
    let found = names.iter().take(20).map(|name| text::shorten(name)).collect::<Vec<_>>().join("、");
    let wanted = SHEETS.map(|sheet| sheet.name).join("、");
    Bilingual::new(
        format!("没有一张认识的工作表（现有：{found}），请按模板命名：{wanted}"),
        format!("no sheet of the template was found (there are: {found}); name them {wanted}"),
    )
}
