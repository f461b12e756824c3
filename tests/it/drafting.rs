//! Working on drafts by hand over the API: a coordinator moves, pins, plans on, undoes and publishes.

use std::time::Duration;

use serde_json::{Value, json};
use tongpan::entity::values::SessionState;
use tongpan::error::Language;
use tongpan::graphql::Request;
use tongpan::schema;
use tongpan::scope::Scope;

use crate::harness::{Harness, at, on_both};
use crate::town::{EAST, small_town};

const COST: &str = "before { hard medium soft } after { hard medium soft } broken { code message } \
    rules { name level before after worse better } newlyPresent { teacher { name } } newlyExcused { teacher { name } excused } \
    noLongerInvited { teacher { name } }";

pub async fn ask(scope: &Scope, query: &str, variables: Value) -> Value {
    let request = Request::new(scope.clone(), Language::Chinese);
    let variables = async_graphql::Variables::from_json(variables);
    let operation = async_graphql::Request::new(query).variables(variables).data(request);
    let answer = serde_json::to_value(schema::build(true).execute(operation).await).expect("JSON");
    assert_eq!(answer.get("errors"), None, "{query}");
    answer["data"].clone()
}

/// The payload of a mutation without user errors.
async fn does(scope: &Scope, field: &str, input: Value, selection: &str) -> Value {
    let payload = tries(scope, field, input, selection).await;
    assert_eq!(payload["userErrors"], json!([]), "{field}");
    payload
}

async fn tries(scope: &Scope, field: &str, input: Value, selection: &str) -> Value {
    let ty = format!("{}{}", field[..1].to_uppercase(), &field[1..]);
    let query = format!(
        "mutation ($input: {ty}Input!) {{ {field}(input: $input) {{ {selection} userErrors {{ code field message }} }} }}"
    );
    ask(scope, &query, json!({ "input": input })).await[field].clone()
}

/// Runs a search to its end; the plan it made.
async fn searches(town: &Harness, scope: &Scope, base: Option<&Value>) -> Value {
    let request = town.request(Some(EAST)).await;
    let input = json!({
        "termId": tongpan::id::Kind::Term.id(request.term_id),
        "groupId": request.group_id.map(|id| tongpan::id::Kind::Group.id(id)),
        "seconds": 1,
        "basePlanId": base,
    });
    let run = does(scope, "planRunStart", input, "planRun { id basePlan { id } }").await["planRun"].clone();
    assert_eq!(run["basePlan"]["id"], base.cloned().unwrap_or_default());
    loop {
        let query = "query ($id: ID!) { planRun(id: $id) { state failure plan { id revisedFrom { id } pinnedCount } } }";
        let run = ask(scope, query, json!({ "id": run["id"] })).await["planRun"].clone();
        match run["state"].as_str() {
            Some("RUNNING") => tokio::time::sleep(Duration::from_millis(100)).await,
            Some("FINISHED") => return run["plan"].clone(),
            _ => panic!("{run}"),
        }
    }
}

async fn sessions_of(scope: &Scope, plan: &Value) -> Vec<Value> {
    let query = "query ($id: ID!) { plan(id: $id) { sessions { nodes { session { id } startsAt pinned undatedOnPurpose \
        hostSchool { id } room { id } people { role teacher { id } } } } } }";
    let shown = ask(scope, query, json!({ "id": plan })).await;
    shown["plan"]["sessions"]["nodes"].as_array().expect("sessions").clone()
}

/// When and where a session is, and who presents.
fn place(session: &Value) -> Value {
    let people = session["people"].as_array().expect("people").iter();
    let presenters: Vec<&Value> = people.filter(|person| person["role"] == "PRESENTER").collect();
    json!([session["startsAt"], session["hostSchool"], session["room"], presenters])
}

async fn listed(scope: &Scope, arguments: &str) -> Vec<Value> {
    let query = format!("{{ plans{arguments} {{ nodes {{ id }} }} }}");
    let plans = ask(scope, &query, json!({})).await["plans"]["nodes"].as_array().expect("plans").clone();
    plans.into_iter().map(|plan| plan["id"].clone()).collect()
}

