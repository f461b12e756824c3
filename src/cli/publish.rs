//! Publishing: what changes and who is told, then the question, then the deed.

use std::collections::HashMap;

use clap::Args;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use uuid::Uuid;

use super::context::{Context, find_plan};
use super::plan::{local, summary};
use super::previews::Reader;
use super::{mails, output};
use crate::entity::values::{MessageKind, PublicationChangeKind};
use crate::entity::{plan, research_session, room, school, subject, teacher};
use crate::error::{Error, Result, UserError};
use crate::plans::{self, Difference, Place, Publication};
use crate::scope::Scope;
use crate::sessions::reminders::lead_zh;
use crate::sessions::title;

/// 发布选项。
#[derive(Debug, Args)]
pub struct PublishArgs {
    /// 方案编号或标识；默认为最新草案
    #[arg(long)]
    plan: Option<String>,
    /// 原因，会写进变更和取消通知；默认为“教研安排有变，重新排期”
    #[arg(long)]
    reason: Option<String>,
    /// 不再询问
    #[arg(long)]
    yes: bool,
    /// 撤回刚才的发布：邮件尚在暂缓时，一切恢复原状，不通知任何人
    #[arg(long, conflicts_with = "reason")]
    undo: bool,
    /// 只看发布后这个人会收到的每一封信（姓名或工号），不发布
    #[arg(long, value_name = "姓名", conflicts_with = "yes")]
    show_mail: Option<String>,
}

/// Shows what publishing would do, asks, and publishes.
pub async fn publish(context: &Context, args: PublishArgs) -> Result<()> {
    let scope = context.scope().await?;
    if args.undo {
        return undo(&scope, args.plan.as_deref()).await;
    }
    let plan = find_plan(&scope, args.plan.as_deref()).await?;
    if let Some(who) = &args.show_mail {
        let reader = Reader::find(context, &scope, who).await?;
        let written =
            plans::preview_letters(&scope, plan.id, args.reason, reader.person.id, &reader.letters).await?;
        return reader.shows(context, &scope, &written);
    }
    let preview = plans::preview(&scope, plan.id).await.map_err(with_a_way_out)?;
    if !context.json() {
        print_publication(&scope, &preview).await?;
    }
    if !args.yes && !output::confirm("现在发布？")? {
        println!("没有发布。");
        return Ok(());
    }
    let published = plans::publish_because(&scope, plan.id, args.reason).await?;
    if context.json() {
        let mails: Vec<_> = published
            .mails
            .iter()
            .map(|mail| json!({ "kind": mail.kind, "leadMinutes": mail.lead_minutes, "recipients": mail.recipients, "mails": mail.mails }))
            .collect();
        let count = |kinds: &[PublicationChangeKind]| -> serde_json::Map<String, serde_json::Value> {
            let of = |kind| published.differences.iter().filter(|one| one.kind == kind).count();
            kinds.iter().map(|kind| (kind.zh().to_owned(), json!(of(*kind)))).collect()
        };
        return output::json(&json!({
            "plan": summary(&published.plan),
            "placed": published.placed.len(),
            "changes": count(PublicationChangeKind::ALL),
            "standing": published.standing,
            "undated": published.undated.len(),
            "mails": mails,
        }));
    }
    println!("方案{}已发布。{}", published.plan.number, mails::told(&scope).await?);
    if scope.district.hold_minutes > 0 && !published.changes_nothing() {
        println!(
            "邮件{}分钟后才开始发送，在此之前可用 tongpan publish --undo 撤回。",
            scope.district.hold_minutes
        );
    }
    Ok(())
}

/// Takes the last publication back, or that of a plan.
async fn undo(scope: &Scope, plan: Option<&str>) -> Result<()> {
    let plan = match plan {
        Some(_) => find_plan(scope, plan).await?.id,
        None => last_published(scope).await?,
    };
    let plan = plans::unpublish(scope, plan).await?;
    println!("已撤回方案{}的发布：活动、人员和场地恢复原状，没有通知任何人。", plan.number);
    Ok(())
}

async fn last_published(scope: &Scope) -> Result<Uuid> {
    let last = plan::Entity::find()
        .filter(plan::Column::DistrictId.eq(scope.district.id))
        .filter(plan::Column::PublishedAt.is_not_null())
        .order_by_desc(plan::Column::PublishedAt)
        .order_by_desc(plan::Column::Number)
        .one(scope.reader())
        .await?;
    last.map(|plan| plan.id).ok_or_else(|| {
        UserError::new("PLAN_NOT_PUBLISHED", "还没有发布过方案，无需撤回", "no plan was published yet").into()
    })
}

/// Says above the rules that are broken what to do about them.
fn with_a_way_out(error: Error) -> Error {
    match error {
        Error::Rejected(mut faults) if faults.iter().any(|fault| fault.code == "RULE_BROKEN") => {
            let outdated = UserError::new(
                "PLAN_OUTDATED",
                "方案与现在的数据不符，没有发布；请用 tongpan solve 重新排期后再发布：",
                "the plan no longer fits things as they are and was not published; make another with `tongpan solve`:",
            );
            faults.insert(0, outdated);
            Error::Rejected(faults)
        }
        other => other,
    }
}

