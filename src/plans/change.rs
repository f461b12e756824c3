//! Moving one published session by hand: checked by the same rules as a plan, told to the same people.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::facts::Facts;
use super::lifted::Lifted;
use super::placing::{self, Stand, no_programme};
use crate::entity::research_session;
use crate::error::{Error, Result, UserError};
use crate::id::Kind;
use crate::rows;
use crate::scope::{Scope, Txn};
use crate::sessions::effects::{self, Change};
use crate::sessions::letters::{Letters, PreviewedLetter, Rehearsal};
use crate::sessions::{given, must_be_published};

/// Where a session shall go.
#[derive(Debug, Clone)]
pub struct Reschedule {
    /// The session.
    pub session_id: Uuid,
    /// Its version as the user saw it.
    pub expected_version: i32,
    /// New start.
    pub starts_at: DateTime<Utc>,
    /// New host school; `None`: as it is.
    pub host_school_id: Option<Uuid>,
    /// New room; `None`: as it is, or the smallest of the new host that fits.
    pub room_id: Option<Uuid>,
    /// Why, as told to people.
    pub reason: String,
}

/// Moves a published session and tells everybody concerned.
///
/// # Errors
/// `NotFound`; `Stale` when it has another version; `Rejected` with each hard rule the new place would break.
pub async fn reschedule(scope: &Scope, wish: Reschedule) -> Result<research_session::Model> {
    let txn = scope.begin().await?;
    let moved = carry_out(&txn, &wish).await?;
    txn.commit().await?;
    Ok(moved)
}

/// The letters that moving would send to `teacher_id`. Nothing is kept, nothing is sent.
///
/// # Errors
/// As [`reschedule`].
pub async fn preview_reschedule(
    scope: &Scope,
    wish: &Reschedule,
    teacher_id: Uuid,
    letters: &Letters,
) -> Result<Vec<PreviewedLetter>> {
    let rehearsal = Rehearsal::begin(scope, letters).await?;
    carry_out(rehearsal.txn(), wish).await?;
    rehearsal.letters_to(teacher_id).await
}

/// Does all that moving does, but for the commit.
async fn carry_out(txn: &Txn, wish: &Reschedule) -> Result<research_session::Model> {
    let reason = given(&wish.reason)?;
    effects::one_at_a_time(txn).await?;
    let session = rows::find::<research_session::Entity>(txn, Kind::Session, wish.session_id).await?;
    rows::expect_version(txn, session.id, session.version, wish.expected_version).await?;
    must_be_published(&session)?;
    let change = decide(txn.scope(), wish, &session, reason).await?;
    must_change(&change)?;
    let mut moved = effects::apply(txn, "session.reschedule", &[change]).await?;
    moved.pop().ok_or_else(|| Error::internal("a session was moved and is not there"))
}

/// Nobody is told of a change that is none.
fn must_change(change: &Change) -> Result<()> {
    if change.moves() {
        return Ok(());
    }
    let error = UserError::new(
        "NOTHING_CHANGES",
        "新的时间和地点与现在相同，没有改动，也没有通知任何人",
        "the new time and place are those it has: nothing was changed and nobody told",
    );
    Err(error.at("startsAt").into())
}

async fn decide(
    scope: &Scope,
    wish: &Reschedule,
    session: &research_session::Model,
    reason: String,
) -> Result<Change> {
    let facts = Facts::load(scope, session.term_id, Some(session.group_id)).await?;
    let (term, zone) = (&facts.calendar.term, scope.zone());
    placing::in_the_term((term.starts_on, term.ends_on), wish.starts_at.with_timezone(&zone).date_naive())
        .map_err(|error| error.at("startsAt"))?;
    let lifted = Lifted::of(scope, facts, &[session], false)?;
    let ix = lifted.session(session.id).ok_or_else(no_programme)?;
    // Whoever asks for a room for what is online asks for its school.
    let at_room = || lifted.school_of(wish.room_id.filter(|_| session.room_id.is_none())?);
    let wished = Stand {
        starts_at: Some(wish.starts_at),
        host_school_id: wish.host_school_id.or_else(at_room),
        room_id: wish.room_id,
        ..Stand::default()
    };
    let placement = lifted.placement(ix, &wished, session)?;
    let mut assignment = lifted.standing();
    assignment[ix] = Some(placement);
    let faults = lifted.faults(&assignment, ix);
    if !faults.is_empty() {
        return Err(Error::Rejected(faults));
    }
    let mut changes = lifted.changes(&assignment, &[(ix, session)], &reason);
    changes.pop().ok_or_else(|| Error::internal("a session was placed and has no change"))
}
