//! Commands about drafts: list, show, edit by hand, undo, name, discard.

use clap::{Args, Subcommand};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::context::{Context, find_plan, find_room, find_school};
use super::cover::{self, CoverArgs};
use super::explain;
use super::output;
use super::plan::{local, print_plan, summary};
use super::publish::print_publication;
use super::session::{find_session, parse_start};
use crate::entity::{plan, plan_session, teacher};
use crate::error::{Bilingual, Error, Language, Result};
use crate::id::Kind;
use crate::plans::revert::{Left, Reverted};
use crate::plans::store::EditNote;
use crate::plans::{self, Cost, Edit, Stand};
use crate::scope::Scope;

/// Reasons of one rule that are printed.
const REASONS_SHOWN: usize = 5;

/// 查看与手工调整方案。
#[derive(Debug, Subcommand)]
pub enum PlanCommand {
    /// 列出方案：已发布的，以及各份草案的最新一版
    List {
        /// 连同修改过的、撤销的、舍弃的一并列出
        #[arg(long)]
        all: bool,
    },
    /// 打印一份方案的安排表、得分与未排原因
    Show {
        /// 方案编号或标识；默认为最新草案
        plan: Option<String>,
    },
    /// 调课单：各校谁的课、哪个班、哪一节，因哪次活动要调
    Cover(CoverArgs),
    /// 逐条规则列出方案的问题（按现在的数据）
    Analyze {
        /// 方案编号或标识；默认为最新草案
        plan: Option<String>,
        /// 每条规则列出多少条
        #[arg(long, default_value_t = 3)]
        limit: usize,
    },
    /// 一次活动还可以排在哪里，各要多扣多少分
    Slots(explain::SlotsArgs),
    /// 一次活动为什么排在这里、为什么不排在那里、为什么排不上
    Why(explain::WhyArgs),
    /// 比较两份方案：哪些活动有变动，好在哪里差在哪里，涉及谁
    Compare {
        /// 原方案的编号或标识
        #[arg(value_name = "原方案")]
        from: String,
        /// 新方案的编号或标识
        #[arg(value_name = "新方案")]
        to: String,
    },
    /// 在草案中移动一次活动；原方案不变，得到一份新草案
    Move(MoveArgs),
    /// 固定一次活动：重新排期时时间、地点、授课教师都不动
    Pin(EditArgs),
    /// 取消固定
    Unpin(EditArgs),
    /// 把一次活动留作待定：不排时间，发布时也不定
    Hold(EditArgs),
    /// 取消待定，重新排期时再排
    Release(EditArgs),
    /// 撤销最近一次调整，回到上一版
    Undo {
        /// 方案编号或标识；默认为最新草案
        plan: Option<String>,
    },
    /// 恢复刚撤销的调整
    Redo {
        /// 方案编号或标识；默认为最新草案
        plan: Option<String>,
    },
    /// 恢复以前发布过的方案：今后的活动照它的安排，得到一份草案并列出变动，发布后生效
    Revert {
        /// 发布过的方案的编号或标识
        plan: String,
    },
    /// 给草案起名，如“方案A”
    Rename {
        /// 名称；写空则去掉
        label: String,
        /// 方案编号或标识；默认为最新草案
        #[arg(long)]
        plan: Option<String>,
    },
    /// 舍弃一份草案，连同其各版调整
    Discard {
        /// 方案编号或标识
        plan: String,
    },
}

/// 移动到哪里；不写的不变。
#[derive(Debug, Args)]
pub struct MoveArgs {
    #[command(flatten)]
    which: EditArgs,
    /// 新的开始时间，如 2026-09-23T14:20
    #[arg(long)]
    to: Option<String>,
    /// 新的承办校
    #[arg(long)]
    host: Option<String>,
    /// 新的场地；换了承办校而不写场地的，选坐得下的最小场地
    #[arg(long)]
    room: Option<String>,
    /// 新的授课教师工号，可写多个，须写全
    #[arg(long = "presenter", value_name = "工号")]
    presenters: Vec<String>,
}

