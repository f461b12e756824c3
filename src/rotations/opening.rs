//! Opening a round with the days of its steps.

use chrono::{Datelike, NaiveDate};
use sea_orm::prelude::Uuid;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::audit;
use crate::entity::values::RoundState;
use crate::entity::{education_group, rotation_policy, rotation_round, round_step};
use crate::error::{Result, UserError};
use crate::groups::ends_before_it_begins;
use crate::id::{self, Kind};
use crate::rotations::{policy, steps};
use crate::rows;
use crate::scope::{Scope, Txn};

/// A round to open.
#[derive(Debug)]
pub struct NewRound {
    /// Name, e.g. 2026年教师交流轮岗.
    pub name: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
    /// The group whose schools take part; `None`: all of the district.
    pub group_id: Option<Uuid>,
    /// The policy it follows; `None`: the one in force when it is counted.
    pub policy_id: Option<Uuid>,
}

/// Opens a round.
///
/// # Errors
/// `NotFound` for an unknown group or policy; `Rejected` when the name is empty or taken, it ends before it begins, or the policy is
/// another group's or not in force when service begins.
pub async fn create_round(scope: &Scope, new: NewRound) -> Result<rotation_round::Model> {
    let name = new.name.trim().to_owned();
    if name.is_empty() {
        let fault = UserError::new("NAME_MISSING", "请填写批次名称", "give the round a name");
        return Err(fault.at("name").into());
    }
    if new.ends_on < new.starts_on {
        return Err(ends_before_it_begins("endsOn").into());
    }
    let txn = scope.begin().await?;
    let named = rows::in_district(txn.district_id(), rotation_round::Entity::find())
        .filter(rotation_round::Column::Name.eq(&name));
    if named.one(&*txn).await?.is_some() {
        let (zh, en) = (format!("已有名为“{name}”的批次"), format!("there is a round named {name:?}"));
        return Err(UserError::new("NAME_TAKEN", zh, en).at("name").into());
    }
    if let Some(group) = new.group_id {
        rows::find::<education_group::Entity>(&txn, Kind::Group, group).await?;
    }
    if let Some(policy) = new.policy_id {
        let policy = rows::find::<rotation_policy::Entity>(&txn, Kind::Policy, policy).await?;
        applies(&policy, &new)?;
    }
    let NewRound { starts_on, ends_on, group_id, policy_id, .. } = new;
    let row = open_round(&txn, NewOpening { name, starts_on, ends_on, policy_id, group_id }).await?;
    txn.commit().await?;
    Ok(row)
}

/// Requires that a policy is the district's or the round's group's, and in force when service begins.
fn applies(policy: &rotation_policy::Model, new: &NewRound) -> Result<()> {
    let (name, day) = (&policy.name, new.starts_on);
    let (zh, en) = if policy.group_id.is_some() && policy.group_id != new.group_id {
        (
            format!("“{name}”是另一个集团的政策，请改选全县的或本集团的"),
            format!("{name:?} is another group's policy: choose the district's or the group's own"),
        )
    } else if policy::in_force(std::slice::from_ref(policy), policy.group_id, day).is_none() {
        (
            format!("“{name}”在服务的第一天 {day} 无效，请改选当天有效的"),
            format!("{name:?} is not in force on {day}, when service begins: choose one that is"),
        )
    } else {
        return Ok(());
    };
    Err(UserError::new("POLICY_NOT_APPLICABLE", zh, en).at("policyId").into())
}

/// A round with its steps, not yet written.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The round, counting.
    pub round: rotation_round::Model,
    /// Its steps, in order.
    pub steps: Vec<round_step::Model>,
}

/// What a round is opened with.
#[derive(Debug, Clone)]
pub struct NewOpening {
    /// Name, e.g. 2026年教师交流轮岗.
    pub name: String,
    /// First day of service of those who move.
    pub starts_on: NaiveDate,
    /// Last day of service of those who move.
    pub ends_on: NaiveDate,
    /// The policy it follows.
    pub policy_id: Option<Uuid>,
    /// The group it is for; `None`: the whole district.
    pub group_id: Option<Uuid>,
}

impl NewOpening {
    /// The yearly round that is prepared on a day: until August for this September, then for the next one. Those who move
    /// serve for `years`.
    pub fn yearly(today: NaiveDate, years: u8) -> Self {
        let year = today.year() + i32::from(today.month() > 8);
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or(today);
        Self {
            name: format!("{year}年教师交流轮岗"),
            starts_on: day(year, 9, 1),
            ends_on: day(year + i32::from(years.max(1)), 8, 31),
            policy_id: None,
            group_id: None,
        }
    }
}

/// A round with the steps that its days suggest, for somebody to write.
pub fn opening(district_id: Uuid, new: NewOpening) -> Opening {
    let round = rotation_round::Model {
        id: id::new(),
        district_id,
        name: new.name,
        starts_on: new.starts_on,
        ends_on: new.ends_on,
        state: RoundState::Counting,
        policy_id: new.policy_id,
        group_id: new.group_id,
        version: 1,
    };
    let steps = steps::fresh(&round);
    Opening { round, steps }
}

/// Opens a round and its steps; those in charge are told that it counts.
pub async fn open_round(txn: &Txn, new: NewOpening) -> Result<rotation_round::Model> {
    let Opening { round, steps } = opening(txn.district_id(), new);
    let round = audit::insert(txn, "rotation_round.create", round).await?;
    audit::insert_all(txn, "rotation_round.create", steps).await?;
    steps::open(txn, &round).await?;
    Ok(round)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn a_round_is_prepared_for_the_coming_september() {
        let at = |today| NewOpening::yearly(day(today), 2);
        assert_eq!(at("2026-05-06").name, "2026年教师交流轮岗");
        assert_eq!(at("2026-08-24").starts_on, day("2026-09-01"));
        assert_eq!(at("2026-08-24").ends_on, day("2028-08-31"));
        assert_eq!(at("2026-09-01").name, "2027年教师交流轮岗");
    }
}
