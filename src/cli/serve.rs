//! Commands that keep running: dev, serve, worker.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{TimeZone, Utc};
use clap::Args;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use tokio::sync::watch;

use super::context::{Context, new_district};
use crate::clock::Clock;
use crate::database::Database;
use crate::entity::{audit_entry, district, education_group, term};
use crate::error::{Error, Language, Result};
use crate::http::{self, ServeOptions};
use crate::mail::{self, Desk, Seldom, Settings, Worker};
use crate::plans::{self, SolveRequest};
use crate::rotations::reminders::Reminders;
use crate::scope::{Actor, Scope};
use crate::sessions::digests::Digests;
use crate::sessions::letters::Letters;
use crate::transfer::import::{self, ImportOptions};
use crate::transfer::workbook::Workbook;
use crate::{demo, id, rotations, sessions};

/// Name of the demo county.
const DEMO: &str = "澜川县";
/// Seconds of search for the demo's plans.
const DEMO_SECONDS: u32 = 5;

/// 演示选项。
#[derive(Debug, Args)]
pub struct DevArgs {
    /// 监听地址（只能是本机）
    #[arg(long, default_value = "127.0.0.1:8080", env = "TONGPAN_LISTEN")]
    listen: SocketAddr,
    /// 演示数据放在哪个目录
    #[arg(long, default_value = "data", value_name = "目录")]
    data: PathBuf,
}

/// 服务选项。
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// 监听地址
    #[arg(long, default_value = "127.0.0.1:8080", env = "TONGPAN_LISTEN")]
    listen: SocketAddr,
    /// 同时发送邮件
    #[arg(long)]
    worker: bool,
}

/// 发信选项。
#[derive(Debug, Args)]
pub struct WorkerArgs {
    /// 发完到期的邮件就结束
    #[arg(long)]
    once: bool,
    /// 只发一封测试邮件到这个地址
    #[arg(long, value_name = "地址", conflicts_with = "once")]
    test_mail: Option<String>,
}

/// Sets up the demo and serves it on this machine.
pub async fn dev(args: DevArgs) -> Result<()> {
    http::must_be_loopback(args.listen)?;
    let clock = Clock::starting_at(demo_start());
    let database = Database::open(&format!("sqlite:{}", args.data.join("demo.sqlite").display())).await?;
    let scope = demo_scope(database, clock).await?;
    let settings = Settings {
        transport: mail::Transport::File(args.data.join("mail")),
        from: mail::sender(|_| None)?,
        public_url: Some(format!("http://{}", args.listen)),
        limits: mail::Limits::default(),
    };
    announce(args.listen);
    let now = scope.now().with_timezone(&scope.zone());
    println!("演示县：{DEMO}（虚构，仅供演示），现在是演示时间{}。", now.format("%Y年%-m月%-d日%H:%M"));
    println!("邮件写在 {}，不会真的发出。", args.data.join("mail").display());
    let mail = Some((settings, Language::Chinese));
    run(scope, ServeOptions { listen: args.listen, dev: true }, mail).await
}

fn announce(listen: SocketAddr) {
    println!("打开 http://{listen}/ ，在 http://{listen}/graphiql 试试这三个查询：");
    for (what, query) in http::QUERIES {
        println!("  {what}\n    {query}");
    }
    println!("“我的活动”要先在 http://{listen}/dev/sign-in 选择身份。按 Ctrl-C 结束。");
}

/// 2026-08-31 08:00 in China: the demo's now (domain.md "Settled readings").
fn demo_start() -> chrono::DateTime<Utc> {
    let start = chrono_tz::Asia::Shanghai.with_ymd_and_hms(2026, 8, 31, 8, 0, 0).earliest();
    start.map_or(chrono::DateTime::UNIX_EPOCH, |start| start.with_timezone(&Utc))
}

async fn demo_scope(database: Database, clock: Clock) -> Result<Scope> {
    let made = district::Entity::find().one(database.reader()).await?;
    let scope = |district| Scope {
        database: database.clone(),
        clock: clock.clone(),
        district,
        actor: Actor::Program("demo"),
        request_id: id::new().to_string(),
    };
    if let Some(district) = made {
        let scope = scope(district);
        let clock = Clock::starting_at(last_written(&scope).await?.max(demo_start()));
        return Ok(Scope { clock, ..scope });
    }
    println!("首次运行：生成演示县并排期，约需一分钟……");
    let scope = scope(new_district(DEMO, true));
    fill(&scope).await?;
    Ok(scope)
}

/// When something was last written: the demo's clock goes on from there, so that it never runs backwards.
async fn last_written(scope: &Scope) -> Result<chrono::DateTime<Utc>> {
    let last = audit_entry::Entity::find()
        .filter(audit_entry::Column::DistrictId.eq(scope.district.id))
        .order_by_desc(audit_entry::Column::At)
        .one(scope.reader())
        .await?;
    Ok(last.map_or(chrono::DateTime::UNIX_EPOCH, |entry| entry.at))
}

