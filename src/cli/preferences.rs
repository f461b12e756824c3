//! The command about which mails somebody wants.

use std::collections::BTreeMap;

use clap::Args;
use serde_json::json;

use super::context::Context;
use super::output;
use crate::entity::values::MailCategory;
use crate::error::{Error, Result, UserError};
use crate::id::Kind;
use crate::mail::preferences;
use crate::{people, sessions};

/// How choices are written.
pub const HELP: &str = "选择写作 类别=收 或 类别=不收，类别有：提醒、一周安排、当日变动、未回复汇总。
邀请、变更、取消以及与本人有关的决定总会发送。";

/// 邮件偏好。
#[derive(Debug, Args)]
pub struct PreferencesArgs {
    /// 工号
    number: String,
    /// 选择，如 提醒=不收；不写则只查看
    #[arg(value_name = "类别=收/不收")]
    choices: Vec<String>,
}

/// Shows or sets which mails somebody wants.
pub async fn preferences(context: &Context, args: PreferencesArgs) -> Result<()> {
    let scope = context.scope().await?;
    let person = people::by_number(&scope.database, scope.district.id, &args.number).await?;
    let person = person.ok_or(Error::NotFound(Kind::Teacher))?;
    let wishes: BTreeMap<MailCategory, bool> =
        args.choices.iter().map(|text| choice(text)).collect::<Result<_>>()?;
    let wanted = match wishes.is_empty() {
        true => preferences::of_person(scope.reader(), scope.district.id, person.id).await?,
        false => sessions::prefer(&scope, person.id, &wishes).await?,
    };
    if context.json() {
        let all: Vec<_> = wanted
            .iter()
            .map(|(category, wanted)| json!({ "category": category, "wanted": wanted }))
            .collect();
        return output::json(&json!({ "teacher": Kind::Teacher.id(person.id), "preferences": all }));
    }
    println!("{}（{}）的邮件：", person.name, person.number);
    let mut table = output::table(["类别", "收不收", "内容"]);
    for (category, wanted) in wanted {
        let word = if wanted { "收" } else { "不收" };
        table.add_row([category.zh(), word, preferences::hint(category).0]);
    }
    println!("{table}");
    Ok(())
}

fn choice(text: &str) -> Result<(MailCategory, bool)> {
    let unreadable = || {
        UserError::new(
            "PREFERENCE_UNREADABLE",
            format!(
                "“{text}”无法识别，请写成 类别=收 或 类别=不收，类别有：提醒、一周安排、当日变动、未回复汇总"
            ),
            format!("{text:?} is not understood: write CATEGORY=yes or CATEGORY=no, such as reminders=no"),
        )
    };
    let (name, wanted) = text.split_once('=').ok_or_else(unreadable)?;
    let named = serde_json::from_value(json!(name.trim())).ok();
    let category = MailCategory::from_zh(name.trim()).or(named).ok_or_else(unreadable)?;
    match wanted.trim() {
        "收" | "yes" => Ok((category, true)),
        "不收" | "no" => Ok((category, false)),
        _ => Err(unreadable().into()),
    }
}
