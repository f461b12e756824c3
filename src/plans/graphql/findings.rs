//! What the explanations of plans share: places, differences and the sentences behind them.

use async_graphql::{Context, Object, Result};
use chrono::{DateTime, NaiveDate, Utc};

use crate::calendar::graphql::Room;
use crate::error::Bilingual;
use crate::graphql::{Long, one, request, several};
use crate::groups::graphql::School;
use crate::people::graphql::Teacher;
use crate::plans::explain::{Finding, RuleDifference, Slot, Spot};
use crate::plans::graphql::{RuleLevel, Score};
use crate::sessions::graphql::ResearchSession;

/// Where a session stands or could stand.
pub struct PlanSpot(pub Spot);

/// Where a session stands or could stand.
#[Object]
impl PlanSpot {
    /// Start.
    async fn starts_at(&self) -> DateTime<Utc> {
        self.0.starts_at
    }

    /// End.
    async fn ends_at(&self) -> DateTime<Utc> {
        self.0.ends_at
    }

    /// Host school 承办校; null: online.
    async fn host_school(&self, ctx: &Context<'_>) -> Result<Option<School>> {
        one(ctx, self.0.host_school_id).await
    }

    /// Room.
    async fn room(&self, ctx: &Context<'_>) -> Result<Option<Room>> {
        one(ctx, self.0.room_id).await
    }

    /// The room at the sending end 主讲端 of a lesson given from afar (专递课堂, 同步课堂), of another school than the host; else null.
    async fn second_room(&self, ctx: &Context<'_>) -> Result<Option<Room>> {
        one(ctx, self.0.second_room_id).await
    }

    /// Who would present: as now where they can, else the best of the candidates.
    async fn presenters(&self, ctx: &Context<'_>) -> Result<Vec<Teacher>> {
        several(ctx, self.0.presenters.iter().copied()).await
    }
}

/// A place for a session, and what its standing there would change.
pub struct PlanSlot(pub Slot);

/// A place for a session beside the rest of a plan, and what its standing there would change.
#[Object]
impl PlanSlot {
    /// Where.
    async fn spot(&self) -> PlanSpot {
        PlanSpot(self.0.spot.clone())
    }

    /// Whether it breaks no hard rule.
    async fn possible(&self) -> bool {
        self.0.possible
    }

    /// The score of the plan with the session there.
    async fn score(&self) -> Score {
        Score::from(self.0.score)
    }

    /// That score less the present one; negative is better.
    async fn change(&self) -> Score {
        Score::from(self.0.change)
    }

    /// The same rule by rule, with reasons.
    async fn rules(&self) -> Vec<PlanRuleDifference> {
        self.0.rules.iter().cloned().map(PlanRuleDifference).collect()
    }
}

/// A rule, as whatever tells of it names it.
pub struct RuleNamed {
    name: &'static str,
    level: session_planner::Level,
    sentence: Bilingual,
}

impl RuleNamed {
    /// The rule with a name, a level and a sentence.
    pub fn new(name: &'static str, level: session_planner::Level, sentence: &Bilingual) -> Self {
        Self { name, level, sentence: sentence.clone() }
    }
}

/// A rule; its fields stand among those of whatever tells of it.
#[Object]
impl RuleNamed {
    /// Name of the rule, for programs.
    async fn name(&self) -> &str {
        self.name
    }

    /// Hard, medium or soft.
    async fn level(&self) -> RuleLevel {
        self.level.into()
    }

    /// The rule as a sentence, in the language asked for.
    async fn sentence(&self, ctx: &Context<'_>) -> Result<&str> {
        Ok(self.sentence.text(request(ctx)?.language))
    }
}

/// What a change does to a rule.
pub struct PlanRuleDifference(pub RuleDifference);

/// What a change does to a rule: rules that neither get worse nor better are left out.
#[Object]
impl PlanRuleDifference {
    /// The rule.
    #[graphql(flatten)]
    async fn rule(&self) -> RuleNamed {
        RuleNamed::new(self.0.name, self.0.level, &self.0.sentence)
    }

