//! `rotation paper`, `certificate`.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{find_round, person, word};
use crate::calendar::days::weekdays_zh;
use crate::cli::context::Context;
use crate::cli::data::write_new;
use crate::cli::disruptions::found;
use crate::cli::output;
use crate::entity::values::PlacementState;
use crate::entity::{placement, posting, rotation_round, teacher};
use crate::error::{Error, Result, UserError};
use crate::id::Kind;
use crate::rotations::certificates::{self, Certificate, Request, Served, Spell};
use crate::rotations::papers::{self, PaperKind};
use crate::rows;
use crate::scope::Scope;
use crate::transfer;

/// 文书。
#[derive(Debug, Args)]
pub struct PaperArgs {
    /// 哪一种：学科余缺汇总表、个人申请表、岗位统计表、花名册、支教（挂职）教师信息反馈表
    kind: String,
    /// 写到哪个文件（.xlsx）
    file: PathBuf,
}

/// 交流任教服务证明。
#[derive(Debug, Args)]
pub struct CertificateArgs {
    /// 工号；不写则为本批次已派遣的所有人
    numbers: Vec<String>,
    /// 计算到哪一天；默认为今天
    #[arg(long, value_name = "日期")]
    on: Option<NaiveDate>,
    /// 只证明这一次派遣（派遣标识）
    #[arg(long, value_name = "派遣")]
    posting: Option<String>,
    /// 写成可打印的工作簿（.xlsx），每人一页
    #[arg(long, value_name = "文件")]
    xlsx: Option<PathBuf>,
    /// 核对一份证明：写它的编号
    #[arg(long, value_name = "编号", conflicts_with_all = ["numbers", "on", "posting", "xlsx"])]
    check: Option<String>,
}

fn internal(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Internal(Box::new(error))
}

/// Writes a paper of the round.
pub async fn paper(
    context: &Context,
    scope: &Scope,
    round: &rotation_round::Model,
    args: PaperArgs,
) -> Result<()> {
    // The brackets of the longest name are typed either way.
    let typed = args.kind.replace('(', "（").replace(')', "）");
    let kinds = PaperKind::ALL.into_iter().map(PaperKind::zh);
    let kind = word(PaperKind::from_zh(&typed), kinds, &args.kind)?;
    let paper = papers::paper(scope, round, kind).await?;
    write_new(&args.file, &transfer::papers::workbook(&paper).map_err(internal)?)?;
    let (file, entries) = (args.file.display(), paper.entries());
    if context.json() {
        return output::json(&json!({ "file": args.file, "entries": entries }));
    }
    match entries {
        0 => println!("已写出 {file}：{}，目前没有内容可填。", kind.zh()),
        _ => println!("已写出 {file}：{}，共{entries}条。", kind.zh()),
    }
    Ok(())
}

/// Shows, writes or checks certificates of service.
pub async fn certificate(context: &Context, round: Option<&str>, args: CertificateArgs) -> Result<()> {
    let scope = &context.scope().await?;
    if let Some(number) = &args.check {
        return check(context, scope, number.trim()).await;
    }
    let request = asked(scope, round, &args).await?;
    let written = certificates::certificates(scope, &request).await?;
    if let Some(file) = &args.xlsx {
        write_new(file, &transfer::certificates::workbook(&written).map_err(internal)?)?;
    }
    if context.json() {
        return output::json(&json!(written.iter().map(as_json).collect::<Vec<_>>()));
    }
    match &args.xlsx {
        Some(file) => println!("已写出 {}：{}份证明。", file.display(), written.len()),
        None => written.iter().for_each(print),
    }
    Ok(())
}

/// For whom certificates are asked: those named, whose posting it is, or everybody the round has sent.
async fn asked(scope: &Scope, round: Option<&str>, args: &CertificateArgs) -> Result<Request> {
    let mut teachers = Vec::new();
    for number in &args.numbers {
        teachers.push(person(scope, number).await?.id);
    }
    let posting = match &args.posting {
        Some(id) => Some(found::<posting::Entity>(scope, Kind::Posting, id).await?),
        None => None,
    };
    if teachers.is_empty() {
        teachers = match &posting {
            Some(posting) => vec![posting.teacher_id],
            None => sent(scope, &find_round(scope, round).await?).await?,
        };
    }
    Ok(Request { teachers, posting: posting.map(|row| row.id), on: args.on })
}

