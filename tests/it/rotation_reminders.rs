//! Reminders before somebody reports in, before her term ends, before an agreement ends; they follow what changes.

use expect_test::{expect, expect_file};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tongpan::audit;
use tongpan::entity::values::*;
use tongpan::entity::{coordinator, education_group, membership, posting};
use tongpan::error::Language;
use tongpan::id;
use tongpan::people;

use crate::harness::{Harness, on_both};
use crate::mails::Readable;
use crate::rows::day;
use crate::service::ZHAO;
use crate::town::{EAST, WEST, small_town};

const KINDS: [&str; 3] = ["report_in", "service_ends", "agreement_ends"];

/// Mails of these kinds since the last look, as: kind, to whom, subject.
async fn told(town: &Harness, at: &str) -> String {
    town.it_is(at);
    let before = town.sent().len();
    town.worker().drains_outbox().await;
    let sent = town.sent().split_off(before);
    let kept = sent.iter().filter(|mail| KINDS.contains(&mail.kind()));
    let mut lines: Vec<String> = kept
        .map(|mail| {
            let letter = mail.letter();
            let subject =
                letter.lines().find(|line| line.starts_with("Subject:")).unwrap_or_default().to_owned();
            format!("{} {} {subject}\n", mail.kind(), mail.to)
        })
        .collect();
    lines.sort();
    lines.concat()
}

async fn changes(town: &Harness, before: &posting::Model, after: posting::Model) -> posting::Model {
    let txn = town.scope.begin().await.expect("a transaction");
    let after = posting::Model { version: before.version + 1, ..after };
    let after = audit::update(&txn, "test.change", before, after).await.expect("the posting");
    txn.commit().await.expect("a commit");
    after
}

async fn agreement_ends(town: &Harness, group: &str, on: Option<&str>) {
    let before = town.group_named(group).await;
    let txn = town.scope.begin().await.expect("a transaction");
    let after = education_group::Model {
        agreement_ends_on: on.map(day),
        version: before.version + 1,
        ..before.clone()
    };
    audit::update(&txn, "test.change", &before, after).await.expect("the group");
    txn.commit().await.expect("a commit");
}

