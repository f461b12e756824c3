//! Working on drafts by hand, in a term of a single day: 8:00–12:00 and 13:00–17:30 of Wednesday 16 September.

use chrono::{DateTime, Utc};
use session_planner::Score;

use super::*;
use crate::plans::{self, Edit, Edited, Stand};
use crate::sessions::PlannedPerson;

/// Ten past eight is `at("00:10")`: the town is eight hours ahead.
fn at(utc: &str) -> DateTime<Utc> {
    format!("2026-09-16T{utc}:00Z").parse().unwrap()
}

fn to(utc: &str) -> Edit {
    Edit::Move(Stand { starts_at: Some(at(utc)), ..Stand::default() })
}

/// A town with two sessions of two hours, and a draft that places both.
async fn drafted() -> (Town, term::Model, plan::Model) {
    let (town, term) = town().await;
    let programme = programme::Model { minutes: 120, ..programme(&town, &term, 2) };
    add(&town, &programme).await;
    let plan = planned(&town, &term).await.unwrap();
    assert_eq!((plan.placed, plan.total), (2, 2));
    (town, term, plan)
}

/// The plan's sessions, the earliest first, those without a date last.
async fn by_start(town: &Town, plan: &plan::Model) -> Vec<plan_session::Model> {
    let mut rows = sessions_of(town, plan).await;
    rows.sort_by_key(|row| (row.starts_at.is_none(), row.starts_at, row.session_id));
    rows
}

async fn first(town: &Town, plan: &plan::Model) -> plan_session::Model {
    by_start(town, plan).await.remove(0)
}

async fn edited(town: &Town, plan: &plan::Model, row: &plan_session::Model, edit: Edit) -> Edited {
    plans::edit(&town.scope, plan.id, row.session_id, &edit).await.unwrap()
}

async fn row_of(town: &Town, plan: &plan::Model, like: &plan_session::Model) -> plan_session::Model {
    let rows = sessions_of(town, plan).await;
    rows.into_iter().find(|row| row.session_id == like.session_id).expect("the session")
}

/// A free place for the earlier session: the other one keeps its half-day, and travel of everybody takes at most an hour.
async fn elsewhere(town: &Town, plan: &plan::Model) -> Edit {
    let rows = by_start(town, plan).await;
    let free = ["00:00", "00:10", "05:00", "05:10", "07:30"].into_iter().find(|utc| {
        let start = at(utc);
        let apart = (start - rows[1].starts_at.unwrap()).num_minutes().abs() >= 180;
        apart && Some(start) != rows[0].starts_at
    });
    to(free.expect("a free place"))
}

fn codes<T: std::fmt::Debug>(outcome: Result<T>) -> Vec<&'static str> {
    match outcome {
        Err(Error::Rejected(faults)) => faults.iter().map(|fault| fault.code).collect(),
        other => panic!("not refused: {other:?}"),
    }
}

/// The codes with which an edit is refused.
async fn refusal(
    town: &Town,
    plan: &plan::Model,
    row: &plan_session::Model,
    edit: Edit,
) -> Vec<&'static str> {
    codes(plans::edit(&town.scope, plan.id, row.session_id, &edit).await)
}

fn score(plan: &plan::Model) -> Score {
    Score { hard: plan.hard, medium: plan.medium, soft: plan.soft }
}

async fn listed(town: &Town) -> Vec<i32> {
    let plans = plan::Entity::find()
        .filter(plans::drafts::listed(town.scope.district.id))
        .order_by_asc(plan::Column::Number);
    plans.all(town.scope.reader()).await.unwrap().iter().map(|plan| plan.number).collect()
}

async fn planned_from(town: &Town, term: &term::Model, base: &plan::Model) -> Result<plan::Model> {
    let request = SolveRequest { base: Some(base.id), ..request(town, term) };
    Ok(solve(&town.scope, &request, Arc::new(|_| ControlFlow::Continue(()))).await?.plan)
}

