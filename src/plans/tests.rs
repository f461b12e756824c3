//! Planning beside what was published before, in a term of a single day: four hours fit once before and once after noon.

mod drafts;
mod previewing;
mod stating;
mod stating_lessons;
mod stating_presence;

use std::ops::ControlFlow;
use std::sync::Arc;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{SolveRequest, publish, solve};
use crate::entity::values::*;
use crate::entity::*;
use crate::error::{Error, Result};
use crate::graphql::testing::{Town, on};
use crate::sessions::programmes;
use crate::{audit, id};

/// The town with its rooms and a term of Wednesday 16 September.
async fn town() -> (Town, term::Model) {
    let town = Town::with_sessions(0).await;
    let district_id = town.scope.district.id;
    let day = on(9, 16);
    let term = term::Model {
        id: id::new(),
        name: "一天".to_owned(),
        starts_on: day,
        ends_on: day,
        ..town.term.clone()
    };
    let rooms = town.schools.iter().map(|school| room::Model {
        id: id::new(),
        district_id,
        school_id: school.id,
        name: "报告厅".to_owned(),
        capacity: 50,
        equipment: json!([]),
        version: 1,
    });
    let rooms: Vec<room::Model> = rooms.collect();
    let txn = town.scope.begin().await.unwrap();
    audit::insert(&txn, "test", term.clone()).await.unwrap();
    audit::insert_all(&txn, "test", rooms).await.unwrap();
    txn.commit().await.unwrap();
    (town, term)
}

/// A programme of four hours for everybody, held by either school, with so many sessions.
fn programme(town: &Town, term: &term::Model, count: i32) -> programme::Model {
    programme::Model {
        id: id::new(),
        district_id: term.district_id,
        term_id: term.id,
        group_id: town.group.id,
        stage: None,
        subject_id: None,
        grade: None,
        form: SessionForm::JointPreparation,
        level: SessionLevel::Group,
        topic: "单元整体教学".to_owned(),
        count,
        minutes: 240,
        min_gap_days: 0,
        monthly: false,
        weeks_after_exam: None,
        not_before_on: None,
        subject_weekday: None,
        subject_half: None,
        host_rule: HostRule::AllInTurn,
        presenters_from: PresenterSource::Nobody,
        presenters: 0,
        presenter_schools: 0,
        researcher_id: None,
        audience: AudienceRule::SubjectTeachers,
        audience_duties: json!([]),
        audience_researchers: false,
        mode: SessionMode::OnSite,
        equipment: json!([]),
        allows_evening: false,
        allows_weekend: false,
        keep_together: None,
        attendance_quota_percent: None,
        optional_audience: false,
        version: 1,
    }
}

async fn add(town: &Town, programme: &programme::Model) {
    let undated = |ordinal| programmes::undated(programme.district_id, programme, ordinal);
    let sessions: Vec<_> = (1..=programme.count).map(undated).collect();
    let txn = town.scope.begin().await.unwrap();
    audit::insert(&txn, "test", programme.clone()).await.unwrap();
    audit::insert_all(&txn, "test", sessions).await.unwrap();
    txn.commit().await.unwrap();
}

fn request(town: &Town, term: &term::Model) -> SolveRequest {
    SolveRequest {
        term_id: term.id,
        group_id: Some(town.group.id),
        as_of: None,
        seconds: 10,
        steps: Some(300),
        seed: 1,
        threads: None,
        mode: PlanMode::Fill,
        base: None,
        hold: Vec::new(),
    }
}

async fn planned(town: &Town, term: &term::Model) -> Result<plan::Model> {
    Ok(solve(&town.scope, &request(town, term), Arc::new(|_| ControlFlow::Continue(()))).await?.plan)
}

async fn sessions_of(town: &Town, plan: &plan::Model) -> Vec<plan_session::Model> {
    let rows = plan_session::Entity::find().filter(plan_session::Column::PlanId.eq(plan.id));
    rows.order_by_asc(plan_session::Column::Id).all(town.scope.reader()).await.unwrap()
}

#[tokio::test]
async fn whoever_was_invited_to_a_published_session_is_taken() {
    let (town, term) = town().await;
    add(&town, &programme(&town, &term, 1)).await;
    publish(&town.scope, planned(&town, &term).await.unwrap().id).await.unwrap();

    let guest = town.teachers[3].id;
    let wanted = programme::Model {
        researcher_id: Some(guest),
        audience: AudienceRule::Duties,
        ..programme(&town, &term, 2)
    };
    add(&town, &wanted).await;
    let plan = planned(&town, &term).await.unwrap();
    let dated = sessions_of(&town, &plan).await.iter().filter(|row| row.starts_at.is_some()).count();
    assert_eq!(dated, 2, "the published one, and one in the half-day that is left");
    publish(&town.scope, plan.id).await.unwrap();
}

