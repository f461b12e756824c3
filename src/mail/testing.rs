//! What the tests of this module share: a district with a database and a clock, a renderer, and an SMTP server that
//! answers as it is told.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use futures_util::future::BoxFuture;
use sea_orm::{EntityTrait, IntoActiveModel, QueryOrder};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

use super::outbox::{self, Draft};
use super::smtp::{Patience, Relay, Security};
use super::{Contact, Letter, Limits, Render, Rendered, Sent, Settings, Transport};
use crate::clock::Clock;
use crate::database::Database;
use crate::entity::values::MessageKind;
use crate::entity::{district, message};
use crate::error::Result;
use crate::scope::{Actor, Scope};

/// 2026-09-01 08:00 in the county.
pub fn morning() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 9, 1, 0, 0, 0).unwrap()
}

/// A district in a database of its own.
pub struct Town {
    pub scope: Scope,
    pub folder: TempDir,
}

impl Town {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("town.sqlite").display());
        let database = Database::open(&url).await.unwrap();
        let district = district::Model {
            id: Uuid::from_u128(1),
            name: "澜川县".to_owned(),
            zone: "Asia/Shanghai".to_owned(),
            demo: true,
            hold_minutes: 0,
            version: 1,
        };
        let txn = database.begin().await.unwrap();
        district::Entity::insert(district.clone().into_active_model()).exec(&txn).await.unwrap();
        txn.commit().await.unwrap();
        let scope = Scope {
            database,
            clock: Clock::fixed(morning()),
            district,
            actor: Actor::Program("worker"),
            request_id: "test".to_owned(),
        };
        Self { scope, folder }
    }

    pub async fn enqueues(&self, drafts: Vec<Draft>) -> usize {
        let txn = self.scope.begin().await.unwrap();
        let count = outbox::enqueue(&txn, drafts).await.unwrap();
        txn.commit().await.unwrap();
        count
    }

    pub async fn messages(&self) -> Vec<message::Model> {
        message::Entity::find().order_by_asc(message::Column::Address).all(self.scope.reader()).await.unwrap()
    }

    pub fn passes(&self, time: TimeDelta) {
        self.scope.clock.set(self.scope.now() + time);
    }
}

/// An invitation to the person of this number, due now and worth sending for a day.
pub fn invitation(person: u128) -> Draft {
    Draft {
        kind: MessageKind::Invitation,
        teacher_id: Uuid::from_u128(person),
        address: format!("person{person:03}@example.com"),
        subject_id: Uuid::from_u128(77),
        subject_version: 0,
        lead_minutes: 0,
        send_at: morning(),
        expires_at: morning() + TimeDelta::days(1),
    }
}

/// Writes a short letter to everybody, except to those it knows to be stale.
#[derive(Default)]
pub struct Scribe {
    pub stale: Vec<Uuid>,
}

impl Render for Scribe {
    fn render<'a>(
        &'a self,
        _: &'a Scope,
        messages: &'a [message::Model],
    ) -> BoxFuture<'a, Result<Vec<Rendered>>> {
        let letters = messages
            .iter()
            .map(|message| match self.stale.contains(&message.teacher_id) {
                true => Rendered::Stale,
                false => Rendered::Letter(Box::new(note())),
            })
            .collect();
        Box::pin(async { Ok(letters) })
    }
}

pub fn note() -> Letter {
    Letter {
        to_name: "演示李娜".to_owned(),
        subject: "【教研邀请】9月16日".to_owned(),
        text: "您好！\n".to_owned(),
        html: "<p>您好！</p>\n".to_owned(),
        calendar: None,
        reply_to: None,
        unsubscribe: None,
    }
}

pub fn office(transport: Transport) -> Settings {
    let from = Contact { name: "联合教研".to_owned(), address: "notice@example.com".to_owned() };
    Settings { transport, from, public_url: None, limits: Limits::default() }
}

pub fn memory() -> (Transport, Arc<Mutex<Vec<Sent>>>) {
    let sent = Arc::new(Mutex::new(Vec::new()));
    (Transport::Memory(Arc::clone(&sent)), sent)
}

/// How the server answers a mail, by its recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Take,
    /// To `RCPT TO`.
    Recipient(&'static str),
    /// To the body.
    Body(&'static str),
    /// Hangs up when it has the body.
    HangUp,
    /// Takes the mail and hangs up: the next one finds the line dead.
    TakeAndHangUp,
}

/// An SMTP server on loopback; what it took can be looked at.
pub struct Server {
    pub taken: Arc<Mutex<Vec<String>>>,
    pub connections: Arc<AtomicU32>,
    port: u16,
}

impl Server {
    /// Greets with `greeting` and answers each recipient as `answer` says.
    pub async fn start(greeting: &'static str, answer: fn(&str) -> Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&taken);
        let connections = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::Relaxed);
                let kept = Arc::clone(&kept);
                tokio::spawn(async move { serve(stream, greeting, answer, &kept).await });
            }
        });
        Self { taken, connections, port }
    }

    pub fn transport(&self) -> Transport {
        Transport::Smtp(Box::new(Relay {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            security: Security::Plain,
            login: None,
            certificate: None,
            patience: Patience::default(),
        }))
    }

    pub fn took(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }
}

async fn serve(
    stream: TcpStream,
    greeting: &str,
    answer: fn(&str) -> Answer,
    taken: &Mutex<Vec<String>>,
) -> Option<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut recipient = String::new();
    writer.write_all(format!("{greeting}\r\n").as_bytes()).await.ok()?;
    loop {
        let line = lines.next_line().await.ok()??;
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        if verb == "RCPT" {
            recipient = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        }
        let reply = match (verb.as_str(), answer(&recipient)) {
            ("RCPT", Answer::Recipient(refusal)) => refusal,
            ("DATA", _) => "354 go ahead",
            ("QUIT", _) => return None,
            _ => "250 ok",
        };
        writer.write_all(format!("{reply}\r\n").as_bytes()).await.ok()?;
        if verb != "DATA" {
            continue;
        }
        while lines.next_line().await.ok()?? != "." {}
        let reply = match answer(&recipient) {
            Answer::HangUp => return None,
            Answer::Body(refusal) => refusal,
            _ => {
                taken.lock().unwrap().push(recipient.clone());
                "250 taken"
            }
        };
        writer.write_all(format!("{reply}\r\n").as_bytes()).await.ok()?;
        if answer(&recipient) == Answer::TakeAndHangUp {
            return None;
        }
    }
}
