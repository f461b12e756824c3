//! Whose part in a session changes.

use uuid::Uuid;

use crate::entity::values::ParticipantRole;
use crate::sessions::PlannedPerson;

/// Somebody whose part in a session changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartChange {
    /// Who.
    pub teacher: Uuid,
    /// Her part as people were told; `None`: she was not expected.
    pub before: Option<ParticipantRole>,
    /// Her part now; `None`: she is not expected any more.
    pub after: Option<ParticipantRole>,
}

/// Everybody whose part is another `now` than as `told`, in the order of the two lists; whoever is excused has none.
pub fn part_changes(told: &[PlannedPerson], now: &[PlannedPerson]) -> Vec<PartChange> {
    let part = |people: &[PlannedPerson], teacher: Uuid| {
        let expected = |one: &&PlannedPerson| one.teacher == teacher && one.excused.is_none();
        people.iter().find(expected).map(|one| one.role)
    };
    let joining = now.iter().filter(|one| told.iter().all(|other| other.teacher != one.teacher));
    let everybody = told.iter().chain(joining).map(|one| one.teacher);
    let changes = everybody.map(|teacher| PartChange {
        teacher,
        before: part(told, teacher),
        after: part(now, teacher),
    });
    changes.filter(|change| change.before != change.after).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Bilingual;

    fn person(number: u128, role: ParticipantRole) -> PlannedPerson {
        PlannedPerson {
            teacher: Uuid::from_u128(number),
            role,
            required: false,
            excused: None,
            cover: Vec::new(),
        }
    }

    #[test]
    fn whoever_keeps_her_part_is_not_named_and_whoever_is_excused_has_none() {
        use ParticipantRole::{Attendee, Chair, Presenter};
        let away =
            |one: PlannedPerson| PlannedPerson { excused: Some(Bilingual::new("请假", "away")), ..one };
        let told = [person(1, Presenter), person(2, Chair), person(3, Attendee), away(person(4, Attendee))];
        let now = [person(1, Presenter), person(2, Attendee), away(person(3, Attendee)), person(5, Chair)];
        let told_of = part_changes(&told, &now);
        let parts: Vec<_> =
            told_of.iter().map(|one| (one.teacher.as_u128(), one.before, one.after)).collect();
        assert_eq!(
            parts,
            [(2, Some(Chair), Some(Attendee)), (3, Some(Attendee), None), (5, None, Some(Chair))]
        );
    }
}
