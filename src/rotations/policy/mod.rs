//! 轮岗政策 Policies of rotation: rules as data, for the district or a group, from a day on.
//!
//! A policy is never overwritten: changing one ends it and begins another. A round keeps the one it counted under; only a round
//! still counting follows the change.

mod check;
mod presets;
mod rule;
mod sentence;

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Uuid,
};

pub use check::check;
pub use presets::{NotedRule, rules as preset_rules, source as preset_source};
pub use rule::{
    AgeLimit, Backbone, Bound, CountedOn, Direction, Directions, Duration, ExemptionEffect, ExemptionGround,
    Forms, Graduating, LeaderTerms, LongestCommute, Quality, Rate, RateBase, Retirement, Rounding, Rule,
    SchoolCap, Share, Stages, Tenure,
};
pub use sentence::{base_words, duty_en, ground_en, level_zh, quality_words, sentence, share_words};

use crate::audit;
use crate::entity::values::{PolicyPreset, RoundState};
use crate::entity::{education_group, rotation_policy, rotation_round, rotation_rule};
use crate::error::{Error, Result, UserError};
use crate::groups::ends_before_it_begins;
use crate::id::{self, Kind};
use crate::people::roster::overlap;
use crate::rows;
use crate::scope::{Scope, Txn};
use crate::sessions::effects;

/// A policy with its rules, in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Name, group, days.
    pub row: rotation_policy::Model,
    /// Its rules, each with its note.
    pub rules: Vec<NotedRule>,
}

impl Policy {
    /// The rules alone.
    pub fn bare(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().map(|(rule, _)| rule)
    }
}

/// Reads the rules of stored rows, in their order.
///
/// # Errors
/// `Internal` when a rule cannot be read: it is never left out.
pub fn read(mut rows: Vec<rotation_rule::Model>) -> Result<Vec<NotedRule>> {
    rows.sort_by_key(|row| row.ordinal);
    let rule = |row: rotation_rule::Model| Ok((serde_json::from_value(row.value)?, row.note));
    rows.into_iter().map(rule).collect()
}

/// The rows of a policy's rules.
///
/// # Errors
/// `Internal` when a rule cannot be written.
pub fn rule_rows(policy: &rotation_policy::Model, rules: &[NotedRule]) -> Result<Vec<rotation_rule::Model>> {
    let row = |(ordinal, (rule, note)): (i32, &NotedRule)| {
        Ok(rotation_rule::Model {
            id: id::new(),
            district_id: policy.district_id,
            policy_id: policy.id,
            ordinal,
            kind: rule.kind(),
            value: serde_json::to_value(rule)?,
            note: note.clone(),
        })
    };
    (1..).zip(rules).map(row).collect()
}

/// All policies of the district with their rules: those in force later come first.
pub async fn list(scope: &Scope) -> Result<Vec<Policy>> {
    let select = rows::in_district(scope.district.id, rotation_policy::Entity::find());
    let policies = select
        .order_by_desc(rotation_policy::Column::FromOn)
        .order_by_asc(rotation_policy::Column::Id)
        .all(scope.reader())
        .await?;
    let select = rows::in_district(scope.district.id, rotation_rule::Entity::find());
    let mut rules: HashMap<Uuid, Vec<rotation_rule::Model>> = HashMap::new();
    for row in select.all(scope.reader()).await? {
        rules.entry(row.policy_id).or_default().push(row);
    }
    let whole = |row: rotation_policy::Model| {
        let rules = read(rules.remove(&row.id).unwrap_or_default())?;
        Ok(Policy { row, rules })
    };
    policies.into_iter().map(whole).collect()
}

/// A policy with its rules.
///
/// # Errors
/// `NotFound`.
pub async fn load(connection: &impl ConnectionTrait, district_id: Uuid, policy_id: Uuid) -> Result<Policy> {
    let select = rows::in_district(district_id, rotation_policy::Entity::find());
    let found = select.filter(rotation_policy::Column::Id.eq(policy_id)).one(connection).await?;
    let row = found.ok_or(Error::NotFound(Kind::Policy))?;
    let select = rows::in_district(district_id, rotation_rule::Entity::find());
    let rules = select.filter(rotation_rule::Column::PolicyId.eq(policy_id)).all(connection).await?;
    Ok(Policy { row, rules: read(rules)? })
}

/// The policy in force for a group, or for the district, on a day: the group's own before the district's.
pub fn in_force(
    policies: &[rotation_policy::Model],
    group_id: Option<Uuid>,
    day: NaiveDate,
) -> Option<&rotation_policy::Model> {
    let holds =
        |row: &&rotation_policy::Model| row.from_on <= day && row.until_on.is_none_or(|until| day <= until);
    let of = |group: Option<Uuid>| policies.iter().filter(holds).find(move |row| row.group_id == group);
    group_id.and_then(|group| of(Some(group))).or_else(|| of(None))
}

