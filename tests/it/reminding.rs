//! After publishing: reminders, moves, cancellations, and mails that are overtaken by them.

use std::collections::HashSet;

use chrono::{DateTime, Days, TimeDelta, Utc};
use expect_test::{expect, expect_file};
use sea_orm::prelude::Uuid;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tongpan::entity::values::{ParticipantRole, SessionState};
use tongpan::entity::{participant, research_session};
use tongpan::error::{Error, Language};
use tongpan::mail::Sent;
use tongpan::plans::{self, Reschedule};
use tongpan::{audit, sessions};

use crate::harness::{Harness, at, on_both};
use crate::mails::Readable;
use crate::town::{EAST, WEST, small_town};

/// Two weeks' notice for the session that is moved here.
const LATER: &str = "2026-10-14 14:00";
/// How often two people act at once.
const ROUNDS: i64 = 20;

/// The one session of the west, published and told to everybody.
async fn told_west(town: &Harness) -> research_session::Model {
    let session = published_west(town).await;
    town.worker().drains_outbox().await;
    session
}

async fn published_west(town: &Harness) -> research_session::Model {
    town.settles(&small_town()).await;
    let plan = town.solves(WEST).await;
    town.publishes(&plan).await;
    town.dated().await.remove(0)
}

/// Mails of one kind, in the order of sending.
fn of_kind(town: &Harness, kind: &str) -> Vec<Sent> {
    town.sent().into_iter().filter(|mail| mail.kind() == kind).collect()
}

async fn addresses(town: &Harness, session: &research_session::Model) -> HashSet<String> {
    town.expected(session.id).await.into_iter().filter_map(|person| person.email).collect()
}

fn readers(mails: &[Sent]) -> HashSet<String> {
    mails.iter().map(|mail| mail.to.clone()).collect()
}

/// Addresses of those who present or chair.
async fn leading(town: &Harness, session: &research_session::Model) -> HashSet<String> {
    let leads = participant::Column::Role.is_in([ParticipantRole::Presenter, ParticipantRole::Chair]);
    let parts = participant::Entity::find().filter(participant::Column::SessionId.eq(session.id));
    let parts = parts.filter(leads).all(town.scope.reader()).await.expect("participants");
    let people = town.expected(session.id).await;
    let leads = people.into_iter().filter(|person| parts.iter().any(|part| part.teacher_id == person.id));
    leads.filter_map(|person| person.email).collect()
}

/// Eight in the morning of the day so many days before.
fn morning(town: &Harness, starts_at: DateTime<Utc>, days: u64) -> DateTime<Utc> {
    let day = starts_at.with_timezone(&town.scope.zone()).date_naive() - Days::new(days);
    at(&format!("{day} 08:00"))
}

#[tokio::test]
async fn who_leads_is_reminded_a_week_before_and_everybody_a_day_and_two_hours_before_neither_early_nor_twice()
 {
    on_both(async |town| {
        let session = told_west(town).await;
        let (everybody, leading) = (addresses(town, &session).await, leading(town, &session).await);
        assert!(!leading.is_empty() && leading.len() < everybody.len());
        let starts_at = session.starts_at.expect("a start");
        let mut reminded = 0;
        for (due, readers_then) in [
            (morning(town, starts_at, 7), &leading),
            (morning(town, starts_at, 1), &everybody),
            (starts_at - TimeDelta::hours(2), &everybody),
        ] {
            town.scope.clock.set(due - TimeDelta::minutes(1));
            assert_eq!(town.worker().drains_outbox().await.sent, 0, "a minute before {due}");

            town.scope.clock.set(due);
            assert_eq!(town.worker().drains_outbox().await.sent, readers_then.len() as u64);
            assert_eq!(readers(&of_kind(town, "reminder")[reminded..]), *readers_then);
            reminded += readers_then.len();

            assert_eq!(town.worker().drains_outbox().await.sent, 0, "at {due}, once more");
        }
        town.scope.clock.set(starts_at);
        assert_eq!(town.worker().drains_outbox().await.sent, 0, "when it begins");
        let to_her = of_kind(town, "reminder").into_iter().filter(|mail| mail.to.starts_with("zheng@"));
        let shown: Vec<String> = to_her.map(|mail| mail.letter()).collect();
        expect_file!["expected/reminders.txt"].assert_eq(&shown.join("\n\n══════\n\n"));
    })
    .await;
}

