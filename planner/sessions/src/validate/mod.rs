//! What makes a stated problem unusable, all of it at once.

mod groups;
mod sessions;

use std::collections::BTreeSet;
use std::fmt;

use chrono::Days;

use crate::constraints::Rules;
use crate::prior::MOST_WEEKS;
use crate::problem::*;
use crate::score::Level;

/// Weights above this could overflow a sum of penalties.
const HEAVIEST: i64 = 1_000_000;

/// What a [`ProblemError`] is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The problem as a whole, its hours or its travel table.
    Problem,
    /// A day.
    Day(DayIx),
    /// A school.
    Place(PlaceIx),
    /// A room.
    Room(RoomIx),
    /// A person.
    Person(PersonIx),
    /// A programme.
    Series(SeriesIx),
    /// A session.
    Session(SessionIx),
    /// An education group.
    Group(GroupIx),
    /// A weight, by its position in [`ProblemInput::weights`].
    Weight(usize),
}

/// Why a problem cannot be planned; its `Display` is a sentence that names the thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemError {
    /// What it is about.
    pub subject: Subject,
    /// The sentence.
    pub message: String,
}

impl fmt::Display for ProblemError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for ProblemError {}

pub(crate) fn validate(input: &ProblemInput) -> Vec<ProblemError> {
    let mut check = Validation { input, errors: Vec::new() };
    check.days();
    check.travel();
    check.hours();
    check.places();
    check.groups();
    check.rooms();
    check.people();
    check.series();
    check.sessions();
    check.weights();
    check.errors
}

/// What keeps placements from being read at all: numbers out of range.
pub(crate) fn placement_errors(input: &ProblemInput, assignment: &Assignment) -> Vec<ProblemError> {
    let mut check = Validation { input, errors: Vec::new() };
    if assignment.len() > input.sessions.len() {
        check.fail(
            Subject::Problem,
            format!("The plan has {} sessions, the problem {}.", assignment.len(), input.sessions.len()),
        );
    }
    for (ix, placement) in assignment.iter().enumerate().take(input.sessions.len()) {
        if let Some(placement) = placement {
            check.placement(ix, placement, "The placement");
        }
    }
    check.errors
}

/// Whether a placement can be read at all.
pub(crate) fn is_readable(input: &ProblemInput, session: SessionIx, placement: &Placement) -> bool {
    let mut check = Validation { input, errors: Vec::new() };
    check.placement(session, placement, "The placement");
    check.errors.is_empty()
}

struct Validation<'a> {
    input: &'a ProblemInput,
    errors: Vec<ProblemError>,
}

