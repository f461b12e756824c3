//! Where sessions would stand if each programme went evenly through the days it can use.

use std::ops::Range;

use crate::build::Problem;
use crate::constraints::school_days::closed_to;
use crate::constraints::window;
use crate::problem::*;

/// The even day of each session; `None` for a pinned one, for the only one of a programme, and where no day is left.
///
/// Sessions go in the order of their numbers. Those that stand already part the days; between them, each run of free ones is spread
/// over the open days within its windows and after notice. The ends of the days keep half the distance that sessions keep from each other.
pub(crate) fn even_days(problem: &Problem) -> Vec<Option<DayIx>> {
    let mut even = vec![None; problem.sessions.len()];
    for series in 0..problem.series.len() {
        let mut sessions = problem.series_sessions(series).to_vec();
        if sessions.len() < 2 {
            continue;
        }
        sessions.sort_by_key(|&session| (problem.sessions[session].ordinal, session));
        let pinned = |session: SessionIx| problem.sessions[session].pinned.as_ref();
        for run in sessions.chunk_by(|&one, &other| pinned(one).is_none() && pinned(other).is_none()) {
            if pinned(run[0]).is_some() {
                continue;
            }
            let before = sessions.iter().take_while(|&&session| session != run[0]).last();
            let after = sessions.iter().skip_while(|&&session| session != run[run.len() - 1]).nth(1);
            let day = |session: &SessionIx| pinned(*session).map(|pin| problem.day_of(pin.start));
            spread(problem, run, (before.and_then(day), after.and_then(day)), &mut even);
        }
    }
    even
}

/// Spreads a run of free sessions between the days on which its neighbours stand.
fn spread(
    problem: &Problem,
    run: &[SessionIx],
    (before, after): (Option<DayIx>, Option<DayIx>),
    even: &mut [Option<DayIx>],
) {
    let days = before.map_or(0, |day| day + 1)..after.unwrap_or(problem.days.len());
    for &session in run {
        let usable = usable(problem, session, days.clone());
        // Sessions with days of their own are spread among themselves.
        let alike = run.iter().filter(|&&other| days_alike(problem, session, other));
        let rank = alike.clone().take_while(|&&other| other != session).count();
        let margins = (1 + usize::from(before.is_some()), 1 + usize::from(after.is_some()));
        let halves = margins.0 + 2 * (alike.count() - 1) + margins.1;
        even[session] = usable.get(usable.len() * (margins.0 + 2 * rank) / halves).copied();
    }
}

fn days_alike(problem: &Problem, one: SessionIx, other: SessionIx) -> bool {
    let (one, other) = (&problem.sessions[one], &problem.sessions[other]);
    let stretches = |session: &Session| session.window.as_ref().map(|window| window.stretches.clone());
    stretches(one) == stretches(other)
}

fn usable(problem: &Problem, session: SessionIx, days: Range<DayIx>) -> Vec<DayIx> {
    let earliest = problem.sessions[session].earliest;
    let in_time = |day: &DayIx| (*day as Minute + 1) * DAY > earliest;
    let open =
        |day: &DayIx| closed_to(problem, session, *day).is_none() && window::allows(problem, session, *day);
    days.filter(in_time).filter(open).collect()
}
