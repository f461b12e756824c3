use expect_test::expect;
use rust_xlsxwriter::{ExcelDateTime, Format};

use super::*;
use crate::transfer::fields;
use crate::transfer::table::{RawTable, Table};

/// Every row of a table, its cells by canonical heading.
fn shown(table: &Table) -> String {
    let row = |row: crate::transfer::table::Row<'_>| {
        let cells = table.sheet.columns.iter().map(|column| row.cell(column.heading).text().into_owned());
        format!("{} {}\n", row.number(), cells.collect::<Vec<_>>().join(" | "))
    };
    table.rows().map(row).collect()
}

#[test]
fn titles_shuffled_columns_widths_and_extra_columns_are_no_obstacle() {
    let bytes = book(" 教 师 表 ", |sheet| {
        let format = Format::new();
        sheet.merge_range(0, 0, 0, 7, "澜川县教师花名册", &format).unwrap();
        sheet.merge_range(1, 0, 1, 7, "填报单位：县教育局　　2026年8月", &format).unwrap();
        rows(
            sheet,
            3,
            &[
                &["序号", "教师姓名", "所在学校", "＊工号", "学 段", "科目", "出生日期", "职 称", "电话"],
                &[
                    "1",
                    "王　芳",
                    "县第一实验小学 ",
                    "ＬＣ００００１",
                    "小学",
                    "体育",
                    "1990.12",
                    "小学高级教师",
                    "x",
                ],
                &[],
                &["2", "李 明", "城东\u{200b}小学", "LC00002", "初级中学", "数学", "一九九〇", "", "x"],
            ],
        );
    });
    let workbook = read(&bytes);
    expect![[r#"
        教师表：有2列不在模板中，已忽略：序号、电话
    "#]]
    .assert_eq(&notices(&workbook));
    let table = workbook.table("教师").unwrap();
    expect![[r#"
        5 LC00001 | 王芳 |  | 1990.12 | 县第一实验小学 | 小学 | 体育 | 小学高级教师 |  |  |  |  |  | 
        7 LC00002 | 李明 |  | 一九九〇 | 城东小学 | 初级中学 | 数学 |  |  |  |  |  |  | 
    "#]]
    .assert_eq(&shown(table));
    expect![[r#"
        教师 第7行 “出生年月” = “一九九〇”：看不懂的年月，请写成如 2018.09 或 2018-09-01
    "#]]
    .assert_eq(&listed(&check::workbook(&workbook)));
    // Known values arrive in their canonical spelling.
    let row = table.rows().next().unwrap();
    assert_eq!(row.read("任教学科", fields::name).unwrap().as_deref(), Some("体育与健康"));
    assert_eq!(row.read("职称", fields::name).unwrap().as_deref(), Some("一级教师"));
    assert_eq!(row.read("邮箱", fields::email).unwrap(), None);
}

#[test]
fn real_dates_times_and_numbers_are_read() {
    let bytes = book("校历", |sheet| {
        rows(sheet, 0, &[&["日期", "类型", "执行星期课表"]]);
        let date = Format::new().set_num_format("yyyy-mm-dd");
        sheet.write_with_format(1, 0, ExcelDateTime::from_ymd(2026, 10, 10).unwrap(), &date).unwrap();
        sheet.write(1, 1, "调休").unwrap();
        sheet.write(1, 2, 3).unwrap();
    });
    let workbook = read(&bytes);
    let row = workbook.table("校历").unwrap().rows().next().unwrap();
    assert_eq!(row.read("日期", fields::date).unwrap().unwrap().to_string(), "2026-10-10");
    assert_eq!(row.read("类型", fields::name).unwrap().as_deref(), Some("调休上班"));
    assert_eq!(row.read("执行星期课表", fields::weekday).unwrap(), Some(chrono::Weekday::Wed));
    assert_eq!(listed(&check::workbook(&workbook)), "");
}

#[test]
fn bells_formatted_as_times_are_read() {
    let bytes = book("作息时间", |sheet| {
        rows(sheet, 0, &[&["学段", "节次", "开始", "结束"], &["小学"]]);
        let time = Format::new().set_num_format("hh:mm");
        sheet.write(1, 1, 1).unwrap();
        sheet.write_with_format(1, 2, 8.5 / 24.0, &time).unwrap();
        sheet.write(1, 3, "9：10").unwrap();
    });
    let workbook = read(&bytes);
    let row = workbook.table("作息时间").unwrap().rows().next().unwrap();
    assert_eq!(row.require("开始", fields::time).unwrap().to_string(), "08:30:00");
    assert_eq!(row.require("结束", fields::time).unwrap().to_string(), "09:10:00");
}

#[test]
fn cells_merged_down_count_for_every_row() {
    let bytes = book("集团", |sheet| {
        rows(sheet, 0, &[&["集团名称", "学校名称", "角色"]]);
        sheet.merge_range(1, 0, 3, 0, "一实小教育集团", &Format::new()).unwrap();
        rows(sheet, 1, &[&[], &[], &[]]);
        for (row, school) in (1..).zip(["县第一实验小学", "城东小学", "石桥镇中心小学"]) {
            sheet.write(row, 1, school).unwrap();
            sheet.write(row, 2, if row == 1 { "核心校" } else { "成员校" }).unwrap();
        }
    });
    let workbook = read(&bytes);
    expect![[r#"
        2 一实小教育集团 |  | 县第一实验小学 | 核心校 | 
        3 一实小教育集团 |  | 城东小学 | 成员校 | 
        4 一实小教育集团 |  | 石桥镇中心小学 | 成员校 | 
    "#]]
    .assert_eq(&shown(workbook.table("集团").unwrap()));
    expect![[r#"
        集团：有2个合并的单元格，已按每行都填同一个值读取
    "#]]
    .assert_eq(&notices(&workbook));
}

#[test]
fn class_names_compare_equal_whatever_their_brackets() {
    let raw = RawTable {
        sheet: "课表".into(),
        headings: ["学校", "班级", "星期", "节次", "学科", "教师工号"].map(String::from).to_vec(),
        rows: vec![
            ["城东小学", "一年级(1)班", "一", "1", "语文", "LC1"].map(String::from).to_vec(),
            ["城东小学", "一年级（１）班", "二", "1", "语文", "LC1"].map(String::from).to_vec(),
        ],
    };
    let table = Table::from_rows(&raw).unwrap();
    let names: Vec<_> = table.rows().map(|row| row.require("班级", fields::name).unwrap()).collect();
    assert_eq!(names, ["一年级（1）班", "一年级（1）班"]);
    assert!(!table.has("单双周"));
    assert_eq!(table.rows().next().unwrap().read("单双周", fields::weeks).unwrap(), None);
}

#[test]
fn an_empty_sheet_and_a_missing_one_are_noticed() {
    let bytes = book("教师", |sheet| rows(sheet, 0, &[&["工号", "姓名", "学校", "任教学段", "任教学科"]]));
    let workbook = read(&bytes);
    assert!(workbook.tables.is_empty() && workbook.faults.is_empty());
    expect![[r#"
        工作簿：没有数据行的工作表：教师；不导入这些内容，也不会删除已有数据
    "#]]
    .assert_eq(&notices(&workbook));
    expect!["工作簿：缺少工作表：学校、集团、教研员、集团负责人、责任督学、名师工作室、作息时间、课表、走教、场地、路程、校历、教研计划、学科余缺、轮岗志愿、轮岗政策；不导入这些内容，也不会删除已有数据"].assert_eq(&workbook.notices[1].to_string());
}

#[test]
fn a_sheet_nobody_knows_is_noticed() {
    let mut book = Book::new();
    book.add_worksheet().set_name("场地").unwrap();
    book.add_worksheet().set_name("Sheet2").unwrap();
    book.add_worksheet().set_name("填写说明").unwrap();
    expect![[r#"
        Sheet2：工作表不在模板中，已忽略；如需导入，请改为模板中的名称
        工作簿：没有数据行的工作表：场地；不导入这些内容，也不会删除已有数据
    "#]]
    .assert_eq(&notices(&read(&book.save_to_buffer().unwrap())));
}
