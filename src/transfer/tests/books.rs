use expect_test::expect;

use super::*;
use crate::transfer::sheets::SHEETS;
use crate::transfer::table::RawTable;
use crate::transfer::{book as books, fault_book, template};

#[test]
fn the_unfilled_template_imports_as_nothing() {
    let workbook = read(&template::write().unwrap());
    assert!(workbook.tables.is_empty());
    assert_eq!(listed(&workbook.faults), "");
    assert_eq!(workbook.notices.len(), 1, "{}", notices(&workbook));
    assert!(workbook.notices[0].message.zh.starts_with("没有数据行的工作表：学校、"));
}

#[test]
fn the_template_has_every_column_and_its_examples_are_sound() {
    let tables: Vec<RawTable> = SHEETS
        .iter()
        .map(|sheet| RawTable {
            sheet: sheet.name.into(),
            headings: sheet.columns.iter().map(|column| column.heading.to_owned()).collect(),
            rows: vec![sheet.columns.iter().map(|column| column.example.to_owned()).collect()],
        })
        .collect();
    let workbook = read(&books::write_tables(&tables).unwrap());
    assert_eq!(workbook.tables.len(), SHEETS.len());
    assert_eq!(listed(&check::workbook(&workbook)), "");
}

#[test]
fn tables_written_and_read_again_are_the_same() {
    let raw = RawTable {
        sheet: "学校".into(),
        headings: ["学校编码", "学校名称", "办学类型", "经度", "学生数", "备注"].map(String::from).to_vec(),
        rows: vec![
            ["007", "=1+1小学", "小学", "112.30951", "2400", "@备注"].map(String::from).to_vec(),
            ["008", "+小学", "小学", "", "-", "-3"].map(String::from).to_vec(),
        ],
    };
    let workbook = read(&books::write_tables(std::slice::from_ref(&raw)).unwrap());
    let again = workbook.table("学校").unwrap().rows();
    let again: Vec<Vec<String>> =
        again.map(|row| row.cells().iter().map(|cell| cell.text().into()).collect()).collect();
    assert_eq!(again, raw.rows);
}

#[test]
fn bad_rows_come_back_with_their_faults_and_import_once_corrected() {
    let cells: &[&[&str]] = &[
        &["教师姓名", "编号", "学校", "学段", "学科", "出生日期", "电话"],
        &["王芳", "LC1", "城东小学", "小学", "语文", "1990.13", "x"],
        &["李明", "LC2", "城东小学", "小学", "语文", "1990.12", "x"],
        &["=赵四", "LC2", "城东小学", "中学", "语文", "", "x"],
    ];
    let workbook = read(&book("教师", |sheet| rows(sheet, 0, cells)));
    let faults = check::workbook(&workbook);
    let bytes = fault_book::write(&workbook, &faults).unwrap();
    expect![[r#"
        [问题汇总]
        工作表 | 行 | 列 | 内容 | 问题 | Problem
        教师 | 2 | 出生年月 | 1990.13 | 月份应为 1–12，请改为如 1990.12 | the month must be 1–12; write for example 1990.12
        教师 | 4 | 工号 | LC2 | 与第3行重复，请改正“工号”，或删去其中一行 | the same as in row 3; correct “工号”, or remove one of the rows
        教师 | 4 | 任教学段 | 中学 | 只能填：幼儿园、小学、初中、高中 | must be one of 幼儿园、小学、初中、高中
        教师 |  |  |  | 提示：有1列不在模板中，已忽略：电话 | note: 1 columns are not in the template and are ignored: 电话
        工作簿 |  |  |  | 提示：缺少工作表：学校、集团、教研员、集团负责人、责任督学、名师工作室、作息时间、课表、走教、场地、路程、校历、教研计划、学科余缺、轮岗志愿、轮岗政策；不导入这些内容，也不会删除已有数据 | note: missing sheets: 学校、集团、教研员、集团负责人、责任督学、名师工作室、作息时间、课表、走教、场地、路程、校历、教研计划、学科余缺、轮岗志愿、轮岗政策; nothing is imported for them and nothing is deleted
        [教师]
        问题 | 原行号 | 教师姓名 | 编号 | 学校 | 学段 | 学科 | 出生日期
        “出生年月” = “1990.13”：月份应为 1–12，请改为如 1990.12 | 2 | 王芳 | LC1 | 城东小学 | 小学 | 语文 | 1990.13
        “工号” = “LC2”：与第3行重复，请改正“工号”，或删去其中一行 ⏎ “任教学段” = “中学”：只能填：幼儿园、小学、初中、高中 | 4 | =赵四 | LC2 | 城东小学 | 中学 | 语文 | 
    "#]].assert_eq(&dump(&bytes));
    // The two columns that were added and the summary are not even noticed.
    let again = read(&bytes);
    assert_eq!(notices(&again), "");
    let faults = check::workbook(&again);
    expect![[r#"
        教师 第2行 “出生年月” = “1990.13”：月份应为 1–12，请改为如 1990.12
        教师 第3行 “任教学段” = “中学”：只能填：幼儿园、小学、初中、高中
    "#]]
    .assert_eq(&listed(&faults));
}

#[test]
fn faults_of_the_import_itself_are_marked_too() {
    use crate::transfer::fault::{Bilingual, FaultKind};
    let cells: &[&[&str]] = &[&["学校", "场地", "容量"], &["城东小", "会议室", "50"]];
    let workbook = read(&book("场地", |sheet| rows(sheet, 0, cells)));
    let row = workbook.table("场地").unwrap().rows().next().unwrap();
    let message = Bilingual::new("没有这所学校，请核对名称", "there is no such school; check the name");
    let mut faults = Faults::default();
    faults.push(row.fault(FaultKind::Unknown, "学校", message));
    expect![[r#"
        [问题汇总]
        工作表 | 行 | 列 | 内容 | 问题 | Problem
        场地 | 2 | 学校 | 城东小 | 没有这所学校，请核对名称 | there is no such school; check the name
        工作簿 |  |  |  | 提示：缺少工作表：学校、集团、教师、教研员、集团负责人、责任督学、名师工作室、作息时间、课表、走教、路程、校历、教研计划、学科余缺、轮岗志愿、轮岗政策；不导入这些内容，也不会删除已有数据 | note: missing sheets: 学校、集团、教师、教研员、集团负责人、责任督学、名师工作室、作息时间、课表、走教、路程、校历、教研计划、学科余缺、轮岗志愿、轮岗政策; nothing is imported for them and nothing is deleted
        [场地]
        问题 | 原行号 | 学校 | 场地 | 容量
        “学校” = “城东小”：没有这所学校，请核对名称 | 2 | 城东小 | 会议室 | 50
    "#]].assert_eq(&dump(&fault_book::write(&workbook, &faults).unwrap()));
}

/// Every cell of a workbook as text.
fn dump(bytes: &[u8]) -> String {
    use calamine::{Data, Reader, Xlsx};
    let mut xlsx: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    let mut out = String::new();
    for name in xlsx.sheet_names() {
        out.push_str(&format!("[{name}]\n"));
        for row in xlsx.worksheet_range(&name).unwrap().rows() {
            let cells = row.iter().map(|cell: &Data| cell.to_string().replace('\n', " ⏎ "));
            out.push_str(&format!("{}\n", cells.collect::<Vec<_>>().join(" | ")));
        }
    }
    out
}
