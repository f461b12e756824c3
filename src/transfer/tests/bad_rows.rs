use expect_test::expect;
use rust_xlsxwriter::Formula;

use super::*;
use crate::transfer::workbook::MAX_ROWS;

const TEACHER: [&str; 7] = ["工号", "姓名", "学校", "任教学段", "任教学科", "出生年月", "邮箱"];
const LESSON: [&str; 7] = ["学校", "班级", "星期", "节次", "单双周", "学科", "教师工号"];

#[test]
fn each_bad_cell_has_its_message_and_good_rows_have_none() {
    expect![[r#"
        教师 第3行 “出生年月” = “1990.13”：月份应为 1–12，请改为如 1990.12
        教师 第3行 “邮箱” = “lc2@example”：不是有效的邮箱，请写成如 name@example.com
        教师 第4行 “工号”：必填，不能为空，请填写（如 LC00001）
        教师 第4行 “出生年月” = “2026-02-30”：2026年2月没有30日（最后一天是28日），请改为实际的日期
        教师 第4行 “学校”：必填，不能为空，请填写（如 县第一实验小学）
        教师 第5行 “任教学段” = “中学”：只能填：幼儿园、小学、初中、高中
        教师 第6行 “工号” = “LC1”：与第2行重复，请改正“工号”，或删去其中一行
    "#]]
    .assert_eq(&faults_of(
        "教师",
        &[
            &TEACHER,
            &["LC1", "王芳", "城东小学", "小学", "语文", "1990.12", "lc1@example.com"],
            &["LC2", "李明", "城东小学", "小学", "语文", "1990.13", "lc2@example"],
            &["", "张三", "", "小学", "语文", "2026-02-30", ""],
            &["LC3", "赵四", "城东小学", "中学", "语文", "", ""],
            &["LC1", "孙五", "城东小学", "小学", "语文", "", ""],
        ],
    ));
}

#[test]
fn a_missing_column_names_what_was_found() {
    expect![[r#"
        教师 “工号”：缺少必填列“工号”，第1行的标题有：姓名、学校、学段、学科、电话；请补上这一列，或把相应的标题改为“工号”（也可写 编号、教师工号、教师编号、职工号）
    "#]].assert_eq(&faults_of("教师", &[&["姓名", "学校", "学段", "学科", "电话"], &["王芳"]]));
}

#[test]
fn a_doubled_heading_names_its_columns() {
    expect![[r#"
        场地 “场地”：有2列（B、E列）都是“场地”，请只保留一列，或改掉其余的标题
    "#]]
    .assert_eq(&faults_of(
        "场地",
        &[&["学校", "场地", "容量", "设备", "场地"], &["城东小学", "会议室", "50", "", "报告厅"]],
    ));
}

#[test]
fn a_heading_of_its_own_comes_before_another_name() {
    let cells: &[&[&str]] = &[&["学校", "学校名称", "场地", "容量"], &["城东小学", "x", "会议室", "50"]];
    let workbook = read(&book("场地", |sheet| rows(sheet, 0, cells)));
    assert_eq!(listed(&check::workbook(&workbook)), "");
    expect![[r#"
        场地：有1列不在模板中，已忽略：学校名称
    "#]]
    .assert_eq(&notices(&workbook));
}

#[test]
fn a_sheet_without_headings_says_so() {
    expect![[r#"
        路程：前10行中找不到标题行，标题至少应有：学校甲、学校乙、分钟；请照模板补上标题行
    "#]]
    .assert_eq(&faults_of("路程", &[&["城东小学", "县第二小学", "4", "11"]]));
    let mut late = vec![&["说明文字"][..]; 10];
    late.extend([&["学校甲", "学校乙", "分钟"][..], &["城东小学", "县第二小学", "11"]]);
    expect![[r#"
        路程：前10行中找不到标题行，标题至少应有：学校甲、学校乙、分钟；请照模板补上标题行
    "#]]
    .assert_eq(&faults_of("路程", &late));
}

#[test]
fn lessons_that_meet_clash() {
    expect![[r#"
        课表 第3行 “班级” = “一年级（1）班”：与第2行冲突：该班星期一第1节已有“语文”课，请改正其中一行
        课表 第4行 “教师工号” = “LC1”：与第2行冲突：该教师星期一第1节已在“一年级（1）班”上课，请改正其中一行
        课表 第6行 “节次” = “早读”：应为 1–15 的节次，请写成如 3 或 1-2
    "#]]
    .assert_eq(&faults_of(
        "课表",
        &[
            &LESSON,
            &["城东小学", "一年级（1）班", "一", "1", "", "语文", "LC1"],
            &["城东小学", "一年级(1)班", "周一", "1", "", "数学", "LC2"],
            &["城东小学", "一年级（2）班", "1", "1-2", "单", "语文", "LC1"],
            &["城东小学", "一年级（3）班", "一", "2", "双", "语文", "LC1"],
            &["城东小学", "一年级（4）班", "一", "早读", "", "语文", "LC1"],
        ],
    ));
}

#[test]
fn the_way_back_is_the_way_there() {
    expect![[r#"
        路程 第3行：与第2行重复（学校甲、学校乙都相同），请改正，或删去其中一行
    "#]]
    .assert_eq(&faults_of(
        "路程",
        &[
            &["学校甲", "学校乙", "分钟"],
            &["城东小学", "县第二小学", "11"],
            &["县第二小学", "城东小学", "12分钟"],
        ],
    ));
}

#[test]
fn megabytes_in_a_cell_are_not_repeated() {
    let bytes = book("教师", |sheet| {
        rows(sheet, 0, &[&["工号", "姓名", "学校", "任教学段", "任教学科", "备注"]]);
        rows(sheet, 1, &[&["LC1", "王芳", "城东小学", "小学", "语文"]]);
        // Excel itself allows no more than 32,767 characters.
        sheet.write_string(1, 5, "长".repeat(32_767)).unwrap();
    });
    expect![[r#"
        教师 第2行 “备注” = “长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长…”：内容过长（32767字），请缩短到2000字以内
    "#]].assert_eq(&listed(&check::workbook(&read(&bytes))));
    let huge = crate::transfer::table::Cell::from_text(
        &"长".repeat(3_500_000),
        crate::transfer::sheets::Kind::Prose,
    );
    assert_eq!(huge.text().chars().count(), 41);
}

#[test]
fn a_formula_that_fails_is_a_fault() {
    let bytes = book("路程", |sheet| {
        rows(sheet, 0, &[&["学校甲", "学校乙", "分钟"], &["城东小学", "县第二小学"]]);
        sheet.write_formula(1, 2, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    });
    expect![[r#"
        路程 第2行 “分钟” = “#DIV/0!”：单元格的公式没有算出结果，请改为实际内容
    "#]]
    .assert_eq(&listed(&check::workbook(&read(&bytes))));
}

#[test]
fn two_sheets_of_a_kind_are_not_merged() {
    let mut book = Book::new();
    for name in ["路程", "路程表"] {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        rows(sheet, 0, &[&["学校甲", "学校乙", "分钟"], &["城东小学", "县第二小学", "11"]]);
    }
    expect![[r#"
        路程：工作表“路程表”与前面的一张都是“路程”，请合并为一张
    "#]]
    .assert_eq(&listed(&check::workbook(&read(&book.save_to_buffer().unwrap()))));
}

#[test]
fn a_sheet_of_too_many_rows_is_not_read_in_part() {
    let headings = ["学校甲", "学校乙", "分钟"].map(String::from).to_vec();
    let row = ["甲", "乙", "1"].map(String::from).to_vec();
    let raw =
        crate::transfer::table::RawTable { sheet: "路程".into(), headings, rows: vec![row; MAX_ROWS + 1] };
    let workbook = Workbook::from_tables(&[raw]);
    assert!(workbook.tables.is_empty());
    expect![[r#"
        路程：数据超过200000行，请分成几个文件导入
    "#]]
    .assert_eq(&listed(&workbook.faults));
}

#[test]
fn cells_of_a_row_must_fit_together() {
    expect![[r#"
        作息时间 第2行 “结束” = “8:30”：应晚于开始时间 09:10，请改正
    "#]]
    .assert_eq(&faults_of("作息时间", &[&["学段", "节次", "开始", "结束"], &["小学", "1", "09:10", "8:30"]]));
    expect![[r#"
        校历 第2行 “结束日期”：学期要填开始日期和结束日期，请补上
        校历 第3行 “结束日期” = “2026-08-01”：不能早于开始日期 2026-09-01，请改正
        校历 第4行 “日期”：请填“日期”；连续几天则填“开始日期”和“结束日期”
        校历 第6行 “日期” = “2026-02-30”：2026年2月没有30日（最后一天是28日），请改为实际的日期
    "#]]
    .assert_eq(&faults_of(
        "校历",
        &[
            &["开始日期", "结束日期", "日期", "类型"],
            &["2026-09-01", "", "", "学期"],
            &["2026-09-01", "2026-08-01", "", "学期"],
            &["", "", "", "放假"],
            &["2026-10-01", "2026-10-07", "", "放假"],
            &["", "", "2026-02-30", "放假"],
        ],
    ));
    expect![[r#"
        路程 第2行 “学校乙” = “城东小学”：与“学校甲”是同一所学校，请改为另一所
    "#]]
    .assert_eq(&faults_of("路程", &[&["学校甲", "学校乙", "分钟"], &["城东小学", "城东小学", "11"]]));
    expect![[r#"
        学科余缺 第2行 “余缺” = “-2”：现有人数减核定需求是 2，请核对这三列
    "#]]
    .assert_eq(&faults_of(
        "学科余缺",
        &[
            &["学校", "学段", "学科", "核定需求", "现有人数", "余缺"],
            &["城东小学", "小学", "语文", "17", "19", "-2"],
        ],
    ));
}
