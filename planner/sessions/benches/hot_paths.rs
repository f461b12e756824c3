//! How fast the hot paths are, on the synthetic county: `cargo bench -p session-planner`.

#[path = "../examples/common/clock.rs"]
mod clock;
#[path = "../tests/common/county.rs"]
mod county;

use std::ops::ControlFlow;

use clock::cpu_seconds;
use session_planner::*;

const MOVES: u64 = 200_000;
const EVALUATIONS: u64 = 50;

fn main() {
    let built = cpu_seconds();
    let problem = Problem::build(county::county()).expect("a sound problem");
    println!("{:>10.3} s to check and prepare the county", cpu_seconds() - built);
    let rules = Rules::standard();
    let solved = |steps| {
        let options = SolveOptions { seed: 1, steps: Some(steps), ..SolveOptions::default() };
        let before = cpu_seconds();
        let solution = solve(&problem, &rules, &options, &|_| ControlFlow::Continue(()));
        (solution, cpu_seconds() - before)
    };
    let (_, first) = solved(0);
    println!("{first:>10.3} s to the first plan");
    let (solution, all) = solved(MOVES);
    println!("{:>10.0} moves per second", MOVES as f64 / (all - first).max(0.01));
    let before = cpu_seconds();
    for _ in 0..EVALUATIONS {
        assert_eq!(score(&problem, &rules, &solution.assignment), solution.score);
    }
    let spent = (cpu_seconds() - before).max(0.01);
    println!("{:>10.0} whole plans judged per second", EVALUATIONS as f64 / spent);
}