/// 哪份方案的哪次活动。
#[derive(Debug, Args)]
pub struct EditArgs {
    /// 活动标识（见 tongpan plan show --json）
    session: String,
    /// 方案编号或标识；默认为最新草案
    #[arg(long)]
    plan: Option<String>,
    /// 只看代价，不改动
    #[arg(long)]
    dry_run: bool,
}

/// Lists, shows and edits plans.
pub async fn run(context: &Context, command: PlanCommand) -> Result<()> {
    let scope = context.scope().await?;
    match command {
        PlanCommand::List { all } => list(context, &scope, all).await,
        PlanCommand::Show { plan } => {
            let plan = find_plan(&scope, plan.as_deref()).await?;
            print_plan(context, &scope, &plan).await
        }
        PlanCommand::Cover(args) => cover::cover(context, &scope, args).await,
        PlanCommand::Analyze { plan, limit } => {
            explain::analyze(context, &scope, plan.as_deref(), limit).await
        }
        PlanCommand::Slots(args) => explain::slots(context, &scope, args).await,
        PlanCommand::Why(args) => explain::why(context, &scope, args).await,
        PlanCommand::Compare { from, to } => explain::compare(context, &scope, &from, &to).await,
        PlanCommand::Move(args) => {
            let stand = stand(&scope, &args).await?;
            edit(context, &scope, args.which, Edit::Move(stand)).await
        }
        PlanCommand::Pin(args) => edit(context, &scope, args, Edit::Pin).await,
        PlanCommand::Unpin(args) => edit(context, &scope, args, Edit::Unpin).await,
        PlanCommand::Hold(args) => edit(context, &scope, args, Edit::Hold).await,
        PlanCommand::Release(args) => edit(context, &scope, args, Edit::Release).await,
        PlanCommand::Undo { plan } => {
            let undone = find_plan(&scope, plan.as_deref()).await?;
            let before = plans::undo(&scope, undone.id).await?;
            let text = format!("已撤销方案{}，现为方案{}。", undone.number, before.number);
            tell(context, &before, &text)
        }
        PlanCommand::Redo { plan } => {
            let plan = find_plan(&scope, plan.as_deref()).await?;
            let again = plans::redo(&scope, plan.id).await?;
            tell(context, &again, &format!("已恢复方案{}。", again.number))
        }
        PlanCommand::Revert { plan } => revert(context, &scope, &plan).await,
        PlanCommand::Rename { label, plan } => {
            let plan = find_plan(&scope, plan.as_deref()).await?;
            let named = plans::rename(&scope, plan.id, plan.version, &label).await?;
            let text = match &named.label {
                Some(label) => format!("方案{}名为“{label}”。", named.number),
                None => format!("方案{}不再有名称。", named.number),
            };
            tell(context, &named, &text)
        }
        PlanCommand::Discard { plan } => {
            let plan = find_plan(&scope, Some(&plan)).await?;
            let discarded = plans::discard(&scope, plan.id).await?;
            tell(context, &discarded, &format!("方案{}已舍弃。", discarded.number))
        }
    }
}

/// Makes the draft, and shows what publishing it would change.
async fn revert(context: &Context, scope: &Scope, which: &str) -> Result<()> {
    let earlier = find_plan(scope, Some(which)).await?;
    let Reverted { plan: draft, left } = plans::revert(scope, earlier.id).await?;
    if context.json() {
        let mut shown = summary(&draft);
        shown["notRestored"] = left.iter().map(left_json).collect();
        return output::json(&shown);
    }
    println!("方案{}：今后的活动照方案{}的安排。", draft.number, earlier.number);
    if !left.is_empty() {
        println!("其中{}次不能恢复，保持现在的样子：", left.len());
    }
    for one in &left {
        let reasons: Vec<&str> = one.reasons.iter().map(|reason| reason.text(context.language())).collect();
        println!("  {}：{}", one.name, reasons.join("；"));
    }
    print_publication(scope, &plans::preview(scope, draft.id).await?).await?;
    println!("用 tongpan publish --plan {} 发布，tongpan plan discard {0} 舍弃。", draft.number);
    Ok(())
}