impl Validation<'_> {
    fn fail(&mut self, subject: Subject, message: String) {
        self.errors.push(ProblemError { subject, message });
    }

    fn demand(&mut self, holds: bool, subject: Subject, message: impl FnOnce() -> String) {
        if !holds {
            self.fail(subject, message());
        }
    }

    fn place(&mut self, place: PlaceIx, subject: Subject, whose: &str) {
        let places = self.input.places.len();
        self.demand(place < places, subject, || {
            format!("{whose} names school number {place}, but there are {places}.")
        });
    }

    fn person(&mut self, person: PersonIx, subject: Subject, whose: &str) {
        let people = self.input.people.len();
        self.demand(person < people, subject, || {
            format!("{whose} names person number {person}, but there are {people}.")
        });
    }

    fn days(&mut self) {
        let days = self.input.days.len();
        self.demand(days > 0, Subject::Problem, || "The problem has no days.".into());
        // 4000 days of minutes stay far inside 32 bits.
        let representable =
            days <= 4_000 && self.input.first_day.checked_add_days(Days::new(days as u64)).is_some();
        self.demand(representable, Subject::Problem, || {
            format!("The problem has {days} days; at most 4000 can be planned.")
        });
        let weeks = self.input.days.iter().map(|day| day.week).collect::<BTreeSet<_>>().len();
        self.demand(weeks <= MOST_WEEKS, Subject::Problem, || {
            format!("The problem has {weeks} weeks; at most {MOST_WEEKS} can be planned.")
        });
        for (ix, day) in self.input.days.iter().enumerate() {
            for &(place, _) in &day.closed_places {
                self.place(place, Subject::Day(ix), &format!("A closing on day {ix}"));
            }
        }
    }

    fn travel(&mut self) {
        let places = self.input.places.len();
        let rows = self.input.travel.len();
        self.demand(rows == places, Subject::Problem, || {
            format!("The travel table has {rows} rows for {places} schools.")
        });
        for (from, row) in self.input.travel.iter().enumerate().take(places) {
            self.travel_row(from, row);
        }
    }

    fn travel_row(&mut self, from: PlaceIx, row: &[Minute]) {
        let places = self.input.places.len();
        let name = self.input.places[from].name.clone();
        let subject = Subject::Place(from);
        self.demand(row.len() == places, subject.clone(), || {
            format!("The travel times from {name} name {} schools instead of {places}.", row.len())
        });
        self.demand(row.iter().all(|&minutes| (0..=DAY).contains(&minutes)), subject.clone(), || {
            format!("A travel time from {name} is negative or longer than a day.")
        });
        self.demand(row.get(from).is_none_or(|&minutes| minutes == 0), subject, || {
            format!("The travel time from {name} to itself is not 0.")
        });
    }

    fn hours(&mut self) {
        let hours = self.input.hours;
        self.demand(hours.step >= 1, Subject::Problem, || {
            format!("Sessions cannot start on every {} minutes.", hours.step)
        });
        let (morning, afternoon) = (hours.morning, hours.afternoon);
        let ordered = 0 <= morning.0
            && morning.0 < morning.1
            && morning.1 <= afternoon.0
            && afternoon.0 <= afternoon.1
            && afternoon.1 <= DAY;
        self.demand(ordered, Subject::Problem, || {
            "Morning and afternoon are not two stretches of one day, in this order.".into()
        });
        let evening = hours.evening;
        let after = afternoon.1 <= evening.0 && evening.0 < evening.1 && evening.1 <= DAY;
        self.demand(after || evening.0 == evening.1, Subject::Problem, || {
            "The evening is not a stretch of the day after the afternoon.".into()
        });
        self.demand(hours.travel_from <= hours.travel_until, Subject::Problem, || {
            "Travel would have to end before it may begin.".into()
        });
    }

    fn rooms(&mut self) {
        for (ix, room) in self.input.rooms.iter().enumerate() {
            let subject = Subject::Room(ix);
            self.place(room.place, subject.clone(), &format!("Room {}", room.name));
            self.demand(room.capacity >= 1, subject.clone(), || format!("Room {} has no seats.", room.name));
            let taken = room.taken.iter().all(|(start, end)| start < end);
            self.demand(taken, subject, || {
                format!("Room {} is taken for a time that ends before it starts.", room.name)
            });
        }
    }

    fn people(&mut self) {
        for (ix, person) in self.input.people.iter().enumerate() {
            let name = &person.name;
            self.place(person.base, Subject::Person(ix), name);
            self.group(person.group, Subject::Person(ix), name);
            let days = self.input.days.len();
            let covered = person.covered.iter().all(|&day| day < days);
            self.demand(covered, Subject::Person(ix), || {
                format!("A covered lesson of {name} lies outside the {days} days.")
            });
            for &(day, place) in &person.away {
                self.place(place, Subject::Person(ix), &format!("A day away of {name}"));
                self.demand(day < days, Subject::Person(ix), || {
                    format!("{name} is away on day {day}, but there are {days} days.")
                });
            }
            for engagement in person.engagements.iter() {
                self.engagement(ix, engagement);
            }
        }
    }

    fn engagement(&mut self, ix: PersonIx, engagement: &Engagement) {
        let name = &self.input.people[ix].name;
        let label = &engagement.label;
        self.demand(engagement.start < engagement.end, Subject::Person(ix), || {
            format!("{label} of {name} ends before it starts.")
        });
        let is_lesson = engagement.kind.is_lesson();
        let on_one_day = engagement.start.div_euclid(DAY) == engagement.end.saturating_sub(1).div_euclid(DAY);
        self.demand(
            !is_lesson || engagement.start >= engagement.end || on_one_day,
            Subject::Person(ix),
            || format!("{label} of {name} is a lesson and goes on after midnight."),
        );
        if let Some(place) = engagement.place {
            self.place(place, Subject::Person(ix), &format!("{label} of {name}"));
        }
        let rooms = self.input.rooms.len();
        let known = engagement.ends.is_none_or(|(one, other)| one < rooms && other < rooms);
        self.demand(known, Subject::Person(ix), || {
            format!("{label} of {name} is held in a room that does not exist; there are {rooms}.")
        });
    }

    fn series(&mut self) {
        for (ix, series) in self.input.series.iter().enumerate() {
            let weekday = series.subject_half_day.map_or(1, |half_day| half_day.weekday);
            self.demand((1..=7).contains(&weekday), Subject::Series(ix), || {
                format!("{} keeps weekday {weekday} free; weekdays are 1 to 7.", series.name)
            });
            self.group(series.group, Subject::Series(ix), &series.name);
        }
        self.parallels();
    }

    /// Sets of programmes that keep together are numbered without gaps.
    fn parallels(&mut self) {
        let series = self.input.series.iter().enumerate();
        let parallel = series.filter_map(|(ix, series)| Some((ix, series.parallel?))).collect::<Vec<_>>();
        let sets = parallel.iter().map(|&(_, set)| set).collect::<BTreeSet<_>>().len();
        for (ix, set) in parallel {
            self.demand(set < sets, Subject::Series(ix), || {
                let name = &self.input.series[ix].name;
                format!("{name} keeps together with set number {set}, but there are {sets} sets.")
            });
        }
    }

    fn weights(&mut self) {
        for (ix, (name, weight)) in self.input.weights.iter().enumerate() {
            self.weight(name, *weight, Subject::Weight(ix));
        }
    }

    fn weight(&mut self, name: &str, weight: i64, subject: Subject) {
        let rules = Rules::standard();
        let Some(rule) = rules.get(name) else {
            self.fail(subject, format!("There is no rule named {name}."));
            return;
        };
        self.demand((0..=HEAVIEST).contains(&weight), subject.clone(), || {
            format!("The weight of {name} is {weight}; weights are 0 to {HEAVIEST}.")
        });
        self.demand(weight != 0 || rule.level != Level::Hard, subject, || {
            format!("{name} is a hard rule and cannot be switched off by a weight of 0.")
        });
    }
}

#[cfg(test)]
mod tests;
