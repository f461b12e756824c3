//! The timetable: clashes, and changes from a day on.

use super::*;
use crate::entity::school_class;
use crate::entity::values::{Stage, WeekParity};

async fn faults_of(tables: Tables) -> Vec<String> {
    faults(&Office::open().await.imports(tables).await)
}

#[tokio::test]
async fn classes_know_their_stage_and_grade() {
    let office = Office::with_county().await;
    let mut classes = office.all::<school_class::Entity>(school_class::Column::DistrictId).await;
    classes.sort_by_key(|class| class.grade);
    let known: Vec<_> = classes.iter().map(|class| (class.stage, class.grade)).collect();
    assert_eq!(known, [(Stage::Primary, Some(1)), (Stage::Primary, Some(3)), (Stage::Junior, Some(7))]);
}

#[tokio::test]
async fn a_lesson_over_two_periods_is_two_lessons() {
    let office = Office::with_county().await;
    let lessons = office.lessons().await;
    let tuesday: Vec<_> =
        lessons.iter().filter(|lesson| lesson.weekday == 2).map(|lesson| lesson.period).collect();
    assert_eq!(tuesday, [1, 2]);
    assert!(lessons.iter().all(|lesson| lesson.from_on == day("2026-09-01") && lesson.until_on.is_none()));
}

#[tokio::test]
async fn a_teacher_is_at_one_school_at_a_time_by_the_clock() {
    let county = || Tables::county().add("课表", "城关小学|二年级（1）班|三|1||语文|T3|赵敏");
    let found = faults_of(county()).await;
    assert_eq!(
        found,
        [
            "课表 第7行 “教师工号” = “T3”：与第6行冲突：该教师 08:00—08:45 已在“松坪学校七年级（1）班”上课，请改正其中一行"
        ]
    );
    let later = county().set("课表", 7, "节次", "2");
    assert_eq!(
        faults_of(later).await,
        Vec::<String>::new(),
        "09:20 is after 08:45, though both are mornings"
    );
}

#[tokio::test]
async fn odd_and_even_weeks_do_not_clash() {
    let apart = Tables::county().add("课表", "松坪学校|六年级（1）班|一|2|单|数学|T4|周洋");
    assert_eq!(faults_of(apart).await, Vec::<String>::new());
    let together = Tables::county().add("课表", "松坪学校|六年级（1）班|一|2|双|数学|T4|周洋");
    assert_eq!(faults_of(together).await.len(), 1);
}

#[tokio::test]
async fn a_class_has_one_lesson_at_a_time() {
    let found = faults_of(Tables::county().add("课表", "城关小学|一年级（1）班|一|1||数学|T2|李强")).await;
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("课表 第7行 “班级” = “一年级（1）班”：与第2行冲突"), "{}", found[0]);
}

#[tokio::test]
async fn two_bells_of_one_school_may_touch() {
    let office = Office::open().await;
    let tables = Tables::county().add("课表", "松坪学校|六年级（1）班|三|2||语文|T3|赵敏");
    let report = office.imports(tables.add("课表", "松坪学校|八年级（1）班|三|2||语文|T3|赵敏")).await;
    // Same number at the same school: the same period, whatever the bells say.
    assert_eq!(faults(&report).len(), 1);
    let tables = Tables::county().add("作息时间", "初中|3|09:55|10:40").set("作息时间", 5, "结束", "09:54");
    let tables = tables.set("作息时间", 5, "开始", "09:00");
    let tables = tables.add("课表", "松坪学校|六年级（1）班|三|2||语文|T3|赵敏");
    let report = office.imports(tables.add("课表", "松坪学校|八年级（1）班|三|3||语文|T3|赵敏")).await;
    assert_eq!(faults(&report), Vec::<String>::new());
    assert!(
        notices(&report)
            .contains("课表 第8行：T3 这节课与“松坪学校六年级（1）班”09:20—10:00 的课按作息重叠5分钟")
    );
}

