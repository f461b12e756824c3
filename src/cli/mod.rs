//! The command line: each command opens a scope, calls an operation, and prints what came out.

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::error::{Language, Result};

mod admin;
mod context;
mod cover;
mod data;
mod disruptions;
mod draft;
mod explain;
mod feed;
mod mail;
mod mails;
mod output;
mod parts;
mod plan;
mod preferences;
mod previews;
mod publish;
mod receive;
mod reminders;
mod replies;
mod rotation;
mod serve;
mod session;
mod settings;
mod usage;

use context::Context;
pub use serve::letters;

/// 同盘 tongpan：教育集团联合教研排期、教师轮岗与通知。
#[derive(Debug, Parser)]
#[command(name = "tongpan", version, max_term_width = 100, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    shared: Shared,
    #[command(subcommand)]
    command: Command,
}

/// 各命令共用的选项。
#[derive(Debug, Clone, Args)]
struct Shared {
    /// 数据库：sqlite:文件路径，或 postgres://用户@主机/库名
    #[arg(
        long,
        global = true,
        env = "TONGPAN_DATABASE_URL",
        default_value = "sqlite:tongpan.sqlite",
        hide_env_values = true
    )]
    database: String,
    /// 区县名称；库中只有一个区县时可省略
    #[arg(long, global = true, env = "TONGPAN_DISTRICT")]
    district: Option<String>,
    /// 以此日期（或“日期T时:分”）为“现在”，如 2026-08-24
    #[arg(long, global = true, value_name = "日期", env = "TONGPAN_AS_OF")]
    as_of: Option<String>,
    /// 以 JSON 输出，供程序读取
    #[arg(long, global = true)]
    json: bool,
    /// 错误提示及信件的语言：zh 或 en
    #[arg(long, global = true, env = "TONGPAN_LANG", default_value = "zh", value_parser = ["zh", "en"])]
    lang: String,
}

impl Shared {
    fn language(&self) -> Language {
        if self.lang == "en" { Language::English } else { Language::Chinese }
    }
}

/// Lines of an error that are printed.
const ERRORS_SHOWN: usize = 12;

const MAIL_HELP: &str = "邮件去向由环境变量指定：
  TONGPAN_MAIL=file:目录（只写成文件）
  TONGPAN_MAIL=smtp://主机:端口（本机中继）
  TONGPAN_MAIL=smtp+starttls://用户:授权码@主机:587
  TONGPAN_MAIL=smtps://用户:授权码@主机:465
  TONGPAN_MAIL_FROM=名称 <地址>";

#[derive(Debug, Subcommand)]
enum Command {
    /// 一键演示：生成澜川县、排好一学期并启动服务（只在本机）
    Dev(serve::DevArgs),
    /// 启动 GraphQL 服务
    Serve(serve::ServeArgs),
    /// 发送邮件：邀请、变更、取消与提醒
    #[command(after_help = MAIL_HELP)]
    Worker(serve::WorkerArgs),
    /// 查看没有发出的邮件并重发，收取日历程序发来的回复，设定各人收哪些邮件
    Mail {
        #[command(subcommand)]
        command: mail::MailCommand,
    },
    /// 看看导入、排期、发布、待发邮件各到哪一步
    Status,
    /// 导入工作簿（学校、教师、课表、教研计划等十七张表）
    Import(data::ImportArgs),
    /// 导出教研活动安排表（.xlsx）或日历（.ics）
    Export(data::ExportArgs),
    /// 写出空白工作簿模板及填写说明
    Template(data::FileArg),
    /// 为一个学期排期，得到一份草案
    Solve(plan::SolveArgs),
    /// 查看方案，手工调整草案
    Plan {
        #[command(subcommand)]
        command: draft::PlanCommand,
    },
    /// 发布方案：定下时间地点，并给每位参与人发邀请
    Publish(publish::PublishArgs),
    /// 已发布的活动：调整、固定、取消，看回复，写通知
    Session {
        #[command(subcommand)]
        command: session::SessionCommand,
    },
    /// 日历订阅：手机、电脑的日历自动更新
    Feed {
        #[command(subcommand)]
        command: feed::FeedCommand,
    },
    /// 查看或修改排期设置：规则权重与限额
    Settings {
        #[command(subcommand)]
        command: settings::SettingsCommand,
    },
    /// 登记、列出、结束请假
    Absence {
        #[command(subcommand)]
        command: disruptions::AbsenceCommand,
    },
    /// 停用、恢复场地
    Room {
        #[command(subcommand)]
        command: disruptions::RoomCommand,
    },
    /// 设定校历中的一天：放假、考试、某校停课
    Day {
        #[command(subcommand)]
        command: disruptions::DayCommand,
    },
    /// 增加教研计划的次数
    Programme {
        #[command(subcommand)]
        command: disruptions::ProgrammeCommand,
    },
    /// 教师交流轮岗：政策、摸底、步骤、申报、免轮、推荐、方案、异议、派遣
    Rotation(rotation::RotationArgs),
    /// 升级数据库结构
    Migrate,
    /// 备份 SQLite 数据库
    Backup(data::FileArg),
    /// 打印 GraphQL 结构（SDL）
    Schema,
    /// 生成演示县的工作簿
    Demo(data::DemoArgs),
}

