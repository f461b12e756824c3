//! The county's workbook: as tables, as a file, and as offices really send it. The same county each time.

use expect_test::expect_file;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook as Book, Worksheet};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use tongpan::demo;
use tongpan::entity::{lesson, research_session, school, teacher, term};
use tongpan::transfer::import::{self, ImportOptions, ImportReport};
use tongpan::transfer::table::RawTable;
use tongpan::transfer::workbook::Workbook;
use tongpan::transfer::{book, fault_book};

use crate::harness::on_both;
use crate::rows::day;
use crate::town::{sheet, small_town};

fn faults(report: &ImportReport) -> Vec<String> {
    report.faults.iter().map(ToString::to_string).collect()
}

/// Fails unless the workbook said nothing that is not stored already, about every row.
fn changes_nothing(report: &ImportReport, tables: &[RawTable]) {
    assert_eq!(faults(report), [""; 0]);
    let changes: Vec<String> = report.changes.iter().map(ToString::to_string).collect();
    assert_eq!(changes, [""; 0]);
    for table in tables {
        let told = report.sheets.iter().find(|told| told.sheet == table.sheet).expect(&table.sheet);
        assert_eq!((told.rows, told.unchanged), (table.rows.len(), table.rows.len()), "{}", table.sheet);
        assert_eq!((told.created, told.changed, told.missing), (0, 0, 0), "{}", table.sheet);
    }
    assert!(!report.committed, "something was written");
}

#[tokio::test]
async fn the_demo_county_imports_without_a_fault_and_a_second_time_changes_nothing() {
    // Read once for both databases: that takes longer than importing.
    let tables = demo::tables(1);
    let written = book::write_tables(&tables).expect("a workbook");
    let again = Workbook::from_bytes("澜川县.xlsx", &written).expect("a readable workbook");
    let messy = Workbook::from_bytes("澜川县（汇总）.xlsx", &messy(&tables)).expect("a readable workbook");
    on_both(async |town| {
        let report = town.imports(&tables).await;
        assert_eq!(faults(&report), [""; 0]);
        assert!(report.committed);
        let rows =
            |name: &str| tables.iter().find(|table| table.sheet == name).expect(name).rows.len() as u64;
        let reader = town.scope.reader();
        assert_eq!(school::Entity::find().count(reader).await.expect("schools"), rows("学校"));
        assert_eq!(lesson::Entity::find().count(reader).await.expect("lessons"), rows("课表"));
        let people = teacher::Entity::find().count(reader).await.expect("people");
        assert_eq!(people, rows("教师") + rows("教研员") + rows("责任督学"));
        let stored = town.counts().await;

        for workbook in [&again, &messy] {
            changes_nothing(&town.imports_book(workbook).await, &tables);
        }
        assert_eq!(town.counts().await, stored);
    })
    .await;
}

#[tokio::test]
async fn a_messy_workbook_says_the_same_as_a_tidy_one() {
    on_both(async |town| {
        let tables = small_town();
        let messy = Workbook::from_bytes("乱.xlsx", &messy(&tables)).expect("a readable workbook");
        let report = town.imports_book(&messy).await;
        assert_eq!(faults(&report), [""; 0]);
        assert!(report.committed);
        // Whatever the mess hid or bent would now come up as a change.
        changes_nothing(&town.imports(&tables).await, &tables);

        let zhao = town.person("T11").await;
        assert_eq!((zhao.name.as_str(), zhao.email.as_deref()), ("赵敏", Some("zhao@example.com")));
        let term = term::Entity::find().one(town.scope.reader()).await.expect("terms").expect("a term");
        assert_eq!((term.starts_on, term.ends_on), (day("2026-09-01"), day("2026-10-30")));
    })
    .await;
}

/// The tables as an office that never saw the template would send them.
fn messy(tables: &[RawTable]) -> Vec<u8> {
    let mut book = Book::new();
    book.add_worksheet().set_name("封面").expect("a name");
    for table in tables {
        let sheet = book.add_worksheet();
        sheet.set_name(format!(" {}表", table.sheet)).expect("a name");
        fill(sheet, table);
    }
    book.save_to_buffer().expect("a workbook")
}

fn fill(sheet: &mut Worksheet, table: &RawTable) {
    let last = table.headings.len() as u16 + 1;
    let title = format!("测试县{}（2026年秋）", table.sheet);
    sheet.merge_range(0, 0, 0, last, &title, &Format::new()).expect("a title");
    sheet.merge_range(1, 0, 1, last, "填报单位：县教育局　　联系电话：0000", &Format::new()).expect("a line");
    sheet.write(3, 0, "序 号").expect("a heading");
    sheet.write(3, last, "联系电话").expect("a heading");
    for (at, heading) in table.headings.iter().rev().enumerate() {
        sheet.write(3, at as u16 + 1, format!(" ＊{heading} ")).expect("a heading");
    }
    let mut line = 4;
    for (number, row) in table.rows.iter().enumerate() {
        // Blank lines between blocks.
        line += u32::from(number % 5 == 4);
        sheet.write(line, 0, number as f64 + 1.0).expect("a number");
        for (at, heading) in table.headings.iter().rev().enumerate() {
            let cell = row.get(table.headings.len() - 1 - at).map_or("", String::as_str);
            write_messily(sheet, line, at as u16 + 1, heading, cell);
        }
        line += 1;
    }
}

