//! A round's life over the API: what it shows, what it refuses, what is kept from strangers.

use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::{Value, json};

use super::changes::codes;
use crate::audit;
use crate::entity::values::{PlacementForm, PlacementState, RoundState, Stage};
use crate::entity::{placement, rotation_round, school_stage};
use crate::graphql::testing::{Town, school_id};
use crate::id::{self, Kind};
use crate::scope::Actor;

const SHOWN: &str = "rotationRound { id state nextState version steps { id step fromOn dueOn enteredOn workingDays version permits { action roles } } }";

/// A round that begins in September 2027, as the API shows it.
async fn opened(town: &Town) -> Value {
    let input = json!({ "name": "2027年教师交流轮岗", "startsOn": "2027-09-01", "endsOn": "2029-08-31" });
    town.change("rotationRoundCreate", input, SHOWN).await["rotationRound"].clone()
}

/// The round comes to stand elsewhere, and the clock with it.
async fn stands(town: &Town, round: &Value, state: RoundState, now: &str) {
    let id = Kind::Round.parse(round["id"].as_str().unwrap()).unwrap();
    let txn = town.scope.begin().await.unwrap();
    let row = rotation_round::ActiveModel {
        id: Set(id),
        district_id: Set(town.scope.district.id),
        state: Set(state),
        ..Default::default()
    };
    row.update(&*txn).await.unwrap();
    txn.commit().await.unwrap();
    town.scope.clock.set(now.parse().unwrap());
}

#[tokio::test]
async fn a_round_shows_its_steps_who_may_do_what_and_what_is_missing() {
    let town = Town::with_sessions(1).await;
    let round = opened(&town).await;
    assert_eq!((&round["state"], &round["nextState"]), (&json!("COUNTING"), &json!("APPLYING")));
    assert_eq!(round["steps"].as_array().map(Vec::len), Some(9));
    let public = &round["steps"][4];
    assert_eq!((&public["step"], &public["workingDays"]), (&json!("PUBLICISING"), &json!(5)));
    let object = json!({ "action": "OBJECT", "roles": ["APPLICANT", "PRINCIPAL"] });
    assert!(public["permits"].as_array().unwrap().contains(&object), "{public}");

    let query = "query ($id: ID!) { rotationRoundMissing(roundId: $id) { code blocks message } }";
    let missing = town.data(query, json!({ "id": round["id"] })).await;
    let listed: Vec<&Value> =
        missing["rotationRoundMissing"].as_array().unwrap().iter().map(|gap| &gap["code"]).collect();
    assert_eq!(listed, ["NO_POLICY", "NOT_COUNTED", "NO_STAFFING"]);
    let forward = json!({ "roundId": round["id"], "expectedVersion": 1 });
    let refused = town.change("roundStepForward", forward, "rotationRound { state }").await;
    assert_eq!(codes(&refused), ["NO_POLICY", "NOT_COUNTED", "NO_STAFFING"]);
    let back = json!({ "roundId": round["id"], "expectedVersion": 1, "reason": "重来" });
    assert_eq!(codes(&town.change("roundStepBack", back, "rotationRound { id }").await), ["WRONG_STEP"]);

    let other = json!({ "stepId": public["id"], "expectedVersion": 1, "fromOn": "2027-06-21", "dueOn": "2027-06-23" });
    let refused = town.change("roundStepReschedule", other.clone(), "roundStep { id }").await;
    assert_eq!(codes(&refused), ["PUBLICITY_TOO_SHORT"]);
    assert_eq!(refused["userErrors"][0]["field"], "dueOn");
    let mut longer = other;
    longer["dueOn"] = json!("2027-06-29");
    let done = town.change("roundStepReschedule", longer.clone(), "roundStep { dueOn version }").await;
    assert_eq!(done["roundStep"], json!({ "dueOn": "2027-06-29", "version": 2 }));
    let stale = town.change("roundStepReschedule", longer, "roundStep { dueOn version }").await;
    assert_eq!((codes(&stale), &stale["roundStep"]["version"]), (vec!["STALE"], &json!(2)));
    let node = "query ($id: ID!) { node(id: $id) { ... on RoundStep { step round { name } } } }";
    let found = town.data(node, json!({ "id": public["id"] })).await;
    assert_eq!(found["node"]["round"]["name"], "2027年教师交流轮岗");
}

