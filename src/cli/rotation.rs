//! Commands about a round of rotation, for an office without the console.

mod aims;
mod applications;
mod assessments;
mod correct;
mod count;
mod dispatch;
mod exemptions;
mod figures;
mod opinions;
mod papers;
mod policy;
mod proposals;
mod round;
mod why;

use std::collections::HashMap;

use clap::{Args, Subcommand};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use uuid::Uuid;

use super::context::Context;
use super::disruptions::unknown_number;
use super::output;
use crate::entity::values::RoundState;
use crate::entity::{rotation_round, school, teacher};
use crate::error::{Error, Result, UserError};
use crate::id::Kind;
use crate::people;
use crate::rows;
use crate::scope::Scope;

/// 轮岗批次，办理的事。
#[derive(Debug, Args)]
pub struct RotationArgs {
    /// 批次名称或其中一部分；默认为进行中的批次
    #[arg(long, global = true, value_name = "批次")]
    round: Option<String>,
    #[command(subcommand)]
    command: RotationCommand,
}

/// 教师交流轮岗。
#[derive(Debug, Subcommand)]
enum RotationCommand {
    /// 新建批次：各步骤的日期按年度惯例排好，可再调整
    Open(round::OpenArgs),
    /// 轮岗政策：列出、查看、设定、看范本
    Policy {
        #[command(subcommand)]
        command: policy::PolicyCommand,
    },
    /// 摸底：谁应交流、谁可交流、为什么，以及学科余缺
    Count(count::CountArgs),
    /// 开具、核对交流任教服务证明
    Certificate(papers::CertificateArgs),
    #[command(flatten)]
    Round(RoundCommand),
}

/// 一个批次里办的事。
#[derive(Debug, Subcommand)]
enum RoundCommand {
    /// 看看走到哪一步、下一步是什么、还缺什么
    Status,
    /// 推进、退回、调整日期
    Step {
        #[command(subcommand)]
        command: round::StepCommand,
    },
    /// 更正摸底结果、学科余缺，须写理由
    Correct {
        #[command(subcommand)]
        command: correct::CorrectCommand,
    },
    /// 列出申报
    Applications,
    /// 代教师提交申报，或存为草稿
    Apply(applications::ApplyArgs),
    /// 撤回申报
    Withdraw {
        /// 工号
        number: String,
    },
    /// 列出免于或暂缓交流的申请
    Exemptions,
    /// 代教师申请免于或暂缓交流
    Exempt(exemptions::ExemptArgs),
    /// 审定免轮申请
    Decide(exemptions::DecideArgs),
    /// 填写学校推荐意见
    Recommend(opinions::RecommendArgs),
    /// 登记异议
    Object(opinions::ObjectArgs),
    /// 列出异议
    Objections,
    /// 答复异议
    Answer(opinions::AnswerArgs),
    /// 拟订方案：求出最优的交流名单，或在一份方案上改动
    Propose(proposals::ProposeArgs),
    /// 列出方案
    Proposals,
    /// 看一份方案：各项数字、交流名单、理由
    Show {
        /// 方案编号；默认为现行的
        proposal: Option<String>,
        /// 连留任的人选一并列出
        #[arg(long)]
        all: bool,
    },
    /// 一位教师为什么交流、为什么留任，换一种结果要付什么代价
    Why {
        /// 工号
        number: String,
        /// 方案编号；默认为现行的
        #[arg(long, value_name = "编号")]
        proposal: Option<String>,
    },
    /// 比较两份方案
    Compare {
        /// 原方案的编号
        from: String,
        /// 新方案的编号
        to: String,
    },
    /// 公示一份方案，并进入“公示”一步
    Publicise {
        /// 方案编号；默认为最新的
        proposal: Option<String>,
    },
    /// 批准公示的方案
    Approve {
        /// 方案编号；默认为公示的
        proposal: Option<String>,
    },
    /// 舍弃一份草案
    Discard {
        /// 方案编号
        proposal: String,
    },
    /// 派遣已批准的人员，并列出因此无人任教的课
    Dispatch,
    /// 列出因派遣而无人任教的课
    Uncovered,
    /// 撤回一人的安排（第一天到来之前）
    Revoke(dispatch::RevokeArgs),
    /// 延长一人的交流
    Extend(dispatch::ServiceArgs),
    /// 提前结束一人的交流
    Recall(dispatch::ServiceArgs),
    /// 登记中期检查、期满考核的结果
    Assess(assessments::AssessArgs),
    /// 列出在岗的人和考核结果
    Assessments {
        /// 只列还没有考核的
        #[arg(long)]
        missing: bool,
    },
    /// 写出文书（.xlsx）：学科余缺汇总表、个人申请表、岗位统计表、花名册、信息反馈表
    Paper(papers::PaperArgs),
}