/// Rules laid over others: each takes the place of what settles the same; the new ones come first, in their order.
pub fn lay_over(before: &[NotedRule], new: &[NotedRule]) -> Vec<NotedRule> {
    let mut after: Vec<NotedRule> = Vec::new();
    for rule in new {
        // Two shares may both say which honours count; once is enough.
        if !after.iter().any(|known| known.0 == rule.0) {
            after.push(rule.clone());
        }
    }
    let replaced = |rule: &Rule| new.iter().any(|(own, _)| own.settles_the_same(rule));
    after.extend(before.iter().filter(|(rule, _)| !replaced(rule)).cloned());
    after
}

/// What a policy is made from.
#[derive(Debug)]
pub enum Origin {
    /// Published rules.
    Preset(PolicyPreset),
    /// Rules of one's own.
    Rules(Vec<NotedRule>),
}

impl Origin {
    fn rules(self) -> (Option<PolicyPreset>, Vec<NotedRule>) {
        match self {
            Self::Preset(preset) => (Some(preset), preset_rules(preset)),
            Self::Rules(rules) => (None, rules),
        }
    }
}

/// A policy to put in force.
#[derive(Debug)]
pub struct NewPolicy {
    /// Name, e.g. 澜川县教师交流轮岗办法.
    pub name: String,
    /// The group it is for; `None`: the whole district.
    pub group_id: Option<Uuid>,
    /// First day.
    pub from_on: NaiveDate,
    /// Its rules.
    pub origin: Origin,
}

/// Puts a policy in force.
///
/// # Errors
/// `NotFound` for an unknown group; `Rejected` when the name is empty, a rule cannot hold, or another policy of the same
/// scope is in force then.
pub async fn create(scope: &Scope, new: NewPolicy) -> Result<Policy> {
    let (preset, rules) = new.origin.rules();
    check_all(&rules)?;
    let name = named(&new.name)?;
    let txn = scope.begin().await?;
    // Two policies put in force at once would each find the other's day free.
    effects::one_at_a_time(&txn).await?;
    if let Some(group) = new.group_id {
        rows::find::<education_group::Entity>(&txn, Kind::Group, group).await?;
    }
    alone(&txn, new.group_id, new.from_on, None).await?;
    let row = rotation_policy::Model {
        id: id::new(),
        district_id: txn.district_id(),
        name,
        group_id: new.group_id,
        from_on: new.from_on,
        until_on: None,
        preset,
        version: 1,
    };
    let row = insert(&txn, "rotation_policy.create", row, &rules).await?;
    txn.commit().await?;
    Ok(Policy { row, rules })
}

/// A change of a policy.
#[derive(Debug)]
pub struct PolicyChange {
    /// The policy.
    pub policy_id: Uuid,
    /// The version the change was made from.
    pub expected_version: i32,
    /// First day on which the change counts.
    pub from_on: NaiveDate,
    /// A new name; `None`: as it was.
    pub name: Option<String>,
    /// The rules from then on: all of them.
    pub origin: Origin,
}

/// Ends a policy on the eve of a day and begins another that day; one that begins that very day is replaced. Rounds that are
/// still counting follow the new one, others keep theirs.
///
/// # Errors
/// `Stale`; `Rejected` when a rule cannot hold, or the day lies outside the policy's days.
pub async fn update(scope: &Scope, change: PolicyChange) -> Result<Policy> {
    let (preset, rules) = change.origin.rules();
    check_all(&rules)?;
    let txn = scope.begin().await?;
    let before = held(&txn, change.policy_id).await?;
    rows::expect_version(&txn, before.id, before.version, change.expected_version).await?;
    within_its_days(&before, change.from_on)?;
    let name = change.name.as_deref().map(named).transpose()?.unwrap_or_else(|| before.name.clone());
    let after = rotation_policy::Model {
        id: id::new(),
        name,
        from_on: change.from_on,
        preset,
        version: 1,
        ..before.clone()
    };
    let row = succeed(&txn, &before, after, &rules).await?;
    txn.commit().await?;
    Ok(Policy { row, rules })
}

/// Ends a policy.
///
/// # Errors
/// `Stale`; `Rejected` when it would end before it begins, or later than it does.
pub async fn end(
    scope: &Scope,
    policy_id: Uuid,
    expected_version: i32,
    until_on: NaiveDate,
) -> Result<rotation_policy::Model> {
    let txn = scope.begin().await?;
    let before = held(&txn, policy_id).await?;
    rows::expect_version(&txn, before.id, before.version, expected_version).await?;
    if until_on < before.from_on {
        return Err(ends_before_it_begins("untilOn").into());
    }
    if let Some(ended) = before.until_on.filter(|ended| *ended < until_on) {
        let (zh, en) = (format!("该政策已于 {ended} 结束"), format!("the policy ended on {ended} already"));
        return Err(UserError::new("POLICY_ENDED", zh, en).at("untilOn").into());
    }
    let after =
        rotation_policy::Model { until_on: Some(until_on), version: before.version + 1, ..before.clone() };
    let after = audit::update(&txn, "rotation_policy.end", &before, after).await?;
    txn.commit().await?;
    Ok(after)
}

