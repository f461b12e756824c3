//! The count of a round as the API shows and changes it.

use std::collections::BTreeMap;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};
use uuid::Uuid;

use crate::access::may_see_personal;
use crate::entity::values::{CandidacyStanding, StaffingSource, Stage};
use crate::entity::{candidacy, staffing};
use crate::graphql::{Fault, OrFault, ident, many, object_over, one, request, scope, settle, the, writer};
use crate::groups::graphql::{School, Subject};
use crate::id::Kind;
use crate::people::graphql::Teacher;
use crate::rotations::count::{
    self, CandidacyCorrection, CountOptions, Effect, Facts, Finding, Length, RateCount, Reason,
    StaffingCorrection, Standings, Summary, What,
};
use crate::rotations::graphql::RotationRound;
use crate::rotations::graphql::policy::RotationRule;
use crate::rotations::policy::Rule;
use crate::scope::Scope;

object_over! {
    /// Where a teacher stands.
    Candidacy, candidacy
}

/// Where a teacher stands in a round 摸底, with what decided it.
#[Object]
impl Candidacy {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Candidacy.id(self.0.id).into()
    }

    /// The round.
    async fn round(&self, ctx: &Context<'_>) -> Result<RotationRound> {
        the(ctx, self.0.round_id).await
    }

    /// The teacher.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Teacher> {
        the(ctx, self.0.teacher_id).await
    }

    /// Her home school.
    async fn school(&self, ctx: &Context<'_>) -> Result<School> {
        the(ctx, self.0.school_id).await
    }

    /// The stage she teaches.
    async fn stage(&self) -> Stage {
        self.0.stage
    }

    /// The subject she teaches.
    async fn subject(&self, ctx: &Context<'_>) -> Result<Option<Subject>> {
        one(ctx, self.0.subject_id).await
    }

    /// Whether she must, may or need not move.
    async fn standing(&self) -> CandidacyStanding {
        self.0.standing
    }

    /// Whether she counts as 骨干 under the policy.
    async fn backbone(&self) -> bool {
        self.0.backbone
    }

    /// Why she is not eligible; null when the rules do not bar her.
    async fn reason(&self, ctx: &Context<'_>) -> Result<Option<Reason>> {
        Ok(self.facts(ctx)?.reason())
    }

    /// The day on which years and ages were counted.
    async fn counted_on(&self, ctx: &Context<'_>) -> Result<NaiveDate> {
        Ok(self.facts(ctx)?.counted_on)
    }

    /// First day of her unbroken time at her school.
    async fn since(&self, ctx: &Context<'_>) -> Result<NaiveDate> {
        Ok(self.facts(ctx)?.since)
    }

    /// Full years of that time.
    async fn tenure_years(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(self.facts(ctx)?.tenure.years.into())
    }

    /// Full months beyond the years, 0–11.
    async fn tenure_months(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(self.facts(ctx)?.tenure.months.into())
    }

    /// Full age; null when the date of birth is not on file, or is not for the viewer to see.
    async fn age(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        let age = self.facts(ctx)?.age.map(i32::from);
        Ok(age.filter(|_| scope(ctx).is_ok_and(may_see_personal)))
    }

    /// What each rule found, in the order of the rules, and what else decided. What is personal is left out for whoever may not
    /// see it.
    async fn findings(&self, ctx: &Context<'_>) -> Result<Vec<CandidacyFinding>> {
        let all = may_see_personal(scope(ctx)?);
        let findings = self.facts(ctx)?.findings.into_iter();
        Ok(findings.filter(|finding| all || !finding.what.is_personal()).map(CandidacyFinding).collect())
    }

    /// Why the office set the standing otherwise than the rules do.
    async fn correction(&self) -> Option<&str> {
        self.0.correction.as_deref()
    }

    /// When it was counted.
    async fn computed_at(&self) -> DateTime<Utc> {
        self.0.computed_at
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

impl Candidacy {
    fn facts(&self, ctx: &Context<'_>) -> Result<Facts> {
        serde_json::from_value(self.0.facts.clone()).map_err(crate::error::Error::from).or_fault(ctx)
    }
}

/// What a rule found of a teacher.
pub struct CandidacyFinding(Finding);

/// What a rule found of a teacher: a sentence to read, and its figures.
#[Object]
impl CandidacyFinding {
    /// The rule's place in the policy, from 1; null: no rule of the policy.
    async fn rule(&self) -> Option<i32> {
        self.0.rule
    }

    /// What it does to her standing.
    async fn effect(&self) -> Effect {
        self.0.effect
    }

    /// What was found, in the language asked for.
    async fn sentence(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(count::told(&self.0).text(request(ctx)?.language).to_owned())
    }

    /// Full years: at the school, in the duty, of age, or until retirement.
    async fn years(&self) -> Option<i32> {
        let years = match &self.0.what {
            What::Age { age, .. } => Some(*age),
            other => other.length().map(|length| length.years),
        };
        years.map(i32::from)
    }

    /// Full months beyond the years, 0–11; null for an age.
    async fn months(&self) -> Option<i32> {
        self.0.what.length().map(|length| length.months.into())
    }

    /// Years that the rule asks for, or the oldest age.
    async fn limit(&self) -> Option<i32> {
        self.0.what.limit().map(i32::from)
    }
}

impl What {
    fn length(&self) -> Option<Length> {
        match self {
            Self::Tenure { length, .. } | Self::Terms { length, .. } => Some(*length),
            Self::Retirement { left, .. } => Some(*left),
            _ => None,
        }
    }

    fn limit(&self) -> Option<u8> {
        match self {
            Self::Tenure { needed, .. } => Some(*needed),
            Self::Age { limit, .. } => Some(*limit),
            Self::Terms { terms, years_per_term, .. } => Some(terms.saturating_mul(*years_per_term)),
            Self::Retirement { more_than, .. } => Some(*more_than),
            _ => None,
        }
    }

    /// Whether it is for colleagues only: age, health, family.
    fn is_personal(&self) -> bool {
        matches!(
            self,
            Self::Age { .. } | Self::Retirement { .. } | Self::Exempted { .. } | Self::Remarked { .. }
        )
    }
}

/// Which candidacies to list.
#[derive(Debug, Default, InputObject)]
pub struct CandidacyFilter {
    /// Home school.
    school_id: Option<ID>,
    /// Subject.
    subject_id: Option<ID>,
    /// Stage.
    stage: Option<Stage>,
    /// Only those who stand so.
    standing: Option<CandidacyStanding>,
    /// Only 骨干, or only the others.
    backbone: Option<bool>,
}

impl CandidacyFilter {
    /// The rows of a round that fit.
    pub fn select(&self, round_id: Uuid) -> crate::error::Result<Select<candidacy::Entity>> {
        let mut select = candidacy::Entity::find().filter(candidacy::Column::RoundId.eq(round_id));
        if let Some(school) = &self.school_id {
            let school = ident(Kind::School, school, "schoolId")?;
            select = select.filter(candidacy::Column::SchoolId.eq(school));
        }
        if let Some(subject) = &self.subject_id {
            let subject = ident(Kind::Subject, subject, "subjectId")?;
            select = select.filter(candidacy::Column::SubjectId.eq(subject));
        }
        if let Some(stage) = self.stage {
            select = select.filter(candidacy::Column::Stage.eq(stage));
        }
        if let Some(standing) = self.standing {
            select = select.filter(candidacy::Column::Standing.eq(standing));
        }
        if let Some(backbone) = self.backbone {
            select = select.filter(candidacy::Column::Backbone.eq(backbone));
        }
        Ok(select)
    }
}

object_over! {
    /// Teachers needed and there.
    Staffing, staffing
}

/// 学科余缺: teachers needed and there in a subject of a stage at a school.
#[Object]
impl Staffing {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Staffing.id(self.0.id).into()
    }

    /// The round.
    async fn round(&self, ctx: &Context<'_>) -> Result<RotationRound> {
        the(ctx, self.0.round_id).await
    }

    /// The school.
    async fn school(&self, ctx: &Context<'_>) -> Result<School> {
        the(ctx, self.0.school_id).await
    }

    /// The stage.
    async fn stage(&self) -> Stage {
        self.0.stage
    }

    /// The subject.
    async fn subject(&self, ctx: &Context<'_>) -> Result<Subject> {
        the(ctx, self.0.subject_id).await
    }

    /// Teachers needed 核定需求.
    async fn needed(&self) -> i32 {
        self.0.needed
    }

    /// Teachers there on the first day of service 现有人数.
    async fn present(&self) -> i32 {
        self.0.present
    }

    /// Too many, or negative: too few 余缺.
    async fn surplus(&self) -> i32 {
        self.0.present - self.0.needed
    }

    /// Where the numbers come from.
    async fn source(&self) -> StaffingSource {
        self.0.source
    }

    /// Why they were corrected.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// 学科余缺 of a round: one statement for all that a query asks for.
pub async fn staffing_of(
    ctx: &Context<'_>,
    round_id: Uuid,
    school_id: Option<ID>,
    subject_id: Option<ID>,
) -> Result<Vec<Staffing>> {
    let school = school_id.map(|id| ident(Kind::School, &id, "schoolId")).transpose().or_fault(ctx)?;
    let subject = subject_id.map(|id| ident(Kind::Subject, &id, "subjectId")).transpose().or_fault(ctx)?;
    let mut rows: Vec<Staffing> = many(ctx, staffing::Column::RoundId, round_id).await?;
    rows.retain(|row| school.is_none_or(|id| row.0.school_id == id));
    rows.retain(|row| subject.is_none_or(|id| row.0.subject_id == id));
    Ok(rows)
}

/// The figures of a count.
pub struct CountSummary(pub Summary);

/// The figures of a count 摸底汇总.
#[Object]
impl CountSummary {
    /// Everybody.
    async fn total(&self) -> StandingCounts {
        StandingCounts::from(&self.0.total)
    }

    /// By school, in the order of their identifiers.
    async fn schools(&self) -> Vec<SchoolStandings> {
        let schools = self.0.schools.iter();
        schools
            .map(|school| SchoolStandings(school.school_id, StandingCounts::from(&school.standings)))
            .collect()
    }

    /// What each rate of the policy asks for.
    async fn rates(&self) -> Vec<RateFigures> {
        self.0.rates.iter().cloned().map(RateFigures).collect()
    }
}

/// The figures of one school.
pub struct SchoolStandings(Uuid, StandingCounts);

/// The figures of one school.
#[Object]
impl SchoolStandings {
    /// The school.
    async fn school(&self, ctx: &Context<'_>) -> Result<School> {
        the(ctx, self.0).await
    }

    /// Its teachers.
    async fn standings(&self) -> &StandingCounts {
        &self.1
    }
}

/// Teachers counted by where they stand.
#[derive(Debug, Clone, SimpleObject)]
pub struct StandingCounts {
    /// All teachers counted.
    teachers: u32,
    /// 符合条件: those who must and those who may move.
    eligible: u32,
    /// 应交流.
    must_move: u32,
    /// 可交流.
    may_move: u32,
    /// 免于交流.
    exempt: u32,
    /// 暂缓交流.
    deferred: u32,
    /// 不符合条件.
    not_eligible: u32,
    /// 骨干 among all.
    backbone: u32,
    /// 骨干 among the eligible.
    backbone_eligible: u32,
    /// Those whom the rules bar, by the first reason.
    reasons: Vec<ReasonCount>,
    /// Eligible ones whose remark on the roster needs looking into.
    remarked: u32,
    /// Standings that the office corrected.
    corrected: u32,
}

/// Teachers barred for one reason.
#[derive(Debug, Clone, SimpleObject)]
pub struct ReasonCount {
    /// Why.
    reason: Reason,
    /// How many.
    teachers: u32,
}

impl From<&Standings> for StandingCounts {
    fn from(counts: &Standings) -> Self {
        let reasons = counts
            .reasons
            .iter()
            .map(|(reason, teachers)| ReasonCount { reason: *reason, teachers: *teachers });
        Self {
            teachers: counts.teachers,
            eligible: counts.eligible(),
            must_move: counts.must,
            may_move: counts.may,
            exempt: counts.exempt,
            deferred: counts.deferred,
            not_eligible: counts.not_eligible,
            backbone: counts.backbone,
            backbone_eligible: counts.backbone_eligible,
            reasons: reasons.collect(),
            remarked: counts.remarked,
            corrected: counts.corrected,
        }
    }
}

/// What a rate asks for.
pub struct RateFigures(RateCount);

/// What a rate of the policy asks of a round: numerator and denominator in people.
#[Object]
impl RateFigures {
    /// The rule.
    async fn rule(&self) -> RotationRule {
        RotationRule::new(self.0.ordinal, Rule::Rate(self.0.rate.clone()))
    }

    /// People in the denominator; for a share of those who move, the fewest who must move by the other rates.
    async fn denominator(&self) -> u32 {
        self.0.denominator
    }

    /// People the numerator must reach, or must not pass.
    async fn required(&self) -> u32 {
        self.0.required
    }

    /// How many could be in the numerator.
    async fn available(&self) -> u32 {
        self.0.available
    }
}

/// Lessons that make a post.
#[derive(Debug, InputObject)]
pub struct LessonNormInput {
    /// Of which stage.
    stage: Stage,
    /// Lessons a week that make one post, 1–40.
    lessons: u32,
}

/// A round to count.
#[derive(Debug, InputObject)]
pub struct RoundCountInput {
    /// The round.
    round_id: ID,
    /// Lessons a week that make one post; where none is given, lessons are shared as evenly as the district's teachers allow.
    #[graphql(default)]
    norms: Vec<LessonNormInput>,
}

/// What came of a count.
#[derive(SimpleObject)]
pub struct RoundCountPayload {
    /// The round as it now is.
    rotation_round: Option<RotationRound>,
    /// Teachers counted.
    candidacies: i32,
    /// Of them, those who stand otherwise than before, or were not counted before.
    changed: i32,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// A standing to correct.
#[derive(Debug, InputObject)]
pub struct CandidacyCorrectInput {
    /// The candidacy.
    candidacy_id: ID,
    /// The version that was looked at.
    expected_version: i32,
    /// The standing; null: as the rules have it again.
    standing: Option<CandidacyStanding>,
    /// Why.
    reason: String,
}

/// What came of correcting a standing.
#[derive(SimpleObject)]
pub struct CandidacyPayload {
    /// The candidacy as it now is.
    candidacy: Option<Candidacy>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// Numbers of 学科余缺 to correct.
#[derive(Debug, InputObject)]
pub struct StaffingCorrectInput {
    /// The round.
    round_id: ID,
    /// The school.
    school_id: ID,
    /// The stage.
    stage: Stage,
    /// The subject.
    subject_id: ID,
    /// The version that was looked at; 0 for a subject that was not counted there.
    expected_version: i32,
    /// Teachers needed, 0–1000.
    needed: i32,
    /// Teachers there, 0–1000.
    present: i32,
    /// Why.
    reason: String,
}

/// What came of correcting 学科余缺.
#[derive(SimpleObject)]
pub struct StaffingPayload {
    /// The numbers as they now are.
    staffing: Option<Staffing>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

impl From<count::Counted> for RotationRound {
    fn from(counted: count::Counted) -> Self {
        Self(counted.round)
    }
}

/// Changes counts.
#[derive(Default)]
pub struct CountMutation;

#[Object]
impl CountMutation {
    /// Counts a round 摸底 under its policy; counting again keeps what the office corrected.
    async fn round_count(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and how.")] input: RoundCountInput,
    ) -> Result<RoundCountPayload> {
        let scope = writer(ctx)?;
        let row = Kind::Round.parse(&input.round_id);
        let outcome = run(scope, input).await;
        let figures = outcome.as_ref().map(|counted| (counted.candidacies as i32, counted.changed as i32));
        let (candidacies, changed) = figures.unwrap_or_default();
        let (rotation_round, user_errors) = settle(ctx, outcome, row).await?;
        Ok(RoundCountPayload { rotation_round, candidacies, changed, user_errors })
    }

    /// Sets where a teacher stands, whatever the rules find, with a reason.
    async fn candidacy_correct(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, how, and why.")] input: CandidacyCorrectInput,
    ) -> Result<CandidacyPayload> {
        let scope = writer(ctx)?;
        let row = Kind::Candidacy.parse(&input.candidacy_id);
        let (candidacy, user_errors) = settle(ctx, correct_candidacy(scope, input).await, row).await?;
        Ok(CandidacyPayload { candidacy, user_errors })
    }

    /// Sets how many teachers a subject needs and has at a school, with a reason.
    async fn staffing_correct(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where, the numbers, and why.")] input: StaffingCorrectInput,
    ) -> Result<StaffingPayload> {
        let scope = writer(ctx)?;
        let (staffing, user_errors) = settle(ctx, correct_staffing(scope, input).await, None).await?;
        Ok(StaffingPayload { staffing, user_errors })
    }
}

async fn run(scope: &Scope, input: RoundCountInput) -> crate::error::Result<count::Counted> {
    let id = ident(Kind::Round, &input.round_id, "roundId")?;
    let norms: BTreeMap<Stage, u32> = input.norms.iter().map(|norm| (norm.stage, norm.lessons)).collect();
    count::run(scope, id, &CountOptions { norms }).await
}

async fn correct_candidacy(
    scope: &Scope,
    input: CandidacyCorrectInput,
) -> crate::error::Result<candidacy::Model> {
    let correction = CandidacyCorrection {
        candidacy_id: ident(Kind::Candidacy, &input.candidacy_id, "candidacyId")?,
        expected_version: input.expected_version,
        standing: input.standing,
        reason: input.reason,
    };
    count::correct_candidacy(scope, correction).await
}

async fn correct_staffing(
    scope: &Scope,
    input: StaffingCorrectInput,
) -> crate::error::Result<staffing::Model> {
    let correction = StaffingCorrection {
        round_id: ident(Kind::Round, &input.round_id, "roundId")?,
        school_id: ident(Kind::School, &input.school_id, "schoolId")?,
        stage: input.stage,
        subject_id: ident(Kind::Subject, &input.subject_id, "subjectId")?,
        expected_version: input.expected_version,
        needed: input.needed,
        present: input.present,
        reason: input.reason,
    };
    count::correct_staffing(scope, correction).await
}
