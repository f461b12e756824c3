//! Finding the heading row of a sheet and the columns below it.

use std::collections::{BTreeMap, HashSet};

use super::fault::{Bilingual, Fault, FaultKind, Notice};
use super::sheets::{Column, ORIGINAL_ROW, PROBLEM, Sheet};
use super::table::FoundColumn;
use super::text;

/// The first rows, among which the heading row must be.
pub const HEAD_ROWS: u32 = 10;

/// The heading row as found.
pub struct Heading {
    /// The row, from 0.
    pub row: u32,
    /// The known columns, in the workbook's order.
    pub columns: Vec<FoundColumn>,
    /// For each column of the sheet its place among the known ones.
    pub slots: Vec<Option<usize>>,
    /// Headings nobody knows.
    pub ignored: Vec<String>,
    /// All headings.
    all: Vec<String>,
    /// Headings that mean the same column.
    doubled: Vec<(&'static Column, Vec<u32>)>,
}

/// The texts of the first rows, by row and column from 0.
pub type Head = BTreeMap<u32, BTreeMap<u32, String>>;

/// The row among the first ones that names most columns of the sheet.
pub fn find(sheet: &'static Sheet, head: &Head) -> Option<Heading> {
    let known = |cells: &BTreeMap<u32, String>| {
        let columns = cells.values().filter_map(|cell| sheet.column_named(cell));
        columns.map(|column| column.heading).collect::<HashSet<_>>().len()
    };
    // Reversed, because of equals `max_by_key` keeps the last and the heading row comes before the data.
    let (row, cells) = head.iter().rev().max_by_key(|(_, cells)| known(cells))?;
    (known(cells) > 0).then(|| read(sheet, *row, cells))
}

fn read(sheet: &'static Sheet, row: u32, cells: &BTreeMap<u32, String>) -> Heading {
    let chosen = choose(sheet, cells);
    let width = cells.keys().next_back().map_or(0, |last| *last as usize + 1);
    let mut heading = Heading {
        row,
        columns: Vec::new(),
        slots: vec![None; width],
        ignored: Vec::new(),
        all: cells.values().map(|cell| text::shorten(&text::name(cell))).collect(),
        doubled: chosen.iter().filter(|(_, at)| at.len() > 1).cloned().collect(),
    };
    for (&at, cell) in cells {
        match chosen.iter().find(|(_, places)| places.first() == Some(&at)) {
            Some((column, _)) => {
                heading.slots[at as usize] = Some(heading.columns.len());
                heading.columns.push(FoundColumn { column, heading: text::name(cell) });
            }
            None => heading.ignored.push(text::shorten(&text::name(cell))),
        }
    }
    heading
}

/// For each known column the places that mean it: its own heading if it is there, its other names otherwise.
fn choose(sheet: &'static Sheet, cells: &BTreeMap<u32, String>) -> Vec<(&'static Column, Vec<u32>)> {
    let keys: Vec<(u32, String)> = cells.iter().map(|(at, cell)| (*at, text::key(cell))).collect();
    let places = |named: &dyn Fn(&str) -> bool| -> Vec<u32> {
        keys.iter().filter(|(_, key)| named(key)).map(|(at, _)| *at).collect()
    };
    let choices = sheet.columns.iter().map(|column| {
        let own = places(&|key| column.is_named(key));
        let also = places(&|key| column.is_also_named(key) && !sheet.columns.iter().any(|c| c.is_named(key)));
        (column, if own.is_empty() { also } else { own })
    });
    choices.filter(|(_, places)| !places.is_empty()).collect()
}

impl Heading {
    /// What makes the sheet unreadable: required columns that are missing, columns that occur twice.
    pub fn faults(&self, sheet: &'static Sheet) -> Vec<Fault> {
        let found = |column: &Column| self.columns.iter().any(|found| found.column.heading == column.heading);
        let missing = sheet.columns.iter().filter(|column| column.required && !found(column));
        let missing = missing.map(|column| self.missing(sheet, column));
        missing.chain(self.doubled.iter().map(|(column, at)| self.doubled_fault(sheet, column, at))).collect()
    }

    /// What is noticed about the headings.
    pub fn notices(&self, label: &str) -> Option<Notice> {
        let ours = [PROBLEM, ORIGINAL_ROW];
        let ignored: Vec<&str> =
            self.ignored.iter().map(String::as_str).filter(|name| !ours.contains(name)).collect();
        let (count, names) = (ignored.len(), listed(&ignored));
        (count > 0).then(|| {
            Notice::new(
                text::name(label),
                Bilingual::new(
                    format!("有{count}列不在模板中，已忽略：{names}"),
                    format!("{count} columns are not in the template and are ignored: {names}"),
                ),
            )
        })
    }

    fn missing(&self, sheet: &Sheet, column: &Column) -> Fault {
        let name = column.heading;
        let all: Vec<&str> = self.all.iter().map(String::as_str).collect();
        let found = listed(&all);
        let also = column.aliases.join("、");
        let (zh, en) = if also.is_empty() {
            (String::new(), String::new())
        } else {
            (format!("（也可写 {also}）"), format!(" (or {also})"))
        };
        let message = Bilingual::new(
            format!(
                "缺少必填列“{name}”，第{}行的标题有：{found}；请补上这一列，或把相应的标题改为“{name}”{zh}",
                self.row + 1
            ),
            format!(
                "the required column “{name}” is missing; row {} has the headings {found}; add the column, or rename \
                 the one that holds it to “{name}”{en}",
                self.row + 1
            ),
        );
        Fault { column: Some(name.into()), ..Fault::new(FaultKind::Sheet, sheet.name, message) }
    }

    fn doubled_fault(&self, sheet: &Sheet, column: &Column, places: &[u32]) -> Fault {
        let name = column.heading;
        let letters = places.iter().map(|at| letter(*at)).collect::<Vec<_>>().join("、");
        let message = Bilingual::new(
            format!("有{}列（{letters}列）都是“{name}”，请只保留一列，或改掉其余的标题", places.len()),
            format!("columns {letters} all mean “{name}”; keep one, or rename the others"),
        );
        Fault { column: Some(name.into()), ..Fault::new(FaultKind::Sheet, sheet.name, message) }
    }
}

/// The fault of a sheet that has cells but no heading row.
pub fn none_found(sheet: &Sheet) -> Fault {
    let required: Vec<&str> = sheet.columns.iter().filter(|c| c.required).map(|c| c.heading).collect();
    let names = required.join("、");
    let message = Bilingual::new(
        format!("前{HEAD_ROWS}行中找不到标题行，标题至少应有：{names}；请照模板补上标题行"),
        format!(
            "no heading row in the first {HEAD_ROWS} rows; it needs at least {names}; add it as in the template"
        ),
    );
    Fault::new(FaultKind::Sheet, sheet.name, message)
}

/// Names for a message, the first twenty.
fn listed(names: &[&str]) -> String {
    let more = if names.len() > 20 { "……" } else { "" };
    format!("{}{more}", names[..names.len().min(20)].join("、"))
}

/// A column's letter in Excel: 0 is A, 26 is AA.
fn letter(at: u32) -> String {
    let last = char::from(b'A' + (at % 26) as u8);
    if at < 26 { last.to_string() } else { format!("{}{last}", letter(at / 26 - 1)) }
}
