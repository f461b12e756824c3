//! Programmes and the sessions that follow them.

use super::*;
use crate::entity::values::{
    AudienceRule, HalfOfDay, HostRule, PlanOrigin, PresenterSource, SessionLevel, SessionMode, SessionState,
};
use crate::entity::{plan, plan_session, programme};

async fn programmes(office: &Office) -> Vec<programme::Model> {
    let mut programmes = office.all::<programme::Entity>(programme::Column::DistrictId).await;
    programmes.sort_by_key(|programme| std::cmp::Reverse(programme.minutes));
    programmes
}

#[tokio::test]
async fn the_phrases_become_rules() {
    let office = Office::with_county().await;
    let [reading, meeting] = &programmes(&office).await[..] else { panic!("two programmes") };
    assert_eq!((reading.min_gap_days, reading.monthly), (14, false));
    assert_eq!((reading.subject_weekday, reading.subject_half), (Some(4), Some(HalfOfDay::Afternoon)));
    assert_eq!(reading.host_rule, HostRule::MembersInTurn);
    let presenters = (reading.presenters_from, reading.presenters, reading.presenter_schools);
    assert_eq!(presenters, (PresenterSource::Group, 2, 2));
    assert_eq!(reading.researcher_id, Some(office.teacher("JY1").await.id));
    assert_eq!((meeting.monthly, meeting.mode), (true, SessionMode::OnSite));
    assert_eq!((meeting.audience, meeting.audience_researchers), (AudienceRule::Duties, true));
    assert_eq!(meeting.audience_duties, serde_json::json!(["principal", "vice_principal"]));
    let sessions = office.sessions("阅读教学").await;
    assert_eq!(sessions.iter().map(|session| session.ordinal).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(sessions.iter().all(|session| session.state == SessionState::Undated && session.minutes == 160));
}

#[tokio::test]
async fn what_a_programme_wishes_is_read_where_the_workbook_has_the_columns() {
    let office = Office::with_county().await;
    let before = programmes(&office).await.remove(0);
    assert_eq!((before.level, before.allows_evening), (SessionLevel::Group, false));
    let asks = [
        ("级别", "县级"),
        ("可晚间", "是"),
        ("可周末", "√"),
        ("同日开展", "语数教研"),
        ("到会比例", "80"),
        ("自愿参加", "是"),
    ];
    let mut tables = Tables::county();
    let sheet = tables.sheet("教研计划");
    for (heading, value) in asks {
        sheet.headings.push(heading.to_owned());
        sheet.rows[0].push(value.to_owned());
        sheet.rows[1].push(String::new());
    }
    let report = office.imports(tables).await;
    assert_eq!(lines(&report).len(), asks.len(), "{:?}", lines(&report));
    let [reading, meeting] = &programmes(&office).await[..] else { panic!("two programmes") };
    assert_eq!(reading.level, SessionLevel::County);
    assert!(reading.allows_evening && reading.allows_weekend && reading.optional_audience);
    assert_eq!(reading.keep_together.as_deref(), Some("语数教研"));
    assert_eq!(reading.attendance_quota_percent, Some(80));
    assert_eq!((meeting.level, meeting.allows_weekend), (SessionLevel::Group, false));
    let sessions = office.sessions("阅读教学").await;
    assert!(sessions.iter().all(|session| session.level == SessionLevel::County));

    office.imports(Tables::county()).await;
    let kept = programmes(&office).await.remove(0);
    assert_eq!(
        kept.attendance_quota_percent,
        Some(80),
        "a workbook without the columns leaves what is stored"
    );
}

#[tokio::test]
async fn undated_sessions_follow_their_programme() {
    let office = Office::with_county().await;
    let tables = Tables::county().set("教研计划", 2, "次数", "4").set("教研计划", 2, "时长（分钟）", "120");
    let report = office.imports(tables).await;
    assert_eq!(
        lines(&report),
        [
            "教研计划 城关教育集团 小学阅读教学 次数：3 → 4",
            "教研计划 城关教育集团 小学阅读教学 时长（分钟）：160 → 120"
        ]
    );
    let sessions = office.sessions("阅读教学").await;
    assert_eq!(sessions.iter().map(|session| session.minutes).collect::<Vec<_>>(), [120; 4]);
    office.imports(Tables::county().set("教研计划", 2, "次数", "1")).await;
    assert_eq!(office.sessions("阅读教学").await.len(), 1);
}

#[tokio::test]
async fn published_sessions_stay_as_people_were_told() {
    let office = Office::with_county().await;
    let [first, second, third] = &office.sessions("阅读教学").await[..] else { panic!("three sessions") };
    let txn = office.scope.begin().await.unwrap();
    for session in [first, third] {
        let published = research_session::Model { state: SessionState::Published, ..session.clone() };
        crate::audit::update(&txn, "test", session, published).await.unwrap();
    }
    txn.commit().await.unwrap();
    let report = office
        .imports(Tables::county().set("教研计划", 2, "次数", "1").set("教研计划", 2, "时长（分钟）", "90"))
        .await;
    assert!(notices(&report).contains("有2次活动已经发布或结束，不随计划改变"));
    let left = office.sessions("阅读教学").await;
    assert_eq!(left.iter().map(|session| session.id).collect::<Vec<_>>(), [first.id, third.id]);
    assert!(left.iter().all(|session| session.minutes == 160 && session.id != second.id));
}

#[tokio::test]
async fn a_surplus_session_in_a_draft_plan_is_cancelled_and_may_come_back() {
    let office = Office::with_county().await;
    let session = office.sessions("阅读教学").await.remove(2);
    put_in_a_plan(&office, &session).await;
    office.imports(Tables::county().set("教研计划", 2, "次数", "2")).await;
    let kept = office.sessions("阅读教学").await.remove(2);
    assert_eq!((kept.id, kept.state), (session.id, SessionState::Cancelled));
    assert!(!office.imports(Tables::county().set("教研计划", 2, "次数", "2")).await.committed);
    office.imports(Tables::county()).await;
    let back = office.sessions("阅读教学").await.remove(2);
    assert_eq!((back.id, back.state, back.reason), (session.id, SessionState::Undated, None));
}

async fn put_in_a_plan(office: &Office, session: &research_session::Model) {
    let now = office.scope.now();
    let plan = plan::Model {
        id: id::new(),
        district_id: session.district_id,
        term_id: session.term_id,
        number: 1,
        origin: PlanOrigin::Solved,
        as_of: now,
        seed: 1,
        steps: 1,
        threads: Some(2),
        seconds: Some(30),
        hard: 0,
        medium: 0,
        soft: 0,
        rules: serde_json::json!([]),
        created_at: now,
        created_by: "cli".to_owned(),
        published_at: None,
        revised_from_id: None,
        edit: None,
        label: None,
        discarded_at: None,
        placed: 0,
        total: 0,
        pinned: 0,
        undated_on_purpose: 0,
        version: 1,
    };
    let place = plan_session::Model {
        id: id::new(),
        district_id: session.district_id,
        plan_id: plan.id,
        session_id: session.id,
        host_school_id: None,
        room_id: None,
        second_room_id: None,
        starts_at: None,
        ends_at: None,
        people: serde_json::json!([]),
        obstacles: serde_json::json!([]),
        pinned: false,
        undated_on_purpose: false,
        from_version: None,
    };
    let txn = office.scope.begin().await.unwrap();
    crate::audit::insert(&txn, "test", plan).await.unwrap();
    crate::audit::insert(&txn, "test", place).await.unwrap();
    txn.commit().await.unwrap();
}

#[tokio::test]
async fn a_phrase_that_is_not_understood_lists_what_is() {
    let office = Office::open().await;
    let report = office.imports(Tables::county().set("教研计划", 2, "频次", "常年")).await;
    let [fault] = &faults(&report)[..] else { panic!("{:?}", faults(&report)) };
    assert!(
        fault.starts_with("教研计划 第2行 “频次” = “常年”：看不懂，可以写：至少间隔2周、每月1次"),
        "{fault}"
    );
}

#[tokio::test]
async fn a_programme_is_written_once() {
    let office = Office::open().await;
    let again = "城关教育集团|小学|语文||同课异构|阅读教学|1|60|||核心校承办|||本学科全体教师|";
    let report = office.imports(Tables::county().add("教研计划", again)).await;
    let [fault] = &faults(&report)[..] else { panic!("{:?}", faults(&report)) };
    assert!(fault.starts_with("教研计划 第4行：与第2行重复"), "{fault}");
}

#[tokio::test]
async fn a_number_in_charge_is_a_researchers() {
    let office = Office::open().await;
    let report = office.imports(Tables::county().set("教研计划", 2, "教研员工号", "T2")).await;
    assert!(faults(&report)[0].contains("李强不是教研员"));
}

#[tokio::test]
async fn what_is_held_online_has_no_host() {
    let office = Office::open().await;
    let report = office.imports(Tables::county().set("教研计划", 2, "承办", "线上")).await;
    assert!(faults(&report)[0].contains("方式也应为“线上”"));
    let report = office.imports(Tables::county().set("教研计划", 3, "承办", "线上")).await;
    assert!(report.committed);
    assert_eq!(programmes(&office).await[1].mode, SessionMode::Online);
}
