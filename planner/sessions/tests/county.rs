//! The planner at the size it is made for.

#[path = "common/county.rs"]
mod county;

use std::ops::ControlFlow;

use session_planner::*;

#[test]
fn a_county_is_placed_whole_without_breaking_a_hard_rule() {
    let problem = Problem::build(county::county()).expect("a sound problem");
    let rules = Rules::standard();
    let options = SolveOptions { seed: 1, steps: Some(2_000), ..SolveOptions::default() };
    let solution = solve(&problem, &rules, &options, &|_| ControlFlow::Continue(()));
    assert_eq!(problem.sessions.len(), 195);
    assert_eq!(solution.assignment.iter().flatten().count(), 195);
    assert_eq!(check(&problem, &rules, &solution.assignment), []);
    assert_eq!(score(&problem, &rules, &solution.assignment), solution.score);
}
