//! Mails that arrive: answers of calendar programs, from a pipe or a folder.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use super::context::Context;
use super::output;
use crate::error::{Error, Result, UserError};
use crate::id::Kind;
use crate::mail::received::LARGEST;
use crate::sessions::inbox::{self, Outcome};

/// Tells a mail server to try again later (sysexits.h): the mail is not lost.
const TRY_AGAIN: u8 = 75;
/// Where a folder of mails keeps those that cannot be read.
const UNREADABLE: &str = "unreadable";

/// 从哪里收。
#[derive(Debug, Args)]
pub struct ReceiveArgs {
    /// 读这个 Maildir 的 new/ 中的每一封，处理完移到 cur/；读不了的移到旁边的 unreadable/
    #[arg(long, value_name = "文件夹")]
    maildir: Option<PathBuf>,
}

/// Reads mails that arrived. What fails from a pipe is to be tried again by the mail server, whatever it was.
pub async fn receive(context: &Context, args: ReceiveArgs) -> Result<ExitCode> {
    if let Some(folder) = args.maildir {
        maildir(context, &folder).await?;
        return Ok(ExitCode::SUCCESS);
    }
    match one(context).await {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(error) => {
            eprintln!("{}", error.explain(context.language()));
            Ok(ExitCode::from(TRY_AGAIN))
        }
    }
}

async fn one(context: &Context) -> Result<()> {
    let mail = bounded(std::io::stdin().lock())?;
    let database = context.database().await?;
    let outcome = inbox::receive(&database, &context.clock, &mail).await?;
    if context.json() {
        return output::json(&shown(context, None, &outcome));
    }
    println!("{}", told(context, &outcome));
    Ok(())
}

/// One octet more than is read says that it is too long.
fn bounded(source: impl Read) -> Result<Vec<u8>> {
    let mut mail = Vec::new();
    source.take(LARGEST as u64 + 1).read_to_end(&mut mail)?;
    Ok(mail)
}

/// Each mail leaves `new` only after what it says is committed: what is interrupted is read again, and says nothing new then.
async fn maildir(context: &Context, folder: &Path) -> Result<()> {
    let mut names: Vec<PathBuf> = fs::read_dir(folder.join("new"))
        .map_err(|error| no_maildir(folder, &error))?
        .filter_map(|entry| entry.ok())
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
        .map(|entry| entry.path())
        .collect();
    names.sort();
    let database = context.database().await?;
    let mut all = Vec::new();
    for path in names {
        let Some(name) = path.file_name().and_then(|name| name.to_str()).map(str::to_owned) else { continue };
        let mail = bounded(fs::File::open(&path)?)?;
        let outcome = inbox::receive(&database, &context.clock, &mail).await?;
        let (beside, target) = match &outcome {
            Outcome::Unreadable(reason) => {
                tracing::warn!(mail = %name, %reason, "a mail cannot be read");
                (UNREADABLE, name.clone())
            }
            // Nobody has read it yet.
            Outcome::ForPeople => ("cur", format!("{}:2,", base(&name))),
            _ => ("cur", format!("{}:2,S", base(&name))),
        };
        fs::create_dir_all(folder.join(beside))?;
        fs::rename(&path, folder.join(beside).join(target))?;
        if context.json() {
            all.push(shown(context, Some(&name), &outcome));
        } else {
            println!("{name}：{}", told(context, &outcome));
        }
    }
    if context.json() {
        return output::json(&json!(all));
    }
    Ok(())
}

fn base(name: &str) -> &str {
    name.split_once(":2,").map_or(name, |(base, _)| base)
}

fn no_maildir(folder: &Path, error: &std::io::Error) -> Error {
    let folder = folder.display();
    UserError::new(
        "NO_MAILDIR",
        format!("{folder} 不是 Maildir（其中要有文件夹 new）：{error}"),
        format!("{folder} is no Maildir (it needs a folder `new`): {error}"),
    )
    .into()
}

fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Recorded(_) => "recorded",
        Outcome::Unchanged(_) => "unchanged",
        Outcome::Outdated(_) => "outdated",
        Outcome::Refused(_) => "refused",
        Outcome::ForPeople => "for_people",
        Outcome::Unreadable(_) => "unreadable",
    }
}

fn shown(context: &Context, name: Option<&str>, outcome: &Outcome) -> Value {
    let (session, reply) = match outcome {
        Outcome::Recorded(told) | Outcome::Unchanged(told) => {
            (Some(Kind::Session.id(told.session_id)), Some(told.reply))
        }
        _ => (None, None),
    };
    json!({ "mail": name, "outcome": word(outcome), "session": session, "reply": reply, "told": told(context, outcome) })
}

fn told(context: &Context, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Recorded(told) => format!("已记录：{} {}", told.name, told.reply.zh()),
        Outcome::Unchanged(told) => format!("没有变化：{} {}", told.name, told.reply.zh()),
        Outcome::Outdated(why) => format!("已过时：{}", why.text(context.language())),
        Outcome::Refused(why) => format!("没有记录：{}", why.text(context.language())),
        Outcome::ForPeople => "不是日历回复，请人阅读".to_owned(),
        Outcome::Unreadable(why) => format!("读不了：{why}"),
    }
}
