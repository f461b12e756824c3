//! Whose turn it is to host.

use std::collections::BTreeSet;

use crate::problem::*;

/// The most turns that each school should take within each programme, by school.
///
/// Everybody takes one before anybody takes a second; what is left of the sessions then goes by size, rounded up.
pub(crate) fn within_series(
    input: &ProblemInput,
    series_sessions: &[Vec<SessionIx>],
) -> Vec<Vec<(PlaceIx, i64)>> {
    series_sessions.iter().map(|sessions| within(input, sessions)).collect()
}

fn within(input: &ProblemInput, sessions: &[SessionIx]) -> Vec<(PlaceIx, i64)> {
    let on_site = sessions.iter().map(|&session| hosts(&input.sessions[session]));
    let on_site = on_site.filter(|hosts| !hosts.is_empty()).collect::<Vec<_>>();
    let schools = on_site.iter().flatten().copied().collect::<BTreeSet<_>>();
    let left = on_site.len().saturating_sub(schools.len()) as i64;
    let total = schools.iter().map(|&place| size(input, place)).sum::<i64>();
    let turns = |place| 1 + rounded_up(1_000 * left * size(input, place) / total);
    schools.iter().map(|&place| (place, turns(place))).collect()
}

/// The turns that fall to each school over all programmes by its size, less those it has taken in advance; in thousandths.
pub(crate) fn over_term(input: &ProblemInput) -> Vec<i64> {
    let mut turns = input.places.iter().map(|place| -place.turns_ahead).collect::<Vec<_>>();
    for session in &input.sessions {
        let hosts = hosts(session);
        let total = hosts.iter().map(|&place| size(input, place)).sum::<i64>();
        for &place in &hosts {
            turns[place] += 1_000 * size(input, place) / total;
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

fn size(input: &ProblemInput, place: PlaceIx) -> i64 {
    i64::from(input.places[place].size.max(1))
}
