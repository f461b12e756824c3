//! The first import of a county, the second, and what a dry run says.

use super::*;
use crate::entity::values::{DayKind, HonourLevel, PlacementForm, SessionState, Stage};
use crate::entity::{
    appointment, audit_entry, coordinator, duty, education_group, honour, import_run, inspector, membership,
    posting, programme, researcher, room, school, school_day, school_stage, subject, team_member, term,
    travel_time,
};

#[tokio::test]
async fn everything_is_created_and_a_second_import_changes_nothing() {
    let office = Office::open().await;
    let first = office.imports(Tables::county()).await;
    assert_eq!(faults(&first), Vec::<String>::new());
    assert!(first.committed && first.backup.is_some_and(|copy| copy.exists()));
    assert!(first.sheets.iter().all(|sheet| sheet.created == sheet.rows), "{:?}", first.sheets);
    let audited = office.all::<audit_entry::Entity>(audit_entry::Column::DistrictId).await.len();

    let second = office.imports(Tables::county()).await;
    assert_eq!((faults(&second), lines(&second)), (vec![], vec![]));
    assert!(!second.committed && second.backup.is_none());
    assert!(second.sheets.iter().all(|sheet| sheet.unchanged == sheet.rows));
    assert_eq!(office.all::<audit_entry::Entity>(audit_entry::Column::DistrictId).await.len(), audited);
    assert_eq!(office.all::<import_run::Entity>(import_run::Column::DistrictId).await.len(), 1);
}

#[tokio::test]
async fn every_row_that_is_written_has_its_audit_entry() {
    let office = Office::with_county().await;
    let entries = office.all::<audit_entry::Entity>(audit_entry::Column::DistrictId).await;
    let of =
        |table: &str| entries.iter().filter(|entry| entry.entity == table && entry.before.is_none()).count();
    assert_eq!(of("school"), 3);
    assert_eq!(of("teacher"), 6, "four teachers, a researcher, an inspector");
    assert_eq!(of("lesson"), office.lessons().await.len());
    assert_eq!(of("research_session"), 5);
    assert!(entries.iter().all(|entry| entry.actor == "cli" && entry.action == "import"));
}

#[tokio::test]
async fn people_have_their_posts_honours_and_duties() {
    let office = Office::with_county().await;
    let wang = office.teacher("T1").await;
    assert_eq!(wang.employer, "澜川县教育局");
    assert_eq!(wang.born_on, Some(day("1980-05-01")));
    let posts = office.all::<appointment::Entity>(appointment::Column::DistrictId).await;
    let post = posts.iter().find(|post| post.teacher_id == wang.id).unwrap();
    assert_eq!((post.from_on, post.until_on, post.stage), (day("2014-09-01"), None, Stage::Primary));
    let honours = office.all::<honour::Entity>(honour::Column::DistrictId).await;
    assert_eq!(
        honours.iter().map(|h| (h.teacher_id, h.level)).collect::<Vec<_>>(),
        [(wang.id, HonourLevel::County)]
    );
    assert_eq!(office.all::<duty::Entity>(duty::Column::DistrictId).await.len(), 3);
    assert_eq!(office.all::<team_member::Entity>(team_member::Column::DistrictId).await.len(), 2);
    assert_eq!(office.all::<inspector::Entity>(inspector::Column::DistrictId).await.len(), 1);
    let coordinators = office.all::<coordinator::Entity>(coordinator::Column::DistrictId).await;
    assert_eq!((coordinators[0].teacher_id, coordinators[0].from_on), (wang.id, day("2026-09-01")));
    let researchers = office.all::<researcher::Entity>(researcher::Column::DistrictId).await;
    assert!(
        researchers[0].full_time
            && researchers[0].group_id.is_some()
            && researchers[0].base_school_id.is_some()
    );
    let postings = office.all::<posting::Entity>(posting::Column::DistrictId).await;
    assert_eq!((postings[0].form, postings[0].weekdays.as_deref()), (PlacementForm::Itinerant, Some("5")));
    assert_eq!(postings[0].until_on, Some(day("2027-01-22")));
}

