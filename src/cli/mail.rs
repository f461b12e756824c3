//! Commands about mails that need somebody.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;
use uuid::Uuid;

use super::context::Context;
use super::output;
use super::plan::local;
use super::preferences::{self, PreferencesArgs};
use super::receive::{ReceiveArgs, receive};
use crate::entity::values::MessageState;
use crate::error::{Result, UserError};
use crate::id::Kind;
use crate::mail::outbox::{self, Listed};
use crate::scope::Scope;

/// Mails shown at once.
const SHOWN: u64 = 200;
/// What needs somebody.
const TROUBLED: [MessageState; 3] = [MessageState::Failed, MessageState::Unknown, MessageState::Missed];
/// What can be tried again.
const AGAIN: [MessageState; 2] = [MessageState::Failed, MessageState::Unknown];

/// 没有发出的邮件。
#[derive(Debug, Subcommand)]
pub enum MailCommand {
    /// 列出失败、不明、过期的邮件及原因
    List {
        /// 只列一种状态：待发、发送中、传送中、已发、失败、不明、过期、作废
        #[arg(long, value_name = "状态")]
        state: Option<String>,
    },
    /// 读入日历程序发来的回复：从标准输入读一封，或读完一个 Maildir 的新邮件
    Receive(ReceiveArgs),
    /// 查看或设定一个人收哪些邮件
    #[command(after_help = preferences::HELP)]
    Preferences(PreferencesArgs),
    /// 重发失败或不明的邮件，发往本人现在的邮箱；不明的可能已收到，重发会多一封
    Retry {
        /// 邮件标识，见 tongpan mail list
        #[arg(value_name = "标识", required_unless_present = "failed", conflicts_with = "failed")]
        ids: Vec<String>,
        /// 全部失败而未过时的
        #[arg(long)]
        failed: bool,
    },
}

/// Lists mails, or sends some again.
pub async fn mail(context: &Context, command: MailCommand) -> Result<ExitCode> {
    match command {
        MailCommand::Receive(args) => return receive(context, args).await,
        MailCommand::List { state } => {
            let states = match state {
                Some(word) => vec![state_of(&word)?],
                None => TROUBLED.to_vec(),
            };
            list(context, &context.scope().await?, &states).await?;
        }
        MailCommand::Preferences(args) => preferences::preferences(context, args).await?,
        MailCommand::Retry { ids, failed } => retry(&context.scope().await?, &ids, failed).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn retry(scope: &Scope, ids: &[String], failed: bool) -> Result<()> {
    let ids = if failed { all_failed(scope).await? } else { idents(ids)? };
    match outbox::retry(scope, &ids).await?.len() {
        0 => println!("没有失败而未过时的邮件。"),
        count => println!("{count}封邮件已重新排入待发，由 tongpan worker 发送。"),
    }
    Ok(())
}

fn state_of(word: &str) -> Result<MessageState> {
    MessageState::from_zh(word).ok_or_else(|| {
        let states: Vec<&str> = MessageState::ALL.iter().map(|state| state.zh()).collect();
        UserError::new(
            "MESSAGE_STATE",
            format!("没有“{word}”这种状态，可写：{}", states.join("、")),
            format!("{word:?} is no state; write one of {}", states.join(", ")),
        )
        .into()
    })
}

fn idents(ids: &[String]) -> Result<Vec<Uuid>> {
    let read = |id: &String| {
        Kind::Message.parse(id).ok_or_else(|| {
            let zh = format!("“{id}”不是邮件标识，请从 tongpan mail list 的第一列复制");
            UserError::new("MESSAGE_ID", zh, format!("{id:?} is no message's identifier")).into()
        })
    };
    ids.iter().map(read).collect()
}

async fn all_failed(scope: &Scope) -> Result<Vec<Uuid>> {
    let failed = outbox::list(scope, &[MessageState::Failed], u64::MAX >> 1).await?;
    let worth = failed.into_iter().filter(|one| one.message.expires_at > scope.now());
    Ok(worth.map(|one| one.message.id).collect())
}

async fn list(context: &Context, scope: &Scope, states: &[MessageState]) -> Result<()> {
    let found = outbox::list(scope, states, SHOWN).await?;
    if context.json() {
        return output::json(&json!(found.iter().map(as_json).collect::<Vec<_>>()));
    }
    if found.is_empty() {
        println!("没有这样的邮件。");
        return Ok(());
    }
    let mut table = output::table(["标识", "收件人", "邮箱", "邮件", "状态", "应发时间", "试发", "原因"]);
    for Listed { message, name } in &found {
        table.add_row([
            Kind::Message.id(message.id),
            name.clone(),
            message.address.clone(),
            message.kind.zh().to_owned(),
            message.state.zh().to_owned(),
            local(scope, message.send_at),
            format!("{}次", message.attempts),
            message.failure.clone().unwrap_or_default(),
        ]);
    }
    println!("{table}");
    if found.len() as u64 == SHOWN {
        println!("只列出最近的{SHOWN}封。");
    }
    if found.iter().any(|one| AGAIN.contains(&one.message.state)) {
        println!("改正邮箱后，用 tongpan mail retry 标识 重发。");
    }
    Ok(())
}

fn as_json(Listed { message, name }: &Listed) -> serde_json::Value {
    json!({
        "id": Kind::Message.id(message.id),
        "kind": message.kind,
        "to": name,
        "address": message.address,
        "state": message.state,
        "sendAt": message.send_at,
        "attempts": message.attempts,
        "doubtful": message.doubts > 0,
        "failure": message.failure,
    })
}
