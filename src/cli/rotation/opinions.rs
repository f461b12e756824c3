//! `rotation recommend`, `object`, `objections`, `answer`.

use clap::Args;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{Names, person, tell, word};
use crate::cli::context::Context;
use crate::cli::disruptions::found;
use crate::cli::output;
use crate::cli::plan::local;
use crate::entity::values::RecommendationVerdict;
use crate::entity::{objection, recommendation, rotation_round};
use crate::error::Result;
use crate::id::Kind;
use crate::rotations::objections::{self, Answer, NewObjection};
use crate::rotations::recommendations::{self, Opinion};
use crate::rows;
use crate::scope::Scope;

/// 学校推荐意见。
#[derive(Debug, Args)]
pub struct RecommendArgs {
    /// 工号
    number: String,
    /// 意见：推荐、有保留、不同意
    verdict: String,
    /// 理由；推荐的可以不写
    #[arg(long, default_value = "")]
    reason: String,
}

/// 异议。
#[derive(Debug, Args)]
pub struct ObjectArgs {
    /// 异议的内容
    content: String,
    /// 涉及的人员的工号；不写则针对整个方案
    #[arg(long, value_name = "工号")]
    about: Option<String>,
    /// 由谁提出：工号或姓名
    #[arg(long)]
    by: String,
}

/// 答复。
#[derive(Debug, Args)]
pub struct AnswerArgs {
    /// 异议标识（见 tongpan rotation objections）
    objection: String,
    /// 成立
    #[arg(long, conflicts_with = "reject", required_unless_present = "reject")]
    uphold: bool,
    /// 不成立
    #[arg(long)]
    reject: bool,
    /// 答复的内容和理由，会告知提出异议的人
    #[arg(long)]
    answer: String,
}

/// Says what the home school thinks of a teacher's move.
pub async fn recommend(
    context: &Context,
    scope: &Scope,
    round: &rotation_round::Model,
    args: RecommendArgs,
) -> Result<()> {
    let teacher = person(scope, &args.number).await?;
    let known = rows::in_district(scope.district.id, recommendation::Entity::find())
        .filter(recommendation::Column::RoundId.eq(round.id))
        .filter(recommendation::Column::TeacherId.eq(teacher.id))
        .one(scope.reader())
        .await?;
    let verdicts = RecommendationVerdict::ALL.iter().map(|verdict| verdict.zh());
    let opinion = Opinion {
        round_id: round.id,
        teacher_id: teacher.id,
        verdict: word(RecommendationVerdict::from_zh(&args.verdict), verdicts, &args.verdict)?,
        reason: args.reason,
        expected_version: known.map(|row| row.version),
    };
    let row = recommendations::set(scope, opinion).await?;
    let text = format!("{}的学校意见：{}。", teacher.name, row.verdict.zh());
    tell(context, Kind::Recommendation.id(row.id), &text)
}

/// Raises an objection.
pub async fn object(
    context: &Context,
    scope: &Scope,
    round: &rotation_round::Model,
    args: ObjectArgs,
) -> Result<()> {
    let teacher_id = match &args.about {
        Some(number) => Some(person(scope, number).await?.id),
        None => None,
    };
    let ObjectArgs { content, by, .. } = args;
    let new = NewObjection { round_id: round.id, teacher_id, raised_by: Some(by), content };
    let row = objections::raise(scope, new).await?;
    let id = Kind::Objection.id(row.id);
    let text = format!("已登记异议（{id}）。");
    tell(context, id, &text)
}

/// Answers an objection.
pub async fn answer(context: &Context, scope: &Scope, args: AnswerArgs) -> Result<()> {
    let row = found::<objection::Entity>(scope, Kind::Objection, &args.objection).await?;
    let answer = Answer {
        objection_id: row.id,
        expected_version: row.version,
        upheld: args.uphold,
        answer: args.answer,
    };
    let row = objections::answer(scope, answer).await?;
    tell(context, Kind::Objection.id(row.id), &format!("异议已答复：{}。", row.state.zh()))
}

/// Lists the objections of a round.
pub async fn list(context: &Context, scope: &Scope, round: &rotation_round::Model) -> Result<()> {
    let rows = rows::in_district(scope.district.id, objection::Entity::find())
        .filter(objection::Column::RoundId.eq(round.id))
        .order_by_asc(objection::Column::Id)
        .all(scope.reader())
        .await?;
    let names = Names::load(scope, rows.iter().filter_map(|row| row.teacher_id)).await?;
    if context.json() {
        let shown = rows.iter().map(|row| {
            json!({
                "id": Kind::Objection.id(row.id),
                "about": row.teacher_id.map(|id| names.number(id)),
                "raisedBy": row.raised_by,
                "raisedAt": row.raised_at,
                "content": row.content,
                "state": row.state,
                "answer": row.answer,
                "version": row.version,
            })
        });
        return output::json(&json!(shown.collect::<Vec<_>>()));
    }
    if rows.is_empty() {
        println!("没有异议。");
        return Ok(());
    }
    let mut table = output::table(["涉及", "提出人", "时间", "内容", "状态", "答复", "标识"]);
    for row in &rows {
        table.add_row([
            row.teacher_id.map_or_else(|| "整个方案".to_owned(), |id| names.person(id)),
            row.raised_by.clone(),
            local(scope, row.raised_at),
            row.content.clone(),
            row.state.zh().to_owned(),
            row.answer.clone().unwrap_or_default(),
            Kind::Objection.id(row.id),
        ]);
    }
    println!("{table}");
    Ok(())
}
