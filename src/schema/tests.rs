//! The schema as a whole: its text, its rules, what queries cost.

mod changes;
mod lists;
mod reminding;
mod rotation;
mod rounds;
mod watching;

use std::path::Path;

use serde_json::{Value, json};

use crate::graphql::testing::Town;
use crate::schema::{build, sdl};

#[test]
fn the_committed_schema_is_the_one_the_code_has() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.graphql");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&file, sdl()).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == sdl(),
        "schema.graphql has drifted: run with UPDATE_EXPECT=1 and look at the change"
    );
}

async fn introspected() -> Vec<Value> {
    let query = "{ __schema { types { kind name description \
        fields(includeDeprecated: true) { name description args { name description } } \
        inputFields { name description } \
        enumValues(includeDeprecated: true) { name description } } } }";
    let answer = build(true).execute(query).await.into_result().unwrap().data.into_json().unwrap();
    let types = answer["__schema"]["types"].as_array().unwrap().clone();
    // The specification says what these are.
    let given = |name: &str| name.starts_with("__") || name == "ID";
    types.into_iter().filter(|ty| !given(ty["name"].as_str().unwrap())).collect()
}

fn undescribed(path: &str, things: &Value, missing: &mut Vec<String>) {
    for thing in things.as_array().into_iter().flatten() {
        let path = format!("{path}.{}", thing["name"].as_str().unwrap());
        if thing["description"].as_str().unwrap_or_default().trim().is_empty() {
            missing.push(path.clone());
        }
        undescribed(&path, &thing["args"], missing);
    }
}

#[tokio::test]
async fn everything_in_the_schema_is_described() {
    let types = introspected().await;
    let mut missing = Vec::new();
    for ty in &types {
        let name = ty["name"].as_str().unwrap();
        undescribed("", &json!([{ "name": name, "description": ty["description"] }]), &mut missing);
        for part in ["fields", "inputFields", "enumValues"] {
            undescribed(name, &ty[part], &mut missing);
        }
    }
    assert_eq!(missing, Vec::<String>::new());
    assert!(types.len() > 100, "{} types", types.len());
}

#[tokio::test]
async fn what_an_editor_asks_of_the_schema_is_within_the_limits() {
    let of_type = (0..9).fold(String::new(), |inner, _| format!("kind name ofType {{ kind name {inner} }}"));
    let query = format!("{{ __schema {{ types {{ fields {{ args {{ type {{ {of_type} }} }} }} }} }} }}");
    let answer = build(true).execute(query).await;
    assert!(answer.is_ok(), "{:?}", answer.errors);
}

#[tokio::test]
async fn a_query_too_deep_or_too_heavy_is_refused() {
    let town = Town::with_sessions(1).await;
    let deep = (0..7).fold("name".to_owned(), |inner, _| format!("groups {{ schools {{ {inner} }} }}"));
    let heavy = "{ groups(first: 100) { nodes { sessions(first: 100) { nodes { topic form } } } } }";
    for (query, reason) in
        [(format!("{{ schools {{ nodes {{ {deep} }} }} }}"), "too deep"), (heavy.to_owned(), "too complex")]
    {
        let answer = town.answer(&query, json!({})).await;
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains(reason), "{answer}");
    }
}

#[tokio::test]
async fn keys_come_in_the_order_of_the_query() {
    let town = Town::with_sessions(1).await;
    let request = crate::graphql::Request::new(town.scope.clone(), Default::default());
    let query = "{ z: status { version } subjects { name } terms { schoolDays { name } name id } a: district { zone name } }";
    let operation = async_graphql::Request::new(query).data(request);
    let text = serde_json::to_string(&build(true).execute(operation).await).unwrap();
    let places: Vec<_> =
        ["\"z\"", "\"subjects\"", "\"terms\"", "\"schoolDays\"", "\"name\"", "\"id\"", "\"a\"", "\"zone\""]
            .iter()
            .map(|key| text.find(key).unwrap_or_else(|| panic!("{key} in {text}")))
            .collect();
    assert!(places.is_sorted(), "{text}");
}

#[tokio::test]
async fn an_error_in_a_field_that_must_not_be_null_nulls_what_holds_it() {
    let town = Town::with_sessions(1).await;
    let term = crate::id::Kind::Term.id(town.term.id);
    let query = "query ($id: ID!) { term(id: $id) { name schoolDays(schoolId: \"school_x\") { name } } district { name } }";
    let answer = town.answer(query, json!({ "id": term })).await;
    assert_eq!(answer["data"], json!({ "term": null, "district": { "name": "测试县" } }));
    assert_eq!(answer["errors"][0]["path"], json!(["term", "schoolDays"]));
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INVALID_ID");
}

#[tokio::test]
async fn a_nested_query_costs_the_same_statements_for_few_rows_and_for_many() {
    let query = "{ sessions(first: 50) { totalCount nodes { topic term { name } hostSchool { name memberships { group { name } } } \
        participants { role teacher { name homeSchool { name } } messages { state } } } } }";
    let (few, many) = (Town::with_sessions(2).await, Town::with_sessions(50).await);
    let counted = (few.statements(query).await, many.statements(query).await);
    assert_eq!(counted.0, counted.1);
    assert!(counted.1 <= 13, "{} statements", counted.1);
    println!("{} statements", counted.1);
}
