//! What changes from one plan to another.

use crate::problem::{Assignment, Placement, SessionIx};

/// A session that stands differently in two plans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The session.
    pub session: SessionIx,
    /// What changes.
    pub kind: ChangeKind,
}

/// What changes about a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It was not placed and is now.
    Placed,
    /// It was placed and is not any more.
    Removed,
    /// It stands elsewhere in the plan; at least one of these is true.
    Moved {
        /// Another start.
        time: bool,
        /// Another host (and with it who is invited) or another room.
        place: bool,
        /// Other presenters.
        people: bool,
    },
}

/// The sessions that change, ascending. A plan may be shorter than the other: sessions it lacks count as not placed.
pub fn diff(old: &Assignment, new: &Assignment) -> Vec<Change> {
    let placement = |plan: &'_ Assignment, session: SessionIx| plan.get(session).cloned().flatten();
    let sessions = 0..old.len().max(new.len());
    let changes = sessions.filter_map(|session| {
        let kind = match (placement(old, session), placement(new, session)) {
            (None, None) => return None,
            (None, Some(_)) => ChangeKind::Placed,
            (Some(_), None) => ChangeKind::Removed,
            (Some(old), Some(new)) => moved(&old, &new)?,
        };
        Some(Change { session, kind })
    });
    changes.collect()
}

fn moved(old: &Placement, new: &Placement) -> Option<ChangeKind> {
    let time = old.start != new.start;
    let place = (old.option, old.room) != (new.option, new.room);
    let people = old.presenters != new.presenters;
    (time || place || people).then_some(ChangeKind::Moved { time, place, people })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placement(start: i32, room: usize) -> Option<Placement> {
        Some(Placement { start, option: 0, room: Some(room), presenters: vec![1] })
    }

    #[test]
    fn only_what_changes_is_named_and_how() {
        let old = vec![placement(10, 0), placement(10, 0), None, placement(10, 0), placement(10, 0)];
        let new = vec![placement(10, 0), placement(20, 1), placement(10, 0), None];
        let kinds =
            diff(&old, &new).into_iter().map(|change| (change.session, change.kind)).collect::<Vec<_>>();
        assert_eq!(
            kinds,
            [
                (1, ChangeKind::Moved { time: true, place: true, people: false }),
                (2, ChangeKind::Placed),
                (3, ChangeKind::Removed),
                (4, ChangeKind::Removed),
            ]
        );
    }
}
