//! Servers that are down, clocks that jump, databases that go away, sessions that change while their mails go out.

use std::collections::{HashMap, HashSet};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use tongpan::cli::letters;
use tongpan::entity::values::MessageState;
use tongpan::entity::{message, research_session};
use tongpan::error::{Language, Result};
use tongpan::mail::{Settings, Worker};
use tongpan::scope::{Actor, Scope};
use tongpan::sessions::effects::{Change, Held};
use tongpan::sessions::{self, effects};

use super::LATER;
use super::server::{Behaviour, Server};
use super::world::{Takes, many};
use crate::harness::{Harness, on_both};

/// A worker within the test, which goes by the town's clock.
fn worker(town: &Harness, server: &Server) -> Worker {
    let (route, from) = (server.route(), "联合教研 <notice@example.com>");
    let variable = |name: &str| match name {
        "TONGPAN_MAIL" => Some(route.clone()),
        "TONGPAN_MAIL_FROM" => Some(from.to_owned()),
        "TONGPAN_MAIL_PER_RECIPIENT" => Some("0".to_owned()),
        _ => None,
    };
    let settings = Settings::read(variable).expect("settings");
    let scope = Scope { actor: Actor::Program("worker"), ..town.scope.clone() };
    Worker::new(scope, Arc::new(letters(&settings, Language::Chinese)), settings)
}

impl Harness {
    fn waits(&self, time: TimeDelta) {
        self.scope.clock.set(self.scope.now() + time);
    }

    /// Moves a session to a later time, as every operation does that moves one.
    async fn puts_off(
        &self,
        session: &research_session::Model,
        by: TimeDelta,
    ) -> Result<research_session::Model> {
        let txn = self.scope.begin().await?;
        effects::one_at_a_time(&txn).await?;
        let people =
            effects::participants(&txn, &[session.id]).await?.remove(&session.id).unwrap_or_default();
        let change = Change {
            before: session.clone(),
            host_school_id: session.host_school_id,
            room_id: session.room_id,
            second_room_id: None,
            starts_at: session.starts_at.expect("a date") + by,
            ends_at: session.ends_at.expect("a date") + by,
            people: people.into_iter().map(Into::into).collect(),
            reason: Some("台风".to_owned()),
            quiet: false,
            held: Held::AsBefore,
        };
        let moved = effects::apply(&txn, "session.reschedule", &[change]).await?.remove(0);
        txn.commit().await?;
        Ok(moved)
    }

