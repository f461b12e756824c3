//! Solves the public meeting problem with this engine:
//! `cargo run --release -p session-planner --example meetings -- INSTANCE.txt [--seconds S] [--threads T] [--seed N] [--out FILE]`.
//!
//! Prints `hard medium soft` and moves per second of processor time and thread. `--seeds K` solves with K seeds from N on and prints
//! median and spread; `--cpu` counts processor time instead of the clock's, for a machine that does other things as well; `--steps M`
//! stops after so many moves instead.

#[path = "common/clock.rs"]
mod clock;
#[path = "common/meetings.rs"]
mod meetings;

use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::time::Instant;

use clock::cpu_seconds;
use session_planner::*;

struct Arguments {
    instance: String,
    out: Option<String>,
    seconds: u64,
    threads: usize,
    seed: u64,
    seeds: u64,
    steps: Option<u64>,
    cpu: bool,
}

fn main() -> Result<(), String> {
    let arguments = arguments()?;
    let text = std::fs::read_to_string(&arguments.instance)
        .map_err(|error| format!("{}: {error}", arguments.instance))?;
    let problem = Problem::build(meetings::read(&text)?).map_err(|errors| {
        errors.first().map_or_else(|| "not a sound problem".to_owned(), ToString::to_string)
    })?;
    let mut scores = Vec::new();
    for seed in arguments.seed..arguments.seed + arguments.seeds {
        scores.push(solve_once(&problem, &arguments, seed)?);
    }
    if scores.len() > 1 {
        scores.sort_unstable();
        let Score { hard, medium, soft } = scores[(scores.len() - 1) / 2];
        let (best, worst) = (scores[0], scores[scores.len() - 1]);
        println!(
            "median {hard} {medium} {soft}, from {}/{} to {}/{}",
            best.hard, best.medium, worst.hard, worst.medium
        );
    }
    Ok(())
}

fn arguments() -> Result<Arguments, String> {
    let mut arguments = Arguments {
        instance: String::new(),
        out: None,
        seconds: 10,
        threads: 1,
        seed: 1,
        seeds: 1,
        steps: None,
        cpu: false,
    };
    let mut given = std::env::args().skip(1);
    while let Some(name) = given.next() {
        if name == "--cpu" {
            arguments.cpu = true;
            continue;
        }
        if !name.starts_with("--") {
            arguments.instance = name;
            continue;
        }
        let value = given.next().ok_or(format!("{name} needs a value"))?;
        if name == "--out" {
            arguments.out = Some(value);
            continue;
        }
        let number = value.parse::<u64>().map_err(|_| format!("{name} needs a number, not {value}"))?;
        match name.as_str() {
            "--seconds" => arguments.seconds = number.max(1),
            "--threads" => arguments.threads = number.max(1) as usize,
            "--seed" => arguments.seed = number,
            "--seeds" => arguments.seeds = number.max(1),
            "--steps" => arguments.steps = Some(number),
            _ => return Err(format!("unknown: {name}")),
        }
    }
    if arguments.instance.is_empty() {
        return Err("meetings INSTANCE.txt [--seconds S] [--threads T] [--seed N] [--out FILE]".into());
    }
    Ok(arguments)
}

fn solve_once(problem: &Problem, arguments: &Arguments, seed: u64) -> Result<Score, String> {
    let (begun, cpu_before) = (Instant::now(), cpu_seconds());
    let cpu = || cpu_seconds() - cpu_before;
    let elapsed = || match arguments.cpu {
        true => cpu() / arguments.threads as f64,
        false => begun.elapsed().as_secs_f64(),
    };
    let used = || (elapsed() * 1_000.0) as u64 / arguments.seconds;
    let options = SolveOptions {
        seed,
        steps: arguments.steps,
        threads: arguments.threads,
        used: Some(&used),
        ..SolveOptions::default()
    };
    let rules = meetings::rules(problem);
    let solution =
        solve(problem, &rules, &options, &|_| match arguments.steps.is_none() && used() >= 1_000 {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        });
    let Score { hard, medium, soft } = solution.score;
    println!("{hard} {medium} {soft}");
    println!("{:.0} moves per second of processor time and thread", solution.steps as f64 / cpu().max(0.01));
    if let Some(out) = &arguments.out {
        std::fs::write(out, listed(problem, &solution.assignment)).map_err(|error| error.to_string())?;
    }
    Ok(solution.score)
}

/// A line per meeting: its number, the grain in which it starts, its room.
fn listed(problem: &Problem, plan: &Assignment) -> String {
    let mut text = String::new();
    for (session, placement) in problem.sessions.iter().zip(plan) {
        let Some(placement) = placement else { continue };
        let (start, room) = (placement.start / problem.hours.step, placement.room.unwrap_or(0));
        let _infallible = writeln!(text, "{} {start} {room}", session.name);
    }
    text
}
