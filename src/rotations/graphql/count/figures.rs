//! The figures of a count as the API shows them.

use async_graphql::{Context, Object, Result, SimpleObject};
use uuid::Uuid;

use crate::graphql::the;
use crate::groups::graphql::School;
use crate::rotations::count::{RateCount, Reason, Standings, Summary};
use crate::rotations::graphql::policy::RotationRule;
use crate::rotations::policy::Rule;

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
