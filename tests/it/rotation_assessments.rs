//! Those who serve elsewhere are assessed at mid-term and at the end, each once, in time, and low results with a word about them.

use expect_test::expect;
use serde_json::{Value, json};
use tongpan::entity::values::*;
use tongpan::entity::{assessment, placement};
use tongpan::error::{Error, Result};
use tongpan::graphql;
use tongpan::id::Kind;
use tongpan::rotations::assessments::{self, Outcome};

use crate::harness::{Harness, on_both};
use crate::rounds::{Round, refusal};
use crate::rows::day;
use crate::service::{WANG, ZHAO};

fn outcome(placement: &placement::Model, kind: AssessmentKind, result: AssessmentResult) -> Outcome {
    Outcome {
        placement_id: placement.id,
        kind,
        result,
        remark: None,
        assessed_on: None,
        expected_version: None,
    }
}

async fn records(town: &Harness, outcome: Outcome) -> Result<assessment::Model> {
    assessments::record(&town.scope, outcome).await
}

/// Staff numbers of those who wait, in the order they were placed.
async fn waiting(round: &Round<'_>, kind: AssessmentKind) -> Vec<String> {
    let town = round.town;
    let rows = assessments::waiting(town.scope.reader(), &round.now().await, kind).await.expect("placements");
    let mut numbers = Vec::new();
    for row in rows {
        for number in ["T02", "T11"] {
            if town.person(number).await.id == row.teacher_id {
                numbers.push(number.to_owned());
            }
        }
    }
    numbers
}

#[tokio::test]
async fn everybody_who_serves_waits_until_she_is_assessed() {
    on_both(async |town| {
        let round = town.opens_a_round().await;
        let (zhao, _) = round.sends(&ZHAO).await;
        let (wang, _) = round.sends(&WANG).await;
        round.stands_at(RoundState::Serving).await;
        town.it_is("2028-01-10 09:00");
        assert_eq!(waiting(&round, AssessmentKind::MidTerm).await, ["T11", "T02"]);

        records(town, outcome(&zhao, AssessmentKind::MidTerm, AssessmentResult::Competent)).await.expect("an outcome");
        assert_eq!(waiting(&round, AssessmentKind::MidTerm).await, ["T02"]);
        expect![[""]].assert_eq(&round.missing().await);

        // Called back before her time: the final assessment stands for the mid-term check.
        records(town, outcome(&wang, AssessmentKind::Final, AssessmentResult::Excellent)).await.expect("an outcome");
        assert!(waiting(&round, AssessmentKind::MidTerm).await.is_empty());
        assert_eq!(waiting(&round, AssessmentKind::Final).await, ["T11"]);
        assert_eq!(round.missing().await, "");
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn an_assessment_has_its_day_its_step_and_its_reason() {
    on_both(async |town| {
        let round = town.opens_a_round().await;
        let (zhao, _) = round.sends(&ZHAO).await;
        let mid_term = || outcome(&zhao, AssessmentKind::MidTerm, AssessmentResult::Competent);
        expect![[""]].assert_eq(&refusal(records(town, mid_term()).await));
        round.stands_at(RoundState::Serving).await;
        town.it_is("2028-01-10 09:00");

        let early = Outcome { assessed_on: Some(day("2027-08-31")), ..mid_term() };
        expect![[""]].assert_eq(&refusal(records(town, early).await));
        let ahead = Outcome { assessed_on: Some(day("2028-01-11")), ..mid_term() };
        expect![[""]].assert_eq(&refusal(records(town, ahead).await));
        let low = Outcome { remark: Some(" ".to_owned()), ..outcome(&zhao, AssessmentKind::MidTerm, AssessmentResult::Basic) };
        expect![[""]].assert_eq(&refusal(records(town, low).await));

        let first = records(town, mid_term()).await.expect("an outcome");
        assert_eq!((first.assessed_on, first.version), (day("2028-01-10"), 1));
        assert!(matches!(records(town, mid_term()).await, Err(Error::Stale(_))), "somebody else was quicker");
        let low = Outcome {
            remark: Some(" 听课次数不足 ".to_owned()),
            expected_version: Some(1),
            ..outcome(&zhao, AssessmentKind::MidTerm, AssessmentResult::Basic)
        };
        let second = records(town, low).await.expect("another outcome");
        assert_eq!((second.id, second.version, second.remark.as_deref()), (first.id, 2, Some("听课次数不足")));

        let before = Outcome {
            assessed_on: Some(day("2028-01-09")),
            ..outcome(&zhao, AssessmentKind::Final, AssessmentResult::Competent)
        };
        expect![[""]].assert_eq(&refusal(records(town, before).await));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn who_was_not_dispatched_is_not_assessed() {
    on_both(async |town| {
        let round = town.opens_a_round().await;
        let zhao = round.places(&ZHAO).await;
        round.stands_at(RoundState::Serving).await;
        town.it_is("2028-01-10 09:00");
        let refused = records(town, outcome(&zhao, AssessmentKind::MidTerm, AssessmentResult::Competent)).await;
        expect![[""]].assert_eq(&refusal(refused));
        town.worker().drains_outbox().await;
    })
    .await;
}

/// What a document answers, asked by the harness's actor.
pub async fn answers(town: &Harness, document: &str, variables: Value) -> Value {
    let request = async_graphql::Request::new(document)
        .variables(async_graphql::Variables::from_json(variables))
        .data(graphql::Request::new(town.scope.clone(), Default::default()))
        .data(graphql::loaders(&town.scope));
    let answer = tongpan::schema::schema().execute(request).await;
    serde_json::to_value(answer).expect("JSON")
}

#[tokio::test]
async fn the_api_records_an_assessment_and_says_who_waits() {
    on_both(async |town| {
        let round = town.opens_a_round().await;
        let (zhao, _) = round.sends(&ZHAO).await;
        round.stands_at(RoundState::Serving).await;
        town.it_is("2028-01-10 09:00");
        let ask = "query($round: ID!) { rotationRound(id: $round) { unassessed(kind: MID_TERM, first: 5) { totalCount nodes { teacher { number } } }
            placements { nodes { assessments { kind result assessedOn remark } } } } }";
        let round_id = json!({ "round": Kind::Round.id(round.id) });
        expect![[""]].assert_eq(&answers(town, ask, round_id.clone()).await.to_string());
        let record = "mutation($input: AssessmentRecordInput!) { assessmentRecord(input: $input) { assessment { kind result version } userErrors { code field } } }";
        let input = |result: &str| json!({ "input": { "placementId": Kind::Placement.id(zhao.id), "kind": "MID_TERM", "result": result } });
        expect![[""]].assert_eq(&answers(town, record, input("FAILING")).await.to_string());
        expect![[""]].assert_eq(&answers(town, record, input("EXCELLENT")).await.to_string());
        expect![[""]].assert_eq(&answers(town, ask, round_id).await.to_string());
        town.worker().drains_outbox().await;
    })
    .await;
}
