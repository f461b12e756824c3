//! What fills people's days, day by day.

use std::collections::BTreeMap;

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

/// An engagement as it recurs from week to week: times from the midnight of its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Recurring {
    start: Minute,
    end: Minute,
    /// 0: online.
    place: u32,
    kind: EngagementKind,
}

/// Everybody's engagements by person and day, sorted by start.
///
/// A search asks for them all the time, and a term's weeks are much the same: days that are equal share one list, so that all lists
/// stay near the processor.
#[derive(Debug, Clone)]
pub(crate) struct PeoplesDays {
    days: usize,
    /// The list of each person's each day.
    list_of: Vec<u32>,
    lists: Vec<Recurring>,
    /// Where each list begins in `lists`; one more entry than there are.
    begins: Vec<u32>,
    /// The numbers of the engagements, day by day.
    numbers: Vec<u32>,
    /// Where each person's each day begins in `numbers`.
    numbers_of: Vec<u32>,
}

impl PeoplesDays {
    pub(crate) fn of(input: &ProblemInput) -> PeoplesDays {
        let days = input.days.len();
        let mut all = PeoplesDays {
            days,
            list_of: Vec::with_capacity(input.people.len() * days),
            lists: Vec::new(),
            begins: vec![0],
            numbers: Vec::new(),
            numbers_of: Vec::with_capacity(input.people.len() * days),
        };
        let mut seen = BTreeMap::new();
        for person in &input.people {
            for (day, mut of_day) in by_day(person, days).into_iter().enumerate() {
                of_day.sort_unstable_by_key(|engaged| (engaged.start, engaged.ix));
                all.numbers_of.push(all.numbers.len() as u32);
                all.numbers.extend(of_day.iter().map(|engaged| engaged.ix as u32));
                let midnight = day as Minute * DAY;
                let list = of_day.iter().map(|engaged| recurring(engaged, midnight)).collect::<Vec<_>>();
                let next = all.begins.len() as u32 - 1;
                let number = *seen.entry(list).or_insert_with_key(|list| {
                    all.lists.extend(list);
                    all.begins.push(all.lists.len() as u32);
                    next
                });
                all.list_of.push(number);
            }
        }
        all
    }

    /// The number of the list of a person's day: days with the same number are filled in the same way.
    pub(crate) fn list_of(&self, person: PersonIx, day: DayIx) -> u32 {
        self.list_of[person * self.days + day]
    }

    pub(crate) fn on(&self, person: PersonIx, day: DayIx) -> impl Iterator<Item = Engaged> + '_ {
        let of_day = person * self.days + day;
        let list = self.list_of(person, day) as usize;
        let (begin, end) = (self.begins[list] as usize, self.begins[list + 1] as usize);
        let midnight = day as Minute * DAY;
        let numbers = self.numbers_of[of_day] as usize;
        self.lists[begin..end].iter().enumerate().map(move |(place, one)| Engaged {
            start: one.start.saturating_add(midnight),
            end: one.end.saturating_add(midnight),
            place: (one.place > 0).then(|| one.place as usize - 1),
            kind: one.kind,
            ix: self.numbers[numbers + place] as usize,
        })
    }
}

fn recurring(engaged: &Engaged, midnight: Minute) -> Recurring {
    Recurring {
        // Somebody may be away since ever, or for good.
        start: engaged.start.saturating_sub(midnight),
        end: engaged.end.saturating_sub(midnight),
        place: engaged.place.map_or(0, |place| place as u32 + 1),
        kind: engaged.kind,
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