#[tokio::test]
async fn a_period_without_a_bell_is_refused() {
    let found = faults_of(Tables::county().set("课表", 2, "节次", "8")).await;
    assert_eq!(found, ["课表 第2行 “节次” = “8”：“作息时间”中没有小学第8节，请补上或改正节次"]);
}

#[tokio::test]
async fn a_change_before_the_term_replaces_in_place() {
    let office = Office::with_county().await;
    let tables = Tables::county().set("课表", 2, "学科", "数学").without_row("课表", 3);
    let report = office.imports(tables).await;
    assert_eq!(lines(&report), ["课表 城关小学 一年级（1）班 星期一第1节 课：语文（王芳） → 数学（王芳）"]);
    assert_eq!((counts(&report, "课表").ended, counts(&report, "课表").missing), (0, 1));
    assert_eq!(office.lessons().await.len(), 6, "a row that is missing ends nothing");
    let whole = ImportOptions { whole_timetables: true, ..ImportOptions::default() };
    let tables = Tables::county().set("课表", 2, "学科", "数学").without_row("课表", 3);
    let report = office.imports_with(tables, whole).await;
    assert_eq!(counts(&report, "课表").ended, 1);
    let lessons = office.lessons().await;
    assert_eq!(lessons.len(), 5);
    assert!(lessons.iter().all(|lesson| lesson.from_on == day("2026-09-01") && lesson.until_on.is_none()));
}

#[tokio::test]
async fn a_change_from_a_day_on_keeps_what_was_taught() {
    let office = Office::with_county().await;
    let options = || ImportOptions { from: Some(day("2026-11-02")), ..ImportOptions::default() };
    let tables = || Tables::county().set("课表", 2, "学科", "数学");
    let report = office.imports_with(tables(), options()).await;
    assert_eq!((counts(&report, "课表").changed, counts(&report, "课表").unchanged), (1, 4));
    let lessons = office.lessons().await;
    let monday: Vec<_> = lessons.iter().filter(|lesson| (lesson.weekday, lesson.period) == (1, 1)).collect();
    assert_eq!((monday[0].until_on, monday[1].from_on), (Some(day("2026-11-01")), day("2026-11-02")));
    assert!(!office.imports_with(tables(), options()).await.committed, "a second import changes nothing");
    office.imports(Tables::county()).await;
    let lessons = office.lessons().await;
    assert_eq!(lessons.len(), 6, "the first timetable counts again, from the start of the term");
    assert!(lessons.iter().all(|lesson| lesson.until_on.is_none()));
}

#[tokio::test]
async fn a_class_with_a_bad_row_keeps_its_timetable() {
    let office = Office::with_county().await;
    let tables = Tables::county().set("课表", 2, "教师工号", "T99").set("课表", 2, "教师", "");
    let tables = tables.set("课表", 3, "学科", "数学").set("课表", 6, "学科", "数学");
    let report = office.imports_skipping(tables).await;
    let faults = faults(&report);
    assert!(
        faults.iter().any(|fault| fault.starts_with("课表 第3行：所依据的“课表”第2行有问题")),
        "{faults:#?}"
    );
    let counted = counts(&report, "课表");
    assert_eq!((counted.refused, counted.unchanged, counted.changed, counted.ended), (2, 2, 1, 0));
    let lessons = office.lessons().await;
    assert_eq!(lessons.len(), 6);
    assert_eq!(lessons.iter().filter(|lesson| lesson.parity == WeekParity::Odd).count(), 1);
}

#[tokio::test]
async fn a_stored_class_is_compared_too() {
    let office = Office::with_county().await;
    let alone = "课表\n学校|班级|星期|节次|学科|教师工号\n河口小学|四年级（1）班|一|1|语文|T1";
    let report = office.imports(Tables::of(alone)).await;
    let [fault] = &faults(&report)[..] else { panic!("{:?}", faults(&report)) };
    assert!(fault.contains("与已有课表冲突：该教师 08:30—09:10 已在“城关小学一年级（1）班”上课"), "{fault}");
}
