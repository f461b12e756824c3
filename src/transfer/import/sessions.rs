//! The sessions of a programme: as many as it counts, without dates until a plan is published.

use std::collections::HashMap;

use sea_orm::prelude::Uuid;

use super::draft::Draft;
use crate::entity::values::SessionState;
use crate::entity::{programme, research_session};
use crate::sessions::programmes::undated;
use crate::transfer::fault::Bilingual;
use crate::transfer::table::Row;

/// Why a session that stands in a draft plan is no longer held.
const FEWER: &str = "教研计划减少了次数";

/// Makes a programme's sessions follow it. Undated ones take over every change, and surplus ones go; one that is
/// published, held or cancelled stays as it was told to people.
pub fn follow(
    draft: &mut Draft,
    row: Row<'_>,
    name: &str,
    programme: &programme::Model,
    index: &HashMap<Option<Uuid>, Vec<Uuid>>,
) {
    let stored = draft.stores.sessions.of(index, &Some(programme.id));
    let mut left = 0;
    for session in &stored {
        left += usize::from(!adjust(draft, programme, session));
    }
    if left > 0 {
        draft.notice(row.sheet().name, published_stay(name, left));
    }
    let known: Vec<i32> = stored.iter().map(|session| session.ordinal).collect();
    for ordinal in (1..=programme.count).filter(|ordinal| !known.contains(ordinal)) {
        let session = undated(draft.district_id, programme, ordinal);
        draft.stores.sessions.save(session);
    }
}

/// Brings one session into line; false when it should follow but may not.
fn adjust(draft: &mut Draft, programme: &programme::Model, session: &research_session::Model) -> bool {
    let surplus = session.ordinal > programme.count;
    let dropped = session.state == SessionState::Cancelled && session.reason.as_deref() == Some(FEWER);
    let new = undated(draft.district_id, programme, session.ordinal);
    match session.state {
        SessionState::Undated if surplus && draft.stores.planned.contains(&session.id) => {
            let reason = Some(FEWER.to_owned());
            let gone = research_session::Model { state: SessionState::Cancelled, reason, ..session.clone() };
            draft.stores.sessions.save(gone);
            true
        }
        SessionState::Undated if surplus => {
            draft.stores.sessions.remove(session.id);
            true
        }
        SessionState::Undated => {
            draft.stores.sessions.save(over(new, session));
            true
        }
        SessionState::Cancelled if dropped => {
            if !surplus {
                draft.stores.sessions.save(over(new, session));
            }
            true
        }
        SessionState::Published | SessionState::Held | SessionState::Cancelled => {
            !surplus && same_content(&new, session)
        }
    }
}

/// An undated session as its programme wants it, in place of a stored one.
fn over(new: research_session::Model, stored: &research_session::Model) -> research_session::Model {
    let online_url = stored.online_url.clone();
    research_session::Model {
        id: stored.id,
        sequence: stored.sequence,
        version: stored.version,
        online_url,
        ..new
    }
}

fn same_content(one: &research_session::Model, other: &research_session::Model) -> bool {
    one.mode == other.mode && one.minutes == other.minutes && one.topic == other.topic
}

fn published_stay(name: &str, left: usize) -> Bilingual {
    Bilingual::new(
        format!("“{name}”有{left}次活动已经发布或结束，不随计划改变；如需调整，请改期或取消"),
        format!(
            "{left} sessions of {name} are published or over and do not follow; reschedule or cancel them"
        ),
    )
}
