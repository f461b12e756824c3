//! `rotation propose`, `proposals`, `show`, `compare`, `publicise`, `approve`, `discard`: as an office reads and hangs them up.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use clap::Args;
use serde_json::json;

use super::aims::{aim_words, decisions, levels, protection, quota};
use super::figures::figures;
use super::{Names, tell};
use crate::calendar::days::weekdays_zh;
use crate::cli::context::Context;
use crate::cli::output;
use crate::cli::plan::local;
use crate::entity::{proposal_move, rotation_proposal, rotation_round};
use crate::error::{Language, Result, UserError};
use crate::id::Kind;
use crate::rotations::proposals::{
    self, Comparison, Force, Impossible, Leg, Made, Outcome, Request, Settings, Stop, Stored,
};
use crate::rotations::steps;
use crate::scope::Scope;

/// 拟订方案的选项。
#[derive(Debug, Args)]
pub struct ProposeArgs {
    /// 从哪一号方案改起：沿用它的设定，并尽量少变动；不写则从头拟订
    #[arg(long, value_name = "编号")]
    from: Option<String>,
    /// 理由；已有方案公示的必须写
    #[arg(long)]
    reason: Option<String>,
    /// 求解时限，秒
    #[arg(long)]
    seconds: Option<u32>,
    /// 留任：工号
    #[arg(long, value_name = "工号")]
    stay: Vec<String>,
    /// 交流：工号，或 工号=学校，走教可写 工号=学校=35
    #[arg(long = "move", value_name = "工号=学校")]
    moves: Vec<String>,
    /// 试改一条比例：条次=比例，如 4=15%；条次=可缺 表示允许达不到
    #[arg(long, value_name = "条次=比例")]
    rate: Vec<String>,
    /// 目标的次序，如 空缺,比例,最远,流向,志愿*30+通勤,均衡
    #[arg(long, value_name = "目标")]
    order: Option<String>,
    /// 流向作为硬性规定
    #[arg(long)]
    strict: bool,
    /// 应交流的本轮全部交流，不按比例分年安排
    #[arg(long)]
    all_due: bool,
    /// 不先安排自愿互换
    #[arg(long)]
    no_exchange: bool,
    /// 申报者保护到谁，只去其志愿或留任：不必交流（默认）、本轮不必、不保护
    #[arg(long, value_name = "范围")]
    protect: Option<String>,
    /// 走教的星期，如 35 为星期三、五
    #[arg(long, value_name = "星期")]
    weekdays: Option<String>,
    /// 只试算，不存；与 --from 的方案比较
    #[arg(long)]
    dry_run: bool,
}

/// Makes a proposal, or shows what one would be.
pub async fn propose(
    context: &Context,
    scope: &Scope,
    round: &rotation_round::Model,
    args: ProposeArgs,
) -> Result<()> {
    let parent = match &args.from {
        Some(which) => Some(Stored::load(scope, find(scope, round, Some(which)).await?.id).await?),
        None => None,
    };
    let request = Request {
        round_id: round.id,
        parent_id: parent.as_ref().map(|parent| parent.row.id),
        reason: args.reason.clone(),
        settings: settings(scope, parent.as_ref(), &args).await?,
    };
    let stop = stopped_by_hand();
    if args.dry_run {
        return match proposals::what_if(scope, &request, stop).await? {
            Made::Impossible(why) => impossible(context, &why),
            Made::Done(worked) => match &parent {
                Some(parent) => comparison(context, scope, &proposals::compare(parent, &worked)).await,
                None => figures(context, &worked.outcome),
            },
        };
    }
    match proposals::propose(scope, request, stop).await? {
        Made::Impossible(why) => impossible(context, &why),
        Made::Done(row) => {
            let made = Stored::load(scope, row.id).await?;
            print(context, scope, &made, false).await?;
            match &parent {
                Some(parent) if !context.json() => {
                    println!("\n与第{}号相比：", parent.row.number);
                    let compared = proposals::compare_stored(scope, parent.row.id, row.id).await?;
                    comparison(context, scope, &compared).await
                }
                _ => Ok(()),
            }
        }
    }
}