/// Runs a command about a round.
pub async fn rotation(context: &Context, args: RotationArgs) -> Result<()> {
    let which = args.round.as_deref();
    let command = match args.command {
        RotationCommand::Policy { command } => return policy::policy(context, command).await,
        RotationCommand::Count(args) => return count::count(context, which, args).await,
        RotationCommand::Open(open) => return round::open(context, open).await,
        RotationCommand::Certificate(asked) => return papers::certificate(context, which, asked).await,
        RotationCommand::Round(command) => command,
    };
    let scope = context.scope().await?;
    let round = find_round(&scope, which).await?;
    match command {
        RoundCommand::Status => round::status(context, &scope, &round).await,
        RoundCommand::Step { command } => round::step(context, &scope, &round, command).await,
        RoundCommand::Correct { command } => correct::correct(context, &scope, &round, command).await,
        RoundCommand::Revoke(revoke) => dispatch::revoke(context, &scope, &round, revoke).await,
        RoundCommand::Propose(propose) => proposals::propose(context, &scope, &round, propose).await,
        RoundCommand::Proposals => proposals::list(context, &scope, &round).await,
        RoundCommand::Show { proposal, all } => {
            proposals::show(context, &scope, &round, proposal.as_deref(), all).await
        }
        RoundCommand::Why { number, proposal } => {
            why::why(context, &scope, &round, &number, proposal.as_deref()).await
        }
        RoundCommand::Compare { from, to } => proposals::compare(context, &scope, &round, &from, &to).await,
        RoundCommand::Publicise { proposal } => {
            proposals::publicise(context, &scope, &round, proposal.as_deref()).await
        }
        RoundCommand::Approve { proposal } => {
            proposals::approve(context, &scope, &round, proposal.as_deref()).await
        }
        RoundCommand::Discard { proposal } => proposals::discard(context, &scope, &round, &proposal).await,
        RoundCommand::Dispatch => dispatch::dispatch(context, &scope, &round).await,
        RoundCommand::Uncovered => dispatch::left(context, &scope, &round).await,
        RoundCommand::Extend(change) => dispatch::change(context, &scope, &round, change, true).await,
        RoundCommand::Recall(change) => dispatch::change(context, &scope, &round, change, false).await,
        RoundCommand::Applications => applications::list(context, &scope, &round).await,
        RoundCommand::Apply(apply) => applications::apply(context, &scope, &round, apply).await,
        RoundCommand::Withdraw { number } => applications::withdraw(context, &scope, &round, &number).await,
        RoundCommand::Exemptions => exemptions::list(context, &scope, &round).await,
        RoundCommand::Exempt(exempt) => exemptions::exempt(context, &scope, &round, exempt).await,
        RoundCommand::Decide(decide) => exemptions::decide(context, &scope, decide).await,
        RoundCommand::Recommend(recommend) => opinions::recommend(context, &scope, &round, recommend).await,
        RoundCommand::Object(object) => opinions::object(context, &scope, &round, object).await,
        RoundCommand::Objections => opinions::list(context, &scope, &round).await,
        RoundCommand::Answer(answer) => opinions::answer(context, &scope, answer).await,
        RoundCommand::Assess(assess) => assessments::assess(context, &scope, &round, assess).await,
        RoundCommand::Assessments { missing } => assessments::list(context, &scope, &round, missing).await,
        RoundCommand::Paper(paper) => papers::paper(context, &scope, &round, paper).await,
    }
}

