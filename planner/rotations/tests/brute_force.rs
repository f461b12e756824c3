//! The solver against trying everything, on tiny random problems.

mod common;

use std::collections::BTreeSet;

use common::{Rng, tiny};
use rotation_planner::*;

const PROBLEMS: u64 = 400;

/// Every assignment in which nobody moves who may not, with what it breaks.
fn everything(problem: &Problem) -> Vec<(Assignment, Vec<Breach>)> {
    let mut all: Vec<Assignment> = vec![Vec::new()];
    for teacher in &problem.teachers {
        let outcomes: Vec<Option<MoveIx>> =
            std::iter::once(None).chain((0..teacher.moves.len()).map(Some)).collect();
        let longer = |so_far: &Assignment, outcome: Option<MoveIx>| {
            let mut longer = so_far.clone();
            longer.push(outcome);
            longer
        };
        all = all
            .iter()
            .flat_map(|so_far| outcomes.iter().map(|&outcome| longer(so_far, outcome)).collect::<Vec<_>>())
            .collect();
    }
    let judged = all.into_iter().map(|assignment| {
        let breaches = check(problem, &assignment).expect("a readable assignment");
        (assignment, breaches)
    });
    judged
        .filter(|(_, breaches)| breaches.iter().all(|breach| breach.rule.kind() != RuleKind::Allowed))
        .collect()
}

/// The lowest values, level by level, among assignments that break nothing.
fn best(
    problem: &Problem,
    levels: &[Level],
    everything: &[(Assignment, Vec<Breach>)],
) -> Option<Vec<Measure>> {
    let sound = everything.iter().filter(|(_, breaches)| breaches.is_empty());
    sound.map(|(assignment, _)| evaluate(problem, levels, assignment)).min()
}

/// Levels in a random order, some weighed against each other.
fn levels(seed: u64) -> Vec<Level> {
    let mut rng = Rng(seed ^ 0x1234_5678);
    let mut sums = vec![
        Goal::Vacancies,
        Goal::Quotas,
        Goal::Wishes,
        Goal::Commute,
        Goal::Evenness,
        Goal::Cost,
        Goal::Seniority,
        Goal::Changes,
    ];
    let mut levels = Vec::new();
    for worst in [Goal::WorstCommute, Goal::WorstWish] {
        if rng.chance(60) {
            levels.push(Level::of(worst));
        }
    }
    while !sums.is_empty() && levels.len() < 6 {
        let goal = sums.swap_remove(rng.up_to(sums.len() as u64 - 1) as usize);
        let mut terms = vec![(goal, rng.number(1, 20))];
        if !sums.is_empty() && rng.chance(30) {
            let other = sums.swap_remove(rng.up_to(sums.len() as u64 - 1) as usize);
            terms.push((other, rng.number(1, 20)));
        }
        let place = rng.up_to(levels.len() as u64) as usize;
        levels.insert(place, Level::weighed(terms));
    }
    levels
}

fn options(seed: u64) -> SolveOptions<'static> {
    SolveOptions { levels: levels(seed), ..SolveOptions::default() }
}

#[test]
fn what_is_solved_is_the_best_of_everything_level_by_level() {
    let mut solved = 0;
    for seed in 0..PROBLEMS {
        let problem = tiny(seed);
        let options = options(seed);
        let expected = best(&problem, &options.levels, &everything(&problem));
        match solve(&problem, &options) {
            Ok(solution) => {
                assert_eq!(check(&problem, &solution.assignment), Ok(Vec::new()), "seed {seed}");
                let values: Vec<Measure> = solution.levels.iter().map(|level| level.value).collect();
                assert_eq!(Some(&values), expected.as_ref(), "seed {seed}: {:?}", options.levels);
                assert_eq!(values, evaluate(&problem, &options.levels, &solution.assignment), "seed {seed}");
                assert!(solution.is_proven(), "seed {seed}");
                solved += 1;
            }
            Err(unsolved) => {
                assert_eq!(unsolved, Unsolved::Infeasible, "seed {seed}");
                assert_eq!(expected, None, "seed {seed}: no solution was found");
            }
        }
    }
    assert!((PROBLEMS / 4..PROBLEMS * 7 / 8).contains(&solved), "{solved} of {PROBLEMS} have a solution");
}

#[test]
fn a_conflict_is_one_and_irreducible_and_its_ways_out_are_the_cheapest() {
    let (mut conflicts, mut smallest) = (0, 0);
    for seed in 0..PROBLEMS {
        let problem = tiny(seed);
        let all = everything(&problem);
        let found = conflict(&problem, &SolveOptions::default()).expect("no limit of time");
        let possible = all.iter().any(|(_, breaches)| breaches.is_empty());
        assert_eq!(found.is_none(), possible, "seed {seed}");
        let Some(conflict) = found else { continue };
        conflicts += 1;
        let broken: Vec<BTreeSet<Rule>> =
            all.iter().map(|(_, breaches)| breaches.iter().map(|breach| breach.rule).collect()).collect();
        // Rules are in conflict when every assignment breaks one of them.
        let clash =
            |rules: &[Rule]| broken.iter().all(|broken| rules.iter().any(|rule| broken.contains(rule)));
        assert!(clash(&conflict.rules), "seed {seed}: {:?} can hold together", conflict.rules);
        for left_out in &conflict.rules {
            let rest: Vec<Rule> = conflict.rules.iter().copied().filter(|rule| rule != left_out).collect();
            assert!(!clash(&rest), "seed {seed}: {left_out:?} is not needed in {:?}", conflict.rules);
        }
        if conflict.smallest {
            smallest += 1;
            let rules: BTreeSet<Rule> = broken.iter().flatten().copied().collect();
            let rules: Vec<Rule> = rules.into_iter().collect();
            let fewer = conflict.rules.len() - 1;
            assert!(!any_of_size(&rules, fewer, &mut Vec::new(), &clash), "seed {seed}: fewer clash");
        }
        assert_cheapest(seed, &conflict, &all);
    }
    assert!(conflicts > PROBLEMS / 8, "{conflicts} of {PROBLEMS} are in conflict");
    assert_eq!(smallest, conflicts, "tiny conflicts are all proven smallest");
}