#[tokio::test]
async fn a_coordinator_moves_a_session_pins_it_plans_on_undoes_and_publishes() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let scope = town.coordinator().await;
        let plan = searches(town, &scope, None).await["id"].clone();
        let first = sessions_of(&scope, &plan).await.remove(0);
        let session = first["session"]["id"].clone();

        // What would Thursday cost?
        let query = format!(
            "query ($id: ID!, $session: ID!, $to: DateTime!) {{ plan(id: $id) {{ score {{ hard medium soft }} \
             moveCost(sessionId: $session, startsAt: $to) {{ {COST} }} }} }}"
        );
        let thursday = at("2026-09-24 14:00");
        let shown =
            ask(&scope, &query, json!({ "id": plan, "session": session, "to": thursday })).await["plan"].clone();
        let cost = &shown["moveCost"];
        assert_eq!((&cost["before"], &cost["broken"]), (&shown["score"], &json!([])));
        let rules = cost["rules"].as_array().expect("rules");
        let day = rules.iter().find(|rule| rule["name"] == "subject_day").expect("Wednesday is the subject's day");
        assert_eq!((&day["before"], &day["after"], &day["better"]), (&json!(0), &json!(400), &json!([])));
        assert!(day["worse"][0].as_str().expect("a reason").contains("9月24日（周四）"), "{day}");

        // A holiday is refused with its reason, and nothing is made.
        let holiday = json!({ "planId": plan, "sessionId": session, "startsAt": at("2026-10-01 14:00") });
        let refused = tries(&scope, "planSessionMove", holiday, "plan { id } cost { after { hard } }").await;
        assert_eq!((&refused["plan"], &refused["cost"]), (&Value::Null, &Value::Null));
        assert_eq!(refused["userErrors"][0]["code"], "RULE_BROKEN");
        assert!(refused["userErrors"][0]["message"].as_str().expect("words").contains("10月1日"), "{refused}");
        assert_eq!(listed(&scope, "(drafts: true)").await, std::slice::from_ref(&plan));

        let wish = json!({ "planId": plan, "sessionId": session, "startsAt": thursday });
        let selection = format!("plan {{ id score {{ hard medium soft }} revisedFrom {{ id }} isDraft edit {{ kind sentence session {{ id }} }} }} cost {{ {COST} }}");
        let moved = does(&scope, "planSessionMove", wish, &selection).await;
        assert_eq!(moved["cost"], *cost, "what was shown is what it cost");
        assert_eq!(moved["plan"]["score"], cost["after"]);
        assert_eq!((&moved["plan"]["revisedFrom"]["id"], &moved["plan"]["isDraft"]), (&plan, &json!(true)));
        assert_eq!((&moved["plan"]["edit"]["kind"], &moved["plan"]["edit"]["session"]["id"]), (&json!("MOVED"), &session));
        assert_eq!(listed(&scope, "").await, [moved["plan"]["id"].clone()]);

        let pin = json!({ "planId": moved["plan"]["id"], "sessionId": session });
        let pinned = does(&scope, "planSessionPin", pin, "plan { id pinnedCount }").await["plan"].clone();
        assert_eq!(pinned["pinnedCount"], 1);
        let wanted = sessions_of(&scope, &pinned["id"]).await;
        let wanted = wanted.iter().find(|row| row["session"]["id"] == session).expect("the session");

        // Wednesday is better, but the pin holds, with host, room and presenters.
        let again = searches(town, &scope, Some(&pinned["id"])).await;
        assert_eq!((&again["revisedFrom"]["id"], &again["pinnedCount"]), (&pinned["id"], &json!(1)));
        let kept = sessions_of(&scope, &again["id"]).await;
        let kept = kept.iter().find(|row| row["session"]["id"] == session).expect("the session");
        assert_eq!(place(kept), place(wanted));
        assert_eq!(kept["startsAt"], wanted["startsAt"]);

        let label = json!({ "planId": again["id"], "expectedVersion": 1, "label": "方案A" });
        let named = does(&scope, "planRename", label, "plan { label version }").await;
        assert_eq!(named["plan"], json!({ "label": "方案A", "version": 2 }));
        let back = does(&scope, "planUndo", json!({ "planId": again["id"] }), "plan { id }").await;
        assert_eq!(back["plan"]["id"], pinned["id"]);
        assert_eq!(listed(&scope, "").await, [pinned["id"].clone()]);
        assert_eq!(listed(&scope, "(all: true)").await.len(), 4);

        let published = does(&scope, "planPublish", json!({ "planId": pinned["id"] }), "publication { placed { id } }").await;
        assert_eq!(published["publication"]["placed"].as_array().map(Vec::len), Some(2));
        let dated = town.dated().await;
        let thursdays = dated.iter().filter(|row| row.starts_at == Some(thursday)).count();
        assert_eq!((dated.len(), thursdays), (2, 1));
        assert!(dated.iter().all(|row| row.state == SessionState::Published));
        town.worker().drains_outbox().await;
    })
    .await;
}
