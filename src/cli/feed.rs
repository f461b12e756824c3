//! Calendars to subscribe to: make, list, revoke.

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::{Context, find_group, find_school};
use super::output;
use super::plan::local;
use crate::entity::values::FeedOwner;
use crate::error::{Error, Result};
use crate::id::Kind;
use crate::mail;
use crate::people;
use crate::scope::Scope;
use crate::sessions::feeds::{self, NewFeed};

/// 日历订阅。
#[derive(Debug, Subcommand)]
pub enum FeedCommand {
    /// 新建一个日历订阅，显示其地址（只显示这一次）
    Create(CreateArgs),
    /// 列出
    List,
    /// 停用：原来的地址从此打不开
    Revoke {
        /// 订阅标识（见 tongpan feed list）
        feed: String,
    },
}

/// 谁的活动。
#[derive(Debug, Args)]
#[group(id = "owner", required = true, multiple = false, args = ["teacher", "school", "group"])]
pub struct CreateArgs {
    /// 某位教师本人的活动：工号
    #[arg(long, value_name = "工号")]
    teacher: Option<String>,
    /// 某所学校承办或派人参加的活动
    #[arg(long)]
    school: Option<String>,
    /// 某个集团的活动
    #[arg(long)]
    group: Option<String>,
    /// 代替原有的订阅：其地址从此打不开
    #[arg(long, value_name = "订阅标识")]
    replace: Option<String>,
}

/// Makes, lists or revokes calendars.
pub async fn feed(context: &Context, command: FeedCommand) -> Result<()> {
    let scope = context.scope().await?;
    match command {
        FeedCommand::Create(args) => create(context, &scope, args).await,
        FeedCommand::List => list(context, &scope).await,
        FeedCommand::Revoke { feed } => {
            let id = Kind::CalendarFeed.parse(&feed).ok_or(Error::NotFound(Kind::CalendarFeed))?;
            feeds::revoke(&scope, id).await?;
            if context.json() {
                return output::json(&json!({ "id": feed, "revoked": true }));
            }
            println!("已停用，原来的地址从此打不开。");
            Ok(())
        }
    }
}

async fn create(context: &Context, scope: &Scope, args: CreateArgs) -> Result<()> {
    let (owner, owner_id) = match (&args.teacher, &args.school, &args.group) {
        (Some(number), ..) => {
            let person = people::by_number(&scope.database, scope.district.id, number.trim()).await?;
            (FeedOwner::Teacher, person.ok_or_else(|| people::unknown(number))?.id)
        }
        (_, Some(name), _) => (FeedOwner::School, find_school(scope, name).await?.id),
        (.., Some(name)) => (FeedOwner::Group, find_group(scope, name).await?.id),
        (None, None, None) => return Err(Error::NotFound(Kind::Teacher)),
    };
    let kind = Kind::CalendarFeed;
    let replaces = match &args.replace {
        Some(text) => Some(kind.parse(text).ok_or(Error::NotFound(kind))?),
        None => None,
    };
    // Before anything is made: an address that cannot be shown is lost.
    let base = mail::public_url(|name| std::env::var(name).ok())?;
    let made = feeds::create(scope, NewFeed { owner, owner_id, replaces }).await?;
    let address = format!("{}{}", base.as_deref().unwrap_or_default(), made.path);
    let id = kind.id(made.feed.id);
    if context.json() {
        return output::json(&json!({ "id": id, "address": address }));
    }
    println!("{address}");
    eprintln!("知道这个地址的人都能看到这份日历，地址只显示这一次；停用：tongpan feed revoke {id}");
    if base.is_none() {
        eprintln!("前面请加上访问本服务的网址（设置 TONGPAN_PUBLIC_URL 后会直接显示完整地址）。");
    }
    Ok(())
}

async fn list(context: &Context, scope: &Scope) -> Result<()> {
    let all = feeds::all(scope).await?;
    let names = feeds::names(scope, &all).await?;
    let name = |id| names.get(&id).map_or("", String::as_str);
    if context.json() {
        let rows: Vec<_> = all
            .iter()
            .map(|feed| {
                json!({ "id": Kind::CalendarFeed.id(feed.id), "owner": feed.owner, "name": name(feed.owner_id),
                    "createdAt": feed.created_at, "revokedAt": feed.revoked_at })
            })
            .collect();
        return output::json(&json!(rows));
    }
    let mut table = output::table(["标识", "谁的", "名称", "建立", "停用"]);
    for feed in &all {
        table.add_row([
            Kind::CalendarFeed.id(feed.id),
            feed.owner.zh().to_owned(),
            name(feed.owner_id).to_owned(),
            local(scope, feed.created_at),
            feed.revoked_at.map(|at| local(scope, at)).unwrap_or_default(),
        ]);
    }
    println!("{table}");
    Ok(())
}