#[tokio::test]
async fn a_move_makes_a_new_plan_with_the_cost_it_was_said_to_have() {
    let (town, _, plan) = drafted().await;
    let row = first(&town, &plan).await;
    let edit = elsewhere(&town, &plan).await;
    let said = plans::weigh(&town.scope, plan.id, row.session_id, &edit).await.unwrap();
    assert_eq!(listed(&town).await, [1], "weighing writes nothing");

    let moved = edited(&town, &plan, &row, edit.clone()).await;
    assert_eq!((said.before, said.after), (score(&plan), score(&moved.plan)));
    assert_eq!(said.after, moved.cost.after);
    assert_ne!(said.before, said.after, "an even spread is lost or travel saved");
    let changed: i64 = said.rules.iter().map(|rule| rule.after - rule.before).sum();
    assert_eq!(changed, said.after.soft - said.before.soft + said.after.medium - said.before.medium);

    let Edit::Move(wish) = edit else { unreachable!("it is a move") };
    assert_eq!(row_of(&town, &moved.plan, &row).await.starts_at, wish.starts_at);
    assert_eq!(row_of(&town, &plan, &row).await.starts_at, row.starts_at, "the old plan stays");
    assert_eq!((moved.plan.origin, moved.plan.revised_from_id), (PlanOrigin::Edited, Some(plan.id)));
    let note: plans::store::EditNote = serde_json::from_value(moved.plan.edit.unwrap()).unwrap();
    assert_eq!((note.kind, note.session), (PlanEditKind::Moved, Some(row.session_id)));
    assert!(note.sentence.zh.contains("：由9月16日（周三）"), "{note:?}");
    assert_eq!(listed(&town).await, [2]);
}

#[tokio::test]
async fn a_move_is_refused_with_each_rule_it_would_break() {
    let (town, _, plan) = drafted().await;
    let rows = by_start(&town, &plan).await;
    // Half an hour before the other one ends, in its room.
    let onto_the_other = Edit::Move(Stand {
        starts_at: Some(rows[1].ends_at.unwrap() - chrono::TimeDelta::minutes(25)),
        host_school_id: rows[1].host_school_id,
        room_id: rows[1].room_id,
        second_room_id: None,
        presenters: None,
    });
    let cost = plans::weigh(&town.scope, plan.id, rows[0].session_id, &onto_the_other).await.unwrap();
    let refused = plans::edit(&town.scope, plan.id, rows[0].session_id, &onto_the_other).await;
    let Err(Error::Rejected(faults)) = refused else { panic!("not refused: {refused:?}") };
    assert_eq!(faults, cost.broken);
    assert!(faults.len() >= 2, "the room is taken and the start is odd: {faults:?}");
    assert!(
        faults.iter().all(|fault| fault.code == "RULE_BROKEN" && fault.message.zh.contains("单元整体教学"))
    );
    assert!(cost.after.hard > cost.before.hard);

    let tomorrow = at("00:00") + chrono::TimeDelta::days(1);
    let late = Edit::Move(Stand { starts_at: Some(tomorrow), ..Stand::default() });
    assert_eq!(refusal(&town, &plan, &rows[0], late).await, ["OUTSIDE_THE_TERM"]);
    let nowhere = Edit::Move(Stand::default());
    assert_eq!(refusal(&town, &plan, &rows[0], nowhere).await, ["NOTHING_CHANGES"]);
    let unknown = plans::edit(&town.scope, plan.id, id::new(), &Edit::Pin).await;
    assert!(matches!(unknown, Err(Error::NotFound(_))), "{unknown:?}");
    assert_eq!(listed(&town).await, [1]);
}

#[tokio::test]
async fn another_presenter_is_taken_when_she_can_present_and_kept_when_pinned() {
    let (town, term) = town().await;
    let programme = programme::Model {
        minutes: 120,
        presenters_from: PresenterSource::Host,
        presenters: 1,
        host_rule: HostRule::CoreSchools,
        ..programme(&town, &term, 1)
    };
    add(&town, &programme).await;
    let plan = planned(&town, &term).await.unwrap();
    let row = first(&town, &plan).await;
    let presenting = |row: &plan_session::Model| -> Vec<uuid::Uuid> {
        let people: Vec<PlannedPerson> = serde_json::from_value(row.people.clone()).unwrap();
        let presenters = people.iter().filter(|person| person.role == ParticipantRole::Presenter);
        presenters.map(|person| person.teacher).collect()
    };
    let now = presenting(&row);
    // Teachers of even numbers work at the core school, which hosts.
    let colleagues = [0, 2, 4, 6, 8].map(|n| town.teachers[n].id);
    let other = *colleagues.iter().find(|id| !now.contains(id)).unwrap();
    let presented_by =
        |teachers: Vec<uuid::Uuid>| Edit::Move(Stand { presenters: Some(teachers), ..Stand::default() });
    let stranger = presented_by(vec![town.teachers[1].id]);
    assert_eq!(refusal(&town, &plan, &row, stranger).await, ["CANNOT_PRESENT"]);
    assert_eq!(refusal(&town, &plan, &row, presented_by(Vec::new())).await, ["CANNOT_PRESENT"]);

    let changed = edited(&town, &plan, &row, presented_by(vec![other])).await.plan;
    assert_eq!(presenting(&row_of(&town, &changed, &row).await), [other]);
    let pinned = edited(&town, &changed, &row, Edit::Pin).await.plan;
    let again = planned_from(&town, &term, &pinned).await.unwrap();
    assert_eq!(presenting(&row_of(&town, &again, &row).await), [other]);
}

