//! Plans that answer over the API: why here, why not there, what would free a place, what another plan changes.

use serde_json::{Value, json};
use tongpan::entity::plan;
use tongpan::id::Kind;
use tongpan::plans;

use crate::drafting::ask;
use crate::harness::{Harness, on_both};
use crate::town::{EAST, LONG_SESSIONS, ONE_OPEN_DAY, small_town, town_with, unwatched};

const SPOT: &str = "startsAt hostSchool { id name } room { name } presenters { name }";
const SCORE: &str = "hard medium soft";

async fn plan_and_first_session(town: &Harness, plan: &plan::Model) -> Value {
    let first = town.planned(plan).await.into_iter().find(|row| row.starts_at.is_some()).expect("one placed");
    json!({ "plan": Kind::Plan.id(plan.id), "session": Kind::Session.id(first.session_id) })
}

fn sum(differences: &Value, level: &str) -> i64 {
    let of_level = |one: &&Value| one["level"] == level;
    let rules = differences.as_array().expect("rules").iter().filter(of_level);
    rules.map(|rule| rule["penalty"].as_i64().expect("a penalty")).sum()
}

#[tokio::test]
async fn a_plan_tells_what_is_wrong_with_it_rule_by_rule() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let plan = town.solves(EAST).await;
        let query = "query ($plan: ID!) { planAnalyze(id: $plan) { score { hard medium soft } outdated \
            rules { name level sentence weight count penalty findingCount \
            findings { sentence amount penalty on sessions { topic } people { name } school { name } } } } }";
        let told =
            ask(&town.scope, query, json!({ "plan": Kind::Plan.id(plan.id) })).await["planAnalyze"].clone();
        let score = json!({ "hard": plan.hard, "medium": plan.medium, "soft": plan.soft });
        assert_eq!((&told["score"], &told["outdated"]), (&score, &json!([])));
        assert_eq!(sum(&told["rules"], "SOFT"), plan.soft);
        for rule in told["rules"].as_array().expect("rules") {
            let findings = rule["findings"].as_array().expect("findings");
            assert_eq!(rule["findingCount"], json!(findings.len()));
            let units: i64 = findings.iter().map(|one| one["amount"].as_i64().expect("an amount")).sum();
            assert_eq!(rule["count"], json!(units), "{rule}");
        }
        let travel =
            told["rules"].as_array().expect("rules").iter().find(|rule| rule["name"] == "little_travel");
        let travel = &travel.expect("somebody travels")["findings"][0];
        assert!(travel["people"][0]["name"].is_string() && travel["sentence"].is_string(), "{travel}");
    })
    .await;
}

#[tokio::test]
async fn a_session_tells_why_it_stands_here_and_not_there() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let plan = town.solves(EAST).await;
        let which = plan_and_first_session(town, &plan).await;
        let query = format!(
            "query ($plan: ID!, $session: ID!) {{ here: planSessionWhyHere(planId: $plan, sessionId: $session) {{ \
             rank of spot {{ {SPOT} }} rules {{ name level penalty findings {{ sentence }} }} \
             alternatives {{ possible change {{ {SCORE} }} score {{ {SCORE} }} spot {{ {SPOT} }} rules {{ level penalty }} }} }} \
             slots: planSessionSlots(planId: $plan, sessionId: $session, first: 3, offset: 1) {{ totalCount possibleCount \
             nodes {{ change {{ {SCORE} }} }} }} \
             all: planSessionSlots(planId: $plan, sessionId: $session, filter: {{ day: \"2026-09-12\", includeImpossible: true }}) {{ \
             possibleCount nodes {{ possible rules {{ name findings {{ sentence }} }} }} }} }}"
        );
        let told = ask(&town.scope, &query, which.clone()).await;
        let here = &told["here"];
        assert!(here["of"].as_u64() > here["rank"].as_u64(), "{here}");
        assert_eq!(told["slots"]["totalCount"], here["of"]);
        assert_eq!(told["slots"]["nodes"].as_array().map(Vec::len), Some(3));
        for slot in here["alternatives"].as_array().expect("alternatives") {
            assert_eq!(slot["change"]["soft"], json!(sum(&slot["rules"], "SOFT")));
            let score = slot["score"]["soft"].as_i64().expect("a score");
            assert_eq!(slot["change"]["soft"], json!(score - plan.soft));
        }
        // A Saturday.
        assert_eq!(told["all"]["possibleCount"], 0);
        let first = &told["all"]["nodes"][0];
        assert_eq!((&first["possible"], &first["rules"][0]["name"]), (&json!(false), &json!("school_days")));

        let why_not = format!(
            "query ($plan: ID!, $session: ID!, $at: DateTime!) {{ planSessionWhyNot(planId: $plan, sessionId: $session, \
             startsAt: $at) {{ possible change {{ {SCORE} }} spot {{ {SPOT} }} \
             rules {{ name sentence penalty findings {{ sentence penalty }} }} }} }}"
        );
        let mut clashing = which.clone();
        // Where the other session of the programme stands: the same chair or researcher would be in two places.
        let other = town.planned(&plan).await.into_iter().filter_map(|row| row.starts_at).next_back();
        clashing["at"] = json!(other.expect("a second session"));
        let told = ask(&town.scope, &why_not, clashing).await["planSessionWhyNot"].clone();
        assert_eq!(told["possible"], false, "{told}");
        let broken = told["rules"][0]["findings"].as_array().expect("what is broken");
        let sentences: Vec<&str> = broken.iter().filter_map(|one| one["sentence"].as_str()).collect();
        assert!(sentences.iter().any(|sentence| sentence.contains("韩冰须同时参加")), "{told}");
    })
    .await;
}

