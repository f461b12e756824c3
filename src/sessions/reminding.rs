//! When a district and its groups remind people of sessions 提醒规则: a group's own rules before the district's, and those before the
//! program's.

mod rewrite;
mod set;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use serde::Deserialize;
use uuid::Uuid;

use super::reminders::{self, Moment, Rule, STANDARD};
use crate::entity::reminder_setting;
use crate::entity::values::MessageKind;
use crate::error::Result;
use crate::mail::hours::QuietHours;
use crate::mail::preferences::Declined;
use crate::rows;
use crate::scope::Scope;

pub use rewrite::{Whose, rewrite};
pub use set::{RulesChange, set};

/// What holds for a group, or for the district as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReminderRules {
    /// The rules.
    pub rules: Vec<Rule>,
    /// Whether the scope itself set them.
    pub own_rules: bool,
    /// When nobody is reminded.
    pub quiet: QuietHours,
    /// Whether the scope itself set them.
    pub own_quiet: bool,
    /// Version of the scope's own row; 0 while it sets nothing.
    pub version: i32,
}

impl ReminderRules {
    /// What holds for `group`, or for the district when `None`, from the district's rows.
    ///
    /// # Errors
    /// `Internal` when a row cannot be read.
    pub fn of(rows: &[reminder_setting::Model], group: Option<Uuid>) -> Result<Self> {
        let row = |of: Option<Uuid>| rows.iter().find(|row| row.group_id == of);
        let own = row(group);
        let district = row(None);
        let rules = own.and_then(|row| row.rules.as_ref()).or(district.and_then(|row| row.rules.as_ref()));
        let rules = match rules {
            Some(rules) => Vec::<Rule>::deserialize(rules)?,
            None => STANDARD.to_vec(),
        };
        let quiet = own.and_then(quiet).or(district.and_then(quiet)).unwrap_or_default();
        Ok(Self {
            rules,
            own_rules: own.is_some_and(|row| row.rules.is_some()),
            quiet,
            own_quiet: own.and_then(self::quiet).is_some(),
            version: own.map_or(0, |row| row.version),
        })
    }
}

fn quiet(row: &reminder_setting::Model) -> Option<QuietHours> {
    Some(QuietHours { from: row.quiet_from?, until: row.quiet_until? })
}

/// The rules of all groups, and who does without reminders: all that decides when somebody is reminded of what.
#[derive(Debug, Clone)]
pub struct Reminding {
    zone: Tz,
    district: ReminderRules,
    groups: Vec<(Uuid, ReminderRules)>,
    declined: Declined,
}

impl Reminding {
    /// Reads it: two statements.
    pub async fn load(scope: &Scope, connection: &impl ConnectionTrait) -> Result<Self> {
        let rows = load_from(scope, connection).await?;
        let groups = rows.iter().filter_map(|row| row.group_id);
        let groups = groups.map(|group| Ok((group, ReminderRules::of(&rows, Some(group))?)));
        Ok(Self {
            zone: scope.zone(),
            district: ReminderRules::of(&rows, None)?,
            groups: groups.collect::<Result<_>>()?,
            declined: Declined::load(connection, scope.district.id).await?,
        })
    }

    /// What holds for a group.
    pub fn rules(&self, group: Uuid) -> &ReminderRules {
        let own = self.groups.iter().find(|(id, _)| *id == group);
        own.map_or(&self.district, |(_, rules)| rules)
    }

    /// When somebody is reminded of a session of `group` that begins at `starts_at`; never, when she does without reminders.
    pub fn moments(
        &self,
        group: Uuid,
        teacher_id: Uuid,
        leading: bool,
        starts_at: DateTime<Utc>,
    ) -> Vec<Moment> {
        if !self.declined.allows(teacher_id, MessageKind::Reminder) {
            return Vec::new();
        }
        let rules = self.rules(group);
        reminders::moments(&rules.rules, rules.quiet, self.zone, leading, starts_at)
    }
}

/// The rows of the district: a fixed query, whatever is asked of them.
pub async fn load(scope: &Scope) -> Result<Vec<reminder_setting::Model>> {
    load_from(scope, scope.reader()).await
}

async fn load_from(scope: &Scope, connection: &impl ConnectionTrait) -> Result<Vec<reminder_setting::Model>> {
    let select = rows::in_district(scope.district.id, reminder_setting::Entity::find());
    Ok(select.order_by_asc(reminder_setting::Column::Id).all(connection).await?)
}
