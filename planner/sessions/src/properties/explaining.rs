//! What an explanation says would happen, happens.

use std::ops::ControlFlow;

use proptest::prelude::*;

use super::crowded::{any_placement, any_plan, crowded, replanned};
use super::kinds::all_kinds;
use super::unavoidable;
use crate::constraints::Rules;
use crate::evaluate::{evaluate, score};
use crate::rng::Rng;
use crate::{Beside, Problem, Relaxation, Score, SlotFilter, SolveOptions, solve};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn what_a_slot_is_said_to_change_is_what_it_changes(seed: u64) {
        let problem = replanned(seed);
        let rules = all_kinds();
        let mut rng = Rng::new(seed);
        let mut plan = any_plan(&problem, &mut rng, 80);
        let session = rng.below(problem.sessions.len());
        let before = evaluate(&problem, &rules, &plan);
        let present = plan.clone();
        let mut beside = Beside::new(&problem, &rules, &present, session);
        for _ in 0..6 {
            let there = any_placement(&problem, &mut rng, session);
            let slot = beside.slot(there.clone());
            plan[session] = Some(there.clone());
            let after = evaluate(&problem, &rules, &plan);
            prop_assert_eq!((slot.score, slot.change), (after.score, after.score - before.score));
            let effects = beside.effects(&there);
            for (old, new) in before.rules.iter().zip(&after.rules) {
                let change = slot.rules.iter().find(|change| change.rule == old.name);
                prop_assert_eq!(change.map_or(0, |change| change.penalty), new.penalty - old.penalty);
                let told = effects.iter().filter(|effect| effect.rule == old.name);
                prop_assert_eq!(told.map(|effect| effect.penalty).sum::<i64>(), new.penalty - old.penalty);
            }
        }
        for slot in beside.slots(&SlotFilter::default()).iter().take(5) {
            plan[session] = Some(slot.placement.clone());
            prop_assert_eq!(slot.score, score(&problem, &rules, &plan));
        }
    }

    #[test]
    fn what_is_said_to_free_a_slot_frees_it(seed: u64) {
        let problem = Problem::build(crowded(seed)).expect("a sound problem");
        let rules = Rules::standard();
        let options = SolveOptions { seed, steps: Some(200), ..SolveOptions::default() };
        let plan = solve(&problem, &rules, &options, &|_| ControlFlow::Continue(())).assignment;
        let unplaced = (0..plan.len()).filter(|&session| plan[session].is_none());
        for session in unplaced {
            for freeing in Beside::new(&problem, &rules, &plan, session).freeing(3) {
                let mut freed = plan.clone();
                for rehoming in &freeing.rehoming {
                    freed[rehoming.session] = rehoming.to.clone();
                }
                freed[session] = Some(freeing.slot.clone());
                let only_moves = freeing.relaxations.iter().all(|one| matches!(one, Relaxation::Away(_)));
                let stands = score(&problem, &rules, &freed);
                prop_assert!(!only_moves || stands.hard == unavoidable(&problem));
                let change = stands - score(&problem, &rules, &plan);
                prop_assert_eq!(Score { hard: 0, ..change }, freeing.change);
            }
        }
    }
}
