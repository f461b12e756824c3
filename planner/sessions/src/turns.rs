//! Whose turn it is to host.

use std::collections::BTreeSet;

use crate::problem::*;

/// From when to when a school is there, as one that joins a group within the term or leaves it is not throughout; days on which it
/// is closed in between do not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stay {
    first: DayIx,
    last: DayIx,
    /// How much of the term's school days lies between, in thousandths.
    part: i64,
}

impl Stay {
    /// Whether the school is there on a day, open or not.
    pub(crate) fn covers(&self, day: DayIx) -> bool {
        (self.first..=self.last).contains(&day)
    }
}

/// From when to when each school is there.
pub(crate) fn stays(input: &ProblemInput) -> Vec<Stay> {
    let school_days = || (0..input.days.len()).filter(|&day| is_school_day(&input.days[day]));
    let all = school_days().count() as i64;
    let stay = |place: PlaceIx| {
        let mut open =
            school_days().filter(|&day| input.days[day].closed_places.iter().all(|one| one.0 != place));
        let Some(first) = open.next() else { return Stay { first: 1, last: 0, part: 0 } };
        let last = open.next_back().unwrap_or(first);
        let between = school_days().filter(|day| (first..=last).contains(day)).count() as i64;
        Stay { first, last, part: 1_000 * between / all }
    };
    (0..input.places.len()).map(stay).collect()
}

fn is_school_day(day: &Day) -> bool {
    day.closed.is_none() && !day.weekend
}

/// The most turns that each school should take within each programme, by school.
///
/// Everybody takes one before anybody takes a second; what is left of the sessions then goes by size, rounded up. A school that is there
/// for a part of the term counts for that part, and may take a turn all the same.
pub(crate) fn within_series(
    input: &ProblemInput,
    stays: &[Stay],
    series_sessions: &[Vec<SessionIx>],
) -> Vec<Vec<(PlaceIx, i64)>> {
    series_sessions.iter().map(|sessions| within(input, stays, sessions)).collect()
}

fn within(input: &ProblemInput, stays: &[Stay], sessions: &[SessionIx]) -> Vec<(PlaceIx, i64)> {
    let on_site = sessions.iter().map(|&session| hosts(&input.sessions[session]));
    let on_site = on_site.filter(|hosts| !hosts.is_empty()).collect::<Vec<_>>();
    let schools = on_site.iter().flatten().copied().collect::<BTreeSet<_>>();
    let first_turns = schools.iter().map(|&place| stays[place].part).sum::<i64>();
    let left = (1_000 * on_site.len() as i64 - first_turns).max(0);
    let total = schools.iter().map(|&place| weight(input, stays, place)).sum::<i64>();
    let turns = |place| 1 + rounded_up(left * weight(input, stays, place) / total);
    schools.iter().map(|&place| (place, turns(place))).collect()
}

/// The turns that fall to each school over all programmes by its size and the part of the term for which it is there, less those it
/// has taken in advance; in thousandths.
pub(crate) fn over_term(input: &ProblemInput, stays: &[Stay]) -> Vec<i64> {
    let mut turns = input.places.iter().map(|place| -place.turns_ahead).collect::<Vec<_>>();
    for session in &input.sessions {
        let hosts = hosts(session);
        let total = hosts.iter().map(|&place| weight(input, stays, place)).sum::<i64>();
        for &place in &hosts {
            turns[place] += 1_000 * weight(input, stays, place) / total;
        }
    }
    turns
}

/// Thousandths of turns as whole turns, rounded up; none when they are owed.
pub(crate) fn rounded_up(thousandths: i64) -> i64 {
    (thousandths.max(0) + 999) / 1_000
}

/// The schools that may host a session.
fn hosts(session: &Session) -> BTreeSet<PlaceIx> {
    session.options.iter().filter(|option| option.allowed).filter_map(|option| option.place).collect()
}

/// What a school counts for when turns are shared.
fn weight(input: &ProblemInput, stays: &[Stay], place: PlaceIx) -> i64 {
    i64::from(input.places[place].size.max(1)) * stays[place].part.max(1)
}
