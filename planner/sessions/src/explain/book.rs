//! What differs, rule by rule: amounts that come and go, and the sentences of those that do not cancel.

use std::collections::BTreeMap;

use crate::constraints::{Rules, Sink, Violation};
use crate::score::{Level, Score};

/// How much more or less of a rule's penalty there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleChange {
    /// The rule's name.
    pub rule: &'static str,
    /// Its level.
    pub level: Level,
    /// Units more; negative: fewer, which is better.
    pub count: i64,
    /// Their penalty, each unit weighted as its group says.
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
    amounts: Vec<Amount>,
    /// By rule and sentence: the amount, and the violation. `None`: only amounts are asked for.
    lines: Option<BTreeMap<(usize, String), (Amount, Violation)>>,
}

/// Units of a rule, and their weighted sum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Amount {
    pub(super) count: i64,
    pub(super) penalty: i64,
}

impl Amount {
    fn add(&mut self, count: i64, weight: i64) {
        self.count += count;
        self.penalty += count * weight;
    }
}

impl std::ops::Sub for Amount {
    type Output = Amount;
    fn sub(self, other: Amount) -> Amount {
        Amount { count: self.count - other.count, penalty: self.penalty - other.penalty }
    }
}

impl Book {
    /// Adds up amounts only.
    pub(super) fn of_amounts(rules: &Rules) -> Book {
        Book { amounts: vec![Amount::default(); rules.iter().count()], lines: None }
    }

    /// Keeps the sentences too.
    pub(super) fn of_reasons(rules: &Rules) -> Book {
        Book { lines: Some(BTreeMap::new()), ..Book::of_amounts(rules) }
    }

    /// Where a rule notes what it finds: `times` 1 for what comes, -1 for what goes; each unit weighs `weight`.
    pub(super) fn line(&mut self, rule: usize, times: i64, weight: i64) -> Line<'_> {
        Line { book: self, rule, times, weight }
    }

    /// Each rule's amount, in the order of the rules.
    pub(super) fn amounts(&self) -> &[Amount] {
        &self.amounts
    }

    /// What differs, the heaviest level and penalty first. Rules without weight do not differ.
    pub(super) fn effects(self, rules: &Rules) -> Vec<Effect> {
        let list = rules.iter().collect::<Vec<_>>();
        let mut effects = Vec::new();
        for ((rule, _), (amount, violation)) in self.lines.into_iter().flatten() {
            let (rule, penalty) = (list[rule], amount.penalty);
            if penalty != 0 {
                let violation = Violation { amount: amount.count.abs(), ..violation };
                effects.push(Effect { rule: rule.name, level: rule.level, penalty, violation });
            }
        }
        effects.sort_by_key(|effect| (effect.level, std::cmp::Reverse(effect.penalty.abs())));
        effects
    }
}

/// Each rule whose penalty differs.
pub(super) fn changes(rules: &Rules, amounts: impl IntoIterator<Item = Amount>) -> Vec<RuleChange> {
    let changes = rules.iter().zip(amounts).map(|(rule, Amount { count, penalty })| RuleChange {
        rule: rule.name,
        level: rule.level,
        count,
        penalty,
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
    weight: i64,
}

impl Sink for Line<'_> {
    fn add(&mut self, amount: i64, violation: &dyn Fn() -> Violation) {
        let count = self.times * amount;
        self.book.amounts[self.rule].add(count, self.weight);
        let Some(lines) = &mut self.book.lines else { return };
        let violation = violation();
        let key = (self.rule, violation.reason.zh.clone());
        lines.entry(key).or_insert((Amount::default(), violation)).0.add(count, self.weight);
    }
}
