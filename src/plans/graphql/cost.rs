//! What an edit of a plan costs, and what the edit was.

use async_graphql::{Context, Object, Result};

use crate::entity::values::PlanEditKind;
use crate::error::{Bilingual, Language};
use crate::graphql::{Fault, Long, one, request, the};
use crate::people::graphql::Teacher;
use crate::plans;
use crate::plans::cost::{Presence, RuleChange};
use crate::plans::graphql::Score;
use crate::plans::graphql::findings::RuleNamed;
use crate::plans::store::EditNote;
use crate::sessions::graphql::ResearchSession;

fn texts(sentences: &[Bilingual], language: Language) -> Vec<String> {
    sentences.iter().map(|sentence| sentence.text(language).to_owned()).collect()
}

/// What an edit of a plan costs: the same evaluation of the whole plan before and after.
pub struct PlanCost(pub plans::Cost);

/// What an edit of a plan costs: the same evaluation of the whole plan before and after.
#[Object]
impl PlanCost {
    /// The score without the edit, of things as they are now.
    async fn before(&self) -> Score {
        Score::new(self.0.before.hard, self.0.before.medium, self.0.before.soft)
    }

    /// The score with it.
    async fn after(&self) -> Score {
        Score::new(self.0.after.hard, self.0.after.medium, self.0.after.soft)
    }

    /// The rules that get worse or better, hard ones first.
    async fn rules(&self) -> Vec<PlanRuleChange> {
        self.0.rules.iter().cloned().map(PlanRuleChange).collect()
    }

    /// The hard rules that forbid it; empty: it can be made.
    async fn broken(&self, ctx: &Context<'_>) -> Result<Vec<Fault>> {
        let language = request(ctx)?.language;
        Ok(self.0.broken.iter().map(|fault| Fault::new(fault, language)).collect())
    }

    /// Who comes with it and would not without.
    async fn newly_present(&self) -> Vec<PlanPresence> {
        self.0.newly_present.iter().cloned().map(PlanPresence).collect()
    }

    /// Who is excused with it and would not be without.
    async fn newly_excused(&self) -> Vec<PlanPresence> {
        self.0.newly_excused.iter().cloned().map(PlanPresence).collect()
    }

    /// Who comes without it and is not invited with it.
    async fn no_longer_invited(&self) -> Vec<PlanPresence> {
        self.0.no_longer_invited.iter().cloned().map(PlanPresence).collect()
    }
}

/// A rule that an edit makes worse or better.
pub struct PlanRuleChange(RuleChange);

/// A rule that an edit makes worse or better.
#[Object]
impl PlanRuleChange {
    /// The rule.
    #[graphql(flatten)]
    async fn rule(&self) -> RuleNamed {
        RuleNamed::new(self.0.name, self.0.level, &self.0.sentence)
    }

    /// Its penalty without the edit.
    async fn before(&self) -> Long {
        Long(self.0.before)
    }

    /// Its penalty with it.
    async fn after(&self) -> Long {
        Long(self.0.after)
    }

    /// What is wrong with the edit and not without, as sentences.
    async fn worse(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        Ok(texts(&self.0.worse, request(ctx)?.language))
    }

    /// What is wrong without the edit and not with it, as sentences.
    async fn better(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        Ok(texts(&self.0.better, request(ctx)?.language))
    }
}

/// Somebody's part in a session, as an edit changes it.
pub struct PlanPresence(Presence);

/// Somebody's part in a session, as an edit changes it.
#[Object]
impl PlanPresence {
    /// The session.
    async fn session(&self, ctx: &Context<'_>) -> Result<ResearchSession> {
        the(ctx, self.0.session).await
    }

    /// Who.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Teacher> {
        the(ctx, self.0.teacher).await
    }

    /// Why she is excused; null: she is not.
    async fn excused<'a>(&'a self, ctx: &Context<'a>) -> Result<Option<&'a str>> {
        let language = request(ctx)?.language;
        Ok(self.0.excuse.as_ref().map(|excuse| excuse.text(language)))
    }
}

/// What made a plan of the one it revises.
pub struct PlanEdit(pub EditNote);

/// What made a plan of the one it revises.
#[Object]
impl PlanEdit {
    /// What was done.
    async fn kind(&self) -> PlanEditKind {
        self.0.kind
    }

    /// To which session; null: to the whole plan.
    async fn session(&self, ctx: &Context<'_>) -> Result<Option<ResearchSession>> {
        one(ctx, self.0.session).await
    }

    /// As a sentence, in the language asked for.
    async fn sentence<'a>(&'a self, ctx: &Context<'a>) -> Result<&'a str> {
        Ok(self.0.sentence.text(request(ctx)?.language))
    }
}
