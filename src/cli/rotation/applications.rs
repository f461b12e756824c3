//! `rotation applications`, `apply`, `withdraw`.

use std::collections::HashMap;

use clap::Args;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use uuid::Uuid;

use super::{Names, person, tell, word};
use crate::cli::context::{Context, find_school};
use crate::cli::output;
use crate::entity::values::{ApplicationLink, PlacementForm};
use crate::entity::{application, application_wish, rotation_round};
use crate::error::{Error, Result, UserError};
use crate::id::Kind;
use crate::rotations::applications::{self, Form};
use crate::rows;
use crate::scope::Scope;

/// 申报。
#[derive(Debug, Args)]
pub struct ApplyArgs {
    /// 工号
    number: String,
    /// 志愿学校，按先后写；最多五所
    #[arg(required = true)]
    schools: Vec<String>,
    /// 几年
    #[arg(long, default_value_t = 1)]
    years: i32,
    /// 形式：交流、支教、走教、挂职、任职
    #[arg(long, default_value = "交流")]
    form: String,
    /// 说明
    #[arg(long)]
    reason: Option<String>,
    /// 联动的另一位教师的工号
    #[arg(long, value_name = "工号")]
    partner: Option<String>,
    /// 联动方式：同进退、同校
    #[arg(long, requires = "partner", default_value = "同进退")]
    link: String,
    /// 不必交流而自愿交流
    #[arg(long)]
    volunteer: bool,
    /// 只存为草稿，不提交
    #[arg(long)]
    draft: bool,
}

/// Hands in an application on behalf of a teacher, or keeps it as a draft.
pub async fn apply(
    context: &Context,
    scope: &Scope,
    round: &rotation_round::Model,
    args: ApplyArgs,
) -> Result<()> {
    let teacher = person(scope, &args.number).await?;
    let mut wishes = Vec::new();
    for name in &args.schools {
        wishes.push(find_school(scope, name).await?.id);
    }
    let link = match &args.partner {
        Some(number) => {
            let words = ApplicationLink::ALL.iter().map(|link| link.zh());
            let link = word(ApplicationLink::from_zh(&args.link), words, &args.link)?;
            Some((person(scope, number).await?.id, link))
        }
        None => None,
    };
    let forms = PlacementForm::ALL.iter().map(|form| form.zh());
    let known = of_teacher(scope, round, teacher.id).await?;
    let form = Form {
        round_id: round.id,
        teacher_id: teacher.id,
        form: word(PlacementForm::from_zh(&args.form), forms, &args.form)?,
        years: args.years,
        reason: args.reason,
        wishes,
        link,
        volunteer: args.volunteer,
        expected_version: known.map(|row| row.version),
    };
    let (row, done) = match args.draft {
        true => (applications::save(scope, form).await?, "已存为草稿"),
        false => (applications::submit(scope, form).await?, "已提交"),
    };
    tell(context, Kind::Application.id(row.id), &format!("{}的申报{done}。", teacher.name))
}

/// Takes an application back.
pub async fn withdraw(
    context: &Context,
    scope: &Scope,
    round: &rotation_round::Model,
    number: &str,
) -> Result<()> {
    let teacher = person(scope, number).await?;
    let row = of_teacher(scope, round, teacher.id).await?.ok_or_else(|| {
        let zh = format!("{}在“{}”中没有申报", teacher.name, round.name);
        let en = format!("{} has no application in {:?}", teacher.name, round.name);
        Error::from(UserError::new("NO_APPLICATION", zh, en))
    })?;
    let row = applications::withdraw(scope, row.id, row.version).await?;
    tell(context, Kind::Application.id(row.id), &format!("{}的申报已撤回。", teacher.name))
}

async fn of_teacher(
    scope: &Scope,
    round: &rotation_round::Model,
    teacher_id: Uuid,
) -> Result<Option<application::Model>> {
    let select = rows::in_district(scope.district.id, application::Entity::find())
        .filter(application::Column::RoundId.eq(round.id))
        .filter(application::Column::TeacherId.eq(teacher_id));
    Ok(select.one(scope.reader()).await?)
}

/// Lists the applications of a round.
pub async fn list(context: &Context, scope: &Scope, round: &rotation_round::Model) -> Result<()> {
    let rows = rows::in_district(scope.district.id, application::Entity::find())
        .filter(application::Column::RoundId.eq(round.id))
        .order_by_asc(application::Column::Id)
        .all(scope.reader())
        .await?;
    let wished = wishes(scope, &rows).await?;
    let people = rows.iter().map(|row| row.teacher_id).chain(rows.iter().filter_map(|row| row.partner_id));
    let names = Names::load(scope, people).await?;
    let schools = |row: &application::Model| -> Vec<&str> {
        let ids = wished.get(&row.id).map_or(&[][..], Vec::as_slice);
        ids.iter().map(|id| names.school(*id)).collect()
    };
    if context.json() {
        let shown = rows.iter().map(|row| {
            json!({
                "id": Kind::Application.id(row.id),
                "number": names.number(row.teacher_id),
                "state": row.state,
                "form": row.form,
                "years": row.years,
                "wishes": schools(row),
                "partner": row.partner_id.map(|id| names.number(id)),
                "link": row.link,
                "version": row.version,
            })
        });
        return output::json(&json!(shown.collect::<Vec<_>>()));
    }
    if rows.is_empty() {
        println!("还没有申报。");
        return Ok(());
    }
    let mut table = output::table(["教师", "志愿", "形式", "期限", "联动", "状态"]);
    for row in &rows {
        let partner = row.partner_id.map(|id| names.person(id)).unwrap_or_default();
        let years = format!("{}年", row.years);
        let (wishes, form) = (schools(row).join("、"), row.form.zh().to_owned());
        table.add_row([
            names.person(row.teacher_id),
            wishes,
            form,
            years,
            partner,
            row.state.zh().to_owned(),
        ]);
    }
    println!("{table}");
    println!("共{}份申报。", rows.len());
    Ok(())
}

/// The schools of each application, the most wished one first.
async fn wishes(scope: &Scope, rows: &[application::Model]) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    let all = rows::in_district(scope.district.id, application_wish::Entity::find())
        .filter(application_wish::Column::ApplicationId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(application_wish::Column::Rank)
        .all(scope.reader())
        .await?;
    let mut wished: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for wish in all {
        wished.entry(wish.application_id).or_default().push(wish.school_id);
    }
    Ok(wished)
}
