//! Figures of a proposal, each share with what it is a share of; and why there is none.

use async_graphql::{Context, Object, Result, SimpleObject};

use crate::entity::values::PlacementForm;
use crate::error::{Bilingual, Language};
use crate::graphql::the;
use crate::groups::graphql::School;
use crate::rotations::proposals::{
    BandOutcome, Impossible, LevelOutcome, Outcome, Part, RateOutcome, SchoolOutcome,
};

fn text(words: &Bilingual, language: Language) -> String {
    words.text(language).to_owned()
}

/// People above and below a line.
#[derive(Debug, SimpleObject)]
pub struct ProposalShare {
    /// Numerator.
    numerator: i64,
    /// Denominator.
    denominator: i64,
    /// Both, with the share they make: `6/40（15.0%）`.
    text: String,
}

impl From<Part> for ProposalShare {
    fn from(part: Part) -> Self {
        Self { numerator: part.above, denominator: part.below, text: part.told() }
    }
}

/// What came of a level of aims.
#[derive(Debug, SimpleObject)]
pub struct ProposalLevel {
    /// What it keeps small.
    name: String,
    /// Its value.
    value: f64,
    /// No proposal that is as good in the earlier levels has a lower value; null: nothing is known.
    bound: Option<f64>,
    /// How much better it could be at most; null: nothing is known.
    gap: Option<f64>,
    /// Whether it is proven that it cannot be better.
    proven: bool,
    /// Seconds it took.
    seconds: f64,
}

impl ProposalLevel {
    pub(super) fn new(level: &LevelOutcome, language: Language) -> Self {
        let LevelOutcome { value, bound, gap, proven, seconds, .. } = *level;
        Self { name: text(&level.words(), language), value, bound, gap, proven, seconds }
    }
}

/// How a rate of the policy stands.
#[derive(Debug, SimpleObject)]
pub struct ProposalRate {
    /// The rule's place in the policy, from 1.
    ordinal: i32,
    /// Who moves, of whom.
    share: ProposalShare,
    /// People that it asks for.
    wanted: i64,
    /// Whether these are the fewest; else the most.
    at_least: bool,
    /// Whether it is kept.
    holds: bool,
    /// All of it as a sentence.
    text: String,
}

impl ProposalRate {
    fn new(rate: &RateOutcome, language: Language) -> Self {
        Self {
            ordinal: rate.ordinal,
            share: rate.part.into(),
            wanted: rate.wanted,
            at_least: rate.at_least,
            holds: rate.holds,
            text: text(&rate.told(), language),
        }
    }
}

/// How a school stands in a proposal.
pub struct ProposalSchool(SchoolOutcome);

/// How a school stands in a proposal.
#[Object]
impl ProposalSchool {
    /// The school.
    async fn school(&self, ctx: &Context<'_>) -> Result<School> {
        the(ctx, self.0.school_id).await
    }

    /// Its teachers.
    async fn teachers(&self) -> i64 {
        self.0.teachers
    }

    /// Who leaves.
    async fn leaving(&self) -> i64 {
        self.0.out
    }

    /// Who comes.
    async fn coming(&self) -> i64 {
        self.0.into
    }

    /// 骨干 who leave.
    async fn backbone_leaving(&self) -> i64 {
        self.0.backbone_out
    }

    /// 骨干 who come.
    async fn backbone_coming(&self) -> i64 {
        self.0.backbone_in
    }

    /// Mean of its teachers' titles before, 1 (三级) to 5 (正高级); null: none is known.
    async fn quality_before(&self) -> Option<f64> {
        self.0.quality_before
    }

    /// The same afterwards.
    async fn quality_after(&self) -> Option<f64> {
        self.0.quality_after
    }

    /// Posts of its subjects that are not filled before, in fifths of a post.
    async fn vacant_fifths_before(&self) -> i64 {
        self.0.vacant_before
    }

    /// The same afterwards.
    async fn vacant_fifths_after(&self) -> i64 {
        self.0.vacant_after
    }
}

/// Movers whose way takes up to so long.
#[derive(Debug, SimpleObject)]
pub struct CommuteBand {
    /// Longest way, in minutes; null: no limit, or not known.
    up_to: Option<i64>,
    /// Whether these are the ways that are not known.
    unknown: bool,
    /// Movers in it before.
    before: i64,
    /// Movers in it afterwards.
    after: i64,
}

impl From<&BandOutcome> for CommuteBand {
    fn from(band: &BandOutcome) -> Self {
        let BandOutcome { up_to, unknown, before, after } = *band;
        Self { up_to, unknown, before, after }
    }
}

