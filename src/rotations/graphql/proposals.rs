//! Proposals of a round: made, varied, compared, explained, made public, approved; and the dispatch that follows.

mod changes;
mod figures;
mod input;
mod why;

use async_graphql::{Context, ID, Object, Result};
use chrono::{DateTime, NaiveDate, Utc};

use crate::entity::values::{PlacementForm, ProposalState, RunState};
use crate::entity::{proposal_move, proposal_run, rotation_proposal};
use crate::error::Error;
use crate::graphql::{
    Connected, Key, OrFault, Page, Position, fault, ident, many, object_over, one, page_of, request, scope,
    the, weight,
};
use crate::groups::graphql::School;
use crate::id::Kind;
use crate::people::graphql::Teacher;
use crate::rotations::graphql::RotationRound;
use crate::rotations::proposals::{self, Impossible, Outcome};

pub use changes::{ProposalsMutation, UncoveredLessons};
pub use figures::{ProposalConflict, ProposalFigures};
pub use why::{ProposalComparison, ProposalWhy};

/// What a search that is waited for counts against the complexity limit: more than half of it, so that a request has one.
const ALONE: usize = 11_000;

object_over! {
    /// A proposal.
    RotationProposal, rotation_proposal
}

/// A proposal of a round 轮岗方案: who moves where. It never changes; another follows it.
#[Object]
impl RotationProposal {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Proposal.id(self.0.id).into()
    }

    /// The round.
    async fn round(&self, ctx: &Context<'_>) -> Result<RotationRound> {
        the(ctx, self.0.round_id).await
    }

    /// Number within the round, from 1.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// The proposal it was made from.
    async fn parent(&self, ctx: &Context<'_>) -> Result<Option<RotationProposal>> {
        one(ctx, self.0.parent_id).await
    }

    /// Why it was made.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// Where it stands.
    async fn state(&self) -> ProposalState {
        self.0.state
    }

    /// What came of the search: levels with bound and gap, and figures with their denominators.
    async fn figures(&self, ctx: &Context<'_>) -> Result<ProposalFigures> {
        let outcome = serde_json::from_value::<Outcome>(self.0.outcome.clone());
        let language = request(ctx)?.language;
        Ok(ProposalFigures { outcome: outcome.map_err(Error::from).or_fault(ctx)?, language })
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// Its candidates, chosen or not, by staff number.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn moves(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those who move (true) or stay (false).")] moving: Option<bool>,
        #[graphql(desc = "Only from or to this school.")] school_id: Option<ID>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<ProposalMove>> {
        let school = school_id.map(|id| ident(Kind::School, &id, "schoolId")).transpose().or_fault(ctx)?;
        let mut rows: Vec<ProposalMove> = many(ctx, proposal_move::Column::ProposalId, self.0.id).await?;
        rows.retain(|row| moving.is_none_or(|moving| row.0.to_school_id.is_some() == moving));
        rows.retain(|row| {
            school.is_none_or(|school| row.0.from_school_id == school || row.0.to_school_id == Some(school))
        });
        page_of(ctx, rows, |row| Position(Key::Age, row.0.id), Page::new(first, after, last, before))
    }
}

object_over! {
    /// A candidate of a proposal.
    ProposalMove, proposal_move
}

