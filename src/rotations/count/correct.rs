//! Corrections of a count by the office, each with its reason, until the count closes.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, prelude::Uuid};

use super::{Facts, standing_of};
use crate::audit;
use crate::entity::values::{CandidacyStanding, StaffingSource, Stage};
use crate::entity::{candidacy, school, staffing, subject};
use crate::error::{Result, UserError};
use crate::id::{self, Kind};
use crate::rotations::permits::{self, RotationAction};
use crate::rows;
use crate::scope::Scope;

/// A standing to correct.
#[derive(Debug)]
pub struct CandidacyCorrection {
    /// The candidacy.
    pub candidacy_id: Uuid,
    /// The version the correction was made from.
    pub expected_version: i32,
    /// The standing; `None`: as the rules have it again.
    pub standing: Option<CandidacyStanding>,
    /// Why.
    pub reason: String,
}

/// Sets where a teacher stands, whatever the rules find.
///
/// # Errors
/// `Stale`; `Rejected` without a reason, or when the count has closed.
pub async fn correct_candidacy(scope: &Scope, correction: CandidacyCorrection) -> Result<candidacy::Model> {
    let reason = reasoned(&correction.reason)?;
    let txn = scope.begin().await?;
    let found = rows::find::<candidacy::Entity>(&txn, Kind::Candidacy, correction.candidacy_id).await?;
    permits::round_alone(&txn, found.round_id, RotationAction::Count).await?;
    // Read anew now that nobody counts meanwhile.
    let before = rows::find::<candidacy::Entity>(&txn, Kind::Candidacy, found.id).await?;
    rows::expect_version(&txn, before.id, before.version, correction.expected_version).await?;
    let facts: Facts = serde_json::from_value(before.facts.clone())?;
    let after = candidacy::Model {
        standing: correction.standing.unwrap_or_else(|| standing_of(&facts.findings)),
        correction: correction.standing.map(|_| reason),
        version: before.version + 1,
        ..before.clone()
    };
    let after = audit::update(&txn, "candidacy.correct", &before, after).await?;
    txn.commit().await?;
    Ok(after)
}

/// Numbers of 学科余缺 to correct.
#[derive(Debug)]
pub struct StaffingCorrection {
    /// The round.
    pub round_id: Uuid,
    /// The school.
    pub school_id: Uuid,
    /// The stage.
    pub stage: Stage,
    /// The subject.
    pub subject_id: Uuid,
    /// The version the correction was made from; 0 for a subject that was not counted there.
    pub expected_version: i32,
    /// Teachers needed, 0–1000.
    pub needed: i32,
    /// Teachers there, 0–1000.
    pub present: i32,
    /// Why.
    pub reason: String,
}

/// Sets how many teachers a subject needs and has at a school; counting again leaves them.
///
/// # Errors
/// `NotFound`; `Stale`; `Rejected` without a reason, for numbers out of range, or when the count has closed.
pub async fn correct_staffing(scope: &Scope, correction: StaffingCorrection) -> Result<staffing::Model> {
    let reason = reasoned(&correction.reason)?;
    for (number, field) in [(correction.needed, "needed"), (correction.present, "present")] {
        if !(0..=1_000).contains(&number) {
            let (zh, en) =
                (format!("人数 {number} 应在 0 到 1000 之间"), format!("{number} must be from 0 to 1000"));
            return Err(UserError::new("OUT_OF_RANGE", zh, en).at(field).into());
        }
    }
    let txn = scope.begin().await?;
    let round = permits::round_alone(&txn, correction.round_id, RotationAction::Count).await?;
    rows::find::<school::Entity>(&txn, Kind::School, correction.school_id).await?;
    rows::find::<subject::Entity>(&txn, Kind::Subject, correction.subject_id).await?;
    let before = rows::in_district(txn.district_id(), staffing::Entity::find())
        .filter(staffing::Column::RoundId.eq(round.id))
        .filter(staffing::Column::SchoolId.eq(correction.school_id))
        .filter(staffing::Column::Stage.eq(correction.stage))
        .filter(staffing::Column::SubjectId.eq(correction.subject_id))
        .one(&*txn)
        .await?;
    let (row_id, version) = before.as_ref().map_or((Uuid::nil(), 0), |row| (row.id, row.version));
    rows::expect_version(&txn, row_id, version, correction.expected_version).await?;
    let after = staffing::Model {
        id: before.as_ref().map_or_else(id::new, |row| row.id),
        district_id: txn.district_id(),
        round_id: round.id,
        school_id: correction.school_id,
        stage: correction.stage,
        subject_id: correction.subject_id,
        needed: correction.needed,
        present: correction.present,
        source: StaffingSource::Corrected,
        note: Some(reason),
        version: version + 1,
    };
    let after = match &before {
        Some(before) => audit::update(&txn, "staffing.correct", before, after).await?,
        None => audit::insert(&txn, "staffing.correct", after).await?,
    };
    txn.commit().await?;
    Ok(after)
}

/// The reason, which must be given.
fn reasoned(reason: &str) -> Result<String> {
    let reason = reason.trim();
    if reason.is_empty() {
        let fault = UserError::new("REASON_MISSING", "请填写更正的理由", "say why it is corrected");
        return Err(fault.at("reason").into());
    }
    Ok(reason.to_owned())
}
