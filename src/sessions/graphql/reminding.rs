//! When people are reminded, and which mails they want, as the API shows and changes it.

use std::collections::BTreeMap;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::NaiveTime;
use uuid::Uuid;

use crate::entity::values::{MailCategory, ReminderAudience};
use crate::entity::{mail_preference, reminder_setting};
use crate::error::{Error, Language, UserError};
use crate::graphql::{Fault, OrFault, ident, many, object_over, one, request, scope, settle, writer};
use crate::groups::graphql::EducationGroup;
use crate::id::Kind;
use crate::mail::hours::{self, QuietHours};
use crate::mail::preferences;
use crate::scope::{Actor, Scope};
use crate::sessions;
use crate::sessions::reminders::{Before, Rule};
use crate::sessions::reminding::{self, RulesChange};

object_over! {
    /// What one scope sets.
    Own, reminder_setting
}

object_over! {
    /// What somebody said about a category.
    Said, mail_preference
}

/// When people are reminded of sessions 提醒规则.
pub struct ReminderRules {
    group: Option<Uuid>,
    rules: reminding::ReminderRules,
}

impl ReminderRules {
    /// What holds for a group, or for the district: one statement for all that a query asks for.
    pub async fn load(ctx: &Context<'_>, group: Option<Uuid>) -> Result<Self> {
        let district = scope(ctx)?.district.id;
        let rows: Vec<Own> = many(ctx, reminder_setting::Column::DistrictId, district).await?;
        let rows: Vec<reminder_setting::Model> = rows.into_iter().map(|row| row.0).collect();
        Ok(Self { group, rules: reminding::ReminderRules::of(&rows, group).or_fault(ctx)? })
    }
}

/// When people are reminded of sessions 提醒规则: a group's own rules before the district's, and those before the program's.
#[Object]
impl ReminderRules {
    /// The group; null: the district.
    async fn group(&self, ctx: &Context<'_>) -> Result<Option<EducationGroup>> {
        one(ctx, self.group).await
    }

    /// The rules; empty: nobody is reminded.
    async fn rules(&self) -> Vec<ReminderRule> {
        self.rules.rules.iter().copied().map(ReminderRule).collect()
    }

    /// Whether the rules were set here, not taken from the district or the program.
    async fn own_rules(&self) -> bool {
        self.rules.own_rules
    }

    /// From when nobody is reminded 免打扰; a reminder that would fall into quiet hours comes in the last minute before them.
    async fn quiet_from(&self) -> NaiveTime {
        hours::time(self.rules.quiet.from)
    }

    /// From when people are reminded again.
    async fn quiet_until(&self) -> NaiveTime {
        hours::time(self.rules.quiet.until)
    }

    /// Whether the quiet hours were set here.
    async fn own_quiet_hours(&self) -> bool {
        self.rules.own_quiet
    }

    /// Rises with every change; 0 while nothing was ever set here.
    async fn version(&self) -> i32 {
        self.rules.version
    }
}

/// A rule that reminds people of a session.
pub struct ReminderRule(Rule);

/// A rule that reminds people of a session: so many days before at a time of the day, or so many hours before.
#[Object]
impl ReminderRule {
    /// Whom.
    async fn audience(&self) -> ReminderAudience {
        self.0.who
    }

    /// Days before; null when it is hours.
    async fn days_before(&self) -> Option<i32> {
        match self.0.before {
            Before::Days { days, .. } => Some(days),
            Before::Hours { .. } => None,
        }
    }

    /// The time of that day, in the district's zone; null when it is hours.
    async fn at(&self) -> Option<NaiveTime> {
        match self.0.before {
            Before::Days { at, .. } => Some(hours::time(at)),
            Before::Hours { .. } => None,
        }
    }

    /// Hours before the start; null when it is days.
    async fn hours_before(&self) -> Option<i32> {
        match self.0.before {
            Before::Hours { hours } => Some(hours),
            Before::Days { .. } => None,
        }
    }

    /// The rule in words, in the language asked for.
    async fn sentence(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(self.0.sentence(request(ctx)?.language))
    }
}

/// A rule to set: either `daysBefore`, or `hoursBefore`.
#[derive(Debug, InputObject)]
pub struct ReminderRuleInput {
    /// Whom.
    audience: ReminderAudience,
    /// Days before, 1–60.
    days_before: Option<i32>,
    /// The time of that day, in the district's zone; 08:00 when left out.
    at: Option<NaiveTime>,
    /// Hours before the start, 1–23.
    hours_before: Option<i32>,
}

/// Hours in which nobody is reminded: they begin at 20:00 or later and end at 08:00 or earlier.
#[derive(Debug, InputObject)]
pub struct QuietHoursInput {
    /// From when.
    from: NaiveTime,
    /// Until when.
    until: NaiveTime,
}

/// Reminder rules to set, as a whole.
#[derive(Debug, InputObject)]
pub struct ReminderRulesSetInput {
    /// The group; left out: the district.
    group_id: Option<ID>,
    /// The version the change was made from; 0 while nothing was ever set.
    expected_version: i32,
    /// All rules; null: as the district or the program has them; empty: nobody is reminded.
    rules: Option<Vec<ReminderRuleInput>>,
    /// Quiet hours; null: as the district or the program has them.
    quiet_hours: Option<QuietHoursInput>,
}