#[tokio::test]
async fn a_session_that_is_moved_takes_its_reminders_along_and_keeps_its_place_in_calendars() {
    on_both(async |town| {
        let session = told_west(town).await;
        let everybody = addresses(town, &session).await;
        let first = session.starts_at.expect("a start");

        town.it_is("2026-09-02 09:00");
        let moved = town.moves(&session, LATER).await.expect("the session is moved");
        assert_eq!((moved.starts_at, moved.sequence), (Some(at(LATER)), 1));
        assert_eq!(town.worker().drains_outbox().await.sent, everybody.len() as u64);
        for address in &everybody {
            let mails = town.inbox(address);
            let kinds: Vec<&str> = mails.iter().map(Readable::kind).collect();
            assert_eq!(kinds, ["invitation", "update"], "{address}");
            assert_eq!(mails[0].property("UID"), mails[1].property("UID"));
            let change = ["METHOD", "SEQUENCE", "DTSTART", "STATUS"].map(|name| mails[1].property(name));
            assert_eq!(change, ["REQUEST", "1", "20261014T060000Z", "CONFIRMED"]);
        }
        expect_file!["expected/update.txt"].assert_eq(&town.inbox("chu@")[1].letter());

        let leads = leading(town, &moved).await.len() as u64;
        for due in [morning(town, first, 7), morning(town, first, 1), first - TimeDelta::hours(2)] {
            town.scope.clock.set(due);
            assert_eq!(town.worker().drains_outbox().await.sent, 0, "{due}, by the former start");
        }
        for (due, count) in [
            (morning(town, at(LATER), 7), leads),
            (morning(town, at(LATER), 1), everybody.len() as u64),
            (at(LATER) - TimeDelta::hours(2), everybody.len() as u64),
        ] {
            town.scope.clock.set(due);
            assert_eq!(town.worker().drains_outbox().await.sent, count, "{due}");
        }
        let reminders = of_kind(town, "reminder");
        assert!(reminders.iter().all(|mail| mail.text().contains("10月14日")));

        let held: HashSet<_> = town.bookings().await.iter().map(|row| row.starts_at).collect();
        assert_eq!(held, HashSet::from([at(LATER)]), "the former time is free again");
    })
    .await;
}

#[tokio::test]
async fn cancelling_takes_the_session_out_of_calendars_and_sets_everybody_free() {
    on_both(async |town| {
        let session = told_west(town).await;
        let everybody = addresses(town, &session).await;
        town.it_is("2026-09-02 09:00");
        let coordinator = town.coordinator().await;
        let off = sessions::cancel(&coordinator, session.id, session.version, " 台风停课 ".to_owned()).await;
        let off = off.expect("the session is cancelled");
        assert_eq!((off.state, off.reason.as_deref()), (SessionState::Cancelled, Some("台风停课")));
        assert_eq!(town.bookings().await, []);

        assert_eq!(town.worker().drains_outbox().await.sent, everybody.len() as u64);
        for address in &everybody {
            let mails = town.inbox(address);
            assert_eq!(mails[0].property("UID"), mails[1].property("UID"));
            let change = ["METHOD", "SEQUENCE", "STATUS"].map(|name| mails[1].property(name));
            assert_eq!(change, ["CANCEL", "1", "CANCELLED"]);
        }
        expect_file!["expected/cancellation.txt"].assert_eq(&town.inbox("chu@")[1].letter());

        town.scope.clock.set(session.starts_at.expect("a start") - TimeDelta::days(1));
        assert_eq!(town.worker().drains_outbox().await.sent, 0, "nobody is reminded of it");
    })
    .await;
}

#[tokio::test]
async fn what_nobody_heard_of_is_called_off_without_a_word() {
    on_both(async |town| {
        let session = published_west(town).await;
        let off = sessions::cancel(&town.scope, session.id, session.version, "台风停课".to_owned()).await;
        off.expect("the session is cancelled");
        assert_eq!(town.worker().drains_outbox().await.sent, 0);
        assert_eq!(town.sent().len(), 0);
    })
    .await;
}

