//! Commands about published sessions: move, cancel.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use clap::{Args, Subcommand};
use sea_orm::prelude::Uuid;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::context::{Context, find_group, find_room, find_school};
use super::parts;
use super::plan::local;
use super::previews::Reader;
use super::{mails, output, replies};
use crate::entity::research_session;
use crate::error::{Error, Result, UserError};
use crate::id::Kind;
use crate::plans::bulk::{Bulk, BulkChange, BulkRequest, Outcome};
use crate::plans::{self, Reschedule};
use crate::scope::Scope;
use crate::sessions::effects::{Change, Held};
use crate::sessions::{self, title};

/// 调整与取消。
#[derive(Debug, Subcommand)]
pub enum SessionCommand {
    /// 改期或换地点，并通知所有参与人
    Move {
        /// 活动标识（见 tongpan plan show --json）
        session: String,
        /// 新的开始时间，如 2026-09-23T14:20
        #[arg(long)]
        to: String,
        /// 新的承办校；默认不变。已改为线上的，写明承办校即改回线下
        #[arg(long)]
        host: Option<String>,
        /// 新的场地；默认不变，换了承办校则选坐得下的最小场地。已改为线上的，写明原承办校的场地即改回线下
        #[arg(long)]
        room: Option<String>,
        /// 原因，会写进通知
        #[arg(long)]
        reason: String,
        /// 只看这个人会因此收到的信（姓名或工号），不改动
        #[arg(long, value_name = "姓名")]
        show_mail: Option<String>,
    },
    /// 固定已发布的活动：重排时不动它
    Pin {
        /// 活动标识
        session: String,
    },
    /// 取消固定
    Unpin {
        /// 活动标识
        session: String,
    },
    /// 把一段时间内的活动整体推迟几周（星期与时间不变），每人每次活动通知一次
    Postpone {
        #[command(flatten)]
        which: BulkArgs,
        /// 推迟几周
        #[arg(long, default_value_t = 1)]
        weeks: u16,
    },
    /// 把一段时间内的活动改为线上（日期时间不变），每人每次活动通知一次；已在线上的只换链接
    Online {
        #[command(flatten)]
        which: BulkArgs,
        /// 会议链接或会议号，会写进通知
        #[arg(long)]
        link: String,
    },
    /// 看谁回复了什么
    Replies {
        /// 活动标识
        session: String,
    },
    /// 代人登记回复
    Reply(replies::ReplyArgs),
    /// 写出可贴到 QQ 群、微信群的通知
    Notice(replies::NoticeArgs),
    /// 取消，并通知所有参与人
    Cancel {
        /// 活动标识
        session: String,
        /// 原因，会写进通知
        #[arg(long)]
        reason: String,
        /// 只看这个人会因此收到的信（姓名或工号），不取消
        #[arg(long, value_name = "姓名")]
        show_mail: Option<String>,
    },
}

/// 哪些活动，为什么。
#[derive(Debug, Args)]
pub struct BulkArgs {
    /// 只调整一个集团的；默认为全县
    #[arg(long)]
    group: Option<String>,
    /// 从哪一天起
    #[arg(long, value_name = "日期")]
    from: NaiveDate,
    /// 到哪一天止
    #[arg(long, value_name = "日期")]
    until: NaiveDate,
    /// 原因，会写进通知
    #[arg(long)]
    reason: String,
    /// 不能这样调整的活动保持不变，只调整其余的
    #[arg(long)]
    skip_impossible: bool,
    /// 只看会怎样，不改动
    #[arg(long)]
    dry_run: bool,
    /// 只看这个人会因此收到的信（姓名或工号），不改动
    #[arg(long, value_name = "姓名", conflicts_with = "dry_run")]
    show_mail: Option<String>,
    /// 不再询问
    #[arg(long)]
    yes: bool,
}

