//! What a campaign needs: an outbox full of real letters, workers as programs of their own, and counting.

use std::collections::HashMap;
use std::env;
use std::fs::OpenOptions;
use std::io::Write;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use sea_orm::EntityTrait;
use tongpan::entity::values::{Locale, MessageState, ParticipantRole, Reply, SessionState, Stage};
use tongpan::entity::{message, participant, research_session, teacher};
use tongpan::mail::outbox;
use tongpan::sessions::reminders::{Addressee, Occasion};
use tongpan::{audit, id};

use crate::harness::Harness;

/// A mail server of a campaign, and what came into its mailbox.
pub trait Takes {
    /// As `TONGPAN_MAIL` names it.
    fn route(&self) -> String;
    /// The Message-ID of each mail that it took, as often as it took it.
    fn taken(&self) -> Vec<String>;
}

/// How many of something: the whole campaign's, or the short form's.
pub fn many(whole: usize, short: usize) -> usize {
    match env::var("TONGPAN_FAULTS").as_deref() {
        Ok("whole") => whole,
        _ => short,
    }
}

/// What is counted at the end of a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    pub messages: usize,
    /// Not in the mailbox, and in no state that says so.
    pub lost: usize,
    /// Copies beyond the first.
    pub extra: usize,
    /// The most copies of one mail.
    pub copies: usize,
    /// Rows that say that a copy may have gone out.
    pub doubtful: usize,
    pub by_state: HashMap<MessageState, usize>,
}

impl Count {
    pub fn of(&self, state: MessageState) -> usize {
        self.by_state.get(&state).copied().unwrap_or_default()
    }
}

impl Harness {
    /// Sessions a month ahead, each with some people who are told of it; their invitations are due now.
    pub async fn invites(&self, sessions: usize, people: usize) -> Vec<research_session::Model> {
        let school = self.school("城东小学", Stage::Primary, Locale::Urban).await;
        let subject = self.subject("数学").await;
        let term = self.term("2026—2027学年第一学期", "2026-08-31", "2027-01-29").await;
        let group = self.group("城东教共体", &school, &[]).await;
        let one = self.teacher("赵甲", &school, Stage::Primary, &subject).await;
        let teachers: Vec<teacher::Model> = (0..people)
            .map(|number| teacher::Model {
                id: id::new(),
                number: format!("M{number:05}"),
                name: format!("演示{number}"),
                email: Some(format!("p{number}@example.test")),
                ..one.clone()
            })
            .collect();
        let pattern = self.session(&term, &group, "压力").await;
        let starts_at = self.scope.now() + TimeDelta::days(30);
        let rows: Vec<research_session::Model> = (0..sessions)
            .map(|number| research_session::Model {
                id: id::new(),
                topic: format!("活动{number}"),
                state: SessionState::Published,
                host_school_id: Some(school.id),
                starts_at: Some(starts_at),
                ends_at: Some(starts_at + TimeDelta::hours(2)),
                ..pattern.clone()
            })
            .collect();
        let txn = self.scope.begin().await.expect("a transaction");
        audit::insert_parts(&txn, teachers.clone()).await.expect("teachers");
        audit::insert_parts(&txn, rows.clone()).await.expect("sessions");
        let parts = rows.iter().flat_map(|row| teachers.iter().map(move |person| part(row, person)));
        audit::insert_parts(&txn, parts.collect()).await.expect("participants");
        let mut drafts = Vec::new();
        for row in &rows {
            let occasion = Occasion::of(row).expect("a date");
            for person in &teachers {
                let to =
                    Addressee { teacher_id: person.id, address: person.email.clone().expect("an address") };
                drafts.push(occasion.invites(&to, &[], self.scope.now(), TimeDelta::zero()).remove(0));
            }
        }
        assert_eq!(outbox::enqueue(&txn, drafts).await.expect("mails"), sessions * people);
        txn.commit().await.expect("a commit");
        rows
    }

    /// A worker as a program of its own, by a clock that reads `now` when it begins.
    pub fn starts_worker(&self, server: &impl Takes, now: DateTime<Utc>, arguments: &[&str]) -> Worker {
        self.starts_worker_under(server, now, Command::new(env!("CARGO_BIN_EXE_tongpan")), arguments)
    }

