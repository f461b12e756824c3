//! Many sessions at once: postponed by weeks, or held online while the schools are closed.

use chrono::{NaiveDate, TimeDelta};
use sea_orm::EntityTrait;
use tongpan::entity::values::{DayKind, MessageKind, ResourceKind, SessionMode};
use tongpan::entity::{message, school_day};
use tongpan::id;
use tongpan::plans::bulk::{BulkChange, BulkRequest};
use tongpan::plans::{apply_bulk, preview_bulk};

use crate::harness::{Harness, on_both};
use crate::rows::day;

/// Of all that is published.
pub fn request(change: BulkChange) -> BulkRequest {
    BulkRequest {
        group_id: None,
        from: day("2026-09-01"),
        until: day("2026-10-30"),
        change,
        reason: "台风停课".to_owned(),
        skip_impossible: false,
    }
}

/// How many mails of a kind each session caused.
pub async fn mails(town: &Harness, kind: MessageKind) -> usize {
    let rows = message::Entity::find().all(town.scope.reader()).await.expect("messages");
    rows.iter().filter(|row| row.kind == kind).count()
}

async fn date_of(town: &Harness, ix: usize) -> NaiveDate {
    let session = town.dated().await.remove(ix);
    session.starts_at.expect("a start").with_timezone(&town.scope.zone()).date_naive()
}

/// The schools of the whole district are closed on a day.
async fn close(town: &Harness, closed: NaiveDate) {
    town.insert(school_day::Model {
        id: id::new(),
        district_id: town.district_id(),
        school_id: None,
        day_on: closed,
        kind: DayKind::Holiday,
        timetable_weekday: None,
        name: Some("台风停课".to_owned()),
        version: 1,
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_tells_where_sessions_would_go_and_writes_nothing() {
    on_both(async |town| {
        let before = town.published_east().await;
        let counts = town.counts().await;
        let bulk = preview_bulk(&town.scope, &request(BulkChange::Postpone(1))).await.expect("a preview");
        assert_eq!((bulk.outcomes.len(), bulk.possible(), bulk.applied), (2, 2, false));
        for (outcome, session) in bulk.outcomes.iter().zip(&before) {
            let change = outcome.change.as_ref().expect("it can go");
            assert_eq!(Some(change.starts_at), session.starts_at.map(|at| at + TimeDelta::weeks(1)));
            assert_eq!((change.host_school_id, change.room_id), (session.host_school_id, session.room_id));
        }
        assert_eq!((town.counts().await, town.dated().await), (counts, before));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn postponing_moves_every_session_and_tells_each_of_its_people_once() {
    on_both(async |town| {
        let before = town.published_east().await;
        town.worker().drains_outbox().await;
        let mut expected = 0;
        for session in &before {
            expected += town.expected(session.id).await.len();
        }
        let bulk = apply_bulk(&town.scope, &request(BulkChange::Postpone(1))).await.expect("it is done");
        assert!(bulk.applied);
        for (after, before) in town.dated().await.iter().zip(&before) {
            assert_eq!(after.starts_at, before.starts_at.map(|at| at + TimeDelta::weeks(1)));
            assert_eq!(after.sequence, before.sequence + 1);
            assert_eq!(after.reason.as_deref(), Some("台风停课"));
        }
        assert_eq!(mails(town, MessageKind::Update).await, expected);
        assert_eq!(mails(town, MessageKind::Cancellation).await, 0);
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn when_one_session_cannot_go_none_does_unless_it_may_be_skipped() {
    on_both(async |town| {
        let before = town.published_east().await;
        town.worker().drains_outbox().await;
        close(town, date_of(town, 1).await + TimeDelta::weeks(1)).await;
        let all = request(BulkChange::Postpone(1));
        let refused = apply_bulk(&town.scope, &all).await.expect("an answer");
        assert_eq!((refused.applied, refused.possible()), (false, 1));
        assert_eq!(refused.refusal(false).map(|error| error.code), Some("NOT_ALL_POSSIBLE"));
        assert_eq!(refused.outcomes[1].faults[0].code, "RULE_BROKEN");
        assert_eq!(town.dated().await, before);

        let some = BulkRequest { skip_impossible: true, ..all };
        assert!(apply_bulk(&town.scope, &some).await.expect("it is done").applied);
        let after = town.dated().await;
        let stays = after.iter().find(|row| row.id == before[1].id).expect("the second");
        assert_eq!(stays, &before[1]);
        let moved = after.iter().find(|row| row.id == before[0].id).expect("the first");
        assert_eq!(moved.starts_at, before[0].starts_at.map(|at| at + TimeDelta::weeks(1)));

        let beyond = BulkRequest { change: BulkChange::Postpone(20), skip_impossible: false, ..some };
        let refused = preview_bulk(&town.scope, &beyond).await.expect("an answer");
        assert!(refused.outcomes.iter().all(|outcome| outcome.faults[0].code == "OUTSIDE_THE_TERM"));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn while_the_schools_are_closed_a_session_is_held_online_at_its_time() {
    on_both(async |town| {
        let before = town.published_east().await;
        town.worker().drains_outbox().await;
        let closed = date_of(town, 0).await;
        close(town, closed).await;
        let online = BulkRequest {
            from: closed,
            until: closed,
            ..request(BulkChange::MoveOnline("腾讯会议 123-456".to_owned()))
        };
        let told = town.expected(before[0].id).await;
        assert!(apply_bulk(&town.scope, &online).await.expect("it is done").applied);

        let after = town.dated().await.remove(0);
        assert_eq!(
            (after.id, after.starts_at, after.mode),
            (before[0].id, before[0].starts_at, SessionMode::Online)
        );
        assert_eq!((after.host_school_id, after.room_id), (None, None));
        assert_eq!(after.online_url.as_deref(), Some("腾讯会议 123-456"));
        assert_eq!(town.expected(after.id).await, told);
        let rooms = town.bookings().await;
        assert!(!rooms.iter().any(|row| row.session_id == after.id && row.resource == ResourceKind::Room));
        assert_eq!(town.dated().await[1], before[1]);

        // It is still online when it moves again.
        let again = apply_bulk(&town.scope, &BulkRequest { change: BulkChange::Postpone(1), ..online }).await;
        assert_eq!(
            again.expect("an answer").outcomes[0].change.as_ref().map(|change| change.room_id),
            Some(None)
        );
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn a_faulty_request_is_refused_with_each_fault() {
    on_both(async |town| {
        town.published_east().await;
        let faulty = BulkRequest {
            until: day("2026-08-01"),
            reason: " ".to_owned(),
            ..request(BulkChange::MoveOnline(String::new()))
        };
        let refused = apply_bulk(&town.scope, &faulty).await.expect_err("a refusal");
        let tongpan::error::Error::Rejected(faults) = refused else { panic!("{refused}") };
        let codes: Vec<_> = faults.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, ["REASON_MISSING", "DATES_REVERSED", "LINK_MISSING"]);
        town.worker().drains_outbox().await;
    })
    .await;
}