/// Shows what would become of the sessions, asks, and changes them.
async fn bulk(context: &Context, scope: &Scope, which: BulkArgs, change: BulkChange) -> Result<()> {
    let group_id = match &which.group {
        Some(name) => Some(find_group(scope, name).await?.id),
        None => None,
    };
    let BulkArgs { from, until, ref reason, skip_impossible, .. } = which;
    let reason = reason.clone();
    let request = BulkRequest { group_id, from, until, change, reason, skip_impossible };
    if let Some(who) = &which.show_mail {
        let reader = Reader::find(context, scope, who).await?;
        let written =
            plans::bulk::preview_letters(scope, &request, reader.person.id, &reader.letters).await?;
        return reader.shows(context, scope, &written);
    }
    let preview = plans::preview_bulk(scope, &request).await?;
    if !context.json() {
        print_bulk(scope, &preview).await?;
    }
    if which.dry_run {
        if context.json() {
            return output::json(&bulk_json(&preview));
        }
        if let Some(refusal) = preview.refusal(skip_impossible) {
            println!("{}", refusal.message.text(context.language()));
        }
        return Ok(());
    }
    if let Some(refusal) = preview.refusal(skip_impossible) {
        return Err(refusal.into());
    }
    if !which.yes && !output::confirm("现在调整并通知？")? {
        println!("没有调整。");
        return Ok(());
    }
    let done = plans::apply_bulk(scope, &request).await?;
    if let Some(refusal) = done.refusal(skip_impossible) {
        return Err(refusal.into());
    }
    if context.json() {
        return output::json(&bulk_json(&done));
    }
    println!("已调整{}次活动。{}", done.possible(), mails::told(scope).await?);
    Ok(())
}

async fn print_bulk(scope: &Scope, bulk: &Bulk) -> Result<()> {
    if bulk.outcomes.is_empty() {
        return Ok(());
    }
    let names = parts::names(scope, bulk.outcomes.iter().flat_map(|outcome| &outcome.parts)).await?;
    let mut table = output::table(["活动", "现在", "调整后", "人员变化", "不能调整的原因"]);
    for outcome in &bulk.outcomes {
        let now = outcome.session.starts_at.map(|at| local(scope, at)).unwrap_or_default();
        let after = match &outcome.change {
            Some(change) => match &change.held {
                Held::Online(link) => format!("线上 {link}"),
                _ => local(scope, change.starts_at),
            },
            None if outcome.is_so_already() => "已在线上，链接相同".to_owned(),
            None => String::new(),
        };
        let people = match outcome.change {
            Some(_) => parts::in_words(&outcome.parts, &names),
            None => String::new(),
        };
        let why: Vec<&str> = outcome.faults.iter().map(|fault| fault.message.zh.as_str()).collect();
        table.add_row([title(&outcome.session, None), now, after, people, why.join("；")]);
    }
    println!("{table}");
    let already = match bulk.so_already() {
        0 => String::new(),
        sessions => format!("，{sessions}次已经如此"),
    };
    println!("{}次活动，{}次可以调整{already}。", bulk.outcomes.len(), bulk.possible());
    Ok(())
}

fn bulk_json(bulk: &Bulk) -> serde_json::Value {
    let outcome = |outcome: &Outcome| {
        json!({
            "id": Kind::Session.id(outcome.session.id),
            "name": title(&outcome.session, None),
            "startsAt": outcome.session.starts_at,
            "newStartsAt": outcome.change.as_ref().map(|change| change.starts_at),
            "link": outcome.change.as_ref().and_then(link),
            "unchanged": outcome.is_so_already(),
            "partChanges": outcome.parts.iter().map(parts::json).collect::<Vec<_>>(),
            "faults": outcome.faults.iter().map(|fault| &fault.message).collect::<Vec<_>>(),
        })
    };
    json!({ "applied": bulk.applied, "sessions": bulk.outcomes.iter().map(outcome).collect::<Vec<_>>() })
}

/// The link that a change gives.
fn link(change: &Change) -> Option<&String> {
    match &change.held {
        Held::Online(link) => Some(link),
        _ => None,
    }
}

