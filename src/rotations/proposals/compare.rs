//! What one proposal changes against another.

use std::collections::HashMap;

use sea_orm::prelude::Uuid;

use super::making::{Leg, Worked};
use super::outcome::{LevelOutcome, Outcome};
use super::reading::Stored;
use super::settings::Weighed;
use crate::entity::proposal_move;
use crate::error::{Result, UserError};
use crate::scope::Scope;

/// A level in both.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelPair {
    /// What it keeps small.
    pub aims: Vec<Weighed>,
    /// In the first; none: it has no such level.
    pub before: Option<LevelOutcome>,
    /// In the second.
    pub after: Option<LevelOutcome>,
}

/// Somebody for whom they differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Who.
    pub teacher_id: Uuid,
    /// Her school.
    pub from_school_id: Uuid,
    /// Where she goes in the first; none: she stays.
    pub before: Option<Leg>,
    /// Where in the second.
    pub after: Option<Leg>,
}

/// Two proposals of one round, side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Levels, in the order of the first.
    pub levels: Vec<LevelPair>,
    /// Figures of the first.
    pub before: Outcome,
    /// Figures of the second.
    pub after: Outcome,
    /// Everybody for whom they differ, in the order of the second.
    pub differences: Vec<Difference>,
}

/// Compares two stored proposals.
///
/// # Errors
/// `NotFound`; `Rejected` when they belong to different rounds.
pub async fn compare_stored(scope: &Scope, before: Uuid, after: Uuid) -> Result<Comparison> {
    let (before, after) = (Stored::load(scope, before).await?, Stored::load(scope, after).await?);
    if before.row.round_id != after.row.round_id {
        let (zh, en) = ("两份方案不是同一批次的，不能比较", "the proposals are of different rounds");
        return Err(UserError::new("ROUNDS_DIFFER", zh, en).into());
    }
    Ok(sides((&before.outcome, &before.moves), (&after.outcome, &after.moves)))
}

/// Compares a stored proposal with one that was only worked out.
pub fn compare(before: &Stored, after: &Worked) -> Comparison {
    sides((&before.outcome, &before.moves), (&after.outcome, &after.moves))
}

type Side<'s> = (&'s Outcome, &'s [proposal_move::Model]);

fn sides((before, moved_before): Side<'_>, (after, moved_after): Side<'_>) -> Comparison {
    let of =
        |outcome: &Outcome, aims: &[Weighed]| outcome.levels.iter().find(|level| level.aims == aims).cloned();
    let only_after = after.levels.iter().filter(|level| of(before, &level.aims).is_none());
    let levels = before.levels.iter().chain(only_after).map(|level| LevelPair {
        aims: level.aims.clone(),
        before: of(before, &level.aims),
        after: of(after, &level.aims),
    });
    Comparison {
        levels: levels.collect(),
        before: before.clone(),
        after: after.clone(),
        differences: differences(moved_before, moved_after),
    }
}

fn differences(before: &[proposal_move::Model], after: &[proposal_move::Model]) -> Vec<Difference> {
    let mut earlier: HashMap<Uuid, &proposal_move::Model> =
        before.iter().map(|row| (row.teacher_id, row)).collect();
    let mut pairs: Vec<(&proposal_move::Model, Option<Leg>, Option<Leg>)> = Vec::new();
    for row in after {
        let before = earlier.remove(&row.teacher_id).and_then(Leg::of);
        pairs.push((row, before, Leg::of(row)));
    }
    // Who was a candidate in the first alone stays in the second.
    let gone = before.iter().filter(|row| earlier.contains_key(&row.teacher_id));
    pairs.extend(gone.map(|row| (row, Leg::of(row), None)));
    let place = |leg: &Option<Leg>| leg.map(|leg| (leg.school_id, leg.form));
    pairs
        .into_iter()
        .filter(|(_, before, after)| place(before) != place(after))
        .map(|(row, before, after)| Difference {
            teacher_id: row.teacher_id,
            from_school_id: row.from_school_id,
            before,
            after,
        })
        .collect()
}
