//! The cover list on the terminal and as a workbook.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;
use serde_json::json;

use super::context::{Context, find_plan, find_school, published};
use super::data::write_new;
use super::output;
use crate::error::{Error, Result};
use crate::id::Kind;
use crate::plans::cover::{self, COLUMNS, CoverFilter, CoverList};
use crate::plans::standing::Which;
use crate::scope::Scope;
use crate::transfer::export;

/// 调课单选项。
#[derive(Debug, Args)]
pub struct CoverArgs {
    /// 方案编号或标识；默认为最新草案
    plan: Option<String>,
    /// 不看方案，看已发布的活动
    #[arg(long, conflicts_with = "plan")]
    published: bool,
    /// 学期；默认为当前或下一学期（仅用于已发布的活动）
    #[arg(long, requires = "published")]
    term: Option<String>,
    /// 只看一所学校的课
    #[arg(long)]
    school: Option<String>,
    /// 从哪一天起
    #[arg(long, value_name = "日期")]
    from: Option<NaiveDate>,
    /// 到哪一天止
    #[arg(long, value_name = "日期")]
    until: Option<NaiveDate>,
    /// 写成工作簿（.xlsx），不打印
    #[arg(long, value_name = "文件")]
    xlsx: Option<PathBuf>,
}

/// Prints or writes the cover list.
pub async fn cover(context: &Context, scope: &Scope, args: CoverArgs) -> Result<()> {
    let which = match args.published {
        true => published(scope, args.term.as_deref(), None).await?,
        false => Which::Plan(find_plan(scope, args.plan.as_deref()).await?.id),
    };
    let school_id = match &args.school {
        Some(name) => Some(find_school(scope, name).await?.id),
        None => None,
    };
    let filter = CoverFilter { group_id: None, school_id, from: args.from, until: args.until };
    let list = cover::list(scope, which, &filter).await?;
    if let Some(file) = &args.xlsx {
        let bytes = export::cover_workbook(scope, &list).map_err(|error| Error::Internal(Box::new(error)))?;
        write_new(file, &bytes)?;
        println!("已写出 {}：{}节课须调。", file.display(), list.rows.len());
        return Ok(());
    }
    if context.json() {
        return output::json(&as_json(&list));
    }
    print(scope, &list);
    Ok(())
}

fn print(scope: &Scope, list: &CoverList) {
    println!("{}", list.title);
    if list.rows.is_empty() {
        println!("{}", cover::NOTHING);
        return;
    }
    let shown = COLUMNS.len() - 1;
    let mut table = output::table(COLUMNS[..shown].to_vec());
    for row in &list.rows {
        table.add_row(&row.cells(scope)[..shown]);
    }
    println!("{table}");
    println!("共{}节课须调。", list.rows.len());
}

fn as_json(list: &CoverList) -> serde_json::Value {
    let rows = list.rows.iter().map(|row| {
        json!({
            "school": row.school.as_ref().map(|school| &school.name),
            "teacher": row.teacher,
            "teacherNumber": row.number,
            "on": row.on,
            "period": row.lesson.as_ref().map(|lesson| lesson.period),
            "class": row.class,
            "subject": row.subject,
            "text": row.text,
            "session": { "id": Kind::Session.id(row.session.id), "name": row.session_name, "startsAt": row.starts_at },
        })
    });
    json!({ "title": list.title, "lessons": rows.collect::<Vec<_>>() })
}
