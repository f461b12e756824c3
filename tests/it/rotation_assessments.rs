//! Those who serve elsewhere are assessed at mid-term and at the end, each once, in time, and low results with a word about them.

use expect_test::expect;
use serde_json::json;
use tongpan::entity::values::*;
use tongpan::entity::{assessment, placement};
use tongpan::error::{Error, Result};
use tongpan::id::Kind;
use tongpan::rotations::assessments::{self, Outcome};

use crate::harness::{Harness, on_both};
use crate::rounds::{Round, refusal};
use crate::rows::day;
use crate::service::{WANG, ZHAO, answers};

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
        let round = town.opens_the_round_of_2027().await;
        let (zhao, _) = round.sends(&ZHAO).await;
        let (wang, _) = round.sends(&WANG).await;
        round.stands_at(RoundState::Serving).await;
        town.it_is("2028-01-10 09:00");
        assert_eq!(waiting(&round, AssessmentKind::MidTerm).await, ["T11", "T02"]);

        records(town, outcome(&zhao, AssessmentKind::MidTerm, AssessmentResult::Competent))
            .await
            .expect("an outcome");
        assert_eq!(waiting(&round, AssessmentKind::MidTerm).await, ["T02"]);
        expect![[r#"
            ASSESSMENTS_MISSING 缺：1人还没有中期检查（王芳）：请先登记中期检查的结果
            STEP_NOT_OVER 缺：在岗到 2029-05-31 才结束：请等到次日；确需提前结束，请先调整这一步的日期
        "#]]
        .assert_eq(&round.missing().await);

        let early = outcome(&wang, AssessmentKind::Final, AssessmentResult::Excellent);
        expect![[r#"
            ASSESSMENT_DAY assessedOn
              交流到 2028-08-31 为止，期满考核最早 2028-05-31 登记，或等批次进入“考核”；要提前结束的，请先提前结束交流
              service lasts until 2028-08-31: the final assessment is recorded from 2028-05-31 on, or in the step of assessments; end the service before its time first if it shall end
        "#]]
        .assert_eq(&refusal(records(town, early).await));
        // The last months before her term ends: the final assessment stands for the mid-term check.
        town.it_is("2028-06-10 09:00");
        records(town, outcome(&wang, AssessmentKind::Final, AssessmentResult::Excellent))
            .await
            .expect("an outcome");
        assert!(waiting(&round, AssessmentKind::MidTerm).await.is_empty());
        assert_eq!(waiting(&round, AssessmentKind::Final).await, ["T11"]);
        assert!(round.missing().await.starts_with("STEP_NOT_OVER"), "nobody is missing any more");
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn an_assessment_has_its_day_its_step_and_its_reason() {
    on_both(async |town| {
        let round = town.opens_the_round_of_2027().await;
        let (zhao, _) = round.sends(&ZHAO).await;
        let mid_term = || outcome(&zhao, AssessmentKind::MidTerm, AssessmentResult::Competent);
        expect![[r#"
            WRONG_STEP
              “2027年教师交流轮岗”现在的步骤是“摸底”，不能考核；这要在“在岗”或“考核”进行，请到那一步再办
              "2027年教师交流轮岗" is at the step of the count: assessing belongs to that of service or assessment: wait for that step
        "#]].assert_eq(&refusal(records(town, mid_term()).await));
        round.stands_at(RoundState::Serving).await;
        town.it_is("2028-01-10 09:00");

        let early = Outcome { assessed_on: Some(day("2027-08-31")), ..mid_term() };
        expect![[r#"
            ASSESSMENT_DAY assessedOn
              考核日期 2027-08-31 在到岗日期 2027-09-01 之前；请核对日期
              2027-08-31 is before 2027-09-01, when the service began: check the day
        "#]].assert_eq(&refusal(records(town, early).await));
        let ahead = Outcome { assessed_on: Some(day("2028-01-11")), ..mid_term() };
        expect![[r#"
            ASSESSMENT_DAY assessedOn
              考核日期 2028-01-11 还没有到，今天是 2028-01-10；请核对日期
              2028-01-11 is still ahead, and today is 2028-01-10: check the day
        "#]].assert_eq(&refusal(records(town, ahead).await));
        let low = Outcome {
            remark: Some(" ".to_owned()),
            ..outcome(&zhao, AssessmentKind::MidTerm, AssessmentResult::Basic)
        };
        expect![[r#"
            REMARK_MISSING remark
              考核为“基本称职”的，请写明原因
              say why the result of the assessment is "basically competent"
        "#]].assert_eq(&refusal(records(town, low).await));

        let first = records(town, mid_term()).await.expect("an outcome");
        assert_eq!((first.assessed_on, first.version), (day("2028-01-10"), 1));
        assert!(matches!(records(town, mid_term()).await, Err(Error::Stale(_))), "somebody else was quicker");
        let low = Outcome {
            remark: Some(" 听课次数不足 ".to_owned()),
            expected_version: Some(1),
            ..outcome(&zhao, AssessmentKind::MidTerm, AssessmentResult::Basic)
        };
        let second = records(town, low).await.expect("another outcome");
        assert_eq!(
            (second.id, second.version, second.remark.as_deref()),
            (first.id, 2, Some("听课次数不足"))
        );

        let before = Outcome {
            assessed_on: Some(day("2028-01-09")),
            ..outcome(&zhao, AssessmentKind::Final, AssessmentResult::Competent)
        };
        expect![[r#"
            ASSESSMENT_DAY assessedOn
              中期检查应在期满考核之前，中期检查是 2028-01-10；请核对日期
              the mid-term check comes before the final assessment, and the mid-term check was on 2028-01-10: check the day
        "#]].assert_eq(&refusal(records(town, before).await));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn who_was_not_dispatched_is_not_assessed() {
    on_both(async |town| {
        let round = town.opens_the_round_of_2027().await;
        let zhao = round.places(&ZHAO).await;
        round.stands_at(RoundState::Serving).await;
        town.it_is("2028-01-10 09:00");
        let refused =
            records(town, outcome(&zhao, AssessmentKind::MidTerm, AssessmentResult::Competent)).await;
        expect![[r#"
            NOT_DISPATCHED placementId
              赵敏的安排是“待派遣”，没有派遣，不考核；请核对是哪一位
              the placement of 赵敏 is "to be dispatched": only who was dispatched is assessed; check who is meant
        "#]]
        .assert_eq(&refusal(refused));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn the_api_records_an_assessment_and_says_who_waits() {
    on_both(async |town| {
        let round = town.opens_the_round_of_2027().await;
        let (zhao, _) = round.sends(&ZHAO).await;
        round.stands_at(RoundState::Serving).await;
        town.it_is("2028-01-10 09:00");
        let ask = "query($round: ID!) { rotationRound(id: $round) { unassessed(kind: MID_TERM, first: 5) { totalCount nodes { teacher { number } } }
            placements { nodes { assessments { kind result assessedOn remark } } } } }";
        let round_id = json!({ "round": Kind::Round.id(round.id) });
        expect![[r#"{"data":{"rotationRound":{"placements":{"nodes":[{"assessments":[]}]},"unassessed":{"nodes":[{"teacher":{"number":"T11"}}],"totalCount":1}}}}"#]].assert_eq(&answers(&town.scope, ask, round_id.clone()).await.to_string());
        let record = "mutation($input: AssessmentRecordInput!) { assessmentRecord(input: $input) { assessment { kind result version } userErrors { code field } } }";
        let input = |result: &str| json!({ "input": { "placementId": Kind::Placement.id(zhao.id), "kind": "MID_TERM", "result": result } });
        expect![[r#"{"data":{"assessmentRecord":{"assessment":null,"userErrors":[{"code":"REMARK_MISSING","field":"remark"}]}}}"#]].assert_eq(&answers(&town.scope, record, input("FAILING")).await.to_string());
        expect![[r#"{"data":{"assessmentRecord":{"assessment":{"kind":"MID_TERM","result":"EXCELLENT","version":1},"userErrors":[]}}}"#]].assert_eq(&answers(&town.scope, record, input("EXCELLENT")).await.to_string());
        expect![[r#"{"data":{"rotationRound":{"placements":{"nodes":[{"assessments":[{"assessedOn":"2028-01-10","kind":"MID_TERM","remark":null,"result":"EXCELLENT"}]}]},"unassessed":{"nodes":[],"totalCount":0}}}}"#]].assert_eq(&answers(&town.scope, ask, round_id).await.to_string());
        town.worker().drains_outbox().await;
    })
    .await;
}
