//! Commands about the settings of planning: weights of rules, and limits.

use clap::Subcommand;
use serde_json::json;
use session_planner::{Level, Rules};

use super::context::{Context, find_group};
use super::output;
use crate::error::{Result, UserError};
use crate::plans::settings::{self, Limit, Setting, Settings, SettingsChange};
use crate::scope::Scope;

/// 查看与修改排期设置。
#[derive(Debug, Subcommand)]
pub enum SettingsCommand {
    /// 列出规则权重与限额：现在的值、由谁设定、默认值
    Show {
        /// 只看一个集团的；默认为全县
        #[arg(long)]
        group: Option<String>,
    },
    /// 设定权重或限额，如 spacing=30 cover_per_week=3；写“=默认”则取消设定
    Set {
        /// 名称=数值，可写几项；软性规则设0即停用
        #[arg(required = true, value_name = "名称=数值")]
        values: Vec<String>,
        /// 只为一个集团设定；默认为全县
        #[arg(long)]
        group: Option<String>,
    },
}

/// Shows or changes settings.
pub async fn settings(context: &Context, command: SettingsCommand) -> Result<()> {
    let scope = context.scope().await?;
    let (group, values) = match command {
        SettingsCommand::Show { group } => (group, Vec::new()),
        SettingsCommand::Set { values, group } => (group, values),
    };
    let group = match &group {
        Some(name) => Some(find_group(&scope, name).await?),
        None => None,
    };
    let group_id = group.as_ref().map(|group| group.id);
    if !values.is_empty() {
        let version = Settings::of(&settings::load(&scope).await?, group_id)?.version;
        let change = SettingsChange { group_id, expected_version: version, ..changes(&values)? };
        settings::update(&scope, change).await?;
    }
    let name = group.map_or_else(|| scope.district.name.clone(), |group| group.name);
    show(context, &scope, group_id, &name).await
}

async fn show(context: &Context, scope: &Scope, group: Option<uuid::Uuid>, name: &str) -> Result<()> {
    let settings = Settings::of(&settings::load(scope).await?, group)?;
    let rules = Rules::standard();
    let weighed: Vec<_> = rules.iter().filter(|rule| rule.level != Level::Hard).collect();
    if context.json() {
        let weights: Vec<_> = weighed.iter().map(|rule| line(rule.name, settings.weight(rule))).collect();
        let limits: Vec<_> =
            Limit::ALL.iter().map(|limit| line(limit.name(), settings.limit(*limit))).collect();
        let value = json!({ "of": name, "version": settings.version, "weights": weights, "limits": limits });
        return output::json(&value);
    }
    println!("{name}的排期设置（第{}版）", settings.version);
    let mut table = output::table(["名称", "含义", "现在", "由谁设定", "默认"]);
    for rule in weighed {
        let meaning = format!("权重：{}", rule.sentence.0);
        table.add_row(cells(rule.name, &meaning, settings.weight(rule)));
    }
    for limit in Limit::ALL {
        table.add_row(cells(limit.name(), limit.sentence().0, settings.limit(limit)));
    }
    println!("{table}");
    Ok(())
}

fn line(name: &str, setting: Setting) -> serde_json::Value {
    let source = format!("{:?}", setting.source).to_lowercase();
    json!({ "name": name, "value": setting.value, "source": source, "default": setting.default })
}

fn cells(name: &str, meaning: &str, setting: Setting) -> [String; 5] {
    [
        name.to_owned(),
        meaning.to_owned(),
        setting.value.to_string(),
        setting.source.zh().to_owned(),
        setting.default.to_string(),
    ]
}

/// Reads `名称=数值`: a limit by its name, else the weight of a rule.
fn changes(values: &[String]) -> Result<SettingsChange> {
    let mut change = SettingsChange::default();
    for text in values {
        let (name, value) = text.split_once('=').ok_or_else(|| unreadable(text))?;
        let value = match value.trim() {
            "默认" | "default" => None,
            number => Some(number.parse().map_err(|_| unreadable(text))?),
        };
        match Limit::named(name.trim()) {
            Some(limit) => change.limits.push((limit, value)),
            None => change.weights.push((name.trim().to_owned(), value)),
        }
    }
    Ok(change)
}

fn unreadable(text: &str) -> UserError {
    UserError::new(
        "SETTING_UNREADABLE",
        format!("“{text}”无法识别，请写成 名称=整数，如 spacing=30，或 spacing=默认"),
        format!("{text:?} is not understood: write NAME=NUMBER, such as spacing=30, or spacing=default"),
    )
}
