//! What holds for every problem: random ones, small enough to break often.

mod crowded;
mod explaining;
mod judging;
mod kinds;
mod moving;
mod solving;

use crate::Problem;
use crate::constraints::Rules;
use crate::evaluate::score;

/// The hard penalty of the pinned sessions by themselves.
fn unavoidable(problem: &Problem) -> i64 {
    let pinned = problem.sessions.iter().map(|session| session.pinned.clone()).collect();
    score(problem, &Rules::standard(), &pinned).hard
}
