//! A round of a synthetic county, from the exchange to an explanation and a conflict, with what each takes:
//! `cargo run --release -p rotation-planner --example county_like [SEED] [PERCENT]`.

#[path = "common/clock.rs"]
mod clock;
#[path = "common/county.rs"]
mod county;

use clock::cpu_seconds;
use county::county;
use rotation_planner::*;

fn main() -> Result<(), String> {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>());
    let seed = arguments.next().and_then(Result::ok).unwrap_or(1);
    let percent = arguments.next().and_then(Result::ok).unwrap_or(10) as u32;
    let mut input = county(seed, percent);
    let problem = build(&input)?;
    let trade = exchange(&problem);
    trade.pin_into(&mut input);
    println!(
        "exchange: {} admitted, {} circles, {} move",
        trade.admitted.len(),
        trade.cycles.len(),
        trade.cycles.concat().len()
    );
    let problem = build(&input)?;
    let clock = cpu_seconds;
    let options = SolveOptions { clock: Some(&clock), seconds: Some(60.0), ..SolveOptions::default() };
    let began = cpu_seconds();
    match solve(&problem, &options) {
        Ok(solution) => {
            println!("solved in {:.2} s of processor time", cpu_seconds() - began);
            print(&problem, &solution);
            explain_some(&problem, &options, &solution)
        }
        Err(Unsolved::Infeasible) => print_conflict(&problem, &options),
        Err(unsolved) => Err(format!("{unsolved:?}")),
    }
}

fn build(input: &ProblemInput) -> Result<Problem, String> {
    let build = Problem::build(input.clone());
    build.map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

fn print(problem: &Problem, solution: &Solution) {
    for level in &solution.levels {
        let proven = if level.proven { "proven" } else { "not proven" };
        println!(
            "{:<32} {:>9} bound {:>9.3} {proven}, {} iterations, {:.2} s",
            level.level.words().en,
            level.value,
            level.bound,
            level.iterations,
            level.seconds
        );
    }
    let report = report(problem, &solution.assignment);
    for (rate, figures) in problem.rates.iter().zip(&report.rates) {
        let Part { above, below } = figures.part;
        println!("{}: {above} of {below}, wanted {}", rate.name.en, figures.wanted);
    }
    println!("wishes {:?}, to weaker schools {:?}", report.wishes, report.to_weaker);
}

/// Of each kind one: a mover, a volunteer who stays, somebody else who stays.
fn explain_some(problem: &Problem, options: &SolveOptions<'_>, solution: &Solution) -> Result<(), String> {
    let find =
        |counts: &dyn Fn(TeacherIx) -> bool| (0..problem.teachers.len()).filter(|&who| counts(who)).nth(3);
    let moves = |who: TeacherIx| solution.assignment[who].is_some();
    let some = [
        find(&moves),
        find(&|who| moves(who) && problem.teachers[who].must_move),
        find(&|who| moves(who) && !problem.teachers[who].volunteer),
        find(&|who| !moves(who) && problem.teachers[who].volunteer),
        find(&|who| !moves(who) && problem.teachers[who].eligible),
    ];
    for who in some.into_iter().flatten() {
        let began = cpu_seconds();
        let explanation =
            explain(problem, options, solution, who).map_err(|unsolved| format!("{unsolved:?}"))?;
        let to = explanation
            .outcome
            .map_or("留任", |choice| problem.schools[problem.teachers[who].moves[choice].to].name.as_str());
        println!("\n{} → {to} ({:.2} s)", problem.teachers[who].name, cpu_seconds() - began);
        for ground in &explanation.grounds {
            let words = ground_words(problem, &options.levels, who, ground);
            println!("  {} / {}", words.zh, words.en);
        }
        if let Alternative::Possible(other) = &explanation.alternative {
            let values = other.levels.iter().map(|(before, after)| format!("{before}→{after}"));
            println!(
                "  otherwise: {}, {} others change",
                values.collect::<Vec<_>>().join(", "),
                other.others.len()
            );
        }
    }
    Ok(())
}

fn print_conflict(problem: &Problem, options: &SolveOptions<'_>) -> Result<(), String> {
    let began = cpu_seconds();
    let conflict = conflict(problem, options).map_err(|unsolved| format!("{unsolved:?}"))?;
    let conflict = conflict.ok_or("all rules can hold")?;
    println!(
        "{} rules cannot hold together (smallest: {}), found in {:.2} s:",
        conflict.rules.len(),
        conflict.smallest,
        cpu_seconds() - began
    );
    for words in conflict.words(problem) {
        println!("  {} / {}", words.zh, words.en);
    }
    for relaxation in &conflict.relaxations {
        println!("a way out of {:?}, at {}:", relaxation.kind, relaxation.cost);
        for words in relaxation.words(problem) {
            println!("  {} / {}", words.zh, words.en);
        }
    }
    Ok(())
}
