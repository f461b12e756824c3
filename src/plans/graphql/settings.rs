//! Weights and limits of planning as the API shows and changes them.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use session_planner::{Level, Rule, Rules};
use uuid::Uuid;

use crate::entity::planning_setting;
use crate::error::Language;
use crate::graphql::{Fault, Long, OrFault, ident, many, object_over, one, request, scope, settle, writer};
use crate::groups::graphql::EducationGroup;
use crate::id::Kind;
use crate::plans::graphql::RuleLevel;
use crate::plans::settings::{self, Limit, Setting, Settings, SettingsChange, Source};
use crate::scope::Scope;

object_over! {
    /// What one scope sets.
    Own, planning_setting
}

/// Weights of rules and limits that planning follows 排期设置.
pub struct PlanningSettings {
    group: Option<Uuid>,
    settings: Settings,
}

impl PlanningSettings {
    /// What holds for a group, or for the district: one statement for all that a query asks for.
    pub async fn load(ctx: &Context<'_>, group: Option<Uuid>) -> Result<Self> {
        let district = scope(ctx)?.district.id;
        let rows: Vec<Own> = many(ctx, planning_setting::Column::DistrictId, district).await?;
        let rows: Vec<planning_setting::Model> = rows.into_iter().map(|row| row.0).collect();
        let settings = Settings::of(&rows, group).or_fault(ctx)?;
        Ok(Self { group, settings })
    }
}

/// Weights of rules and limits that planning follows 排期设置: a group's own before the district's, and that before the program's.
#[Object]
impl PlanningSettings {
    /// The group; null: the district.
    async fn group(&self, ctx: &Context<'_>) -> Result<Option<EducationGroup>> {
        one(ctx, self.group).await
    }

    /// Weights of the medium and soft rules; hard rules always hold.
    async fn weights(&self) -> Vec<PlanningWeight> {
        let rules = Rules::standard();
        let weighed = rules.iter().filter(|rule| rule.level != Level::Hard);
        weighed.map(|rule| PlanningWeight { rule: *rule, setting: self.settings.weight(rule) }).collect()
    }

    /// Limits.
    async fn limits(&self) -> Vec<PlanningLimitSetting> {
        let limits = Limit::ALL.into_iter();
        limits.map(|limit| PlanningLimitSetting { limit, setting: self.settings.limit(limit) }).collect()
    }

    /// Rises with every change; 0 while nothing was ever set here.
    async fn version(&self) -> i32 {
        self.settings.version
    }
}

/// A rule of planning.
pub struct PlanningRule(Rule);

/// A rule of planning 排期规则.
#[Object]
impl PlanningRule {
    /// Its name, for programs.
    async fn name(&self) -> &str {
        self.0.name
    }

    /// Hard, medium or soft.
    async fn level(&self) -> RuleLevel {
        match self.0.level {
            Level::Hard => RuleLevel::Hard,
            Level::Medium => RuleLevel::Medium,
            Level::Soft => RuleLevel::Soft,
        }
    }

    /// What it demands, in the language asked for.
    async fn sentence(&self, ctx: &Context<'_>) -> Result<&str> {
        in_language(ctx, self.0.sentence)
    }

    /// What one breach costs unless somebody sets another weight; no amount of soft penalty outweighs a medium one.
    async fn default_weight(&self) -> Long {
        Long(self.0.default_weight)
    }
}

/// What a rule weighs.
pub struct PlanningWeight {
    rule: Rule,
    setting: Setting,
}

/// What a rule weighs, and who set it.
#[Object]
impl PlanningWeight {
    /// The rule.
    async fn rule(&self) -> PlanningRule {
        PlanningRule(self.rule)
    }

    /// What one breach costs; 0: the rule is switched off.
    async fn weight(&self) -> Long {
        Long(self.setting.value)
    }

    /// Who set it.
    async fn source(&self) -> Source {
        self.setting.source
    }
}

/// A limit as it holds.
pub struct PlanningLimitSetting {
    limit: Limit,
    setting: Setting,
}