/// The round meant: by name, part of it or identifier, else the only one that is not dispatched yet, else the newest.
///
/// # Errors
/// `Rejected` when there is none, or none is sure to be meant.
async fn find_round(scope: &Scope, which: Option<&str>) -> Result<rotation_round::Model> {
    let select = rows::in_district(scope.district.id, rotation_round::Entity::find());
    let rounds = select.order_by_desc(rotation_round::Column::StartsOn).all(scope.reader()).await?;
    let fits = |round: &&rotation_round::Model| match which {
        Some(text) => Kind::Round.parse(text) == Some(round.id) || round.name.contains(text),
        None => round.state < RoundState::Dispatching,
    };
    let mut fitting = rounds.iter().filter(fits);
    let found = match (fitting.next(), fitting.next()) {
        (Some(only), None) => Some(only),
        (None, _) if which.is_none() => rounds.first(),
        _ => None,
    };
    found.cloned().ok_or_else(|| {
        let names = rounds.iter().map(|round| round.name.as_str()).collect::<Vec<_>>().join("、");
        let error = match rounds.is_empty() {
            true => UserError::new(
                "NO_ROUND",
                "还没有轮岗批次：请用 tongpan rotation open 新建；导入轮岗各表时也会新建",
                "there is no round yet: open one with `tongpan rotation open`; importing the sheets of rotation opens one too",
            ),
            false => UserError::new(
                "WHICH_ROUND",
                format!("不能确定是哪个批次，请用 --round 写明；已有：{names}"),
                format!("name the round with --round; there are: {names}"),
            ),
        };
        error.into()
    })
}

/// Says what was done.
fn tell(context: &Context, id: String, text: &str) -> Result<()> {
    if context.json() {
        return output::json(&json!({ "id": id }));
    }
    println!("{text}");
    Ok(())
}

/// The person with a staff number.
async fn person(scope: &Scope, number: &str) -> Result<teacher::Model> {
    let found = people::by_number(&scope.database, scope.district.id, number).await?;
    found.ok_or_else(|| unknown_number(number))
}

/// The value with a Chinese word; otherwise all words are told.
fn word<T>(found: Option<T>, all: impl Iterator<Item = &'static str>, written: &str) -> Result<T> {
    found.ok_or_else(|| {
        let words = all.collect::<Vec<_>>().join("、");
        Error::from(UserError::new(
            "UNKNOWN_WORD",
            format!("看不懂“{written}”，可以写：{words}"),
            format!("{written:?} is not understood; write one of: {words}"),
        ))
    })
}

/// People and schools by identifier, as lists print them.
struct Names {
    people: HashMap<Uuid, teacher::Model>,
    schools: HashMap<Uuid, String>,
}

impl Names {
    async fn load(scope: &Scope, people: impl IntoIterator<Item = Uuid>) -> Result<Self> {
        let teachers = rows::in_district(scope.district.id, teacher::Entity::find())
            .filter(teacher::Column::Id.is_in(people))
            .all(scope.reader())
            .await?;
        let schools =
            rows::in_district(scope.district.id, school::Entity::find()).all(scope.reader()).await?;
        Ok(Self {
            people: teachers.into_iter().map(|row| (row.id, row)).collect(),
            schools: schools.into_iter().map(|row| (row.id, row.name)).collect(),
        })
    }

    fn person(&self, id: Uuid) -> String {
        self.people.get(&id).map(|row| format!("{} {}", row.number, row.name)).unwrap_or_default()
    }

    fn number(&self, id: Uuid) -> &str {
        self.people.get(&id).map_or("", |row| &row.number)
    }

    fn school(&self, id: Uuid) -> &str {
        self.schools.get(&id).map_or("", String::as_str)
    }
}
