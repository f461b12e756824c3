//! Pages, nodes, and whoever is signed in.

use serde_json::{Value, json};

use crate::graphql::testing::{Town, school_id};
use crate::id::Kind;
use crate::scope::Actor;

const PAGE: &str = "query ($first: Int, $after: String, $last: Int, $before: String) { \
    sessions(first: $first, after: $after, last: $last, before: $before) { totalCount nodes { topic } \
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";

fn topics(page: &Value) -> Vec<String> {
    page["nodes"].as_array().unwrap().iter().map(|node| node["topic"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn pages_forward_and_backward_meet_every_session_once() {
    let town = Town::with_sessions(23).await;
    let mut forward = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = town.data(PAGE, json!({ "first": 5, "after": after })).await["sessions"].clone();
        assert_eq!(page["totalCount"], 23);
        forward.extend(topics(&page));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(forward.len(), 23);
    assert_eq!(forward[21..], ["主题9", "主题19"], "those without a date come last");
    let mut backward = Vec::new();
    let mut before = Value::Null;
    loop {
        let page = town.data(PAGE, json!({ "last": 4, "before": before })).await["sessions"].clone();
        backward.splice(0..0, topics(&page));
        before = page["pageInfo"]["startCursor"].clone();
        if page["pageInfo"]["hasPreviousPage"] == false {
            break;
        }
    }
    assert_eq!(backward, forward);
}

#[tokio::test]
async fn lists_that_hang_on_something_page_alike() {
    let town = Town::with_sessions(23).await;
    let query = "query ($id: ID!, $after: String) { group(id: $id) { sessions(first: 20, after: $after) { \
        totalCount nodes { topic } pageInfo { hasNextPage endCursor } } } }";
    let id = Kind::Group.id(town.group.id);
    let first = town.data(query, json!({ "id": id })).await["group"]["sessions"].clone();
    assert_eq!((topics(&first).len(), &first["pageInfo"]["hasNextPage"]), (20, &json!(true)));
    let after = &first["pageInfo"]["endCursor"];
    let second = town.data(query, json!({ "id": id, "after": after })).await["group"]["sessions"].clone();
    assert_eq!(topics(&second).len(), 3);
    assert_eq!(second["totalCount"], 23);
}

#[tokio::test]
async fn a_page_that_is_too_long_or_a_strange_cursor_is_refused() {
    let town = Town::with_sessions(1).await;
    for (variables, code) in [
        (json!({ "first": 101 }), "OUT_OF_RANGE"),
        (json!({ "first": -1 }), "OUT_OF_RANGE"),
        (json!({ "first": 1, "last": 1 }), "INVALID_PAGE"),
        (json!({ "after": "🏫" }), "INVALID_CURSOR"),
    ] {
        let answer = town.answer(PAGE, variables).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], code);
    }
}

#[tokio::test]
async fn a_number_out_of_range_is_refused_in_the_same_words_wherever_it_stands() {
    let town = Town::with_sessions(1).await;
    let errors = async |query: &str| {
        let answer = town.answer(query, json!({})).await;
        let error = &answer["errors"][0];
        (error["extensions"]["code"].clone(), error["message"].clone())
    };
    let refused = |text: &str| (json!("OUT_OF_RANGE"), json!(text));
    for (query, text) in [
        ("{ sessions(first: -1) { totalCount } }", "first lies between 0 and 100, and is -1"),
        ("{ sessions(last: 101) { totalCount } }", "last lies between 0 and 100, and is 101"),
        (
            "{ planSessionSlots(planId: \"plan_00000000000000000000000000\", \
             sessionId: \"session_00000000000000000000000000\", offset: -3) { totalCount } }",
            "offset lies between 0 and 2147483647, and is -3",
        ),
        (
            "{ planSessionObstacles(planId: \"plan_00000000000000000000000000\", \
             sessionId: \"session_00000000000000000000000000\", first: 21) { freeCount } }",
            "first lies between 0 and 20, and is 21",
        ),
    ] {
        assert_eq!(errors(query).await, refused(text), "{query}");
    }
    let start = |name: &str, number: i64| {
        let mut input = json!({ "termId": Kind::Term.id(town.term.id) });
        input[name] = json!(number);
        input
    };
    for (name, number, most) in [("seed", -1, i32::MAX), ("seconds", -5, 600), ("threads", 65, 64)] {
        let told = town.change("planRunStart", start(name, number), "planRun { id }").await;
        let least = i64::from(name != "seed");
        assert_eq!(told["userErrors"][0]["code"], "OUT_OF_RANGE", "{told}");
        assert_eq!(told["userErrors"][0]["field"], name);
        let text = format!("{name} lies between {least} and {most}, and is {number}");
        assert_eq!(told["userErrors"][0]["message"], text);
    }
}

#[tokio::test]
async fn anything_is_found_by_its_identifier() {
    let town = Town::with_sessions(1).await;
    let ids = [
        Kind::District.id(town.scope.district.id),
        school_id(&town.schools[0]),
        Kind::Group.id(town.group.id),
        Kind::Teacher.id(town.teachers[3].id),
        Kind::Term.id(town.term.id),
        Kind::Room.id(town.term.id),
        "nonsense".to_owned(),
    ];
    let query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";
    let found = town.data(query, json!({ "ids": ids })).await["nodes"].clone();
    let names: Vec<_> = found.as_array().unwrap().iter().map(|node| node["__typename"].as_str()).collect();
    let expected = [Some("District"), Some("School"), Some("EducationGroup"), Some("Teacher"), Some("Term")];
    assert_eq!(names[..5], expected);
    assert_eq!(names[5..], [None, None]);
    assert_eq!(found[1]["id"], ids[1]);
}

#[tokio::test]
async fn a_row_of_another_district_is_not_found() {
    let mut town = Town::with_sessions(1).await;
    let school = school_id(&town.schools[0]);
    town.scope.district.id = crate::id::new();
    let query = "query ($id: ID!) { school(id: $id) { name } schools { totalCount nodes { name } } }";
    let found = town.data(query, json!({ "id": school })).await;
    assert_eq!(found, json!({ "school": null, "schools": { "totalCount": 0, "nodes": [] } }));
}

#[tokio::test]
async fn a_teacher_sees_her_own_sessions_from_now_on() {
    let town = Town::with_sessions(20).await;
    town.scope.clock.set(crate::graphql::testing::morning() + chrono::TimeDelta::hours(4));
    let query = "{ viewer { teacher { number homeSchool { name } } sessions { nodes { topic week } } placements { state } } }";
    let viewer = town.data(query, json!({})).await["viewer"].clone();
    assert_eq!(viewer["teacher"], json!({ "number": "T000", "homeSchool": { "name": "一小" } }));
    let expected = json!([{ "topic": "主题8", "week": 1 }, { "topic": "主题10", "week": 1 },
        { "topic": "主题17", "week": 1 }, { "topic": "主题18", "week": 1 }]);
    assert_eq!(viewer["sessions"]["nodes"], expected);
}

#[tokio::test]
async fn nobody_signed_in_is_no_viewer_and_sees_no_address() {
    let mut town = Town::with_sessions(1).await;
    town.scope.actor = Actor::Nobody;
    let found = town
        .data("{ viewer { teacher { name } } teachers(first: 1) { nodes { number email } } }", json!({}))
        .await;
    let expected = json!({ "viewer": null, "teachers": { "nodes": [{ "number": "T000", "email": null }] } });
    assert_eq!(found, expected);
}

#[tokio::test]
async fn schools_and_teachers_are_found_by_what_is_known_of_them() {
    let town = Town::with_sessions(1).await;
    let group = Kind::Group.id(town.group.id);
    let query = "query ($group: ID!, $school: ID!) { \
        schools(filter: { groupId: $group, search: \"二\" }) { nodes { name groups { name } } } \
        teachers(filter: { schoolId: $school, stage: PRIMARY }) { totalCount } \
        sessions(filter: { schoolId: $school }) { totalCount } }";
    let found = town.data(query, json!({ "group": group, "school": school_id(&town.schools[1]) })).await;
    assert_eq!(
        found["schools"]["nodes"],
        json!([{ "name": "二小", "groups": [{ "name": "一小教育集团" }] }])
    );
    assert_eq!(found["teachers"]["totalCount"], 5);
    assert_eq!(found["sessions"]["totalCount"], 0);
}