/// A candidate of a proposal: where she goes, or that she stays, and why.
#[Object]
impl ProposalMove {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::ProposalMove.id(self.0.id).into()
    }

    /// The proposal.
    async fn proposal(&self, ctx: &Context<'_>) -> Result<RotationProposal> {
        the(ctx, self.0.proposal_id).await
    }

    /// Who.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Teacher> {
        the(ctx, self.0.teacher_id).await
    }

    /// Home school.
    #[graphql(name = "fromSchool")]
    async fn departure(&self, ctx: &Context<'_>) -> Result<School> {
        the(ctx, self.0.from_school_id).await
    }

    /// Receiving school; null: she stays.
    async fn to_school(&self, ctx: &Context<'_>) -> Result<Option<School>> {
        one(ctx, self.0.to_school_id).await
    }

    /// In which form; says nothing of those who stay.
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

    /// ISO weekdays at the other school, for 走教; null: every day.
    async fn weekdays(&self) -> Option<&str> {
        self.0.weekdays.as_deref()
    }

    /// Which of her wishes it is, from 1; null: none.
    async fn wish_rank(&self) -> Option<i32> {
        self.0.wish_rank
    }

    /// Minutes from home to her own school, one way; null: unknown.
    async fn commute_before(&self) -> Option<i32> {
        self.0.commute_before
    }

    /// Minutes from home to the other school, one way; null: unknown, or she stays.
    async fn commute_after(&self) -> Option<i32> {
        self.0.commute_after
    }

    /// Why, as sentences.
    async fn reasons(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        let reasons = proposals::reasons(&self.0).or_fault(ctx)?;
        let language = request(ctx)?.language;
        Ok(reasons.iter().map(|reason| proposals::told(reason).text(language).to_owned()).collect())
    }

    /// Why in full: what decided, what was open to her, and what the nearest alternative would cost whom. It is searched for now.
    /// A query may ask for one.
    #[graphql(complexity = "ALONE + child_complexity")]
    async fn explanation(&self, ctx: &Context<'_>) -> Result<ProposalWhy> {
        let language = request(ctx)?.language;
        let why = proposals::why(scope(ctx)?, self.0.proposal_id, self.0.teacher_id).await.or_fault(ctx)?;
        Ok(ProposalWhy { why, language })
    }
}

object_over! {
    /// A search.
    ProposalRun, proposal_run
}

/// A search for a proposal in the background, and how far it is.
#[Object]
impl ProposalRun {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::ProposalRun.id(self.0.id).into()
    }

    /// The round.
    async fn round(&self, ctx: &Context<'_>) -> Result<RotationRound> {
        the(ctx, self.0.round_id).await
    }

    /// The proposal it starts from; null: from nothing.
    async fn parent(&self, ctx: &Context<'_>) -> Result<Option<RotationProposal>> {
        one(ctx, self.0.parent_id).await
    }

    /// Where it stands.
    async fn state(&self) -> RunState {
        self.0.state
    }

    /// Time limit, in seconds.
    async fn seconds(&self) -> i32 {
        self.0.seconds
    }

    /// Seconds so far.
    async fn elapsed_seconds(&self) -> f64 {
        // Far fewer than 2^52 milliseconds.
        self.0.searched_ms as f64 / 1_000.0
    }

    /// When it began.
    async fn started_at(&self) -> DateTime<Utc> {
        self.0.started_at
    }

    /// Last sign of life.
    async fn heartbeat_at(&self) -> DateTime<Utc> {
        self.0.heartbeat_at
    }

    /// When it ended.
    async fn finished_at(&self) -> Option<DateTime<Utc>> {
        self.0.finished_at
    }

    /// The proposal it made.
    async fn proposal(&self, ctx: &Context<'_>) -> Result<Option<RotationProposal>> {
        one(ctx, self.0.proposal_id).await
    }

    /// Why it failed.
    async fn failure(&self) -> Option<&str> {
        self.0.failure.as_deref()
    }

    /// The rules that no proposal keeps together, and the ways out; null: it did not fail for that.
    async fn conflict(&self, ctx: &Context<'_>) -> Result<Option<ProposalConflict>> {
        let Some(conflict) = self.0.conflict.clone() else { return Ok(None) };
        let request = request(ctx)?;
        let conflict: Impossible =
            serde_json::from_value(conflict).map_err(|error| fault(request, Error::from(error)))?;
        Ok(Some(ProposalConflict { conflict, language: request.language }))
    }

    /// Who asked for it.
    async fn requested_by(&self) -> &str {
        &self.0.requested_by
    }
}

/// Reads proposals.
#[derive(Default)]
pub struct ProposalsQuery;

#[Object]
impl ProposalsQuery {
    /// What one proposal changes against another of the same round.
    #[graphql(complexity = "50 + child_complexity")]
    async fn proposal_compare(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal compared with.")] from_id: ID,
        #[graphql(desc = "The proposal that is compared.")] to_id: ID,
    ) -> Result<ProposalComparison> {
        let before = ident(Kind::Proposal, &from_id, "fromId").or_fault(ctx)?;
        let after = ident(Kind::Proposal, &to_id, "toId").or_fault(ctx)?;
        let request = request(ctx)?;
        let compared = proposals::compare_stored(&request.scope, before, after).await.or_fault(ctx)?;
        Ok(ProposalComparison { compared, language: request.language })
    }
}