#[tokio::test]
async fn a_placement_is_taken_back_with_a_reason_before_she_is_sent_and_not_in_other_steps() {
    let town = Town::with_sessions(1).await;
    let round = opened(&town).await;
    let placement = placement::Model {
        id: id::new(),
        district_id: town.scope.district.id,
        round_id: Kind::Round.parse(round["id"].as_str().unwrap()).unwrap(),
        teacher_id: town.teachers[0].id,
        from_school_id: town.schools[0].id,
        to_school_id: town.schools[1].id,
        form: PlacementForm::Exchange,
        from_on: "2027-09-01".parse().unwrap(),
        until_on: "2029-08-31".parse().unwrap(),
        state: PlacementState::Proposed,
        reason: Some("第1志愿".to_owned()),
        proposal_id: None,
        weekdays: None,
        version: 1,
    };
    let txn = town.scope.begin().await.unwrap();
    let placement = audit::insert(&txn, "test", placement).await.unwrap();
    txn.commit().await.unwrap();
    let mut input =
        json!({ "placementId": Kind::Placement.id(placement.id), "expectedVersion": 1, "reason": "因病" });
    let shown = "placement { state reason version posting { id } }";
    let early = town.change("placementWithdraw", input.clone(), shown).await;
    assert_eq!(codes(&early), ["WRONG_STEP"]);
    stands(&town, &round, RoundState::Dispatching, "2027-08-20T01:00:00Z").await;
    let silent = json!({ "placementId": input["placementId"], "expectedVersion": 1, "reason": " " });
    assert_eq!(codes(&town.change("placementWithdraw", silent, shown).await), ["REASON_MISSING"]);
    let done = town.change("placementWithdraw", input.clone(), shown).await;
    let withdrawn = json!({ "state": "WITHDRAWN", "reason": "因病", "version": 2, "posting": null });
    assert_eq!(done["placement"], withdrawn);
    assert_eq!(codes(&town.change("placementWithdraw", input.clone(), shown).await), ["STALE"]);
    input["expectedVersion"] = json!(2);
    assert_eq!(codes(&town.change("placementWithdraw", input, shown).await), ["WITHDRAWN"]);
}

/// Both schools of the town teach what its teachers do.
async fn teaches_primary(town: &Town) {
    let txn = town.scope.begin().await.unwrap();
    for school in &town.schools {
        let (id, district_id) = (id::new(), town.scope.district.id);
        let stage = school_stage::Model { id, district_id, school_id: school.id, stage: Stage::Primary };
        audit::insert(&txn, "test", stage).await.unwrap();
    }
    txn.commit().await.unwrap();
}

const APPLICATION: &str =
    "application { id state form version wishes { rank school { name } } partner { name } link }";

/// The payload of a mutation that takes the whole form of an application.
async fn puts(town: &Town, field: &str, form: &Value) -> Value {
    let query = format!(
        "mutation ($input: ApplicationInput!) {{ {field}(input: $input) {{ {APPLICATION} userErrors {{ code }} }} }}"
    );
    town.data(&query, json!({ "input": form })).await[field].clone()
}

#[tokio::test]
async fn an_application_is_saved_handed_in_and_taken_back() {
    let town = Town::with_sessions(1).await;
    teaches_primary(&town).await;
    let round = opened(&town).await;
    stands(&town, &round, RoundState::Applying, "2027-06-03T02:00:00Z").await;
    let (first, second) = (Kind::Teacher.id(town.teachers[0].id), Kind::Teacher.id(town.teachers[1].id));
    let other = school_id(&town.schools[1]);
    let form = json!({ "roundId": round["id"], "teacherId": first, "years": 2, "schoolIds": [other], "reason": "离家近" });
    let saved = puts(&town, "applicationSave", &form).await;
    assert_eq!(codes(&saved), Vec::<&str>::new());
    let saved = saved["application"].clone();
    assert_eq!((&saved["state"], &saved["form"]), (&json!("DRAFT"), &json!("EXCHANGE")));
    assert_eq!(saved["wishes"], json!([{ "rank": 1, "school": { "name": "二小" } }]));

    let mut linked = form.clone();
    linked["partnerId"] = json!(second);
    linked["expectedVersion"] = json!(1);
    assert_eq!(codes(&puts(&town, "applicationSubmit", &linked).await), ["LINK_INCOMPLETE"]);
    linked["link"] = json!("BOTH");
    let done = puts(&town, "applicationSubmit", &linked).await["application"].clone();
    assert_eq!(
        (&done["state"], &done["link"], &done["version"]),
        (&json!("SUBMITTED"), &json!("BOTH"), &json!(2))
    );
    assert_eq!(codes(&puts(&town, "applicationSubmit", &form).await), ["STALE"]);

    let query = "query ($id: ID!) { rotationRound(id: $id) { applications(state: SUBMITTED) { totalCount nodes { teacher { applications { state } } } } } }";
    let listed =
        town.data(query, json!({ "id": round["id"] })).await["rotationRound"]["applications"].clone();
    assert_eq!(listed["totalCount"], 1);
    assert_eq!(listed["nodes"][0]["teacher"]["applications"], json!([{ "state": "SUBMITTED" }]));
    let back = json!({ "applicationId": done["id"], "expectedVersion": 2 });
    let back = town.change("applicationWithdraw", back, APPLICATION).await;
    assert_eq!(back["application"]["state"], "WITHDRAWN");
}

