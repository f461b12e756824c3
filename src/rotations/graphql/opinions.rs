//! What schools and people say of a round: recommendations, objections and their answers.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};

use crate::access;
use crate::entity::values::{ObjectionState, RecommendationVerdict};
use crate::entity::{objection, recommendation};
use crate::graphql::{Fault, ident, object_over, one, scope, settle, the, writer};
use crate::groups::graphql::School;
use crate::id::Kind;
use crate::people::graphql::Teacher;
use crate::rotations::graphql::RotationRound;
use crate::rotations::objections::{self, Answer, NewObjection};
use crate::rotations::recommendations::{self, Opinion};
use crate::scope::Scope;

object_over! {
    /// A recommendation.
    Recommendation, recommendation
}

/// What the home school says of a teacher's move 学校推荐.
#[Object]
impl Recommendation {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Recommendation.id(self.0.id).into()
    }

    /// The round.
    async fn round(&self, ctx: &Context<'_>) -> Result<RotationRound> {
        the(ctx, self.0.round_id).await
    }

    /// About whom.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Teacher> {
        the(ctx, self.0.teacher_id).await
    }

    /// The school that says it.
    async fn school(&self, ctx: &Context<'_>) -> Result<School> {
        the(ctx, self.0.school_id).await
    }

    /// What it says.
    async fn verdict(&self) -> RecommendationVerdict {
        self.0.verdict
    }

    /// Why; null when nobody is signed in.
    async fn reason(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        Ok(access::may_see_personal(scope(ctx)?).then_some(self.0.reason.as_str()))
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

object_over! {
    /// An objection.
    Objection, objection
}

/// An objection 异议 to a proposal that is public, and its answer.
#[Object]
impl Objection {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Objection.id(self.0.id).into()
    }

    /// The round.
    async fn round(&self, ctx: &Context<'_>) -> Result<RotationRound> {
        the(ctx, self.0.round_id).await
    }

    /// About whom; null: about the proposal as a whole.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Option<Teacher>> {
        one(ctx, self.0.teacher_id).await
    }

    /// Who raised it, a staff number or a name; null when nobody is signed in.
    async fn raised_by(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        Ok(access::may_see_personal(scope(ctx)?).then_some(self.0.raised_by.as_str()))
    }

    /// What it says; null when nobody is signed in.
    async fn content(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        Ok(access::may_see_personal(scope(ctx)?).then_some(self.0.content.as_str()))
    }

    /// Where it stands.
    async fn state(&self) -> ObjectionState {
        self.0.state
    }

    /// What was answered; null: nothing yet, or nobody is signed in.
    async fn answer(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let may_see = access::may_see_personal(scope(ctx)?);
        Ok(self.0.answer.as_deref().filter(|_| may_see))
    }

    /// Who answered: a staff number, or a program.
    async fn answered_by(&self) -> Option<&str> {
        self.0.answered_by.as_deref()
    }

    /// When it was raised.
    async fn raised_at(&self) -> DateTime<Utc> {
        self.0.raised_at
    }

    /// When it was answered.
    async fn answered_at(&self) -> Option<DateTime<Utc>> {
        self.0.answered_at
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// What a school says.
#[derive(Debug, InputObject)]
pub struct RecommendationSetInput {
    /// The round.
    round_id: ID,
    /// About whom.
    teacher_id: ID,
    /// The version of the recommendation that was looked at; null when there was none yet.
    expected_version: Option<i32>,
    /// What the school says.
    verdict: RecommendationVerdict,
    /// Why; must be said unless the school recommends her.
    #[graphql(default)]
    reason: String,
}

/// What came of a change to a recommendation.
#[derive(SimpleObject)]
pub struct RecommendationPayload {
    /// The recommendation as it now is.
    recommendation: Option<Recommendation>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// An objection to raise.
#[derive(Debug, InputObject)]
pub struct ObjectionRaiseInput {
    /// The round.
    round_id: ID,
    /// About whom; null: about the proposal as a whole.
    teacher_id: Option<ID>,
    /// Who raises it, a staff number or a name; null: whoever is signed in.
    raised_by: Option<String>,
    /// What it says.
    content: String,
}

/// The answer to an objection.
#[derive(Debug, InputObject)]
pub struct ObjectionAnswerInput {
    /// The objection.
    objection_id: ID,
    /// The version that was looked at.
    expected_version: i32,
    /// Whether it is upheld.
    upheld: bool,
    /// What is answered, as told to whoever raised it.
    answer: String,
}

/// What came of a change to an objection.
#[derive(SimpleObject)]
pub struct ObjectionPayload {
    /// The objection as it now is.
    objection: Option<Objection>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// Recommends, objects, answers.
#[derive(Default)]
pub struct OpinionsMutation;

#[Object]
impl OpinionsMutation {
    /// Says what the home school thinks of a teacher's move, in the step 学校推荐.
    async fn recommendation_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "About whom, and what.")] input: RecommendationSetInput,
    ) -> Result<RecommendationPayload> {
        let scope = writer(ctx)?;
        let (recommendation, user_errors) = settle(ctx, set(scope, input).await, None).await?;
        Ok(RecommendationPayload { recommendation, user_errors })
    }

    /// Objects to the proposal that is public, or to what it says of one person, within the days of 公示.
    async fn objection_raise(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The objection.")] input: ObjectionRaiseInput,
    ) -> Result<ObjectionPayload> {
        let scope = writer(ctx)?;
        let (objection, user_errors) = settle(ctx, raise(scope, input).await, None).await?;
        Ok(ObjectionPayload { objection, user_errors })
    }

    /// Answers an objection; whoever raised it under a staff number is told.
    async fn objection_answer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answer.")] input: ObjectionAnswerInput,
    ) -> Result<ObjectionPayload> {
        let scope = writer(ctx)?;
        let row = Kind::Objection.parse(&input.objection_id);
        let (objection, user_errors) = settle(ctx, answer(scope, input).await, row).await?;
        Ok(ObjectionPayload { objection, user_errors })
    }
}

async fn set(scope: &Scope, input: RecommendationSetInput) -> crate::error::Result<recommendation::Model> {
    let opinion = Opinion {
        round_id: ident(Kind::Round, &input.round_id, "roundId")?,
        teacher_id: ident(Kind::Teacher, &input.teacher_id, "teacherId")?,
        verdict: input.verdict,
        reason: input.reason,
        expected_version: input.expected_version,
    };
    recommendations::set(scope, opinion).await
}

async fn raise(scope: &Scope, input: ObjectionRaiseInput) -> crate::error::Result<objection::Model> {
    let about = input.teacher_id.map(|id| ident(Kind::Teacher, &id, "teacherId")).transpose()?;
    let new = NewObjection {
        round_id: ident(Kind::Round, &input.round_id, "roundId")?,
        teacher_id: about,
        raised_by: input.raised_by,
        content: input.content,
    };
    objections::raise(scope, new).await
}

async fn answer(scope: &Scope, input: ObjectionAnswerInput) -> crate::error::Result<objection::Model> {
    let answer = Answer {
        objection_id: ident(Kind::Objection, &input.objection_id, "objectionId")?,
        expected_version: input.expected_version,
        upheld: input.upheld,
        answer: input.answer,
    };
    objections::answer(scope, answer).await
}
