//! What may not be published is not: a plan that is no longer up to date, published already, or against a hard rule
//! as things are now. Nothing is half written.

use std::collections::BTreeMap;
use std::sync::Arc;

use expect_test::expect;
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, EntityTrait};
use tokio::sync::Barrier;
use tongpan::entity::values::ResourceKind;
use tongpan::entity::{message, plan};
use tongpan::error::{Error, Language, Result};
use tongpan::plans::{self, Publication};
use tongpan::scope::Scope;

use crate::harness::{Harness, on_both};
use crate::town::{EAST, LONG_SESSIONS, ONE_OPEN_DAY, WEST, sheet, small_town, town_with};

/// How often two publishers race.
const ROUNDS: usize = 20;

/// Publishes `plan`, which must fail, and fails if anything was written.
async fn refusal(town: &Harness, plan: &plan::Model) -> Error {
    let before = town.counts().await;
    let preview = plans::preview(&town.scope, plan.id).await;
    let refused = plans::publish(&town.scope, plan.id).await;
    assert_eq!(town.counts().await, before, "something was written");
    let refused = refused.expect_err("it is not published");
    let preview = preview.expect_err("the preview says so before");
    assert_eq!(preview.explain(Language::Chinese), refused.explain(Language::Chinese));
    refused
}

fn codes(error: &Error) -> Vec<&'static str> {
    match error {
        Error::Rejected(faults) => faults.iter().map(|fault| fault.code).collect(),
        other => panic!("not a refusal: {other:?}"),
    }
}

#[tokio::test]
async fn of_two_drafts_of_a_group_only_the_first_that_is_published_counts() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let (one, other) = (town.solves(EAST).await, town.solves(EAST).await);
        town.it_is("2026-09-01 09:00");
        town.publishes(&one).await;
        town.worker().drains_outbox().await;

        let error = refusal(town, &other).await;
        assert!(matches!(error, Error::Stale(_)), "{error:?}");
        expect!["城东教共体在这份方案之后已由T02发布了另一份方案，请重新排期后再发布"]
            .assert_eq(&error.explain(Language::Chinese));

        let third = town.solves(EAST).await;
        let published = town.publishes(&third).await;
        assert_eq!((published.placed.len(), published.standing), (0, 2), "what stands is kept");
        assert_eq!(town.worker().drains_outbox().await.sent, 0, "and nobody is told again");
    })
    .await;
}

#[tokio::test]
async fn a_plan_is_published_once() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let plan = town.solves(EAST).await;
        town.publishes(&plan).await;
        town.worker().drains_outbox().await;
        assert_eq!(codes(&refusal(town, &plan).await), ["PLAN_PUBLISHED"]);
    })
    .await;
}

#[tokio::test]
async fn a_plan_whose_people_were_promised_to_another_group_meanwhile_is_refused_with_the_reason() {
    on_both(async |town| {
        town.settles(&town_with(ONE_OPEN_DAY, LONG_SESSIONS)).await;
        let (east, west) = (town.solves(EAST).await, town.solves(WEST).await);
        town.publishes(&east).await;
        town.worker().drains_outbox().await;

        let error = refusal(town, &west).await;
        assert_eq!(codes(&error), ["RULE_BROKEN"]);
        expect!["9月16日（周三）13:10 韩冰须同时参加“数学 新课标 第1次”（城西小学）与13:10—17:30已发布的“数学 新课标 第1次”（城东小学）"]
            .assert_eq(&error.explain(Language::Chinese));
    })
    .await;
}

#[tokio::test]
async fn a_plan_made_before_a_holiday_was_declared_is_refused_with_the_reason() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let plan = town.solves(WEST).await;
        let starts_at = town.planned(&plan).await[0].starts_at.expect("a start");
        let day = starts_at.with_timezone(&town.scope.zone()).date_naive();
        let holiday = format!("日期|类型|说明\n{day}|放假|台风");
        town.settles(&[sheet("校历", &holiday)]).await;

        let error = refusal(town, &plan).await;
        assert_eq!(codes(&error), ["RULE_BROKEN"]);
        let reason = error.explain(Language::Chinese);
        assert!(reason.contains("当天不能安排活动：台风"), "{reason}");
    })
    .await;
}

#[tokio::test]
async fn a_plan_whose_week_of_notice_has_passed_is_refused_with_the_reason() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let plan = town.solves(WEST).await;
        town.scope.clock.set(town.planned(&plan).await[0].starts_at.expect("a start"));
        let error = refusal(town, &plan).await;
        assert_eq!(codes(&error), ["RULE_BROKEN"]);
        let reason = error.explain(Language::Chinese);
        assert!(reason.contains("早于来得及通知的最早时间"), "{reason}");
    })
    .await;
}