async fn papers_of(town: &Town, round: &Value) -> Value {
    let query = "query ($id: ID!) { exemptionPapers(roundId: $id) { kind evidence longestYears } }";
    town.data(query, json!({ "id": round["id"] })).await
}

#[tokio::test]
async fn grounds_and_papers_of_an_exemption_are_kept_from_strangers() {
    let mut town = Town::with_sessions(1).await;
    let round = opened(&town).await;
    stands(&town, &round, RoundState::Applying, "2027-06-03T02:00:00Z").await;
    let teacher = Kind::Teacher.id(town.teachers[0].id);
    let papers = papers_of(&town, &round).await;
    let course = json!({ "kind": "FEATURE_COURSE", "evidence": "the school's word on who leads the feature course", "longestYears": 3 });
    assert!(papers["exemptionPapers"].as_array().unwrap().contains(&course), "{papers}");
    let asked = json!({ "roundId": round["id"], "teacherId": teacher, "kind": "PREGNANCY", "evidence": "2027-031", "evidenceFromOn": "2027-05-20" });
    let shown = "exemption { id kind evidence state expiresOn decisionReason decidedBy version }";
    let row = town.change("exemptionSubmit", asked, shown).await["exemption"].clone();
    assert_eq!((&row["state"], &row["expiresOn"]), (&json!("SUBMITTED"), &json!("2028-05-19")));
    let decision =
        json!({ "exemptionId": row["id"], "expectedVersion": 1, "accepted": false, "reason": "材料不全" });
    let decided = town.change("exemptionDecide", decision, shown).await["exemption"].clone();
    assert_eq!((&decided["state"], &decided["decidedBy"]), (&json!("REFUSED"), &json!("T000")));

    town.scope.actor = Actor::Nobody;
    let query = "query ($id: ID!) { rotationRound(id: $id) { exemptions { nodes { state kind evidence decisionReason } } } }";
    let seen = town.data(query, json!({ "id": round["id"] })).await["rotationRound"]["exemptions"].clone();
    assert_eq!(
        seen["nodes"],
        json!([{ "state": "REFUSED", "kind": null, "evidence": null, "decisionReason": null }])
    );
}

#[tokio::test]
async fn opinions_and_objections_belong_to_their_steps() {
    let town = Town::with_sessions(1).await;
    let round = opened(&town).await;
    stands(&town, &round, RoundState::Recommending, "2027-06-12T02:00:00Z").await;
    let teacher = Kind::Teacher.id(town.teachers[0].id);
    let opinion = json!({ "roundId": round["id"], "teacherId": teacher, "verdict": "RECOMMENDED" });
    let said = town.change("recommendationSet", opinion, "recommendation { verdict }").await;
    assert_eq!(codes(&said), ["NOT_CONCERNED"]);
    let objection = json!({ "roundId": round["id"], "teacherId": teacher, "content": "不公平" });
    let raised = town.change("objectionRaise", objection.clone(), "objection { id }").await;
    assert_eq!(codes(&raised), ["WRONG_STEP"]);
    assert_eq!(
        raised["userErrors"][0]["message"],
        "\"2027年教师交流轮岗\" is at the step of school recommendations: objecting belongs to that of publication: wait for that step"
    );
    stands(&town, &round, RoundState::Publicising, "2027-06-22T02:00:00Z").await;
    let raised = town.change("objectionRaise", objection, "objection { id }").await;
    assert_eq!(codes(&raised), ["NO_PUBLIC_PROPOSAL"]);
    let answer = json!({ "objectionId": Kind::Teacher.id(town.teachers[0].id), "expectedVersion": 1, "upheld": true, "answer": "好" });
    assert_eq!(codes(&town.change("objectionAnswer", answer, "objection { id }").await), ["INVALID_ID"]);
}
