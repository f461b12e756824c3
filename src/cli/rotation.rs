//! Commands about a round of rotation, for an office without the console.

mod applications;
mod assessments;
mod exemptions;
mod opinions;
mod papers;
mod round;

use std::collections::HashMap;

use clap::{Args, Subcommand};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::context::{Context, find_round};
use super::disruptions::unknown_number;
use super::output;
use crate::entity::{school, teacher};
use crate::error::{Error, Result, UserError};
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
    /// 看看走到哪一步、下一步是什么、还缺什么
    Status,
    /// 推进、退回、调整日期
    Step {
        #[command(subcommand)]
        command: round::StepCommand,
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
    /// 开具、核对交流任教服务证明
    Certificate(papers::CertificateArgs),
}

/// Runs a command about a round.
pub async fn rotation(context: &Context, args: RotationArgs) -> Result<()> {
    let scope = context.scope().await?;
    match args.command {
        RotationCommand::Open(open) => return round::open(context, &scope, open).await,
        RotationCommand::Certificate(asked) => {
            return papers::certificate(context, &scope, args.round.as_deref(), asked).await;
        }
        _ => {}
    }
    let round = find_round(&scope, args.round.as_deref()).await?;
    match args.command {
        RotationCommand::Open(_) | RotationCommand::Certificate(_) => Ok(()),
        RotationCommand::Status => round::status(context, &scope, &round).await,
        RotationCommand::Step { command } => round::step(context, &scope, &round, command).await,
        RotationCommand::Applications => applications::list(context, &scope, &round).await,
        RotationCommand::Apply(apply) => applications::apply(context, &scope, &round, apply).await,
        RotationCommand::Withdraw { number } => {
            applications::withdraw(context, &scope, &round, &number).await
        }
        RotationCommand::Exemptions => exemptions::list(context, &scope, &round).await,
        RotationCommand::Exempt(exempt) => exemptions::exempt(context, &scope, &round, exempt).await,
        RotationCommand::Decide(decide) => exemptions::decide(context, &scope, decide).await,
        RotationCommand::Recommend(recommend) => {
            opinions::recommend(context, &scope, &round, recommend).await
        }
        RotationCommand::Object(object) => opinions::object(context, &scope, &round, object).await,
        RotationCommand::Objections => opinions::list(context, &scope, &round).await,
        RotationCommand::Answer(answer) => opinions::answer(context, &scope, answer).await,
        RotationCommand::Assess(assess) => assessments::assess(context, &scope, &round, assess).await,
        RotationCommand::Assessments { missing } => assessments::list(context, &scope, &round, missing).await,
        RotationCommand::Paper(paper) => papers::paper(context, &scope, &round, paper).await,
    }
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
