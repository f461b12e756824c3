//! What mails somebody wants: her choice, and what follows for those that wait.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::effects;
use super::reminding::{Whose, rewrite};
use crate::entity::teacher;
use crate::entity::values::MailCategory;
use crate::error::Result;
use crate::id::Kind;
use crate::mail::preferences;
use crate::rows;
use crate::scope::Scope;

/// Writes what somebody wants, category by category; what is not named stays. Reminders that wait are written anew. What she wants then.
///
/// # Errors
/// `NotFound` for an unknown person.
pub async fn prefer(
    scope: &Scope,
    teacher_id: Uuid,
    wishes: &BTreeMap<MailCategory, bool>,
) -> Result<BTreeMap<MailCategory, bool>> {
    let txn = scope.begin().await?;
    // Two clicks at once write one row; nothing is published meanwhile.
    effects::one_at_a_time(&txn).await?;
    rows::find::<teacher::Entity>(&txn, Kind::Teacher, teacher_id).await?;
    let changed = preferences::write(&txn, teacher_id, wishes).await?;
    if changed && wishes.contains_key(&MailCategory::Reminders) {
        rewrite(&txn, Whose::Person(teacher_id)).await?;
    }
    let now = preferences::of_person(&*txn, scope.district.id, teacher_id).await?;
    txn.commit().await?;
    Ok(now)
}
