//! 摸底 The count of a round: who must, may or need not move and why, and where teachers are too many or too few.
//!
//! Counting again writes only what differs. What the office corrected stays as it corrected it. When the count closes, nothing
//! changes any more.

mod correct;
mod facts;
mod roll;
mod staffing;
mod summary;
mod told;
mod verdict;

use std::collections::{BTreeMap, HashMap};

use sea_orm::{
    ActiveModelBehavior, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    prelude::Uuid,
};

pub use correct::{CandidacyCorrection, StaffingCorrection, correct_candidacy, correct_staffing};
pub use facts::{Away, Effect, Facts, Finding, Honour, Leading, Length, Reason, What};
pub use roll::{counting_day, full_time, present};
pub use summary::{RateCount, SchoolCount, Standings, Summary, has_quality, summary};
pub use told::told;
pub use verdict::{Verdict, judge};

use crate::audit::{self, Audited};
use crate::entity::values::Stage;
use crate::entity::{candidacy, rotation_policy, rotation_round, staffing as staffing_row};
use crate::error::{Bilingual, Result, UserError};
use crate::id;
use crate::rotations::permits::{self, RotationAction};
use crate::rotations::policy::{self, Policy, Rule};
use crate::rows;
use crate::scope::{Scope, Txn};
use roll::Entry;
use verdict::standing as standing_of;

/// How a round is to be counted.
#[derive(Debug, Clone, Default)]
pub struct CountOptions {
    /// Lessons a week that make one post, by stage; where none is given, lessons are shared as evenly as the district's
    /// teachers of the subject allow.
    pub norms: BTreeMap<Stage, u32>,
}

/// What a count wrote.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// The round, with the policy it was counted under.
    pub round: rotation_round::Model,
    /// Teachers counted.
    pub candidacies: usize,
    /// Of them, those who stand otherwise than before, or were not counted before.
    pub changed: usize,
    /// Rows of 学科余缺.
    pub staffing: usize,
}

/// Counts a round under its policy; a round that has none takes the one in force.
///
/// # Errors
/// `NotFound`; `Rejected` when no policy is in force, or the count has closed.
pub async fn run(scope: &Scope, round_id: Uuid, options: &CountOptions) -> Result<Counted> {
    check(options)?;
    let txn = scope.begin().await?;
    let round = permits::round_alone(&txn, round_id, RotationAction::Count).await?;
    let (round, policy) = with_policy(&txn, round).await?;
    let rules: Vec<Rule> = policy.bare().cloned().collect();
    let day = counting_day(&round, &rules);
    let roll = roll::load(scope, &round, day).await?;

    let before = candidacies(&*txn, &round).await?;
    let of_teacher: HashMap<Uuid, &candidacy::Model> =
        before.iter().map(|row| (row.teacher_id, row)).collect();
    let judged = roll.entries.iter().map(|entry| {
        let verdict = judge(&entry.person, &rules, day);
        candidacy_of(scope, &round, entry, verdict, of_teacher.get(&entry.teacher_id).copied())
    });
    let after = judged.collect::<Result<Vec<_>>>()?;
    let candidacies = after.len();
    let changed = write(&txn, "candidacy.count", before, after).await?;

    let before = staffing_rows(&*txn, &round).await?;
    let after = staffing::rows(&round, &roll, &before, &options.norms);
    let staffing = after.len();
    write(&txn, "staffing.count", before, after).await?;
    txn.commit().await?;
    Ok(Counted { round, candidacies, changed, staffing })
}

/// Makes stored rows those of `after`, writing only what differs; how many do.
async fn write<M>(txn: &Txn, action: &str, before: Vec<M>, after: Vec<M>) -> Result<usize>
where
    M: Audited + Clone + PartialEq + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + Sync,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    M::Entity: EntityTrait<Model = M>,
{
    let mut stored: HashMap<Uuid, M> = before.into_iter().map(|row| (row.row_id(), row)).collect();
    let (mut added, mut changed) = (Vec::new(), Vec::new());
    for row in after {
        match stored.remove(&row.row_id()) {
            None => added.push(row),
            Some(old) if old != row => changed.push((old, row)),
            Some(_) => {}
        }
    }
    let differing = added.len() + changed.len();
    audit::delete_all(txn, action, stored.into_values().collect()).await?;
    audit::update_all(txn, action, changed).await?;
    audit::insert_all(txn, action, added).await?;
    Ok(differing)
}

