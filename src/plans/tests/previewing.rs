//! What publishing would do, asked over the API before it is done.

use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use super::*;
use crate::id::Kind;

const PREVIEW: &str = "query ($id: ID!, $kind: PublicationChangeKind, $mail: MessageKind) { plan(id: $id) { preview { \
    standing placed { topic } undated { topic } withoutAddress { number } \
    changes(kind: $kind) { totalCount nodes { kind session { topic ordinal } from { startsAt hostSchool { name } } \
        to { startsAt hostSchool { name } room { name school { name } } presenters { name } chairs { name } } \
        joining { number } leaving { number } } } \
    mails { kind leadMinutes recipients mails } \
    letters(kind: $mail, first: 100) { totalCount nodes { kind leadMinutes teacher { number } session { topic } } } } } }";

async fn previewed(town: &Town, plan: &plan::Model, kind: Value, mail: Value) -> Value {
    let variables = json!({ "id": Kind::Plan.id(plan.id), "kind": kind, "mail": mail });
    town.data(PREVIEW, variables).await["plan"]["preview"].clone()
}

async fn without_address(town: &Town, teacher: &teacher::Model) {
    let txn = town.scope.begin().await.unwrap();
    let silent = teacher::Model { email: None, ..teacher.clone() };
    audit::update(&txn, "test", teacher, silent).await.unwrap();
    txn.commit().await.unwrap();
}

fn numbers(people: &Value) -> Vec<&str> {
    let mut numbers: Vec<&str> =
        people.as_array().unwrap().iter().map(|person| person["number"].as_str().unwrap()).collect();
    numbers.sort_unstable();
    numbers
}

#[tokio::test]
async fn a_first_publication_shows_what_gets_a_date_and_who_is_invited() {
    let (town, term) = town().await;
    let at_one_school = programme::Model { host_rule: HostRule::CoreSchools, ..programme(&town, &term, 3) };
    add(&town, &at_one_school).await;
    without_address(&town, &town.teachers[9]).await;
    let plan = planned(&town, &term).await.unwrap();

    let preview = previewed(&town, &plan, Value::Null, json!("INVITATION")).await;
    assert_eq!(preview["standing"], 0);
    assert_eq!(preview["placed"].as_array().map(Vec::len), Some(2), "the day has two halves");
    assert_eq!(preview["undated"], json!([{ "topic": "单元整体教学" }]));
    assert_eq!(numbers(&preview["withoutAddress"]), ["T009"]);
    let changes = &preview["changes"];
    assert_eq!(changes["totalCount"], 2);
    let first = &changes["nodes"][0];
    assert_eq!(
        (&first["kind"], &first["from"], &first["leaving"]),
        (&json!("PLACED"), &Value::Null, &json!([]))
    );
    assert_eq!(first["to"]["hostSchool"], first["to"]["room"]["school"]);
    assert_eq!(first["joining"].as_array().map(Vec::len), Some(10));

    // Nine people with an address; nobody leads, so the reminders are the day's and that of two hours before.
    assert_eq!(preview["letters"]["totalCount"], 18);
    let mails =
        |kind: &str, lead: i32| json!({ "kind": kind, "leadMinutes": lead, "recipients": 9, "mails": 18 });
    assert_eq!(
        preview["mails"],
        json!([mails("INVITATION", 0), mails("REMINDER", 120), mails("REMINDER", 1440)])
    );
    let written = message::Entity::find().count(town.scope.reader()).await.unwrap();
    assert_eq!(written, 0, "a preview writes nothing");

    let all = previewed(&town, &plan, json!("MOVED"), Value::Null).await;
    assert_eq!((&all["changes"]["totalCount"], &all["letters"]["totalCount"]), (&json!(0), &json!(54)));
    publish(&town.scope, plan.id).await.unwrap();
    let written = message::Entity::find().count(town.scope.reader()).await.unwrap();
    assert_eq!(written, 54, "just those that were shown");
}

