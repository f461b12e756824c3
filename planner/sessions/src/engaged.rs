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

/// Everybody's engagements by person and day, sorted by start.
#[derive(Debug, Clone)]
pub(crate) struct PeoplesDays {
    days: usize,
    list: Vec<Engaged>,
    /// Where each person's each day begins in `list`; one more entry than there are.
    begins: Vec<u32>,
}

impl PeoplesDays {
    pub(crate) fn of(input: &ProblemInput) -> PeoplesDays {
        let (mut list, mut begins) = (Vec::new(), vec![0]);
        for person in &input.people {
            for mut of_day in by_day(person, input.days.len()) {
                of_day.sort_unstable_by_key(|engaged| (engaged.start, engaged.ix));
                list.append(&mut of_day);
                begins.push(list.len() as u32);
            }
        }
        PeoplesDays { days: input.days.len(), list, begins }
    }

    pub(crate) fn on(&self, person: PersonIx, day: DayIx) -> &[Engaged] {
        let of_day = person * self.days + day;
        &self.list[self.begins[of_day] as usize..self.begins[of_day + 1] as usize]
    }
}

fn by_day(person: &Person, days: usize) -> Vec<Vec<Engaged>> {
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
    by_day
}