fn left_json(left: &Left) -> serde_json::Value {
    json!({ "id": Kind::Session.id(left.session), "name": left.name, "reasons": left.reasons })
}

fn tell(context: &Context, plan: &plan::Model, text: &str) -> Result<()> {
    if context.json() {
        return output::json(&summary(plan));
    }
    println!("{text}");
    Ok(())
}

async fn list(context: &Context, scope: &Scope, all: bool) -> Result<()> {
    let mut select = plan::Entity::find()
        .filter(plan::Column::DistrictId.eq(scope.district.id))
        .order_by_desc(plan::Column::Number);
    if !all {
        select = select.filter(plans::drafts::listed(scope.district.id));
    }
    let plans = select.all(scope.reader()).await?;
    if context.json() {
        let rows: Vec<_> = plans.iter().map(summary).collect();
        return output::json(&json!(rows));
    }
    if plans.is_empty() {
        println!("还没有方案：用 tongpan solve 排一份。");
        return Ok(());
    }
    let headings = [
        "编号",
        "名称",
        "标识",
        "建于",
        "建立人",
        "排法",
        "已排",
        "固定",
        "待定",
        "扣分（硬性/中级/软性）",
        "状态",
        "由来",
    ];
    let mut table = output::table(headings);
    for plan in plans {
        table.add_row([
            plan.number.to_string(),
            plan.label.clone().unwrap_or_default(),
            Kind::Plan.id(plan.id),
            local(scope, plan.created_at),
            plan.created_by.clone(),
            how(&plan),
            format!("{}/{}", plan.placed, plan.total),
            plan.pinned.to_string(),
            plan.undated_on_purpose.to_string(),
            format!("{}/{}/{}", plan.hard, plan.medium, plan.soft),
            state(scope, &plan),
            note(&plan)?.map(|note| note.sentence.text(context.language()).to_owned()).unwrap_or_default(),
        ]);
    }
    println!("{table}");
    Ok(())
}

/// How a plan came about, and what finds it again.
fn how(plan: &plan::Model) -> String {
    let Some(threads) = plan.threads else { return plan.origin.zh().to_owned() };
    let limit = match plan.seconds {
        Some(seconds) => format!("{seconds}秒"),
        None => format!("{}步", plan.steps),
    };
    let seed = u64::from_ne_bytes(plan.seed.to_ne_bytes());
    format!("{}（种子{seed}，{limit}，{threads}线程）", plan.origin.zh())
}

fn state(scope: &Scope, plan: &plan::Model) -> String {
    match (plan.published_at, plan.discarded_at) {
        (Some(at), _) => format!("已发布 {}", local(scope, at)),
        (None, Some(_)) => "已舍弃".into(),
        (None, None) => "草案".into(),
    }
}

fn note(plan: &plan::Model) -> Result<Option<EditNote>> {
    Ok(plan.edit.clone().map(serde_json::from_value).transpose()?)
}

/// Reads where a session shall stand. A room is looked for at the host it goes to, else at the one the plan has.
async fn stand(scope: &Scope, args: &MoveArgs) -> Result<Stand> {
    let host_school_id = match &args.host {
        Some(name) => Some(find_school(scope, name).await?.id),
        None => None,
    };
    let room_id = match (&args.room, host_school_id.or(present_host(scope, args).await?)) {
        (Some(name), Some(school)) => Some(find_room(scope, school, name).await?.id),
        _ => None,
    };
    Ok(Stand {
        starts_at: args.to.as_ref().map(|text| parse_start(scope, text)).transpose()?,
        host_school_id,
        room_id,
        second_room_id: None,
        presenters: presenters(scope, &args.presenters).await?,
    })
}

async fn present_host(scope: &Scope, args: &MoveArgs) -> Result<Option<sea_orm::prelude::Uuid>> {
    let plan = find_plan(scope, args.which.plan.as_deref()).await?;
    let session = find_session(scope, &args.which.session).await?;
    let row = plan_session::Entity::find()
        .filter(plan_session::Column::DistrictId.eq(scope.district.id))
        .filter(plan_session::Column::PlanId.eq(plan.id))
        .filter(plan_session::Column::SessionId.eq(session.id))
        .one(scope.reader())
        .await?;
    Ok(row.and_then(|row| row.host_school_id))
}

