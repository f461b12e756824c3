//! What the planner is told of the rows.

use super::*;
use crate::id::Kind;
use crate::plans::facts::Facts;
use crate::plans::statement::{Statement, state};

/// The problem of the town's group as it stands.
pub(super) async fn stated(town: &Town, term: &term::Model) -> Statement {
    let facts = Facts::load(&town.scope, term.id, Some(town.group.id)).await.unwrap();
    state(&facts, town.scope.zone(), town.scope.now())
}

#[tokio::test]
async fn schools_people_programmes_and_sessions_belong_to_their_group() {
    let (town, term) = town().await;
    let of_the_county = programme::Model { level: SessionLevel::County, ..programme(&town, &term, 1) };
    add(&town, &of_the_county).await;
    let input = stated(&town, &term).await.input;
    assert_eq!(input.groups.len(), 1);
    assert_eq!(input.groups[0].name, town.group.name);
    assert_eq!(input.groups[0].core, [0], "the first school is its core");
    assert_eq!(input.groups[0].limits.cover_per_week, 4);
    assert!(input.places.iter().all(|place| place.group == Some(0)));
    assert!(input.people.iter().all(|person| person.group == Some(0)));
    assert_eq!(input.series[0].group, Some(0));
    assert_eq!(input.sessions[0].level, 0);
}

#[tokio::test]
async fn a_school_outside_the_planned_groups_has_no_limits_of_theirs() {
    let (town, term) = town().await;
    let elsewhere = school::Model {
        id: id::new(),
        code: "S900".to_owned(),
        name: "团外小学".to_owned(),
        ..town.schools[0].clone()
    };
    let txn = town.scope.begin().await.unwrap();
    audit::insert(&txn, "test", elsewhere).await.unwrap();
    txn.commit().await.unwrap();
    let places = stated(&town, &term).await.input.places;
    assert_eq!(places.iter().map(|place| place.group).collect::<Vec<_>>(), [Some(0), Some(0), None]);
}

#[tokio::test]
async fn teachers_whom_nobody_invites_are_known_and_those_on_leave_are_left_in_peace() {
    let (town, term) = town().await;
    let mathematics =
        subject::Model {
            id: id::new(), district_id: term.district_id, name: "数学".to_owned(), position: 0
        };
    let posts = appointment::Entity::find().all(town.scope.reader()).await.unwrap();
    let ill =
        teacher::Model { note: Some("病假至12月".to_owned()), version: 2, ..town.teachers[1].clone() };
    let txn = town.scope.begin().await.unwrap();
    audit::insert(&txn, "test", mathematics.clone()).await.unwrap();
    for before in posts.iter().filter(|post| post.teacher_id != town.teachers[0].id) {
        let after = appointment::Model { subject_id: Some(mathematics.id), ..before.clone() };
        audit::update(&txn, "test", before, after).await.unwrap();
    }
    audit::update(&txn, "test", &town.teachers[1], ill).await.unwrap();
    txn.commit().await.unwrap();
    let people = stated(&town, &term).await.input.people;
    let mut meeting: Vec<&str> =
        people.iter().filter(|person| person.should_meet).map(|person| person.name.as_str()).collect();
    meeting.sort_unstable();
    let expected: Vec<&str> = town.teachers[2..].iter().map(|teacher| teacher.name.as_str()).collect();
    assert_eq!(meeting, expected, "not who teaches nothing, not who is ill");
}

#[tokio::test]
async fn lessons_covered_for_a_published_session_count_on_its_day() {
    let (town, term) = town().await;
    add(&town, &programme(&town, &term, 1)).await;
    publish(&town.scope, planned(&town, &term).await.unwrap().id).await.unwrap();
    let part = participant::Entity::find().one(town.scope.reader()).await.unwrap().expect("a participant");
    let txn = town.scope.begin().await.unwrap();
    let promised = participant::Model { cover: Some("第一节；第二节".to_owned()), ..part.clone() };
    audit::update(&txn, "test", &part, promised).await.unwrap();
    txn.commit().await.unwrap();
    add(&town, &programme(&town, &term, 1)).await;

    let statement = stated(&town, &term).await;
    let covered = statement.people.iter().zip(&statement.input.people);
    let covered: Vec<_> = covered.filter(|(_, person)| !person.covered.is_empty()).collect();
    assert_eq!(covered.len(), 1);
    assert_eq!(*covered[0].0, part.teacher_id);
    assert_eq!(covered[0].1.covered, [0, 0]);
}

