//! Commands about plans: solve, print, publish, change what is published.

use chrono::{DateTime, Utc};
use clap::Args;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::context::{Context, find_group, find_plan, find_term};
use super::output::{self, Searching};
use super::session::find_session;
use crate::entity::values::PlanMode;
use crate::entity::{plan, plan_group};
use crate::error::Result;
use crate::id::Kind;
use crate::plans::store::RuleShare;
use crate::plans::term_table::{self, COLUMNS, TermTable};
use crate::plans::{self, SolveRequest};
use crate::scope::Scope;

/// 排期选项。
#[derive(Debug, Args)]
pub struct SolveArgs {
    /// 学期名称（可写一部分）；默认为当前或下一学期
    #[arg(long)]
    term: Option<String>,
    /// 只排一个集团；默认全县一起排
    #[arg(long)]
    group: Option<String>,
    /// 搜索时限（秒，1–600）
    #[arg(long, default_value_t = 10)]
    seconds: u32,
    /// 只搜索这么多步，不看时间：同样的数据在任何机器上得到同样的方案
    #[arg(long)]
    steps: Option<u64>,
    /// 随机种子
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// 同时搜索的线程数（1–64）；默认按机器取2–4个，限定步数时为1个
    #[arg(long)]
    threads: Option<u32>,
    /// 以这份方案（编号或标识）为基础：固定的不动，待定的不排，其余从它现在的安排起改进
    #[arg(long, value_name = "方案", conflicts_with_all = ["term", "group"])]
    from: Option<String>,
    /// 从已发布的安排重排：已开始的和固定的不动，其余能不动就不动
    #[arg(long, conflicts_with = "from")]
    replan: bool,
    /// 留作待定、不排时间的活动标识，可写多个
    #[arg(long, value_name = "活动")]
    hold: Vec<String>,
}

/// Plans a term and prints the draft.
pub async fn solve(context: &Context, args: SolveArgs) -> Result<()> {
    let scope = context.scope().await?;
    let base = match &args.from {
        Some(which) => Some(find_plan(&scope, Some(which)).await?),
        None => None,
    };
    let term_id = match &base {
        Some(base) => base.term_id,
        None => find_term(&scope, args.term.as_deref()).await?.id,
    };
    let group = match &args.group {
        Some(name) => Some(find_group(&scope, name).await?.id),
        None => None,
    };
    let mut hold = Vec::new();
    for session in &args.hold {
        hold.push(find_session(&scope, session).await?.id);
    }
    let request = SolveRequest {
        term_id,
        group_id: group,
        as_of: None,
        seconds: args.seconds,
        steps: args.steps,
        seed: args.seed,
        threads: args.threads,
        mode: if args.replan { PlanMode::Replan } else { PlanMode::Fill },
        base: base.map(|plan| plan.id),
        hold,
    };
    let searching = Searching::new(args.seconds);
    let solved = plans::solve(&scope, &request, searching.watch()).await;
    searching.done();
    let solved = solved?;
    if !context.json() {
        for warning in &solved.warnings {
            println!("提示：{}", warning.text(context.language()));
        }
    }
    print_plan(context, &scope, &solved.plan).await?;
    if !context.json() {
        let seconds = solved.took.as_secs_f64();
        println!("用时{seconds:.1}秒，{}步。", solved.plan.steps);
        // A plan that cannot be published is explained where it is published.
        let preview = plans::preview(&scope, solved.plan.id).await;
        if args.replan && preview.is_ok_and(|preview| preview.changes_nothing()) {
            println!("重排后没有变化：已发布的活动都可照原样举行，不必发布这份方案。");
            return Ok(());
        }
        println!("下一步：tongpan plan show 复看，tongpan publish 发布，tongpan export 导出安排表。");
    }
    Ok(())
}

pub(super) fn local(scope: &Scope, at: DateTime<Utc>) -> String {
    at.with_timezone(&scope.zone()).format("%Y-%m-%d %H:%M").to_string()
}

pub(super) fn summary(plan: &plan::Model) -> serde_json::Value {
    json!({
        "id": Kind::Plan.id(plan.id),
        "number": plan.number,
        "label": plan.label,
        "revisedFrom": plan.revised_from_id.map(|id| Kind::Plan.id(id)),
        "edit": plan.edit.as_ref().map(|edit| json!({ "zh": edit["zh"], "en": edit["en"] })),
        "placed": plan.placed,
        "total": plan.total,
        "pinned": plan.pinned,
        "undatedOnPurpose": plan.undated_on_purpose,
        "discardedAt": plan.discarded_at,
        "asOf": plan.as_of,
        "createdAt": plan.created_at,
        "createdBy": plan.created_by,
        "publishedAt": plan.published_at,
        "seed": u64::from_ne_bytes(plan.seed.to_ne_bytes()),
        "steps": plan.steps,
        "origin": plan.origin,
        "threads": plan.threads,
        "seconds": plan.seconds,
        "score": { "hard": plan.hard, "medium": plan.medium, "soft": plan.soft },
    })
}