/// Ctrl-C ends the search, which keeps its best.
fn stopped_by_hand() -> Stop {
    let stop = Stop::default();
    let asked = Arc::clone(&stop);
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            asked.store(true, Ordering::Relaxed);
        }
    });
    stop
}

async fn settings(scope: &Scope, parent: Option<&Stored>, args: &ProposeArgs) -> Result<Settings> {
    let mut settings = parent.map(|parent| parent.settings.clone()).unwrap_or_default();
    if let Some(seconds) = args.seconds {
        settings.seconds = seconds;
    }
    if let Some(order) = &args.order {
        settings.levels = levels(order)?;
    }
    if let Some(days) = &args.weekdays {
        settings.weekdays = days.chars().filter_map(|day| day.to_digit(10)).map(|day| day as u8).collect();
    }
    for text in &args.rate {
        let quota = quota(text)?;
        settings.quotas.retain(|known| known.ordinal != quota.ordinal);
        settings.quotas.push(quota);
    }
    if args.strict {
        settings.directions = Force::Require;
    }
    settings.all_due |= args.all_due;
    settings.exchange &= !args.no_exchange;
    if let Some(text) = &args.protect {
        settings.protection = protection(text)?;
    }
    let reason = args.reason.as_deref().unwrap_or("手工安排");
    for decision in decisions(scope, &args.stay, &args.moves, reason).await? {
        settings = settings.deciding(decision);
    }
    Ok(settings)
}

/// The proposal meant: by number or identifier, else the one that counts.
///
/// # Errors
/// `Rejected` when there is none.
pub async fn find(
    scope: &Scope,
    round: &rotation_round::Model,
    which: Option<&str>,
) -> Result<rotation_proposal::Model> {
    let found = match which {
        None => proposals::newest(scope, round).await?,
        Some(text) => {
            let id = Kind::Proposal.parse(text);
            let all = proposals::proposals(scope, round).await?;
            all.into_iter().find(|row| Some(row.id) == id || row.number.to_string() == text)
        }
    };
    found.ok_or_else(|| {
        let which = which.map(|which| format!("“{which}”")).unwrap_or_default();
        UserError::new(
            "NO_SUCH_PROPOSAL",
            format!("没有方案{which}：请用 tongpan rotation proposals 查看，或先用 tongpan rotation propose 拟订"),
            "there is no such proposal: see `tongpan rotation proposals`, or make one with `tongpan rotation propose`",
        )
        .into()
    })
}

/// Lists the proposals of a round.
pub async fn list(context: &Context, scope: &Scope, round: &rotation_round::Model) -> Result<()> {
    let rows = proposals::proposals(scope, round).await?;
    if context.json() {
        let shown = rows.iter().map(|row| {
            json!({
                "id": Kind::Proposal.id(row.id), "number": row.number, "state": row.state, "reason": row.reason,
                "parentId": row.parent_id.map(|id| Kind::Proposal.id(id)), "createdAt": row.created_at,
                "outcome": row.outcome,
            })
        });
        return output::json(&json!(shown.collect::<Vec<_>>()));
    }
    if rows.is_empty() {
        println!("还没有方案：请用 tongpan rotation propose 拟订。");
        return Ok(());
    }
    let mut table = output::table(["编号", "状态", "由", "拟订时间", "交流", "骨干", "最优", "理由"]);
    for row in &rows {
        let outcome: Outcome = serde_json::from_value(row.outcome.clone())?;
        let parent = rows.iter().find(|other| Some(other.id) == row.parent_id);
        table.add_row([
            row.number.to_string(),
            row.state.zh().to_owned(),
            parent.map(|parent| format!("第{}号", parent.number)).unwrap_or_default(),
            local(scope, row.created_at),
            outcome.movers.told(),
            outcome.backbone.told(),
            if outcome.is_proven() { "已证明" } else { "未证明" }.to_owned(),
            row.reason.clone().unwrap_or_default(),
        ]);
    }
    println!("{table}");
    Ok(())
}

