//! The command about when people are reminded of sessions.

use chrono::NaiveTime;
use clap::Args;
use serde_json::json;

use super::context::{Context, find_group};
use super::output;
use crate::entity::values::ReminderAudience;
use crate::error::{Language, Result, UserError};
use crate::mail::hours::{self, QuietHours};
use crate::scope::Scope;
use crate::sessions::reminders::{Before, Rule};
use crate::sessions::reminding::{self, ReminderRules, RulesChange};

/// How rules are written.
pub const HELP: &str = "规则写作 对象=提前多久，一次写全：
  授课=7天@08:00   授课、主备与主持的人，提前7天，当天08:00（不写时刻即08:00）
  全体=1天         全体参加人员，前一天08:00
  全体=2小时       全体参加人员，开始前2小时
  无               不提醒任何人
免打扰时段内的提醒提前到时段开始前的最后一分钟。尚未发出的提醒随即按新规则重排。";

/// 提醒规则。
#[derive(Debug, Args)]
pub struct RemindersArgs {
    /// 全部规则，代替原有的；不写则只查看
    #[arg(value_name = "规则", conflicts_with = "default")]
    rules: Vec<String>,
    /// 免打扰时段，如 21:30-07:00
    #[arg(long, value_name = "时段", conflicts_with = "default")]
    quiet: Option<String>,
    /// 取消自己的设定，恢复全县的或默认的
    #[arg(long)]
    default: bool,
    /// 只为一个集团；默认为全县
    #[arg(long)]
    group: Option<String>,
}

/// Shows or sets when people are reminded.
pub async fn reminders(context: &Context, scope: &Scope, args: RemindersArgs) -> Result<()> {
    let group = match &args.group {
        Some(name) => Some(find_group(scope, name).await?),
        None => None,
    };
    let group_id = group.as_ref().map(|group| group.id);
    let now = ReminderRules::of(&reminding::load(scope).await?, group_id)?;
    let asked = args.default || args.quiet.is_some() || !args.rules.is_empty();
    if asked {
        let change = change(&args, &now)?;
        reminding::set(scope, RulesChange { group_id, ..change }).await?;
    }
    let name = group.map_or_else(|| scope.district.name.clone(), |group| group.name);
    let rules = ReminderRules::of(&reminding::load(scope).await?, group_id)?;
    show(context, &name, &rules)
}

/// What is not named stays as the scope itself has it.
fn change(args: &RemindersArgs, now: &ReminderRules) -> Result<RulesChange> {
    let expected_version = now.version;
    if args.default {
        return Ok(RulesChange { expected_version, ..RulesChange::default() });
    }
    let rules = match args.rules.as_slice() {
        [] => now.own_rules.then(|| now.rules.clone()),
        [none] if ["无", "none"].contains(&none.as_str()) => Some(Vec::new()),
        rules => Some(rules.iter().map(|text| rule(text)).collect::<Result<_>>()?),
    };
    let quiet = match &args.quiet {
        Some(text) => Some(span(text)?),
        None => now.own_quiet.then_some(now.quiet),
    };
    Ok(RulesChange { group_id: None, expected_version, rules, quiet })
}

fn show(context: &Context, name: &str, rules: &ReminderRules) -> Result<()> {
    let clock = |minute| hours::time(minute).format("%H:%M").to_string();
    let quiet = (clock(rules.quiet.from), clock(rules.quiet.until));
    if context.json() {
        return output::json(&json!({
            "of": name,
            "version": rules.version,
            "rules": rules.rules,
            "ownRules": rules.own_rules,
            "quietFrom": quiet.0,
            "quietUntil": quiet.1,
            "ownQuietHours": rules.own_quiet,
        }));
    }
    let own = |own: bool| if own { "自己设定" } else { "沿用全县或默认" };
    println!("{name}的提醒规则（{}）：", own(rules.own_rules));
    if rules.rules.is_empty() {
        println!("  不提醒任何人");
    }
    for rule in &rules.rules {
        println!("  {}", rule.sentence(Language::Chinese));
    }
    println!("免打扰（{}）：{}—{}", own(rules.own_quiet), quiet.0, quiet.1);
    Ok(())
}

fn rule(text: &str) -> Result<Rule> {
    let unreadable = || unreadable(text);
    let (who, before) = text.split_once('=').ok_or_else(unreadable)?;
    let who = match who.trim() {
        "授课" | "主持" | "leading" => ReminderAudience::Leading,
        "全体" | "everybody" => ReminderAudience::Everybody,
        _ => return Err(unreadable().into()),
    };
    let (length, at) = match before.split_once(['@', '＠']) {
        Some((length, at)) => (length.trim(), Some(time(at.trim()).ok_or_else(unreadable)?)),
        None => (before.trim(), None),
    };
    let number = |units: [&str; 2]| {
        let digits = units.iter().find_map(|unit| length.strip_suffix(unit))?;
        digits.trim().parse::<i32>().ok()
    };
    let before = match (number(["天", "d"]), number(["小时", "h"]), at) {
        (Some(days), _, at) => Before::Days { days, at: at.unwrap_or(8 * 60) },
        (None, Some(hours), None) => Before::Hours { hours },
        _ => return Err(unreadable().into()),
    };
    Ok(Rule { who, before })
}

fn span(text: &str) -> Result<QuietHours> {
    let parts = text.split_once(['-', '–', '—', '～', '~']);
    let read = |(from, until): (&str, &str)| {
        Some(QuietHours { from: time(from.trim())?, until: time(until.trim())? })
    };
    parts.and_then(read).ok_or_else(|| {
        UserError::new(
            "QUIET_HOURS_UNREADABLE",
            format!("“{text}”无法识别，请写成 21:30-07:00"),
            format!("{text:?} is not understood: write 21:30-07:00"),
        )
        .into()
    })
}

/// Minutes after midnight.
fn time(text: &str) -> Option<i32> {
    let text = text.replace('：', ":");
    NaiveTime::parse_from_str(&text, "%H:%M").ok().map(hours::minute)
}

fn unreadable(text: &str) -> UserError {
    UserError::new(
        "REMINDER_UNREADABLE",
        format!("“{text}”无法识别，请写成 授课=7天@08:00、全体=1天 或 全体=2小时"),
        format!("{text:?} is not understood: write leading=7d@08:00, everybody=1d or everybody=2h"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_as_people_write_them() {
        let read = |text| rule(text).map(|rule| rule.sentence(Language::English)).ok();
        let told = |text: &str| Some(text.to_owned());
        assert_eq!(
            read("授课=7天@08:00"),
            told("presenters, lead preparers and chairs: 7 days before, at 08:00")
        );
        assert_eq!(read("全体 = 1天"), told("everybody: 1 day before, at 08:00"));
        assert_eq!(read("everybody=2h"), told("everybody: 2 hours before the start"));
        for nonsense in ["全体", "全体=2", "谁=1天", "全体=2小时@08:00", "全体=1天@25:00"] {
            assert_eq!(read(nonsense), None, "{nonsense}");
        }
        assert_eq!(span("21：30—06:00").ok(), Some(QuietHours { from: 1290, until: 360 }));
    }
}
