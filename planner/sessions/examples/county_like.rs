//! Plans a synthetic county and tells how fast: `cargo run -p session-planner --example county_like [seconds] [seed]`.

#[path = "../tests/common/county.rs"]
mod county;

use std::ops::ControlFlow;
use std::time::Instant;

use session_planner::*;

fn main() {
    let argument = |ix: usize, default: u64| {
        std::env::args().nth(ix).and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (seconds, seed) = (argument(1, 10), argument(2, 1));
    let problem = Problem::build(county::county()).expect("a sound problem");
    let rules = Rules::standard();
    println!(
        "{} sessions, {} people, {} rooms",
        problem.sessions.len(),
        problem.people.len(),
        problem.rooms.len()
    );
    let begun = Instant::now();
    let (mut all_placed, mut next) = (None, 0);
    let solution =
        solve(&problem, &rules, &SolveOptions { seed, steps: None, start: None }, &mut |progress| {
            let elapsed = begun.elapsed();
            if progress.placed == progress.total && all_placed.is_none() {
                all_placed = Some(elapsed);
            }
            if elapsed.as_millis() >= next {
                println!("{:>6} ms {:>8} steps {:?}", elapsed.as_millis(), progress.steps, progress.best);
                next = elapsed.as_millis() + 1_000;
            }
            if elapsed.as_secs() < seconds { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
    println!("all placed after {all_placed:?}; {} steps/s", solution.steps / seconds.max(1));
    let explained = Instant::now();
    let evaluation = evaluate(&problem, &rules, &solution.assignment);
    for rule in &evaluation.rules {
        println!("{:>34} {:>7} × {:<5} = {}", rule.name, rule.count, rule.weight, rule.penalty);
    }
    for session in (0..problem.sessions.len()).filter(|&ix| solution.assignment[ix].is_none()) {
        println!("{} is not placed:", problem.sessions[session].name);
        for obstacle in why_unplaced(&problem, &rules, &solution.assignment, session) {
            println!(
                "  {} of {}, {} alone: {}",
                obstacle.slots, obstacle.of, obstacle.alone, obstacle.reason.zh
            );
        }
    }
    println!("evaluated in {:?}", explained.elapsed());
    let mut beside = Beside::new(&problem, &rules, &solution.assignment, 0);
    timed("slots", || beside.slots(&SlotFilter::default()).len());
    timed("slots, impossible ones too", || {
        beside.slots(&SlotFilter { impossible: true, ..SlotFilter::default() }).len()
    });
    timed("alternatives", || beside.why_here(10).map_or(0, |why| why.alternatives.len()));
    timed("obstacles", || why_unplaced(&problem, &rules, &solution.assignment, 0).len());
    let mut narrow = county::county();
    narrow.sessions[0].window =
        Some(Window { stretches: vec![(5, 6)], label: ("周末".into(), "weekend".into()) });
    let narrow = Problem::build(narrow).expect("a sound problem");
    let mut plan = solution.assignment.clone();
    plan[0] = None;
    timed("ways to free a slot", || Beside::new(&narrow, &rules, &plan, 0).freeing(5).len());
}

fn timed(what: &str, ask: impl FnOnce() -> usize) {
    let begun = Instant::now();
    let found = ask();
    println!("{found} {what} of session 0 in {:?}", begun.elapsed());
}
