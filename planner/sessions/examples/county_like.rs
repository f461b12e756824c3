//! Plans a synthetic county and tells how fast: `cargo run -p session-planner --example county_like [seconds] [seed] [threads] [steps]`.
//! With steps it stops after so many, and always finds the same plan.

#[path = "common/clock.rs"]
mod clock;
#[path = "../tests/common/county.rs"]
mod county;

use std::ops::ControlFlow;
use std::sync::Mutex;
use std::time::Instant;

use clock::cpu_seconds;
use session_planner::*;

fn main() {
    let argument = |ix: usize, default: u64| {
        std::env::args().nth(ix).and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (seconds, seed, threads) = (argument(1, 10), argument(2, 1), argument(3, 1) as usize);
    let steps = std::env::args().nth(4).and_then(|text| text.parse().ok());
    let problem = Problem::build(county::county()).expect("a sound problem");
    let rules = Rules::standard();
    println!(
        "{} sessions, {} people, {} rooms",
        problem.sessions.len(),
        problem.people.len(),
        problem.rooms.len()
    );
    let begun = Instant::now();
    let told = Mutex::new((None, 0));
    let used = || begun.elapsed().as_millis() as u64 / seconds.max(1);
    let options = SolveOptions { seed, threads, steps, used: Some(&used), ..SolveOptions::default() };
    let before = cpu_seconds();
    let solution = solve(&problem, &rules, &options, &|progress| {
        let elapsed = begun.elapsed();
        if let Ok(mut told) = told.lock() {
            if progress.placed == progress.total && told.0.is_none() {
                told.0 = Some(elapsed);
            }
            if elapsed.as_millis() >= told.1 {
                println!("{:>6} ms {:>9} steps {:?}", elapsed.as_millis(), progress.steps, progress.best);
                told.1 = elapsed.as_millis() + 1_000;
            }
        }
        if elapsed.as_secs() < seconds { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    let cpu = cpu_seconds() - before;
    println!("all placed after {:?}; {:?}", told.lock().ok().and_then(|told| told.0), solution.score);
    println!("{:.0} moves per CPU second", solution.steps as f64 / cpu.max(0.001));
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