fn check(options: &CountOptions) -> Result<()> {
    let odd = options.norms.iter().find(|(_, norm)| !(1..=40).contains(*norm));
    let Some((stage, norm)) = odd else { return Ok(()) };
    let zh = format!("{}每周课时标准 {norm} 应在 1 到 40 之间", stage.zh());
    let en = format!("the norm of {norm} lessons a week must be from 1 to 40");
    Err(UserError::new("OUT_OF_RANGE", zh, en).at("norms").into())
}

/// The round with the policy it follows.
async fn with_policy(txn: &Txn, round: rotation_round::Model) -> Result<(rotation_round::Model, Policy)> {
    if let Some(policy_id) = round.policy_id {
        let policy = policy::load(&**txn, txn.district_id(), policy_id).await?;
        return Ok((round, policy));
    }
    let policies = rows::in_district(txn.district_id(), rotation_policy::Entity::find())
        .order_by_asc(rotation_policy::Column::FromOn)
        .all(&**txn)
        .await?;
    let Some(found) = policy::in_force(&policies, round.group_id, round.starts_on) else {
        let zh = format!(
            "没有 {} 有效的轮岗政策：请导入“轮岗政策”表，或用 tongpan rotation policy set 设定",
            round.starts_on
        );
        let en = format!("no policy of rotation is in force on {}: set one first", round.starts_on);
        return Err(UserError::new("NO_POLICY", zh, en).into());
    };
    let follows =
        rotation_round::Model { policy_id: Some(found.id), version: round.version + 1, ..round.clone() };
    let follows = audit::update(txn, "rotation_round.policy", &round, follows).await?;
    let policy = policy::load(&**txn, txn.district_id(), found.id).await?;
    Ok((follows, policy))
}

/// Why somebody was counted out: the office's reason where it corrected her standing, else what bars or excuses her.
///
/// # Errors
/// `Internal` when the facts cannot be read.
pub fn why_out(row: &candidacy::Model) -> Result<Bilingual> {
    if let Some(reason) = &row.correction {
        return Ok(Bilingual::new(reason, reason));
    }
    let facts: Facts = serde_json::from_value(row.facts.clone())?;
    let deciding =
        facts.findings.iter().filter(|found| matches!(found.effect, Effect::Bars | Effect::Excuses));
    let told: Vec<Bilingual> = deciding.map(told).collect();
    let zh = told.iter().map(|words| words.zh.as_str()).collect::<Vec<_>>().join("；");
    let en = told.iter().map(|words| words.en.as_str()).collect::<Vec<_>>().join("; ");
    Ok(Bilingual::new(zh, en))
}

/// The candidacies of a round.
pub async fn candidacies(
    connection: &impl ConnectionTrait,
    round: &rotation_round::Model,
) -> Result<Vec<candidacy::Model>> {
    let select = rows::in_district(round.district_id, candidacy::Entity::find());
    let select = select.filter(candidacy::Column::RoundId.eq(round.id));
    Ok(select.order_by_asc(candidacy::Column::Id).all(connection).await?)
}

/// The rows of 学科余缺 of a round.
pub async fn staffing_rows(
    connection: &impl ConnectionTrait,
    round: &rotation_round::Model,
) -> Result<Vec<staffing_row::Model>> {
    let select = rows::in_district(round.district_id, staffing_row::Entity::find());
    let select = select.filter(staffing_row::Column::RoundId.eq(round.id));
    Ok(select.order_by_asc(staffing_row::Column::Id).all(connection).await?)
}

/// A verdict as a row: over the one that is stored, whose standing stays where the office set it.
fn candidacy_of(
    scope: &Scope,
    round: &rotation_round::Model,
    entry: &Entry,
    verdict: Verdict,
    before: Option<&candidacy::Model>,
) -> Result<candidacy::Model> {
    let row = candidacy::Model {
        id: id::new(),
        district_id: round.district_id,
        round_id: round.id,
        teacher_id: entry.teacher_id,
        school_id: entry.school_id,
        stage: entry.person.stage,
        subject_id: entry.subject_id,
        standing: verdict.standing,
        backbone: verdict.backbone,
        facts: serde_json::to_value(verdict.facts)?,
        correction: None,
        computed_at: scope.now(),
        version: 1,
    };
    let Some(old) = before else { return Ok(row) };
    let kept = candidacy::Model {
        id: old.id,
        standing: if old.correction.is_some() { old.standing } else { row.standing },
        correction: old.correction.clone(),
        computed_at: old.computed_at,
        version: old.version,
        ..row
    };
    if kept == *old {
        return Ok(kept);
    }
    Ok(candidacy::Model { computed_at: scope.now(), version: old.version + 1, ..kept })
}
