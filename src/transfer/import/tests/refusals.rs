//! Rows that cannot be imported, and what is said of them.

use super::*;
use crate::entity::{import_run, school};
use crate::transfer::fault::FaultKind;

/// The one fault, besides those of the rows that depend on it.
async fn only_fault(tables: Tables) -> String {
    let office = Office::open().await;
    let report = office.imports(tables).await;
    assert!(!report.committed);
    assert!(
        office.all::<school::Entity>(school::Column::DistrictId).await.is_empty(),
        "nothing is half-written"
    );
    let own = report.faults.iter().filter(|fault| fault.kind != FaultKind::Depends);
    let [fault] = &own.map(ToString::to_string).collect::<Vec<_>>()[..] else {
        panic!("{:#?}", faults(&report))
    };
    fault.clone()
}

#[tokio::test]
async fn one_bad_row_stops_everything() {
    let fault = only_fault(Tables::county().set("校历", 4, "日期", "2026-02-30")).await;
    assert!(fault.starts_with("校历 第4行 “日期” = “2026-02-30”：2026年2月没有30日"), "{fault}");
}

#[tokio::test]
async fn an_unknown_school_suggests_the_nearest() {
    let fault = only_fault(Tables::county().set("场地", 2, "学校", "城关小学校")).await;
    assert_eq!(
        fault,
        "场地 第2行 “学校” = “城关小学校”：没有这个学校，是不是“城关小学”？请改正，或先在相应的表中补上"
    );
}

#[tokio::test]
async fn an_unknown_number_suggests_the_one_of_that_name() {
    let fault = only_fault(Tables::county().set("名师工作室", 3, "工号", "T22")).await;
    assert_eq!(fault, "名师工作室 第3行 “工号” = “T22”：没有这个工号；“李强”的工号是 T2，请改正");
}

#[tokio::test]
async fn a_name_that_is_not_the_numbers_is_refused() {
    let fault = only_fault(Tables::county().set("走教", 2, "姓名", "李刚")).await;
    assert_eq!(fault, "走教 第2行 “姓名” = “李刚”：工号 T2 是“李强”，不是“李刚”，请核对工号和姓名");
}

#[tokio::test]
async fn a_number_may_occur_once() {
    let fault = only_fault(
        Tables::county()
            .set("教师", 5, "工号", "T3")
            .set("课表", 4, "教师工号", "T3")
            .set("课表", 4, "教师", "赵敏"),
    )
    .await;
    assert!(fault.starts_with("教师 第5行 “工号” = “T3”：与第4行重复"), "{fault}");
}

#[tokio::test]
async fn a_teachers_stage_is_one_of_her_schools() {
    let fault = only_fault(Tables::county().set("教师", 2, "任教学段", "初中")).await;
    assert!(fault.contains("“城关小学”没有初中"), "{fault}");
}

#[tokio::test]
async fn a_title_that_is_none_lists_what_is_understood() {
    let fault = only_fault(Tables::county().set("教师", 2, "职称", "讲师")).await;
    assert!(fault.contains("正高级教师、高级教师、一级教师"), "{fault}");
}

#[tokio::test]
async fn an_honour_without_a_level_is_refused() {
    let fault = only_fault(Tables::county().set("教师", 2, "荣誉称号", "先进个人")).await;
    assert!(fault.contains("看不出级别"), "{fault}");
}

#[tokio::test]
async fn a_make_up_day_needs_a_timetable() {
    let fault = only_fault(Tables::county().set("校历", 4, "执行星期课表", "")).await;
    assert!(fault.contains("按星期几的课表上课"), "{fault}");
}

#[tokio::test]
async fn a_term_must_be_known_before_a_timetable() {
    let mut tables = Tables::county();
    tables.0.retain(|table| table.sheet != "校历");
    let office = Office::open().await;
    let report = office.imports(tables).await;
    assert!(
        faults(&report).contains(&"课表：还没有学期，请在“校历”表写一行类型为“学期”的起止日期".to_owned())
    );
    assert_eq!(counts(&report, "课表").refused, 5);
}

#[tokio::test]
async fn a_first_day_after_the_term_is_refused() {
    let office = Office::open().await;
    let options = ImportOptions { from: Some(day("2027-03-01")), ..ImportOptions::default() };
    let error = office.tries(Tables::county(), options).await.unwrap_err();
    assert!(error.to_string().contains("晚于“2026—2027学年第一学期”的最后一天"));
}

#[tokio::test]
async fn skipping_leaves_out_bad_rows_and_what_depends_on_them() {
    let office = Office::open().await;
    let report = office.imports_skipping(Tables::county().set("学校", 3, "办学类型", "私塾")).await;
    assert!(report.committed);
    let faults = faults(&report);
    let depending = faults.iter().filter(|fault| fault.contains("“学校”第3行有问题，本行随之不导入")).count();
    let on_the_teacher = faults.iter().filter(|fault| fault.contains("“教师”第3行有问题")).count();
    assert_eq!((faults.len(), depending), (10, 6), "{faults:#?}");
    assert_eq!(on_the_teacher, 3, "the studio, the timetable, the itinerant days");
    let schools = office.all::<school::Entity>(school::Column::DistrictId).await;
    assert_eq!(schools.len(), 2);
    assert_eq!(office.lessons().await.len(), 4);
    let runs = office.all::<import_run::Entity>(import_run::Column::DistrictId).await;
    assert_eq!(runs[0].refused as usize, report.totals().refused);
}

#[tokio::test]
async fn a_bad_row_about_something_stored_leaves_what_refers_to_it() {
    let office = Office::with_county().await;
    let report = office.imports_skipping(Tables::county().set("学校", 3, "办学类型", "私塾")).await;
    assert_eq!(faults(&report).len(), 1, "the school itself is stored");
    assert!(!report.committed);
}

#[tokio::test]
async fn what_is_not_used_is_noticed_and_stops_nothing() {
    let office = Office::open().await;
    let tables = Tables::county().set("场地", 3, "设备", "多媒体、空调").set("教师", 4, "职务", "教研组长");
    let report = office.imports(tables.set("教师", 4, "任教学科", "日语")).await;
    let notices = notices(&report);
    assert!(report.committed);
    assert!(
        notices.contains("设备“空调”")
            && notices.contains("职务“教研组长”")
            && notices.contains("“日语”不是常见学科")
    );
}
