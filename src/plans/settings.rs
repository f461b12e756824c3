//! What a district and its groups set for planning 排期设置: weights of rules, and limits. A group's own setting goes before the
//! district's, and that before the program's.

mod limit;
mod update;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::TimeDelta;
use sea_orm::{EntityTrait, QueryOrder};
use serde::Deserialize;
use session_planner::{Limits, Minute, Rule, Rules};
use uuid::Uuid;

pub use limit::Limit;
pub use update::{SettingsChange, update};

use crate::entity::planning_setting;
use crate::error::Result;
use crate::rows;
use crate::scope::Scope;

/// Where a setting comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
#[graphql(name = "PlanningSettingSource")]
pub enum Source {
    /// The group set it.
    Group,
    /// The district set it.
    District,
    /// Nobody set it: as the program has it.
    Default,
}

impl Source {
    /// The word people read.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Group => "本集团",
            Self::District => "全县",
            Self::Default => "默认",
        }
    }
}

/// A value, where it comes from, and what it is when nobody sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// What holds.
    pub value: i64,
    /// Who set it.
    pub source: Source,
    /// What holds when nobody sets it.
    pub default: i64,
}

/// What one row sets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Own {
    weights: BTreeMap<String, i64>,
    limits: BTreeMap<String, i64>,
}

impl Own {
    fn of(row: &planning_setting::Model) -> Result<Self> {
        Ok(Self { weights: named(&row.weights)?, limits: named(&row.limits)? })
    }
}

fn named(values: &serde_json::Value) -> Result<BTreeMap<String, i64>> {
    Ok(BTreeMap::deserialize(values)?)
}

/// What holds for a group, or for the district as a whole.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Version of the scope's own row; 0 while it sets nothing.
    pub version: i32,
    group: Own,
    district: Own,
}

impl Settings {
    /// What holds for `group`, or for the district when `None`, from the district's rows.
    ///
    /// # Errors
    /// `Internal` when a row cannot be read.
    pub fn of(rows: &[planning_setting::Model], group: Option<Uuid>) -> Result<Self> {
        let row = |of: Option<Uuid>| rows.iter().find(|row| row.group_id == of);
        let own = |of| row(of).map(Own::of).transpose().map(Option::unwrap_or_default);
        Ok(Self {
            version: row(group).map_or(0, |row| row.version),
            group: if group.is_some() { own(group)? } else { Own::default() },
            district: own(None)?,
        })
    }

    /// The weight of a rule.
    pub fn weight(&self, rule: &Rule) -> Setting {
        setting(rule.default_weight, self.group.weights.get(rule.name), self.district.weights.get(rule.name))
    }

    /// A limit.
    pub fn limit(&self, limit: Limit) -> Setting {
        let name = limit.name();
        setting(limit.default(), self.group.limits.get(name), self.district.limits.get(name))
    }

    /// The limits, as the planner takes them.
    pub fn limits(&self) -> Limits {
        let value = |limit| self.limit(limit).value;
        let count = |limit| u16::try_from(value(limit)).ok().filter(|count| *count > 0);
        let minutes = |limit| Minute::try_from(value(limit)).ok().filter(|minutes| *minutes > 0);
        Limits {
            cover_per_week: u16::try_from(value(Limit::CoverPerWeek)).unwrap_or(u16::MAX),
            sessions_per_week: count(Limit::SessionsPerWeek),
            sessions_per_school_day: count(Limit::SessionsPerSchoolDay),
            travel_per_term: minutes(Limit::TravelPerTerm),
            weeks_between_meetings: count(Limit::WeeksBetweenMeetings),
            far: minutes(Limit::FarMinutes),
        }
    }

    /// Least and most percent of hosting by core schools; `None` when anything is allowed.
    pub fn core_share(&self) -> Option<(u8, u8)> {
        let percent = |limit| u8::try_from(self.limit(limit).value).unwrap_or(100);
        let share = (percent(Limit::CoreHostingLeast), percent(Limit::CoreHostingMost));
        (share != (0, 100)).then_some(share)
    }

    /// How long before it a session is told of: one with presenters, or any other.
    pub fn notice(&self, has_presenters: bool) -> TimeDelta {
        match has_presenters {
            true => TimeDelta::days(self.limit(Limit::PresenterNoticeDays).value),
            false => TimeDelta::hours(self.limit(Limit::NoticeHours).value),
        }
    }

    /// The weights that somebody set, as the planner takes them.
    pub fn weights(&self) -> Vec<(String, i64)> {
        let rules = Rules::standard();
        let weights = rules.iter().map(|rule| (rule, self.weight(rule)));
        let set = weights.filter(|(_, weight)| weight.source != Source::Default);
        set.map(|(rule, weight)| (rule.name.to_owned(), weight.value)).collect()
    }
}

fn setting(default: i64, group: Option<&i64>, district: Option<&i64>) -> Setting {
    let (value, source) = match (group, district) {
        (Some(value), _) => (*value, Source::Group),
        (None, Some(value)) => (*value, Source::District),
        (None, None) => (default, Source::Default),
    };
    Setting { value, source, default }
}

/// The rows of the district: a fixed query, whatever is asked of them.
pub async fn load(scope: &Scope) -> Result<Vec<planning_setting::Model>> {
    let select = rows::in_district(scope.district.id, planning_setting::Entity::find());
    Ok(select.order_by_asc(planning_setting::Column::Id).all(scope.reader()).await?)
}