#[tokio::test]
async fn planning_on_from_a_draft_keeps_what_is_pinned_and_leaves_out_what_is_held() {
    let (town, term, plan) = drafted().await;
    let rows = by_start(&town, &plan).await;
    let moved = edited(&town, &plan, &rows[0], elsewhere(&town, &plan).await).await.plan;
    let pinned = edited(&town, &moved, &rows[0], Edit::Pin).await;
    assert_eq!(pinned.cost.before, pinned.cost.after, "a pin costs nothing");
    let held = edited(&town, &pinned.plan, &rows[1], Edit::Hold).await;
    assert_eq!((held.plan.placed, held.plan.pinned, held.plan.undated_on_purpose), (1, 1, 1));
    assert_eq!(held.cost.after.medium, 0, "what is left out on purpose is not missing");

    let again = planned_from(&town, &term, &held.plan).await.unwrap();
    assert_eq!((again.origin, again.revised_from_id), (PlanOrigin::Solved, Some(held.plan.id)));
    let (stays, open) = (row_of(&town, &again, &rows[0]).await, row_of(&town, &again, &rows[1]).await);
    let wished = row_of(&town, &moved, &rows[0]).await;
    assert_eq!((stays.starts_at, stays.room_id, stays.pinned), (wished.starts_at, wished.room_id, true));
    assert_eq!((open.starts_at, open.undated_on_purpose, open.obstacles), (None, true, json!([])));
    assert_eq!(listed(&town).await, [again.number]);

    let published = publish(&town.scope, again.id).await.unwrap();
    assert_eq!((published.placed, published.undated), (vec![stays.session_id], vec![open.session_id]));
}

