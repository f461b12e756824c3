//! Making a proposal public, approving it, discarding it.

use std::collections::HashMap;

use rotation_planner as planner;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, prelude::Uuid};

use super::making::assignment;
use super::material::Material;
use super::reading::{self, in_state};
use super::statement::{bilingual, state};
use super::told;
use crate::audit;
use crate::entity::values::{PlacementState, ProposalState};
use crate::entity::{placement, proposal_move, rotation_proposal, rotation_round, teacher};
use crate::error::{Error, Result, UserError};
use crate::id::{self, Kind};
use crate::rotations::permits::{self, RotationAction};
use crate::rows;
use crate::scope::{Scope, Txn};

/// Rules broken by now that are told.
const TOLD: usize = 10;

/// Makes a draft public 公示; one that was public before is superseded by it. The rows are looked at as they are now: a proposal that
/// keeps the rules no more is refused.
///
/// # Errors
/// `NotFound`; `Rejected` outside of the step 拟订方案, when it is no draft, when it breaks a rule by now, or when it follows a public
/// one and does not say why.
pub async fn publicise(scope: &Scope, proposal_id: Uuid) -> Result<rotation_proposal::Model> {
    let txn = scope.begin().await?;
    let (round, before) = held(&txn, proposal_id, RotationAction::Propose).await?;
    expect(&before, ProposalState::Draft)?;
    if let Some(public) = in_state(&*txn, &round, ProposalState::Publicised).await? {
        if before.reason.is_none() {
            return Err(reason_missing(&public, &before).into());
        }
        let after = rotation_proposal::Model { state: ProposalState::Superseded, ..public.clone() };
        audit::update(&txn, "rotation_proposal.supersede", &public, after).await?;
    }
    still_holds(&txn, &round, &before).await?;
    let after = rotation_proposal::Model { state: ProposalState::Publicised, ..before.clone() };
    let after = audit::update(&txn, "rotation_proposal.publicise", &before, after).await?;
    txn.commit().await?;
    Ok(after)
}

/// Approves the proposal that is public 审批: everybody chosen is placed, to be dispatched.
///
/// # Errors
/// `NotFound`; `Rejected` outside of the step 审批, when it is not public, when it breaks a rule by now, or when somebody chosen was
/// placed otherwise in this round.
pub async fn approve(scope: &Scope, proposal_id: Uuid) -> Result<rotation_proposal::Model> {
    let txn = scope.begin().await?;
    let (round, before) = held(&txn, proposal_id, RotationAction::Approve).await?;
    expect(&before, ProposalState::Publicised)?;
    still_holds(&txn, &round, &before).await?;
    place(&txn, &round, &before).await?;
    let after = rotation_proposal::Model { state: ProposalState::Approved, ..before.clone() };
    let after = audit::update(&txn, "rotation_proposal.approve", &before, after).await?;
    txn.commit().await?;
    Ok(after)
}

/// Takes the approval of a round's proposal back, if it has one: nobody is placed by it, and it is public as before. For the way back
/// from 审批: what is approved later is then the only thing that people are dispatched by.
pub async fn revoke(txn: &Txn, round: &rotation_round::Model, reason: &str) -> Result<()> {
    let Some(before) = in_state(&**txn, round, ProposalState::Approved).await? else { return Ok(()) };
    let waiting = rows::in_district(txn.district_id(), placement::Entity::find())
        .filter(placement::Column::RoundId.eq(round.id))
        .filter(placement::Column::State.eq(PlacementState::Proposed))
        .all(&**txn)
        .await?;
    let withdrawn = |before: placement::Model| {
        let after = placement::Model {
            state: PlacementState::Withdrawn,
            reason: Some(reason.to_owned()),
            version: before.version + 1,
            ..before.clone()
        };
        (before, after)
    };
    let pairs = waiting.into_iter().map(withdrawn).collect();
    audit::update_all(txn, "rotation_proposal.revoke", pairs).await?;
    let after = rotation_proposal::Model { state: ProposalState::Publicised, ..before.clone() };
    audit::update(txn, "rotation_proposal.revoke", &before, after).await?;
    Ok(())
}

/// Discards a draft.
///
/// # Errors
/// `NotFound`; `Rejected` outside of the step 拟订方案, or when it is no draft.
pub async fn discard(scope: &Scope, proposal_id: Uuid) -> Result<rotation_proposal::Model> {
    let txn = scope.begin().await?;
    let (_, before) = held(&txn, proposal_id, RotationAction::Propose).await?;
    expect(&before, ProposalState::Draft)?;
    let after = rotation_proposal::Model { state: ProposalState::Discarded, ..before.clone() };
    let after = audit::update(&txn, "rotation_proposal.discard", &before, after).await?;
    txn.commit().await?;
    Ok(after)
}

/// The proposal and its round, held so that nothing else is done in it meanwhile.
async fn held(
    txn: &Txn,
    proposal_id: Uuid,
    action: RotationAction,
) -> Result<(rotation_round::Model, rotation_proposal::Model)> {
    let found = rows::find::<rotation_proposal::Entity>(txn, Kind::Proposal, proposal_id).await?;
    let round =
        rows::hold::<rotation_round::Entity>(txn, Kind::Round, found.round_id, LockType::Update).await?;
    permits::check(txn.scope(), &round, action)?;
    // Read anew now that nobody else writes.
    let proposal = rows::find::<rotation_proposal::Entity>(txn, Kind::Proposal, proposal_id).await?;
    Ok((round, proposal))
}

