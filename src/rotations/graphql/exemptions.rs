//! Exemptions as the API shows them.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::NaiveDate;

use crate::access;
use crate::entity::exemption;
use crate::entity::values::{ExemptionKind, ExemptionState};
use crate::graphql::{Fault, OrFault, ident, object_over, one, request, scope, settle, the, writer};
use crate::id::Kind;
use crate::people::graphql::Teacher;
use crate::rotations::exemptions::{self, Decision, NewExemption};
use crate::rotations::graphql::RotationRound;
use crate::scope::Scope;

object_over! {
    /// An exemption.
    Exemption, exemption
}

/// A teacher's request to be exempt 免于或暂缓交流 in a round. Its ground and papers are hers: hidden when nobody is signed in.
#[Object]
impl Exemption {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Exemption.id(self.0.id).into()
    }

    /// The round.
    async fn round(&self, ctx: &Context<'_>) -> Result<RotationRound> {
        the(ctx, self.0.round_id).await
    }

    /// Who asks.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Teacher> {
        the(ctx, self.0.teacher_id).await
    }

    /// On what ground; null when nobody is signed in.
    async fn kind(&self, ctx: &Context<'_>) -> Result<Option<ExemptionKind>> {
        Ok(access::may_see_personal(scope(ctx)?).then_some(self.0.kind))
    }

    /// What paper proves it, with its number; null when nobody is signed in.
    async fn evidence(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        Ok(access::may_see_personal(scope(ctx)?).then_some(self.0.evidence.as_str()))
    }

    /// From which day it is proven.
    async fn evidence_from_on(&self) -> NaiveDate {
        self.0.evidence_from_on
    }

    /// Last day on which the ground holds, if it ends.
    async fn expires_on(&self) -> Option<NaiveDate> {
        self.0.expires_on
    }

    /// Where it stands.
    async fn state(&self) -> ExemptionState {
        self.0.state
    }

    /// Why it was accepted or refused; null when nobody is signed in.
    async fn decision_reason(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let may_see = access::may_see_personal(scope(ctx)?);
        Ok(self.0.decision_reason.as_deref().filter(|_| may_see))
    }

    /// Who decided: a staff number, or a program.
    async fn decided_by(&self) -> Option<&str> {
        self.0.decided_by.as_deref()
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// The paper that a kind of exemption needs.
#[derive(Debug, SimpleObject)]
pub struct ExemptionPaper {
    /// The kind.
    kind: ExemptionKind,
    /// What must be shown.
    evidence: String,
    /// Whether it is accepted only after it was made public at the school 校内公示.
    announced: bool,
    /// Years it counts at most; null: as long as the paper says.
    longest_years: Option<u32>,
}

/// Reads what exemptions need.
#[derive(Default)]
pub struct ExemptionsQuery;

#[Object]
impl ExemptionsQuery {
    /// The grounds of exemption that count in a round, the paper each needs, and how long it counts at most; null when there
    /// is no such round.
    #[graphql(complexity = "10 * child_complexity")]
    async fn exemption_papers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The round.")] round_id: ID,
    ) -> Result<Option<Vec<ExemptionPaper>>> {
        let id = ident(Kind::Round, &round_id, "roundId").or_fault(ctx)?;
        let Some(RotationRound(round)) = one(ctx, id).await? else { return Ok(None) };
        let request = request(ctx)?;
        let papers = exemptions::papers(request.scope.reader(), &round).await.or_fault(ctx)?;
        let shown = papers.into_iter().map(|paper| ExemptionPaper {
            kind: paper.kind,
            evidence: paper.told().text(request.language).to_owned(),
            announced: paper.announced,
            longest_years: paper.longest_years,
        });
        Ok(Some(shown.collect()))
    }
}

/// An exemption to ask for.
#[derive(Debug, InputObject)]
pub struct ExemptionSubmitInput {
    /// The round.
    round_id: ID,
    /// Who asks: oneself, or a teacher on whose behalf.
    teacher_id: ID,
    /// On what ground.
    kind: ExemptionKind,
    /// What paper proves it, with its number (`exemptionPapers`).
    evidence: String,
    /// From which day it is proven.
    evidence_from_on: NaiveDate,
    /// Last day on which the ground holds; null: as long as its kind counts at most.
    expires_on: Option<NaiveDate>,
}

/// What is decided about an exemption.
#[derive(Debug, InputObject)]
pub struct ExemptionDecideInput {
    /// The exemption.
    exemption_id: ID,
    /// The version that was looked at.
    expected_version: i32,
    /// Whether it is accepted.
    accepted: bool,
    /// That it was made public at the school 校内公示: needed to accept a ground that asks for it (`exemptionPapers`).
    #[graphql(default)]
    announced: bool,
    /// Why, as told to her.
    reason: String,
}

/// What came of a change to an exemption.
#[derive(SimpleObject)]
pub struct ExemptionPayload {
    /// The exemption as it now is.
    exemption: Option<Exemption>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// Asks for exemptions, and decides about them.
#[derive(Default)]
pub struct ExemptionsMutation;

#[Object]
impl ExemptionsMutation {
    /// Asks for an exemption, until 学校推荐 is over.
    async fn exemption_submit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ground and its paper.")] input: ExemptionSubmitInput,
    ) -> Result<ExemptionPayload> {
        let scope = writer(ctx)?;
        let (exemption, user_errors) = settle(ctx, submit(scope, input).await, None).await?;
        Ok(ExemptionPayload { exemption, user_errors })
    }

    /// Accepts or refuses an exemption; she is told, with the reason.
    async fn exemption_decide(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The decision.")] input: ExemptionDecideInput,
    ) -> Result<ExemptionPayload> {
        let scope = writer(ctx)?;
        let row = Kind::Exemption.parse(&input.exemption_id);
        let (exemption, user_errors) = settle(ctx, decide(scope, input).await, row).await?;
        Ok(ExemptionPayload { exemption, user_errors })
    }
}

async fn submit(scope: &Scope, input: ExemptionSubmitInput) -> crate::error::Result<exemption::Model> {
    let new = NewExemption {
        round_id: ident(Kind::Round, &input.round_id, "roundId")?,
        teacher_id: ident(Kind::Teacher, &input.teacher_id, "teacherId")?,
        kind: input.kind,
        evidence: input.evidence,
        evidence_from_on: input.evidence_from_on,
        expires_on: input.expires_on,
    };
    exemptions::submit(scope, new).await
}

async fn decide(scope: &Scope, input: ExemptionDecideInput) -> crate::error::Result<exemption::Model> {
    let decision = Decision {
        exemption_id: ident(Kind::Exemption, &input.exemption_id, "exemptionId")?,
        expected_version: input.expected_version,
        accepted: input.accepted,
        announced: input.announced,
        reason: input.reason,
    };
    exemptions::decide(scope, decision).await
}
