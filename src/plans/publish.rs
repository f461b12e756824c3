//! Publishing a plan: sessions get their dates, people and rooms are booked, everybody is invited; all or nothing.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::difference::{self, Difference, MailCount, PlannedMail};
use super::drafts::must_be_live;
use super::prepare::{Prepared, prepare};
use super::unpublish::Before;
use crate::entity::values::PublicationChangeKind;
use crate::entity::{plan, published_plan};
use crate::error::{Bilingual, Conflict, Error, Result, UserError};
use crate::scope::{Scope, Txn};
use crate::sessions::effects;
use crate::sessions::letters::{Letters, PreviewedLetter, Rehearsal};
use crate::{audit, id};

/// What publishing does, or would do.
#[derive(Debug, Clone)]
pub struct Publication {
    /// The plan.
    pub plan: plan::Model,
    /// Sessions that get a date.
    pub placed: Vec<Uuid>,
    /// What changes, session by session.
    pub differences: Vec<Difference>,
    /// Published sessions that stay as they are.
    pub standing: usize,
    /// Sessions that stay without a date (待定).
    pub undated: Vec<Uuid>,
    /// Every mail.
    pub letters: Vec<PlannedMail>,
    /// Mails by kind.
    pub mails: Vec<MailCount>,
    /// People who are expected but have no mail address.
    pub without_address: Vec<Uuid>,
}

impl Publication {
    /// Whether everything stands already as the plan has it.
    pub fn changes_nothing(&self) -> bool {
        self.differences.is_empty() && self.letters.is_empty()
    }
}

/// What publishing `plan_id` would do now. Writes nothing.
///
/// # Errors
/// As [`publish`].
pub async fn preview(scope: &Scope, plan_id: Uuid) -> Result<Publication> {
    let prepared = prepare(scope, plan_id, None).await?;
    let current = in_force(scope, scope.reader(), prepared.plan.term_id).await?;
    not_stale(scope, &prepared, &current)?;
    Ok(publication(scope, &prepared))
}

/// Publishes a plan: dates, participants, bookings and the outbox in one transaction.
///
/// # Errors
/// `NotFound`; `Stale` when another plan of a group was published meanwhile; `Rejected` when the plan is published already,
/// breaks a hard rule as things are now, or somebody was booked meanwhile. Nothing is written then.
pub async fn publish(scope: &Scope, plan_id: Uuid) -> Result<Publication> {
    publish_because(scope, plan_id, None).await
}

/// The same, with the reason that people read whose session changes.
///
/// # Errors
/// As [`publish`].
pub async fn publish_because(scope: &Scope, plan_id: Uuid, reason: Option<String>) -> Result<Publication> {
    let txn = scope.begin().await?;
    let publication = carry_out(&txn, plan_id, reason).await?;
    txn.commit().await?;
    Ok(publication)
}

/// The very letters that publishing `plan_id` would send to `teacher_id`, by the day of sending. Nothing is kept,
/// nothing is sent.
///
/// # Errors
/// As [`publish`].
pub async fn preview_letters(
    scope: &Scope,
    plan_id: Uuid,
    reason: Option<String>,
    teacher_id: Uuid,
    letters: &Letters,
) -> Result<Vec<PreviewedLetter>> {
    let rehearsal = Rehearsal::begin(scope, letters).await?;
    carry_out(rehearsal.txn(), plan_id, reason).await?;
    rehearsal.letters_to(teacher_id).await
}

