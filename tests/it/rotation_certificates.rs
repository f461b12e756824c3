//! Certificates of service: exact days, a number that holds as long as the facts do, a page to print.

use std::io::Cursor;

use calamine::{Reader, Xlsx};
use chrono::NaiveDate;
use expect_test::{expect, expect_file};
use sea_orm::prelude::Uuid;
use serde_json::json;
use tongpan::audit;
use tongpan::entity::values::*;
use tongpan::entity::{assessment, posting};
use tongpan::error::Result;
use tongpan::id::{self, Kind};
use tongpan::people::{self, NewPosting};
use tongpan::rotations::certificates::{self, Certificate, Request};
use tongpan::scope::{Actor, Scope};
use tongpan::transfer;

use crate::harness::{Harness, on_both};
use crate::rounds::refusal;
use crate::rows::day;
use crate::service::{Service, ZHAO, answers};

async fn certificate(town: &Harness, number: &str, on: Option<&str>) -> Result<Certificate> {
    let request = Request { teachers: vec![town.person(number).await.id], posting: None, on: on.map(day) };
    Ok(certificates::certificates(&town.scope, &request).await?.remove(0))
}

/// Every cell that says something, a line for each row.
pub fn sheets(bytes: Vec<u8>) -> String {
    let mut book = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let mut shown = String::new();
    for name in book.sheet_names() {
        shown.push_str(&format!("── {name}\n"));
        for row in book.worksheet_range(&name).expect("a sheet").rows() {
            let cells: Vec<String> = row.iter().map(ToString::to_string).collect();
            shown.push_str(cells.join(" | ").trim_end_matches([' ', '|']));
            shown.push('\n');
        }
    }
    shown
}

/// 走教 at 河湾小学 on Wednesdays and Fridays.
async fn teaches_on_two_days(town: &Harness, number: &str) -> posting::Model {
    let posting = NewPosting {
        teacher_id: town.person(number).await.id,
        school_id: town.school_named("河湾小学").await.id,
        form: PlacementForm::Itinerant,
        weekdays: vec![3, 5],
        home_post_kept: true,
        duty: None,
        placement_id: None,
        from_on: day("2026-09-01"),
        until_on: Some(day("2027-06-30")),
        note: None,
    };
    people::add_posting(&town.scope, posting).await.expect("a posting")
}

/// Service that no round has arranged.
struct Elsewhere {
    school: &'static str,
    from: &'static str,
    until: Option<&'static str>,
    duty: Option<DutyKind>,
}

async fn serves(town: &Harness, number: &str, there: Elsewhere) {
    let posting = NewPosting {
        teacher_id: town.person(number).await.id,
        school_id: town.school_named(there.school).await.id,
        form: PlacementForm::Exchange,
        weekdays: Vec::new(),
        home_post_kept: false,
        duty: there.duty,
        placement_id: None,
        from_on: day(there.from),
        until_on: there.until.map(day),
        note: None,
    };
    people::add_posting(&town.scope, posting).await.expect("a posting");
}

async fn assessed(town: &Harness, placement_id: Uuid, on: NaiveDate) {
    town.insert(assessment::Model {
        id: id::new(),
        district_id: town.district_id(),
        placement_id,
        kind: AssessmentKind::Final,
        result: AssessmentResult::Excellent,
        remark: None,
        assessed_on: on,
        version: 1,
    })
    .await;
}

