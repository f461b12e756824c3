//! Why a plan is as it is.

use async_graphql::{Context, ID, InputObject, Object, Result};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::graphql::{Long, OrFault, ident, request, scope, the, within};
use crate::id::Kind;
use crate::plans::explain::{self, SlotsWanted};
use crate::plans::graphql::findings::{PlanFinding, PlanRuleDifference, PlanSlot, PlanSpot, RuleNamed, part};
use crate::plans::graphql::{Obstacle, Plan, Score};
use crate::sessions::graphql::ResearchSession;

/// Most ways to free a place, and most free slots, that are told.
const MOST_WAYS: i64 = 20;

/// What is wrong with a plan, as things are now.
pub struct PlanAnalysis(explain::Analysis);

/// What is wrong with a plan, as things are now: rows may have changed since it was made.
#[Object]
impl PlanAnalysis {
    /// The plan.
    async fn plan(&self) -> Plan {
        Plan(self.0.plan.clone())
    }

    /// Its score now.
    async fn score(&self) -> Score {
        Score::from(self.0.score)
    }

    /// Every rule's share, hard rules first.
    async fn rules(
        &self,
        #[graphql(desc = "Only rules that find something.", default = true)] broken: bool,
    ) -> Vec<PlanRuleFindings> {
        let rules = self.0.rules.iter().filter(|rule| !broken || rule.count != 0);
        rules.cloned().map(PlanRuleFindings).collect()
    }

    /// Sessions whose host, room or presenters are gone since, as sentences; they count as not placed.
    async fn outdated(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        let language = request(ctx)?.language;
        Ok(self.0.outdated.iter().map(|sentence| sentence.text(language).to_owned()).collect())
    }
}

/// A rule's share of the score, with everything it finds.
pub struct PlanRuleFindings(explain::RuleFindings);

/// A rule's share of the score, with everything it finds.
#[Object]
impl PlanRuleFindings {
    /// The rule.
    #[graphql(flatten)]
    async fn rule(&self) -> RuleNamed {
        RuleNamed::new(self.0.name, self.0.level, &self.0.sentence)
    }

    /// What one unit costs; a group may weigh it otherwise.
    async fn weight(&self) -> Long {
        Long(self.0.weight)
    }

    /// Units found.
    async fn count(&self) -> Long {
        Long(self.0.count)
    }

    /// What that costs in sum.
    async fn penalty(&self) -> Long {
        Long(self.0.penalty)
    }

    /// How many findings there are.
    async fn finding_count(&self) -> usize {
        self.0.findings.len()
    }

    /// What it finds, the heaviest first.
    #[graphql(complexity = "part::weight(first, child_complexity)")]
    async fn findings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many; at most 100.", default = 20)] first: i32,
        #[graphql(desc = "How many to leave out from the front.", default = 0)] offset: i32,
    ) -> Result<Vec<PlanFinding>> {
        part::of(ctx, &self.0.findings, first, offset)
    }
}

/// Slots of a session, best first.
pub struct PlanSlots(explain::Slots);

/// Slots of a session beside the rest of a plan.
#[Object]
impl PlanSlots {
    /// How many there are.
    async fn total_count(&self) -> usize {
        self.0.total
    }

    /// How many of them break no hard rule.
    async fn possible_count(&self) -> usize {
        self.0.possible
    }

    /// Those asked for, best first.
    async fn nodes(&self) -> Vec<PlanSlot> {
        self.0.shown.iter().cloned().map(PlanSlot).collect()
    }
}

/// Why a session stands where a plan has it.
pub struct PlanWhyHere(explain::WhyHere);

/// Why a session stands where a plan has it.
#[Object]
impl PlanWhyHere {
    /// Where it stands.
    async fn spot(&self) -> PlanSpot {
        PlanSpot(self.0.spot.clone())
    }

    /// How many possible slots would give a better plan, and one: 1 is the best.
    async fn rank(&self) -> usize {
        self.0.rank
    }

    /// How many possible slots there are.
    async fn of(&self) -> usize {
        self.0.of
    }