#[tokio::test]
async fn a_preview_writes_nothing_and_counts_the_mails_that_publishing_writes() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let plan = town.solves(EAST).await;
        let before = town.counts().await;
        let preview = plans::preview(&town.scope, plan.id).await.expect("a preview");
        assert_eq!(town.counts().await, before);

        let published = town.publishes(&plan).await;
        assert_eq!(preview.mails, published.mails);
        let mut written: BTreeMap<_, usize> = BTreeMap::new();
        for row in message::Entity::find().all(town.scope.reader()).await.expect("messages") {
            *written.entry((row.kind, row.lead_minutes)).or_default() += 1;
        }
        let promised: BTreeMap<_, usize> =
            preview.mails.iter().map(|count| ((count.kind, count.lead_minutes), count.mails)).collect();
        assert_eq!(promised, written);
        town.worker().drains_outbox().await;
    })
    .await;
}

/// Two programs publish at the same moment, one plan each.
async fn at_once(rivals: &[Scope; 2], plans: [&plan::Model; 2]) -> Vec<Result<Publication>> {
    let start = Arc::new(Barrier::new(rivals.len()));
    let attempts = rivals.iter().zip(plans).map(|(scope, plan)| {
        let (scope, plan, start) = (scope.clone(), plan.id, start.clone());
        tokio::spawn(async move {
            start.wait().await;
            plans::publish(&scope, plan).await
        })
    });
    join_all(attempts).await.into_iter().map(|outcome| outcome.expect("no panic")).collect()
}

/// Takes every publication back, as if it had never been.
async fn unpublish(town: &Harness) {
    let txn = town.scope.begin().await.expect("a transaction");
    for statement in [
        "DELETE FROM booking",
        "DELETE FROM participant",
        "DELETE FROM message",
        "DELETE FROM published_plan",
        "UPDATE plan SET published_at = NULL",
        "UPDATE research_session SET state = 'undated', starts_at = NULL, ends_at = NULL, host_school_id = NULL, \
         room_id = NULL, sequence = 0, version = 1",
    ] {
        txn.execute_unprepared(statement).await.expect(statement);
    }
    txn.commit().await.expect("a commit");
}

async fn rivals(town: &Harness) -> [Scope; 2] {
    [town.another_process().await, town.another_process().await]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_groups_that_publish_the_same_researcher_at_once_exactly_one_wins() {
    on_both(async |town| {
        town.settles(&town_with(ONE_OPEN_DAY, LONG_SESSIONS)).await;
        let (east, west) = (town.solves(EAST).await, town.solves(WEST).await);
        let rivals = rivals(town).await;
        let researcher = town.person("JY1").await.id;
        for round in 0..ROUNDS {
            let outcomes = at_once(&rivals, [&east, &west]).await;
            let refused: Vec<&Error> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
            assert_eq!(refused.len(), 1, "round {round}: {outcomes:?}");
            let code = codes(refused[0]);
            assert!(code == ["BOOKED_MEANWHILE"] || code == ["RULE_BROKEN"], "round {round}: {code:?}");

            let bookings = town.bookings().await;
            let hers = |row: &&_| is_of(row, researcher);
            assert_eq!(bookings.iter().filter(hers).count(), 1, "round {round}");
            let [session] = &town.dated().await[..] else { panic!("round {round}: not one session") };
            assert!(bookings.iter().all(|row| row.session_id == session.id), "round {round}: half written");
            if round + 1 < ROUNDS {
                unpublish(town).await;
            }
        }
        town.worker().drains_outbox().await;
    })
    .await;
}

fn is_of(row: &tongpan::entity::booking::Model, person: sea_orm::prelude::Uuid) -> bool {
    row.resource == ResourceKind::Teacher && row.resource_id == person
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_drafts_of_a_group_published_at_once_exactly_one_wins_and_the_other_is_stale() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let (one, other) = (town.solves(EAST).await, town.solves(EAST).await);
        let rivals = rivals(town).await;
        for round in 0..ROUNDS {
            let outcomes = at_once(&rivals, [&one, &other]).await;
            let refused: Vec<&Error> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
            assert_eq!(refused.len(), 1, "round {round}: {outcomes:?}");
            assert!(matches!(refused[0], Error::Stale(_)), "round {round}: {:?}", refused[0]);
            assert_eq!(town.dated().await.len(), 2, "round {round}");
            if round + 1 < ROUNDS {
                unpublish(town).await;
            }
        }
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_plan_published_twice_at_once_is_published_once() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let plan = town.solves(EAST).await;
        let rivals = rivals(town).await;
        for round in 0..ROUNDS {
            let outcomes = at_once(&rivals, [&plan, &plan]).await;
            let refused: Vec<&Error> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
            assert_eq!(refused.len(), 1, "round {round}: {outcomes:?}");
            assert!(!matches!(refused[0], Error::Internal(_)), "round {round}: {:?}", refused[0]);
            if round + 1 < ROUNDS {
                unpublish(town).await;
            }
        }
        town.worker().drains_outbox().await;
    })
    .await;
}
