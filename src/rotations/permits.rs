//! Who may do what in a round, and in which steps: one table, asked by one function.
//!
//! Roles are words until people have accounts with roles: until then whoever may write at all may act for any of them.

use async_graphql::Enum;
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::LockType;

use RotationRole::{Applicant, Coordinator, Office, Principal};
use RoundState::{
    Applying, Approving, Assessing, Closed, Counting, Dispatching, Proposing, Publicising, Recommending,
    Serving,
};

use crate::access;
use crate::entity::rotation_round;
use crate::entity::values::RoundState;
use crate::error::{Result, UserError};
use crate::id::Kind;
use crate::rows;
use crate::scope::{Scope, Txn};

/// In which capacity somebody acts in a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum RotationRole {
    /// 区县教育局人事部门.
    Office,
    /// 集团负责人, in the rounds of her group.
    Coordinator,
    /// 校长, for the teachers of the school.
    Principal,
    /// 教师本人: for herself.
    Applicant,
}

impl RotationRole {
    /// The word people read.
    pub const fn zh(self) -> &'static str {
        match self {
            Office => "教育局人事部门",
            Coordinator => "集团负责人",
            Principal => "校长",
            Applicant => "教师本人",
        }
    }
}

/// Declares actions with their Chinese and English words, the steps they belong to, and who may.
macro_rules! actions {
    ($($(#[doc = $doc:literal])+ $action:ident $zh:literal $en:literal in [$($step:ident),+] by [$($role:ident),+],)+) => {
        /// What can be done in a round.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
        pub enum RotationAction {
            $($(#[doc = $doc])+ $action,)+
        }

        /// The table of who may do what, and when.
        pub const TABLE: &[Permit] = &[
            $(Permit {
                action: RotationAction::$action,
                words: ($zh, $en),
                steps: &[$($step),+],
                roles: &[$($role),+],
            },)+
        ];
    };
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Permit {
    /// What.
    pub action: RotationAction,
    words: (&'static str, &'static str),
    /// In which steps.
    pub steps: &'static [RoundState],
    /// By whom.
    pub roles: &'static [RotationRole],
}

actions! {
    /// Takes the next step.
    StepForward "推进到下一步" "taking the next step"
        in [Counting, Applying, Recommending, Proposing, Publicising, Approving, Dispatching, Serving, Assessing]
        by [Office, Coordinator],
    /// Goes back one step, with a reason.
    StepBack "退回上一步" "going back a step"
        in [Applying, Recommending, Proposing, Publicising, Approving] by [Office],
    /// Changes the days of a step.
    StepReschedule "调整步骤日期" "changing the days of a step"
        in [Counting, Applying, Recommending, Proposing, Publicising, Approving, Dispatching, Serving, Assessing]
        by [Office, Coordinator],
    /// Counts who may or must move, and corrects what was counted.
    Count "摸底" "counting" in [Counting] by [Office, Coordinator],
    /// Writes, hands in or withdraws an application, for oneself or on a teacher's behalf.
    Apply "申报" "applying" in [Applying] by [Applicant, Principal, Coordinator, Office],
    /// Imports applications that came on paper.
    ImportApplications "导入轮岗志愿" "importing applications" in [Counting, Applying] by [Office, Coordinator],
    /// Asks for an exemption, for oneself or on a teacher's behalf.
    AskExemption "申请免于或暂缓交流" "asking for an exemption"
        in [Counting, Applying, Recommending] by [Applicant, Principal, Coordinator, Office],
    /// Decides about an exemption.
    DecideExemption "审定免轮申请" "deciding about an exemption"
        in [Counting, Applying, Recommending] by [Office],
    /// Says what the school thinks of a teacher's move.
    Recommend "填写学校推荐意见" "recommending" in [Recommending] by [Principal],
    /// Makes proposals, and chooses the one that becomes public.
    Propose "拟订方案" "proposing" in [Proposing] by [Office, Coordinator],
    /// Objects to the proposal, or to what it says of one person.
    Object "提出异议" "objecting" in [Publicising] by [Applicant, Principal],
    /// Answers an objection.
    AnswerObjection "答复异议" "answering an objection" in [Proposing, Publicising] by [Office],
    /// Approves the proposal.
    Approve "审批方案" "approving the proposal" in [Approving] by [Office],
    /// Takes back that somebody who was approved is sent, before her first day.
    WithdrawPlacement "撤回安排" "withdrawing a placement" in [Approving, Dispatching, Serving] by [Office],
    /// Sends people to their posts.
    Dispatch "派遣" "dispatching" in [Dispatching] by [Office],
    /// Makes service longer, or ends it before its time.
    ChangeService "延长或提前结束交流" "making service longer or shorter"
        in [Dispatching, Serving, Assessing, Closed] by [Office],
    /// Assesses service: mid-term and at the end.
    Assess "考核" "assessing" in [Serving, Assessing] by [Principal, Office],
}

/// The row of an action.
fn permit(action: RotationAction) -> Option<&'static Permit> {
    TABLE.iter().find(|permit| permit.action == action)
}

/// What may be done in a step, and by whom.
pub fn in_step(step: RoundState) -> impl Iterator<Item = &'static Permit> {
    TABLE.iter().filter(move |permit| permit.steps.contains(&step))
}

/// Whether whoever acts may do this, and now.
///
/// # Errors
/// `Unauthenticated` when nobody is signed in; `Rejected` when the round is in a step where it is not done.
pub fn check(scope: &Scope, round: &rotation_round::Model, action: RotationAction) -> Result<()> {
    access::may_write(scope)?;
    match permit(action) {
        Some(permit) if !permit.steps.contains(&round.state) => Err(wrong_step(round, permit).into()),
        _ => Ok(()),
    }
}

/// The round, held so that it stays in its step until the transaction ends, when the action may be done in it now.
///
/// # Errors
/// `NotFound`; as [`check`].
pub async fn round_for(txn: &Txn, round_id: Uuid, action: RotationAction) -> Result<rotation_round::Model> {
    let round = rows::hold::<rotation_round::Entity>(txn, Kind::Round, round_id, LockType::Share).await?;
    check(txn.scope(), &round, action)?;
    Ok(round)
}

/// The same, held so that nothing else is done in it meanwhile.
///
/// # Errors
/// `NotFound`; as [`check`].
pub async fn round_alone(txn: &Txn, round_id: Uuid, action: RotationAction) -> Result<rotation_round::Model> {
    let round = rows::hold::<rotation_round::Entity>(txn, Kind::Round, round_id, LockType::Update).await?;
    check(txn.scope(), &round, action)?;
    Ok(round)
}

fn wrong_step(round: &rotation_round::Model, permit: &Permit) -> UserError {
    if round.state == RoundState::Closed {
        let (zh, en) = (format!("“{}”已经结束", round.name), format!("{:?} is closed", round.name));
        return UserError::new("ROUND_CLOSED", zh, en);
    }
    let (mend_zh, mend_en) = mend(round.state, permit);
    let (zh, en) = permit.words;
    let steps: Vec<&str> = permit.steps.iter().map(|step| step.zh()).collect();
    let now = round.state.zh();
    UserError::new(
        "WRONG_STEP",
        format!("“{}”现在的步骤是“{now}”，不能{zh}；这要在“{}”进行{mend_zh}", round.name, steps.join("”或“")),
        format!(
            "{:?} is at the step of {}: {en} belongs to that of {}{mend_en}",
            round.name,
            round.state.en(),
            permit.steps.iter().map(|step| step.en()).collect::<Vec<_>>().join(" or ")
        ),
    )
}

/// How the round comes to a step where the action is done.
fn mend(state: RoundState, permit: &Permit) -> (&'static str, &'static str) {
    if permit.action == RotationAction::StepBack {
        return ("", "");
    }
    let back = self::permit(RotationAction::StepBack).is_some_and(|back| back.steps.contains(&state));
    if permit.steps.iter().any(|step| *step > state) {
        return ("，请到那一步再办", ": wait for that step");
    }
    match back {
        true => ("，确需办理请先退回", ": go back first if it must be done"),
        false => ("，已不能退回", ", and there is no way back"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_action_has_one_row() {
        for (place, row) in TABLE.iter().enumerate() {
            let first = TABLE.iter().position(|other| other.action == row.action);
            assert_eq!(first, Some(place), "{:?}", row.action);
        }
    }

    #[test]
    fn something_may_be_done_in_every_step_and_in_the_last_only_service_changes() {
        for step in RoundState::ALL.iter().copied() {
            assert!(in_step(step).next().is_some(), "{step:?}");
        }
        let last = in_step(RoundState::Closed).map(|permit| permit.action).collect::<Vec<_>>();
        assert_eq!(last, [RotationAction::ChangeService]);
    }

    #[test]
    fn a_round_goes_back_only_before_anybody_is_dispatched() {
        let back = permit(RotationAction::StepBack).expect("a row");
        assert!(
            back.steps.iter().all(|step| *step > RoundState::Counting && *step < RoundState::Dispatching)
        );
    }
}
