//! What one plan changes against another.

use async_graphql::{Context, ID, Object, Result};
use session_planner::{ChangeKind, Part};

use crate::graphql::{OrFault, ident, request, scope, the};
use crate::id::Kind;
use crate::people::graphql::Teacher;
use crate::plans::compare::{Affected, Comparison, Moved, compare};
use crate::plans::graphql::findings::{PlanRuleDifference, PlanSpot, part};
use crate::plans::graphql::{Plan, Score};
use crate::sessions::graphql::ResearchSession;

/// What a plan changes against another.
pub struct PlanComparison(Comparison);

/// What a plan changes against another, both judged as things are now.
#[Object]
impl PlanComparison {
    /// The plan compared with.
    async fn from(&self) -> Plan {
        Plan(self.0.from.clone())
    }

    /// The plan that is compared.
    async fn to(&self) -> Plan {
        Plan(self.0.to.clone())
    }

    /// Score of the plan compared with.
    async fn before(&self) -> Score {
        Score::from(self.0.before)
    }

    /// Score of the plan that is compared.
    async fn after(&self) -> Score {
        Score::from(self.0.after)
    }

    /// How many sessions stand differently.
    async fn moved_count(&self) -> usize {
        self.0.moved.len()
    }

    /// Sessions that stand differently.
    #[graphql(complexity = "part::weight(first, child_complexity)")]
    async fn moved(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many; at most 100.", default = 50)] first: i32,
        #[graphql(desc = "How many to leave out from the front.", default = 0)] offset: i32,
    ) -> Result<Vec<PlanMove>> {
        part::of(ctx, &self.0.moved, first, offset)
    }

    /// The rules that get worse (penalty positive) or better (negative), with what appears and disappears.
    async fn rules(&self) -> Vec<PlanRuleDifference> {
        self.0.rules.iter().cloned().map(PlanRuleDifference).collect()
    }

    /// How many parts of people in sessions change.
    async fn affected_count(&self) -> usize {
        self.0.people.len()
    }

    /// Whose parts in sessions change, person by person.
    #[graphql(complexity = "part::weight(first, child_complexity)")]
    async fn affected(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many; at most 100.", default = 50)] first: i32,
        #[graphql(desc = "How many to leave out from the front.", default = 0)] offset: i32,
    ) -> Result<Vec<PlanAffected>> {
        part::of(ctx, &self.0.people, first, offset)
    }

    /// Sessions of either plan whose host, room or presenters are gone since, as sentences; they count as not placed.
    async fn outdated(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        let language = request(ctx)?.language;
        Ok(self.0.outdated.iter().map(|sentence| sentence.text(language).to_owned()).collect())
    }
}

/// A session that stands differently in two plans.
pub struct PlanMove(Moved);

impl From<Moved> for PlanMove {
    fn from(moved: Moved) -> Self {
        Self(moved)
    }
}

/// A session that stands differently in two plans.
#[Object]
impl PlanMove {
    /// The session.
    async fn session(&self, ctx: &Context<'_>) -> Result<ResearchSession> {
        the(ctx, self.0.session).await
    }

    /// Where the plan compared with has it; null: it does not place it.
    async fn before(&self) -> Option<PlanSpot> {
        self.0.before.clone().map(PlanSpot)
    }

    /// Where the plan that is compared has it; null: it does not place it.
    async fn after(&self) -> Option<PlanSpot> {
        self.0.after.clone().map(PlanSpot)
    }

    /// Whether it has another start in both plans.
    async fn time(&self) -> bool {
        matches!(self.0.kind, ChangeKind::Moved { time: true, .. })
    }

    /// Whether it has another host or room in both plans.
    async fn place(&self) -> bool {
        matches!(self.0.kind, ChangeKind::Moved { place: true, .. })
    }

    /// Whether it has other presenters in both plans.
    async fn people(&self) -> bool {
        matches!(self.0.kind, ChangeKind::Moved { people: true, .. })
    }
}

/// How somebody's part in a session changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
pub enum PlanPart {
    /// She comes now and did not.
    Joins,
    /// She came and does not any more: not invited, excused, or the session is not placed.
    Leaves,
    /// She comes at another time or to another place.
    Elsewhere,
}

/// Somebody whose part in a session changes.
pub struct PlanAffected(Affected);

impl From<Affected> for PlanAffected {
    fn from(affected: Affected) -> Self {
        Self(affected)
    }
}

/// Somebody whose part in a session changes.
#[Object]
impl PlanAffected {
    /// Who.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Teacher> {
        the(ctx, self.0.teacher).await
    }

    /// In which session.
    async fn session(&self, ctx: &Context<'_>) -> Result<ResearchSession> {
        the(ctx, self.0.session).await
    }

    /// How.
    async fn part(&self) -> PlanPart {
        match self.0.part {
            Part::Joins => PlanPart::Joins,
            Part::Leaves => PlanPart::Leaves,
            Part::Elsewhere => PlanPart::Elsewhere,
        }
    }
}

/// Compares plans.
#[derive(Default)]
pub struct CompareQuery;

#[Object]
impl CompareQuery {
    /// What one plan changes against another: what moves, what gets better and worse, who is affected.
    async fn plan_compare(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The plan compared with, e.g. the one in force.")] from: ID,
        #[graphql(desc = "The plan that is compared.")] to: ID,
    ) -> Result<PlanComparison> {
        let from = ident(Kind::Plan, &from, "from").or_fault(ctx)?;
        let to = ident(Kind::Plan, &to, "to").or_fault(ctx)?;
        compare(scope(ctx)?, from, to).await.map(PlanComparison).or_fault(ctx)
    }
}