/// Prints what publishing does, or would do.
pub(super) async fn print_publication(scope: &Scope, publication: &Publication) -> Result<()> {
    println!(
        "发布方案{}：{}次活动将定下时间地点，{}次已发布的不变，{}次仍待定。",
        publication.plan.number,
        publication.placed.len(),
        publication.standing,
        publication.undated.len()
    );
    if publication.changes_nothing() {
        println!("与已发布的安排相同：没有要变动的活动，也不会通知任何人。");
        return Ok(());
    }
    print_changes(scope, publication).await?;
    print_mails(publication);
    if !publication.without_address.is_empty() {
        let people = teacher::Entity::find()
            .filter(teacher::Column::DistrictId.eq(scope.district.id))
            .filter(teacher::Column::Id.is_in(publication.without_address.clone()))
            .all(scope.reader())
            .await?;
        let names: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
        println!("没有邮箱、收不到通知的：{}", names.join("、"));
    }
    Ok(())
}

/// How many mails go out; nothing when there are none.
fn print_mails(publication: &Publication) {
    if publication.mails.is_empty() {
        return;
    }
    let mut table = output::table(["邮件", "收件人", "封数"]);
    for mail in &publication.mails {
        let what = match (mail.kind, mail.lead_minutes) {
            (MessageKind::Reminder, lead) => format!("提醒（{}）", lead_zh(lead)),
            (kind, _) => kind.zh().to_owned(),
        };
        table.add_row([what, format!("{}人", mail.recipients), mail.mails.to_string()]);
    }
    println!("{table}");
}

/// What happens to published sessions; those that get their first date are in the plan.
async fn print_changes(scope: &Scope, publication: &Publication) -> Result<()> {
    let published = |one: &&Difference| one.kind != PublicationChangeKind::Placed;
    let changes: Vec<&Difference> = publication.differences.iter().filter(published).collect();
    if changes.is_empty() {
        return Ok(());
    }
    let names = Names::load(scope, &changes).await?;
    let mut table = output::table(["已发布的活动", "变化", "原来", "改为", "人员"]);
    for change in &changes {
        let place =
            |place: &Option<Place>| place.as_ref().map_or("待定".to_owned(), |at| names.place(scope, at));
        table.add_row([
            names.of(change.session).to_owned(),
            change.kind.zh().to_owned(),
            place(&change.before),
            place(&change.after),
            names.people(change),
        ]);
    }
    println!("{table}");
    Ok(())
}

/// What people call the things that changes name.
struct Names {
    names: HashMap<Uuid, String>,
    /// The school of each room.
    school_of: HashMap<Uuid, Uuid>,
}

impl Names {
    async fn load(scope: &Scope, changes: &[&Difference]) -> Result<Self> {
        let (district, reader) = (scope.district.id, scope.reader());
        let subjects =
            subject::Entity::find().filter(subject::Column::DistrictId.eq(district)).all(reader).await?;
        let sessions = research_session::Entity::find()
            .filter(research_session::Column::DistrictId.eq(district))
            .filter(research_session::Column::Id.is_in(changes.iter().map(|change| change.session)))
            .all(reader)
            .await?;
        let teachers =
            teacher::Entity::find().filter(teacher::Column::DistrictId.eq(district)).all(reader).await?;
        let rooms = room::Entity::find().filter(room::Column::DistrictId.eq(district)).all(reader).await?;
        let schools =
            school::Entity::find().filter(school::Column::DistrictId.eq(district)).all(reader).await?;
        let mut names: HashMap<Uuid, String> = HashMap::new();
        for row in &sessions {
            let subject = subjects.iter().find(|subject| Some(subject.id) == row.subject_id);
            names.insert(row.id, title(row, subject.map(|subject| subject.name.as_str())));
        }
        names.extend(teachers.into_iter().map(|row| (row.id, row.name)));
        let school_of = rooms.iter().map(|row| (row.id, row.school_id)).collect();
        names.extend(rooms.into_iter().map(|row| (row.id, row.name)));
        names.extend(schools.into_iter().map(|row| (row.id, row.name)));
        Ok(Self { names, school_of })
    }

    fn of(&self, id: Uuid) -> &str {
        self.names.get(&id).map_or("", String::as_str)
    }

    /// The sending end of a lesson given from afar.
    fn sender(&self, place: &Place) -> String {
        let Some(room) = place.second_room_id else { return String::new() };
        format!(
            "（主讲端：{}{}）",
            self.school_of.get(&room).map_or("", |school| self.of(*school)),
            self.of(room)
        )
    }

    fn place(&self, scope: &Scope, place: &Place) -> String {
        let site = match place.host_school_id {
            Some(school) => {
                let room = place.room_id.map_or("", |room| self.of(room));
                format!("{}{room}{}", self.of(school), self.sender(place))
            }
            None => "线上".to_owned(),
        };
        let presenters: Vec<&str> = place.presenters.iter().map(|id| self.of(*id)).collect();
        let presented = if presenters.is_empty() {
            String::new()
        } else {
            format!("，{}授课", presenters.join("、"))
        };
        format!("{} {site}{presented}", local(scope, place.starts_at))
    }

    fn people(&self, change: &Difference) -> String {
        let words = [("新增", &change.joining), ("不再参加", &change.leaving)];
        let counted =
            words.iter().filter(|(_, people)| !people.is_empty()).map(|(word, people)| match people.len() {
                1..=3 => {
                    let names: Vec<&str> = people.iter().map(|id| self.of(*id)).collect();
                    format!("{word}{}", names.join("、"))
                }
                count => format!("{word}{count}人"),
            });
        counted.collect::<Vec<_>>().join("，")
    }
}
