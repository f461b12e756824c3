//! The cover list: which lessons colleagues have to give, of a draft and of what stands.

use calamine::{Reader, Xlsx};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tongpan::audit;
use tongpan::entity::{lesson, school};
use tongpan::plans::cover::{self, CoverFilter};
use tongpan::plans::standing::Which;
use tongpan::transfer::export;

use crate::harness::{Harness, on_both};
use crate::rows::day;
use crate::town::{EAST, LONG_SESSIONS, ONE_OPEN_DAY, WEST, town_with};

async fn told(town: &Harness, which: Which, filter: &CoverFilter) -> Vec<String> {
    let list = cover::list(&town.scope, which, filter).await.expect("a cover list");
    let told = |row: &cover::CoverRow| {
        let [lesson @ .., session, _] = row.cells(&town.scope);
        assert!(session.starts_with(&row.session_name), "{session}");
        format!("{} → {}", lesson.join(" "), row.session_name)
    };
    list.rows.iter().map(told).collect()
}

const LESSON: &str = "河湾小学 9月16日（周三） 第5节 五年级（1）班 数学 孙强 → 数学 新课标 第1次";

#[tokio::test]
async fn a_lesson_is_listed_with_its_class_and_period_and_the_session_it_is_missed_for() {
    on_both(async |town| {
        town.settles(&town_with(ONE_OPEN_DAY, LONG_SESSIONS)).await;
        let plan = town.solves(EAST).await;
        let draft = Which::Plan(plan.id);
        assert_eq!(told(town, draft, &CoverFilter::default()).await, [LESSON]);

        town.publishes(&plan).await;
        let term_id = plan.term_id;
        let published = Which::Published { term_id, group_id: None };
        assert_eq!(told(town, published, &CoverFilter::default()).await, [LESSON]);
        let later = CoverFilter { from: Some(day("2026-09-17")), ..CoverFilter::default() };
        assert_eq!(told(town, published, &later).await, [""; 0]);
        let east = school::Entity::find().filter(school::Column::Name.eq("城东小学"));
        let school_id = east.one(town.scope.reader()).await.expect("schools").map(|school| school.id);
        let elsewhere = CoverFilter { school_id, ..CoverFilter::default() };
        assert_eq!(told(town, published, &elsewhere).await, [""; 0]);
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn a_lesson_that_has_left_the_timetable_is_still_told_in_words() {
    on_both(async |town| {
        town.settles(&town_with(ONE_OPEN_DAY, LONG_SESSIONS)).await;
        let plan = town.solves(EAST).await;
        let lessons = lesson::Entity::find().all(town.scope.reader()).await.expect("lessons");
        let txn = town.scope.begin().await.expect("a transaction");
        for before in &lessons {
            let after = lesson::Model { until_on: Some(day("2026-09-10")), ..before.clone() };
            audit::update(&txn, "test.setup", before, after).await.expect("the lesson ends");
        }
        txn.commit().await.expect("a commit");
        let words = "河湾小学 9月16日（周三）  9月16日（周三） 14:20–15:00 五年级（1）班 数学  孙强 → 数学 新课标 第1次";
        assert_eq!(told(town, Which::Plan(plan.id), &CoverFilter::default()).await, [words]);
    })
    .await;
}

#[tokio::test]
async fn a_workbook_without_lessons_to_cover_says_so() {
    on_both(async |town| {
        town.settles(&town_with(ONE_OPEN_DAY, LONG_SESSIONS)).await;
        let plan = town.solves(WEST).await;
        let list =
            cover::list(&town.scope, Which::Plan(plan.id), &CoverFilter::default()).await.expect("a list");
        assert_eq!(list.rows.len(), 0);
        let bytes = export::cover_workbook(&town.scope, &list).expect("a workbook");
        let mut book = Xlsx::new(std::io::Cursor::new(bytes)).expect("a workbook that reads");
        let sheet = book.worksheet_range("调课单").expect("the sheet");
        assert_eq!(sheet.get_value((2, 0)).map(ToString::to_string).as_deref(), Some(cover::NOTHING));
    })
    .await;
}