#[tokio::test]
async fn a_school_that_hosted_alone_last_term_is_ahead_of_the_others() {
    let (town, term) = town().await;
    let inputs = stated(&town, &term).await.input;
    assert!(inputs.places.iter().all(|place| place.turns_ahead == 0), "nothing was held before");

    let earlier = term::Model {
        id: id::new(),
        starts_on: on(3, 2),
        ends_on: on(7, 3),
        name: "春".into(),
        ..term.clone()
    };
    let of_both = membership::Entity::find().all(town.scope.reader()).await.unwrap();
    let txn = town.scope.begin().await.unwrap();
    audit::insert(&txn, "test", earlier.clone()).await.unwrap();
    for before in &of_both {
        let member = membership::Model { role: MembershipRole::Member, ..before.clone() };
        audit::update(&txn, "test", before, member).await.unwrap();
    }
    txn.commit().await.unwrap();
    let last_term = programme(&town, &earlier, 3);
    add(&town, &last_term).await;
    let sessions = research_session::Entity::find()
        .filter(research_session::Column::ProgrammeId.eq(last_term.id))
        .order_by_asc(research_session::Column::Ordinal)
        .all(town.scope.reader())
        .await
        .unwrap();
    let txn = town.scope.begin().await.unwrap();
    for (before, state) in
        sessions.iter().zip([SessionState::Held, SessionState::Published, SessionState::Cancelled])
    {
        let held = research_session::Model {
            state,
            host_school_id: Some(town.schools[0].id),
            starts_at: Some("2026-04-01T06:00:00Z".parse().unwrap()),
            ends_at: Some("2026-04-01T08:00:00Z".parse().unwrap()),
            ..before.clone()
        };
        audit::update(&txn, "test", before, held).await.unwrap();
    }
    txn.commit().await.unwrap();
    let places = stated(&town, &term).await.input.places;
    // Both schools have five teachers: of two turns one was the second school's.
    assert_eq!(places.iter().map(|place| place.turns_ahead).collect::<Vec<_>>(), [1_000, -1_000]);
}

#[tokio::test]
async fn what_a_programme_allows_and_asks_reaches_its_sessions() {
    let (town, term) = town().await;
    let plain = programme(&town, &term, 1);
    let open = programme::Model {
        allows_evening: true,
        allows_weekend: true,
        keep_together: Some("周三".to_owned()),
        attendance_quota_percent: Some(50),
        optional_audience: true,
        ..programme(&town, &term, 1)
    };
    let beside = programme::Model { keep_together: Some("周三".to_owned()), ..programme(&town, &term, 1) };
    for programme in [&plain, &open, &beside] {
        add(&town, programme).await;
    }
    let input = stated(&town, &term).await.input;
    let parallel: Vec<_> = input.series.iter().map(|series| series.parallel).collect();
    assert_eq!(parallel, [None, Some(0), Some(0)]);
    let [plain, open, _] = &input.sessions[..] else { panic!("three sessions") };
    assert!(!plain.allows_evening && !plain.allows_weekend);
    assert!(plain.options.iter().all(|option| option.quotas.is_empty()));
    assert!(plain.options[0].audience.iter().all(|member| !member.optional));
    assert!(open.allows_evening && open.allows_weekend);
    assert_eq!(open.options[0].quotas, [(0, 3), (1, 3)], "half of five, rounded up");
    assert!(open.options[0].audience.iter().all(|member| member.optional));
}

#[tokio::test]
async fn only_free_weekend_days_are_open_to_those_who_may_meet_then() {
    let (town, _) = town().await;
    let make_up = school_day::Model {
        id: id::new(),
        district_id: town.term.district_id,
        day_on: on(9, 20),
        school_id: None,
        kind: DayKind::MakeUp,
        timetable_weekday: Some(2),
        name: None,
        version: 1,
    };
    let txn = town.scope.begin().await.unwrap();
    audit::insert(&txn, "test", make_up).await.unwrap();
    txn.commit().await.unwrap();
    let days = stated(&town, &town.term).await.input.days;
    let of = |month, day| &days[(on(month, day) - town.term.starts_on).num_days() as usize];
    for (month, day, weekend, open) in
        [(9, 5, true, true), (9, 7, false, true), (9, 20, false, true), (10, 3, false, false)]
    {
        assert_eq!(
            (of(month, day).weekend, of(month, day).closed.is_none()),
            (weekend, open),
            "{month}-{day}"
        );
    }
}

#[tokio::test]
async fn a_programme_is_told_what_it_may_and_what_it_asks() {
    let (town, term) = town().await;
    let programme = programme(&town, &term, 1);
    add(&town, &programme).await;
    let id = Kind::Programme.id(programme.id);
    let input = json!({
        "programmeId": id, "expectedVersion": 1, "level": "COUNTY", "allowsEvening": true, "allowsWeekend": true,
        "keepTogether": " 周三 ", "attendanceQuotaPercent": 80, "optionalAudience": true,
    });
    let fields = "programme { level allowsEvening allowsWeekend keepTogether attendanceQuotaPercent \
        optionalAudience sessions { level } }";
    let changed = town.change("programmeUpdate", input, fields).await;
    let told = json!({
        "level": "COUNTY", "allowsEvening": true, "allowsWeekend": true, "keepTogether": "周三",
        "attendanceQuotaPercent": 80, "optionalAudience": true, "sessions": [{ "level": "COUNTY" }],
    });
    assert_eq!(changed["programme"], told);

    let wrong = json!({ "programmeId": id, "expectedVersion": 2, "attendanceQuotaPercent": 0 });
    let refused = town.change("programmeUpdate", wrong, "programme { version }").await;
    assert_eq!(refused["userErrors"][0]["field"], "attendanceQuotaPercent");
}