/// Everybody the round has sent, by staff number.
async fn sent(scope: &Scope, round: &rotation_round::Model) -> Result<Vec<Uuid>> {
    let placements = rows::in_district(scope.district.id, placement::Entity::find())
        .filter(placement::Column::RoundId.eq(round.id))
        .filter(placement::Column::State.eq(PlacementState::Approved))
        .all(scope.reader())
        .await?;
    if placements.is_empty() {
        let (zh, en) = (
            format!("“{}”还没有派遣的人；请写明工号", round.name),
            format!("{:?} has sent nobody yet: give staff numbers", round.name),
        );
        return Err(UserError::new("NOBODY_SERVES", zh, en).into());
    }
    let mut people = rows::in_district(scope.district.id, teacher::Entity::find())
        .filter(teacher::Column::Id.is_in(placements.iter().map(|row| row.teacher_id)))
        .all(scope.reader())
        .await?;
    people.sort_by(|one, other| one.number.cmp(&other.number));
    Ok(people.into_iter().map(|row| row.id).collect())
}

async fn check(context: &Context, scope: &Scope, number: &str) -> Result<()> {
    let found = certificates::verify(scope, number).await?.ok_or_else(|| {
        UserError::new(
            "CERTIFICATE_UNKNOWN",
            format!("没有编号为 {number} 的证明：编号有误，或所依据的派遣、课表、考核后来有改动；请重新开具"),
            format!(
                "no certificate has the number {number}: it is mistyped, or postings, timetable or assessment have \
                 changed since; write it anew"
            ),
        )
    })?;
    if context.json() {
        return output::json(&as_json(&found));
    }
    println!("编号无误，内容与现有记录一致：");
    print(&found);
    Ok(())
}

fn print(certificate: &Certificate) {
    let teacher = &certificate.teacher;
    println!("{} {}　编号 {}", teacher.number, teacher.name, certificate.number);
    let mut table =
        output::table(["派出学校", "任教学校", "城乡", "形式", "起止", "时长", "任教学科", "期满考核"]);
    for spell in &certificate.spells {
        table.add_row([
            spell.home.clone().unwrap_or_default(),
            spell.school.clone(),
            spell.locale.zh().to_owned(),
            form(spell),
            format!(
                "{} 至 {}{}",
                spell.from_on(),
                spell.until_on,
                if spell.ongoing { "（仍在岗）" } else { "" }
            ),
            if spell.is_full_time() { spell.length.zh() } else { "不计入合计".to_owned() },
            spell.taught.join("、"),
            spell.result.map_or("", |result| result.zh()).to_owned(),
        ]);
    }
    println!("{table}");
    let (total, town, rural) = (certificate.total.zh(), certificate.town.zh(), certificate.rural.zh());
    println!("截至 {}，全职任教合计{total}，其中镇区学校{town}，乡村学校{rural}。", certificate.counted_on);
}

fn form(spell: &Spell) -> String {
    let days = spell.posting.weekdays.as_deref().map(weekdays_zh).unwrap_or_default();
    if days.is_empty() { spell.form().zh().to_owned() } else { format!("{}（{days}）", spell.form().zh()) }
}

fn as_json(certificate: &Certificate) -> Value {
    let length =
        |length: Served| json!({ "years": length.years(), "months": length.months(), "days": length.days });
    let spells = certificate.spells.iter().map(|spell| {
        json!({
            "posting": Kind::Posting.id(spell.posting.id),
            "home": spell.home,
            "school": spell.school,
            "locale": spell.locale,
            "form": spell.form(),
            "weekdays": spell.posting.weekdays,
            "duty": spell.duty(),
            "from": spell.from_on(),
            "until": spell.until_on,
            "ongoing": spell.ongoing,
            "length": length(spell.length),
            "taught": spell.taught,
            "result": spell.result,
        })
    });
    json!({
        "number": certificate.number,
        "teacher": certificate.teacher.number,
        "name": certificate.teacher.name,
        "countedOn": certificate.counted_on,
        "spells": spells.collect::<Vec<_>>(),
        "total": length(certificate.total),
        "town": length(certificate.town),
        "rural": length(certificate.rural),
    })
}
