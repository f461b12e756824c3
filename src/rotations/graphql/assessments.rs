//! Assessments 考核 as the API shows them.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::NaiveDate;

use crate::access;
use crate::entity::assessment;
use crate::entity::values::{AssessmentKind, AssessmentResult};
use crate::graphql::{Fault, ident, object_over, scope, settle, the, writer};
use crate::id::Kind;
use crate::rotations::assessments::{self, Outcome};
use crate::rotations::graphql::Placement;
use crate::scope::Scope;

object_over! {
    /// An assessment.
    Assessment, assessment
}

/// How somebody's service at another school was assessed 考核.
#[Object]
impl Assessment {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Assessment.id(self.0.id).into()
    }

    /// Whose service.
    async fn placement(&self, ctx: &Context<'_>) -> Result<Placement> {
        the(ctx, self.0.placement_id).await
    }

    /// Which assessment.
    async fn kind(&self) -> AssessmentKind {
        self.0.kind
    }

    /// Its result; null when nobody is signed in.
    async fn result(&self, ctx: &Context<'_>) -> Result<Option<AssessmentResult>> {
        Ok(access::may_see_personal(scope(ctx)?).then_some(self.0.result))
    }

    /// A remark; null: none, or nobody is signed in.
    async fn remark(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let may_see = access::may_see_personal(scope(ctx)?);
        Ok(self.0.remark.as_deref().filter(|_| may_see))
    }

    /// The day.
    async fn assessed_on(&self) -> NaiveDate {
        self.0.assessed_on
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// The outcome of an assessment.
#[derive(Debug, InputObject)]
pub struct AssessmentRecordInput {
    /// Whose service.
    placement_id: ID,
    /// Which assessment.
    kind: AssessmentKind,
    /// Its result.
    result: AssessmentResult,
    /// A remark; must be made when the result is 基本称职 or 不称职.
    remark: Option<String>,
    /// The day; null: today.
    assessed_on: Option<NaiveDate>,
    /// The version of the assessment that was looked at; null when there was none yet.
    expected_version: Option<i32>,
}

/// What came of recording an assessment.
#[derive(SimpleObject)]
pub struct AssessmentPayload {
    /// The assessment as it now is.
    assessment: Option<Assessment>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// Assesses.
#[derive(Default)]
pub struct AssessmentsMutation;

#[Object]
impl AssessmentsMutation {
    /// Records how somebody's service was assessed, in the steps 在岗 and 考核; another outcome replaces the first.
    async fn assessment_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The outcome.")] input: AssessmentRecordInput,
    ) -> Result<AssessmentPayload> {
        let scope = writer(ctx)?;
        let (assessment, user_errors) = settle(ctx, record(scope, input).await, None).await?;
        Ok(AssessmentPayload { assessment, user_errors })
    }
}

async fn record(scope: &Scope, input: AssessmentRecordInput) -> crate::error::Result<assessment::Model> {
    let outcome = Outcome {
        placement_id: ident(Kind::Placement, &input.placement_id, "placementId")?,
        kind: input.kind,
        result: input.result,
        remark: input.remark,
        assessed_on: input.assessed_on,
        expected_version: input.expected_version,
    };
    assessments::record(scope, outcome).await
}