#[tokio::test]
async fn an_invitation_overtaken_by_a_move_is_not_sent_and_one_mail_tells_the_true_time() {
    on_both(async |town| {
        let session = published_west(town).await;
        let everybody = addresses(town, &session).await;
        let moved = town.moves(&session, "2026-10-15 14:00").await.expect("the session is moved");
        town.moves(&moved, LATER).await.expect("the session is moved again");

        let tally = town.worker().drains_outbox().await;
        let people = everybody.len() as u64;
        assert_eq!((tally.sent, tally.stale), (people, 0), "what was overtaken was taken back by the move");
        for address in &everybody {
            let mails = town.inbox(address);
            assert_eq!(mails.len(), 1, "{address}");
            assert!(
                mails[0].text().contains("时间：2026年10月14日（星期三）14:00–16:40"),
                "{}",
                mails[0].text()
            );
            let told = ["METHOD", "SEQUENCE", "DTSTART"].map(|name| mails[0].property(name));
            assert_eq!(told, ["REQUEST", "2", "20261014T060000Z"]);
            assert!(
                mails[0].text().contains("现邀请您参加"),
                "she was not told otherwise before: {}",
                mails[0].text()
            );
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_too_late_is_given_up_and_shown_as_missed() {
    on_both(async |town| {
        let session = published_west(town).await;
        let people = addresses(town, &session).await.len() as u64;
        let leads = leading(town, &session).await.len() as u64;
        town.scope.clock.set(session.starts_at.expect("a start"));
        let tally = town.worker().drains_outbox().await;
        assert_eq!((tally.sent, tally.missed), (0, 3 * people + leads), "an invitation and the reminders");
    })
    .await;
}

#[tokio::test]
async fn who_acts_on_an_old_version_is_told_who_changed_it_and_when() {
    on_both(async |town| {
        let session = told_west(town).await;
        town.it_is("2026-09-02 09:30");
        town.moves(&session, LATER).await.expect("the session is moved");
        town.worker().drains_outbox().await;
        let before = town.counts().await;

        let told = |error: Error| {
            let Error::Stale(conflict) = error else { panic!("not stale: {error:?}") };
            assert_eq!(conflict.current_version, Some(session.version + 1));
            conflict.message
        };
        let again = told(town.moves(&session, "2026-10-16 14:00").await.expect_err("an old version"));
        let scope = town.coordinator().await;
        let off = sessions::cancel(&scope, session.id, session.version, "停课".to_owned()).await;
        assert_eq!(told(off.expect_err("an old version")), again);
        expect!["T02 已于 2026-09-02 09:30 修改过，请看过现在的内容再改"]
            .assert_eq(again.text(Language::Chinese));
        expect!["T02 changed it at 2026-09-02 09:30: look at it as it is now and try again"]
            .assert_eq(again.text(Language::English));
        assert_eq!(town.counts().await, before, "nothing is written");
    })
    .await;
}

#[tokio::test]
async fn a_session_does_not_move_to_where_a_rule_forbids_it() {
    on_both(async |town| {
        let west = told_west(town).await;
        let plan = town.solves(EAST).await;
        town.publishes(&plan).await;
        town.worker().drains_outbox().await;
        let east = town.dated().await.into_iter().find(|row| row.group_id != west.group_id).expect("one");
        let taken = east.starts_at.expect("a start").with_timezone(&town.scope.zone());
        let before = town.counts().await;

        let mut refusals = String::new();
        for to in ["2026-10-02 14:00", "2026-09-01 14:00", "2026-11-04 14:00", "2026-10-14 20:00"] {
            let error = town.moves(&west, to).await.expect_err(to);
            assert!(matches!(error, Error::Rejected(_)), "{error:?}");
            refusals += &format!("{to}\n{}\n\n", error.explain(Language::Chinese));
        }
        let error = town.moves(&west, &taken.format("%Y-%m-%d %H:%M").to_string()).await.expect_err("taken");
        refusals += &format!("与城东的活动同时\n{}\n", error.explain(Language::Chinese));
        expect_file!["expected/refused_moves.txt"].assert_eq(&refusals);

        let stands = west.starts_at.expect("a start").with_timezone(&town.scope.zone());
        let error =
            town.moves(&west, &stands.format("%Y-%m-%d %H:%M").to_string()).await.expect_err("no move");
        let Error::Rejected(faults) = error else { panic!("{error:?}") };
        assert_eq!(faults[0].code, "NOTHING_CHANGES");

        let scope = town.coordinator().await;
        let blank = sessions::cancel(&scope, west.id, west.version, "  ".to_owned()).await;
        let Err(Error::Rejected(faults)) = blank else { panic!("a blank reason was taken") };
        assert_eq!((faults[0].code, faults[0].field.as_deref()), ("REASON_MISSING", Some("reason")));
        assert_eq!(town.counts().await, before, "nothing is written");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_move_and_a_cancellation_at_once_exactly_one_wins() {
    on_both(async |town| {
        let mut session = told_west(town).await;
        let rivals = [town.another_process().await, town.another_process().await];
        for round in 0..ROUNDS {
            let (one, other) = (rivals[0].clone(), rivals[1].clone());
            let (id, version) = (session.id, session.version);
            let wish = Reschedule {
                session_id: id,
                expected_version: version,
                starts_at: if session.starts_at == Some(at(LATER)) {
                    at(LATER) + TimeDelta::days(1)
                } else {
                    at(LATER)
                },
                host_school_id: None,
                room_id: None,
                reason: "停水".to_owned(),
            };
            let moved = tokio::spawn(async move { plans::reschedule(&one, wish).await });
            let off =
                tokio::spawn(async move { sessions::cancel(&other, id, version, "停课".to_owned()).await });
            let (moved, off) = (moved.await.expect("no panic"), off.await.expect("no panic"));
            let lost = match (moved, off) {
                (Ok(_), Err(lost)) | (Err(lost), Ok(_)) => lost,
                outcomes => panic!("round {round}: {outcomes:?}"),
            };
            assert!(matches!(lost, Error::Stale(_)), "round {round}: {lost:?}");
            town.worker().drains_outbox().await;
            session = published_again(town, id).await;
        }
    })
    .await;
}

/// The session as it is now; published again, with its bookings gone, when it was cancelled.
async fn published_again(town: &Harness, id: Uuid) -> research_session::Model {
    let found = research_session::Entity::find_by_id(id).one(town.scope.reader()).await;
    let now = found.expect("sessions").expect("the session");
    if now.state == SessionState::Published {
        return now;
    }
    let again = research_session::Model { state: SessionState::Published, ..now.clone() };
    let txn = town.scope.begin().await.expect("a transaction");
    let again = audit::update(&txn, "test.setup", &now, again).await.expect("an update");
    txn.commit().await.expect("a commit");
    again
}
