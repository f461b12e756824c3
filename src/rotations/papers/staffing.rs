//! 学科余缺汇总表: by school, and by subject over all schools.

use std::collections::BTreeMap;

use super::book::Book;
use super::{Cell, Column, PaperKind, Table, column, some};
use crate::entity::staffing;
use crate::entity::values::Stage;

const BY_SCHOOL: &[Column] = &[
    column("序号", 6.0),
    column("学校", 26.0),
    column("城乡", 8.0),
    column("学段", 9.0),
    column("学科", 14.0),
    column("核定需求", 10.0),
    column("现有人数", 10.0),
    column("富余", 8.0),
    column("缺编", 8.0),
    column("数据来源", 12.0),
    column("备注", 24.0),
];

const BY_SUBJECT: &[Column] = &[
    column("序号", 6.0),
    column("学段", 9.0),
    column("学科", 14.0),
    column("学校数", 9.0),
    column("核定需求", 10.0),
    column("现有人数", 10.0),
    column("富余学校数", 12.0),
    column("富余人数", 10.0),
    column("缺编学校数", 12.0),
    column("缺编人数", 10.0),
    column("余（+）缺（-）相抵", 18.0),
];

/// The two tables.
pub fn tables(book: &Book) -> Vec<Table> {
    vec![by_school(book), by_subject(book)]
}

/// Teachers too many, and too few: one of them is 0.
fn balance(row: &staffing::Model) -> (i32, i32) {
    ((row.present - row.needed).max(0), (row.needed - row.present).max(0))
}

fn number(n: i32) -> Cell {
    Cell::Number(f64::from(n))
}

fn by_school(book: &Book) -> Table {
    let rows = book.staffing.iter().enumerate().map(|(at, row)| {
        let (over, under) = balance(row);
        vec![
            Cell::count(at + 1),
            book.school_name(row.school_id).into(),
            book.locale(row.school_id).into(),
            row.stage.zh().into(),
            book.subject(Some(row.subject_id)).into(),
            number(row.needed),
            number(row.present),
            some(over),
            some(under),
            row.source.zh().into(),
            row.note.clone().unwrap_or_default().into(),
        ]
    });
    let sum = |part: fn(&staffing::Model) -> i32| number(book.staffing.iter().map(part).sum());
    let sums = vec![
        "合计".into(),
        Cell::empty(),
        Cell::empty(),
        Cell::empty(),
        Cell::empty(),
        sum(|row| row.needed),
        sum(|row| row.present),
        sum(|row| balance(row).0),
        sum(|row| balance(row).1),
        Cell::empty(),
        Cell::empty(),
    ];
    Table {
        name: "分校余缺".to_owned(),
        title: book.title(PaperKind::Staffing),
        columns: BY_SCHOOL,
        rows: rows.collect(),
        sums: Some(sums),
        least_lines: 1,
        notes: vec!["富余、缺编＝现有人数与核定需求之差。".to_owned(), book.signature()],
    }
}

/// What schools have of a subject, added up.
#[derive(Default)]
struct Sum {
    schools: i32,
    needed: i32,
    present: i32,
    over: i32,
    schools_over: i32,
    under: i32,
    schools_under: i32,
}

impl Sum {
    fn add(&mut self, row: &staffing::Model) {
        let (over, under) = balance(row);
        self.schools += 1;
        self.needed += row.needed;
        self.present += row.present;
        self.over += over;
        self.schools_over += i32::from(over > 0);
        self.under += under;
        self.schools_under += i32::from(under > 0);
    }

    fn cells(&self, heads: [Cell; 3]) -> Vec<Cell> {
        let numbers = [
            self.schools,
            self.needed,
            self.present,
            self.schools_over,
            self.over,
            self.schools_under,
            self.under,
            self.present - self.needed,
        ];
        heads.into_iter().chain(numbers.map(number)).collect()
    }
}

fn by_subject(book: &Book) -> Table {
    let mut sums: BTreeMap<(Stage, i32), (&str, Sum)> = BTreeMap::new();
    let mut all = Sum::default();
    for row in &book.staffing {
        let key = (row.stage, book.position(row.subject_id));
        sums.entry(key).or_insert_with(|| (book.subject(Some(row.subject_id)), Sum::default())).1.add(row);
        all.add(row);
    }
    let rows = sums.iter().enumerate().map(|(at, ((stage, _), (subject, sum)))| {
        sum.cells([Cell::count(at + 1), stage.zh().into(), (*subject).into()])
    });
    Table {
        name: "分学科余缺".to_owned(),
        title: format!("{}（分学科）", book.title(PaperKind::Staffing)),
        columns: BY_SUBJECT,
        rows: rows.collect(),
        sums: Some(all.cells(["合计".into(), Cell::empty(), Cell::empty()])),
        least_lines: 1,
        notes: vec![
            "学校数一列的合计为各学科之和。先在缺编与富余学校之间调剂，相抵后仍缺的另行补充。".to_owned(),
            book.signature(),
        ],
    }
}
