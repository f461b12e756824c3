//! What makes stated education groups, schools and limits unusable.

use super::{Subject, Validation};
use crate::problem::*;

/// Turns in advance beyond this, in thousandths, are a mistake of the caller.
const MOST_TURNS_AHEAD: i64 = 1_000_000;

impl Validation<'_> {
    pub(super) fn group(&mut self, group: Option<GroupIx>, subject: Subject, whose: &str) {
        let groups = self.input.groups.len();
        let Some(group) = group else { return };
        self.demand(group < groups, subject, || {
            format!("{whose} names group number {group}, but there are {groups}.")
        });
    }

    pub(super) fn places(&mut self) {
        for (ix, place) in self.input.places.iter().enumerate() {
            self.group(place.group, Subject::Place(ix), &place.name);
            let ahead = place.turns_ahead;
            let sound = (-MOST_TURNS_AHEAD..=MOST_TURNS_AHEAD).contains(&ahead);
            self.demand(sound, Subject::Place(ix), || {
                format!(
                    "{} is {ahead} thousandths of a turn ahead; at most {MOST_TURNS_AHEAD} make sense.",
                    place.name
                )
            });
        }
    }

    pub(super) fn groups(&mut self) {
        self.limits(&self.input.limits, Subject::Problem, "The problem");
        for (ix, group) in self.input.groups.iter().enumerate() {
            let name = &group.name;
            let subject = Subject::Group(ix);
            for &place in &group.core {
                self.place(place, subject.clone(), name);
            }
            if let Some((least, most)) = group.core_share {
                self.demand(least <= most && most <= 100, subject.clone(), || {
                    format!("The core schools of {name} are to host {least} to {most} percent.")
                });
            }
            self.limits(&group.limits, subject.clone(), name);
            for (rule, weight) in &group.weights {
                self.weight(rule, *weight, subject.clone());
            }
        }
    }

    fn limits(&mut self, limits: &Limits, subject: Subject, whose: &str) {
        self.demand(limits.weeks_between_meetings != Some(0), subject.clone(), || {
            format!("{whose} asks for a meeting in every 0 weeks.")
        });
        self.demand(limits.travel_per_term.is_none_or(|minutes| minutes >= 0), subject.clone(), || {
            format!("{whose} limits travel to less than nothing.")
        });
        self.demand(limits.far.is_none_or(|minutes| minutes >= 1), subject, || {
            format!("{whose} calls a way of no minutes far.")
        });
    }
}
