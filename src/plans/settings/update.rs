//! Changing what a district or group sets.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use sea_orm::{EntityTrait, QueryOrder};
use serde_json::json;
use session_planner::{Level, Rules};
use uuid::Uuid;

use super::{Limit, Own, Settings};
use crate::entity::{education_group, planning_setting};
use crate::error::{Error, Result, UserError};
use crate::id::{self, Kind};
use crate::scope::Scope;
use crate::sessions::effects;
use crate::{audit, rows};

/// The heaviest a rule may weigh: sums of penalties stay far inside 64 bits.
const HEAVIEST: i64 = 1_000_000;

/// What to set; a value of `None` takes a setting back. What is not named stays.
#[derive(Debug, Clone, Default)]
pub struct SettingsChange {
    /// The group; `None`: the district.
    pub group_id: Option<Uuid>,
    /// The version the change was made from; 0 while nothing is set.
    pub expected_version: i32,
    /// Weights by rule.
    pub weights: Vec<(String, Option<i64>)>,
    /// Limits.
    pub limits: Vec<(Limit, Option<i64>)>,
}

/// Sets weights and limits of a group or of the district; plans made from then on follow them.
///
/// # Errors
/// `NotFound` for an unknown group; `Stale`; `Rejected` with every fault of the values: rules that are unknown or hard, what is set
/// twice, values out of range, a least share of core schools above their greatest.
pub async fn update(scope: &Scope, change: SettingsChange) -> Result<planning_setting::Model> {
    check(&change)?;
    let txn = scope.begin().await?;
    // A scope has one row, and the first to set something makes it.
    effects::one_at_a_time(&txn).await?;
    if let Some(group) = change.group_id {
        rows::find::<education_group::Entity>(&txn, Kind::Group, group).await?;
    }
    let select = rows::in_district(txn.district_id(), planning_setting::Entity::find());
    let mut all = select.order_by_asc(planning_setting::Column::Id).all(&*txn).await?;
    let at = all.iter().position(|row| row.group_id == change.group_id);
    let before = at.map(|at| all.remove(at));
    let (row_id, version) = before.as_ref().map_or((Uuid::nil(), 0), |row| (row.id, row.version));
    rows::expect_version(&txn, row_id, version, change.expected_version).await?;
    let after = changed(txn.district_id(), before.as_ref(), &change)?;
    all.push(after.clone());
    shares_fit(&all)?;
    let after = match &before {
        Some(before) => audit::update(&txn, "settings.update", before, after).await?,
        None => audit::insert(&txn, "settings.update", after).await?,
    };
    txn.commit().await?;
    Ok(after)
}

fn changed(
    district_id: Uuid,
    before: Option<&planning_setting::Model>,
    change: &SettingsChange,
) -> Result<planning_setting::Model> {
    let mut own = before.map(Own::of).transpose()?.unwrap_or_default();
    for (rule, weight) in &change.weights {
        put(&mut own.weights, rule, *weight);
    }
    for (limit, value) in &change.limits {
        put(&mut own.limits, limit.name(), *value);
    }
    Ok(planning_setting::Model {
        id: before.map_or_else(id::new, |row| row.id),
        district_id,
        group_id: change.group_id,
        weights: json!(own.weights),
        limits: json!(own.limits),
        version: before.map_or(0, |row| row.version) + 1,
    })
}

fn put(values: &mut BTreeMap<String, i64>, name: &str, value: Option<i64>) {
    match value {
        Some(value) => values.insert(name.to_owned(), value),
        None => values.remove(name),
    };
}

fn check(change: &SettingsChange) -> Result<()> {
    let rules = Rules::standard();
    let mut faults = Vec::new();
    for (ix, (name, weight)) in change.weights.iter().enumerate() {
        if change.weights[..ix].iter().any(|(earlier, _)| earlier == name) {
            faults.push(twice(name).at(&format!("weights.{ix}.rule")));
            continue;
        }
        match rules.get(name).map(|rule| rule.level) {
            None => faults.push(unknown_rule(name).at(&format!("weights.{ix}.rule"))),
            Some(Level::Hard) => faults.push(hard_rule(name).at(&format!("weights.{ix}.rule"))),
            Some(level) => {
                let least = i64::from(level == Level::Medium);
                faults.extend(out_of_range(name, *weight, least..=HEAVIEST, &format!("weights.{ix}.weight")));
            }
        }
    }
    for (ix, (limit, value)) in change.limits.iter().enumerate() {
        if change.limits[..ix].iter().any(|(earlier, _)| earlier == limit) {
            faults.push(twice(limit.name()).at(&format!("limits.{ix}.limit")));
            continue;
        }
        faults.extend(out_of_range(limit.name(), *value, 0..=limit.most(), &format!("limits.{ix}.value")));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Rejected(faults)) }
}

fn out_of_range(
    name: &str,
    value: Option<i64>,
    bounds: RangeInclusive<i64>,
    field: &str,
) -> Option<UserError> {
    let value = value.filter(|value| !bounds.contains(value))?;
    Some(UserError::out_of_range(name, value, &bounds).at(field))
}

fn twice(name: &str) -> UserError {
    UserError::new(
        "SETTING_TWICE",
        format!("“{name}”写了不止一次，请只写一次"),
        format!("{name} is set more than once: set it once"),
    )
}

fn unknown_rule(name: &str) -> UserError {
    UserError::new(
        "UNKNOWN_RULE",
        format!("没有名为“{name}”的规则，请从规则列表中选择"),
        format!("there is no rule {name:?}: choose one of the list of rules"),
    )
}

fn hard_rule(name: &str) -> UserError {
    UserError::new(
        "HARD_RULE",
        format!("“{name}”是硬性规则，必须遵守，没有权重可设"),
        format!("{name} is a hard rule: it always holds, and has no weight to set"),
    )
}

/// For the district and for each group, the least share of core schools stays within the greatest.
fn shares_fit(rows: &[planning_setting::Model]) -> Result<()> {
    for scope in rows.iter().map(|row| row.group_id) {
        let settings = Settings::of(rows, scope)?;
        let least = settings.limit(Limit::CoreHostingLeast).value;
        let most = settings.limit(Limit::CoreHostingMost).value;
        if least > most {
            let error = UserError::new(
                "SHARES_CROSS",
                format!("核心校承办比例的下限{least}%将高于上限{most}%（连同各集团自己的设置），请一并调整"),
                format!("the least share of core schools, {least}%, would lie above the greatest, {most}%"),
            );
            return Err(error.at("limits").into());
        }
    }
    Ok(())
}
