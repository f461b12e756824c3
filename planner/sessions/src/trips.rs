//! How people go to sessions.

use crate::build::Problem;
use crate::problem::{Minute, PersonIx};
use crate::week::Visit;

/// Calls `found` for each day on which somebody goes to sessions on site that `counts`: with the first of them, and the minutes from where
/// she is based that day through all of them and back.
pub(crate) fn each_day<'a>(
    problem: &Problem,
    person: PersonIx,
    visits: &'a [Visit],
    counts: impl Fn(&Visit) -> bool,
    mut found: impl FnMut(&'a Visit, Minute),
) {
    let goes = |visit: &&Visit| visit.place.is_some() && counts(visit);
    for visit in visits.iter().filter(goes) {
        let base = Some(problem.base_on(person, visit.day));
        let (mut minutes, mut here, mut last) = (0, base, visit);
        let mut is_first = true;
        loop {
            minutes += problem.travel_between(here, last.place);
            here = last.place;
            // Visits are in no order, and few: the next one of the day is looked for rather than sorted out.
            let today = visits.iter().filter(goes).filter(|other| other.day == visit.day);
            let mut next: Option<&Visit> = None;
            for other in today {
                is_first &= order(visit) <= order(other);
                if order(other) > order(last) && next.is_none_or(|next| order(other) < order(next)) {
                    next = Some(other);
                }
            }
            match next {
                Some(next) if is_first => last = next,
                _ => break,
            }
        }
        if is_first {
            found(visit, minutes + problem.travel_between(here, base));
        }
    }
}

fn order(visit: &Visit) -> (Minute, usize) {
    (visit.start, visit.session)
}