/// Movers to a wish.
#[derive(Debug, SimpleObject)]
pub struct WishCount {
    /// The wish, from 1; null: none of theirs.
    rank: Option<u32>,
    /// How many.
    people: i64,
}

/// Movers in a form.
#[derive(Debug, SimpleObject)]
pub struct FormCount {
    /// The form.
    form: PlacementForm,
    /// How many.
    people: i64,
}

/// What came of a search for a proposal.
pub struct ProposalFigures {
    pub(super) outcome: Outcome,
    pub(super) language: Language,
}

/// What came of a search for a proposal.
#[Object]
impl ProposalFigures {
    /// Levels of aims, in order: one that is better in an earlier level is better.
    async fn levels(&self) -> Vec<ProposalLevel> {
        self.outcome.levels.iter().map(|level| ProposalLevel::new(level, self.language)).collect()
    }

    /// Whether every level is proven.
    async fn proven(&self) -> bool {
        self.outcome.is_proven()
    }

    /// Seconds the search took.
    async fn seconds(&self) -> f64 {
        self.outcome.seconds
    }

    /// Who moves, of the eligible.
    async fn movers(&self) -> ProposalShare {
        self.outcome.movers.into()
    }

    /// 骨干 among those who move.
    async fn backbone(&self) -> ProposalShare {
        self.outcome.backbone.into()
    }

    /// Who moves, of those of graduating grades who may.
    async fn graduating(&self) -> ProposalShare {
        self.outcome.graduating.into()
    }

    /// Who moves, of those who applied.
    async fn applicants(&self) -> ProposalShare {
        self.outcome.applicants.into()
    }

    /// Movers to weaker schools, of those between a stronger and a weaker one.
    async fn to_weaker(&self) -> ProposalShare {
        self.outcome.to_weaker.into()
    }

    /// Movers who exchange among themselves as volunteers.
    async fn exchanged(&self) -> i64 {
        self.outcome.exchanged
    }

    /// Whether volunteers could have exchanged, and the other rules left no room for it.
    async fn exchange_dropped(&self) -> bool {
        self.outcome.exchange_dropped
    }

    /// Movers by wish.
    async fn wishes(&self) -> Vec<WishCount> {
        self.outcome.wishes.iter().map(|(rank, people)| WishCount { rank: *rank, people: *people }).collect()
    }

    /// Movers by form.
    async fn forms(&self) -> Vec<FormCount> {
        self.outcome.forms.iter().map(|(form, people)| FormCount { form: *form, people: *people }).collect()
    }

    /// Rates of the policy.
    async fn rates(&self) -> Vec<ProposalRate> {
        self.outcome.rates.iter().map(|rate| ProposalRate::new(rate, self.language)).collect()
    }

    /// Schools, by number.
    #[graphql(complexity = "30 * child_complexity")]
    async fn schools(&self) -> Vec<ProposalSchool> {
        self.outcome.schools.iter().cloned().map(ProposalSchool).collect()
    }

    /// Ways of movers, shortest first.
    async fn commutes(&self) -> Vec<CommuteBand> {
        self.outcome.commutes.iter().map(CommuteBand::from).collect()
    }
}

/// Rules that no proposal keeps together, and what would help.
pub struct ProposalConflict {
    pub(super) conflict: Impossible,
    pub(super) language: Language,
}

/// A way out of a conflict of rules.
#[derive(Debug, SimpleObject)]
pub struct ConflictWay {
    /// What it changes, as sentences.
    changes: Vec<String>,
    /// What it costs, to compare ways.
    cost: i64,
    /// Whether none of its kind is cheaper.
    proven: bool,
}

/// Rules that no proposal keeps together, and what would help.
#[Object]
impl ProposalConflict {
    /// The rules, as sentences: without any one of them the others can hold. Empty: they were not found in time.
    async fn rules(&self) -> Vec<String> {
        self.conflict.rules.iter().map(|rule| text(rule, self.language)).collect()
    }

    /// Whether it is proven that no fewer are in conflict.
    async fn smallest(&self) -> bool {
        self.conflict.smallest
    }

    /// Ways out, the cheapest first.
    async fn ways(&self) -> Vec<ConflictWay> {
        let way = |way: &crate::rotations::proposals::Way| ConflictWay {
            changes: way.changes.iter().map(|change| text(change, self.language)).collect(),
            cost: way.cost,
            proven: way.proven,
        };
        self.conflict.ways.iter().map(way).collect()
    }
}
