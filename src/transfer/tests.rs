//! Workbooks as people send them: messy ones that import, bad ones with their messages, ours that come back.

mod bad_files;
mod bad_rows;
mod books;
mod messy;

use rust_xlsxwriter::{Workbook as Book, Worksheet};

use super::check;
use super::fault::Faults;
use super::workbook::Workbook;

/// A workbook of one sheet, written by `fill`.
fn book(name: &str, fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Book::new();
    let sheet = book.add_worksheet();
    sheet.set_name(name).unwrap();
    fill(sheet);
    book.save_to_buffer().unwrap()
}

/// Rows of text from a cell on.
fn rows(sheet: &mut Worksheet, first: u32, rows: &[&[&str]]) {
    for (row, cells) in (first..).zip(rows) {
        for (column, cell) in (0..).zip(*cells) {
            sheet.write_string(row, column, *cell).unwrap();
        }
    }
}

fn read(bytes: &[u8]) -> Workbook {
    Workbook::from_bytes("测试.xlsx", bytes).unwrap_or_else(|fault| panic!("{fault}"))
}

/// All faults, one a line.
fn listed(faults: &Faults) -> String {
    faults.in_order().into_iter().map(|fault| format!("{fault}\n")).collect()
}

/// The faults of a workbook with this one sheet of text.
fn faults_of(name: &str, cells: &[&[&str]]) -> String {
    listed(&check::workbook(&read(&book(name, |sheet| rows(sheet, 0, cells)))))
}

/// The notices of a workbook about the sheets it has.
fn notices(workbook: &Workbook) -> String {
    let present = workbook.notices.iter().filter(|notice| !notice.message.zh.starts_with("缺少工作表"));
    present.map(|notice| format!("{notice}\n")).collect()
}
