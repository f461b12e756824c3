//! `rotation exemptions`, `exempt`, `decide`.

use chrono::NaiveDate;
use clap::Args;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{Names, person, tell, word};
use crate::cli::context::Context;
use crate::cli::disruptions::found;
use crate::cli::output;
use crate::entity::values::ExemptionKind;
use crate::entity::{exemption, rotation_round};
use crate::error::Result;
use crate::id::Kind;
use crate::rotations::exemptions::{self, Decision, NewExemption};
use crate::rows;
use crate::scope::Scope;

/// 免轮申请。
#[derive(Debug, Args)]
pub struct ExemptArgs {
    /// 工号
    number: String,
    /// 事由：孕期、哺乳期、病假、特色课程带头人、临近退休的校长、特殊困难
    kind: String,
    /// 证明材料及编号
    #[arg(long)]
    evidence: String,
    /// 证明从哪天起
    #[arg(long)]
    from: NaiveDate,
    /// 到哪天为止；默认为这种事由的最长期限
    #[arg(long)]
    until: Option<NaiveDate>,
}

/// 审定。
#[derive(Debug, Args)]
pub struct DecideArgs {
    /// 申请标识（见 tongpan rotation exemptions）
    exemption: String,
    /// 同意
    #[arg(long, conflicts_with = "refuse", required_unless_present = "refuse")]
    accept: bool,
    /// 不同意
    #[arg(long)]
    refuse: bool,
    /// 已经校内公示（须公示的事由，同意时必填）
    #[arg(long, conflicts_with = "refuse")]
    announced: bool,
    /// 理由，会告知本人
    #[arg(long)]
    reason: String,
}

/// Asks for an exemption on behalf of a teacher.
pub async fn exempt(
    context: &Context,
    scope: &Scope,
    round: &rotation_round::Model,
    args: ExemptArgs,
) -> Result<()> {
    let teacher = person(scope, &args.number).await?;
    let kinds = ExemptionKind::ALL.iter().map(|kind| kind.zh());
    let new = NewExemption {
        round_id: round.id,
        teacher_id: teacher.id,
        kind: word(ExemptionKind::from_zh(&args.kind), kinds, &args.kind)?,
        evidence: args.evidence,
        evidence_from_on: args.from,
        expires_on: args.until,
    };
    let row = exemptions::submit(scope, new).await?;
    let id = Kind::Exemption.id(row.id);
    let text = format!("{}的免轮申请已提交（{id}）。", teacher.name);
    tell(context, id, &text)
}

/// Accepts or refuses an exemption.
pub async fn decide(context: &Context, scope: &Scope, args: DecideArgs) -> Result<()> {
    let row = found::<exemption::Entity>(scope, Kind::Exemption, &args.exemption).await?;
    let decision = Decision {
        exemption_id: row.id,
        expected_version: row.version,
        accepted: args.accept,
        announced: args.announced,
        reason: args.reason,
    };
    let row = exemptions::decide(scope, decision).await?;
    tell(context, Kind::Exemption.id(row.id), &format!("免轮申请{}。", row.state.zh()))
}

/// Lists the exemptions of a round.
pub async fn list(context: &Context, scope: &Scope, round: &rotation_round::Model) -> Result<()> {
    let rows = rows::in_district(scope.district.id, exemption::Entity::find())
        .filter(exemption::Column::RoundId.eq(round.id))
        .order_by_asc(exemption::Column::Id)
        .all(scope.reader())
        .await?;
    let names = Names::load(scope, rows.iter().map(|row| row.teacher_id)).await?;
    if context.json() {
        let shown = rows.iter().map(|row| {
            json!({
                "id": Kind::Exemption.id(row.id),
                "number": names.number(row.teacher_id),
                "kind": row.kind,
                "evidence": row.evidence,
                "expiresOn": row.expires_on,
                "state": row.state,
                "decisionReason": row.decision_reason,
                "version": row.version,
            })
        });
        return output::json(&json!(shown.collect::<Vec<_>>()));
    }
    if rows.is_empty() {
        println!("没有免于或暂缓交流的申请。");
        return Ok(());
    }
    let mut table = output::table(["教师", "事由", "材料", "有效至", "状态", "理由", "标识"]);
    for row in &rows {
        let until = row.expires_on.map(|day| day.to_string()).unwrap_or_default();
        table.add_row([
            names.person(row.teacher_id),
            row.kind.zh().to_owned(),
            row.evidence.clone(),
            until,
            row.state.zh().to_owned(),
            row.decision_reason.clone().unwrap_or_default(),
            Kind::Exemption.id(row.id),
        ]);
    }
    println!("{table}");
    Ok(())
}
