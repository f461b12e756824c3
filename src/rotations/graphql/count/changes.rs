//! Counting a round, and correcting what was counted.

use std::collections::BTreeMap;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use crate::entity::values::{CandidacyStanding, Stage};
use crate::entity::{candidacy, staffing};
use crate::graphql::{Fault, ident, settle, writer};
use crate::id::Kind;
use crate::rotations::count::{self, CandidacyCorrection, CountOptions, StaffingCorrection};
use crate::rotations::graphql::{Candidacy, RotationRound, Staffing};
use crate::scope::Scope;

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
