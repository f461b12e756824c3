//! What a plan consists of.

use async_graphql::{ComplexObject, Context, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::calendar::graphql::Room;
use crate::entity::values::ParticipantRole;
use crate::entity::{plan_group, plan_session};
use crate::error::Bilingual;
use crate::graphql::{Long, OrFault, object_over, one, request, the};
use crate::groups::graphql::{EducationGroup, School};
use crate::people::graphql::Teacher;
use crate::plans::graphql::Plan;
use crate::plans::store;
use crate::sessions::graphql::ResearchSession;

/// Penalties of a plan; lower is better, zero is perfect.
#[derive(Debug, SimpleObject)]
pub struct Score {
    /// Rules that a published plan never breaks.
    hard: Long,
    /// Sessions not placed, required people missing.
    medium: Long,
    /// Everything that makes a good plan.
    soft: Long,
}

impl Score {
    /// The three sums.
    pub fn new(hard: i64, medium: i64, soft: i64) -> Self {
        Self { hard: Long(hard), medium: Long(medium), soft: Long(soft) }
    }
}

impl From<session_planner::Score> for Score {
    fn from(score: session_planner::Score) -> Self {
        Self::new(score.hard, score.medium, score.soft)
    }
}

/// Weight of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleLevel {
    /// Never broken in a published plan.
    Hard,
    /// Sessions placed, required people present.
    Medium,
    /// What makes a good plan.
    Soft,
}

impl From<session_planner::Level> for RuleLevel {
    fn from(level: session_planner::Level) -> Self {
        match level {
            session_planner::Level::Hard => Self::Hard,
            session_planner::Level::Medium => Self::Medium,
            session_planner::Level::Soft => Self::Soft,
        }
    }
}

/// The share of a rule in the score of a plan.
#[derive(Debug, Deserialize)]
pub struct RuleScore {
    name: String,
    level: RuleLevel,
    weight: i64,
    count: i64,
    penalty: i64,
    #[serde(flatten)]
    sentence: Bilingual,
}

/// The share of a rule in the score of a plan.
#[Object]
impl RuleScore {
    /// Name of the rule, for programs.
    async fn name(&self) -> &str {
        &self.name
    }

    /// Hard, medium or soft.
    async fn level(&self) -> RuleLevel {
        self.level
    }

    /// What one breach costs.
    async fn weight(&self) -> Long {
        Long(self.weight)
    }

    /// How often it is broken.
    async fn count(&self) -> Long {
        Long(self.count)
    }

    /// What that costs in sum.
    async fn penalty(&self) -> Long {
        Long(self.penalty)
    }

    /// The rule as a sentence, in the language asked for.
    async fn sentence<'a>(&'a self, ctx: &Context<'a>) -> Result<&'a str> {
        Ok(self.sentence.text(request(ctx)?.language))
    }
}

/// What stood in the way of a session.
#[derive(Debug, Deserialize)]
pub struct Obstacle {
    rule: String,
    slots: i64,
    of: i64,
    #[serde(flatten)]
    sentence: Bilingual,
}

impl From<store::Obstacle> for Obstacle {
    fn from(found: store::Obstacle) -> Self {
        let count = |slots: usize| i64::try_from(slots).unwrap_or(i64::MAX);
        let sentence = Bilingual::new(found.zh, found.en);
        Self { rule: found.rule, slots: count(found.slots), of: count(found.of), sentence }
    }
}

/// What stood in the way of a session.
#[Object]
impl Obstacle {
    /// Name of the rule, for programs.
    async fn rule(&self) -> &str {
        &self.rule
    }

    /// How many slots it forbade.
    async fn slots(&self) -> Long {
        Long(self.slots)
    }

    /// Of how many.
    async fn of(&self) -> Long {
        Long(self.of)
    }

    /// The reason as a sentence, in the language asked for.
    async fn sentence<'a>(&'a self, ctx: &Context<'a>) -> Result<&'a str> {
        Ok(self.sentence.text(request(ctx)?.language))
    }
}

/// A person's part in a session as a plan has it.
#[derive(Debug, Deserialize, SimpleObject)]
#[graphql(complex)]
pub struct PlannedPerson {
    #[graphql(skip)]
    #[serde(rename = "teacher")]
    teacher_id: Uuid,
    /// In which role.
    role: ParticipantRole,
    /// Whether the session cannot do without her.
    required: bool,
    #[graphql(skip)]
    #[serde(rename = "excused")]
    excuse: Option<Bilingual>,
    /// Her lessons that need a substitute 调课, as people read them.
    #[serde(default)]
    cover: Vec<String>,
}

#[ComplexObject]
impl PlannedPerson {
    /// Who.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Teacher> {
        the(ctx, self.teacher_id).await
    }

    /// Why she is excused; null: she is expected.
    async fn excused<'a>(&'a self, ctx: &Context<'a>) -> Result<Option<&'a str>> {
        let language = request(ctx)?.language;
        Ok(self.excuse.as_ref().map(|excuse| excuse.text(language)))
    }
}

object_over! {
    /// A group of a plan.
    PlanGroup, plan_group
}

/// A group that a plan covers, and the plan it started from.
#[Object]
impl PlanGroup {
    /// The plan.
    async fn plan(&self, ctx: &Context<'_>) -> Result<Plan> {
        the(ctx, self.0.plan_id).await
    }

    /// The group.
    async fn group(&self, ctx: &Context<'_>) -> Result<EducationGroup> {
        the(ctx, self.0.group_id).await
    }

    /// The group's published plan when this one was made.
    async fn parent(&self, ctx: &Context<'_>) -> Result<Option<Plan>> {
        one(ctx, self.0.parent_id).await
    }
}

object_over! {
    /// A session of a plan.
    PlanSession, plan_session
}

/// Where a plan puts a session.
#[Object]
impl PlanSession {
    /// The plan.
    async fn plan(&self, ctx: &Context<'_>) -> Result<Plan> {
        the(ctx, self.0.plan_id).await
    }

    /// The session.
    async fn session(&self, ctx: &Context<'_>) -> Result<ResearchSession> {
        the(ctx, self.0.session_id).await
    }

    /// Host school 承办校.
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

    /// Whether a person pinned it: the planner lets it stand, with its presenters.
    async fn pinned(&self) -> bool {
        self.0.pinned
    }

    /// Whether it is left without a date on purpose 待定: the planner leaves it alone.
    async fn undated_on_purpose(&self) -> bool {
        self.0.undated_on_purpose
    }

    /// Start; null: not placed.
    async fn starts_at(&self) -> Option<DateTime<Utc>> {
        self.0.starts_at
    }

    /// End.
    async fn ends_at(&self) -> Option<DateTime<Utc>> {
        self.0.ends_at
    }

    /// Who takes part.
    async fn people(&self, ctx: &Context<'_>) -> Result<Vec<PlannedPerson>> {
        serde_json::from_value(self.0.people.clone()).map_err(Into::into).or_fault(ctx)
    }

    /// Why it is not placed; as the last search found it.
    async fn obstacles(&self, ctx: &Context<'_>) -> Result<Vec<Obstacle>> {
        serde_json::from_value(self.0.obstacles.clone()).map_err(Into::into).or_fault(ctx)
    }
}
