//! Rounds and placements as the API shows them.

mod applications;
mod assessments;
mod changes;
mod count;
mod exemptions;
mod opinions;
mod papers;
mod policy;
mod proposals;
mod steps;

use async_graphql::{Context, ID, MergedObject, Object, Result};
use chrono::NaiveDate;
use sea_orm::EntityTrait;

use crate::entity::values::{
    ApplicationState, AssessmentKind, ExemptionState, ObjectionState, PlacementForm, PlacementState,
    ProposalState, RoundState,
};
use crate::entity::{
    application, assessment, exemption, objection, placement, posting, recommendation, rotation_proposal,
    rotation_round, round_step,
};
use crate::graphql::{
    Connected, Key, OrFault, Order, Page, Position, by_id, many, object_over, one, page, page_of, scope, the,
    weight,
};
use crate::groups::graphql::{EducationGroup, School};
use crate::id::Kind;
use crate::people::graphql::{Posting, Teacher};
use crate::rotations::assessments::waiting;
use crate::rotations::dispatch;
use crate::rotations::steps::after;

use count::{CandidacyFilter, CountMutation, CountSummary};
use policy::{PolicyMutation, PolicyQuery};
use proposals::UncoveredLessons;

pub use applications::{Application, ApplicationWish};
pub use assessments::Assessment;
pub use changes::RotationRoundPayload;
pub use count::{Candidacy, Staffing};
pub use exemptions::Exemption;
pub use opinions::{Objection, Recommendation};
pub use policy::RotationPolicy;
pub use proposals::{ProposalMove, ProposalRun, RotationProposal};
pub use steps::RoundStep;

/// Reads rounds and all that belongs to them.
#[derive(Default, MergedObject)]
pub struct RotationsQuery(
    RoundsQuery,
    PolicyQuery,
    steps::StepsQuery,
    exemptions::ExemptionsQuery,
    proposals::ProposalsQuery,
    papers::PapersQuery,
);

/// Changes rounds and all that belongs to them.
#[derive(Default, MergedObject)]
pub struct RotationsMutation(
    changes::RoundsMutation,
    PolicyMutation,
    CountMutation,
    steps::StepsMutation,
    applications::ApplicationsMutation,
    exemptions::ExemptionsMutation,
    opinions::OpinionsMutation,
    proposals::ProposalsMutation,
    assessments::AssessmentsMutation,
);

object_over! {
    /// A round.
    RotationRound, rotation_round
}

/// A yearly round of rotations 轮岗.
#[Object]
impl RotationRound {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Round.id(self.0.id).into()
    }

    /// Name, e.g. 2026年教师交流轮岗.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// First day of service of those who move, unless theirs is another.
    async fn starts_on(&self) -> NaiveDate {
        self.0.starts_on
    }

    /// Last day of service of those who move, unless theirs is another.
    async fn ends_on(&self) -> NaiveDate {
        self.0.ends_on
    }

    /// The step it is in.
    async fn state(&self) -> RoundState {
        self.0.state
    }

    /// The policy it follows; null until it is counted.
    async fn policy(&self, ctx: &Context<'_>) -> Result<Option<RotationPolicy>> {
        one(ctx, self.0.policy_id).await
    }

    /// The group it is for; null: the whole district.
    async fn group(&self, ctx: &Context<'_>) -> Result<Option<EducationGroup>> {
        one(ctx, self.0.group_id).await
    }

    /// Where its teachers stand 摸底, in the order they were counted.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn candidacies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<CandidacyFilter>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Candidacy>> {
        let select = filter.unwrap_or_default().select(self.0.id).or_fault(ctx)?;
        page(ctx, select, Order::by_age(), Page::new(first, after, last, before)).await
    }

    /// 学科余缺: teachers needed and there, by school, stage and subject.
    async fn staffing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of this school.")] school_id: Option<ID>,
        #[graphql(desc = "Only of this subject.")] subject_id: Option<ID>,
    ) -> Result<Vec<Staffing>> {
        count::staffing_of(ctx, self.0.id, school_id, subject_id).await
    }

    /// The figures of its count, in all and by school, and what each rate of the policy asks for.
    async fn count_summary(&self, ctx: &Context<'_>) -> Result<CountSummary> {
        let summary = crate::rotations::count::summary(scope(ctx)?, &self.0).await.or_fault(ctx)?;
        Ok(CountSummary(summary))
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Its placements, in the order they were proposed.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn placements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that stand there.")] state: Option<PlacementState>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Placement>> {
        let mut placements: Vec<Placement> = many(ctx, placement::Column::RoundId, self.0.id).await?;
        placements.retain(|placement| state.is_none_or(|state| placement.0.state == state));
        page_of(
            ctx,
            placements,
            |placement| Position(Key::Age, placement.0.id),
            Page::new(first, after, last, before),
        )
    }

    /// Placements whose people serve and have not been assessed yet, in the order they were proposed. Who had the final assessment
    /// needs no mid-term check any more.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn unassessed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which assessment.")] kind: AssessmentKind,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Placement>> {
        let waiting = waiting(scope(ctx)?.reader(), &self.0, kind).await.or_fault(ctx)?;
        let placements = waiting.into_iter().map(Placement).collect();
        page_of(ctx, placements, |row| Position(Key::Age, row.0.id), Page::new(first, after, last, before))
    }

    /// The step after the one it is in; null: it is closed.
    async fn next_state(&self) -> Option<RoundState> {
        after(self.0.state)
    }

    /// Its steps with their days, in order.
    async fn steps(&self, ctx: &Context<'_>) -> Result<Vec<RoundStep>> {
        let mut steps: Vec<RoundStep> = many(ctx, round_step::Column::RoundId, self.0.id).await?;
        steps.sort_by_key(|step| step.0.step);
        Ok(steps)
    }

    /// Lessons that nobody gives any more because of who was dispatched, by school, as the timetables are now.
    #[graphql(complexity = "200 + child_complexity")]
    async fn uncovered(&self, ctx: &Context<'_>) -> Result<Vec<UncoveredLessons>> {
        let left = dispatch::left_by(scope(ctx)?, self.0.id).await.or_fault(ctx)?;
        Ok(UncoveredLessons::by_school(&left))
    }

    /// Its applications 申报, in the order they were begun.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn applications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that stand there.")] state: Option<ApplicationState>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Application>> {
        let mut rows: Vec<Application> = many(ctx, application::Column::RoundId, self.0.id).await?;
        rows.retain(|row| state.is_none_or(|state| row.0.state == state));
        page_of(ctx, rows, |row| Position(Key::Age, row.0.id), Page::new(first, after, last, before))
    }

    /// Requests for exemption 免于或暂缓交流, in the order they came.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn exemptions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that stand there.")] state: Option<ExemptionState>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Exemption>> {
        let mut rows: Vec<Exemption> = many(ctx, exemption::Column::RoundId, self.0.id).await?;
        rows.retain(|row| state.is_none_or(|state| row.0.state == state));
        page_of(ctx, rows, |row| Position(Key::Age, row.0.id), Page::new(first, after, last, before))
    }

    /// What the schools say 学校推荐, in the order they said it.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn recommendations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Recommendation>> {
        let rows: Vec<Recommendation> = many(ctx, recommendation::Column::RoundId, self.0.id).await?;
        page_of(ctx, rows, |row| Position(Key::Age, row.0.id), Page::new(first, after, last, before))
    }

    /// Proposals 轮岗方案, in the order they were made.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn proposals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that stand there.")] state: Option<ProposalState>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<RotationProposal>> {
        let mut rows: Vec<RotationProposal> =
            many(ctx, rotation_proposal::Column::RoundId, self.0.id).await?;
        rows.retain(|row| state.is_none_or(|state| row.0.state == state));
        page_of(ctx, rows, |row| Position(Key::Age, row.0.id), Page::new(first, after, last, before))
    }

    /// Objections 异议, in the order they came.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn objections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that stand there.")] state: Option<ObjectionState>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Objection>> {
        let mut rows: Vec<Objection> = many(ctx, objection::Column::RoundId, self.0.id).await?;
        rows.retain(|row| state.is_none_or(|state| row.0.state == state));
        page_of(ctx, rows, |row| Position(Key::Age, row.0.id), Page::new(first, after, last, before))
    }
}