    /// The same, by a command that takes the program's arguments.
    pub fn starts_worker_under(
        &self,
        server: &impl Takes,
        now: DateTime<Utc>,
        mut command: Command,
        arguments: &[&str],
    ) -> Worker {
        let local = now.with_timezone(&Tz::Asia__Shanghai).format("%Y-%m-%dT%H:%M").to_string();
        let child = command
            .arg("worker")
            .args(arguments)
            .env_clear()
            .env("TONGPAN_DATABASE_URL", self.url())
            .env("TONGPAN_MAIL", server.route())
            .env("TONGPAN_MAIL_FROM", "联合教研 <notice@example.com>")
            .env("TONGPAN_MAIL_PER_RECIPIENT", "0")
            .env("TONGPAN_MAIL_TIMEOUT", "2")
            .env("TONGPAN_AS_OF", local)
            .env("TONGPAN_LOG", "error")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        Worker(child)
    }

    /// Lets one worker after the other send what is due, each by a later clock, until nothing waits any more.
    pub async fn drains(
        &self,
        server: &impl Takes,
        mut now: DateTime<Utc>,
        step: TimeDelta,
    ) -> DateTime<Utc> {
        for _ in 0..40 {
            self.starts_worker(server, now, &["--once"]).ends().await;
            let waiting = [MessageState::Pending, MessageState::Claimed, MessageState::Data];
            if self.rows().await.iter().all(|row| !waiting.contains(&row.state)) {
                return now;
            }
            now += step;
        }
        panic!("the outbox does not drain: {:?}", self.tallies(&server.taken()).await);
    }

    pub async fn rows(&self) -> Vec<message::Model> {
        message::Entity::find().all(self.scope.reader()).await.expect("messages")
    }

    /// Holds the server's mailbox against the outbox.
    pub async fn tallies(&self, taken: &[String]) -> Count {
        let mut copies: HashMap<&str, usize> = HashMap::new();
        for mail in taken {
            *copies.entry(mail.as_str()).or_default() += 1;
        }
        let rows = self.rows().await;
        let arrived = |row: &message::Model| copies.contains_key(row.message_id.as_str());
        let told = [MessageState::Failed, MessageState::Missed, MessageState::Stale];
        let mut by_state = HashMap::new();
        for row in &rows {
            *by_state.entry(row.state).or_default() += 1;
        }
        Count {
            messages: rows.len(),
            lost: rows.iter().filter(|row| !arrived(row) && !told.contains(&row.state)).count(),
            extra: taken.len() - copies.len(),
            copies: copies.values().copied().max().unwrap_or_default(),
            doubtful: rows.iter().filter(|row| row.doubts > 0).count(),
            by_state,
        }
    }

    /// A row of the campaign's table, where `make test-faults` collects it.
    pub fn reports(&self, fault: &str, count: &Count, began: Instant) {
        let Ok(path) = env::var("TONGPAN_FAULTS_TABLE") else { return };
        let database = self.url().split(':').next().unwrap_or_default().to_owned();
        let line = format!(
            "| {fault} | {database} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
            count.messages,
            count.of(MessageState::Sent),
            count.lost,
            count.extra,
            count.copies,
            count.doubtful,
            count.of(MessageState::Unknown),
            count.of(MessageState::Failed),
            count.of(MessageState::Missed),
            began.elapsed().as_secs(),
        );
        let mut file = OpenOptions::new().create(true).append(true).open(path).expect("the table");
        file.write_all(line.as_bytes()).expect("a line");
    }
}

fn part(session: &research_session::Model, person: &teacher::Model) -> participant::Model {
    participant::Model {
        id: id::new(),
        district_id: session.district_id,
        session_id: session.id,
        teacher_id: person.id,
        role: ParticipantRole::Attendee,
        required: false,
        excused: None,
        cover: None,
        reply: Reply::Pending,
        replied_at: None,
        reply_reason: None,
        reply_way: None,
        version: 1,
    }
}

/// A worker that runs beside the test. Dropping it kills it, if it has not ended by itself.
pub struct Worker(Child);

impl Worker {
    /// Waits until it ends by itself.
    pub async fn ends(mut self) -> ExitStatus {
        let began = Instant::now();
        loop {
            if let Some(status) = self.0.try_wait().expect("the program can be waited for") {
                return status;
            }
            assert!(began.elapsed() < Duration::from_secs(600), "the worker does not end");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Kills it as `kill -9` does.
    pub fn dies(self) {
        drop(self);
    }

    /// Asks it to end as an init system does.
    pub fn asked_to_end(&self) {
        let asked = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
        assert!(asked.expect("kill runs").success());
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