fn write_messily(sheet: &mut Worksheet, row: u32, column: u16, heading: &str, cell: &str) {
    if cell.is_empty() {
        return;
    }
    if let Some(date) = cell.parse::<chrono::NaiveDate>().ok().filter(|_| heading.ends_with("日期")) {
        use chrono::Datelike;
        let real = ExcelDateTime::from_ymd(date.year() as u16, date.month() as u8, date.day() as u8);
        let format = Format::new().set_num_format("yyyy/m/d");
        sheet.write_with_format(row, column, real.expect("a date"), &format).expect("a cell");
        return;
    }
    if let Some((year, month)) = cell.split_once('.').filter(|_| heading == "到校时间") {
        let month = month.trim_start_matches('0');
        sheet.write(row, column, format!("{year}年{month}月")).expect("a cell");
        return;
    }
    let wide: String = cell.chars().map(widened).collect();
    sheet.write(row, column, format!("\u{a0} {wide}\u{200b}　")).expect("a cell");
}

/// Digits and brackets in the other width.
fn widened(c: char) -> char {
    match c {
        '0'..='9' => char::from_u32(u32::from(c) + 0xFEE0).expect("a full-width digit"),
        '（' => '(',
        '）' => ')',
        other => other,
    }
}

#[tokio::test]
async fn one_bad_row_stops_a_workbook_unless_bad_rows_are_skipped() {
    on_both(async |town| {
        let mut tables = small_town();
        let teachers = tables.iter_mut().find(|table| table.sheet == "教师").expect("teachers");
        teachers.rows[1][3] = "没有的小学".to_owned();
        let before = town.counts().await;
        let report = town.imports(&tables).await;
        assert!(!report.committed);
        assert_eq!(town.counts().await, before, "nothing is written");
        // 王芳 is the coordinator and gives a lesson: what depends on her row is told to wait for it.
        expect_file!["expected/import_faults.txt"].assert_eq(&format!("{}\n", faults(&report).join("\n")));

        let options = ImportOptions { skip_bad_rows: true, ..ImportOptions::default() };
        let workbook = Workbook::from_tables(&tables);
        let report = import::import(&town.scope, &workbook, &options).await.expect("the import ends");
        assert!(report.committed);
        let stored =
            teacher::Entity::find().order_by_asc(teacher::Column::Number).all(town.scope.reader()).await;
        let stored: Vec<String> = stored.expect("teachers").into_iter().map(|row| row.number).collect();
        assert_eq!(stored, ["JY1", "T01", "T03", "T11", "T12", "T21", "T22", "T31", "T32", "T41", "T42"]);
    })
    .await;
}

#[tokio::test]
async fn a_corrected_fault_workbook_ends_no_other_lesson_of_its_classes() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let before = town.lessons_in_force().await;
        let mut tables = small_town();
        let lessons = tables.iter_mut().find(|table| table.sheet == "课表").expect("lessons");
        lessons.rows[2][5] = "T99".to_owned();
        let workbook = Workbook::from_tables(&tables);
        let options = ImportOptions { skip_bad_rows: true, ..ImportOptions::default() };
        let report = import::import(&town.scope, &workbook, &options).await.expect("the import ends");
        let bytes = fault_book::write(&workbook, &report.faults).expect("a workbook of faults");
        let faulty = Workbook::from_bytes("问题.xlsx", &bytes).expect("a readable workbook");
        let numbers: Vec<String> = faulty
            .table("课表")
            .expect("lessons")
            .rows()
            .map(|row| row.cell("教师工号").text().into_owned())
            .collect();
        assert_eq!(numbers, ["T99", "T11"], "the whole class comes back");

        let rows = faulty.table("课表").expect("lessons").rows();
        let mended =
            rows.map(|row| row.cells().iter().map(|cell| cell.text().replace("T99", "T12")).collect());
        let lessons = faulty.table("课表").expect("lessons");
        let mended = RawTable {
            sheet: "课表".into(),
            headings: lessons.columns.iter().map(|found| found.heading.clone()).collect(),
            rows: mended.collect(),
        };
        let report = town.imports(&[mended]).await;
        assert_eq!(faults(&report), [""; 0]);
        assert_eq!(town.lessons_in_force().await, before);
    })
    .await;
}

#[tokio::test]
async fn a_corrected_workbook_changes_only_what_was_corrected() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let plan = town.solves(crate::town::EAST).await;
        town.publishes(&plan).await;
        let dated = town.dated().await;

        town.it_is("2026-09-02 08:00");
        let corrected = sheet(
            "教师",
            "工号|姓名|学校|任教学段|任教学科|邮箱\nT11|赵敏|河湾小学|小学|数学|zhao.min@example.com",
        );
        let report = town.imports(&[corrected]).await;
        assert_eq!(faults(&report), [""; 0]);
        let changes: Vec<String> = report.changes.iter().map(ToString::to_string).collect();
        assert_eq!(changes, ["教师 T11 赵敏 邮箱：zhao@example.com → zhao.min@example.com"]);
        assert_eq!(town.person("T11").await.email.as_deref(), Some("zhao.min@example.com"));
        assert_eq!(town.dated().await, dated, "what is published stands");
        let fewer = research_session::Entity::find()
            .filter(research_session::Column::StartsAt.is_null())
            .order_by_asc(research_session::Column::Id);
        assert_eq!(fewer.count(town.scope.reader()).await.expect("sessions"), 1);
        town.worker().drains_outbox().await;
    })
    .await;
}
