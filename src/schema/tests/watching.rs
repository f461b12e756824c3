//! Subscriptions, and plans as they are stored.

use chrono::TimeDelta;
use futures_util::StreamExt;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::audit;
use crate::entity::values::{PlanMode, PlanOrigin, RunState};
use crate::entity::{plan, plan_run, plan_session, research_session};
use crate::error::Language;
use crate::graphql::Request;
use crate::graphql::testing::{Town, morning};
use crate::id::{self, Kind};
use crate::schema::build;

fn running(town: &Town) -> plan_run::Model {
    plan_run::Model {
        id: id::new(),
        district_id: town.scope.district.id,
        term_id: town.term.id,
        group_id: None,
        state: RunState::Running,
        as_of: morning(),
        seed: 1,
        seconds: 30,
        mode: PlanMode::Replan,
        threads: 2,
        steps: 0,
        searched_ms: 0,
        placed: 0,
        total: 3,
        hard: 0,
        medium: 3000,
        soft: 0,
        started_at: morning(),
        heartbeat_at: morning(),
        finished_at: None,
        plan_id: None,
        failure: None,
        base_plan_id: None,
        requested_by: "T000".to_owned(),
    }
}

async fn update(town: &Town, before: &plan_run::Model, after: plan_run::Model) {
    let txn = town.scope.begin().await.unwrap();
    audit::update(&txn, "test", before, after).await.unwrap();
    txn.commit().await.unwrap();
}

#[tokio::test]
async fn a_run_is_watched_until_it_ends() {
    let town = Town::with_sessions(1).await;
    let run = running(&town);
    let txn = town.scope.begin().await.unwrap();
    audit::insert(&txn, "test", run.clone()).await.unwrap();
    txn.commit().await.unwrap();
    let query = "subscription ($id: ID!) { planRun(id: $id) { state placed total elapsedSeconds movesPerSecond \
        score { medium } } }";
    let operation = async_graphql::Request::new(query)
        .variables(async_graphql::Variables::from_json(json!({ "id": Kind::PlanRun.id(run.id) })))
        .data(Request::new(town.scope.clone(), Language::Chinese));
    let schema = build(true);
    let mut answers = schema.execute_stream(operation);
    let mut next =
        async || answers.next().await.map(|answer| answer.data.into_json().unwrap()["planRun"].clone());
    let seen = |state: &str, placed: i32, medium: i32| -> Option<Value> {
        let (seconds, speed) = if placed == 0 { (0.0, Value::Null) } else { (2.5, json!(400_000)) };
        Some(json!({ "state": state, "placed": placed, "total": 3, "score": { "medium": medium },
            "elapsedSeconds": seconds, "movesPerSecond": speed }))
    };
    assert_eq!(next().await, seen("RUNNING", 0, 3000));
    let searched = plan_run::Model { steps: 1_000_000, searched_ms: 2_500, ..run.clone() };
    let further = plan_run::Model { placed: 2, medium: 1000, ..searched };
    update(&town, &run, further.clone()).await;
    assert_eq!(next().await, seen("RUNNING", 2, 1000));
    let stopped = plan_run::Model { state: RunState::Stopped, ..further.clone() };
    update(&town, &further, stopped.clone()).await;
    assert_eq!(next().await, seen("STOPPED", 2, 1000));
    let ended = plan_run::Model { placed: 3, medium: 0, finished_at: Some(morning()), ..stopped.clone() };
    update(&town, &stopped, ended).await;
    assert_eq!(next().await, seen("STOPPED", 3, 0));
    assert_eq!(next().await, None);
}

/// A plan that places the first session and not the second.
async fn planned(town: &Town) -> plan::Model {
    let sessions = research_session::Entity::find().all(town.scope.reader()).await.unwrap();
    let district_id = town.scope.district.id;
    let plan = plan::Model {
        id: id::new(),
        district_id,
        term_id: town.term.id,
        number: 1,
        origin: PlanOrigin::Solved,
        as_of: morning(),
        seed: 1,
        steps: 5_000_000_000,
        threads: Some(2),
        seconds: Some(30),
        hard: 0,
        medium: 1000,
        soft: 7,
        rules: json!([{ "name": "subject_day", "level": "soft", "weight": 7, "count": 1, "penalty": 7,
            "zh": "安排在教研日", "en": "on the subject day" }]),
        created_at: morning(),
        created_by: "T000".to_owned(),
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
    let row = |session: &research_session::Model, placed: bool| plan_session::Model {
        id: id::new(),
        district_id,
        plan_id: plan.id,
        session_id: session.id,
        host_school_id: Some(town.schools[0].id),
        room_id: None,
        second_room_id: None,
        starts_at: placed.then(morning),
        ends_at: placed.then(|| morning() + TimeDelta::hours(1)),
        people: match placed {
            true => json!([{ "teacher": town.teachers[1].id, "role": "chair", "required": true,
                "excused": null, "cover": ["周二第1节 语文"] }]),
            false => json!([]),
        },
        obstacles: match placed {
            true => json!([]),
            false => json!([{ "rule": "room", "slots": 12, "of": 40, "zh": "没有场地", "en": "no room" }]),
        },
        pinned: false,
        undated_on_purpose: false,
        from_version: None,
    };
    let rows = vec![row(&sessions[0], true), row(&sessions[1], false)];
    let txn = town.scope.begin().await.unwrap();
    audit::insert(&txn, "test", plan.clone()).await.unwrap();
    audit::insert_all(&txn, "test", rows).await.unwrap();
    txn.commit().await.unwrap();
    plan
}

#[tokio::test]
async fn a_plan_shows_its_sessions_its_score_and_what_stood_in_the_way() {
    let town = Town::with_sessions(2).await;
    let plan = planned(&town).await;
    let query = "query ($id: ID!) { plan(id: $id) { number steps score { hard medium soft } \
        rules { name level penalty sentence } \
        sessions(placed: true) { totalCount nodes { startsAt hostSchool { name } session { topic } \
            people { teacher { name } role required excused cover } } } \
        unplaced { session { topic } obstacles { rule slots of sentence } } mailing { count } } }";
    let shown = town.data(query, json!({ "id": Kind::Plan.id(plan.id) })).await["plan"].clone();
    assert_eq!(shown["steps"], json!(5_000_000_000_i64));
    assert_eq!(shown["score"], json!({ "hard": 0, "medium": 1000, "soft": 7 }));
    let rule =
        json!({ "name": "subject_day", "level": "SOFT", "penalty": 7, "sentence": "on the subject day" });
    assert_eq!(shown["rules"], json!([rule]));
    let person = json!({ "teacher": { "name": "教师1" }, "role": "CHAIR", "required": true, "excused": null,
        "cover": ["周二第1节 语文"] });
    let placed = json!({ "startsAt": "2026-09-01T00:00:00+00:00", "hostSchool": { "name": "一小" },
        "session": { "topic": "主题0" }, "people": [person] });
    assert_eq!(shown["sessions"], json!({ "totalCount": 1, "nodes": [placed] }));
    let obstacle = json!({ "rule": "room", "slots": 12, "of": 40, "sentence": "no room" });
    assert_eq!(shown["unplaced"], json!([{ "session": { "topic": "主题1" }, "obstacles": [obstacle] }]));
    assert_eq!(shown["mailing"], json!([]));
}