#[tokio::test]
async fn letters_are_read_page_by_page_and_none_twice() {
    let (town, term) = town().await;
    add(&town, &programme(&town, &term, 2)).await;
    let plan = planned(&town, &term).await.unwrap();
    let query = "query ($id: ID!, $after: String) { plan(id: $id) { preview { letters(first: 25, after: $after) { \
        pageInfo { hasNextPage endCursor } nodes { kind leadMinutes teacher { number } session { ordinal } } } } } }";
    let (mut seen, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = town.data(query, json!({ "id": Kind::Plan.id(plan.id), "after": after })).await;
        let letters = &page["plan"]["preview"]["letters"];
        seen.extend(letters["nodes"].as_array().unwrap().iter().map(Value::to_string));
        after = letters["pageInfo"]["endCursor"].clone();
        if letters["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(seen.len(), 60);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 60);
}

#[tokio::test]
async fn a_plan_made_anew_shows_what_it_takes_from_whom() {
    let (town, term) = town().await;
    add(&town, &programme(&town, &term, 2)).await;
    publish(&town.scope, planned(&town, &term).await.unwrap().id).await.unwrap();
    let published = research_session::Entity::find().all(town.scope.reader()).await.unwrap();
    let stays = published.iter().find(|row| row.ordinal == 1).unwrap();
    crate::sessions::set_pinned(&town.scope, stays.id, stays.version, true).await.unwrap();
    let day = crate::calendar::edit::DaySetting {
        day_on: term.starts_on,
        school_id: None,
        kind: DayKind::Holiday,
        timetable_weekday: None,
        name: Some("台风停课".to_owned()),
        expected_version: None,
    };
    let closed = crate::calendar::edit::set_day(&town.scope, day).await.unwrap();
    let request = SolveRequest { mode: PlanMode::Replan, ..request(&town, &term) };
    let plan = solve(&town.scope, &request, Arc::new(|_| ControlFlow::Continue(()))).await.unwrap().plan;

    let preview = previewed(&town, &plan, Value::Null, json!("CANCELLATION")).await;
    assert_eq!((&preview["standing"], &preview["placed"]), (&json!(1), &json!([])), "the pinned one stands");
    let [change] = &preview["changes"]["nodes"].as_array().unwrap()[..] else { panic!("{preview}") };
    assert_eq!((&change["kind"], &change["session"]["ordinal"]), (&json!("WITHDRAWN"), &json!(2)));
    assert_eq!((&change["to"], &change["joining"]), (&Value::Null, &json!([])));
    assert_eq!(change["leaving"].as_array().map(Vec::len), Some(10));
    assert_eq!(preview["letters"]["totalCount"], 10);
    assert_eq!(
        preview["mails"],
        json!([{ "kind": "CANCELLATION", "leadMinutes": 0, "recipients": 10, "mails": 10 }])
    );

    publish(&town.scope, plan.id).await.unwrap();
    crate::calendar::edit::remove_day(&town.scope, closed.id, closed.version).await.unwrap();
    let first = plan::Entity::find().filter(plan::Column::Number.eq(1)).one(town.scope.reader());
    let input = json!({ "planId": Kind::Plan.id(first.await.unwrap().unwrap().id) });
    let shown = "notRestored { reasons session { ordinal } } plan { origin threads edit { kind sentence } revisedFrom { number } \
        preview { standing changes { nodes { kind session { ordinal } } } } }";
    let back = town.change("planRevert", input, shown).await;
    let expected = json!({
        "origin": "REVERTED",
        "threads": null,
        "edit": { "kind": "REVERTED", "sentence": "what is still to come as plan 1 had it" },
        "revisedFrom": { "number": 1 },
        "preview": { "standing": 1, "changes": { "nodes": [{ "kind": "PLACED", "session": { "ordinal": 2 } }] } },
    });
    assert_eq!((&back["plan"], &back["userErrors"]), (&expected, &json!([])));
    assert_eq!(back["notRestored"], json!([]));
}

#[tokio::test]
async fn a_link_alone_changes_nobodys_part_and_the_same_link_nothing() {
    let (town, term) = town().await;
    add(&town, &programme(&town, &term, 1)).await;
    publish(&town.scope, planned(&town, &term).await.unwrap().id).await.unwrap();
    let shown =
        "applied outcomes { possible unchanged mode partChanges { before after teacher { number } } }";
    let moved = async |link: &str| {
        let (from, until) = (term.starts_on, term.ends_on);
        let input =
            json!({ "from": from, "until": until, "reason": "台风停课", "link": link, "dryRun": false });
        town.change("sessionsMoveOnline", input, shown).await
    };
    let outcome = |unchanged: bool, mode: Value| json!([{ "possible": true, "unchanged": unchanged, "mode": mode, "partChanges": [] }]);
    for link in ["123-456", "654-321"] {
        let done = moved(link).await;
        assert_eq!((&done["applied"], &done["outcomes"]), (&json!(true), &outcome(false, json!("ONLINE"))));
    }
    let again = moved("654-321").await;
    assert_eq!((&again["applied"], &again["outcomes"]), (&json!(false), &outcome(true, Value::Null)));
    assert_eq!(again["userErrors"][0]["code"], "NOTHING_CHANGES");
}

#[tokio::test]
async fn a_plan_that_cannot_be_published_any_more_has_no_preview() {
    let (town, term) = town().await;
    add(&town, &programme(&town, &term, 1)).await;
    let (plan, other) = (planned(&town, &term).await.unwrap(), planned(&town, &term).await.unwrap());
    publish(&town.scope, plan.id).await.unwrap();
    for (plan, told) in
        [(&plan, "plan 1 was published"), (&other, "another plan of 一小教育集团 was published")]
    {
        let answer = town.answer(PREVIEW, json!({ "id": Kind::Plan.id(plan.id) })).await;
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains(told), "{answer}");
    }
}
