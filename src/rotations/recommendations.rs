//! What the home school says of a teacher's move 学校推荐.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::permits::{self, RotationAction};
use crate::audit;
use crate::entity::values::{ApplicationState, RecommendationVerdict};
use crate::entity::{application, candidacy, recommendation, rotation_round, teacher};
use crate::error::{Result, UserError};
use crate::id;
use crate::people;
use crate::rows;
use crate::scope::{Scope, Txn};

/// What a school says.
#[derive(Debug)]
pub struct Opinion {
    /// The round.
    pub round_id: Uuid,
    /// About whom.
    pub teacher_id: Uuid,
    /// What it says.
    pub verdict: RecommendationVerdict,
    /// Why; must be said unless the school recommends her.
    pub reason: String,
    /// The version that was looked at; none when the school had said nothing yet.
    pub expected_version: Option<i32>,
}

/// Says what the home school thinks of a teacher's move; a second opinion replaces the first.
///
/// # Errors
/// `NotFound`; `Stale`; `Rejected` when a reservation gives no reason, she neither applies nor is counted, or outside of
/// the step 学校推荐.
pub async fn set(scope: &Scope, opinion: Opinion) -> Result<recommendation::Model> {
    let txn = scope.begin().await?;
    let round = permits::round_for(&txn, opinion.round_id, RotationAction::Recommend).await?;
    let teacher = super::one_at_a_time(&txn, opinion.teacher_id).await?;
    let reason = opinion.reason.trim().to_owned();
    if reason.is_empty() && opinion.verdict != RecommendationVerdict::Recommended {
        let word = opinion.verdict.zh();
        let zh = format!("学校意见为“{word}”的，请写明理由");
        let en = format!("say why the verdict is {:?}", opinion.verdict.en());
        return Err(UserError::new("REASON_MISSING", zh, en).at("reason").into());
    }
    concerned(&txn, &round, &teacher).await?;
    let home = people::home_school(&txn, teacher.id, round.starts_on).await?;
    let school_id = home.ok_or_else(|| super::no_home_school(&teacher, round.starts_on))?;
    let before = rows::in_district(txn.district_id(), recommendation::Entity::find())
        .filter(recommendation::Column::RoundId.eq(round.id))
        .filter(recommendation::Column::TeacherId.eq(teacher.id))
        .one(&*txn)
        .await?;
    let (row_id, version) = before.as_ref().map_or((id::new(), 0), |row| (row.id, row.version));
    rows::expect_version(&txn, row_id, version, opinion.expected_version.unwrap_or(0)).await?;
    let after = recommendation::Model {
        id: row_id,
        district_id: txn.district_id(),
        round_id: round.id,
        teacher_id: teacher.id,
        school_id,
        verdict: opinion.verdict,
        reason,
        version: version + 1,
    };
    let after = match before {
        Some(before) => audit::update(&txn, "recommendation.set", &before, after).await?,
        None => audit::insert(&txn, "recommendation.set", after).await?,
    };
    txn.commit().await?;
    Ok(after)
}

/// Requires that the round is about her: she applies, or was counted.
async fn concerned(txn: &Txn, round: &rotation_round::Model, teacher: &teacher::Model) -> Result<()> {
    let applies = rows::in_district(txn.district_id(), application::Entity::find())
        .filter(application::Column::RoundId.eq(round.id))
        .filter(application::Column::TeacherId.eq(teacher.id))
        .filter(application::Column::State.eq(ApplicationState::Submitted));
    if applies.one(&**txn).await?.is_some() {
        return Ok(());
    }
    let counted = rows::in_district(txn.district_id(), candidacy::Entity::find())
        .filter(candidacy::Column::RoundId.eq(round.id))
        .filter(candidacy::Column::TeacherId.eq(teacher.id));
    if counted.one(&**txn).await?.is_some() {
        return Ok(());
    }
    let (name, round) = (&teacher.name, &round.name);
    Err(UserError::new(
        "NOT_CONCERNED",
        format!("{name}没有申报，也不在“{round}”的摸底名单中，不需要学校意见；请核对姓名"),
        format!("{name} neither applies nor was counted in {round:?}: check who is meant"),
    )
    .at("teacherId")
    .into())
}