#[tokio::test]
async fn a_session_without_a_place_tells_what_would_free_one() {
    on_both(async |town| {
        town.settles(&town_with(ONE_OPEN_DAY, LONG_SESSIONS)).await;
        let request = town.request(None).await;
        let plan = plans::solve(&town.scope, &request, unwatched()).await.expect("a plan").plan;
        let rows = town.planned(&plan).await;
        let unplaced = rows.iter().find(|row| row.starts_at.is_none()).expect("one without a place");
        let query = format!(
            "query ($plan: ID!, $session: ID!) {{ planSessionObstacles(planId: $plan, sessionId: $session, first: 8) {{ \
             rules {{ rule slots of sentence }} \
             freeing {{ sentence things opens change {{ {SCORE} }} spot {{ {SPOT} }} rehoming {{ session {{ id }} spot {{ startsAt }} }} }} \
             }} planSessionWhyHere(planId: $plan, sessionId: $session) {{ rank }} }}"
        );
        let which = json!({ "plan": Kind::Plan.id(plan.id), "session": Kind::Session.id(unplaced.session_id) });
        let told = ask(&town.scope, &query, which).await;
        assert_eq!(told["planSessionWhyHere"], Value::Null);
        let told = &told["planSessionObstacles"];
        assert!(told["rules"][0]["slots"].as_u64() > Some(0), "{told}");
        let freeing = told["freeing"].as_array().expect("ways to free a place");
        let sentences: Vec<&str> = freeing.iter().filter_map(|way| way["sentence"].as_str()).collect();
        assert!(freeing.iter().all(|way| way["things"] == 1), "{sentences:#?}");
        assert!(sentences.iter().any(|sentence| sentence.contains("不要求韩冰到场")), "{sentences:#?}");
        let placed = rows.iter().find(|row| row.starts_at.is_some()).expect("the other one");
        let away = freeing.iter().find(|way| way["rehoming"] != json!([])).expect("the other one may give way");
        assert_eq!(away["rehoming"][0]["session"]["id"], json!(Kind::Session.id(placed.session_id)));
        assert_eq!(away["rehoming"][0]["spot"], Value::Null, "there is one open day");
    })
    .await;
}

#[tokio::test]
async fn two_plans_tell_what_one_changes_against_the_other() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let before = town.solves(EAST).await;
        let which = plan_and_first_session(town, &before).await;
        let slots = "query ($plan: ID!, $session: ID!) { planSessionWhyHere(planId: $plan, sessionId: $session, alternatives: 1) { \
            alternatives { spot { startsAt hostSchool { id } } change { soft } } } }";
        let told = ask(&town.scope, slots, which.clone()).await;
        let other = &told["planSessionWhyHere"]["alternatives"][0];
        let input = json!({ "planId": which["plan"], "sessionId": which["session"],
            "startsAt": other["spot"]["startsAt"], "hostSchoolId": other["spot"]["hostSchool"]["id"] });
        let moves = "mutation ($input: PlanSessionMoveInput!) { planSessionMove(input: $input) { \
            plan { id } cost { before { soft } after { soft } } userErrors { message } } }";
        let coordinator = town.coordinator().await;
        let moved = ask(&coordinator, moves, json!({ "input": input })).await["planSessionMove"].clone();
        assert_eq!(moved["userErrors"], json!([]));

        let query = format!(
            "query ($from: ID!, $to: ID!) {{ planCompare(from: $from, to: $to) {{ before {{ {SCORE} }} after {{ {SCORE} }} \
             movedCount moved {{ session {{ id }} time place before {{ {SPOT} }} after {{ {SPOT} }} }} \
             rules {{ name level penalty findings {{ sentence penalty }} }} \
             affectedCount affected {{ teacher {{ name }} session {{ id }} part }} outdated }} }}"
        );
        let pair = json!({ "from": which["plan"], "to": moved["plan"]["id"] });
        let told = ask(&town.scope, &query, pair).await["planCompare"].clone();
        assert_eq!((&told["movedCount"], &told["moved"][0]["session"]["id"]), (&json!(1), &which["session"]));
        assert_eq!(told["moved"][0]["after"]["startsAt"], other["spot"]["startsAt"]);
        let soft = |side: &Value| side["soft"].as_i64().expect("a score");
        assert_eq!(soft(&told["after"]) - soft(&told["before"]), sum(&told["rules"], "SOFT"));
        assert_eq!(soft(&told["after"]), soft(&moved["cost"]["after"]));
        assert_eq!(told["affectedCount"].as_u64().map(|count| count > 0), Some(true));
        let elsewhere = |one: &Value| one["part"] == "ELSEWHERE";
        assert!(told["affected"].as_array().is_some_and(|people| people.iter().any(elsewhere)), "{told}");

        let itself = json!({ "from": which["plan"], "to": which["plan"] });
        let told = ask(&town.scope, &query, itself).await["planCompare"].clone();
        assert_eq!((&told["movedCount"], &told["rules"], &told["affectedCount"]), (&json!(0), &json!([]), &json!(0)));
    })
    .await;
}
