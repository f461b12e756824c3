//! What a move is said to change is what it changes.

use proptest::prelude::*;

use super::crowded::{any_placement, replanned};
use super::kinds::all_kinds;
use crate::Problem;
use crate::constraints::Rules;
use crate::engine::limit::{Limit, Weights};
use crate::engine::state::State;
use crate::evaluate::score;
use crate::rng::Rng;
use crate::scoring::Scoring;

fn moves_keep_the_score(problem: &Problem, rules: &Rules, seed: u64) -> Result<(), TestCaseError> {
    let mut rng = Rng::new(seed);
    let mut state = State::new(problem, Scoring::new(problem, rules));
    for _ in 0..40 {
        let session = rng.below(problem.sessions.len());
        let placement = any_placement(problem, &mut rng, session);
        let hard = state.score().hard;
        match rng.below(4) {
            0 => drop(state.set(session, None)),
            1 => drop(state.set(session, Some(placement))),
            _ if state.placement(session).is_none() => {
                let placed = state.try_place(session, placement).is_ok();
                prop_assert!(!placed || state.score().hard == hard);
            }
            _ => drop(state.try_place(session, placement)),
        }
        prop_assert_eq!(state.score(), score(problem, rules, state.plan()));
        differences_are_told_without_making_them(&mut state, &mut rng)?;
    }
    Ok(())
}

fn differences_are_told_without_making_them(state: &mut State, rng: &mut Rng) -> Result<(), TestCaseError> {
    let session = rng.below(state.problem.sessions.len());
    let before = (state.score(), state.plan().clone());
    let mut to = rng.percent(80).then(|| any_placement(state.problem, rng, session));
    let weights = Weights { hard: 1 << 30, medium: 500, soft: 1 };
    let limit = Limit { weights, most: rng.below(4_000) as i64 - 2_000 };
    let limited = state.difference(session, &mut to, &limit);
    let told = state.difference(session, &mut to, &Limit::NONE).expect("no limit");
    prop_assert_eq!(limited, Some(told).filter(|&told| !limit.is_exceeded_by(told)));
    prop_assert_eq!(&before, &(state.score(), state.plan().clone()));
    let held = state.set(session, to);
    prop_assert_eq!(state.score() - before.0, told);
    state.set(session, held);
    prop_assert_eq!(state.score(), before.0);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn moves_keep_the_score_of_every_rule(seed: u64) {
        let problem = replanned(seed);
        moves_keep_the_score(&problem, &all_kinds(), seed)?;
        for rule in all_kinds().iter() {
            moves_keep_the_score(&problem, &all_kinds().only(&[rule.name]), seed ^ 1)?;
        }
    }

    #[test]
    fn two_sessions_at_once_change_what_they_are_said_to_change(seed: u64) {
        let problem = replanned(seed);
        let rules = all_kinds().only(&["near", "together", "sessions_placed", "room_capacity"]);
        let mut rng = Rng::new(seed);
        let mut state = State::new(&problem, Scoring::new(&problem, &rules));
        prop_assert!(state.is_simple());
        for _ in 0..30 {
            let one = rng.below(problem.sessions.len());
            let other = (one + 1 + rng.below(problem.sessions.len() - 1)) % problem.sessions.len();
            let [first, second] = [one, other].map(|session| any_placement(&problem, &mut rng, session));
            let both = [(one, &first), (other, &second)];
            let told = state.difference_of_two(both, &Limit::NONE).expect("no limit");
            let before = state.score();
            state.set(one, Some(first));
            state.set(other, Some(second));
            prop_assert_eq!(state.score() - before, told);
        }
    }
}
