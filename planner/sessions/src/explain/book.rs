//! What differs, rule by rule: amounts that come and go, and the sentences of those that do not cancel.

use std::collections::BTreeMap;

use crate::build::Problem;
use crate::constraints::{Rules, Sink, Violation};
use crate::score::{Level, Score};

/// How much more or less of a rule's penalty there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleChange {
    /// The rule's name.
    pub rule: &'static str,
    /// Its level.
    pub level: Level,
    /// Its weight in this problem.
    pub weight: i64,
    /// Units more; negative: fewer, which is better.
    pub count: i64,
    /// `count * weight`.
    pub penalty: i64,
}

/// One thing that a change brings, or takes away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// The rule's name.
    pub rule: &'static str,
    /// Its level.
    pub level: Level,
    /// Weighted penalty: positive where the violation appears, negative where it disappears.
    pub penalty: i64,
    /// The violation, with its reason.
    pub violation: Violation,
}

impl Effect {
    /// Whether the change brings this, rather than taking it away.
    pub fn appears(&self) -> bool {
        self.penalty > 0
    }
}

/// What stands on both sides of a comparison cancels; what is left differs.
#[derive(Debug)]
pub(super) struct Book {
    counts: Vec<i64>,
    /// By rule and sentence: units, and the violation. `None`: only amounts are asked for.
    lines: Option<BTreeMap<(usize, String), (i64, Violation)>>,
}

impl Book {
    /// Adds up amounts only.
    pub(super) fn of_amounts(rules: &Rules) -> Book {
        Book { counts: vec![0; rules.iter().count()], lines: None }
    }

    /// Keeps the sentences too.
    pub(super) fn of_reasons(rules: &Rules) -> Book {
        Book { lines: Some(BTreeMap::new()), ..Book::of_amounts(rules) }
    }

    /// Where a rule notes what it finds: `times` 1 for what comes, -1 for what goes.
    pub(super) fn line(&mut self, rule: usize, times: i64) -> Line<'_> {
        Line { book: self, rule, times }
    }

    /// Units of each rule, in the order of the rules.
    pub(super) fn counts(&self) -> &[i64] {
        &self.counts
    }

    /// What differs, the heaviest level and penalty first. Rules without weight do not differ.
    pub(super) fn effects(self, problem: &Problem, rules: &Rules) -> Vec<Effect> {
        let list = rules.iter().collect::<Vec<_>>();
        let mut effects = Vec::new();
        for ((rule, _), (units, violation)) in self.lines.into_iter().flatten() {
            let rule = list[rule];
            let penalty = units * problem.weight(rule);
            if penalty != 0 {
                let violation = Violation { amount: units.abs(), ..violation };
                effects.push(Effect { rule: rule.name, level: rule.level, penalty, violation });
            }
        }
        effects.sort_by_key(|effect| (effect.level, std::cmp::Reverse(effect.penalty.abs())));
        effects
    }
}

/// Each rule that differs, from its units.
pub(super) fn changes(problem: &Problem, rules: &Rules, counts: &[i64]) -> Vec<RuleChange> {
    let changes = rules.iter().zip(counts).map(|(rule, &count)| {
        let weight = problem.weight(rule);
        RuleChange { rule: rule.name, level: rule.level, weight, count, penalty: count * weight }
    });
    changes.filter(|change| change.penalty != 0).collect()
}

/// The sum of changes.
pub(super) fn sum(changes: &[RuleChange]) -> Score {
    let mut score = Score::ZERO;
    for change in changes {
        score += Score::of(change.level, change.penalty);
    }
    score
}

pub(super) struct Line<'b> {
    book: &'b mut Book,
    rule: usize,
    times: i64,
}

impl Sink for Line<'_> {
    fn add(&mut self, amount: i64, violation: &dyn Fn() -> Violation) {
        self.book.counts[self.rule] += self.times * amount;
        let Some(lines) = &mut self.book.lines else { return };
        let violation = violation();
        let key = (self.rule, violation.reason.zh.clone());
        lines.entry(key).or_insert((0, violation)).0 += self.times * amount;
    }
}
