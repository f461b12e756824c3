//! Leading duties of those who are dispatched: a head who moves as a head leads the school she comes to, and no longer the one she
//! leaves.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, prelude::Uuid};

use crate::audit;
use crate::entity::values::{DutyKind, PlacementForm};
use crate::entity::{candidacy, duty, placement, posting, rotation_round};
use crate::error::Result;
use crate::id;
use crate::rotations::count::Facts;
use crate::rows;
use crate::scope::Txn;

/// The duties that people of a round move in, by teacher: of those who were counted as leaders and give their post at home up.
pub async fn taken_along(
    txn: &Txn,
    round: &rotation_round::Model,
    placements: &[placement::Model],
) -> Result<HashMap<Uuid, DutyKind>> {
    let moving = placements.iter().filter(|row| !keeps_home_post(row.form)).map(|row| row.teacher_id);
    let counted = rows::in_district(txn.district_id(), candidacy::Entity::find())
        .filter(candidacy::Column::RoundId.eq(round.id))
        .filter(candidacy::Column::TeacherId.is_in(moving))
        .all(&**txn)
        .await?;
    let mut taken = HashMap::new();
    for row in counted {
        let facts: Facts = serde_json::from_value(row.facts)?;
        taken.extend(facts.leading.map(|leading| (row.teacher_id, leading.duty)));
    }
    Ok(taken)
}

/// 走教 and 挂职 keep the post at home, and so the duty there.
pub fn keeps_home_post(form: PlacementForm) -> bool {
    matches!(form, PlacementForm::Secondment | PlacementForm::Itinerant)
}

/// Duties end at home and begin at the receiving school. Who is appointed 任职 leaves every duty at home; of others only what they
/// take along ends there.
pub async fn hand_over(
    txn: &Txn,
    placements: &[placement::Model],
    taken: &HashMap<Uuid, DutyKind>,
) -> Result<()> {
    let leaving: HashMap<Uuid, &placement::Model> = placements
        .iter()
        .filter(|row| row.form == PlacementForm::Appointment || taken.contains_key(&row.teacher_id))
        .map(|row| (row.teacher_id, row))
        .collect();
    if leaving.is_empty() {
        return Ok(());
    }
    let held = rows::in_district(txn.district_id(), duty::Entity::find())
        .filter(duty::Column::TeacherId.is_in(leaving.keys().copied()))
        .all(&**txn)
        .await?;
    let ended = held.into_iter().filter_map(|row| {
        let placement = leaving.get(&row.teacher_id)?;
        let leaves_all = placement.form == PlacementForm::Appointment;
        let leaves = leaves_all || taken.get(&row.teacher_id) == Some(&row.kind);
        let last = placement.from_on.pred_opt().filter(|_| leaves)?;
        let open = row.school_id == placement.from_school_id && row.until_on.is_none_or(|until| until > last);
        let after = duty::Model { until_on: Some(last), ..row.clone() };
        (open && row.from_on <= last).then_some((row, after))
    });
    audit::update_all(txn, "duty.end", ended.collect()).await?;
    let begun = leaving.values().filter_map(|placement| {
        Some(duty::Model {
            id: id::new(),
            district_id: txn.district_id(),
            teacher_id: placement.teacher_id,
            school_id: placement.to_school_id,
            kind: *taken.get(&placement.teacher_id)?,
            from_on: placement.from_on,
            until_on: Some(placement.until_on),
        })
    });
    audit::insert_all(txn, "duty.begin", begun.collect()).await
}

/// The duty of a posting lasts as long as the posting does by now.
pub async fn follow(txn: &Txn, posting: &posting::Model) -> Result<()> {
    let Some(before) = of_posting(txn, posting).await? else { return Ok(()) };
    let after = duty::Model { until_on: posting.until_on, ..before.clone() };
    audit::update(txn, "duty.change", &before, after).await?;
    Ok(())
}

/// As if she had never been sent: no duty at the other school, and the one at home goes on.
pub async fn give_back(txn: &Txn, placement: &placement::Model, posting: &posting::Model) -> Result<()> {
    if let Some(begun) = of_posting(txn, posting).await? {
        audit::delete(txn, "duty.give_back", begun).await?;
    }
    let Some(last) = placement.from_on.pred_opt().filter(|_| posting.duty.is_some()) else { return Ok(()) };
    let ended = at(txn, placement.teacher_id, placement.from_school_id)
        .filter(duty::Column::UntilOn.eq(last))
        .all(&**txn)
        .await?;
    let again = |row: duty::Model| (row.clone(), duty::Model { until_on: None, ..row });
    audit::update_all(txn, "duty.give_back", ended.into_iter().map(again).collect()).await
}

async fn of_posting(txn: &Txn, posting: &posting::Model) -> Result<Option<duty::Model>> {
    let Some(kind) = posting.duty else { return Ok(None) };
    let select = at(txn, posting.teacher_id, posting.school_id)
        .filter(duty::Column::Kind.eq(kind))
        .filter(duty::Column::FromOn.eq(posting.from_on));
    Ok(select.one(&**txn).await?)
}

fn at(txn: &Txn, teacher: Uuid, school: Uuid) -> sea_orm::Select<duty::Entity> {
    rows::in_district(txn.district_id(), duty::Entity::find())
        .filter(duty::Column::TeacherId.eq(teacher))
        .filter(duty::Column::SchoolId.eq(school))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_keeps_the_post_at_home_keeps_its_duty() {
        let keeping = PlacementForm::ALL.iter().filter(|form| keeps_home_post(**form)).copied();
        assert_eq!(keeping.collect::<Vec<_>>(), [PlacementForm::Itinerant, PlacementForm::Secondment]);
    }
}