object_over! {
    /// A placement.
    Placement, placement
}

/// A proposed or approved move of a teacher in a round.
#[Object]
impl Placement {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Placement.id(self.0.id).into()
    }

    /// The round.
    async fn round(&self, ctx: &Context<'_>) -> Result<RotationRound> {
        the(ctx, self.0.round_id).await
    }

    /// Who moves.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Teacher> {
        the(ctx, self.0.teacher_id).await
    }

    /// Home school.
    #[graphql(name = "fromSchool")]
    async fn departure(&self, ctx: &Context<'_>) -> Result<School> {
        the(ctx, self.0.from_school_id).await
    }

    /// Receiving school.
    async fn to_school(&self, ctx: &Context<'_>) -> Result<School> {
        the(ctx, self.0.to_school_id).await
    }

    /// In which form.
    async fn form(&self) -> PlacementForm {
        self.0.form
    }

    /// First day.
    async fn from_on(&self) -> NaiveDate {
        self.0.from_on
    }

    /// Last day.
    async fn until_on(&self) -> NaiveDate {
        self.0.until_on
    }

    /// Where it stands.
    async fn state(&self) -> PlacementState {
        self.0.state
    }

    /// Why she was chosen, as told to her.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The posting it became, once approved.
    async fn posting(&self, ctx: &Context<'_>) -> Result<Option<Posting>> {
        let postings: Vec<Posting> = many(ctx, posting::Column::PlacementId, self.0.id).await?;
        Ok(postings.into_iter().next())
    }

    /// How her service was assessed 考核: at mid-term, and at the end.
    async fn assessments(&self, ctx: &Context<'_>) -> Result<Vec<Assessment>> {
        let mut rows: Vec<Assessment> = many(ctx, assessment::Column::PlacementId, self.0.id).await?;
        rows.sort_by_key(|row| row.0.kind);
        Ok(rows)
    }
}

/// Reads rounds.
#[derive(Default)]
pub struct RoundsQuery;

#[Object]
impl RoundsQuery {
    /// Rounds of rotation 轮岗, by name.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn rotation_rounds(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<RotationRound>> {
        let order = Order::by(rotation_round::Column::Name, |row: &rotation_round::Model| {
            Key::Text(row.name.clone())
        });
        page(ctx, rotation_round::Entity::find(), order, Page::new(first, after, last, before)).await
    }

    /// A round; null when there is none.
    async fn rotation_round(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its identifier.")] id: ID,
    ) -> Result<Option<RotationRound>> {
        by_id(ctx, Kind::Round, &id).await
    }
}
