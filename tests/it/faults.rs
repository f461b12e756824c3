//! What the mails promise, held against servers, machines and clocks that fail: nothing is lost; at most one extra copy goes out, and
//! only where the server's answer was lost; every doubtful send is visible. Counted from the server's own mailbox.
//!
//! `make test` runs a short form of each, `make test-faults` the whole and prints what it counted.

mod postfix;
mod server;
mod trouble;
mod world;

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tongpan::entity::values::MessageState;

use self::postfix::Postfix;
use self::server::{Behaviour, Phase, Server};
use self::world::{Takes, many};
use crate::harness::{self, on_both};

/// Longer than any lease: what a dead worker held is free for the next one.
const LATER: TimeDelta = TimeDelta::minutes(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_workers_send_each_mail_once() {
    on_both(async |town| {
        let began = Instant::now();
        let (sessions, people) = (many(100, 10), many(100, 20));
        town.invites(sessions, people).await;
        let server = Server::start(Behaviour::default()).await;
        let now = town.scope.now();
        let workers = [0, 1].map(|_| town.starts_worker(&server, now, &["--once"]));
        for worker in workers {
            assert!(worker.ends().await.success());
        }
        let count = town.tallies(&server.taken()).await;
        town.reports("two workers", &count, began);
        assert_eq!((count.lost, count.extra, count.doubtful), (0, 0, 0), "{count:?}");
        assert_eq!(count.of(MessageState::Sent), sessions * people);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_killed_at_any_moment_lose_nothing_and_repeat_only_what_is_in_doubt() {
    on_both(async |town| {
        let began = Instant::now();
        town.invites(many(40, 10), many(50, 10)).await;
        let server = Server::start(Behaviour::default()).await;
        let mut dice = ChaCha8Rng::seed_from_u64(11);
        let mut now = town.scope.now();
        for _ in 0..many(75, 3) {
            let seen = server.taken().len();
            let worker = town.starts_worker(&server, now, &[]);
            while server.taken().len() == seen {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            tokio::time::sleep(Duration::from_millis(dice.random_range(0..60))).await;
            worker.dies();
            now += LATER;
        }
        let phases = [Phase::Recipient, Phase::Announced, Phase::Body, Phase::Taken, Phase::Answered];
        for phase in phases.into_iter().cycle().take(many(25, 5)) {
            server.stalls_at(phase);
            let worker = town.starts_worker(&server, now, &[]);
            server.has_stalled().await;
            worker.dies();
            server.goes_on();
            now += LATER;
        }
        town.drains(&server, now, LATER).await;
        let count = town.tallies(&server.taken()).await;
        town.reports("kill -9", &count, began);
        assert_eq!(count.lost, 0, "{count:?}");
        assert!(count.extra <= count.doubtful && count.copies <= 2, "{count:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_costs_one_more_copy_at_most_and_is_shown() {
    on_both(async |town| {
        let began = Instant::now();
        town.invites(many(20, 10), many(50, 20)).await;
        let late = Some((many(10, 15) as u32, Duration::from_secs(4)));
        let server = Server::start(Behaviour { hangs_up: 50, late, ..Behaviour::default() }).await;
        town.drains(&server, town.scope.now(), LATER).await;
        let count = town.tallies(&server.taken()).await;
        town.reports("answers lost", &count, began);
        assert_eq!(count.lost, 0, "{count:?}");
        assert!(count.extra > 0, "the fault must have happened");
        assert!(count.extra <= count.doubtful && count.copies <= 2, "{count:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_for_now_pass_and_one_for_good_is_tried_once() {
    on_both(async |town| {
        let began = Instant::now();
        let (sessions, people) = (many(20, 4), many(50, 25));
        town.invites(sessions, people).await;
        let server = Server::start(Behaviour {
            greylists: true,
            defers: 50,
            closes: 30,
            refuses: Some("p1@"),
            slow: Duration::from_millis(3),
            ..Behaviour::default()
        })
        .await;
        town.drains(&server, town.scope.now(), TimeDelta::minutes(75)).await;
        let count = town.tallies(&server.taken()).await;
        town.reports("450, 451, 421, 550, slow", &count, began);
        assert_eq!((count.lost, count.extra, count.doubtful), (0, 0, 0), "{count:?}");
        assert_eq!(count.of(MessageState::Failed), sessions);
        assert_eq!(server.named("p1@example.test") as usize, sessions, "each was tried once");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_is_asked_to_end_finishes_what_is_under_way_and_holds_nothing() {
    on_both(async |town| {
        let began = Instant::now();
        town.invites(many(20, 10), many(50, 10)).await;
        let slow = Duration::from_millis(20);
        let server = Server::start(Behaviour { slow, ..Behaviour::default() }).await;
        let now = town.scope.now();
        for round in 1..=many(5, 2) {
            let worker = town.starts_worker(&server, now, &[]);
            while server.taken().len() < round * 10 {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            worker.asked_to_end();
            assert!(worker.ends().await.success(), "it ends as asked");
            let count = town.tallies(&server.taken()).await;
            assert_eq!((count.of(MessageState::Claimed), count.of(MessageState::Data)), (0, 0), "{count:?}");
        }
        town.drains(&server, now, TimeDelta::zero()).await;
        let count = town.tallies(&server.taken()).await;
        town.reports("SIGTERM", &count, began);
        assert_eq!((count.lost, count.extra, count.doubtful), (0, 0, 0), "{count:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postfix_that_is_ended_and_started_again_gets_each_mail_once_or_in_doubt() {
    let Some(program) = harness::postfix() else { return };
    on_both(async |town| {
        let began = Instant::now();
        let sessions = many(40, 6);
        town.invites(sessions, many(50, 20)).await;
        let server = Postfix::start(program.clone(), "p1@example.test");
        let now = town.scope.now();
        let workers = [0, 1].map(|_| town.starts_worker(&server, now, &[]));
        for _ in 0..many(10, 1) {
            let (seen, waiting) = (server.taken().len(), Instant::now());
            while server.taken().len() < seen + 20 && waiting.elapsed() < Duration::from_secs(20) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            server.aborts();
            server.starts();
        }
        for worker in workers {
            worker.asked_to_end();
            worker.ends().await;
        }
        town.drains(&server, now + LATER, TimeDelta::minutes(75)).await;
        server.has_delivered().await;
        let count = town.tallies(&server.taken()).await;
        town.reports("postfix ended and started", &count, began);
        assert_eq!((count.lost, count.of(MessageState::Failed)), (0, sessions), "{count:?}");
        assert!(count.extra <= count.doubtful && count.copies <= 2, "{count:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_whose_clocks_are_an_hour_apart_send_each_mail_once_or_in_doubt() {
    on_both(async |town| {
        let began = Instant::now();
        town.invites(many(40, 10), many(50, 20)).await;
        let slow = Duration::from_millis(5);
        let server = Server::start(Behaviour { slow, ..Behaviour::default() }).await;
        let now = town.scope.now();
        let workers =
            [0, 1, -1].map(|hours| town.starts_worker(&server, now + TimeDelta::hours(hours), &["--once"]));
        for worker in workers {
            assert!(worker.ends().await.success());
        }
        town.drains(&server, now + TimeDelta::hours(2), LATER).await;
        let count = town.tallies(&server.taken()).await;
        town.reports("clocks an hour apart", &count, began);
        assert_eq!(count.lost, 0, "{count:?}");
        assert!(count.extra <= count.doubtful && count.copies <= 2, "{count:?}");
    })
    .await;
}
