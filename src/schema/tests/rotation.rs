//! Policies and counts through the API.

use serde_json::json;

use crate::graphql::testing::Town;
use crate::id::Kind;

#[tokio::test]
async fn a_policy_is_made_of_typed_rules_and_read_as_sentences() {
    let town = Town::with_sessions(1).await;
    let input = json!({ "name": "办法", "fromOn": "2026-05-01", "rules": [
        { "rule": { "mustMoveTenure": { "years": 6, "must": true } }, "note": "县文件" },
        { "rule": { "longestCommute": { "minutes": 60 } } } ] });
    let shown = "rotationPolicy { id version rules { ordinal kind sentence note mustMoveTenure { years must } longestCommute { minutes } } }";
    let made = town.change("policyCreate", input.clone(), shown).await;
    let policy = &made["rotationPolicy"];
    assert_eq!(
        policy["rules"],
        json!([
            { "ordinal": 1, "kind": "MUST_MOVE_TENURE", "sentence": "teachers with 6 full years at one school must move",
              "note": "县文件", "mustMoveTenure": { "years": 6, "must": true }, "longestCommute": null },
            { "ordinal": 2, "kind": "LONGEST_COMMUTE", "sentence": "at most 60 minutes one way from home to the receiving school",
              "note": null, "mustMoveTenure": null, "longestCommute": { "minutes": 60 } },
        ])
    );
    let clash = town.change("policyCreate", input, "rotationPolicy { id }").await;
    assert_eq!(clash["userErrors"][0]["code"], "POLICY_IN_FORCE");

    let bad = json!({ "policyId": policy["id"], "expectedVersion": 1, "fromOn": "2026-06-01",
        "rules": [{ "rule": { "longestCommute": { "minutes": 1 } } }] });
    let bad = town.change("policyUpdate", bad, "rotationPolicy { id }").await;
    assert_eq!(bad["userErrors"][0]["field"], "rules.0");
    let other =
        json!({ "policyId": policy["id"], "expectedVersion": 1, "fromOn": "2026-06-01", "preset": "ANHUI" });
    let other = town.change("policyUpdate", other, "rotationPolicy { id preset fromOn untilOn }").await;
    assert_eq!(other["rotationPolicy"]["preset"], "ANHUI");
    let query = "{ rotationPolicies { totalCount nodes { fromOn untilOn } } rotationPresets { name rules { ordinal } } }";
    let answer = town.data(query, json!({})).await;
    assert_eq!(
        answer["rotationPolicies"],
        json!({ "totalCount": 2, "nodes": [
            { "fromOn": "2026-05-01", "untilOn": "2026-05-31" }, { "fromOn": "2026-06-01", "untilOn": null } ] })
    );
    assert_eq!(answer["rotationPresets"].as_array().map(Vec::len), Some(9));
}

#[tokio::test]
async fn a_round_shows_who_stands_where_and_why() {
    let town = Town::with_sessions(1).await;
    let policy = json!({ "name": "办法", "fromOn": "2026-05-01", "preset": "ANHUI" });
    town.change("policyCreate", policy, "rotationPolicy { id }").await;
    let round = json!({ "name": "轮岗", "startsOn": "2026-09-01", "endsOn": "2028-08-31" });
    let round = town.change("rotationRoundCreate", round, "rotationRound { id }").await;
    let id = round["rotationRound"]["id"].clone();
    let counted = town
        .change(
            "roundCount",
            json!({ "roundId": id }),
            "candidacies changed rotationRound { policy { preset } }",
        )
        .await;
    assert_eq!(counted["rotationRound"]["policy"]["preset"], "ANHUI");
    assert_eq!((&counted["candidacies"], &counted["changed"]), (&json!(10), &json!(10)));

    let query = "query ($id: ID!, $school: ID!) { rotationRound(id: $id) { \
        candidacies(filter: { schoolId: $school, standing: MUST_MOVE }, first: 1) { totalCount nodes { \
            id version standing tenureYears teacher { number } findings { rule effect sentence years limit } } } \
        countSummary { total { teachers eligible mustMove reasons { reason teachers } } \
            rates { denominator required available rule { ordinal } } } staffing { id } } }";
    let school = Kind::School.id(town.schools[0].id);
    let shown = town.data(query, json!({ "id": id, "school": school })).await["rotationRound"].clone();
    assert_eq!(shown["candidacies"]["totalCount"], 5);
    let first = &shown["candidacies"]["nodes"][0];
    assert_eq!(
        first["findings"][0],
        json!({ "rule": 1, "effect": "REQUIRES", "sentence": "6 years at her school, at least 6 years", "years": 6, "limit": 6 })
    );
    assert_eq!(
        shown["countSummary"]["total"],
        json!({ "teachers": 10, "eligible": 10, "mustMove": 10, "reasons": [] })
    );
    assert_eq!(
        shown["countSummary"]["rates"][0],
        json!({ "denominator": 10, "required": 1, "available": 10, "rule": { "ordinal": 3 } })
    );

    let set = json!({ "candidacyId": first["id"], "expectedVersion": 1, "standing": "MAY_MOVE", "reason": "新近调入" });
    let set = town.change("candidacyCorrect", set, "candidacy { standing correction version }").await;
    assert_eq!(set["candidacy"], json!({ "standing": "MAY_MOVE", "correction": "新近调入", "version": 2 }));
    let node =
        town.data("query ($id: ID!) { node(id: $id) { __typename } }", json!({ "id": first["id"] })).await;
    assert_eq!(node["node"]["__typename"], "Candidacy");
}

#[tokio::test]
async fn a_list_of_candidacies_costs_the_same_statements_however_long() {
    let town = Town::with_sessions(1).await;
    let policy = json!({ "name": "办法", "fromOn": "2026-05-01", "preset": "ANHUI" });
    town.change("policyCreate", policy, "rotationPolicy { id }").await;
    let round = json!({ "name": "轮岗", "startsOn": "2026-09-01", "endsOn": "2028-08-31" });
    let round = town.change("rotationRoundCreate", round, "rotationRound { id }").await;
    town.change("roundCount", json!({ "roundId": round["rotationRound"]["id"] }), "candidacies").await;
    let query = |first: usize| {
        format!(
            "{{ rotationRounds {{ nodes {{ candidacies(first: {first}) {{ nodes {{ teacher {{ name }} school {{ name }} \
             findings {{ sentence }} }} }} }} }} }}"
        )
    };
    assert_eq!(town.statements(&query(1)).await, town.statements(&query(10)).await);
}
