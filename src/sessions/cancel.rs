//! Cancelling a session: people and rooms are free again, everybody invited is told.

use uuid::Uuid;

use super::effects;
use super::letters::{Letters, PreviewedLetter, Rehearsal};
use super::reminders::{Addressee, Occasion};
use crate::entity::research_session;
use crate::entity::values::SessionState;
use crate::error::{Result, UserError};
use crate::id::Kind;
use crate::mail::outbox;
use crate::scope::{Scope, Txn};
use crate::{audit, rows};

/// Cancels a published session, with the reason people read.
///
/// # Errors
/// `NotFound`, `Stale` when it has another version, `Rejected` when it is not published or no reason is given.
pub async fn cancel(
    scope: &Scope,
    session_id: Uuid,
    expected_version: i32,
    reason: String,
) -> Result<research_session::Model> {
    let txn = scope.begin().await?;
    let cancelled = carry_out(&txn, session_id, expected_version, &reason).await?;
    txn.commit().await?;
    Ok(cancelled)
}

/// The letters that cancelling would send to `teacher_id`. Nothing is kept, nothing is sent.
///
/// # Errors
/// As [`cancel`].
pub async fn preview_cancel(
    scope: &Scope,
    session_id: Uuid,
    expected_version: i32,
    reason: &str,
    teacher_id: Uuid,
    letters: &Letters,
) -> Result<Vec<PreviewedLetter>> {
    let rehearsal = Rehearsal::begin(scope, letters).await?;
    carry_out(rehearsal.txn(), session_id, expected_version, reason).await?;
    rehearsal.letters_to(teacher_id).await
}

/// Does all that cancelling does, but for the commit.
async fn carry_out(
    txn: &Txn,
    session_id: Uuid,
    expected_version: i32,
    reason: &str,
) -> Result<research_session::Model> {
    let scope = txn.scope();
    effects::one_at_a_time(txn).await?;
    let session = rows::find::<research_session::Entity>(txn, Kind::Session, session_id).await?;
    rows::expect_version(txn, session.id, session.version, expected_version).await?;
    must_be_published(&session)?;
    let reason = given(reason)?;
    let after = research_session::Model {
        state: SessionState::Cancelled,
        sequence: session.sequence + 1,
        reason: Some(reason),
        version: session.version + 1,
        ..session.clone()
    };
    let told = effects::participants(txn, &[session.id]).await?.remove(&session.id).unwrap_or_default();
    let expected = told.iter().filter(|row| row.excused.is_none()).map(|row| row.teacher_id).collect();
    let addresses = effects::addresses_of(&**txn, scope.district.id, &expected).await?;
    effects::release(txn, &[session.id]).await?;
    let after = audit::update(txn, "session.cancel", &session, after).await?;
    outbox::supersede(txn, &[(after.id, after.sequence)]).await?;
    let mut recipients: Vec<_> = addresses.into_iter().collect();
    recipients.sort_unstable();
    if let Some(occasion) = Occasion::of(&after) {
        let cancels = recipients
            .into_iter()
            .map(|(teacher_id, address)| occasion.cancels(&Addressee { teacher_id, address }, scope.now()));
        outbox::enqueue(txn, cancels.collect()).await?;
    }
    Ok(after)
}

/// Only what people know of can be moved or cancelled.
///
/// # Errors
/// `Rejected`, naming the state.
pub fn must_be_published(session: &research_session::Model) -> Result<()> {
    if session.state == SessionState::Published {
        return Ok(());
    }
    let state = session.state.zh();
    let error = UserError::new(
        "SESSION_NOT_PUBLISHED",
        format!("这次活动的状态是“{state}”，只有已发布的活动可以调整或取消"),
        format!("the session is {:?}: only a published one can be moved or cancelled", session.state),
    );
    Err(error.into())
}

/// The reason people will read; it must say something.
///
/// # Errors
/// `Rejected` when it is blank.
pub fn given(reason: &str) -> Result<String> {
    let reason = reason.trim();
    if !reason.is_empty() {
        return Ok(reason.to_owned());
    }
    let error = UserError::new(
        "REASON_MISSING",
        "请写明原因：它会随通知发给每位参与人",
        "please give the reason: it goes to everybody invited",
    );
    Err(error.at("reason").into())
}
