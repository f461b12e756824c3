//! What fills people's days, day by day.

use crate::problem::*;

/// An engagement as the rules read it, with its number within the person's list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Engaged {
    pub(crate) start: Minute,
    pub(crate) end: Minute,
    pub(crate) place: Option<PlaceIx>,
    pub(crate) kind: EngagementKind,
    pub(crate) ix: usize,
}

/// One person's engagements, day by day, sorted by start.
#[derive(Debug, Clone)]
pub(crate) struct PersonDays {
    /// Where each day begins in `list`; one more entry than there are days.
    begins: Vec<usize>,
    list: Vec<Engaged>,
}

impl PersonDays {
    pub(crate) fn on(&self, day: DayIx) -> &[Engaged] {
        &self.list[self.begins[day]..self.begins[day + 1]]
    }
}

pub(crate) fn person_days(person: &Person, days: usize) -> PersonDays {
    let mut by_day = vec![Vec::new(); days];
    for (ix, engagement) in person.engagements.iter().enumerate() {
        let engaged = Engaged {
            start: engagement.start,
            end: engagement.end,
            place: engagement.place,
            kind: engagement.kind,
            ix,
        };
        let first = engagement.start.div_euclid(DAY).max(0) as usize;
        let last = (engagement.end - 1).div_euclid(DAY);
        let until = (last + 1).max(0) as usize;
        for of_day in by_day.iter_mut().take(until).skip(first) {
            of_day.push(engaged);
        }
    }
    let mut begins = vec![0];
    let mut list = Vec::with_capacity(person.engagements.len());
    for mut of_day in by_day {
        of_day.sort_unstable_by_key(|engaged| (engaged.start, engaged.ix));
        list.append(&mut of_day);
        begins.push(list.len());
    }
    PersonDays { begins, list }
}
