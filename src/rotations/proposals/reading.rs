//! Proposals as they are stored.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, prelude::Uuid};

use super::outcome::Outcome;
use super::reason::Reason;
use super::settings::Settings;
use crate::entity::values::{ProposalState, RoundState};
use crate::entity::{proposal_move, rotation_proposal, rotation_round};
use crate::error::{Error, Result};
use crate::id::Kind;
use crate::rows;
use crate::scope::Scope;

/// A stored proposal, read.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Its row.
    pub row: rotation_proposal::Model,
    /// What it was searched with.
    pub settings: Settings,
    /// What came of it.
    pub outcome: Outcome,
    /// Every candidate.
    pub moves: Vec<proposal_move::Model>,
}

impl Stored {
    /// Reads a proposal.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn load(scope: &Scope, proposal_id: Uuid) -> Result<Self> {
        let select = rows::in_district(scope.district.id, rotation_proposal::Entity::find());
        let found = select.filter(rotation_proposal::Column::Id.eq(proposal_id)).one(scope.reader()).await?;
        let row = found.ok_or(Error::NotFound(Kind::Proposal))?;
        let moves = moves(scope.reader(), &row).await?;
        Ok(Self {
            settings: serde_json::from_value(row.settings.clone())?,
            outcome: serde_json::from_value(row.outcome.clone())?,
            row,
            moves,
        })
    }
}

/// Every candidate of a proposal, in the order they were stored.
pub async fn moves(
    connection: &impl ConnectionTrait,
    proposal: &rotation_proposal::Model,
) -> Result<Vec<proposal_move::Model>> {
    let select = rows::in_district(proposal.district_id, proposal_move::Entity::find());
    let select = select.filter(proposal_move::Column::ProposalId.eq(proposal.id));
    Ok(select.order_by_asc(proposal_move::Column::Id).all(connection).await?)
}

/// Why it ends for a candidate as it does.
pub fn reasons(row: &proposal_move::Model) -> Result<Vec<Reason>> {
    Ok(serde_json::from_value(row.reasons.clone())?)
}

/// All proposals of a round, the newest first.
pub async fn proposals(
    scope: &Scope,
    round: &rotation_round::Model,
) -> Result<Vec<rotation_proposal::Model>> {
    let select = rows::in_district(scope.district.id, rotation_proposal::Entity::find());
    let select = select.filter(rotation_proposal::Column::RoundId.eq(round.id));
    Ok(select.order_by_desc(rotation_proposal::Column::Number).all(scope.reader()).await?)
}

/// The proposal that counts: the approved one; from 公示 on the one that is public; else the newest that was neither followed by
/// another nor discarded.
pub async fn newest(
    scope: &Scope,
    round: &rotation_round::Model,
) -> Result<Option<rotation_proposal::Model>> {
    let all = proposals(scope, round).await?;
    let of = |state| all.iter().find(|row| row.state == state);
    let public = of(ProposalState::Publicised).filter(|_| round.state >= RoundState::Publicising);
    let live = || {
        let gone = [ProposalState::Superseded, ProposalState::Discarded];
        all.iter().find(|row| !gone.contains(&row.state))
    };
    Ok(of(ProposalState::Approved).or(public).or_else(live).cloned())
}

/// The newest proposal of a round that stands there.
pub async fn in_state(
    connection: &impl ConnectionTrait,
    round: &rotation_round::Model,
    state: ProposalState,
) -> Result<Option<rotation_proposal::Model>> {
    let select = rows::in_district(round.district_id, rotation_proposal::Entity::find())
        .filter(rotation_proposal::Column::RoundId.eq(round.id))
        .filter(rotation_proposal::Column::State.eq(state));
    Ok(select.order_by_desc(rotation_proposal::Column::Number).one(connection).await?)
}