/// Moves or cancels published sessions.
pub async fn session(context: &Context, command: SessionCommand) -> Result<()> {
    let scope = context.scope().await?;
    match command {
        SessionCommand::Move { session, to, host, room, reason, show_mail } => {
            let row = find_session(&scope, &session).await?;
            let starts_at = parse_start(&scope, &to)?;
            let host_school_id = match &host {
                Some(name) => Some(find_school(&scope, name).await?.id),
                None => None,
            };
            let room_id = match (&room, host_school_id.or(row.host_school_id).or(row.online_host_id)) {
                (Some(name), Some(school)) => Some(find_room(&scope, school, name).await?.id),
                _ => None,
            };
            let wish = Reschedule {
                session_id: row.id,
                expected_version: row.version,
                starts_at,
                host_school_id,
                room_id,
                reason,
            };
            if let Some(who) = show_mail {
                let reader = Reader::find(context, &scope, &who).await?;
                let written =
                    plans::preview_reschedule(&scope, &wish, reader.person.id, &reader.letters).await?;
                return reader.shows(context, &scope, &written);
            }
            plans::reschedule(&scope, wish).await?;
            tell(context, &scope, row.id, &format!("已改到{}。", local(&scope, starts_at)), true).await?;
        }
        SessionCommand::Pin { session } => {
            let row = find_session(&scope, &session).await?;
            sessions::set_pinned(&scope, row.id, row.version, true).await?;
            tell(context, &scope, row.id, "已固定，重排时不动。", false).await?;
        }
        SessionCommand::Unpin { session } => {
            let row = find_session(&scope, &session).await?;
            sessions::set_pinned(&scope, row.id, row.version, false).await?;
            tell(context, &scope, row.id, "不再固定，重排时可以移动。", false).await?;
        }
        SessionCommand::Postpone { which, weeks } => {
            bulk(context, &scope, which, BulkChange::Postpone(weeks)).await?;
        }
        SessionCommand::Online { which, link } => {
            bulk(context, &scope, which, BulkChange::MoveOnline(link)).await?;
        }
        SessionCommand::Replies { session } => replies::list(context, &scope, &session).await?,
        SessionCommand::Reply(args) => replies::enter(context, &scope, args).await?,
        SessionCommand::Notice(args) => replies::notice(context, &scope, args).await?,
        SessionCommand::Cancel { session, reason, show_mail } => {
            let row = find_session(&scope, &session).await?;
            if let Some(who) = show_mail {
                let reader = Reader::find(context, &scope, &who).await?;
                let (to, letters) = (reader.person.id, &reader.letters);
                let written =
                    sessions::preview_cancel(&scope, row.id, row.version, &reason, to, letters).await?;
                return reader.shows(context, &scope, &written);
            }
            sessions::cancel(&scope, row.id, row.version, reason).await?;
            tell(context, &scope, row.id, "已取消。", true).await?;
        }
    }
    Ok(())
}

/// Says what was done to a session, and what mails follow where people could expect some.
async fn tell(context: &Context, scope: &Scope, session: Uuid, text: &str, mailed: bool) -> Result<()> {
    if context.json() {
        let mails = mails::written(scope).await?;
        return output::json(&json!({ "id": Kind::Session.id(session), "mails": mails }));
    }
    let mails = if mailed { mails::told(scope).await? } else { String::new() };
    println!("{text}{mails}");
    Ok(())
}

/// The session with an identifier.
pub async fn find_session(scope: &Scope, text: &str) -> Result<research_session::Model> {
    let id = Kind::Session.parse(text).ok_or(Error::NotFound(Kind::Session))?;
    research_session::Entity::find_by_id(id)
        .filter(research_session::Column::DistrictId.eq(scope.district.id))
        .one(scope.reader())
        .await?
        .ok_or(Error::NotFound(Kind::Session))
}

/// Reads `2026-09-23T14:20` as a time of the district.
pub fn parse_start(scope: &Scope, text: &str) -> Result<DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok();
    let instant = local.and_then(|local| scope.zone().from_local_datetime(&local).earliest());
    instant.map(|instant| instant.with_timezone(&Utc)).ok_or_else(|| {
        UserError::new(
            "TIME",
            format!("时间“{text}”无法识别，请写成 2026-09-23T14:20"),
            format!("the time {text:?} is not understood: write 2026-09-23T14:20"),
        )
        .into()
    })
}