#[tokio::test]
async fn a_session_may_be_held_from_the_start_and_gets_a_date_when_it_is_moved_to_one() {
    let (town, term, plan) = drafted().await;
    let row = first(&town, &plan).await;
    let request = SolveRequest { hold: vec![row.session_id], ..request(&town, &term) };
    let watch: plans::Watch = Arc::new(|_| ControlFlow::Continue(()));
    let held = solve(&town.scope, &request, watch.clone()).await.unwrap().plan;
    assert_eq!((held.placed, held.total, held.undated_on_purpose), (1, 2, 1));

    let released = edited(&town, &held, &row, Edit::Release).await;
    assert_eq!(
        released.cost.after.medium - released.cost.before.medium,
        1_300,
        "a group's session is missing"
    );
    assert_eq!((released.plan.placed, released.plan.undated_on_purpose), (1, 0));

    assert_eq!(refusal(&town, &held, &row, to("00:00")).await, ["HOST_MISSING"]);
    assert_eq!(refusal(&town, &held, &row, Edit::Move(Stand::default())).await, ["START_MISSING"]);
    assert_eq!(refusal(&town, &held, &row, Edit::Pin).await, ["NOT_PLACED"]);
    let other = first(&town, &held).await;
    let free = if other.starts_at < Some(at("04:00")) { "07:30" } else { "00:00" };
    let wish =
        Stand { starts_at: Some(at(free)), host_school_id: Some(town.schools[1].id), ..Stand::default() };
    let dated = edited(&town, &held, &row, Edit::Move(wish)).await.plan;
    assert_eq!((dated.placed, dated.undated_on_purpose), (2, 0));
    assert_eq!(row_of(&town, &dated, &row).await.host_school_id, Some(town.schools[1].id));

    let unknown = SolveRequest { hold: vec![id::new()], ..request };
    let unknown = solve(&town.scope, &unknown, watch).await;
    assert!(matches!(unknown, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn an_undone_edit_leaves_the_lists_and_can_be_taken_back() {
    let (town, _, plan) = drafted().await;
    let row = first(&town, &plan).await;
    let pinned = edited(&town, &plan, &row, Edit::Pin).await.plan;
    assert_eq!(codes(plans::undo(&town.scope, plan.id).await), ["PLAN_REVISED"]);
    assert_eq!(plans::undo(&town.scope, pinned.id).await.unwrap(), plan);
    assert_eq!(listed(&town).await, [1]);
    assert_eq!(codes(publish(&town.scope, pinned.id).await), ["PLAN_DISCARDED"]);
    assert_eq!(refusal(&town, &pinned, &row, Edit::Unpin).await, ["PLAN_DISCARDED"]);
    assert_eq!(codes(plans::undo(&town.scope, plan.id).await), ["NOTHING_TO_UNDO"]);

    let again = plans::redo(&town.scope, plan.id).await.unwrap();
    assert_eq!((again.id, again.discarded_at), (pinned.id, None));
    assert_eq!(codes(plans::redo(&town.scope, plan.id).await), ["NOTHING_TO_REDO"]);
    plans::undo(&town.scope, pinned.id).await.unwrap();
    edited(&town, &plan, &row, Edit::Hold).await;
    assert_eq!(codes(plans::redo(&town.scope, plan.id).await), ["NOTHING_TO_REDO"]);
    assert_eq!(listed(&town).await, [3]);
}

#[tokio::test]
async fn drafts_stand_side_by_side_and_are_discarded_with_what_led_to_them() {
    let (town, _, plan) = drafted().await;
    let row = first(&town, &plan).await;
    let named = plans::rename(&town.scope, plan.id, 1, " 方案A ").await.unwrap();
    assert_eq!((named.label.as_deref(), named.version), (Some("方案A"), 2));
    assert!(matches!(plans::rename(&town.scope, plan.id, 1, "方案B").await, Err(Error::Stale(_))));
    assert_eq!(codes(plans::rename(&town.scope, plan.id, 2, &"长".repeat(41)).await), ["LABEL_TOO_LONG"]);

    let pinned = edited(&town, &plan, &row, Edit::Pin).await.plan;
    let held = edited(&town, &plan, &row, Edit::Hold).await.plan;
    let open = edited(&town, &held, &row, Edit::Release).await.plan;
    assert_eq!(open.label.as_deref(), Some("方案A"), "a revision goes by the same name");
    assert_eq!(listed(&town).await, [pinned.number, open.number]);
    assert_eq!(codes(plans::discard(&town.scope, held.id).await), ["PLAN_REVISED"]);
    plans::discard(&town.scope, open.id).await.unwrap();
    assert_eq!(listed(&town).await, [pinned.number], "the other line keeps what both came from");
    assert_eq!(codes(plans::discard(&town.scope, held.id).await), ["PLAN_DISCARDED"]);
    plans::discard(&town.scope, pinned.id).await.unwrap();
    assert_eq!(listed(&town).await, [0; 0]);
}

#[tokio::test]
async fn a_revision_starts_from_where_its_plan_did() {
    let (town, term, plan) = drafted().await;
    let row = first(&town, &plan).await;
    let other = planned(&town, &term).await.unwrap();
    let pinned = edited(&town, &plan, &row, Edit::Pin).await.plan;
    let held = edited(&town, &other, &row, Edit::Hold).await.plan;
    publish(&town.scope, held.id).await.unwrap();
    assert!(matches!(publish(&town.scope, pinned.id).await, Err(Error::Stale(_))));
    let late = edited(&town, &pinned, &row, Edit::Unpin).await.plan;
    assert!(
        matches!(publish(&town.scope, late.id).await, Err(Error::Stale(_))),
        "an edit makes it no fresher"
    );

    assert_eq!(codes(plans::discard(&town.scope, held.id).await), ["PLAN_PUBLISHED"]);
    let published = by_start(&town, &held).await.remove(0);
    assert_eq!(refusal(&town, &held, &published, to("00:00")).await, ["SESSION_PUBLISHED"]);
    let next = edited(&town, &held, &row, Edit::Release).await.plan;
    assert_eq!(next.published_at, None);
    assert_eq!(listed(&town).await, [held.number, late.number, next.number]);
    let full = planned_from(&town, &term, &next).await.unwrap();
    assert_eq!(full.placed, 2);
    publish(&town.scope, full.id).await.unwrap();
}

#[tokio::test]
async fn a_session_whose_host_has_left_is_kept_until_somebody_moves_it() {
    let (town, term, plan) = drafted().await;
    let rows = by_start(&town, &plan).await;
    let gone = &rows[0];
    let stayed = rows.iter().find(|row| row.host_school_id != gone.host_school_id);
    let leaver = gone.host_school_id.unwrap();
    let memberships = membership::Entity::find().filter(membership::Column::SchoolId.eq(leaver));
    let before = memberships.one(town.scope.reader()).await.unwrap().unwrap();
    let txn = town.scope.begin().await.unwrap();
    let after = membership::Model { left_on: Some(term.starts_on), ..before.clone() };
    audit::update(&txn, "test", &before, after).await.unwrap();
    txn.commit().await.unwrap();

    let stayed = stayed.expect("hosting goes round");
    let pinned = edited(&town, &plan, stayed, Edit::Pin).await.plan;
    assert_eq!(row_of(&town, &pinned, gone).await.starts_at, gone.starts_at, "as the plan had it");
    assert_eq!(codes(publish(&town.scope, pinned.id).await), ["PLAN_OUTDATED"]);
    let host = stayed.host_school_id;
    let mut mended = Err(Error::Unauthenticated);
    for utc in ["00:00", "05:00", "07:30"] {
        let wish = Stand { starts_at: Some(at(utc)), host_school_id: host, ..Stand::default() };
        mended = plans::edit(&town.scope, pinned.id, gone.session_id, &Edit::Move(wish)).await;
        if mended.is_ok() {
            break;
        }
    }
    publish(&town.scope, mended.unwrap().plan.id).await.unwrap();
}

#[tokio::test]
async fn a_session_that_stands_outside_the_term_is_told_with_the_terms_days() {
    let (town, term, plan) = drafted().await;
    let row = first(&town, &plan).await;
    let far = plan_session::Model { starts_at: Some("2027-10-02T06:00:00Z".parse().unwrap()), ..row.clone() };
    let txn = town.scope.begin().await.unwrap();
    audit::update(&txn, "test", &row, far).await.unwrap();
    txn.commit().await.unwrap();
    let found = plans::explain::analyze(&town.scope, plan.id).await.unwrap();
    let told = format!(
        "方案中排在2027-10-02不在本学期内（{}至{}），请选择学期内的日期",
        term.starts_on, term.ends_on
    );
    assert!(found.outdated[0].zh.ends_with(&told), "{:?}", found.outdated);
    let wish =
        Edit::Move(Stand { starts_at: Some("2027-10-03T06:00:00Z".parse().unwrap()), ..Stand::default() });
    let refused = plans::weigh(&town.scope, plan.id, row.session_id, &wish).await;
    let Err(Error::Rejected(faults)) = refused else { panic!("it is in no term") };
    assert!(faults[0].message.zh.starts_with("2027-10-03不在本学期内（"), "{faults:?}");
}

#[tokio::test]
async fn what_stands_in_the_way_of_a_session_is_found_anew_after_each_edit() {
    let (town, term) = town().await;
    let at_one_school = programme::Model { host_rule: HostRule::CoreSchools, ..programme(&town, &term, 3) };
    add(&town, &at_one_school).await;
    let plan = planned(&town, &term).await.unwrap();
    let left = by_start(&town, &plan).await.into_iter().find(|row| row.starts_at.is_none()).unwrap();
    let taken = |row: &plan_session::Model| row.obstacles.to_string().contains("room_not_double_booked");
    assert!(taken(&left), "{}", left.obstacles);

    let freed = first(&town, &plan).await;
    let held = edited(&town, &plan, &freed, Edit::Hold).await.plan;
    let now = row_of(&town, &held, &left).await;
    assert_eq!(now.starts_at, None, "an edit places nothing else");
    assert_ne!(now.obstacles, left.obstacles, "one half of the day is free");
}
