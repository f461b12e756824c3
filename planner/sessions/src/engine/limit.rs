//! How much worse a change may be.

use crate::score::Score;

/// A weighted sum of the three levels and what it may come to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    /// What a unit of each level weighs, ≥ 0.
    pub(crate) weights: Weights,
    /// The most that is taken.
    pub(crate) most: i64,
}

/// What a unit of each level weighs where plans are compared by one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Weights {
    pub(crate) hard: i64,
    pub(crate) medium: i64,
    pub(crate) soft: i64,
}

impl Weights {
    pub(crate) fn height(&self, score: Score) -> i64 {
        score.hard * self.hard + score.medium * self.medium + score.soft * self.soft
    }
}

impl Limit {
    /// Anything goes.
    pub(crate) const NONE: Limit = Limit { weights: Weights { hard: 0, medium: 0, soft: 0 }, most: 0 };
    /// Anything goes that breaks no hard rule.
    pub(crate) const NO_HARD_RULE: Limit =
        Limit { weights: Weights { hard: 1, medium: 0, soft: 0 }, most: 0 };

    pub(crate) fn is_exceeded_by(&self, difference: Score) -> bool {
        self.weights.height(difference) > self.most
    }
}
