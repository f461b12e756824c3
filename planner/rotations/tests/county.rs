//! A synthetic county's round, from the exchange to the explanations.

#[path = "../examples/common/county.rs"]
mod county;

use county::county;
use rotation_planner::*;

fn round(percent: u32) -> Problem {
    let mut input = county(1, percent);
    let problem = Problem::build(input.clone()).expect("a sound county");
    exchange(&problem).pin_into(&mut input);
    Problem::build(input).expect("a sound county")
}

#[test]
fn a_county_is_proven_optimal_and_keeps_every_rule() {
    let problem = round(10);
    let solution = solve(&problem, &SolveOptions::default()).expect("a solution");
    assert_eq!(check(&problem, &solution.assignment), Ok(Vec::new()));
    assert!(solution.is_proven());
    let report = report(&problem, &solution.assignment);
    assert!(report.rates.iter().all(|rate| rate.holds), "{:?}", report.rates);
    let movers = report.movers.above;
    assert_eq!(report.schools.iter().map(|school| school.out).sum::<i64>(), movers);
    assert_eq!(report.schools.iter().map(|school| school.into).sum::<i64>(), movers);
    assert_eq!(report.commutes.iter().map(|band| band.after).sum::<i64>(), movers);
}

#[test]
fn what_if_more_have_to_move_compares_with_what_was_proposed() {
    let options = SolveOptions::default();
    let problem = round(10);
    let proposed = solve(&problem, &options).expect("a solution");
    let mut input = problem.input().clone();
    input.rates[0].share = Share::percent(20);
    input.rates[1].share = Share::percent(25);
    let asked = Problem::build(input).expect("a sound county");
    let started = SolveOptions { start: Some(&proposed.assignment), ..options.clone() };
    let more = solve(&asked, &started).expect("a solution");
    let comparison = compare(&asked, &options.levels, &proposed.assignment, &more.assignment);
    let moved = |assignment: &Assignment| assignment.iter().flatten().count();
    assert!(moved(&more.assignment) > moved(&proposed.assignment));
    assert!(comparison.changes.len() >= moved(&more.assignment) - moved(&proposed.assignment));
}

#[test]
fn each_kind_of_teacher_is_explained() {
    let options = SolveOptions::default();
    let problem = round(10);
    let solution = solve(&problem, &options).expect("a solution");
    let find = |counts: &dyn Fn(&Teacher, bool) -> bool| {
        let teachers = problem.teachers.iter().zip(&solution.assignment);
        teachers
            .enumerate()
            .find(|(_, (teacher, outcome))| counts(teacher, outcome.is_some()))
            .map(|(who, _)| who)
    };
    let some = [
        find(&|teacher, moves| moves && teacher.must_move),
        find(&|teacher, moves| moves && !teacher.volunteer),
        find(&|teacher, moves| !moves && teacher.volunteer),
        find(&|teacher, _| !teacher.eligible),
    ];
    for who in some.into_iter().flatten() {
        let explanation = explain(&problem, &options, &solution, who).expect("explained");
        assert!(!explanation.grounds.is_empty(), "{explanation:?}");
        if let Alternative::Possible(other) = &explanation.alternative {
            let (before, after): (Vec<Measure>, Vec<Measure>) = other.levels.iter().copied().unzip();
            assert!(after >= before, "an alternative is better than the best: {after:?} {before:?}");
            assert_ne!(other.outcome, explanation.outcome);
        }
    }
}

#[test]
fn a_quota_beyond_what_the_schools_may_give_is_a_conflict_with_their_caps() {
    let mut input = county(1, 60);
    input.rates[1].share = Share::percent(100);
    let problem = Problem::build(input).expect("a sound county");
    assert_eq!(solve(&problem, &SolveOptions::default()).err(), Some(Unsolved::Infeasible));
    let conflict = conflict(&problem, &SolveOptions::default()).expect("found").expect("a conflict");
    assert!(conflict.rules.contains(&Rule::Rate(0)), "{:?}", conflict.rules);
    let cheapest = conflict.relaxations.first().expect("a way out");
    assert!(cheapest.proven && cheapest.cost > 0);
}