/// Imports the county, publishes one group's term and leaves a draft of all groups to look at.
async fn fill(scope: &Scope) -> Result<()> {
    let workbook = Workbook::from_tables(&demo::tables(1));
    let options = ImportOptions { file_name: "演示县".into(), ..ImportOptions::default() };
    let report = import::import(scope, &workbook, &options).await?;
    if let Some(fault) = report.faults.iter().next() {
        return Err(Error::internal(format!("the demo county does not import: {}", fault.english())));
    }
    let missing = || Error::internal("the demo county has no term or no group");
    let term = term::Entity::find().one(scope.reader()).await?.ok_or_else(missing)?;
    let group = education_group::Entity::find()
        .order_by_asc(education_group::Column::Id)
        .one(scope.reader())
        .await?
        .ok_or_else(missing)?;
    for group_id in [Some(group.id), None] {
        let request = SolveRequest {
            term_id: term.id,
            group_id,
            as_of: None,
            seconds: DEMO_SECONDS,
            steps: None,
            seed: 1,
            threads: None,
            mode: crate::entity::values::PlanMode::Fill,
            base: None,
            hold: Vec::new(),
        };
        let searching = super::output::Searching::new(DEMO_SECONDS);
        let solved = plans::solve(scope, &request, searching.watch()).await;
        searching.done();
        let plan = solved?.plan;
        if group_id.is_some() {
            plans::publish(scope, plan.id).await?;
        }
    }
    Ok(())
}

/// Serves the API.
pub async fn serve(context: &Context, args: ServeArgs) -> Result<()> {
    eprintln!("提示：登录功能尚未提供，正式服务暂不回答未登录的查询；试用请用 tongpan dev。");
    let scope = Scope { clock: context.ticking(), ..context.scope().await? };
    let settings = if args.worker { Some(Settings::read(|name| std::env::var(name).ok())?) } else { None };
    let mail = settings.map(|settings| (settings, context.language()));
    run(scope, ServeOptions { listen: args.listen, dev: false }, mail).await
}

async fn run(scope: Scope, options: ServeOptions, mail: Option<(Settings, Language)>) -> Result<()> {
    let stop = stop_signal();
    let sending = mail.map(|(settings, language)| {
        let worker = worker_of(&scope, settings, language);
        let stop = stop.clone();
        tokio::spawn(async move { worker.run(stop).await })
    });
    let watching = tokio::spawn(plans::runs::watch_over(scope.clone()));
    let watching_proposals = tokio::spawn(rotations::proposals::watch_over(scope.clone()));
    let mut stopping = stop.clone();
    let shutdown = async move {
        // An error means that nobody can ask any more.
        let _ = stopping.wait_for(|stop| *stop).await;
    };
    let served = http::serve(scope.database, scope.clock, options, shutdown).await;
    watching.abort();
    watching_proposals.abort();
    if let Some(sending) = sending {
        sending.await.map_err(|error| Error::Internal(Box::new(error)))?;
    }
    served
}

fn worker_of(scope: &Scope, settings: Settings, language: Language) -> Worker {
    let letters = letters(&settings, language);
    let scope = Scope { actor: Actor::Program("worker"), ..scope.clone() };
    Worker::new(scope, Arc::new(letters), settings)
        .prompted_by(Arc::new(Seldom::new(Reminders)))
        .prompted_by(Arc::new(Seldom::new(Digests::default())))
}

/// Everybody who writes letters, in `language`: about sessions, and about rounds of rotation.
pub fn letters(settings: &Settings, language: Language) -> Desk {
    let letters = Letters::new(settings.from.clone(), settings.public_url.clone(), language);
    let desk = Desk::default().with(sessions::letters::KINDS, Arc::new(letters));
    let desk = rotations::letters::at(desk, language);
    let desk = sessions::digests::at(desk, language);
    desk.with_a_way_out(settings.public_url.clone(), language)
}

/// Turns true when the process is asked to end (Ctrl-C, SIGTERM).
fn stop_signal() -> watch::Receiver<bool> {
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        let asked = async {
            let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
            tokio::select! {
                interrupted = tokio::signal::ctrl_c() => interrupted,
                _ = terminate.recv() => Ok(()),
            }
        };
        if let Err(error) = asked.await {
            tracing::error!(%error, "signals cannot be received; stop the process by killing it");
            std::future::pending::<()>().await;
        }
        // Nobody listens any more when everything has ended.
        let _ = sender.send(true);
    });
    receiver
}

/// Sends what is due, or one test mail.
pub async fn worker(context: &Context, args: WorkerArgs) -> Result<()> {
    let settings = Settings::read(|name| std::env::var(name).ok())?;
    if let Some(address) = args.test_mail {
        let scope = context.scope().await?;
        let letters = Letters::new(settings.from.clone(), None, context.language());
        let letter = letters.sample(&scope, &address)?;
        mail::send_now(&settings, &address, &letter, context.clock.now()).await?;
        match &settings.transport {
            mail::Transport::File(folder) => {
                println!("测试邮件已写到文件夹 {}，没有真的发出。", folder.display())
            }
            _ => println!("测试邮件已发往 {address}。"),
        }
        return Ok(());
    }
    let scope = context.scope().await?;
    if !args.once {
        let scope = Scope { clock: context.ticking(), ..scope };
        worker_of(&scope, settings, context.language()).run(stop_signal()).await;
        return Ok(());
    }
    let tally = worker_of(&scope, settings, context.language()).once().await?;
    println!(
        "已发{}封，失败{}封，稍后重试{}封，过期{}封，作废{}封，结果不明{}封。",
        tally.sent, tally.failed, tally.retry, tally.missed, tally.stale, tally.unknown
    );
    if let Some((count, first)) = mail::outbox::held(&scope).await? {
        let first = first.with_timezone(&scope.zone()).format("%H:%M");
        println!("另有{count}封在发布后的暂缓期内，{first}起可发。");
    }
    match tally.trouble {
        Some(trouble) => Err(Error::internal(trouble.text(context.language()).to_owned())),
        None => Ok(()),
    }
}