impl Command {
    fn keeps_running(&self) -> bool {
        matches!(self, Self::Dev(_) | Self::Serve(_) | Self::Worker(_))
    }
}

/// Runs the command that the arguments name.
pub async fn run() -> ExitCode {
    let cli: Cli = match usage::parse() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    if !cli.command.keeps_running() {
        // `tongpan status | head -1` ends quietly. What keeps running must outlive a reader that goes away.
        sigpipe::reset();
    }
    let language = cli.shared.language();
    match execute(cli).await {
        Ok(code) => code,
        Err(error) => {
            let label = if language == Language::English { "error" } else { "错误" };
            let text = error.explain(language);
            for line in text.lines().take(ERRORS_SHOWN) {
                eprintln!("{label}: {line}");
            }
            let more = text.lines().count().saturating_sub(ERRORS_SHOWN);
            match language {
                _ if more == 0 => {}
                Language::Chinese => eprintln!("…… 另有{more}条"),
                Language::English => eprintln!("… and {more} more"),
            }
            ExitCode::FAILURE
        }
    }
}

async fn execute(cli: Cli) -> Result<ExitCode> {
    let context = Context::new(cli.shared)?;
    match cli.command {
        Command::Dev(args) => serve::dev(args).await?,
        Command::Serve(args) => serve::serve(&context, args).await?,
        Command::Worker(args) => serve::worker(&context, args).await?,
        Command::Mail { command } => return mail::mail(&context, command).await,
        Command::Status => admin::status(&context).await?,
        Command::Import(args) => return data::import(&context, args).await,
        Command::Export(args) => data::export(&context, args).await?,
        Command::Template(args) => data::template(&args)?,
        Command::Solve(args) => plan::solve(&context, args).await?,
        Command::Plan { command } => draft::run(&context, command).await?,
        Command::Publish(args) => publish::publish(&context, args).await?,
        Command::Session { command } => session::session(&context, command).await?,
        Command::Feed { command } => feed::feed(&context, command).await?,
        Command::Settings { command } => settings::settings(&context, command).await?,
        Command::Absence { command } => disruptions::absence(&context, command).await?,
        Command::Room { command } => disruptions::room(&context, command).await?,
        Command::Day { command } => disruptions::day(&context, command).await?,
        Command::Programme { command } => disruptions::programme(&context, command).await?,
        Command::Rotation(args) => rotation::rotation(&context, args).await?,
        Command::Migrate => admin::migrate(&context).await?,
        Command::Backup(args) => admin::backup(&context, &args).await?,
        Command::Schema => print!("{}", crate::schema::sdl()),
        Command::Demo(args) => data::demo(&args)?,
    }
    Ok(ExitCode::SUCCESS)
}
