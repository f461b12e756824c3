//! Why it ends for somebody as it does, and what one proposal changes against another.

use async_graphql::{Context, Object, Result};
use sea_orm::prelude::Uuid;

use super::figures::{ProposalFigures, ProposalLevel};
use crate::entity::values::PlacementForm;
use crate::error::{Bilingual, Language};
use crate::graphql::{one, the};
use crate::groups::graphql::School;
use crate::people::graphql::Teacher;
use crate::rotations::proposals::{
    Alternative, Basis, Choice, Comparison, Difference, Leg, LevelPair, Weighed, Why,
};

fn texts(sentences: &[Bilingual], language: Language) -> Vec<String> {
    sentences.iter().map(|sentence| sentence.text(language).to_owned()).collect()
}

fn aims(aims: &[Weighed], language: Language) -> String {
    aims.iter().map(|term| term.aim.words().text(language).to_owned()).collect::<Vec<_>>().join("、")
}

/// Why it ends for a candidate as it does.
pub struct ProposalWhy {
    pub(super) why: Why,
    pub(super) language: Language,
}

/// Why it ends for a candidate as it does.
#[Object]
impl ProposalWhy {
    /// What the count found of her, as sentences.
    async fn findings(&self) -> Vec<String> {
        texts(&self.why.findings, self.language)
    }

    /// What decided, most decisive first, as sentences.
    async fn grounds(&self) -> Vec<String> {
        texts(&self.why.grounds, self.language)
    }

    /// Where her ways are counted from; null: she is no candidate.
    async fn basis(&self) -> Option<Basis> {
        self.why.basis
    }

    /// Moves that were thought of, her wishes first.
    #[graphql(complexity = "30 * child_complexity")]
    async fn choices(&self) -> Vec<ProposalChoice> {
        let choice = |choice: &Choice| ProposalChoice { choice: choice.clone(), language: self.language };
        self.why.choices.iter().map(choice).collect()
    }

    /// What becomes of her in the best proposal with another outcome for her; null: the rules leave none.
    async fn alternative(&self) -> Option<&str> {
        match &self.why.alternative {
            Alternative::Possible { outcome, .. } => Some(outcome.text(self.language)),
            Alternative::Impossible(_) => None,
        }
    }

    /// What it would cost, as sentences: each level that differs, and everybody else for whom it ends differently.
    async fn costs(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        let Alternative::Possible { levels, others, .. } = &self.why.alternative else {
            return Ok(Vec::new());
        };
        let level = |(terms, before, after): &(Vec<Weighed>, String, String)| {
            format!("{}: {before} → {after}", aims(terms, self.language))
        };
        let mut costs: Vec<String> = levels.iter().map(level).collect();
        for (who, before, after) in others {
            let teacher: Teacher = the(ctx, *who).await?;
            let (before, after) = (before.text(self.language), after.text(self.language));
            costs.push(format!("{}: {before} → {after}", teacher.0.name));
        }
        Ok(costs)
    }

    /// Rules that are in the way of any other outcome, as sentences.
    async fn obstacles(&self) -> Vec<String> {
        match &self.why.alternative {
            Alternative::Possible { .. } => Vec::new(),
            Alternative::Impossible(rules) => texts(rules, self.language),
        }
    }
}

/// A move that was thought of.
pub struct ProposalChoice {
    choice: Choice,
    language: Language,
}

/// A move that was thought of.
#[Object]
impl ProposalChoice {
    /// The school.
    async fn school(&self, ctx: &Context<'_>) -> Result<School> {
        the(ctx, self.choice.school_id).await
    }

    /// The posts there; null: there are none.
    async fn posts(&self) -> Option<&str> {
        self.choice.posts.as_deref()
    }

    /// In which form.
    async fn form(&self) -> PlacementForm {
        self.choice.form
    }

    /// Which of her wishes it is, from 1; null: none.
    async fn wish(&self) -> Option<u32> {
        self.choice.wish
    }

    /// Her way, in minutes; null: unknown.
    async fn minutes(&self) -> Option<i64> {
        self.choice.minutes
    }

    /// Why it was not possible at all; null: nothing kept her from it.
    async fn barred(&self) -> Option<&str> {
        self.choice.barred.as_ref().map(|why| why.text(self.language))
    }
}

/// Two proposals of one round, side by side.
pub struct ProposalComparison {
    pub(super) compared: Comparison,
    pub(super) language: Language,
}

/// Two proposals of one round, side by side.
#[Object]
impl ProposalComparison {
    /// Levels, in the order of the first.
    async fn levels(&self) -> Vec<ProposalLevelPair> {
        let pair = |pair: &LevelPair| ProposalLevelPair { pair: pair.clone(), language: self.language };
        self.compared.levels.iter().map(pair).collect()
    }

    /// Figures of the first.
    async fn before(&self) -> ProposalFigures {
        ProposalFigures { outcome: self.compared.before.clone(), language: self.language }
    }

    /// Figures of the second.
    async fn after(&self) -> ProposalFigures {
        ProposalFigures { outcome: self.compared.after.clone(), language: self.language }
    }

    /// Everybody for whom they differ.
    #[graphql(complexity = "50 * child_complexity")]
    async fn differences(&self) -> Vec<ProposalDifference> {
        self.compared.differences.iter().cloned().map(ProposalDifference).collect()
    }
}

/// A level in two proposals.
pub struct ProposalLevelPair {
    pair: LevelPair,
    language: Language,
}

/// A level in two proposals.
#[Object]
impl ProposalLevelPair {
    /// What it keeps small.
    async fn name(&self) -> String {
        aims(&self.pair.aims, self.language)
    }

    /// In the first; null: it has no such level.
    async fn before(&self) -> Option<ProposalLevel> {
        self.pair.before.as_ref().map(|level| ProposalLevel::new(level, self.language))
    }

    /// In the second; null: it has no such level.
    async fn after(&self) -> Option<ProposalLevel> {
        self.pair.after.as_ref().map(|level| ProposalLevel::new(level, self.language))
    }
}

/// Somebody for whom two proposals differ.
pub struct ProposalDifference(Difference);

/// Somebody for whom two proposals differ.
#[Object]
impl ProposalDifference {
    /// Who.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Teacher> {
        the(ctx, self.0.teacher_id).await
    }

    /// Where she goes in the first; null: she stays.
    async fn before(&self, ctx: &Context<'_>) -> Result<Option<School>> {
        one(ctx, school(self.0.before)).await
    }

    /// Where she goes in the second; null: she stays.
    async fn after(&self, ctx: &Context<'_>) -> Result<Option<School>> {
        one(ctx, school(self.0.after)).await
    }
}

fn school(leg: Option<Leg>) -> Option<Uuid> {
    leg.map(|leg| leg.school_id)
}