#[tokio::test]
async fn a_certificate_states_exact_days_and_adds_up_whole_months() {
    on_both(async |town| {
        let round = town.opens_the_round_of_2027().await;
        teaches_on_two_days(town, "T01").await;
        let village = Service {
            number: "T01",
            school: "河湾小学",
            form: PlacementForm::Support,
            from: "2027-09-01",
            until: "2028-07-15",
        };
        let (placement, _) = round.sends(&village).await;
        assessed(town, placement.id, day("2028-06-20")).await;
        let then =
            Elsewhere { school: "石桥小学", from: "2028-07-16", until: Some("2029-08-31"), duty: None };
        serves(town, "T01", then).await;
        town.worker().drains_outbox().await;
        expect![[r#"
            STILL_AHEAD on
              证明只能开到今天为止，2028-09-01 还没有到
              a certificate counts up to today at most, and 2028-09-01 is still ahead
        "#]]
        .assert_eq(&refusal(certificate(town, "T01", Some("2028-09-01")).await));

        town.it_is("2028-09-01 09:00");
        let written = certificate(town, "T01", None).await.expect("a certificate");
        let total = (written.total.zh(), written.town.zh(), written.rural.zh());
        expect![[r#"("1年1天", "1个月17天", "10个月15天")"#]].assert_eq(&format!("{total:?}"));
        let bytes = transfer::certificates::workbook(&[written]).expect("a workbook");
        expect_file!["expected/rotation_certificate.txt"].assert_eq(&sheets(bytes));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn postings_that_follow_upon_each_other_are_counted_without_a_gap() {
    on_both(async |town| {
        let round = town.opens_the_round_of_2027().await;
        round.sends(&Service { school: "石桥小学", until: "2028-02-14", ..ZHAO }).await;
        let then = Elsewhere {
            school: "松坪小学",
            from: "2028-02-15",
            until: None,
            duty: Some(DutyKind::VicePrincipal),
        };
        serves(town, "T11", then).await;
        town.it_is("2028-09-01 09:00");
        let until = |on: &'static str| async move {
            certificate(town, "T11", Some(on)).await.expect("a certificate")
        };
        let year = until("2028-08-31").await;
        assert_eq!((year.total.zh().as_str(), year.town.zh().as_str()), ("1年", "1年"));
        assert_eq!(year.spells.iter().map(|spell| spell.ongoing).collect::<Vec<_>>(), [false, true]);
        assert_eq!(until("2028-08-30").await.total.zh(), "11个月30天");
        assert_eq!(until("2027-09-01").await.total.zh(), "1天");
        expect![[r#"
            NO_SERVICE teacherId
              赵敏到 2027-08-31 为止没有在外校任教的记录；请核对姓名，或先登记派遣
              赵敏 has not served at another school up to 2027-08-31: check who is meant
        "#]]
        .assert_eq(&refusal(certificate(town, "T11", Some("2027-08-31")).await));
        expect![[r#"
            NO_SERVICE teacherId
              孙强到 2028-09-01 为止没有在外校任教的记录；请核对姓名，或先登记派遣
              孙强 has not served at another school up to 2028-09-01: check who is meant
        "#]]
        .assert_eq(&refusal(certificate(town, "T12", None).await));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn the_number_of_a_certificate_holds_as_long_as_its_facts_do() {
    on_both(async |town| {
        let round = town.opens_the_round_of_2027().await;
        let (_, posting) = round.sends(&ZHAO).await;
        town.it_is("2028-09-01 09:00");
        let first = certificate(town, "T11", Some("2028-08-31")).await.expect("a certificate");
        let again = certificate(town, "T11", Some("2028-08-31")).await.expect("a certificate");
        assert_eq!(first, again);
        assert!(first.number.starts_with("T11-20280831-"), "{}", first.number);

        let one = Request {
            teachers: vec![posting.teacher_id],
            posting: Some(posting.id),
            on: Some(day("2028-08-31")),
        };
        let one = certificates::certificates(&town.scope, &one).await.expect("certificates").remove(0);
        let verified =
            async |number: &str| certificates::verify(&town.scope, number).await.expect("an answer");
        assert_eq!(verified(&one.number).await, Some(one));
        for wrong in
            ["T11-20280831-00000000", "T11-20280830-", "T99-20280831-00000000", "T11-20990101-00000000", "x"]
        {
            assert_eq!(verified(wrong).await, None, "{wrong}");
        }

        let txn = town.scope.begin().await.expect("a transaction");
        let shorter = posting::Model { until_on: Some(day("2028-06-30")), version: 2, ..posting.clone() };
        audit::update(&txn, "test.change", &posting, shorter).await.expect("another last day");
        txn.commit().await.expect("a commit");
        assert_eq!(verified(&first.number).await, None, "the facts have changed");
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn the_api_gives_a_certificate_to_whoever_is_signed_in() {
    on_both(async |town| {
        let round = town.opens_the_round_of_2027().await;
        round.sends(&ZHAO).await;
        town.it_is("2028-09-01 09:00");
        let ask = "query($teacher: ID!) { serviceCertificate(teacherId: $teacher, on: \"2028-08-31\") {
            number countedOn total { years months days text } townTotal { text } ruralTotal { text }
            spells { school { name } locale homeSchoolName form fullTime fromOn untilOn ongoing length { text } taught result } } }";
        let teacher = json!({ "teacher": Kind::Teacher.id(town.person("T11").await.id) });
        let answer = answers(&town.scope, ask, teacher.clone()).await;
        let number = answer["data"]["serviceCertificate"]["number"].as_str().expect("a number").to_owned();
        expect![[r#"{"data":{"serviceCertificate":{"countedOn":"2028-08-31","number":"T11-20280831-CA2D6F7C","ruralTotal":{"text":"无"},"spells":[{"form":"EXCHANGE","fromOn":"2027-09-01","fullTime":true,"homeSchoolName":"河湾小学","length":{"text":"1年"},"locale":"URBAN","ongoing":true,"result":null,"school":{"name":"城东小学"},"taught":["数学"],"untilOn":"2028-08-31"}],"total":{"days":0,"months":0,"text":"1年","years":1},"townTotal":{"text":"无"}}}}"#]].assert_eq(&answer.to_string());
        let check = "query($number: String!) { serviceCertificateByNumber(number: $number) { teacher { name } } }";
        let found = answers(&town.scope, check, json!({ "number": number })).await;
        assert_eq!(found["data"]["serviceCertificateByNumber"]["teacher"]["name"], "赵敏");
        let nobody = Scope { actor: Actor::Nobody, ..town.scope.clone() };
        assert_eq!(answers(&nobody, ask, teacher).await["data"]["serviceCertificate"], json!(null));
        assert_eq!(answers(&nobody, check, json!({ "number": number })).await["data"]["serviceCertificateByNumber"], json!(null));
        town.worker().drains_outbox().await;
    })
    .await;
}