    /// What its standing there costs, and what it spares the rest of the plan, rule by rule.
    async fn rules(&self) -> Vec<PlanRuleDifference> {
        self.0.rules.iter().cloned().map(PlanRuleDifference).collect()
    }

    /// The best slot of each day, best first, and what each would change; its own place aside.
    async fn alternatives(&self) -> Vec<PlanSlot> {
        self.0.alternatives.iter().cloned().map(PlanSlot).collect()
    }
}

/// What stands in the way of a session.
pub struct PlanObstacles(explain::Obstacles);

/// What stands in the way of a session, and what would free a place for it.
#[Object]
impl PlanObstacles {
    /// How many slots are free for it: they break no hard rule. More than 0: nothing stands in the way of the session, and it was only not
    /// placed, such as by a search that was stopped early.
    async fn free_count(&self) -> usize {
        self.0.free
    }

    /// The best free slot of each day, the best first, and what each would change.
    async fn free_slots(&self) -> Vec<PlanSlot> {
        self.0.best.iter().cloned().map(PlanSlot).collect()
    }

    /// How many slots each hard rule forbids, most first. A session that is placed is looked at as if it were not.
    async fn rules(&self) -> Vec<Obstacle> {
        self.0.rules.iter().cloned().map(Obstacle::from).collect()
    }

    /// The fewest things whose giving way would free a slot, those that ask least of people first. Empty when a slot is free, or when
    /// not even two things would free one.
    async fn freeing(&self) -> Vec<PlanFreeing> {
        self.0.freeing.iter().cloned().map(PlanFreeing).collect()
    }
}

/// Things that together would free a slot for a session.
pub struct PlanFreeing(explain::Freeing);

/// Things that together would free a slot for a session.
#[Object]
impl PlanFreeing {
    /// What has to give way, and the slot, as a sentence in the language asked for.
    async fn sentence(&self, ctx: &Context<'_>) -> Result<&str> {
        Ok(self.0.sentence.text(request(ctx)?.language))
    }

    /// How many things have to give way: 1 or 2.
    async fn things(&self) -> usize {
        self.0.things
    }

    /// The best slot it opens.
    async fn spot(&self) -> PlanSpot {
        PlanSpot(self.0.spot.clone())
    }

    /// How many slots it opens.
    async fn opens(&self) -> usize {
        self.0.opens
    }

    /// What the score would change by, with all of it done; what is waived is not counted.
    async fn change(&self) -> Score {
        Score::from(self.0.change)
    }

    /// Sessions that give way.
    async fn rehoming(&self) -> Vec<PlanRehoming> {
        self.0.rehoming.iter().map(|(session, to)| PlanRehoming(*session, to.clone())).collect()
    }
}

/// A session that gives way to another.
pub struct PlanRehoming(Uuid, Option<explain::Spot>);

/// A session that gives way to another.
#[Object]
impl PlanRehoming {
    /// The session.
    async fn session(&self, ctx: &Context<'_>) -> Result<ResearchSession> {
        the(ctx, self.0).await
    }

    /// Its best place once the other has taken its; null: it would have none.
    async fn spot(&self) -> Option<PlanSpot> {
        self.1.clone().map(PlanSpot)
    }
}

/// Which slots of a session to show.
#[derive(Debug, Default, InputObject)]
pub struct PlanSlotFilter {
    /// Only on this day.
    day: Option<NaiveDate>,
    /// Only with this host.
    host_school_id: Option<ID>,
    /// Also slots that break hard rules; they come last.
    #[graphql(default = false)]
    include_impossible: bool,
}

/// Explains plans.
#[derive(Default)]
pub struct ExplainQuery;

#[Object]
impl ExplainQuery {
    /// What is wrong with a plan as things are now, rule by rule, with every violation.
    async fn plan_analyze(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The plan.")] id: ID,
    ) -> Result<PlanAnalysis> {
        let plan = ident(Kind::Plan, &id, "id").or_fault(ctx)?;
        explain::analyze(scope(ctx)?, plan).await.map(PlanAnalysis).or_fault(ctx)
    }