/// Shows a proposal: its figures, who moves, and with `all` who stays and why.
pub async fn show(
    context: &Context,
    scope: &Scope,
    round: &rotation_round::Model,
    which: Option<&str>,
    all: bool,
) -> Result<()> {
    let stored = Stored::load(scope, find(scope, round, which).await?.id).await?;
    print(context, scope, &stored, all).await
}

async fn print(context: &Context, scope: &Scope, stored: &Stored, all: bool) -> Result<()> {
    if context.json() {
        let moves = stored.moves.iter().map(|row| {
            json!({
                "teacherId": Kind::Teacher.id(row.teacher_id),
                "fromSchoolId": Kind::School.id(row.from_school_id),
                "toSchoolId": row.to_school_id.map(|id| Kind::School.id(id)),
                "form": row.form, "fromOn": row.from_on, "untilOn": row.until_on, "weekdays": row.weekdays,
                "wish": row.wish_rank, "commuteBefore": row.commute_before, "commuteAfter": row.commute_after,
                "reasons": row.reasons,
            })
        });
        return output::json(&json!({
            "id": Kind::Proposal.id(stored.row.id), "number": stored.row.number, "state": stored.row.state,
            "outcome": stored.row.outcome, "settings": stored.row.settings, "moves": moves.collect::<Vec<_>>(),
        }));
    }
    println!("第{}号方案（{}）", stored.row.number, stored.row.state.zh());
    figures(context, &stored.outcome)?;
    let names = Names::load(scope, stored.moves.iter().map(|row| row.teacher_id)).await?;
    let (movers, stayers): (Vec<_>, Vec<_>) = stored.moves.iter().partition(|row| row.to_school_id.is_some());
    println!("\n交流名单（{}人）", movers.len());
    let mut table = output::table(["教师", "原学校", "交流到", "形式", "起止", "志愿", "单程通勤", "理由"]);
    for row in movers {
        table.add_row(mover(context.language(), &names, row)?);
    }
    println!("{table}");
    if !all {
        println!(
            "另有{}位人选留任：加 --all 逐人列出理由，tongpan rotation why 工号 看一人的详情。",
            stayers.len()
        );
        return Ok(());
    }
    println!("\n留任（{}人）", stayers.len());
    let mut table = output::table(["教师", "学校", "理由"]);
    for row in stayers {
        let why = line(context.language(), row)?;
        table.add_row([names.person(row.teacher_id), names.school(row.from_school_id).to_owned(), why]);
    }
    println!("{table}");
    Ok(())
}

fn line(language: Language, row: &proposal_move::Model) -> Result<String> {
    Ok(proposals::line(&proposals::reasons(row)?).text(language).to_owned())
}

fn mover(language: Language, names: &Names, row: &proposal_move::Model) -> Result<[String; 8]> {
    let days = row.weekdays.as_deref().map(|days| format!("（{}）", weekdays_zh(days))).unwrap_or_default();
    Ok([
        names.person(row.teacher_id),
        names.school(row.from_school_id).to_owned(),
        row.to_school_id.map(|id| names.school(id).to_owned()).unwrap_or_default(),
        format!("{}{days}", row.form.zh()),
        format!("{}—{}", row.from_on, row.until_on),
        row.wish_rank.map(|rank| format!("第{rank}")).unwrap_or_default(),
        format!("{}→{}", minutes(row.commute_before), minutes(row.commute_after)),
        line(language, row)?,
    ])
}

/// `35分`, or that it is unknown.
pub fn minutes(way: Option<i32>) -> String {
    way.map_or_else(|| "未知".to_owned(), |way| format!("{way}分"))
}

/// Says which rules are in each other's way, and the cheapest ways out; nothing was stored.
fn impossible(context: &Context, why: &Impossible) -> Result<()> {
    if context.json() {
        output::json(&serde_json::to_value(why)?)?;
    }
    Err(why.refusal())
}

