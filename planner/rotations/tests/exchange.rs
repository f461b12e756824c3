//! What the voluntary part promises, on tiny random problems.

mod common;

use common::{Rng, tiny};
use rotation_planner::*;

/// A tiny problem in which most teachers volunteer for whole posts.
fn market(seed: u64) -> ProblemInput {
    let mut rng = Rng(seed);
    let mut input = tiny(seed).input().clone();
    input.links.clear();
    for teacher in &mut input.teachers {
        teacher.volunteer = rng.chance(85);
        teacher.eligible |= teacher.volunteer;
        teacher.pinned = None;
        for (ix, choice) in teacher.moves.iter_mut().enumerate() {
            (choice.leaves, choice.brings) = (POST, POST);
            choice.barred = None;
            choice.commute_after = None;
            choice.wish = Some(ix as u32 + 1).filter(|_| rng.chance(80));
        }
    }
    for school in &mut input.schools {
        school.out_cap = school.out_cap.map(|cap| cap + 1);
        school.in_cap = None;
    }
    input
}

fn outcome(found: &Exchange, who: TeacherIx) -> Option<MoveIx> {
    found.cycles.iter().flatten().find(|&&(mover, _)| mover == who).map(|&(_, choice)| choice)
}

/// How she ranks an outcome by these wishes: lower is better, staying comes after every wish.
fn rank(wishes: &[Option<u32>], outcome: Option<MoveIx>) -> u32 {
    outcome.map_or(u32::MAX - 1, |choice| wishes[choice].unwrap_or(u32::MAX))
}

fn wishes(teacher: &Teacher) -> Vec<Option<u32>> {
    teacher.moves.iter().map(|choice| choice.wish).collect()
}

/// Every way to rank some of so many moves.
fn rankings(moves: usize) -> Vec<Vec<Option<u32>>> {
    let mut all = vec![vec![None; moves]];
    let mut longest = all.clone();
    for rank in 1..=moves as u32 {
        longest = longest
            .iter()
            .flat_map(|ranking| {
                let open = (0..moves).filter(|&choice| ranking[choice].is_none());
                open.map(|choice| {
                    let mut longer = ranking.clone();
                    longer[choice] = Some(rank);
                    longer
                })
                .collect::<Vec<_>>()
            })
            .collect();
        all.extend(longest.clone());
    }
    all
}

#[test]
fn every_mover_gets_a_wish_and_every_cell_as_many_as_it_gives() {
    let mut circles = 0;
    for seed in 0..400 {
        let problem = Problem::build(market(seed)).expect("a sound problem");
        let found = exchange(&problem);
        circles += found.cycles.len();
        let mut balance = vec![0; problem.cells.len()];
        let mut out = vec![0; problem.schools.len()];
        for &(who, choice) in found.cycles.iter().flatten() {
            let teacher = &problem.teachers[who];
            assert!(teacher.moves[choice].wish.is_some(), "seed {seed}: {} gets no wish", teacher.name);
            assert_eq!(problem.bar(who, choice), None, "seed {seed}");
            balance[teacher.cell.expect("a cell")] -= 1;
            balance[teacher.moves[choice].cell.expect("a cell")] += 1;
            out[teacher.home] += 1;
        }
        assert!(balance.iter().all(|&change| change == 0), "seed {seed}: {balance:?}");
        let within = |(school, out): (&School, &u32)| school.out_cap.is_none_or(|cap| *out <= cap);
        assert!(problem.schools.iter().zip(&out).all(within), "seed {seed}: {out:?}");
    }
    assert!(circles > 60, "{circles} circles in all");
}

#[test]
fn nobody_gains_by_ranking_otherwise_than_she_feels() {
    for seed in 0..150 {
        let input = market(seed);
        let honest = exchange(&Problem::build(input.clone()).expect("a sound problem"));
        for who in 0..input.teachers.len() {
            let truth = wishes(&input.teachers[who]);
            // Volunteering with a list is what admits her; which list it is must not matter to whether.
            if truth.iter().all(Option::is_none) {
                continue;
            }
            let deserved = rank(&truth, outcome(&honest, who));
            for claimed in
                rankings(truth.len()).into_iter().filter(|claimed| claimed.iter().any(Option::is_some))
            {
                let mut lied = input.clone();
                for (choice, &wish) in lied.teachers[who].moves.iter_mut().zip(&claimed) {
                    choice.wish = wish;
                }
                let found = exchange(&Problem::build(lied).expect("a sound problem"));
                let got = rank(&truth, outcome(&found, who));
                assert!(got >= deserved, "seed {seed}: teacher {who} gains with {claimed:?} over {truth:?}");
            }
        }
    }
}

#[test]
fn an_exchange_that_is_pinned_stands_in_what_is_solved() {
    let mut stood = 0;
    for seed in 0..100 {
        let mut input = market(seed);
        let found = exchange(&Problem::build(input.clone()).expect("a sound problem"));
        found.pin_into(&mut input);
        let problem = Problem::build(input).expect("a sound problem");
        let Ok(solution) = solve(&problem, &SolveOptions::default()) else { continue };
        for &(who, choice) in found.cycles.iter().flatten() {
            assert_eq!(solution.assignment[who], Some(choice), "seed {seed}");
            stood += 1;
        }
    }
    assert!(stood > 10, "{stood} movers stood");
}

#[test]
fn with_those_who_have_to_move_no_school_gives_more_than_it_may() {
    let mut tight = 0;
    for seed in 0..400 {
        let mut input = market(seed);
        let mut rng = Rng(seed + 1_000);
        for teacher in &mut input.teachers {
            teacher.must_move = rng.chance(30);
            teacher.eligible |= teacher.must_move;
        }
        let found = exchange(&Problem::build(input.clone()).expect("a sound problem"));
        for (ix, school) in input.schools.iter().enumerate() {
            let Some(cap) = school.out_cap.map(|cap| cap as usize) else { continue };
            let of_school = |who: &TeacherIx| input.teachers[*who].home == ix;
            let all = (0..input.teachers.len()).filter(of_school);
            let must = all.clone().filter(|&who| input.teachers[who].must_move).count();
            let leaving =
                all.filter(|&who| input.teachers[who].must_move || outcome(&found, who).is_some()).count();
            assert!(leaving <= cap.max(must), "seed {seed}, school {ix}: {leaving} leave, {cap} may");
            tight += usize::from(leaving == cap && leaving > must && must > 0);
        }
    }
    assert!(tight > 0, "somewhere both kinds share a cap");
}
