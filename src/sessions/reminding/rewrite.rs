//! Writing anew what waits in the outbox to remind of sessions still to come, when the rules or somebody's wishes have changed.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use super::Reminding;
use crate::entity::values::{MessageKind, MessageState, SessionState};
use crate::entity::{message, participant, research_session};
use crate::error::Result;
use crate::mail::outbox::{self, Draft};
use crate::rows;
use crate::scope::Txn;
use crate::sessions::effects;
use crate::sessions::reminders::{Addressee, Moment, Occasion, is_leading};

/// Messages per statement.
const CHUNK: usize = 500;

/// Whose reminders are written anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    District,
    /// Those of a group's sessions.
    Group(Uuid),
    /// One person's.
    Person(Uuid),
}

/// What makes a reminder the same: person, session and lead.
type Key = (Uuid, Uuid, i32);

/// Writes the pending reminders of sessions still to come anew. What was sent stays sent; what is on its way is let go. The caller lets
/// nobody publish meanwhile.
pub async fn rewrite(txn: &Txn, whose: Whose) -> Result<()> {
    let now = txn.scope().now();
    let sessions = sessions(txn, whose).all(&**txn).await?;
    if sessions.is_empty() {
        return Ok(());
    }
    let wanted = wanted(txn, whose, &sessions).await?;
    let mut known: HashSet<Key> = HashSet::new();
    let mut dropped: Vec<Uuid> = Vec::new();
    let mut moved: BTreeMap<DateTime<Utc>, Vec<Uuid>> = BTreeMap::new();
    for row in written(txn, whose, &sessions).await? {
        let key = (row.teacher_id, row.subject_id, row.lead_minutes);
        known.insert(key);
        let draft = wanted.get(&key);
        match (row.state, draft) {
            (MessageState::Pending, None) => dropped.push(row.id),
            (MessageState::Pending, Some(draft)) if draft.send_at != row.send_at => {
                moved.entry(draft.send_at).or_default().push(row.id);
            }
            // It was dropped under other rules, or nobody could send it: it is the same message, and never went out.
            (MessageState::Stale | MessageState::Missed, Some(draft)) if draft.send_at > now => {
                moved.entry(draft.send_at).or_default().push(row.id);
            }
            _ => {}
        }
    }
    settle(txn, &dropped, MessageState::Stale, None).await?;
    for (send_at, rows) in moved {
        settle(txn, &rows, MessageState::Pending, Some(send_at)).await?;
    }
    let new = wanted.into_iter().filter(|(key, draft)| !known.contains(key) && draft.send_at > now);
    let mut new: Vec<Draft> = new.map(|(_, draft)| draft).collect();
    new.sort_by_key(|draft| (draft.send_at, draft.subject_id, draft.teacher_id));
    outbox::enqueue(txn, new).await?;
    Ok(())
}

fn sessions(txn: &Txn, whose: Whose) -> Select<research_session::Entity> {
    let select = rows::in_district(txn.district_id(), research_session::Entity::find())
        .filter(research_session::Column::State.eq(SessionState::Published))
        .filter(research_session::Column::StartsAt.gt(txn.scope().now()));
    match whose {
        Whose::District => select,
        Whose::Group(group) => select.filter(research_session::Column::GroupId.eq(group)),
        Whose::Person(teacher) => {
            let hers = rows::in_district(txn.district_id(), participant::Entity::find())
                .select_only()
                .column(participant::Column::SessionId)
                .filter(participant::Column::TeacherId.eq(teacher));
            select.filter(research_session::Column::Id.in_subquery(hers.into_query()))
        }
    }
}

/// The identifiers of the same sessions, for a statement about what belongs to them.
fn ids(txn: &Txn, whose: Whose) -> sea_orm::sea_query::SelectStatement {
    sessions(txn, whose).select_only().column(research_session::Column::Id).into_query()
}

/// What should be written, by the rules as they are now, past moments included.
async fn wanted(
    txn: &Txn,
    whose: Whose,
    sessions: &[research_session::Model],
) -> Result<HashMap<Key, Draft>> {
    let reminding = Reminding::load(txn.scope(), &**txn).await?;
    let mut parts = rows::in_district(txn.district_id(), participant::Entity::find())
        .filter(participant::Column::SessionId.in_subquery(ids(txn, whose)))
        .filter(participant::Column::Excused.is_null());
    if let Whose::Person(teacher) = whose {
        parts = parts.filter(participant::Column::TeacherId.eq(teacher));
    }
    let parts = parts.all(&**txn).await?;
    let people: HashSet<Uuid> = parts.iter().map(|part| part.teacher_id).collect();
    let addresses = effects::addresses_of(&**txn, txn.district_id(), &people).await?;
    let sessions: HashMap<Uuid, &research_session::Model> =
        sessions.iter().map(|session| (session.id, session)).collect();
    let drafts = parts.iter().flat_map(|part| {
        let session = sessions.get(&part.session_id).copied();
        let occasion = session.and_then(Occasion::of);
        let address = addresses.get(&part.teacher_id);
        let (Some(session), Some(occasion), Some(address)) = (session, occasion, address) else {
            return Vec::new();
        };
        let to = Addressee { teacher_id: part.teacher_id, address: address.clone() };
        let leading = is_leading(part.role);
        let moments: Vec<Moment> =
            reminding.moments(session.group_id, part.teacher_id, leading, occasion.starts_at);
        moments.into_iter().map(|moment| occasion.reminds(&to, moment)).collect()
    });
    Ok(drafts.map(|draft| ((draft.teacher_id, draft.subject_id, draft.lead_minutes), draft)).collect())
}

/// Reminders of the sessions as they are now.
async fn written(
    txn: &Txn,
    whose: Whose,
    sessions: &[research_session::Model],
) -> Result<Vec<message::Model>> {
    let mut select = rows::in_district(txn.district_id(), message::Entity::find())
        .filter(message::Column::Kind.eq(MessageKind::Reminder))
        .filter(message::Column::SubjectId.in_subquery(ids(txn, whose)));
    if let Whose::Person(teacher) = whose {
        select = select.filter(message::Column::TeacherId.eq(teacher));
    }
    let sequences: HashMap<Uuid, i32> =
        sessions.iter().map(|session| (session.id, session.sequence)).collect();
    let mut rows = select.all(&**txn).await?;
    rows.retain(|row| sequences.get(&row.subject_id) == Some(&row.subject_version));
    Ok(rows)
}

/// Moves rows that no worker holds into a state.
async fn settle(txn: &Txn, rows: &[Uuid], state: MessageState, send_at: Option<DateTime<Utc>>) -> Result<()> {
    let free = [MessageState::Pending, MessageState::Stale, MessageState::Missed];
    for chunk in rows.chunks(CHUNK) {
        let mut update = message::Entity::update_many()
            .col_expr(message::Column::State, Expr::value(state))
            .filter(message::Column::DistrictId.eq(txn.district_id()))
            .filter(message::Column::Id.is_in(chunk.iter().copied()))
            .filter(message::Column::State.is_in(free));
        if let Some(send_at) = send_at {
            update = update.col_expr(message::Column::SendAt, Expr::value(send_at));
        }
        update.exec(&**txn).await?;
    }
    Ok(())
}
