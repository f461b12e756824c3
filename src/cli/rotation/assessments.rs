//! `rotation assess`, `assessments`.

use std::collections::HashSet;

use chrono::NaiveDate;
use clap::Args;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use uuid::Uuid;

use super::{Names, person, tell, word};
use crate::cli::context::Context;
use crate::cli::output;
use crate::entity::values::{AssessmentKind, AssessmentResult, PlacementState};
use crate::entity::{assessment, placement, rotation_round};
use crate::error::{Result, UserError};
use crate::id::Kind;
use crate::rotations::assessments::{self, Outcome};
use crate::rows;
use crate::scope::Scope;

/// 考核。
#[derive(Debug, Args)]
pub struct AssessArgs {
    /// 工号
    number: String,
    /// 中期检查、期满考核
    kind: String,
    /// 结果：优秀、称职、基本称职、不称职
    result: String,
    /// 评语；基本称职、不称职的必须写明原因
    #[arg(long)]
    remark: Option<String>,
    /// 考核日期；默认为今天
    #[arg(long, value_name = "日期")]
    on: Option<NaiveDate>,
}

/// Records an assessment.
pub async fn assess(
    context: &Context,
    scope: &Scope,
    round: &rotation_round::Model,
    args: AssessArgs,
) -> Result<()> {
    let teacher = person(scope, &args.number).await?;
    let placement = rows::in_district(scope.district.id, placement::Entity::find())
        .filter(placement::Column::RoundId.eq(round.id))
        .filter(placement::Column::TeacherId.eq(teacher.id))
        .one(scope.reader())
        .await?;
    let placement = placement.ok_or_else(|| {
        let (name, round) = (&teacher.name, &round.name);
        let zh = format!("{name}不在“{round}”的安排中；请核对工号，或用 --round 指定批次");
        let en =
            format!("{name} has no placement in {round:?}: check the number, or name the round with --round");
        UserError::new("NOT_PLACED", zh, en)
    })?;
    let kinds = AssessmentKind::ALL.iter().map(|kind| kind.zh());
    let kind = word(AssessmentKind::from_zh(&args.kind), kinds, &args.kind)?;
    let results = AssessmentResult::ALL.iter().map(|result| result.zh());
    let known = of_placements(scope, &[placement.id]).await?.into_iter().find(|row| row.kind == kind);
    let outcome = Outcome {
        placement_id: placement.id,
        kind,
        result: word(AssessmentResult::from_zh(&args.result), results, &args.result)?,
        remark: args.remark,
        assessed_on: args.on,
        expected_version: known.map(|row| row.version),
    };
    let row = assessments::record(scope, outcome).await?;
    let text = format!("{}的{}：{}。", teacher.name, row.kind.zh(), row.result.zh());
    tell(context, Kind::Assessment.id(row.id), &text)
}

async fn of_placements(scope: &Scope, placements: &[Uuid]) -> Result<Vec<assessment::Model>> {
    let select = rows::in_district(scope.district.id, assessment::Entity::find())
        .filter(assessment::Column::PlacementId.is_in(placements.iter().copied()));
    Ok(select.all(scope.reader()).await?)
}

/// Lists who serves and how they were assessed; only those who still wait for an assessment, when `missing`.
pub async fn list(
    context: &Context,
    scope: &Scope,
    round: &rotation_round::Model,
    missing: bool,
) -> Result<()> {
    let mut waiting = HashSet::new();
    for kind in AssessmentKind::ALL {
        let rows = assessments::waiting(scope.reader(), round, *kind).await?;
        waiting.extend(rows.iter().map(|row| (row.id, *kind)));
    }
    let mut serving = rows::in_district(scope.district.id, placement::Entity::find())
        .filter(placement::Column::RoundId.eq(round.id))
        .filter(placement::Column::State.eq(PlacementState::Approved))
        .order_by_asc(placement::Column::Id)
        .all(scope.reader())
        .await?;
    let waits = |row: &placement::Model, kind| waiting.contains(&(row.id, kind));
    serving.retain(|row| !missing || AssessmentKind::ALL.iter().any(|kind| waits(row, *kind)));
    let placements: Vec<Uuid> = serving.iter().map(|row| row.id).collect();
    let known = of_placements(scope, &placements).await?;
    let result = |row: &placement::Model, kind| {
        known.iter().find(|one| one.placement_id == row.id && one.kind == kind)
    };
    let names = Names::load(scope, serving.iter().map(|row| row.teacher_id)).await?;
    if context.json() {
        let shown = serving.iter().map(|row| {
            let one = |kind| result(row, kind).map(|row| json!({ "result": row.result, "on": row.assessed_on, "remark": row.remark, "version": row.version }));
            json!({
                "teacher": names.number(row.teacher_id),
                "placement": Kind::Placement.id(row.id),
                "midTerm": one(AssessmentKind::MidTerm),
                "final": one(AssessmentKind::Final),
                "waitsFor": AssessmentKind::ALL.iter().filter(|kind| waits(row, **kind)).collect::<Vec<_>>(),
            })
        });
        return output::json(&json!(shown.collect::<Vec<_>>()));
    }
    if serving.is_empty() {
        println!("{}", if missing { "没有待考核的人。" } else { "还没有派遣的人。" });
        return Ok(());
    }
    let mut table = output::table(["工号 姓名", "任教学校", "起止", "中期检查", "期满考核"]);
    for row in &serving {
        let shown = |kind| match result(row, kind) {
            Some(row) => format!("{} {}", row.result.zh(), row.assessed_on),
            None if waits(row, kind) => "待考核".to_owned(),
            None => String::new(),
        };
        table.add_row([
            names.person(row.teacher_id),
            names.school(row.to_school_id).to_owned(),
            format!("{} 至 {}", row.from_on, row.until_on),
            shown(AssessmentKind::MidTerm),
            shown(AssessmentKind::Final),
        ]);
    }
    println!("{table}");
    Ok(())
}
