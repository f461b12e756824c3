//! The planner at the size it is made for.

#[path = "common/county.rs"]
mod county;

use std::ops::ControlFlow;

use session_planner::*;

fn solved(problem: &Problem, steps: u64, start: Option<&Assignment>) -> Solution {
    let options = SolveOptions { seed: 1, steps: Some(steps), start, ..SolveOptions::default() };
    solve(problem, &Rules::standard(), &options, &|_| ControlFlow::Continue(()))
}

#[test]
fn a_county_is_placed_whole_without_breaking_a_hard_rule() {
    let problem = Problem::build(county::county()).expect("a sound problem");
    let rules = Rules::standard();
    let solution = solved(&problem, 2_000, None);
    assert_eq!(problem.sessions.len(), 195);
    assert_eq!(solution.assignment.iter().flatten().count(), 195);
    assert_eq!(check(&problem, &rules, &solution.assignment), []);
    assert_eq!(score(&problem, &rules, &solution.assignment), solution.score);
}

#[test]
fn a_session_that_cannot_be_placed_does_not_keep_the_others_from_getting_better() {
    let possible = Problem::build(county::county()).expect("a sound problem");
    let mut input = county::county();
    let weekend = Window { stretches: vec![(5, 6)], label: ("周末".into(), "at the weekend".into()) };
    input.sessions[0].window = Some(weekend);
    let impossible = Problem::build(input).expect("a sound problem");
    let [all, rest] = [&possible, &impossible].map(|problem| solved(problem, 30_000, None));
    assert_eq!(rest.assignment.iter().flatten().count(), 194);
    assert!(rest.score.soft < all.score.soft * 11 / 10, "{:?} beside {:?}", rest.score, all.score);
}

#[test]
fn after_a_cancelled_day_only_its_sessions_move() {
    let problem = Problem::build(county::county()).expect("a sound problem");
    let published = solved(&problem, 10_000, None).assignment;
    let day_of = |placement: &Placement| placement.start / DAY;
    let lost = published[100].as_ref().map(day_of).expect("placed");
    let mut input = county::county();
    input.days[lost as usize].closed = Some(("停课".into(), "closed".into()));
    let changed = Problem::build(input).and_then(|problem| problem.replanning(published.clone()));
    let changed = changed.expect("a sound problem");
    let replanned = solved(&changed, 10_000, Some(&published));
    assert_eq!(check(&changed, &Rules::standard(), &replanned.assignment), []);
    for (before, after) in published.iter().zip(&replanned.assignment) {
        let (before, after) = (before.as_ref().expect("placed"), after.as_ref().expect("placed"));
        assert_eq!(before == after, day_of(before) != lost);
    }
}