/// A limit as it holds, and who set it.
#[Object]
impl PlanningLimitSetting {
    /// Which one.
    async fn limit(&self) -> Limit {
        self.limit
    }

    /// Its name as commands write it.
    async fn name(&self) -> &str {
        self.limit.name()
    }

    /// What it limits, in the language asked for.
    async fn sentence(&self, ctx: &Context<'_>) -> Result<&str> {
        in_language(ctx, self.limit.sentence())
    }

    /// What holds.
    async fn value(&self) -> Long {
        Long(self.setting.value)
    }

    /// What holds when nobody sets it.
    async fn default(&self) -> Long {
        Long(self.setting.default)
    }

    /// The greatest value that may be set.
    async fn most(&self) -> Long {
        Long(self.limit.most())
    }

    /// Who set it.
    async fn source(&self) -> Source {
        self.setting.source
    }
}

fn in_language(ctx: &Context<'_>, (zh, en): (&'static str, &'static str)) -> Result<&'static str> {
    Ok(match request(ctx)?.language {
        Language::Chinese => zh,
        Language::English => en,
    })
}

/// A weight to set.
#[derive(Debug, InputObject)]
pub struct PlanningWeightInput {
    /// Name of the rule; hard rules have no weight.
    rule: String,
    /// What one breach costs, 0 switches a soft rule off; null takes the setting back.
    weight: Option<Long>,
}

/// A limit to set.
#[derive(Debug, InputObject)]
pub struct PlanningLimitInput {
    /// Which one.
    limit: Limit,
    /// What holds from now on; null takes the setting back.
    value: Option<Long>,
}

/// Weights and limits to set; what is not named stays.
#[derive(Debug, InputObject)]
pub struct PlanningSettingsUpdateInput {
    /// The group; left out: the district.
    group_id: Option<ID>,
    /// The version the change was made from; 0 while nothing was ever set.
    expected_version: i32,
    /// Weights.
    #[graphql(default)]
    weights: Vec<PlanningWeightInput>,
    /// Limits.
    #[graphql(default)]
    limits: Vec<PlanningLimitInput>,
}

/// What came of changing settings.
#[derive(SimpleObject)]
pub struct PlanningSettingsPayload {
    /// The settings as they now are; null when nothing was written, unless somebody else was quicker.
    planning_settings: Option<PlanningSettings>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// Reads the rules of planning.
#[derive(Default)]
pub struct SettingsQuery;

#[Object]
impl SettingsQuery {
    /// The rules 排期规则 that a plan is judged by, hard ones first.
    async fn planning_rules(&self) -> Vec<PlanningRule> {
        Rules::standard().iter().copied().map(PlanningRule).collect()
    }
}

/// Changes weights and limits.
#[derive(Default)]
pub struct SettingsMutation;

#[Object]
impl SettingsMutation {
    /// Sets weights and limits of a group or of the district; plans made from then on follow them.
    async fn planning_settings_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to set, and where.")] input: PlanningSettingsUpdateInput,
    ) -> Result<PlanningSettingsPayload> {
        let scope = writer(ctx)?;
        let group = input.group_id.as_ref().and_then(|id| Kind::Group.parse(id));
        let (_, user_errors) = settle::<Own>(ctx, update(scope, input).await, None).await?;
        let shown = user_errors.iter().all(|fault| fault.code == "STALE");
        let planning_settings = if shown { Some(PlanningSettings::load(ctx, group).await?) } else { None };
        Ok(PlanningSettingsPayload { planning_settings, user_errors })
    }
}

async fn update(
    scope: &Scope,
    input: PlanningSettingsUpdateInput,
) -> crate::error::Result<planning_setting::Model> {
    let change = SettingsChange {
        group_id: input.group_id.map(|id| ident(Kind::Group, &id, "groupId")).transpose()?,
        expected_version: input.expected_version,
        weights: input.weights.into_iter().map(|set| (set.rule, set.weight.map(|weight| weight.0))).collect(),
        limits: input.limits.into_iter().map(|set| (set.limit, set.value.map(|value| value.0))).collect(),
    };
    settings::update(scope, change).await
}
