//! Rules judge every plan, and alike whoever asks.

use proptest::prelude::*;

use super::crowded::{any_placement, any_plan, replanned};
use crate::constraints::Rules;
use crate::evaluate::{check, evaluate, score};
use crate::rng::Rng;
use crate::score::Level;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn explaining_agrees_with_scoring(seed: u64) {
        let problem = replanned(seed);
        let rules = Rules::standard();
        let plan = any_plan(&problem, &mut Rng::new(seed), 80);
        let evaluation = evaluate(&problem, &rules, &plan);
        prop_assert_eq!(evaluation.score, score(&problem, &rules, &plan));
        for rule in &evaluation.rules {
            prop_assert_eq!(rule.count, rule.violations.iter().map(|violation| violation.amount).sum::<i64>());
        }
        prop_assert_eq!(check(&problem, &rules, &plan).is_empty(), evaluation.score.hard == 0);
    }

    #[test]
    fn placing_one_more_session_never_lowers_the_penalty_of_a_hard_rule(seed: u64) {
        let problem = replanned(seed);
        let mut rng = Rng::new(seed);
        let mut plan = any_plan(&problem, &mut rng, 60);
        let session = rng.below(plan.len());
        plan[session] = None;
        let before = evaluate(&problem, &Rules::standard(), &plan);
        plan[session] = Some(any_placement(&problem, &mut rng, session));
        let after = evaluate(&problem, &Rules::standard(), &plan);
        for (before, after) in before.rules.iter().zip(&after.rules) {
            prop_assert!(before.level != Level::Hard || before.penalty <= after.penalty, "{}", before.name);
        }
    }
}

#[test]
fn random_plans_break_every_rule() {
    let mut kept = Rules::standard().iter().map(|rule| rule.name).collect::<Vec<_>>();
    for seed in 0..200 {
        let problem = replanned(seed);
        let found = evaluate(&problem, &Rules::standard(), &any_plan(&problem, &mut Rng::new(seed), 80));
        kept.retain(|name| found.rules.iter().any(|rule| rule.name == *name && rule.count == 0));
    }
    assert_eq!(kept, [""; 0]);
}