/// Whether some set of so many rules clashes.
fn any_of_size(rules: &[Rule], size: usize, taken: &mut Vec<Rule>, clash: &impl Fn(&[Rule]) -> bool) -> bool {
    if size == 0 {
        return clash(taken);
    }
    (0..rules.len()).any(|next| {
        taken.push(rules[next]);
        let found = any_of_size(&rules[next + 1..], size - 1, taken, clash);
        taken.pop();
        found
    })
}

fn assert_cheapest(seed: u64, conflict: &Conflict, all: &[(Assignment, Vec<Breach>)]) {
    let cost =
        |breaches: &[Breach]| breaches.iter().map(|breach| price(breach.rule) * breach.by).sum::<i64>();
    let cheapest = all.iter().map(|(_, breaches)| cost(breaches)).min();
    assert_eq!(conflict.relaxations.first().map(|relaxation| relaxation.cost), cheapest, "seed {seed}");
    for relaxation in &conflict.relaxations {
        assert!(relaxation.proven, "seed {seed}");
        let changes: Vec<Breach> = relaxation.changes.iter().map(|&(rule, by)| Breach { rule, by }).collect();
        assert_eq!(cost(&changes), relaxation.cost, "seed {seed}");
        let Some(kind) = relaxation.kind else { continue };
        let of_kind = |breaches: &&Vec<Breach>| breaches.iter().all(|breach| breach.rule.kind() == kind);
        let cheapest =
            all.iter().map(|(_, breaches)| breaches).filter(of_kind).map(|breaches| cost(breaches)).min();
        assert_eq!(Some(relaxation.cost), cheapest, "seed {seed}: {kind:?}");
    }
    let kinds: BTreeSet<RuleKind> = all
        .iter()
        .filter_map(|(_, breaches)| {
            let kinds: BTreeSet<RuleKind> = breaches.iter().map(|breach| breach.rule.kind()).collect();
            kinds.first().copied().filter(|_| kinds.len() == 1)
        })
        .collect();
    let found: BTreeSet<RuleKind> =
        conflict.relaxations.iter().filter_map(|relaxation| relaxation.kind).collect();
    assert_eq!(found, kinds, "seed {seed}: kinds of which one is enough");
}

#[test]
fn the_alternative_of_a_teacher_is_the_nearest_of_everything_without_her_outcome() {
    let mut possible = 0;
    for seed in 0..PROBLEMS {
        let problem = tiny(seed);
        let mut options = options(seed);
        options.levels.retain(|level| level.terms.iter().all(|&(goal, _)| goal != Goal::Changes));
        let Ok(solution) = solve(&problem, &options) else { continue };
        let teacher = seed as usize % problem.teachers.len();
        let explanation = explain(&problem, &options, &solution, teacher).expect("no limit of time");
        let outcome = solution.assignment[teacher];
        assert_eq!(explanation.outcome, outcome);
        let expected = nearest(&problem, &options.levels, &solution.assignment, teacher);
        match explanation.alternative {
            Alternative::Possible(other) => {
                possible += 1;
                assert_ne!(other.outcome, outcome, "seed {seed}");
                let (values, changes) = expected.expect("an alternative");
                let decided: Vec<Measure> = other.levels.iter().map(|&(_, after)| after).collect();
                assert_eq!(decided[..values.len()], values, "seed {seed}");
                assert_eq!(other.others.len() + 1, changes, "seed {seed}");
                assert!(other.proven, "seed {seed}");
            }
            Alternative::Impossible(_) => assert_eq!(expected, None, "seed {seed}"),
        }
    }
    assert!(possible > PROBLEMS / 10, "{possible} alternatives are possible");
}

/// The lowest values of the levels up to the first that gets worse without her outcome, and the fewest changes with these.
fn nearest(
    problem: &Problem,
    levels: &[Level],
    given: &Assignment,
    teacher: TeacherIx,
) -> Option<(Vec<Measure>, usize)> {
    let mut asked = problem.input().clone();
    asked.teachers[teacher].pinned = Some(Pin::Not(given[teacher]));
    let asked = Problem::build(asked).expect("a sound problem");
    let sound = everything(&asked).into_iter().filter(|(_, breaches)| breaches.is_empty());
    let mut left: Vec<Assignment> = sound.map(|(assignment, _)| assignment).collect();
    let mut values = Vec::new();
    for level in levels {
        let value = |assignment: &Assignment| evaluate(problem, std::slice::from_ref(level), assignment)[0];
        let lowest = left.iter().map(value).min()?;
        left.retain(|assignment| value(assignment) == lowest);
        values.push(lowest);
        if lowest > value(given) {
            break;
        }
    }
    let changes =
        |other: &Assignment| other.iter().zip(given).filter(|(after, before)| after != before).count();
    left.iter().map(changes).min().map(|changes| (values, changes))
}

#[test]
fn the_same_problem_gives_the_same_answer() {
    for seed in 0..40 {
        let (problem, options) = (tiny(seed), options(seed));
        let first = solve(&problem, &options);
        assert_eq!(first, solve(&tiny(seed), &options), "seed {seed}");
    }
}