/// Does all that publishing does, but for the commit.
async fn carry_out(txn: &Txn, plan_id: Uuid, reason: Option<String>) -> Result<Publication> {
    let scope = txn.scope();
    let reason = reason.filter(|reason| !reason.trim().is_empty());
    effects::one_at_a_time(txn).await?;
    let prepared = prepare(scope, plan_id, reason.as_deref()).await?;
    let publication = publication(scope, &prepared);
    let current = in_force(scope, &**txn, prepared.plan.term_id).await?;
    not_stale(scope, &prepared, &current)?;
    let before = Before::read(txn, &prepared, &current).await?;
    make_current(txn, &prepared, &current).await?;
    effects::apply_with(txn, "session.publish", &prepared.changes, &prepared.withdrawals).await?;
    before.keep(txn, prepared.plan.id).await?;
    let version = prepared.plan.version + 1;
    let plan = plan::Model { published_at: Some(scope.now()), version, ..prepared.plan.clone() };
    let plan = audit::update(txn, "plan.publish", &prepared.plan, plan).await?;
    Ok(Publication { plan, ..publication })
}

/// The plans in force in a term, one for each group that has published.
pub async fn in_force(
    scope: &Scope,
    connection: &impl ConnectionTrait,
    term_id: Uuid,
) -> Result<Vec<published_plan::Model>> {
    Ok(published_plan::Entity::find()
        .filter(published_plan::Column::DistrictId.eq(scope.district.id))
        .filter(published_plan::Column::TermId.eq(term_id))
        .all(connection)
        .await?)
}

/// A plan that was not discarded can be published once, and only while each group's plan in force is the one it started from.
fn not_stale(scope: &Scope, prepared: &Prepared, current: &[published_plan::Model]) -> Result<()> {
    if let Some(at) = prepared.plan.published_at {
        let (number, on) = (prepared.plan.number, at.with_timezone(&scope.zone()).date_naive());
        let error = UserError::new(
            "PLAN_PUBLISHED",
            format!("方案{number}已于{on}发布；要安排其余活动，请先重新排期，再发布新方案"),
            format!(
                "plan {number} was published on {on}: to place what is left, plan again and publish the new plan"
            ),
        );
        return Err(error.into());
    }
    must_be_live(&prepared.plan)?;
    for covered in &prepared.groups {
        let in_force = current.iter().find(|row| row.group_id == covered.group_id);
        if in_force.map(|row| row.plan_id) == covered.parent_id {
            continue;
        }
        let name =
            |id| prepared.facts.groups.iter().find(|group| group.id == id).map(|group| group.name.clone());
        let group = name(covered.group_id).unwrap_or_default();
        let by = in_force.map_or("?", |row| row.published_by.as_str());
        return Err(Error::Stale(Conflict {
            message: Bilingual::new(
                format!("{group}在这份方案之后已由{by}发布了另一份方案，请重新排期后再发布"),
                format!("another plan of {group} was published by {by} since this one was made: plan again"),
            ),
            current_version: None,
        }));
    }
    Ok(())
}

async fn make_current(txn: &Txn, prepared: &Prepared, current: &[published_plan::Model]) -> Result<()> {
    let scope = txn.scope();
    for covered in &prepared.groups {
        let row = published_plan::Model {
            id: id::new(),
            district_id: scope.district.id,
            term_id: prepared.plan.term_id,
            group_id: covered.group_id,
            plan_id: prepared.plan.id,
            published_at: scope.now(),
            published_by: scope.actor.name().to_owned(),
        };
        match current.iter().find(|old| old.group_id == covered.group_id) {
            Some(old) => {
                let row = published_plan::Model { id: old.id, ..row };
                audit::update(txn, "plan.publish", old, row).await?;
            }
            None => {
                audit::insert(txn, "plan.publish", row).await?;
            }
        }
    }
    Ok(())
}

fn publication(scope: &Scope, prepared: &Prepared) -> Publication {
    let differences = difference::differences(prepared);
    let letters = difference::mails(prepared, scope.now(), scope.hold());
    let placed = differences.iter().filter(|one| one.kind == PublicationChangeKind::Placed);
    Publication {
        plan: prepared.plan.clone(),
        placed: placed.map(|one| one.session).collect(),
        standing: prepared.standing,
        undated: prepared.undated.clone(),
        mails: difference::counts(&letters),
        without_address: difference::without_address(prepared),
        differences,
        letters,
    }
}
