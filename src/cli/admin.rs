//! Commands about the installation: status, migrate, backup.

use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::context::Context;
use super::data::{FileArg, already_there};
use super::output;
use crate::entity::values::SessionState;
use crate::entity::{
    education_group, import_run, lesson, plan, programme, research_session, school, teacher, term,
};
use crate::error::Result;
use crate::mail::outbox;
use crate::scope::Scope;

/// Says what is imported, planned, published and unsent.
pub async fn status(context: &Context) -> Result<()> {
    let scope = context.scope().await?;
    let (district, reader) = (scope.district.id, scope.reader());
    let counts = [
        ("学校", school::Entity::find().filter(school::Column::DistrictId.eq(district)).count(reader).await?),
        (
            "集团",
            education_group::Entity::find()
                .filter(education_group::Column::DistrictId.eq(district))
                .count(reader)
                .await?,
        ),
        (
            "教职工",
            teacher::Entity::find().filter(teacher::Column::DistrictId.eq(district)).count(reader).await?,
        ),
        ("课表", lesson::Entity::find().filter(lesson::Column::DistrictId.eq(district)).count(reader).await?),
        (
            "教研计划",
            programme::Entity::find()
                .filter(programme::Column::DistrictId.eq(district))
                .count(reader)
                .await?,
        ),
    ];
    let sessions = sessions_by_state(&scope).await?;
    let messages = outbox::counts(&scope).await?;
    let imported = import_run::Entity::find()
        .filter(import_run::Column::DistrictId.eq(district))
        .order_by_desc(import_run::Column::Id)
        .one(reader)
        .await?;
    let terms = term::Entity::find()
        .filter(term::Column::DistrictId.eq(district))
        .order_by_asc(term::Column::StartsOn)
        .all(reader)
        .await?;
    let plans = plan::Entity::find()
        .filter(plan::Column::DistrictId.eq(district))
        .order_by_desc(plan::Column::Number)
        .all(reader)
        .await?;
    if context.json() {
        return output::json(&json!({
            "district": scope.district.name,
            "counts": counts.iter().map(|(name, count)| ((*name).to_owned(), json!(count))).collect::<serde_json::Map<_, _>>(),
            "lastImport": imported.map(|run| json!({ "file": run.file_name, "at": run.finished_at })),
            "sessions": sessions.iter().map(|(state, count)| (state.zh().to_owned(), json!(count))).collect::<serde_json::Map<_, _>>(),
            "plans": plans.len(),
            "messages": messages.iter().map(|(state, count)| (state.zh().to_owned(), json!(count))).collect::<serde_json::Map<_, _>>(),
        }));
    }
    println!("{}", scope.district.name);
    let listed: Vec<String> = counts.iter().map(|(name, count)| format!("{name}{count}")).collect();
    println!("已有数据：{}", listed.join("，"));
    match imported {
        Some(run) => println!(
            "最近导入：{}（{}）",
            run.file_name,
            run.finished_at.with_timezone(&scope.zone()).format("%Y-%m-%d %H:%M")
        ),
        None => println!("最近导入：无"),
    }
    for term in &terms {
        println!("学期：{}（{}至{}）", term.name, term.starts_on, term.ends_on);
    }
    let listed: Vec<String> =
        sessions.iter().map(|(state, count)| format!("{}{count}次", state.zh())).collect();
    println!("教研活动：{}", if listed.is_empty() { "无".into() } else { listed.join("，") });
    let drafts = plans.iter().filter(|plan| plan.published_at.is_none()).count();
    println!("方案：草案{drafts}份，已发布{}份", plans.len() - drafts);
    let listed: Vec<String> =
        messages.iter().map(|(state, count)| format!("{}{count}封", state.zh())).collect();
    println!("邮件：{}", if listed.is_empty() { "无".into() } else { listed.join("，") });
    Ok(())
}

async fn sessions_by_state(scope: &Scope) -> Result<Vec<(SessionState, u64)>> {
    let mut counts = Vec::new();
    for state in SessionState::ALL {
        let count = research_session::Entity::find()
            .filter(research_session::Column::DistrictId.eq(scope.district.id))
            .filter(research_session::Column::State.eq(*state))
            .count(scope.reader())
            .await?;
        if count > 0 {
            counts.push((*state, count));
        }
    }
    Ok(counts)
}

/// Brings the schema up to date.
pub async fn migrate(context: &Context) -> Result<()> {
    context.database_or_new().await?;
    println!("数据库结构已是最新。");
    Ok(())
}

/// Copies the live database to a file.
pub async fn backup(context: &Context, args: &FileArg) -> Result<()> {
    if args.file.exists() {
        return Err(already_there(&args.file));
    }
    context.database().await?.copy_to(&args.file).await?;
    println!("已备份到 {}。", args.file.display());
    Ok(())
}