#[tokio::test]
async fn schools_groups_and_places_are_stored() {
    let office = Office::with_county().await;
    assert_eq!(office.all::<school::Entity>(school::Column::DistrictId).await.len(), 3);
    assert_eq!(office.all::<school_stage::Entity>(school_stage::Column::DistrictId).await.len(), 4);
    assert_eq!(office.all::<membership::Entity>(membership::Column::DistrictId).await.len(), 3);
    let groups = office.all::<education_group::Entity>(education_group::Column::DistrictId).await;
    assert_eq!(groups[0].agreement_ends_on, Some(day("2029-08-31")));
    let rooms = office.all::<room::Entity>(room::Column::DistrictId).await;
    let hall = rooms.iter().find(|room| room.name == "多功能厅").unwrap();
    assert_eq!(hall.equipment, serde_json::json!(["multimedia", "recording"]));
    assert_eq!(office.all::<travel_time::Entity>(travel_time::Column::DistrictId).await[0].minutes, 25);
    let mut subjects = office.all::<subject::Entity>(subject::Column::DistrictId).await;
    subjects.sort_by_key(|subject| subject.position);
    assert_eq!(subjects.iter().map(|subject| subject.name.as_str()).collect::<Vec<_>>(), ["语文", "数学"]);
}

#[tokio::test]
async fn the_calendar_says_what_runs_on_each_day() {
    let office = Office::open().await;
    let report = office.imports(Tables::county()).await;
    assert_eq!(office.all::<term::Entity>(term::Column::DistrictId).await.len(), 1);
    let days = office.all::<school_day::Entity>(school_day::Column::DistrictId).await;
    let on = |date: &str| {
        let found = days.iter().find(|known| known.day_on == day(date)).unwrap();
        (found.kind, found.timetable_weekday, found.name.as_deref().unwrap_or_default())
    };
    assert_eq!(days.len(), 10);
    assert_eq!(on("2026-10-07"), (DayKind::Holiday, None, "国庆节"));
    assert_eq!(on("2026-10-10"), (DayKind::MakeUp, Some(3), "补10月7日课"));
    assert_eq!(on("2026-10-23"), (DayKind::Event, None, "县运动会"));
    assert_eq!(on("2026-12-09"), (DayKind::Monitoring, Some(3), ""));
    assert!(notices(&report).contains("延续到2027年"));
}

#[tokio::test]
async fn a_dry_run_counts_the_same_and_writes_nothing() {
    let office = Office::open().await;
    let dry = ImportOptions { dry_run: true, ..ImportOptions::default() };
    let told = office.imports_with(Tables::county(), dry).await;
    assert!(!told.committed && told.backup.is_none());
    assert!(office.all::<school::Entity>(school::Column::DistrictId).await.is_empty());
    let done = office.imports(Tables::county()).await;
    assert_eq!(told.sheets, done.sheets);
}

#[tokio::test]
async fn districts_do_not_see_each_other() {
    let office = Office::with_county().await;
    let district = add_district(&office.scope.database, "清江县").await;
    let other =
        Office { scope: Scope { district, ..office.scope.clone() }, _folder: tempfile::tempdir().unwrap() };
    let report = other.imports(Tables::county()).await;
    assert_eq!(counts(&report, "学校").created, 3);
    let alone = Tables::of("走教\n工号|走教学校|星期\nT9|河口小学|三");
    let report = other.imports(alone).await;
    assert_eq!(faults(&report).len(), 1);
    assert_eq!(office.all::<programme::Entity>(programme::Column::DistrictId).await.len(), 2);
    let sessions = other.sessions("阅读教学").await;
    assert!(sessions.len() == 3 && sessions.iter().all(|session| session.state == SessionState::Undated));
}