fn expect(proposal: &rotation_proposal::Model, state: ProposalState) -> Result<()> {
    if proposal.state == state {
        return Ok(());
    }
    let (number, is, asked) = (proposal.number, proposal.state.zh(), state.zh());
    Err(UserError::new(
        "WRONG_STATE",
        format!("第{number}号方案的状态是“{is}”，这样办的须是“{asked}”"),
        format!(
            "proposal {number} is {}, and this is done with one that is {}",
            proposal.state.en(),
            state.en()
        ),
    )
    .into())
}

fn reason_missing(public: &rotation_proposal::Model, next: &rotation_proposal::Model) -> UserError {
    let (public, next) = (public.number, next.number);
    UserError::new(
        "REASON_MISSING",
        format!("第{public}号方案已经公示，第{next}号没有写明改动的理由：请写明理由另拟一份"),
        format!("proposal {public} is public, and {next} does not say why it differs: make one that does"),
    )
    .at("reason")
}

/// Requires that the proposal keeps the rules of the round as the rows are now.
async fn still_holds(
    txn: &Txn,
    round: &rotation_round::Model,
    proposal: &rotation_proposal::Model,
) -> Result<()> {
    let material = Material::load(&**txn, round).await?;
    let statement = state(&material, &serde_json::from_value(proposal.settings.clone())?)?;
    let moves = reading::moves(&**txn, proposal).await?;
    let (assignment, lost) = assignment(&statement, &moves)?;
    if !lost.is_empty() {
        let named = material.counted.iter().filter(|one| lost.contains(&one.row.teacher_id));
        let names: Vec<&str> = named.take(TOLD).map(|one| one.teacher.name.as_str()).collect();
        let names = names.join("、");
        return Err(UserError::new(
            "ROWS_CHANGED",
            format!("拟订之后情况有变，{}人的去向已不可行（{names}）：请重新拟订方案", lost.len()),
            format!("{} moves are not possible any more ({names}): make the proposal anew", lost.len()),
        )
        .into());
    }
    let breaches = planner::check(&statement.problem, &assignment)
        .map_err(|unreadable| Error::internal(format!("{unreadable:?}")))?;
    if breaches.is_empty() {
        return Ok(());
    }
    let faults = breaches.iter().take(TOLD).map(|breach| {
        let rule = bilingual(&planner::rule_words(&statement.problem, breach.rule));
        UserError::new(
            "RULE_BROKEN",
            format!("拟订之后情况有变，方案已不符合：{}。请重新拟订方案", rule.zh),
            format!("by now the proposal breaks a rule: {}. Make it anew", rule.en),
        )
    });
    Err(Error::Rejected(faults.collect()))
}

/// Places everybody who is chosen.
async fn place(txn: &Txn, round: &rotation_round::Model, proposal: &rotation_proposal::Model) -> Result<()> {
    let moves = reading::moves(&**txn, proposal).await?;
    let placed = rows::in_district(txn.district_id(), placement::Entity::find())
        .filter(placement::Column::RoundId.eq(round.id))
        .all(&**txn)
        .await?;
    let mut placed: HashMap<Uuid, placement::Model> =
        placed.into_iter().map(|row| (row.teacher_id, row)).collect();
    let (mut fresh, mut again, mut clashing) = (Vec::new(), Vec::new(), Vec::new());
    for row in &moves {
        let Some(to) = row.to_school_id else { continue };
        let known = placed.remove(&row.teacher_id);
        if known.as_ref().is_some_and(|known| known.state != PlacementState::Withdrawn) {
            clashing.push(row.teacher_id);
            continue;
        }
        let next = placement_of(proposal, row, to, known.as_ref())?;
        match known {
            Some(known) => again.push((known, next)),
            None => fresh.push(next),
        }
    }
    if !clashing.is_empty() {
        return Err(placed_otherwise(txn, clashing).await?.into());
    }
    audit::insert_all(txn, "placement.propose", fresh).await?;
    audit::update_all(txn, "placement.propose", again).await
}

fn placement_of(
    proposal: &rotation_proposal::Model,
    row: &proposal_move::Model,
    to: Uuid,
    known: Option<&placement::Model>,
) -> Result<placement::Model> {
    Ok(placement::Model {
        id: known.map_or_else(id::new, |known| known.id),
        district_id: proposal.district_id,
        round_id: proposal.round_id,
        teacher_id: row.teacher_id,
        from_school_id: row.from_school_id,
        to_school_id: to,
        form: row.form,
        from_on: row.from_on,
        until_on: row.until_on,
        state: PlacementState::Proposed,
        reason: Some(told::line(&reading::reasons(row)?).zh),
        proposal_id: Some(proposal.id),
        weekdays: row.weekdays.clone(),
        version: known.map_or(1, |known| known.version + 1),
    })
}

async fn placed_otherwise(txn: &Txn, people: Vec<Uuid>) -> Result<UserError> {
    let count = people.len();
    let select = rows::in_district(txn.district_id(), teacher::Entity::find());
    let rows = select.filter(teacher::Column::Id.is_in(people)).all(&**txn).await?;
    let names: Vec<&str> = rows.iter().take(TOLD).map(|row| row.name.as_str()).collect();
    let names = names.join("、");
    Ok(UserError::new(
        "ALREADY_PLACED",
        format!("{count}人在本批次中另有安排（{names}）：请先撤回那些安排"),
        format!(
            "{count} people are placed otherwise in this round ({names}): withdraw these placements first"
        ),
    ))
}
