//! Changing when a district or group reminds people.

use sea_orm::{EntityTrait, QueryOrder};
use serde_json::json;
use uuid::Uuid;

use super::ReminderRules;
use super::rewrite::{Whose, rewrite};
use crate::entity::{education_group, reminder_setting};
use crate::error::{Error, Result, UserError};
use crate::id::{self, Kind};
use crate::mail::hours::{self, QuietHours};
use crate::scope::Scope;
use crate::sessions::effects;
use crate::sessions::reminders::{Before, Rule};
use crate::{audit, rows};

/// Most rules of a scope: more reminders of one session nobody reads.
const MOST: usize = 8;
/// Furthest ahead.
const DAYS: i64 = 60;
/// Most hours before; what is further ahead is said in days.
const HOURS: i64 = 23;
/// The hours that quiet ones leave free: mails that are written for a certain hour come then.
const AWAKE: (i32, i32) = (8 * 60, 20 * 60);

/// What a scope sets, as a whole.
#[derive(Debug, Clone, Default)]
pub struct RulesChange {
    /// The group; `None`: the district.
    pub group_id: Option<Uuid>,
    /// The version the change was made from; 0 while nothing is set.
    pub expected_version: i32,
    /// All rules; `None` takes them back, so that those of the district or the program hold.
    pub rules: Option<Vec<Rule>>,
    /// Quiet hours; `None` takes them back.
    pub quiet: Option<QuietHours>,
}

/// Sets rules and quiet hours; what waits in the outbox for sessions still to come is written anew.
///
/// # Errors
/// `NotFound` for an unknown group; `Stale`; `Rejected` with every rule that is absurd, or contradicts another or the quiet hours.
pub async fn set(scope: &Scope, change: RulesChange) -> Result<reminder_setting::Model> {
    check(&change)?;
    let txn = scope.begin().await?;
    // A scope has one row, and the first to set something makes it; nothing is published meanwhile.
    effects::one_at_a_time(&txn).await?;
    if let Some(group) = change.group_id {
        rows::find::<education_group::Entity>(&txn, Kind::Group, group).await?;
    }
    let select = rows::in_district(txn.district_id(), reminder_setting::Entity::find());
    let mut all = select.order_by_asc(reminder_setting::Column::Id).all(&*txn).await?;
    let at = all.iter().position(|row| row.group_id == change.group_id);
    let before = at.map(|at| all.remove(at));
    let (row_id, version) = before.as_ref().map_or((Uuid::nil(), 0), |row| (row.id, row.version));
    rows::expect_version(&txn, row_id, version, change.expected_version).await?;
    let after = reminder_setting::Model {
        id: before.as_ref().map_or_else(id::new, |row| row.id),
        district_id: txn.district_id(),
        group_id: change.group_id,
        rules: change.rules.as_ref().map(|rules| json!(rules)),
        quiet_from: change.quiet.map(|quiet| quiet.from),
        quiet_until: change.quiet.map(|quiet| quiet.until),
        version: version + 1,
    };
    all.push(after.clone());
    let rules = ReminderRules::of(&all, change.group_id)?;
    if let Some(at) = rules.rules.iter().position(|rule| is_in_quiet_hours(rule, rules.quiet)) {
        return Err(in_quiet_hours(at, rules.rules[at], rules.quiet).into());
    }
    let after = match &before {
        Some(before) => audit::update(&txn, "reminders.set", before, after).await?,
        None => audit::insert(&txn, "reminders.set", after).await?,
    };
    rewrite(&txn, change.group_id.map_or(Whose::District, Whose::Group)).await?;
    txn.commit().await?;
    Ok(after)
}