    /// Units more; negative: fewer, which is better.
    async fn count(&self) -> Long {
        Long(self.0.count)
    }

    /// Penalty more; negative: less, which is better. 0: as much comes as goes.
    async fn penalty(&self) -> Long {
        Long(self.0.penalty)
    }

    /// How many things appear or disappear.
    async fn finding_count(&self) -> usize {
        self.0.findings.len()
    }

    /// What appears (its penalty positive) and what disappears (negative), the heaviest first.
    #[graphql(complexity = "part::weight(first, child_complexity)")]
    async fn findings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many; at most 100.", default = 5)] first: i32,
        #[graphql(desc = "How many to leave out from the front.", default = 0)] offset: i32,
    ) -> Result<Vec<PlanFinding>> {
        part::of(ctx, &self.0.findings, first, offset)
    }
}

/// Something a rule finds in a plan, or that a change brings or takes away.
pub struct PlanFinding(Finding);

impl From<Finding> for PlanFinding {
    fn from(finding: Finding) -> Self {
        Self(finding)
    }
}

/// Something a rule finds in a plan, or that a change brings or takes away.
#[Object]
impl PlanFinding {
    /// What it is, with people, place and time, as a sentence in the language asked for.
    async fn sentence(&self, ctx: &Context<'_>) -> Result<&str> {
        Ok(self.0.sentence.text(request(ctx)?.language))
    }

    /// How much of it, in the rule's unit.
    async fn amount(&self) -> Long {
        Long(self.0.amount)
    }

    /// What it costs; negative where a change takes it away.
    async fn penalty(&self) -> Long {
        Long(self.0.penalty)
    }

    /// The sessions concerned.
    async fn sessions(&self, ctx: &Context<'_>) -> Result<Vec<ResearchSession>> {
        several(ctx, self.0.sessions.iter().copied()).await
    }

    /// The people concerned.
    async fn people(&self, ctx: &Context<'_>) -> Result<Vec<Teacher>> {
        several(ctx, self.0.people.iter().copied()).await
    }

    /// The school concerned.
    async fn school(&self, ctx: &Context<'_>) -> Result<Option<School>> {
        one(ctx, self.0.school).await
    }

    /// The day concerned.
    async fn on(&self) -> Option<NaiveDate> {
        self.0.on
    }
}

/// A part of a list that is counted, not kept: explanations are made anew for each request, so that a cursor has nothing to hold on to.
pub mod part {
    use async_graphql::{Context, Result};

    use crate::graphql::{OrFault, within};

    /// Most rows of a part.
    const MOST: usize = 100;

    /// Reads how many rows to show, and how many to leave out.
    ///
    /// # Errors
    /// `OUT_OF_RANGE`.
    pub fn read(ctx: &Context<'_>, first: i32, offset: i32) -> Result<(usize, usize)> {
        Ok((count(ctx, "first", first)?, within("offset", offset, 0..=i32::MAX.into()).or_fault(ctx)?))
    }

    /// Reads how many of something to show.
    ///
    /// # Errors
    /// `OUT_OF_RANGE`.
    pub fn count(ctx: &Context<'_>, argument: &str, count: i32) -> Result<usize> {
        within(argument, count, 0..=MOST as i64).or_fault(ctx)
    }

    /// The part of a list.
    ///
    /// # Errors
    /// As [`read`].
    pub fn of<T: Clone, U: From<T>>(
        ctx: &Context<'_>,
        list: &[T],
        first: i32,
        offset: i32,
    ) -> Result<Vec<U>> {
        let (first, offset) = read(ctx, first, offset)?;
        Ok(list.iter().skip(offset).take(first).cloned().map(U::from).collect())
    }

    /// What a part weighs against the complexity limit.
    pub fn weight(first: i32, child: usize) -> usize {
        1 + usize::try_from(first).unwrap_or(MOST).min(MOST) * child
    }
}
