//! What proposals are searched with, as the API takes it.

use async_graphql::{ID, InputObject};

use crate::entity::values::PlacementForm;
use crate::error::{Result, UserError};
use crate::graphql::ident;
use crate::id::Kind;
use crate::rotations::policy::Share;
use crate::rotations::proposals::{
    Aim, Decision, Fate, Force, Protection, Quota, Request, Settings, Stored, Weighed,
};
use crate::scope::Scope;

/// An aim with the weight it has beside others of its level.
#[derive(Debug, InputObject)]
pub struct ProposalAimInput {
    /// The aim.
    aim: Aim,
    /// Its weight, 1–1,000,000.
    #[graphql(default = 1)]
    weight: i64,
}

/// Another share for a rate of the policy, to see what it would do; the policy stays as it is.
#[derive(Debug, InputObject)]
pub struct ProposalQuotaInput {
    /// The rule's place in the policy, from 1.
    ordinal: i32,
    /// The share; null: as the policy has it.
    share: Option<Share>,
    /// Whether it may be missed.
    #[graphql(default)]
    soft: bool,
}

/// What the office decides about somebody beforehand.
#[derive(Debug, InputObject)]
pub struct ProposalDecisionInput {
    /// About whom.
    teacher_id: ID,
    /// Whether she moves; else she stays.
    moves: bool,
    /// Where; null: wherever is best.
    to_school_id: Option<ID>,
    /// In which form; null: as she asked.
    form: Option<PlacementForm>,
    /// ISO weekdays, for 走教.
    #[graphql(default)]
    weekdays: Vec<u8>,
    /// Why.
    reason: String,
}

/// A proposal to make.
#[derive(Debug, InputObject)]
pub struct ProposalCreateInput {
    /// The round.
    round_id: ID,
    /// The proposal it is made from: its settings are kept where nothing else is said, and as few people as possible end otherwise.
    parent_id: Option<ID>,
    /// Why; must be said once a proposal is public.
    reason: Option<String>,
    /// Seconds that the search may take, 1–600; null: 30, or at most 20 when the answer waits for it.
    seconds: Option<u32>,
    /// Levels of aims, the first before the others; null: as a county has them.
    levels: Option<Vec<Vec<ProposalAimInput>>>,
    /// Other shares than the policy's.
    #[graphql(default)]
    quotas: Vec<ProposalQuotaInput>,
    /// What is decided about people beforehand.
    #[graphql(default)]
    decisions: Vec<ProposalDecisionInput>,
    /// What the policy's directions do; null: they are preferred.
    directions: Option<Force>,
    /// Whether those who must move by their time at one school all do, whatever the rates ask; null: no.
    all_due: Option<bool>,
    /// Whether volunteers first exchange among themselves; null: yes.
    exchange: Option<bool>,
    /// Which applicants go to one of their wishes or stay; null: those who need not move.
    protection: Option<Protection>,
    /// ISO weekdays of those who ask for 走教; null: Wednesday and Friday.
    weekdays: Option<Vec<u8>>,
}

impl ProposalCreateInput {
    /// The request that it states.
    pub(super) async fn request(self, scope: &Scope) -> Result<Request> {
        let round_id = ident(Kind::Round, &self.round_id, "roundId")?;
        let parent_id = self.parent_id.map(|id| ident(Kind::Proposal, &id, "parentId")).transpose()?;
        let mut settings = match parent_id {
            Some(parent) => Stored::load(scope, parent).await?.settings,
            None => Settings::default(),
        };
        settings.seconds = self.seconds.unwrap_or(settings.seconds);
        settings.directions = self.directions.unwrap_or(settings.directions);
        settings.all_due = self.all_due.unwrap_or(settings.all_due);
        settings.exchange = self.exchange.unwrap_or(settings.exchange);
        settings.protection = self.protection.unwrap_or(settings.protection);
        settings.weekdays = self.weekdays.unwrap_or(settings.weekdays);
        if let Some(levels) = self.levels {
            let weighed = |term: ProposalAimInput| Weighed { aim: term.aim, weight: term.weight };
            settings.levels =
                levels.into_iter().map(|level| level.into_iter().map(weighed).collect()).collect();
        }
        for quota in self.quotas {
            let ProposalQuotaInput { ordinal, share, soft } = quota;
            settings.quotas.retain(|known| known.ordinal != ordinal);
            settings.quotas.push(Quota { ordinal, share, soft });
        }
        for decision in self.decisions {
            settings = settings.deciding(decided(decision)?);
        }
        Ok(Request { round_id, parent_id, reason: self.reason, settings })
    }
}

fn decided(input: ProposalDecisionInput) -> Result<Decision> {
    let teacher_id = ident(Kind::Teacher, &input.teacher_id, "decisions.teacherId")?;
    let school = input.to_school_id.map(|id| ident(Kind::School, &id, "decisions.toSchoolId")).transpose()?;
    let reason = input.reason.trim().to_owned();
    if reason.is_empty() {
        let (zh, en) = ("预先安排须写明理由", "say why it is decided beforehand");
        return Err(UserError::new("REASON_MISSING", zh, en).at("decisions.reason").into());
    }
    let fate = match (input.moves, school) {
        (false, _) => Fate::Stays,
        (true, None) => Fate::Moves,
        (true, Some(school_id)) => Fate::MovesTo { school_id, form: input.form, weekdays: input.weekdays },
    };
    Ok(Decision { teacher_id, fate, reason })
}
