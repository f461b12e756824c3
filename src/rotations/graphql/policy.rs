//! Policies of rotation as the API shows and changes them.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::NaiveDate;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::entity::values::{PolicyPreset, RotationRuleKind};
use crate::entity::{rotation_policy, rotation_rule};
use crate::graphql::{
    Connected, Fault, Key, OrFault, Order, Page, by_id, ident, many, object_over, one, page, request, settle,
    weight, writer,
};
use crate::groups::graphql::EducationGroup;
use crate::id::Kind;
use crate::rotations::policy::{
    self, AgeLimit, Backbone, CountedOn, Directions, Duration, ExemptionGround, Forms, Graduating,
    LeaderTerms, LongestCommute, NewPolicy, NotedRule, Origin, Policy, PolicyChange, Rate, Retirement, Rule,
    SchoolCap, Stages, Tenure,
};
use crate::scope::Scope;

object_over! {
    /// A policy.
    RotationPolicy, rotation_policy
}

object_over! {
    /// A stored rule.
    StoredRule, rotation_rule
}

/// A policy of rotation 轮岗政策: rules for the district or a group, from a day on. Changing it ends it and begins another.
#[Object]
impl RotationPolicy {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Policy.id(self.0.id).into()
    }

    /// Name, e.g. 澜川县教师交流轮岗办法.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The group it is for; null: the whole district.
    async fn group(&self, ctx: &Context<'_>) -> Result<Option<EducationGroup>> {
        one(ctx, self.0.group_id).await
    }

    /// First day it is in force.
    async fn from_on(&self) -> NaiveDate {
        self.0.from_on
    }

    /// Last day; null: until another follows.
    async fn until_on(&self) -> Option<NaiveDate> {
        self.0.until_on
    }

    /// The published rules it was made from, if any.
    async fn preset(&self) -> Option<PolicyPreset> {
        self.0.preset
    }

    /// Its rules, in their order.
    async fn rules(&self, ctx: &Context<'_>) -> Result<Vec<RotationRule>> {
        let rows: Vec<StoredRule> = many(ctx, rotation_rule::Column::PolicyId, self.0.id).await?;
        let rules = policy::read(rows.into_iter().map(|row| row.0).collect()).or_fault(ctx)?;
        Ok(numbered(rules))
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

fn numbered(rules: Vec<NotedRule>) -> Vec<RotationRule> {
    (1..).zip(rules).map(|(ordinal, (rule, note))| RotationRule { ordinal, rule, note }).collect()
}

/// A rule of a policy.
pub struct RotationRule {
    ordinal: i32,
    rule: Rule,
    note: Option<String>,
}

impl RotationRule {
    /// A rule at its place in a policy.
    pub fn new(ordinal: i32, rule: Rule) -> Self {
        Self { ordinal, rule, note: None }
    }
}

/// Fields that are set when the rule is of their kind.
macro_rules! of_kind {
    ($self:ident, $variant:ident) => {
        match &$self.rule {
            Rule::$variant(rule) => Some(rule.clone()),
            _ => None,
        }
    };
}

/// A rule of a policy 轮岗规定: a sentence to read, and in the field of its kind the figures to count with.
#[Object]
impl RotationRule {
    /// Its place in the policy, from 1.
    async fn ordinal(&self) -> i32 {
        self.ordinal
    }

    /// What it is about.
    async fn kind(&self) -> RotationRuleKind {
        self.rule.kind()
    }

    /// What it says, in the language asked for.
    async fn sentence(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(policy::sentence(&self.rule).text(request(ctx)?.language).to_owned())
    }

    /// Where it comes from or how it is read; decides nothing.
    async fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// 同校任教满年限.
    async fn must_move_tenure(&self) -> Option<Tenure> {
        of_kind!(self, MustMoveTenure)
    }

    /// 年龄上限.
    async fn age_limit(&self) -> Option<AgeLimit> {
        of_kind!(self, AgeLimit)
    }

    /// 校长任期.
    async fn leader_terms(&self) -> Option<LeaderTerms> {
        of_kind!(self, LeaderTerms)
    }

    /// 距退休年限.
    async fn years_before_retirement(&self) -> Option<Retirement> {
        of_kind!(self, YearsBeforeRetirement)
    }

    /// 骨干认定.
    async fn honour(&self) -> Option<Backbone> {
        of_kind!(self, Honour)
    }

    /// 学段.
    async fn stage(&self) -> Option<Stages> {
        of_kind!(self, Stage)
    }

    /// 毕业年级.
    async fn graduating_grade(&self) -> Option<Graduating> {
        of_kind!(self, GraduatingGrade)
    }

    /// 免于或暂缓交流.
    async fn exemption(&self) -> Option<ExemptionGround> {
        of_kind!(self, Exemption)
    }

    /// 比例.
    async fn rate(&self) -> Option<Rate> {
        of_kind!(self, Rate)
    }

    /// 期限.
    async fn duration(&self) -> Option<Duration> {
        of_kind!(self, Duration)
    }

    /// 流向.
    async fn direction(&self) -> Option<Directions> {
        of_kind!(self, Direction)
    }

    /// 每校上限.
    async fn school_cap(&self) -> Option<SchoolCap> {
        of_kind!(self, SchoolCap)
    }

    /// 单程最长通勤.
    async fn longest_commute(&self) -> Option<LongestCommute> {
        of_kind!(self, LongestCommute)
    }

    /// 形式.
    async fn forms(&self) -> Option<Forms> {
        of_kind!(self, Forms)
    }

    /// 计算日期.
    async fn counted_on(&self) -> Option<CountedOn> {
        of_kind!(self, CountedOn)
    }
}

/// Published rules that a policy can be made from.
pub struct RotationPreset(PolicyPreset);

/// Published rules that a policy can be made from 政策范本.
#[Object]
impl RotationPreset {
    /// Which ones.
    async fn preset(&self) -> PolicyPreset {
        self.0
    }

    /// Its name as people say it.
    async fn name(&self) -> &str {
        self.0.zh()
    }

    /// What the place published, in the language asked for.
    async fn source(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(policy::preset_source(self.0).text(request(ctx)?.language).to_owned())
    }

    /// Its rules.
    async fn rules(&self) -> Vec<RotationRule> {
        numbered(policy::preset_rules(self.0))
    }
}

/// Reads policies.
#[derive(Default)]
pub struct PolicyQuery;

#[Object]
impl PolicyQuery {
    /// Policies of rotation 轮岗政策, those in force earlier first.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "a connection takes four")]
    async fn rotation_policies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this group; left out: all.")] group_id: Option<ID>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<RotationPolicy>> {
        let mut select = rotation_policy::Entity::find();
        if let Some(group) = group_id {
            let group = ident(Kind::Group, &group, "groupId").or_fault(ctx)?;
            select = select.filter(rotation_policy::Column::GroupId.eq(group));
        }
        let order =
            Order::by(rotation_policy::Column::FromOn, |row: &rotation_policy::Model| Key::Day(row.from_on));
        page(ctx, select, order, Page::new(first, after, last, before)).await
    }

    /// A policy; null when there is none.
    async fn rotation_policy(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its identifier.")] id: ID,
    ) -> Result<Option<RotationPolicy>> {
        by_id(ctx, Kind::Policy, &id).await
    }

    /// Published rules that a policy can be made from.
    async fn rotation_presets(&self) -> Vec<RotationPreset> {
        PolicyPreset::ALL.iter().copied().map(RotationPreset).collect()
    }
}

