//! Published sessions that a person wants to stand where they are, whatever is planned anew around them.

use uuid::Uuid;

use super::must_be_published;
use crate::entity::research_session;
use crate::error::Result;
use crate::id::Kind;
use crate::scope::Scope;
use crate::{audit, rows};

/// Pins a published session, or lets it move again; nobody is told, since nothing changes for them.
///
/// # Errors
/// `NotFound`; `Stale` when it has another version; `Rejected` when it is not published.
pub async fn set_pinned(
    scope: &Scope,
    session_id: Uuid,
    expected_version: i32,
    pinned: bool,
) -> Result<research_session::Model> {
    let txn = scope.begin().await?;
    let before = rows::find::<research_session::Entity>(&txn, Kind::Session, session_id).await?;
    rows::expect_version(&txn, before.id, before.version, expected_version).await?;
    must_be_published(&before)?;
    if before.pinned == pinned {
        return Ok(before);
    }
    let action = if pinned { "session.pin" } else { "session.unpin" };
    let after = research_session::Model { pinned, version: before.version + 1, ..before.clone() };
    let after = audit::update(&txn, action, &before, after).await?;
    txn.commit().await?;
    Ok(after)
}