    /// Where else a session could stand beside the rest of a plan, best first, each with what it would change.
    #[graphql(complexity = "part::weight(first, child_complexity)")]
    async fn plan_session_slots(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The plan.")] plan_id: ID,
        #[graphql(desc = "The session; it may be published or pinned.")] session_id: ID,
        #[graphql(desc = "Which slots; left out: all that break no hard rule.")] filter: Option<
            PlanSlotFilter,
        >,
        #[graphql(desc = "How many; at most 100.", default = 10)] first: i32,
        #[graphql(desc = "How many to leave out from the front.", default = 0)] offset: i32,
    ) -> Result<PlanSlots> {
        let (plan, session) = plan_and_session(&plan_id, &session_id).or_fault(ctx)?;
        let (first, offset) = part::read(ctx, first, offset)?;
        let filter = filter.unwrap_or_default();
        let host_school_id = school(filter.host_school_id).or_fault(ctx)?;
        let (day, impossible) = (filter.day, filter.include_impossible);
        let wanted = SlotsWanted { day, host_school_id, impossible, offset, first };
        explain::slots(scope(ctx)?, plan, session, wanted).await.map(PlanSlots).or_fault(ctx)
    }

    /// Why a session stands where a plan has it; null when it is not placed.
    #[graphql(complexity = "part::weight(alternatives, child_complexity)")]
    async fn plan_session_why_here(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The plan.")] plan_id: ID,
        #[graphql(desc = "The session; it may be published or pinned.")] session_id: ID,
        #[graphql(desc = "How many alternatives; at most 100.", default = 5)] alternatives: i32,
    ) -> Result<Option<PlanWhyHere>> {
        let (plan, session) = plan_and_session(&plan_id, &session_id).or_fault(ctx)?;
        let alternatives = part::count(ctx, "alternatives", alternatives)?;
        let why = explain::why_here(scope(ctx)?, plan, session, alternatives).await.or_fault(ctx)?;
        Ok(why.map(PlanWhyHere))
    }

    /// Why a session does not stand there: the rules it would break, and what would get worse or better.
    async fn plan_session_why_not(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The plan.")] plan_id: ID,
        #[graphql(desc = "The session; it may be published or pinned.")] session_id: ID,
        #[graphql(desc = "The start that is asked about.")] starts_at: DateTime<Utc>,
        #[graphql(desc = "The host; left out: the present one, else the best.")] host_school_id: Option<ID>,
    ) -> Result<PlanSlot> {
        let (plan, session) = plan_and_session(&plan_id, &session_id).or_fault(ctx)?;
        let host = school(host_school_id).or_fault(ctx)?;
        explain::why_not(scope(ctx)?, plan, session, starts_at, host).await.map(PlanSlot).or_fault(ctx)
    }

    /// What stands in the way of a session that a plan does not place, and what would free a place for it.
    #[graphql(complexity = "part::weight(first, child_complexity)")]
    async fn plan_session_obstacles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The plan.")] plan_id: ID,
        #[graphql(desc = "The session.")] session_id: ID,
        #[graphql(
            desc = "How many ways to free a place, and of how many days a free slot; at most 20.",
            default = 5
        )]
        first: i32,
    ) -> Result<PlanObstacles> {
        let (plan, session) = plan_and_session(&plan_id, &session_id).or_fault(ctx)?;
        let first = within("first", first, 0..=MOST_WAYS).or_fault(ctx)?;
        explain::obstacles(scope(ctx)?, plan, session, first).await.map(PlanObstacles).or_fault(ctx)
    }
}

fn plan_and_session(plan: &ID, session: &ID) -> crate::error::Result<(Uuid, Uuid)> {
    Ok((ident(Kind::Plan, plan, "planId")?, ident(Kind::Session, session, "sessionId")?))
}

fn school(id: Option<ID>) -> crate::error::Result<Option<Uuid>> {
    id.map(|id| ident(Kind::School, &id, "hostSchoolId")).transpose()
}
