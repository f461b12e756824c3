//! How fast the outbox is filled and emptied: `cargo bench --bench mail`. On SQLite, and on PostgreSQL where
//! `TONGPAN_TEST_POSTGRES` names one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use futures_util::future::BoxFuture;
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tongpan::clock::Clock;
use tongpan::database::Database;
use tongpan::entity::values::MessageKind;
use tongpan::entity::{district, message};
use tongpan::error::Result;
use tongpan::id;
use tongpan::mail::outbox::{self, Draft};
use tongpan::mail::{Letter, Render, Rendered, Settings, Worker};
use tongpan::scope::{Actor, Scope};

/// Mails of a plan with 200 sessions of 50 people.
const MAILS: u128 = 10_000;
/// Mails that are sent.
const SENT: u128 = 2_000;

/// Always the same letter: what is measured is the outbox.
struct Scribe;

impl Render for Scribe {
    fn render<'a>(
        &'a self,
        _: &'a Scope,
        messages: &'a [message::Model],
    ) -> BoxFuture<'a, Result<Vec<Rendered>>> {
        let letter = Letter {
            to_name: "演示".to_owned(),
            subject: "【教研邀请】9月16日".to_owned(),
            text: "您好！\n".repeat(100),
            html: "<p>您好！</p>\n".repeat(100),
            calendar: None,
            reply_to: None,
            unsubscribe: None,
        };
        Box::pin(
            async move { Ok(messages.iter().map(|_| Rendered::Letter(Box::new(letter.clone()))).collect()) },
        )
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    // Cargo also runs benches among the tests: there, that it builds is enough.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let sink = sink().await?;
    println!("the sink alone      {:>7.0} mails per second on one connection", alone(sink).await?);
    let folder = std::env::temp_dir().join(format!("tongpan-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    measure("SQLite", &format!("sqlite:{}", folder.join("mail.sqlite").display()), sink).await?;
    std::fs::remove_dir_all(&folder)?;
    let Ok(server) = std::env::var("TONGPAN_TEST_POSTGRES") else { return Ok(()) };
    let name = format!("tongpan_bench_{}", std::process::id());
    let admin = sea_orm::Database::connect(&server).await?;
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
    let url = format!("{}/{name}", server.rsplit_once('/').map_or(server.as_str(), |(server, _)| server));
    let measured = measure("PostgreSQL", &url, sink).await;
    admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await?;
    measured
}

async fn measure(name: &str, url: &str, sink: u16) -> Result<()> {
    let database = Database::open(url).await?;
    let district = district::Model {
        id: id::new(),
        name: "测试县".to_owned(),
        zone: "Asia/Shanghai".to_owned(),
        demo: false,
        hold_minutes: 0,
        version: 1,
    };
    let txn = database.begin().await?;
    district::Entity::insert(district.clone().into_active_model()).exec(&txn).await?;
    txn.commit().await?;
    let (clock, actor) = (Clock::system(), Actor::Program("bench"));
    let scope = Scope { database, clock, district, actor, request_id: "bench".to_owned() };
    let later = TimeDelta::days(1);
    let began = Instant::now();
    enqueue(&scope, MAILS, later).await?;
    println!(
        "{name:<11} written {:>7.3} s for the transaction of {MAILS} mails",
        began.elapsed().as_secs_f64()
    );
    for workers in [1, 2] {
        enqueue(&scope, SENT, TimeDelta::zero()).await?;
        let began = Instant::now();
        let workers: Vec<Worker> = (0..workers).map(|_| worker(&scope, sink)).collect();
        let sent = join_all(workers.iter().map(Worker::once)).await;
        let sent: u64 = sent.into_iter().map(|tally| tally.map(|tally| tally.sent)).sum::<Result<u64>>()?;
        assert_eq!(u128::from(sent), SENT);
        let speed = sent as f64 / began.elapsed().as_secs_f64();
        println!("{name:<11} sent    {speed:>7.0} mails per second by {} worker(s)", workers.len());
    }
    Ok(())
}

async fn enqueue(scope: &Scope, mails: u128, due_in: TimeDelta) -> Result<()> {
    let subject = id::new();
    let now = scope.now();
    let drafts = (0..mails).map(|number| Draft {
        kind: MessageKind::Invitation,
        teacher_id: sea_orm::prelude::Uuid::from_u128(number),
        address: format!("p{number}@example.com"),
        subject_id: subject,
        subject_version: 0,
        lead_minutes: 0,
        send_at: now + due_in,
        expires_at: now + TimeDelta::days(30),
    });
    let txn = scope.begin().await?;
    outbox::enqueue(&txn, drafts.collect()).await?;
    txn.commit().await
}

fn worker(scope: &Scope, sink: u16) -> Worker {
    let variable = |name: &str| match name {
        "TONGPAN_MAIL" => Some(format!("smtp://127.0.0.1:{sink}")),
        "TONGPAN_MAIL_FROM" => Some("notice@example.com".to_owned()),
        "TONGPAN_MAIL_PER_CONNECTION" | "TONGPAN_MAIL_PER_RECIPIENT" => Some("0".to_owned()),
        _ => None,
    };
    let settings = Settings::read(variable).expect("settings");
    Worker::new(scope.clone(), Arc::new(Scribe), settings)
}

/// A server that takes everything and keeps nothing.
async fn sink() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(swallow(stream));
        }
    });
    Ok(port)
}

async fn swallow(stream: TcpStream) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 sink\r\n").await.ok()?;
    let mut body = false;
    while let Some(line) = lines.next_line().await.ok()? {
        let data = line == "DATA";
        if body && line != "." {
            continue;
        }
        body = data;
        writer.write_all(if data { b"354 go\r\n" } else { b"250 ok\r\n" }).await.ok()?;
    }
    None
}

/// What the sink takes from whoever does nothing else.
async fn alone(port: u16) -> Result<f64> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    lines.next_line().await?;
    let body = format!("Subject: x\r\n\r\n{}\r\n.\r\n", "x".repeat(3_000));
    let (began, mut mails) = (Instant::now(), 0);
    while began.elapsed() < Duration::from_secs(2) {
        for command in ["MAIL FROM:<a@b.cn>\r\n", "RCPT TO:<c@d.cn>\r\n", "DATA\r\n", &body] {
            writer.write_all(command.as_bytes()).await?;
            lines.next_line().await?;
        }
        mails += 1;
    }
    Ok(f64::from(mails) / began.elapsed().as_secs_f64())
}
