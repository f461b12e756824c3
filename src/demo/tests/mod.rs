//! The demo county is held against the county's description and against itself.

mod county;
mod rules;
mod timetable;

use std::collections::BTreeMap;
use std::ops::Index;
use std::sync::LazyLock;

use super::{Table, county};

/// Seeds that every rule is tried on.
const SEEDS: [u64; 3] = [1, 2, 2026];

static COUNTIES: LazyLock<Vec<County>> = LazyLock::new(|| SEEDS.map(|seed| County(county(seed))).into());

fn counties() -> &'static [County] {
    &COUNTIES
}

/// All tables of one seed, read back by heading as an importer would.
#[derive(Clone)]
struct County(Vec<Table>);

/// A line under its headings.
#[derive(Clone, Copy, Debug)]
struct Record<'a> {
    headings: &'static [&'static str],
    cells: &'a [String],
}

impl Index<&str> for Record<'_> {
    type Output = String;

    fn index(&self, heading: &str) -> &String {
        let column = self.headings.iter().position(|own| *own == heading);
        &self.cells[column.unwrap_or_else(|| panic!("no column {heading}"))]
    }
}

impl County {
    fn table(&self, sheet: &str) -> &Table {
        self.0.iter().find(|table| table.sheet == sheet).unwrap_or_else(|| panic!("no sheet {sheet}"))
    }

    fn sheet(&self, sheet: &str) -> Vec<Record<'_>> {
        let table = self.table(sheet);
        table.rows.iter().map(|cells| Record { headings: table.headings, cells }).collect()
    }

    fn column(&self, sheet: &str, heading: &str) -> Vec<String> {
        self.sheet(sheet).iter().map(|record| record[heading].clone()).collect()
    }

    /// Teachers by code.
    fn teachers(&self) -> BTreeMap<String, Record<'_>> {
        self.sheet("教师").into_iter().map(|record| (record["工号"].clone(), record)).collect()
    }
}

/// The stage a line of the timetable belongs to.
fn stage_of(lesson: &Record) -> &'static str {
    match lesson["班级"].chars().next() {
        Some('七' | '八' | '九') => "初中",
        Some('小' | '中' | '大') => "幼儿园",
        _ => "小学",
    }
}
