//! `rotation open`, `status`, `step`.

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use serde_json::json;

use super::{policy, tell, word};
use crate::cli::context::Context;
use crate::cli::output;
use crate::entity::rotation_round;
use crate::entity::values::RoundState;
use crate::error::{Error, Result};
use crate::id::Kind;
use crate::rotations::permits;
use crate::rotations::steps::{self, Progress, Rescheduling};
use crate::rotations::{NewRound, create_round};
use crate::scope::Scope;

/// 新批次。
#[derive(Debug, Args)]
pub struct OpenArgs {
    /// 名称，如 2027年教师交流轮岗
    name: String,
    /// 服务的第一天，如 2027-09-01
    #[arg(long)]
    from: NaiveDate,
    /// 服务的最后一天，如 2029-08-31
    #[arg(long)]
    until: NaiveDate,
    /// 只为一个集团（核心校与成员校）；默认为全县
    #[arg(long, value_name = "集团")]
    group: Option<String>,
    /// 执行的政策（标识见 tongpan rotation policy list）；默认为摸底时有效的，集团自己的优先
    #[arg(long, value_name = "标识")]
    policy: Option<String>,
}

/// 步骤。
#[derive(Debug, Subcommand)]
pub enum StepCommand {
    /// 推进到下一步；还缺什么会逐条列出
    Forward,
    /// 退回上一步（开始派遣后不能退回）
    Back {
        /// 原因
        #[arg(long)]
        reason: String,
    },
    /// 调整一步的日期
    Dates {
        /// 步骤：摸底、申报、学校推荐、拟订方案、公示、审批、派遣、在岗、考核
        step: String,
        /// 第一天
        #[arg(long)]
        from: NaiveDate,
        /// 最后一天
        #[arg(long)]
        due: NaiveDate,
        /// 公示不少于几个工作日
        #[arg(long)]
        working_days: Option<i32>,
        /// 原因
        #[arg(long)]
        reason: Option<String>,
    },
}

/// Opens a round.
pub async fn open(context: &Context, args: OpenArgs) -> Result<()> {
    let scope = context.scope().await?;
    let group = policy::group_named(&scope, args.group.as_deref()).await?;
    let policy_id = args.policy.as_deref().map(policy::identified).transpose()?;
    let OpenArgs { name, from: starts_on, until: ends_on, .. } = args;
    let group_id = group.map(|group| group.id);
    let round = create_round(&scope, NewRound { name, starts_on, ends_on, group_id, policy_id }).await?;
    let text = format!("已新建“{}”，现在的步骤是“{}”。", round.name, round.state.zh());
    tell(context, Kind::Round.id(round.id), &text)
}

/// Shows where the round stands.
pub async fn status(context: &Context, scope: &Scope, round: &rotation_round::Model) -> Result<()> {
    let progress = steps::progress(scope, round).await?;
    if context.json() {
        return output::json(&as_json(context, round, &progress));
    }
    println!("{}（服务期 {} 至 {}）", round.name, round.starts_on, round.ends_on);
    match progress.next {
        Some(next) => println!("现在的步骤：{}；下一步：{}", round.state.zh(), next.zh()),
        None => println!("已经结束。"),
    }
    let mut table = output::table(["", "步骤", "第一天", "最后一天", "进入", "由谁推进"]);
    for step in &progress.steps {
        let mark = if step.step == round.state { "▶" } else { "" };
        let entered = step.entered_on.map(|day| day.to_string()).unwrap_or_default();
        let days = [step.from_on.to_string(), step.due_on.to_string()];
        let [from, due] = days;
        table.add_row([mark.to_owned(), step.step.zh().to_owned(), from, due, entered, leaders(step.step)]);
    }
    println!("{table}");
    let (missing, advice): (Vec<_>, Vec<_>) = progress.gaps.iter().partition(|gap| gap.blocks);
    for (heading, gaps) in [("进入下一步之前还缺：", missing), ("另请注意：", advice)] {
        if !gaps.is_empty() {
            println!("{heading}");
        }
        for gap in gaps {
            println!("  - {}", gap.message.text(context.language()));
        }
    }
    Ok(())
}

fn leaders(step: RoundState) -> String {
    let forward = permits::in_step(step).find(|row| row.action == permits::RotationAction::StepForward);
    let roles = forward.map_or(&[][..], |row| row.roles);
    roles.iter().map(|role| role.zh()).collect::<Vec<_>>().join("、")
}

fn as_json(context: &Context, round: &rotation_round::Model, progress: &Progress) -> serde_json::Value {
    let step = |step: &crate::entity::round_step::Model| {
        json!({
            "step": step.step,
            "fromOn": step.from_on,
            "dueOn": step.due_on,
            "enteredOn": step.entered_on,
            "reason": step.reason,
        })
    };
    let gap = |gap: &steps::Gap| json!({ "code": gap.code, "blocks": gap.blocks, "message": gap.message.text(context.language()) });
    json!({
        "id": Kind::Round.id(round.id),
        "name": round.name,
        "state": round.state,
        "next": progress.next,
        "steps": progress.steps.iter().map(step).collect::<Vec<_>>(),
        "missing": progress.gaps.iter().map(gap).collect::<Vec<_>>(),
    })
}

/// Takes the next step, goes back, or changes the days of one.
pub async fn step(
    context: &Context,
    scope: &Scope,
    round: &rotation_round::Model,
    command: StepCommand,
) -> Result<()> {
    let id = Kind::Round.id(round.id);
    match command {
        StepCommand::Forward => {
            let after = steps::forward(scope, round.id, round.version).await?;
            tell(context, id, &format!("“{}”已进入“{}”。", after.name, after.state.zh()))
        }
        StepCommand::Back { reason } => {
            let after = steps::back(scope, round.id, round.version, &reason).await?;
            tell(context, id, &format!("“{}”已退回“{}”。", after.name, after.state.zh()))
        }
        StepCommand::Dates { step, from, due, working_days, reason } => {
            let words = RoundState::ALL.iter().map(|step| step.zh());
            let step = word(RoundState::from_zh(&step), words, &step)?;
            let known = steps::stored(scope.reader(), round).await?;
            let row = known.iter().find(|row| row.step == step);
            let row = row.ok_or(Error::NotFound(Kind::RoundStep))?;
            let change = Rescheduling {
                step_id: row.id,
                expected_version: row.version,
                from_on: from,
                due_on: due,
                working_days,
                reason,
            };
            let after = steps::reschedule(scope, change).await?;
            let text = format!("{}改为 {} 至 {}。", after.step.zh(), after.from_on, after.due_on);
            tell(context, Kind::RoundStep.id(after.id), &text)
        }
    }
}
