//! Objections 异议 to what is public, and their answers.

use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::permits::{self, RotationAction};
use super::{notices, steps};
use crate::audit;
use crate::entity::values::{ObjectionState, ProposalState};
use crate::entity::{objection, rotation_proposal, rotation_round, teacher};
use crate::error::{Result, UserError};
use crate::id::{self, Kind};
use crate::mail::outbox;
use crate::rows;
use crate::scope::{Actor, Scope, Txn};

/// An objection to raise.
#[derive(Debug)]
pub struct NewObjection {
    /// The round.
    pub round_id: Uuid,
    /// About whom; none: about the proposal as a whole.
    pub teacher_id: Option<Uuid>,
    /// Who raises it: a staff number, or a name; none: whoever is signed in.
    pub raised_by: Option<String>,
    /// What it says.
    pub content: String,
}

/// Objects to the proposal that is public, or to what it says of one person.
///
/// # Errors
/// `NotFound`; `Rejected` when it says nothing or nobody raises it, when no proposal is public, or outside of the step 公示
/// and its days.
pub async fn raise(scope: &Scope, new: NewObjection) -> Result<objection::Model> {
    let content = new.content.trim();
    if content.is_empty() {
        let (zh, en) = ("请写明异议的内容", "please say what you object to");
        return Err(UserError::new("CONTENT_MISSING", zh, en).at("content").into());
    }
    let raised_by = raiser(scope, new.raised_by.as_deref())?;
    let txn = scope.begin().await?;
    let round = permits::round_for(&txn, new.round_id, RotationAction::Object).await?;
    steps::within(&txn, &round).await?;
    if let Some(teacher_id) = new.teacher_id {
        rows::find::<teacher::Entity>(&txn, Kind::Teacher, teacher_id).await?;
    }
    let proposal = public_proposal(&txn, &round).await?;
    let row = objection::Model {
        id: id::new(),
        district_id: txn.district_id(),
        round_id: round.id,
        proposal_id: Some(proposal.id),
        teacher_id: new.teacher_id,
        raised_by,
        content: content.to_owned(),
        state: ObjectionState::Open,
        answer: None,
        answered_by: None,
        raised_at: scope.now(),
        answered_at: None,
        version: 1,
    };
    let row = audit::insert(&txn, "objection.raise", row).await?;
    txn.commit().await?;
    Ok(row)
}

/// The answer to an objection.
#[derive(Debug)]
pub struct Answer {
    /// The objection.
    pub objection_id: Uuid,
    /// The version that was looked at.
    pub expected_version: i32,
    /// Whether it is upheld.
    pub upheld: bool,
    /// What is answered.
    pub answer: String,
}

/// Answers an objection. Whoever raised it under a staff number is told.
///
/// # Errors
/// `NotFound`; `Stale`; `Rejected` without words, or when it was answered already.
pub async fn answer(scope: &Scope, answer: Answer) -> Result<objection::Model> {
    let words = answer.answer.trim();
    if words.is_empty() {
        let (zh, en) = ("请写明答复的内容和理由", "please say what is answered, and why");
        return Err(UserError::new("ANSWER_MISSING", zh, en).at("answer").into());
    }
    let txn = scope.begin().await?;
    let before =
        rows::hold::<objection::Entity>(&txn, Kind::Objection, answer.objection_id, LockType::Update);
    let before = before.await?;
    rows::expect_version(&txn, before.id, before.version, answer.expected_version).await?;
    permits::round_for(&txn, before.round_id, RotationAction::AnswerObjection).await?;
    if before.state != ObjectionState::Open {
        let word = before.state.zh();
        let zh = format!("这件异议已经答复（{word}）；有新的情况请另提异议");
        let en = format!(
            "it is answered already ({}): if there is something new, raise another",
            before.state.en()
        );
        return Err(UserError::new("ALREADY_ANSWERED", zh, en).into());
    }
    let after = objection::Model {
        state: if answer.upheld { ObjectionState::Upheld } else { ObjectionState::Rejected },
        answer: Some(words.to_owned()),
        answered_by: Some(scope.actor.name().to_owned()),
        answered_at: Some(scope.now()),
        version: before.version + 1,
        ..before.clone()
    };
    let after = audit::update(&txn, "objection.answer", &before, after).await?;
    let raisers = rows::in_district(txn.district_id(), teacher::Entity::find())
        .filter(teacher::Column::Number.eq(&after.raised_by));
    if let Some(raiser) = raisers.one(&*txn).await? {
        outbox::enqueue(&txn, notices::objection_answered(&txn, &after, &raiser)).await?;
    }
    txn.commit().await?;
    Ok(after)
}

/// Who raises it.
fn raiser(scope: &Scope, named: Option<&str>) -> Result<String> {
    let named = named.map(str::trim).filter(|name| !name.is_empty());
    match (named, &scope.actor) {
        (Some(name), _) => Ok(name.to_owned()),
        (None, Actor::Person { number, .. }) => Ok(number.clone()),
        (None, _) => Err(UserError::new(
            "RAISER_MISSING",
            "请写明提出异议的人：工号或姓名",
            "say who raises it: a staff number, or a name",
        )
        .at("raisedBy")
        .into()),
    }
}

/// The proposal that is public.
async fn public_proposal(txn: &Txn, round: &rotation_round::Model) -> Result<rotation_proposal::Model> {
    let select = rows::in_district(txn.district_id(), rotation_proposal::Entity::find())
        .filter(rotation_proposal::Column::RoundId.eq(round.id))
        .filter(rotation_proposal::Column::State.eq(ProposalState::Publicised))
        .order_by_desc(rotation_proposal::Column::Number);
    select.one(&**txn).await?.ok_or_else(|| {
        UserError::new(
            "NO_PUBLIC_PROPOSAL",
            format!("“{}”现在没有公示中的方案", round.name),
            format!("no proposal of {:?} is public", round.name),
        )
        .into()
    })
}