#[tokio::test]
async fn a_published_session_stands_though_its_host_may_not_host_any_more() {
    let (town, term) = town().await;
    add(&town, &programme(&town, &term, 1)).await;
    publish(&town.scope, planned(&town, &term).await.unwrap().id).await.unwrap();
    let published =
        research_session::Entity::find().one(town.scope.reader()).await.unwrap().expect("a session");

    let memberships = membership::Entity::find().all(town.scope.reader()).await.unwrap();
    let txn = town.scope.begin().await.unwrap();
    for before in &memberships {
        let after = membership::Model { left_on: Some(term.starts_on), ..before.clone() };
        audit::update(&txn, "test", before, after).await.unwrap();
    }
    txn.commit().await.unwrap();

    let plan = planned(&town, &term).await.unwrap();
    let rows = sessions_of(&town, &plan).await;
    assert_eq!(rows[0].starts_at, published.starts_at);
    assert_eq!(rows[0].host_school_id, published.host_school_id);
    assert_eq!(rows[0].people.as_array().map(Vec::len), Some(town.teachers.len()));
}

#[tokio::test]
async fn a_programme_that_nobody_can_hold_does_not_hold_up_the_others() {
    let (town, term) = town().await;
    let too_long = programme::Model { minutes: 300, ..programme(&town, &term, 1) };
    let nobody_presents = programme::Model {
        host_rule: HostRule::Online,
        presenters_from: PresenterSource::Host,
        presenters: 1,
        ..programme(&town, &term, 1)
    };
    for programme in [&too_long, &nobody_presents, &programme(&town, &term, 1)] {
        add(&town, programme).await;
    }
    let plan = planned(&town, &term).await.unwrap();
    let rows = sessions_of(&town, &plan).await;
    assert_eq!(rows.iter().filter(|row| row.starts_at.is_some()).count(), 1);
    let obstacles: Vec<String> = rows.iter().map(|row| row.obstacles.to_string()).collect();
    assert!(obstacles.iter().any(|text| text.contains("时长300分钟")), "{obstacles:?}");
}

#[tokio::test]
async fn a_session_that_changed_while_its_plan_was_read_is_not_overwritten() {
    let (town, term) = town().await;
    add(&town, &programme(&town, &term, 1)).await;
    let plan = planned(&town, &term).await.unwrap();
    let prepared = super::prepare::prepare(&town.scope, plan.id, None).await.unwrap();
    let before = &prepared.changes[0].before;

    let txn = town.scope.begin().await.unwrap();
    let renamed =
        research_session::Model { topic: "改名".to_owned(), version: before.version + 1, ..before.clone() };
    audit::update(&txn, "test", before, renamed).await.unwrap();
    txn.commit().await.unwrap();

    let txn = town.scope.begin().await.unwrap();
    let refused = crate::sessions::effects::apply(&txn, "test", &prepared.changes).await;
    assert!(matches!(refused, Err(Error::Stale(_))), "{refused:?}");
}

#[tokio::test]
async fn a_teacher_posted_to_the_host_is_a_teacher_of_the_host() {
    let (town, term) = town().await;
    let elsewhere = school::Model {
        id: id::new(),
        code: "S900".to_owned(),
        name: "团外小学".to_owned(),
        ..town.schools[0].clone()
    };
    let posted = teacher::Model { id: id::new(), number: "T900".to_owned(), ..town.teachers[0].clone() };
    let district_id = term.district_id;
    let from_on = on(1, 1);
    let post = appointment::Model {
        id: id::new(),
        district_id,
        teacher_id: posted.id,
        school_id: elsewhere.id,
        stage: Stage::Primary,
        subject_id: None,
        from_on,
        until_on: None,
    };
    let posting = posting::Model {
        id: id::new(),
        district_id,
        teacher_id: posted.id,
        school_id: town.schools[0].id,
        form: PlacementForm::Support,
        weekdays: None,
        home_post_kept: false,
        duty: None,
        placement_id: None,
        from_on,
        until_on: None,
        note: None,
        version: 1,
    };
    let txn = town.scope.begin().await.unwrap();
    audit::insert(&txn, "test", elsewhere).await.unwrap();
    audit::insert(&txn, "test", posted.clone()).await.unwrap();
    audit::insert(&txn, "test", post).await.unwrap();
    audit::insert(&txn, "test", posting).await.unwrap();
    txn.commit().await.unwrap();
    let of_the_host = programme::Model {
        host_rule: HostRule::CoreSchools,
        audience: AudienceRule::HostSubjectTeachers,
        ..programme(&town, &term, 1)
    };
    add(&town, &of_the_host).await;

    let plan = planned(&town, &term).await.unwrap();
    let people = sessions_of(&town, &plan).await.remove(0).people.to_string();
    assert!(people.contains(&posted.id.to_string()), "{people}");
}
