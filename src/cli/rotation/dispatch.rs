//! `rotation dispatch`, `extend`, `recall`, `revoke`.

use chrono::NaiveDate;
use clap::Args;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{Names, person, tell};
use crate::calendar::days::weekdays_zh;
use crate::cli::context::Context;
use crate::cli::output;
use crate::entity::{placement, rotation_round, subject, teacher};
use crate::error::{Result, UserError};
use crate::id::Kind;
use crate::rotations::dispatch::{self, ServiceChange, Uncovered, by_school};
use crate::rows;
use crate::scope::Scope;

/// 服务期的改动。
#[derive(Debug, Args)]
pub struct ServiceArgs {
    /// 工号
    number: String,
    /// 最后一天
    #[arg(long)]
    until: NaiveDate,
    /// 原因
    #[arg(long)]
    reason: String,
}

/// 撤回的安排。
#[derive(Debug, Args)]
pub struct RevokeArgs {
    /// 工号
    number: String,
    /// 原因，会告知本人
    #[arg(long)]
    reason: String,
}

/// Dispatches everybody who waits, and lists the lessons that nobody gives any more.
pub async fn dispatch(context: &Context, scope: &Scope, round: &rotation_round::Model) -> Result<()> {
    let done = dispatch::dispatch(scope, round.id).await?;
    if context.json() {
        return output::json(&json!({
            "postings": done.postings.iter().map(|row| Kind::Posting.id(row.id)).collect::<Vec<_>>(),
            "uncovered": done.uncovered.iter().map(lesson).collect::<Vec<_>>(),
        }));
    }
    println!("已派遣{}人。", done.postings.len());
    uncovered(scope, &done.uncovered).await
}

/// Lists the lessons that nobody gives any more because of who was dispatched.
pub async fn left(context: &Context, scope: &Scope, round: &rotation_round::Model) -> Result<()> {
    let left = dispatch::left_by(scope, round.id).await?;
    match context.json() {
        true => output::json(&json!({ "uncovered": left.iter().map(lesson).collect::<Vec<_>>() })),
        false => uncovered(scope, &left).await,
    }
}

fn lesson(row: &Uncovered) -> serde_json::Value {
    json!({
        "lessonId": Kind::Lesson.id(row.lesson_id), "schoolId": Kind::School.id(row.school_id),
        "teacherId": Kind::Teacher.id(row.teacher_id), "class": row.class, "weekday": row.weekday,
        "period": row.period, "fromOn": row.from_on,
    })
}

/// Lessons without a teacher, school by school.
async fn uncovered(scope: &Scope, lessons: &[Uncovered]) -> Result<()> {
    if lessons.is_empty() {
        println!("课表上没有因此无人任教的课。");
        return Ok(());
    }
    let names = Names::load(scope, lessons.iter().map(|row| row.teacher_id)).await?;
    let subjects = rows::in_district(scope.district.id, subject::Entity::find()).all(scope.reader()).await?;
    for (school, lessons) in by_school(lessons) {
        println!("\n{}：{}节课从教师离开之日起无人任教，请排课", names.school(school), lessons.len());
        let mut table = output::table(["班级", "学科", "星期", "节次", "单双周", "原任课教师", "自"]);
        for row in lessons {
            let subject = subjects.iter().find(|subject| subject.id == row.subject_id);
            table.add_row([
                row.class.clone(),
                subject.map(|subject| subject.name.clone()).unwrap_or_default(),
                weekdays_zh(&row.weekday.to_string()),
                row.period.to_string(),
                row.parity.zh().to_owned(),
                names.person(row.teacher_id),
                row.from_on.to_string(),
            ]);
        }
        println!("{table}");
    }
    Ok(())
}

/// Makes somebody's service longer, or ends it before its time.
pub async fn change(
    context: &Context,
    scope: &Scope,
    round: &rotation_round::Model,
    args: ServiceArgs,
    longer: bool,
) -> Result<()> {
    let (teacher, found) = placed(scope, round, &args.number).await?;
    let change = ServiceChange {
        placement_id: found.id,
        expected_version: found.version,
        until_on: args.until,
        reason: args.reason,
    };
    let after =
        if longer { dispatch::extend(scope, change).await? } else { dispatch::recall(scope, change).await? };
    let text = format!("{}的交流到 {} 为止。", teacher.name, after.until_on);
    tell(context, Kind::Placement.id(after.id), &text)
}

/// Takes back that somebody is sent, before she is dispatched.
pub async fn revoke(
    context: &Context,
    scope: &Scope,
    round: &rotation_round::Model,
    args: RevokeArgs,
) -> Result<()> {
    let (teacher, found) = placed(scope, round, &args.number).await?;
    let after = dispatch::withdraw(scope, found.id, found.version, &args.reason).await?;
    tell(context, Kind::Placement.id(after.id), &format!("{}的安排已撤回。", teacher.name))
}

/// Somebody and her placement in the round.
async fn placed(
    scope: &Scope,
    round: &rotation_round::Model,
    number: &str,
) -> Result<(teacher::Model, placement::Model)> {
    let teacher = person(scope, number).await?;
    let found = rows::in_district(scope.district.id, placement::Entity::find())
        .filter(placement::Column::RoundId.eq(round.id))
        .filter(placement::Column::TeacherId.eq(teacher.id))
        .order_by_desc(placement::Column::Id)
        .one(scope.reader())
        .await?;
    let found = found.ok_or_else(|| {
        let (name, round) = (&teacher.name, &round.name);
        let zh = format!("“{round}”没有安排{name}交流：请核对工号，名单见 tongpan rotation show");
        let en = format!("{round:?} places {name} nowhere: check the number against `tongpan rotation show`");
        UserError::new("NOT_PLACED", zh, en)
    })?;
    Ok((teacher, found))
}
