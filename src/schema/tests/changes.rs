//! Mutations: what users can mend, what is stale, what is kept.

use serde_json::{Value, json};

use crate::graphql::testing::{Town, school_id};
use crate::id::Kind;
use crate::schema::build;
use crate::scope::Actor;

pub fn codes(payload: &Value) -> Vec<&str> {
    payload["userErrors"].as_array().unwrap().iter().map(|error| error["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_school_is_changed_from_the_version_one_saw() {
    let town = Town::with_sessions(1).await;
    let id = school_id(&town.schools[0]);
    let input = json!({ "schoolId": id, "expectedVersion": 1, "note": "一校一案", "coordinates": { "longitude": 104.5, "latitude": 28.1 } });
    let changed = town.change("schoolUpdate", input.clone(), "school { note longitude version }").await;
    assert_eq!(changed["school"], json!({ "note": "一校一案", "longitude": 104.5, "version": 2 }));
    let stale = town.change("schoolUpdate", input, "school { note version }").await;
    assert_eq!(stale["school"], json!({ "note": "一校一案", "version": 2 }), "as it now is");
    let error = &stale["userErrors"][0];
    assert_eq!((&error["code"], &error["currentVersion"]), (&json!("STALE"), &json!(2)));
    assert_eq!(
        error["message"],
        "T000 changed it at 2026-09-01 08:00: look at it as it is now and try again"
    );
    let cleared = json!({ "schoolId": id, "expectedVersion": 2, "note": null });
    let cleared = town.change("schoolUpdate", cleared, "school { note longitude }").await;
    assert_eq!(cleared["school"], json!({ "note": null, "longitude": 104.5 }));
    let query = "query ($of: ID!) { history(of: $of) { nodes { action actor } } }";
    let history = town.data(query, json!({ "of": id })).await["history"]["nodes"].clone();
    let update = json!({ "action": "school.update", "actor": "T000" });
    assert_eq!(history, json!([update, update, { "action": "test", "actor": "test" }]));
}

#[tokio::test]
async fn every_fault_of_a_change_is_told_at_once() {
    let town = Town::with_sessions(1).await;
    let id = school_id(&town.schools[0]);
    let input = json!({ "schoolId": id, "expectedVersion": 1, "classCount": -1, "coordinates": { "longitude": 200, "latitude": 0 } });
    let payload = town.change("schoolUpdate", input, "school { id }").await;
    assert_eq!(codes(&payload), ["COORDINATES_OUT_OF_RANGE", "NEGATIVE"]);
    assert_eq!(payload["userErrors"][1]["field"], "classCount");
    let input = json!({ "schoolId": "teacher_x", "expectedVersion": 1 });
    assert_eq!(codes(&town.change("schoolUpdate", input, "school { id }").await), ["INVALID_ID"]);
}

#[tokio::test]
async fn a_membership_ends_and_begins_again_and_its_history_stays() {
    let town = Town::with_sessions(1).await;
    let (group, school) = (Kind::Group.id(town.group.id), school_id(&town.schools[1]));
    let join = json!({ "groupId": group, "schoolId": school, "role": "MEMBER", "joinedOn": "2026-10-01" });
    assert_eq!(
        codes(&town.change("membershipAdd", join.clone(), "membership { id }").await),
        ["ALREADY_A_MEMBER"]
    );
    let query = "query ($id: ID!, $on: NaiveDate, $all: Boolean!) { school(id: $id) { memberships(on: $on, all: $all) { id joinedOn leftOn } } }";
    let held = town.data(query, json!({ "id": school, "all": false })).await;
    let membership = &held["school"]["memberships"][0]["id"];
    let leave = json!({ "membershipId": membership, "expectedVersion": 1, "leftOn": "2026-10-01" });
    let left = town.change("membershipEnd", leave, "membership { leftOn version }").await;
    assert_eq!(left["membership"], json!({ "leftOn": "2026-10-01", "version": 2 }));
    assert_eq!(codes(&town.change("membershipAdd", join, "membership { id }").await), Vec::<&str>::new());
    let joined = |answer: Value| answer["school"]["memberships"].as_array().unwrap().len();
    assert_eq!(joined(town.data(query, json!({ "id": school, "on": "2026-09-30", "all": false })).await), 1);
    assert_eq!(joined(town.data(query, json!({ "id": school, "on": "2026-10-01", "all": false })).await), 1);
    assert_eq!(joined(town.data(query, json!({ "id": school, "all": true })).await), 2);
}

#[tokio::test]
async fn a_day_is_set_changed_and_made_plain_again() {
    let town = Town::with_sessions(1).await;
    let mut day = json!({ "dayOn": "2026-10-10", "kind": "MAKE_UP", "name": "国庆调休" });
    assert_eq!(
        codes(&town.change("schoolDaySet", day.clone(), "schoolDay { id }").await),
        ["WEEKDAY_MISSING"]
    );
    day["timetableWeekday"] = json!(3);
    let elsewhere = json!({ "dayOn": "2029-10-10", "kind": "HOLIDAY" });
    let refused = town.change("schoolDaySet", elsewhere, "schoolDay { id }").await;
    assert_eq!(codes(&refused), ["OUTSIDE_THE_TERM"]);
    let set = town.change("schoolDaySet", day.clone(), "schoolDay { id version timetableWeekday }").await["schoolDay"].clone();
    assert_eq!((&set["version"], &set["timetableWeekday"]), (&json!(1), &json!(3)));
    assert_eq!(codes(&town.change("schoolDaySet", day.clone(), "schoolDay { id }").await), ["STALE"]);
    day["expectedVersion"] = json!(1);
    let again = town.change("schoolDaySet", day, "schoolDay { version }").await;
    assert_eq!(again["schoolDay"]["version"], 2);
    let query = "{ terms { schoolDays { name } } }";
    assert_eq!(town.data(query, json!({})).await["terms"][0]["schoolDays"], json!([{ "name": "国庆调休" }]));
    let remove = json!({ "schoolDayId": set["id"], "expectedVersion": 2 });
    assert_eq!(codes(&town.change("schoolDayRemove", remove, "schoolDay { id }").await), Vec::<&str>::new());
    assert_eq!(town.data(query, json!({})).await["terms"][0]["schoolDays"], json!([]));
}

#[tokio::test]
async fn what_is_not_there_is_an_error_and_not_a_user_error() {
    let town = Town::with_sessions(1).await;
    let query = "mutation ($id: ID!) { schoolUpdate(input: { schoolId: $id, expectedVersion: 1 }) { userErrors { code } } }";
    let answer = town.answer(query, json!({ "id": Kind::School.id(town.term.id) })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_FOUND");
    assert_eq!(answer["errors"][0]["message"], "there is no such school");
}

/// A value that a mutation's input accepts, as far as its type says.
fn sample(fields: &Value) -> Value {
    let mut input = serde_json::Map::new();
    for field in fields.as_array().unwrap() {
        if field["type"]["kind"] != "NON_NULL" {
            continue;
        }
        let ty = &field["type"]["ofType"];
        let value = match ty["name"].as_str().unwrap_or("LIST") {
            "Int" => json!(1),
            "Boolean" => json!(true),
            "NaiveDate" => json!("2026-09-01"),
            "DateTime" => json!("2026-09-01T00:00:00Z"),
            "LIST" => json!([]),
            "ID" | "String" => json!("x"),
            _ => ty["enumValues"][0]["name"].clone(),
        };
        input.insert(field["name"].as_str().unwrap().to_owned(), value);
    }
    Value::Object(input)
}

#[tokio::test]
async fn no_mutation_is_open_to_nobody() {
    let mut town = Town::with_sessions(1).await;
    town.scope.actor = Actor::Nobody;
    let query = "{ __schema { mutationType { fields { name args { type { ofType { name inputFields { name \
        type { kind ofType { name enumValues { name } } } } } } } } } } }";
    let answer = build(true).execute(query).await.into_result().unwrap().data.into_json().unwrap();
    let mutations = answer["__schema"]["mutationType"]["fields"].as_array().unwrap();
    assert!(mutations.len() >= 17, "{}", mutations.len());
    for mutation in mutations {
        let (name, input) = (mutation["name"].as_str().unwrap(), &mutation["args"][0]["type"]["ofType"]);
        let ty = input["name"].as_str().unwrap();
        let query = format!("mutation ($input: {ty}!) {{ {name}(input: $input) {{ __typename }} }}");
        let answer = town.answer(&query, json!({ "input": sample(&input["inputFields"]) })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{name}: {answer}");
    }
}
