//! Which sessions and programmes to list.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryTrait, Select, prelude::Uuid};

use crate::entity::values::SessionState;
use crate::entity::{participant, research_session};

/// Which sessions to list; what is `None` does not matter.
#[derive(Debug, Default)]
pub struct SessionFilter {
    /// Of this term.
    pub term_id: Option<Uuid>,
    /// Of this group.
    pub group_id: Option<Uuid>,
    /// Hosted by this school.
    pub school_id: Option<Uuid>,
    /// In this room, at either end.
    pub room_id: Option<Uuid>,
    /// In which this person takes part.
    pub teacher_id: Option<Uuid>,
    /// That stand there.
    pub state: Option<SessionState>,
    /// That end after this.
    pub from: Option<DateTime<Utc>>,
    /// That start before this.
    pub until: Option<DateTime<Utc>>,
}

/// The sessions a filter lets through.
pub fn sessions(filter: SessionFilter) -> Select<research_session::Entity> {
    use research_session::Column;
    let parts = |teacher_id: Uuid| {
        Query::select()
            .column(participant::Column::SessionId)
            .from(participant::Entity)
            .and_where(participant::Column::TeacherId.eq(teacher_id))
            .to_owned()
    };
    research_session::Entity::find()
        .apply_if(filter.term_id, |select, id| select.filter(Column::TermId.eq(id)))
        .apply_if(filter.group_id, |select, id| select.filter(Column::GroupId.eq(id)))
        .apply_if(filter.school_id, |select, id| select.filter(Column::HostSchoolId.eq(id)))
        .apply_if(filter.room_id, |select, id| {
            select.filter(Condition::any().add(Column::RoomId.eq(id)).add(Column::SecondRoomId.eq(id)))
        })
        .apply_if(filter.teacher_id, |select, id| select.filter(Column::Id.in_subquery(parts(id))))
        .apply_if(filter.state, |select, state| select.filter(Column::State.eq(state)))
        .apply_if(filter.from, |select, from| select.filter(Column::EndsAt.gt(from)))
        .apply_if(filter.until, |select, until| select.filter(Column::StartsAt.lt(until)))
}