#[tokio::test]
async fn who_moves_and_who_receives_her_are_reminded_a_week_and_a_day_before() {
    on_both(async |town| {
        let round = town.opens_the_round_of_2027().await;
        round.sends(&ZHAO).await;
        assert_eq!(told(town, "2027-08-25 07:59").await, "");
        expect![[r#"
            report_in chen@example.com Subject: 【报到提醒】赵敏老师2027年9月1日到校报到
            report_in zhao@example.com Subject: 【报到提醒】2027年9月1日到城东小学报到
        "#]]
        .assert_eq(&told(town, "2027-08-25 08:00").await);
        assert_eq!(told(town, "2027-08-25 18:00").await, "", "not twice");
        expect![[r#"
            report_in chen@example.com Subject: 【报到提醒】赵敏老师2027年9月1日到校报到
            report_in zhao@example.com Subject: 【报到提醒】2027年9月1日到城东小学报到
        "#]]
        .assert_eq(&told(town, "2027-08-31 08:00").await);
        assert_eq!(told(town, "2027-09-01 08:00").await, "", "she is there");
    })
    .await;
}

#[tokio::test]
async fn the_end_of_a_term_reminds_both_schools_and_her() {
    on_both(async |town| {
        let round = town.opens_the_round_of_2027().await;
        round.sends(&ZHAO).await;
        told(town, "2027-09-02 08:00").await;
        assert_eq!(told(town, "2029-07-02 07:59").await, "");
        expect![[r#"
            service_ends chen@example.com Subject: 【届满提醒】赵敏老师在城东小学的任期2029年8月31日届满
            service_ends zhao@example.com Subject: 【届满提醒】赵敏老师在城东小学的任期2029年8月31日届满
        "#]]
        .assert_eq(&told(town, "2029-07-02 08:00").await);
        expect![[r#"
            service_ends chen@example.com Subject: 【届满提醒】赵敏老师在城东小学的任期2029年8月31日届满
            service_ends zhao@example.com Subject: 【届满提醒】赵敏老师在城东小学的任期2029年8月31日届满
        "#]]
        .assert_eq(&told(town, "2029-08-17 08:00").await);
    })
    .await;
}

#[tokio::test]
async fn a_posting_that_changes_takes_its_reminders_along() {
    on_both(async |town| {
        let round = town.opens_the_round_of_2027().await;
        let (_, posting) = round.sends(&ZHAO).await;
        // Looked for, and not sent before it changes: what waits in the outbox is void.
        town.it_is("2027-08-25 08:00");
        tongpan::rotations::reminders::enqueue_due(&town.scope).await.expect("reminders");
        let later = posting::Model { from_on: day("2027-09-06"), ..posting.clone() };
        let later = changes(town, &posting, later).await;
        assert_eq!(told(town, "2027-08-25 09:00").await, "");
        let noted = posting::Model { note: Some("周转房已安排".to_owned()), ..later.clone() };
        let first = told(town, "2027-08-30 09:00").await;
        expect![[r#"
            report_in chen@example.com Subject: 【报到提醒】赵敏老师2027年9月6日到校报到
            report_in zhao@example.com Subject: 【报到提醒】2027年9月6日到城东小学报到
        "#]]
        .assert_eq(&first);
        let noted = changes(town, &later, noted).await;
        assert_eq!(told(town, "2027-08-31 09:00").await, "", "a note reminds nobody again");

        // Back a year early: the reminders go by the new day, and none by the old one.
        people::end_posting(&town.scope, noted.id, noted.version, day("2028-08-31")).await.expect("an end");
        let early = told(town, "2028-07-02 08:00").await;
        expect![[r#"
            service_ends chen@example.com Subject: 【届满提醒】赵敏老师在城东小学的任期2028年8月31日届满
            service_ends zhao@example.com Subject: 【届满提醒】赵敏老师在城东小学的任期2028年8月31日届满
        "#]]
        .assert_eq(&early);
        told(town, "2028-08-17 08:00").await;
        assert_eq!(told(town, "2029-07-02 08:00").await, "");
    })
    .await;
}

#[tokio::test]
async fn a_posting_that_is_taken_back_before_it_begins_reminds_nobody() {
    on_both(async |town| {
        let round = town.opens_the_round_of_2027().await;
        let (_, posting) = round.sends(&ZHAO).await;
        town.it_is("2027-08-25 08:00");
        assert!(tongpan::rotations::reminders::enqueue_due(&town.scope).await.expect("reminders") > 0);
        let back = posting::Model { until_on: Some(day("2027-08-31")), ..posting.clone() };
        changes(town, &posting, back).await;
        assert_eq!(told(town, "2027-08-25 09:00").await, "");
        assert_eq!(told(town, "2027-08-31 09:00").await, "");
    })
    .await;
}

#[tokio::test]
async fn an_agreement_that_ends_reminds_whoever_leads_the_group_by_then() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        agreement_ends(town, WEST, Some("2027-08-31")).await;
        let east = town.group_named(EAST).await;
        town.insert(membership::Model {
            id: id::new(),
            district_id: town.district_id(),
            group_id: east.id,
            school_id: id::new(),
            role: MembershipRole::Partner,
            joined_on: day("2026-09-01"),
            left_on: None,
            agreement_ends_on: Some(day("2027-08-31")),
            version: 1,
        })
        .await;
        let lead = coordinator::Entity::find().filter(coordinator::Column::GroupId.eq(east.id));
        let lead = lead.one(town.scope.reader()).await.expect("coordinators").expect("a coordinator");
        let txn = town.scope.begin().await.expect("a transaction");
        let over = coordinator::Model { until_on: Some(day("2027-01-31")), ..lead.clone() };
        audit::update(&txn, "test.change", &lead, over).await.expect("the coordinator");
        txn.commit().await.expect("a commit");
        let next = coordinator::Model {
            id: id::new(),
            teacher_id: town.person("T01").await.id,
            from_on: day("2027-02-01"),
            until_on: None,
            ..lead
        };
        town.insert(next).await;

        expect![[r#"
            agreement_ends feng@example.com Subject: 【协议到期提醒】城西教共体的办学协议2027年8月31日到期
            agreement_ends li@example.com Subject: 【协议到期提醒】城东教共体与区县外学校的合作协议2027年8月31日到期
        "#]].assert_eq(&told(town, "2027-06-02 08:00").await);
        agreement_ends(town, WEST, Some("2030-08-31")).await;
        expect![[r#"
            agreement_ends li@example.com Subject: 【协议到期提醒】城东教共体与区县外学校的合作协议2027年8月31日到期
        "#]].assert_eq(&told(town, "2027-08-01 08:00").await);
        agreement_ends(town, WEST, None).await;
        expect![[r#"
            agreement_ends li@example.com Subject: 【协议到期提醒】城东教共体与区县外学校的合作协议2027年8月31日到期
        "#]].assert_eq(&told(town, "2027-08-24 08:00").await);
    })
    .await;
}

/// Every letter there is, to everybody it goes to.
async fn letters(town: &Harness, language: Language) -> String {
    let round = town.opens_the_round_of_2027().await;
    let (_, posting) = round.sends(&ZHAO).await;
    let noted = posting::Model {
        note: Some("学校安排周转房，每周一班车".to_owned()),
        weekdays: Some("124".to_owned()),
        duty: Some(DutyKind::VicePrincipal),
        ..posting.clone()
    };
    changes(town, &posting, noted).await;
    agreement_ends(town, WEST, Some("2027-08-26")).await;
    town.insert(membership::Model {
        id: id::new(),
        district_id: town.district_id(),
        group_id: town.group_named(EAST).await.id,
        school_id: town.school_named("松坪小学").await.id,
        role: MembershipRole::Partner,
        joined_on: day("2026-09-01"),
        left_on: None,
        agreement_ends_on: Some(day("2027-08-31")),
        version: 1,
    })
    .await;
    for at in ["2027-08-25 08:00", "2029-08-30 08:00"] {
        town.it_is(at);
        town.worker_writing(language).drains_outbox().await;
    }
    let sent = town.sent();
    let of = |kind: &'static str| sent.iter().filter(move |mail| mail.kind() == kind);
    let mut shown: Vec<String> = KINDS.into_iter().flat_map(of).map(Readable::letter).collect();
    shown.sort();
    shown.join("\n\n══════\n\n")
}

#[tokio::test]
async fn the_letters_tell_in_chinese_what_begins_and_what_ends() {
    on_both(async |town| {
        expect_file!["expected/rotation_reminders.txt"].assert_eq(&letters(town, Language::Chinese).await);
    })
    .await;
}

#[tokio::test]
async fn the_letters_tell_in_english_what_begins_and_what_ends() {
    on_both(async |town| {
        expect_file!["expected/rotation_reminders_en.txt"].assert_eq(&letters(town, Language::English).await);
    })
    .await;
}
