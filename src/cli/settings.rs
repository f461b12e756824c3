//! Commands about the settings of planning: weights of rules, and limits.

use clap::Subcommand;
use serde_json::json;
use session_planner::{Level, Rules};

use super::context::{Context, find_group};
use super::output;
use super::reminders::{self, RemindersArgs};
use crate::error::{Result, UserError};
use crate::groups;
use crate::plans::settings::{self, Limit, Setting, Settings, SettingsChange};
use crate::scope::Scope;

const SET_HELP: &str = "名称见 tongpan settings show。规则与限额同名的，要写明改哪一个：
  weight:sessions_per_school_day=50   这条规则的权重（也可写 权重:…）
  limit:sessions_per_school_day=3     这项限额（也可写 限额:…）";

/// Words before a name that say which of the two it is.
const WEIGHT: [&str; 2] = ["weight", "权重"];
const LIMIT: [&str; 2] = ["limit", "限额"];

/// 查看与修改排期设置。
#[derive(Debug, Subcommand)]
pub enum SettingsCommand {
    /// 列出规则权重与限额：现在的值、由谁设定、默认值
    Show {
        /// 只看一个集团的；默认为全县
        #[arg(long)]
        group: Option<String>,
    },
    /// 设定发布后邮件暂缓几分钟才发，在此期间可以撤回发布；0为立即发送
    Hold {
        /// 分钟数，0—60
        #[arg(value_name = "分钟数", allow_negative_numbers = true)]
        minutes: i32,
    },
    /// 查看或设定提醒规则与免打扰时段
    #[command(after_help = reminders::HELP)]
    Reminders(RemindersArgs),
    /// 设定权重或限额，如 spacing=30 cover_per_week=3；写“=默认”则取消设定
    #[command(after_help = SET_HELP)]
    Set {
        /// 名称=数值，可写几项，每个名称写一次；软性规则设0即停用
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
        SettingsCommand::Hold { minutes } => {
            let district = groups::set_hold(&scope, scope.district.version, minutes).await?;
            println!("发布后邮件暂缓{}分钟发送。", district.hold_minutes);
            return Ok(());
        }
        SettingsCommand::Reminders(args) => return reminders::reminders(context, &scope, args).await,
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
        table.add_row(cells(&written(WEIGHT, rule.name), &meaning, settings.weight(rule)));
    }
    for limit in Limit::ALL {
        let meaning = format!("限额：{}", limit.sentence().0);
        table.add_row(cells(&written(LIMIT, limit.name()), &meaning, settings.limit(limit)));
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

/// What a name sets.
enum Named {
    Weight(String),
    Limit(Limit),
}

impl Named {
    /// Reads a name, with a word before it where rule and limit share it.
    ///
    /// # Errors
    /// `Rejected` when the name fits both, or the word before it is none of ours.
    fn read(text: &str) -> Result<Self> {
        let parted = text.split_once([':', '：']).map(|(word, name)| (word.trim(), name.trim()));
        let Some((word, name)) = parted else {
            return match Limit::named(text) {
                Some(_) if is_both(text) => Err(which_one(text).into()),
                Some(limit) => Ok(Self::Limit(limit)),
                None => Ok(Self::Weight(text.to_owned())),
            };
        };
        if WEIGHT.contains(&word) {
            return Ok(Self::Weight(name.to_owned()));
        }
        let limit = Limit::named(name).filter(|_| LIMIT.contains(&word));
        limit.map(Self::Limit).ok_or_else(|| unknown_name(text).into())
    }
}

/// Whether a name is that of a limit and of a rule with a weight.
fn is_both(name: &str) -> bool {
    let weighed = Rules::standard().get(name).is_some_and(|rule| rule.level != Level::Hard);
    weighed && Limit::named(name).is_some()
}

/// A name as `set` takes it.
fn written(words: [&str; 2], name: &str) -> String {
    if is_both(name) { format!("{}:{name}", words[0]) } else { name.to_owned() }
}

/// Reads `名称=数值`.
fn changes(values: &[String]) -> Result<SettingsChange> {
    let mut change = SettingsChange::default();
    for text in values {
        let (name, value) = text.split_once('=').ok_or_else(|| unreadable(text))?;
        let value = match value.trim() {
            "默认" | "default" => None,
            number => Some(number.parse().map_err(|_| unreadable(text))?),
        };
        match Named::read(name.trim())? {
            Named::Limit(limit) => change.limits.push((limit, value)),
            Named::Weight(rule) => change.weights.push((rule, value)),
        }
    }
    Ok(change)
}

fn which_one(name: &str) -> UserError {
    UserError::new(
        "SETTING_AMBIGUOUS",
        format!("“{name}”既是规则又是限额：改规则的权重请写 weight:{name}=…，改限额请写 limit:{name}=…"),
        format!("{name} is both a rule and a limit: write weight:{name}=… or limit:{name}=…"),
    )
}

fn unknown_name(text: &str) -> UserError {
    UserError::new(
        "UNKNOWN_SETTING",
        format!(
            "没有名为“{text}”的设置：请用 tongpan settings show 查看名称；前面可加的只有 weight: 和 limit:"
        ),
        format!(
            "there is no setting {text:?}: see `tongpan settings show`; only weight: and limit: may stand before a name"
        ),
    )
}

fn unreadable(text: &str) -> UserError {
    UserError::new(
        "SETTING_UNREADABLE",
        format!("“{text}”无法识别，请写成 名称=整数，如 spacing=30，或 spacing=默认"),
        format!("{text:?} is not understood: write NAME=NUMBER, such as spacing=30, or spacing=default"),
    )
}