    /// Lets some mails expire at an instant, or be due only then.
    async fn sets(&self, every_other: bool, column: message::Column, to: TimeDelta) {
        let rows = self.rows().await;
        let some = rows.iter().enumerate().filter(|(ix, _)| !every_other || ix % 2 == 0);
        let ids: Vec<_> = some.map(|(_, row)| row.id).collect();
        let txn = self.scope.begin().await.expect("a transaction");
        message::Entity::update_many()
            .col_expr(column, Expr::value(self.scope.now() + to))
            .filter(message::Column::Id.is_in(ids))
            .exec(&*txn)
            .await
            .expect("rows");
        txn.commit().await.expect("a commit");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_an_hour_without_a_server_all_goes_out_that_is_still_worth_it() {
    on_both(async |town| {
        let began = Instant::now();
        let (sessions, people) = (many(20, 4), many(50, 25));
        town.invites(sessions, people).await;
        town.sets(true, message::Column::ExpiresAt, TimeDelta::minutes(30)).await;
        let server = Server::start(Behaviour::default()).await;
        let worker = worker(town, &server);
        server.is_down(true);
        for _ in 0..60 {
            worker.once().await.expect("the outbox can be worked on");
            town.waits(TimeDelta::minutes(1));
        }
        assert_eq!(server.taken().len(), 0);
        server.is_down(false);
        for _ in 0..15 {
            worker.once().await.expect("the outbox can be worked on");
            town.waits(TimeDelta::minutes(1));
        }
        let count = town.tallies(&server.taken()).await;
        town.reports("server down an hour", &count, began);
        assert_eq!((count.lost, count.extra, count.doubtful), (0, 0, 0), "{count:?}");
        let half = sessions * people / 2;
        assert_eq!((count.of(MessageState::Sent), count.of(MessageState::Missed)), (half, half));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_jumps_sends_nothing_early_and_nothing_twice() {
    on_both(async |town| {
        let began = Instant::now();
        town.invites(many(20, 4), many(50, 25)).await;
        town.sets(true, message::Column::SendAt, TimeDelta::hours(2)).await;
        let due: HashMap<String, _> =
            town.rows().await.into_iter().map(|row| (row.message_id, row.send_at)).collect();
        let server = Server::start(Behaviour::default()).await;
        let worker = worker(town, &server);
        let mut seen = 0;
        for jump in [0, -1, 1, 1, -24, 24, 23, -24, 24] {
            town.waits(TimeDelta::hours(jump));
            worker.once().await.expect("the outbox can be worked on");
            let taken = server.taken();
            for id in &taken[seen..] {
                assert!(due[id] <= town.scope.now(), "{id} went out early");
            }
            seen = taken.len();
        }
        let count = town.tallies(&server.taken()).await;
        town.reports("clock jumps", &count, began);
        assert_eq!(
            (count.lost, count.extra, count.of(MessageState::Sent)),
            (0, 0, count.messages),
            "{count:?}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn once_a_session_is_moved_or_cancelled_nothing_that_was_true_before_begins_to_go_out() {
    on_both(async |town| {
        let began = Instant::now();
        let rows = town.invites(many(1000, 60), 3).await;
        let server = Server::start(Behaviour::default()).await;
        let mut workers = vec![];
        for _ in 0..2 {
            workers.push(town.starts_worker(&server, town.scope.now(), &["--once"]));
        }
        let (mut stale, mut in_flight) = (HashMap::new(), HashSet::new());
        // From the last to the first: the workers come the other way.
        for (ix, session) in rows.iter().enumerate().rev() {
            let now = match ix % 2 {
                0 => sessions::cancel(&town.scope, session.id, session.version, "台风".to_owned()).await,
                _ => town.puts_off(session, TimeDelta::hours(3 * ix as i64)).await,
            };
            let sequence = now.expect("it is moved or cancelled").sequence;
            let accepted = server.taken().len();
            let about = message::Entity::find().filter(message::Column::SubjectId.eq(session.id));
            for row in about.all(town.scope.reader()).await.expect("messages") {
                if row.state == MessageState::Data {
                    in_flight.insert(row.message_id.clone());
                }
                if row.subject_version < sequence {
                    stale.insert(row.message_id, accepted);
                }
            }
        }
        for worker in workers {
            assert!(worker.ends().await.success());
        }
        // The reminders of what was moved wait for months; most will have missed their time.
        town.drains(&server, town.scope.now(), TimeDelta::days(5)).await;
        let taken = server.taken();
        let after = taken.iter().enumerate().filter(|(place, id)| {
            stale.get(*id).is_some_and(|accepted| place >= accepted) && !in_flight.contains(*id)
        });
        assert_eq!(after.count(), 0, "something began to go out that was not true any more");
        let count = town.tallies(&taken).await;
        town.reports("moved or cancelled while going out", &count, began);
        assert_eq!((count.lost, count.extra), (0, 0), "{count:?}");
        let withheld = count.of(MessageState::Stale);
        assert!(
            withheld > 0 && withheld < count.messages,
            "some went out before, some were held back: {count:?}"
        );
    })
    .await;
}

/// Takes the database away: SQLite by a lock that is longer than a program waits for its turn; PostgreSQL by killing and starting the
/// server, where the test may (`make test-faults`), and else by ending everybody's connections.
async fn goes_away(town: &Harness) {
    if town.url().starts_with("sqlite") {
        let held = town.scope.begin().await.expect("a transaction");
        tokio::time::sleep(Duration::from_secs(7)).await;
        drop(held);
        return;
    }
    if let Ok(restart) = std::env::var("TONGPAN_TEST_RESTART") {
        let status = Command::new("bash").args(["-c", &restart]).status();
        assert!(status.expect("bash runs").success(), "the server starts again");
        return;
    }
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    town.scope.reader().execute_unprepared(end).await.expect("connections end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_goes_away_loses_nothing() {
    on_both(async |town| {
        let began = Instant::now();
        let times = many(10, 1);
        town.invites(many(40, 10), many(50, 20)).await;
        let slow = Duration::from_millis(if times > 1 { 30 } else { 5 });
        let server = Server::start(Behaviour { slow, ..Behaviour::default() }).await;
        let now = town.scope.now();
        let worker = town.starts_worker(&server, now, &[]);
        for _ in 0..times {
            let seen = server.taken().len();
            let waiting = Instant::now();
            while server.taken().len() < seen + 20 && waiting.elapsed() < Duration::from_secs(70) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            goes_away(town).await;
        }
        let (seen, waiting) = (server.taken().len(), Instant::now());
        while server.taken().len() <= seen && seen < town.rows().await.len() {
            assert!(waiting.elapsed() < Duration::from_secs(90), "the worker goes on by itself");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        worker.asked_to_end();
        worker.ends().await;
        town.drains(&server, now + TimeDelta::minutes(20), TimeDelta::minutes(20)).await;
        let count = town.tallies(&server.taken()).await;
        town.reports("database away", &count, began);
        assert_eq!(count.lost, 0, "{count:?}");
        assert!(count.extra <= count.doubtful && count.copies <= 2, "{count:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_loses_nothing() {
    on_both(async |town| {
        let began = Instant::now();
        town.invites(many(20, 10), many(50, 20)).await;
        let server = Server::start(Behaviour::default()).await;
        let now = town.scope.now();
        let now = match town.url().strip_prefix("sqlite:") {
            Some(path) => fills_file(town, &server, path, now).await,
            None => fills_tablespace(town, &server, now).await,
        };
        let sent = server.taken().len();
        town.drains(&server, now, TimeDelta::minutes(20)).await;
        let count = town.tallies(&server.taken()).await;
        town.reports("disk full", &count, began);
        assert!(sent < count.messages, "the fault must have happened: {sent} of {}", count.messages);
        assert_eq!(count.lost, 0, "{count:?}");
        assert!(count.extra <= count.doubtful && count.copies <= 2, "{count:?}");
    })
    .await;
}

/// Workers for which no file may grow beyond what the database has now and a little: to the program that is a full disk.
async fn fills_file(town: &Harness, server: &Server, path: &str, mut now: DateTime<Utc>) -> DateTime<Utc> {
    for round in 0..many(5, 2) {
        let size = |name: String| std::fs::metadata(name).map_or(0, |file| file.len());
        let most = size(path.to_owned()).max(size(format!("{path}-wal"))) / 1024 + 200 * (round as u64 + 1);
        let mut full = Command::new("bash");
        let script = format!("trap '' XFSZ; ulimit -f {most}; exec \"$0\" \"$@\"");
        full.args(["-c", &script, env!("CARGO_BIN_EXE_tongpan")]);
        town.starts_worker_under(server, now, full, &["--once"]).ends().await;
        now += LATER;
    }
    now
}

/// Workers on a server whose disk is full. Where there is a small tablespace (`make test-faults`), the mails lie there and the rest of
/// it is filled; else the server says at every third change of a mail what it says then.
async fn fills_tablespace(town: &Harness, server: &Server, mut now: DateTime<Utc>) -> DateTime<Utc> {
    let does = async |statement: &str| town.scope.reader().execute_unprepared(statement).await;
    let small = std::env::var("TONGPAN_TEST_TABLESPACE");
    match &small {
        Ok(name) => {
            does(&format!("ALTER TABLE message SET TABLESPACE {name}")).await.expect("mails lie there");
            does(&format!("CREATE TABLE filler (what text) TABLESPACE {name}")).await.expect("a table");
            let fill = "INSERT INTO filler SELECT repeat('x', 1000) FROM generate_series(1, 500)";
            while does(fill).await.is_ok() {}
        }
        Err(_) => {
            does(
                "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    IF random() < 0.33 THEN
                        RAISE 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
                    END IF;
                    RETURN NEW;
                END $$;
                CREATE TRIGGER no_room BEFORE UPDATE ON message FOR EACH STATEMENT EXECUTE FUNCTION no_room()",
            )
            .await
            .expect("a trigger");
        }
    }
    for _ in 0..many(5, 2) {
        town.starts_worker(server, now, &["--once"]).ends().await;
        now += LATER;
    }
    let free = if small.is_ok() { "DROP TABLE filler" } else { "DROP TRIGGER no_room ON message" };
    does(free).await.expect("there is room again");
    now
}