/// What came of setting reminder rules.
#[derive(SimpleObject)]
pub struct ReminderRulesPayload {
    /// The rules as they now are; null when nothing was written, unless somebody else was quicker.
    reminder_rules: Option<ReminderRules>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// Whether somebody wants a category of mails 邮件偏好.
#[derive(Debug, Clone, SimpleObject)]
pub struct MailPreference {
    /// What.
    category: MailCategory,
    /// Whether she wants it.
    wanted: bool,
    /// What it is, in the language asked for.
    description: String,
}

impl MailPreference {
    /// What somebody wants, category by category.
    pub async fn all_of(ctx: &Context<'_>, teacher_id: Uuid) -> Result<Vec<Self>> {
        let said: Vec<Said> = many(ctx, mail_preference::Column::TeacherId, teacher_id).await?;
        let wanted = |category| said.iter().all(|row| row.0.category != category || row.0.wanted);
        let language = request(ctx)?.language;
        Ok(MailCategory::ALL
            .iter()
            .map(|category| Self::new(*category, wanted(*category), language))
            .collect())
    }

    fn new(category: MailCategory, wanted: bool, language: Language) -> Self {
        let (zh, en) = preferences::hint(category);
        let description = if language == Language::English { en } else { zh };
        Self { category, wanted, description: description.to_owned() }
    }
}

/// Whether one wants a category of mails.
#[derive(Debug, InputObject)]
pub struct MailPreferenceInput {
    /// What.
    category: MailCategory,
    /// Whether it is wanted.
    wanted: bool,
}

/// What whoever is signed in wants; categories that are not named stay.
#[derive(Debug, InputObject)]
pub struct MailPreferencesSetInput {
    /// Categories.
    preferences: Vec<MailPreferenceInput>,
}

/// What came of setting preferences.
#[derive(SimpleObject)]
pub struct MailPreferencesPayload {
    /// What she wants now; null when nothing was written.
    mail_preferences: Option<Vec<MailPreference>>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// Changes when people are reminded, and which mails they want.
#[derive(Default)]
pub struct RemindingMutation;

#[Object]
impl RemindingMutation {
    /// Sets when a group, or the district, reminds people of sessions; reminders that wait are written anew.
    async fn reminder_rules_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "All rules, and where.")] input: ReminderRulesSetInput,
    ) -> Result<ReminderRulesPayload> {
        let scope = writer(ctx)?;
        let group = input.group_id.as_ref().and_then(|id| Kind::Group.parse(id));
        let (_, user_errors) = settle::<Own>(ctx, set(scope, input).await, None).await?;
        let shown = user_errors.iter().all(|fault| fault.code == "STALE");
        let reminder_rules = if shown { Some(ReminderRules::load(ctx, group).await?) } else { None };
        Ok(ReminderRulesPayload { reminder_rules, user_errors })
    }

    /// Sets which mails whoever is signed in wants. Invitations, changes, cancellations and decisions about oneself always come.
    async fn mail_preferences_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is wanted.")] input: MailPreferencesSetInput,
    ) -> Result<MailPreferencesPayload> {
        let scope = writer(ctx)?;
        let language = request(ctx)?.language;
        match prefer(scope, input).await {
            Ok(wanted) => {
                let all = wanted.into_iter();
                let all = all.map(|(category, wanted)| MailPreference::new(category, wanted, language));
                Ok(MailPreferencesPayload { mail_preferences: Some(all.collect()), user_errors: Vec::new() })
            }
            Err(error) => {
                let (_, user_errors) =
                    settle::<Said>(ctx, Err::<mail_preference::Model, _>(error), None).await?;
                Ok(MailPreferencesPayload { mail_preferences: None, user_errors })
            }
        }
    }
}

async fn set(scope: &Scope, input: ReminderRulesSetInput) -> crate::error::Result<reminder_setting::Model> {
    let rules = input.rules.map(|rules| {
        rules.into_iter().enumerate().map(|(ix, rule)| read(ix, &rule)).collect::<crate::error::Result<_>>()
    });
    let quiet = input
        .quiet_hours
        .map(|quiet| QuietHours { from: hours::minute(quiet.from), until: hours::minute(quiet.until) });
    let change = RulesChange {
        group_id: input.group_id.map(|id| ident(Kind::Group, &id, "groupId")).transpose()?,
        expected_version: input.expected_version,
        rules: rules.transpose()?,
        quiet,
    };
    reminding::set(scope, change).await
}

fn read(ix: usize, rule: &ReminderRuleInput) -> crate::error::Result<Rule> {
    let before = match (rule.days_before, rule.at, rule.hours_before) {
        (Some(days), at, None) => Before::Days { days, at: at.map_or(8 * 60, hours::minute) },
        (None, None, Some(hours)) => Before::Hours { hours },
        _ => {
            let error = UserError::new(
                "REMINDER_UNCLEAR",
                "每条提醒规则写提前几天（可加时刻）或提前几小时，二者只能选一",
                "a rule says how many days before, with a time if need be, or how many hours before: one of the two",
            );
            return Err(error.at(&format!("rules.{ix}")).into());
        }
    };
    Ok(Rule { who: rule.audience, before })
}

async fn prefer(
    scope: &Scope,
    input: MailPreferencesSetInput,
) -> crate::error::Result<BTreeMap<MailCategory, bool>> {
    let Actor::Person { id, .. } = scope.actor else { return Err(Error::Unauthenticated) };
    let mut wishes = BTreeMap::new();
    for (ix, wish) in input.preferences.iter().enumerate() {
        if wishes.insert(wish.category, wish.wanted).is_some_and(|earlier| earlier != wish.wanted) {
            let error = UserError::new(
                "PREFERENCE_TWICE",
                format!("“{}”既要又不要，请只写一次", wish.category.zh()),
                format!("{} is both wanted and not: say it once", wish.category.en()),
            );
            return Err(error.at(&format!("preferences.{ix}")).into());
        }
    }
    sessions::prefer(scope, id, &wishes).await
}