/// A rule with a note.
#[derive(Debug, InputObject)]
pub struct NotedRuleInput {
    /// The rule: exactly one of its fields.
    rule: Rule,
    /// Where it comes from or how it is read; decides nothing.
    note: Option<String>,
}

/// A policy to put in force: from a preset, or with rules of one's own.
#[derive(Debug, InputObject)]
pub struct PolicyCreateInput {
    /// Name, e.g. 澜川县教师交流轮岗办法.
    name: String,
    /// The group it is for; left out: the whole district.
    group_id: Option<ID>,
    /// First day it is in force.
    from_on: NaiveDate,
    /// Published rules; then `rules` are left out.
    preset: Option<PolicyPreset>,
    /// The rules, in their order.
    rules: Option<Vec<NotedRuleInput>>,
}

/// A policy to change: it ends, and another begins.
#[derive(Debug, InputObject)]
pub struct PolicyUpdateInput {
    /// The policy.
    policy_id: ID,
    /// The version that was looked at.
    expected_version: i32,
    /// First day on which the change counts.
    from_on: NaiveDate,
    /// A new name; left out: as it was.
    name: Option<String>,
    /// Published rules; then `rules` are left out.
    preset: Option<PolicyPreset>,
    /// The rules from then on: all of them.
    rules: Option<Vec<NotedRuleInput>>,
}