fn check(change: &RulesChange) -> Result<()> {
    let rules = change.rules.as_deref().unwrap_or_default();
    let mut faults = Vec::new();
    if rules.len() > MOST {
        let error = UserError::new(
            "TOO_MANY_REMINDERS",
            format!("最多设{MOST}条提醒规则，现有{}条：请合并或删去几条", rules.len()),
            format!("there are {} rules, and at most {MOST} may be set: drop some", rules.len()),
        );
        faults.push(error.at("rules"));
    }
    for (ix, rule) in rules.iter().enumerate() {
        faults.extend(absurd(ix, *rule));
        if let Some(earlier) = rules[..ix].iter().find(|one| one.lead_minutes() == rule.lead_minutes()) {
            faults.push(contradiction(*earlier, *rule).at(&format!("rules.{ix}")));
        }
    }
    faults.extend(change.quiet.and_then(too_long));
    if faults.is_empty() { Ok(()) } else { Err(Error::Rejected(faults)) }
}

fn absurd(ix: usize, rule: Rule) -> Option<UserError> {
    let (name, value, bounds) = match rule.before {
        Before::Days { at, .. } if !(0..hours::DAY).contains(&at) => ("at", at.into(), 0..=1439),
        Before::Days { days, .. } => ("daysBefore", days.into(), 1..=DAYS),
        Before::Hours { hours } => ("hoursBefore", hours.into(), 1..=HOURS),
    };
    (!bounds.contains(&value))
        .then(|| UserError::out_of_range(name, value, &bounds).at(&format!("rules.{ix}.{name}")))
}

/// Two rules for the same day, or the same hour before.
fn contradiction(one: Rule, other: Rule) -> UserError {
    use crate::error::Language::{Chinese, English};
    let (zh, en) =
        ((one.sentence(Chinese), other.sentence(Chinese)), (one.sentence(English), other.sentence(English)));
    let (advice_zh, advice_en) = match one.who == other.who {
        true => ("请只保留一条", "keep one of them"),
        false => {
            ("全体已包括授课与主持的人，请只保留一条", "everybody includes those who lead: keep one of them")
        }
    };
    UserError::new(
        "REMINDERS_CONTRADICT",
        format!("“{}”与“{}”是同一天或同一时刻的提醒：{advice_zh}", zh.0, zh.1),
        format!("“{}” and “{}” remind on the same day or hour: {advice_en}", en.0, en.1),
    )
}

fn too_long(quiet: QuietHours) -> Option<UserError> {
    let QuietHours { from, until } = quiet;
    let night = (0..=AWAKE.0).contains(&until) && (AWAKE.1..hours::DAY).contains(&from);
    let after_midnight = (0..until).contains(&from) && until <= AWAKE.0;
    if night || after_midnight {
        return None;
    }
    let (shown_from, shown_until) = shown(quiet);
    let error = UserError::new(
        "QUIET_HOURS_TOO_LONG",
        format!(
            "免打扰时段{shown_from}—{shown_until}不合适：应在20:00以后开始、次日08:00以前结束，白天的邮件才能按时发出"
        ),
        format!(
            "quiet hours of {shown_from}–{shown_until} are not possible: they begin at 20:00 or later and end at 08:00 or earlier, so that \
             the mails of the day come at their time"
        ),
    );
    Some(error.at("quietHours"))
}

fn shown(quiet: QuietHours) -> (String, String) {
    let word = |minute| hours::time(minute).format("%H:%M").to_string();
    (word(quiet.from), word(quiet.until))
}

fn is_in_quiet_hours(rule: &Rule, quiet: QuietHours) -> bool {
    let Before::Days { at, .. } = rule.before else { return false };
    match quiet.from < quiet.until {
        true => (quiet.from..quiet.until).contains(&at),
        false => at >= quiet.from || at < quiet.until,
    }
}

fn in_quiet_hours(ix: usize, rule: Rule, quiet: QuietHours) -> UserError {
    use crate::error::Language::{Chinese, English};
    let (from, until) = shown(quiet);
    let error = UserError::new(
        "REMINDER_IN_QUIET_HOURS",
        format!("“{}”落在免打扰时段{from}—{until}内：请改时刻或免打扰时段", rule.sentence(Chinese)),
        format!(
            "“{}” lies in the quiet hours of {from}–{until}: change the one or the other",
            rule.sentence(English)
        ),
    );
    error.at(&format!("rules.{ix}.at"))
}