/// The policy, held so that nobody else changes or ends it meanwhile.
async fn held(txn: &Txn, policy_id: Uuid) -> Result<rotation_policy::Model> {
    rows::hold::<rotation_policy::Entity>(txn, Kind::Policy, policy_id, LockType::Update).await
}

/// Writes a policy with its rules.
async fn insert(
    txn: &Txn,
    action: &str,
    row: rotation_policy::Model,
    rules: &[NotedRule],
) -> Result<rotation_policy::Model> {
    let row = audit::insert(txn, action, row).await?;
    audit::insert_all(txn, action, rule_rows(&row, rules)?).await?;
    Ok(row)
}

/// Puts a policy in the place of another, from its first day on.
async fn succeed(
    txn: &Txn,
    before: &rotation_policy::Model,
    after: rotation_policy::Model,
    rules: &[NotedRule],
) -> Result<rotation_policy::Model> {
    const ACTION: &str = "rotation_policy.update";
    let followers = rows::in_district(txn.district_id(), rotation_round::Entity::find())
        .filter(rotation_round::Column::PolicyId.eq(before.id))
        .order_by_asc(rotation_round::Column::Id)
        // None of them takes the step out of the count meanwhile.
        .lock_exclusive()
        .all(&**txn)
        .await?;
    let (counting, kept): (Vec<_>, Vec<_>) =
        followers.into_iter().partition(|round| round.state == RoundState::Counting);
    if after.from_on > before.from_on {
        let until_on = after.from_on.checked_sub_days(Days::new(1));
        let ended = rotation_policy::Model { until_on, version: before.version + 1, ..before.clone() };
        audit::update(txn, ACTION, before, ended).await?;
        let row = insert(txn, ACTION, after, rules).await?;
        for round in counting {
            let follows = rotation_round::Model {
                policy_id: Some(row.id),
                version: round.version + 1,
                ..round.clone()
            };
            audit::update(txn, ACTION, &round, follows).await?;
        }
        return Ok(row);
    }
    if let Some(round) = kept.first() {
        let zh = format!("“{}”已按这份政策摸底完毕，当天开始的政策不能再替换；请从后一天起改", round.name);
        let en = format!("{:?} was counted under this policy: change it from a later day on", round.name);
        return Err(UserError::new("POLICY_IN_USE", zh, en).at("fromOn").into());
    }
    let old = rows::in_district(txn.district_id(), rotation_rule::Entity::find())
        .filter(rotation_rule::Column::PolicyId.eq(before.id))
        .all(&**txn)
        .await?;
    audit::delete_all(txn, ACTION, old).await?;
    let row = rotation_policy::Model { id: before.id, version: before.version + 1, ..after };
    let row = audit::update(txn, ACTION, before, row).await?;
    audit::insert_all(txn, ACTION, rule_rows(&row, rules)?).await?;
    Ok(row)
}

fn check_all(rules: &[NotedRule]) -> Result<()> {
    let bare: Vec<Rule> = rules.iter().map(|(rule, _)| rule.clone()).collect();
    check(&bare)
}

fn named(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() {
        let fault = UserError::new("NAME_MISSING", "请填写政策名称", "give the policy a name");
        return Err(fault.at("name").into());
    }
    Ok(name.to_owned())
}

fn within_its_days(policy: &rotation_policy::Model, day: NaiveDate) -> Result<()> {
    if day >= policy.from_on && policy.until_on.is_none_or(|until| day <= until) {
        return Ok(());
    }
    let until = policy.until_on.map_or_else(String::new, |until| until.to_string());
    let zh = format!("“{}”自 {} 至 {until} 有效，修改须从其间某天起", policy.name, policy.from_on);
    let en =
        format!("{:?} holds from {} to {until}: change it from a day within", policy.name, policy.from_on);
    Err(UserError::new("OUTSIDE_POLICY", zh, en).at("fromOn").into())
}

/// The fault of naming both a preset and rules.
pub fn either() -> UserError {
    let (zh, en) = ("范本与规定只能给一种", "give a preset or rules, not both");
    UserError::new("PRESET_OR_RULES", zh, en).at("preset")
}

/// Requires that no other policy of the same scope is in force from a day on.
async fn alone(txn: &Txn, group_id: Option<Uuid>, from: NaiveDate, until: Option<NaiveDate>) -> Result<()> {
    let select = rows::in_district(txn.district_id(), rotation_policy::Entity::find());
    let policies = select.order_by_asc(rotation_policy::Column::FromOn).all(&**txn).await?;
    let clash = |row: &&rotation_policy::Model| {
        row.group_id == group_id && overlap((row.from_on, row.until_on), (from, until))
    };
    let Some(other) = policies.iter().find(clash) else { return Ok(()) };
    let zh = format!("“{}”自 {} 起有效：请修改它，或先结束它", other.name, other.from_on);
    let en = format!("{:?} is in force from {}: change it, or end it first", other.name, other.from_on);
    Err(UserError::new("POLICY_IN_FORCE", zh, en).at("fromOn").into())
}