/// A policy to end.
#[derive(Debug, InputObject)]
pub struct PolicyEndInput {
    /// The policy.
    policy_id: ID,
    /// The version that was looked at.
    expected_version: i32,
    /// Last day it is in force.
    until_on: NaiveDate,
}

/// What came of a change to a policy.
#[derive(SimpleObject)]
pub struct RotationPolicyPayload {
    /// The policy as it now is; after a change, the one that began.
    rotation_policy: Option<RotationPolicy>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

impl From<Policy> for RotationPolicy {
    fn from(policy: Policy) -> Self {
        Self(policy.row)
    }
}

/// Changes policies.
#[derive(Default)]
pub struct PolicyMutation;

#[Object]
impl PolicyMutation {
    /// Puts a policy of rotation in force.
    async fn policy_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its name, days and rules.")] input: PolicyCreateInput,
    ) -> Result<RotationPolicyPayload> {
        let scope = writer(ctx)?;
        let (rotation_policy, user_errors) = settle(ctx, create(scope, input).await, None).await?;
        Ok(RotationPolicyPayload { rotation_policy, user_errors })
    }

    /// Ends a policy and begins another with other rules; rounds that are still counting follow it.
    async fn policy_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and its rules from then on.")] input: PolicyUpdateInput,
    ) -> Result<RotationPolicyPayload> {
        let scope = writer(ctx)?;
        let row = Kind::Policy.parse(&input.policy_id);
        let (rotation_policy, user_errors) = settle(ctx, update(scope, input).await, row).await?;
        Ok(RotationPolicyPayload { rotation_policy, user_errors })
    }

    /// Ends a policy.
    async fn policy_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and its last day.")] input: PolicyEndInput,
    ) -> Result<RotationPolicyPayload> {
        let scope = writer(ctx)?;
        let row = Kind::Policy.parse(&input.policy_id);
        let (rotation_policy, user_errors) = settle(ctx, end(scope, input).await, row).await?;
        Ok(RotationPolicyPayload { rotation_policy, user_errors })
    }
}

/// What a policy is made from: one of the two must be given. None at all is a policy without rules, which is refused as such.
fn origin(preset: Option<PolicyPreset>, rules: Option<Vec<NotedRuleInput>>) -> crate::error::Result<Origin> {
    match (preset, rules) {
        (Some(preset), None) => Ok(Origin::Preset(preset)),
        (None, rules) => {
            let rules = rules.unwrap_or_default().into_iter().map(|noted| (noted.rule, noted.note));
            Ok(Origin::Rules(rules.collect()))
        }
        (Some(_), Some(_)) => Err(policy::either().into()),
    }
}

async fn create(scope: &Scope, input: PolicyCreateInput) -> crate::error::Result<Policy> {
    let new = NewPolicy {
        name: input.name,
        group_id: input.group_id.map(|id| ident(Kind::Group, &id, "groupId")).transpose()?,
        from_on: input.from_on,
        origin: origin(input.preset, input.rules)?,
    };
    policy::create(scope, new).await
}

async fn update(scope: &Scope, input: PolicyUpdateInput) -> crate::error::Result<Policy> {
    let change = PolicyChange {
        policy_id: ident(Kind::Policy, &input.policy_id, "policyId")?,
        expected_version: input.expected_version,
        from_on: input.from_on,
        name: input.name,
        origin: origin(input.preset, input.rules)?,
    };
    policy::update(scope, change).await
}

async fn end(scope: &Scope, input: PolicyEndInput) -> crate::error::Result<rotation_policy::Model> {
    let id = ident(Kind::Policy, &input.policy_id, "policyId")?;
    policy::end(scope, id, input.expected_version, input.until_on).await
}
