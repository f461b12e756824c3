//! Solves a benchmark instance:
//! `cargo run --release -p rotation-planner --example rotation -- INSTANCE.txt [--lambda L] [--seconds S]`.
//!
//! Minimises cost + λ · Σ over schools |Σ (quality − mean of all)| and prints objective, bound, gap, movers, backbone share and
//! seconds of processor time.

#[path = "../../sessions/examples/common/clock.rs"]
mod clock;
#[path = "common/instance.rs"]
mod instance;

use clock::cpu_seconds;
use rotation_planner::*;

struct Arguments {
    instance: String,
    lambda: i64,
    seconds: f64,
}

fn main() -> Result<(), String> {
    let arguments = arguments()?;
    let text = std::fs::read_to_string(&arguments.instance)
        .map_err(|error| format!("{}: {error}", arguments.instance))?;
    let problem = Problem::build(instance::read(&text)?).map_err(|errors| {
        errors.first().map_or_else(|| "not a sound problem".to_owned(), ToString::to_string)
    })?;
    let mut terms = vec![(Goal::Cost, 1)];
    if arguments.lambda > 0 {
        terms.push((Goal::Evenness, arguments.lambda));
    }
    let clock = cpu_seconds;
    let options = SolveOptions {
        levels: vec![Level::weighed(terms)],
        clock: Some(&clock),
        seconds: Some(arguments.seconds),
        ..SolveOptions::default()
    };
    let solution = solve(&problem, &options).map_err(|unsolved| format!("{unsolved:?}"))?;
    print(&problem, &solution)
}

fn print(problem: &Problem, solution: &Solution) -> Result<(), String> {
    let breaches = check(problem, &solution.assignment).map_err(|unreadable| format!("{unreadable:?}"))?;
    let who = || (0..problem.teachers.len()).filter(|&ix| solution.assignment[ix].is_some());
    let movers = who().count();
    let backbone = who().filter(|&ix| problem.teachers[ix].backbone).count();
    let level = &solution.levels[0];
    println!("objective {}", level.value);
    println!("bound     {:.3}{}", level.bound, if level.proven { " (proven optimal)" } else { "" });
    println!(
        "gap       {:.3} ({:.4}%)",
        level.gap(),
        level.gap() * 100.0 / level.value.value().abs().max(1.0)
    );
    println!("movers    {movers}");
    println!("backbone  {backbone} of {movers} ({:.1}%)", backbone as f64 * 100.0 / movers.max(1) as f64);
    println!("simplex   {} iterations", level.iterations);
    println!("seconds   {:.2} ({:.2} of the process)", level.seconds, cpu_seconds());
    println!("checker   {} rules broken", breaches.len());
    Ok(())
}

fn arguments() -> Result<Arguments, String> {
    let mut arguments = Arguments { instance: String::new(), lambda: 0, seconds: 60.0 };
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        let mut value = || given.next().ok_or_else(|| format!("{argument} needs a value"));
        match argument.as_str() {
            "--lambda" => arguments.lambda = value()?.parse().map_err(|_| "--lambda needs a whole number")?,
            "--seconds" => arguments.seconds = value()?.parse().map_err(|_| "--seconds needs a number")?,
            _ => arguments.instance = argument,
        }
    }
    if arguments.instance.is_empty() {
        return Err("name an instance: rotation INSTANCE.txt [--lambda L] [--seconds S]".into());
    }
    Ok(arguments)
}
