//! The demo county 澜川县: the tables its office would keep, made from a seed. No person and no school in it exists.

mod assignment;
mod board;
mod calendar;
mod curriculum;
mod dice;
mod experts;
mod leaders;
mod names;
mod people;
mod programmes;
mod rotation;
mod schools;
mod staffing;
mod timetable;

#[cfg(test)]
mod tests;

use crate::transfer::table::RawTable;
use dice::{Dice, Part};

/// A table as an office keeps it: a sheet of the workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The sheet's name.
    pub sheet: &'static str,
    /// The first line.
    pub headings: &'static [&'static str],
    /// The other lines, as long as the first; `""` is an empty cell.
    pub rows: Vec<Vec<String>>,
}

/// The note on whatever could be taken for a real school or person.
const MARK: &str = "演示数据";

/// 澜川县 All seventeen sheets, in the order of the workbook. The same seed gives the same tables on every machine.
pub fn county(seed: u64) -> Vec<Table> {
    let dice = |part| Dice::new(seed, part);
    let mut names = names::Register::default();
    let (schools, sections) = schools::found(&mut dice(Part::Schools));
    let visits = staffing::visits(&sections);
    let teachers = people::hire(&schools, &sections, &visits, &mut names, &mut dice(Part::People));
    let mut rotating = dice(Part::Rotation);

    let mut tables = schools::tables(&schools, &sections);
    tables.push(people::table(&teachers, &schools));
    tables.extend(experts::tables(&schools, &teachers, &mut names, &mut dice(Part::Experts)));
    tables.push(calendar::bells());
    tables.push(timetable::table(&schools, &sections, &visits, &teachers, &mut dice(Part::Timetable)));
    tables.push(staffing::table(&visits, &schools, &sections, &teachers));
    tables.extend(schools::places(&schools, &mut dice(Part::Places)));
    tables.push(calendar::days());
    tables.push(programmes::table(&mut dice(Part::Programmes)));
    tables.push(rotation::balance(&schools, &sections, &visits, &teachers));
    tables.push(rotation::wishes(&schools, &sections, &teachers, &mut rotating));
    tables.push(rotation::policy());
    tables
}

/// The county as tables that can be imported or written to a workbook.
pub fn tables(seed: u64) -> Vec<RawTable> {
    let raw = |table: Table| RawTable {
        sheet: table.sheet.to_owned(),
        headings: table.headings.iter().map(ToString::to_string).collect(),
        rows: table.rows,
    };
    county(seed).into_iter().map(raw).collect()
}