/// The people with these staff numbers, in their order; `None` when none is named.
async fn presenters(scope: &Scope, numbers: &[String]) -> Result<Option<Vec<sea_orm::prelude::Uuid>>> {
    if numbers.is_empty() {
        return Ok(None);
    }
    let rows = teacher::Entity::find()
        .filter(teacher::Column::DistrictId.eq(scope.district.id))
        .filter(teacher::Column::Number.is_in(numbers))
        .all(scope.reader())
        .await?;
    let of = |number: &String| {
        let found = rows.iter().find(|row| row.number == *number);
        found.map(|row| row.id).ok_or(Error::NotFound(Kind::Teacher))
    };
    numbers.iter().map(of).collect::<Result<_>>().map(Some)
}

async fn edit(context: &Context, scope: &Scope, args: EditArgs, edit: Edit) -> Result<()> {
    let plan = find_plan(scope, args.plan.as_deref()).await?;
    let session = find_session(scope, &args.session).await?;
    if args.dry_run {
        let cost = plans::weigh(scope, plan.id, session.id, &edit).await?;
        if context.json() {
            return output::json(&cost_json(&cost));
        }
        print_cost(context, &cost);
        println!("没有改动。");
        return Ok(());
    }
    let edited = plans::edit(scope, plan.id, session.id, &edit).await?;
    if context.json() {
        return output::json(&json!({ "plan": summary(&edited.plan), "cost": cost_json(&edited.cost) }));
    }
    print_cost(context, &edited.cost);
    let what = note(&edited.plan)?.map(|note| note.sentence.text(context.language()).to_owned());
    println!(
        "方案{}（在方案{}的基础上）：{}。用 tongpan plan undo 撤销。",
        edited.plan.number,
        plan.number,
        what.unwrap_or_default()
    );
    Ok(())
}

fn print_cost(context: &Context, cost: &Cost) {
    let language = context.language();
    let (was, is) = (cost.before, cost.after);
    println!(
        "扣分（硬性/中级/软性）：{}/{}/{} → {}/{}/{}",
        was.hard, was.medium, was.soft, is.hard, is.medium, is.soft
    );
    for fault in &cost.broken {
        println!("  不能这样改：{}", fault.message.text(language));
    }
    for rule in &cost.rules {
        println!("  {}（{} → {}）", rule.sentence.text(language), rule.before, rule.after);
        print_reasons('＋', &rule.worse, language);
        print_reasons('－', &rule.better, language);
    }
    println!(
        "新增到场{}人次，新增请假{}人次，不再邀请{}人次。",
        cost.newly_present.len(),
        cost.newly_excused.len(),
        cost.no_longer_invited.len()
    );
}

fn print_reasons(sign: char, reasons: &[Bilingual], language: Language) {
    for reason in reasons.iter().take(REASONS_SHOWN) {
        println!("    {sign} {}", reason.text(language));
    }
    let more = reasons.len().saturating_sub(REASONS_SHOWN);
    if more > 0 {
        println!("    {sign} …… 另有{more}条（--json 列出全部）");
    }
}

fn cost_json(cost: &Cost) -> serde_json::Value {
    let score = |score: session_planner::Score| json!({ "hard": score.hard, "medium": score.medium, "soft": score.soft });
    let sentences = |list: &[Bilingual]| json!(list);
    let rules: Vec<_> = cost
        .rules
        .iter()
        .map(|rule| {
            json!({
                "name": rule.name,
                "before": rule.before,
                "after": rule.after,
                "worse": sentences(&rule.worse),
                "better": sentences(&rule.better),
            })
        })
        .collect();
    let broken: Vec<_> = cost.broken.iter().map(|fault| json!(fault.message)).collect();
    json!({
        "before": score(cost.before),
        "after": score(cost.after),
        "broken": broken,
        "rules": rules,
        "newlyPresent": cost.newly_present.len(),
        "newlyExcused": cost.newly_excused.len(),
        "noLongerInvited": cost.no_longer_invited.len(),
    })
}