pub(super) async fn print_plan(context: &Context, scope: &Scope, plan: &plan::Model) -> Result<()> {
    let table = term_table::of_plan(scope, plan.id).await?;
    let rules: Vec<RuleShare> = serde_json::from_value(plan.rules.clone())?;
    if context.json() {
        return output::json(&as_json(plan, &table, &rules));
    }
    let groups = plan_group::Entity::find()
        .filter(plan_group::Column::DistrictId.eq(scope.district.id))
        .filter(plan_group::Column::PlanId.eq(plan.id))
        .all(scope.reader())
        .await?;
    print_term_table(&table, groups.len() > 1);
    print_rules(&rules);
    print_undated(&table);
    let total = table.rows.len() + table.undated.len();
    println!(
        "方案{}（{}）：已排{}/{total}次活动，硬性违反{}，中级扣分{}，软性扣分{}。",
        plan.number,
        Kind::Plan.id(plan.id),
        table.rows.len(),
        plan.hard,
        plan.medium,
        plan.soft
    );
    Ok(())
}

fn print_term_table(table: &TermTable, with_group: bool) {
    println!("{}", table.title);
    let with_pins = table.rows.iter().any(|row| row.pinned);
    let mut headings: Vec<&str> = COLUMNS.to_vec();
    if with_group {
        headings.insert(0, "集团");
    }
    if with_pins {
        headings.push("固定");
    }
    let mut printed = output::table(headings);
    for row in &table.rows {
        let mut cells: Vec<&str> = row.cells.iter().map(String::as_str).collect();
        if with_group {
            cells.insert(0, &row.group);
        }
        if with_pins {
            cells.push(if row.pinned { "是" } else { "" });
        }
        printed.add_row(cells);
    }
    println!("{printed}");
}

fn print_rules(rules: &[RuleShare]) {
    let mut table = output::table(["级别", "规则", "次数", "权重", "扣分"]);
    for rule in rules {
        if rule.count == 0 && rule.level != "hard" {
            continue;
        }
        let level = match rule.level.as_str() {
            "hard" => "硬性",
            "medium" => "中级",
            _ => "软性",
        };
        table.add_row([
            level.to_owned(),
            rule.zh.clone(),
            rule.count.to_string(),
            rule.weight.to_string(),
            rule.penalty.to_string(),
        ]);
    }
    println!("{table}");
}

fn print_undated(table: &TermTable) {
    let (held, unplaced): (Vec<_>, Vec<_>) = table.undated.iter().partition(|undated| undated.on_purpose);
    if !held.is_empty() {
        println!("待定的活动（留着不排）：");
    }
    for undated in held {
        println!("  {} {}", undated.group, undated.name);
    }
    if unplaced.is_empty() {
        return;
    }
    println!("未能排入的活动（其余安排不受影响）：");
    for undated in unplaced {
        println!("  {} {}", undated.group, undated.name);
        for obstacle in undated.obstacles.iter().take(3) {
            match obstacle.of {
                0 => println!("    · {}", obstacle.zh),
                of => println!("    · {of}个可选时段中有{}个受阻，例如：{}", obstacle.slots, obstacle.zh),
            }
        }
    }
}

fn as_json(plan: &plan::Model, table: &TermTable, rules: &[RuleShare]) -> serde_json::Value {
    let rows: Vec<_> = table
        .rows
        .iter()
        .map(|row| {
            let cells: serde_json::Map<_, _> = COLUMNS
                .iter()
                .zip(&row.cells)
                .map(|(name, cell)| ((*name).to_owned(), json!(cell)))
                .collect();
            json!({
                "id": Kind::Session.id(row.session.id),
                "group": row.group,
                "startsAt": row.starts_at,
                "endsAt": row.ends_at,
                "place": row.place,
                "pinned": row.pinned,
                "attendance": row.attendance,
                "excused": row.excused,
                "lessonsToCover": row.cover,
                "cells": cells,
            })
        })
        .collect();
    let undated: Vec<_> = table
        .undated
        .iter()
        .map(|row| {
            json!({
                "id": Kind::Session.id(row.session.id),
                "group": row.group,
                "name": row.name,
                "onPurpose": row.on_purpose,
                "obstacles": row.obstacles,
            })
        })
        .collect();
    json!({
        "plan": summary(plan),
        "placed": table.rows.len(),
        "total": table.rows.len() + table.undated.len(),
        "rules": rules,
        "sessions": rows,
        "unplaced": undated,
    })
}