/// Compares two proposals of a round.
pub async fn compare(
    context: &Context,
    scope: &Scope,
    round: &rotation_round::Model,
    from: &str,
    to: &str,
) -> Result<()> {
    let (from, to) = (find(scope, round, Some(from)).await?, find(scope, round, Some(to)).await?);
    comparison(context, scope, &proposals::compare_stored(scope, from.id, to.id).await?).await
}

async fn comparison(context: &Context, scope: &Scope, compared: &Comparison) -> Result<()> {
    let names = Names::load(scope, compared.differences.iter().map(|row| row.teacher_id)).await?;
    if context.json() {
        let leg = |leg: Option<Leg>| {
            leg.map(|leg| json!({ "schoolId": Kind::School.id(leg.school_id), "form": leg.form, "wish": leg.wish }))
        };
        let differences = compared.differences.iter().map(|row| {
            json!({ "teacher": names.number(row.teacher_id), "before": leg(row.before), "after": leg(row.after) })
        });
        return output::json(&json!({
            "before": compared.before, "after": compared.after, "differences": differences.collect::<Vec<_>>(),
        }));
    }
    let mut table = output::table(["目标（先后）", "原方案", "新方案"]);
    for level in &compared.levels {
        let shown = |level: &Option<proposals::LevelOutcome>| {
            level.as_ref().map_or_else(|| "—".to_owned(), |level| level.shown.clone())
        };
        table.add_row([aim_words(&level.aims), shown(&level.before), shown(&level.after)]);
    }
    table.add_row(["交流".to_owned(), compared.before.movers.told(), compared.after.movers.told()]);
    table.add_row(["骨干".to_owned(), compared.before.backbone.told(), compared.after.backbone.told()]);
    println!("{table}");
    println!("去向不同的 {} 人", compared.differences.len());
    if compared.differences.is_empty() {
        return Ok(());
    }
    let mut table = output::table(["教师", "学校", "原方案", "新方案"]);
    let to = |leg: &Option<Leg>| match leg {
        None => "留任".to_owned(),
        Some(leg) => {
            let wish = leg.wish.map(|rank| format!("，第{rank}志愿")).unwrap_or_default();
            format!("{}（{}{wish}，{}）", names.school(leg.school_id), leg.form.zh(), minutes(leg.minutes))
        }
    };
    for row in &compared.differences {
        let school = names.school(row.from_school_id).to_owned();
        table.add_row([names.person(row.teacher_id), school, to(&row.before), to(&row.after)]);
    }
    println!("{table}");
    Ok(())
}

/// Makes a proposal public, and takes the round into that step when nothing is missing.
pub async fn publicise(
    context: &Context,
    scope: &Scope,
    round: &rotation_round::Model,
    which: Option<&str>,
) -> Result<()> {
    let row = proposals::publicise(scope, find(scope, round, which).await?.id).await?;
    let stepped = steps::forward(scope, round.id, round.version).await;
    let id = Kind::Proposal.id(row.id);
    match stepped {
        Ok(round) => tell(
            context,
            id,
            &format!("第{}号方案已公示，“{}”进入“{}”。", row.number, round.name, round.state.zh()),
        ),
        Err(error) => {
            let why = error.explain(context.language());
            tell(context, id, &format!("第{}号方案已选定公示；批次还不能进入“公示”：{why}", row.number))
        }
    }
}

/// Approves the public proposal.
pub async fn approve(
    context: &Context,
    scope: &Scope,
    round: &rotation_round::Model,
    which: Option<&str>,
) -> Result<()> {
    let row = proposals::approve(scope, find(scope, round, which).await?.id).await?;
    let outcome: Outcome = serde_json::from_value(row.outcome)?;
    let text = format!("第{}号方案已批准，{}人待派遣。", row.number, outcome.movers.above);
    tell(context, Kind::Proposal.id(row.id), &text)
}

/// Discards a draft.
pub async fn discard(
    context: &Context,
    scope: &Scope,
    round: &rotation_round::Model,
    which: &str,
) -> Result<()> {
    let row = proposals::discard(scope, find(scope, round, Some(which)).await?.id).await?;
    tell(context, Kind::Proposal.id(row.id), &format!("第{}号方案已舍弃。", row.number))
}
