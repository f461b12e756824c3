//! Where a session stands as one number, so that what depends on several of them can be remembered under their sum.

use crate::build::Problem;
use crate::problem::{Placement, SessionIx};
use crate::rng::mix;

/// A placement as numbers; all 0 for a session that is not placed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Keys {
    /// Of everything about it.
    pub(super) whole: u64,
    /// Of all that its people's weeks depend on: everything but the room.
    pub(super) people: u64,
    /// Of all that its people's terms depend on: the day, not the time of day.
    pub(super) day: u64,
}

impl Keys {
    pub(super) fn of(problem: &Problem, session: SessionIx, placement: Option<&Placement>) -> Keys {
        let Some(placement) = placement else {
            return Keys::default();
        };
        let way = (session as u64 + 1) << 48 | (placement.option as u64 & 0xFFFF) << 32;
        let staff = placement.presenters.iter().fold(way, |staff, &person| mix(staff ^ (person as u64 + 1)));
        let people = mix(staff ^ u64::from(placement.start as u32));
        Keys {
            whole: mix(people ^ placement.room.map_or(0, |room| room as u64 + 1)),
            people,
            day: mix(!staff ^ problem.day_of(placement.start) as u64),
        }
    }
}

/// A key for something that depends on a thing and on others.
pub(super) fn joined(thing: u64, others: u64) -> u64 {
    mix(thing ^ others.rotate_left(29))
}
