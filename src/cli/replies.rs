//! What people answered, answers entered for them, and notices to paste.

use chrono::{NaiveDate, TimeDelta, TimeZone, Utc};
use clap::{Args, ValueEnum};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::context::{Context, find_group};
use super::plan::local;
use super::session::find_session;
use super::{mails, output};
use crate::entity::research_session::{Column, Entity};
use crate::entity::teacher;
use crate::entity::values::{Reply, ReplyWay, SessionState};
use crate::error::Result;
use crate::id::Kind;
use crate::people;
use crate::scope::Scope;
use crate::sessions::letters::paste;
use crate::sessions::replies::{self, Answer};

/// 谁的回复，是什么。
#[derive(Debug, Args)]
pub struct ReplyArgs {
    /// 活动标识
    session: String,
    /// 谁的回复：工号
    #[arg(long, value_name = "工号")]
    teacher: String,
    /// 回复
    #[arg(long = "as", value_name = "回复")]
    reply: ReplyWord,
    /// 原因或说明
    #[arg(long)]
    reason: Option<String>,
}

/// 回复。
#[derive(Debug, Clone, Copy, ValueEnum)]
enum ReplyWord {
    /// 参加
    Accepted,
    /// 待定
    Tentative,
    /// 请假
    Declined,
}

/// 哪些活动的通知。
#[derive(Debug, Args)]
pub struct NoticeArgs {
    /// 活动标识；不写则为一个集团一周的活动
    #[arg(required_unless_present = "group")]
    session: Option<String>,
    /// 集团
    #[arg(long, conflicts_with = "session")]
    group: Option<String>,
    /// 哪一周：其中任意一天；默认为本周
    #[arg(long, value_name = "日期", requires = "group")]
    week: Option<NaiveDate>,
}

/// Lists what people answered.
pub async fn list(context: &Context, scope: &Scope, session: &str) -> Result<()> {
    let session = find_session(scope, session).await?;
    let parts = replies::of_session(scope, session.id).await?;
    let people = teacher::Entity::find()
        .filter(teacher::Column::DistrictId.eq(scope.district.id))
        .filter(teacher::Column::Id.is_in(parts.iter().map(|part| part.teacher_id)))
        .all(scope.reader())
        .await?;
    let name = |id| people.iter().find(|person| person.id == id).map_or("", |person| person.name.as_str());
    let count = replies::count(&parts);
    if context.json() {
        let rows: Vec<_> = parts
            .iter()
            .map(|part| {
                json!({ "teacher": Kind::Teacher.id(part.teacher_id), "name": name(part.teacher_id), "role": part.role,
                    "required": part.required, "excused": part.excused, "reply": part.reply, "repliedAt": part.replied_at,
                    "reason": part.reply_reason, "way": part.reply_way })
            })
            .collect();
        return output::json(&json!({
            "id": Kind::Session.id(session.id), "accepted": count.accepted, "declined": count.declined,
            "tentative": count.tentative, "pending": count.pending, "participants": rows,
        }));
    }
    let mut table = output::table(["姓名", "角色", "回复", "时间", "方式", "原因或说明"]);
    for part in &parts {
        let reply =
            part.excused.as_ref().map_or(part.reply.zh().to_owned(), |why| format!("不必参加（{why}）"));
        table.add_row([
            name(part.teacher_id).to_owned(),
            part.role.zh().to_owned(),
            reply,
            part.replied_at.map(|at| local(scope, at)).unwrap_or_default(),
            part.reply_way.map_or("", |way| way.zh()).to_owned(),
            part.reply_reason.clone().unwrap_or_default(),
        ]);
    }
    println!("{table}");
    let replies::Count { accepted, declined, tentative, pending } = count;
    println!("参加{accepted}人，请假{declined}人，待定{tentative}人，未回复{pending}人。");
    Ok(())
}

/// Enters an answer for somebody.
pub async fn enter(context: &Context, scope: &Scope, args: ReplyArgs) -> Result<()> {
    let session = find_session(scope, &args.session).await?;
    let person = people::by_number(&scope.database, scope.district.id, args.teacher.trim()).await?;
    let person = person.ok_or_else(|| people::unknown(&args.teacher))?;
    let answer = Answer {
        session_id: session.id,
        teacher_id: person.id,
        reply: match args.reply {
            ReplyWord::Accepted => Reply::Accepted,
            ReplyWord::Tentative => Reply::Tentative,
            ReplyWord::Declined => Reply::Declined,
        },
        reason: args.reason,
        way: ReplyWay::Coordinator,
        asked: None,
    };
    let recorded = replies::reply(scope, answer).await?;
    if context.json() {
        let mails = mails::written(scope).await?;
        return output::json(&json!({
            "id": Kind::Session.id(session.id), "reply": recorded.participant.reply, "changed": recorded.changed, "mails": mails,
        }));
    }
    let reply = recorded.participant.reply.zh();
    match recorded.changed {
        true => println!("已登记：{}{reply}。{}", person.name, mails::told(scope).await?),
        false => println!("{}此前已回复“{reply}”，没有变化。", person.name),
    }
    Ok(())
}

/// Prints notices to paste into a group of QQ or WeChat.
pub async fn notice(context: &Context, scope: &Scope, args: NoticeArgs) -> Result<()> {
    let sessions = match (&args.session, &args.group) {
        (Some(session), _) => vec![find_session(scope, session).await?],
        (None, Some(group)) => in_week(scope, group, args.week.unwrap_or(scope.today())).await?,
        (None, None) => Vec::new(),
    };
    let notices = paste::notices(scope, &sessions, context.language()).await?;
    if context.json() {
        let rows: Vec<_> = sessions
            .iter()
            .zip(&notices)
            .map(|(session, notice)| json!({ "id": Kind::Session.id(session.id), "notice": notice }))
            .collect();
        return output::json(&json!(rows));
    }
    if notices.is_empty() {
        println!("这一周没有活动。");
    }
    print!("{}", notices.join("\n"));
    Ok(())
}

/// A group's sessions in the week of a day, Monday to Sunday, that have a date and are on or were called off.
async fn in_week(
    scope: &Scope,
    group: &str,
    day: NaiveDate,
) -> Result<Vec<crate::entity::research_session::Model>> {
    let group = find_group(scope, group).await?;
    let monday = day.week(chrono::Weekday::Mon).first_day();
    let midnight = |day: NaiveDate| {
        let local = day.and_time(chrono::NaiveTime::MIN);
        scope
            .zone()
            .from_local_datetime(&local)
            .earliest()
            .map_or(local.and_utc(), |at| at.with_timezone(&Utc))
    };
    let sessions = Entity::find()
        .filter(Column::DistrictId.eq(scope.district.id))
        .filter(Column::GroupId.eq(group.id))
        .filter(Column::State.is_in([SessionState::Published, SessionState::Cancelled]))
        .filter(Column::StartsAt.gte(midnight(monday)))
        .filter(Column::StartsAt.lt(midnight(monday + TimeDelta::days(7))))
        .order_by_asc(Column::StartsAt)
        .order_by_asc(Column::Id);
    Ok(sessions.all(scope.reader()).await?)
}
