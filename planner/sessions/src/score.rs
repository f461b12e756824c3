//! Penalties in three levels, compared level by level.

use std::ops::{Add, AddAssign, Mul, Sub, SubAssign};

/// How much a rule weighs: no amount of a lower level outweighs one unit of a higher one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Never broken in a published plan.
    Hard,
    /// Sessions placed, invited people present.
    Medium,
    /// Everything that makes a good plan.
    Soft,
}

/// Weighted penalties by level, each ≥ 0 for a whole plan (differences may be negative). Lower is better; ordered by hard, then
/// medium, then soft.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score {
    /// Penalty of the hard rules.
    pub hard: i64,
    /// Penalty of the medium rules.
    pub medium: i64,
    /// Penalty of the soft rules.
    pub soft: i64,
}

impl Score {
    /// No penalty at all.
    pub const ZERO: Score = Score { hard: 0, medium: 0, soft: 0 };

    /// A penalty at one level.
    pub fn of(level: Level, penalty: i64) -> Score {
        match level {
            Level::Hard => Score { hard: penalty, ..Score::ZERO },
            Level::Medium => Score { medium: penalty, ..Score::ZERO },
            Level::Soft => Score { soft: penalty, ..Score::ZERO },
        }
    }
}

impl Add for Score {
    type Output = Score;
    fn add(self, other: Score) -> Score {
        Score {
            hard: self.hard + other.hard,
            medium: self.medium + other.medium,
            soft: self.soft + other.soft,
        }
    }
}

impl Sub for Score {
    type Output = Score;
    fn sub(self, other: Score) -> Score {
        Score {
            hard: self.hard - other.hard,
            medium: self.medium - other.medium,
            soft: self.soft - other.soft,
        }
    }
}

impl AddAssign for Score {
    fn add_assign(&mut self, other: Score) {
        *self = *self + other;
    }
}

impl SubAssign for Score {
    fn sub_assign(&mut self, other: Score) {
        *self = *self - other;
    }
}

impl Mul<i64> for Score {
    type Output = Score;
    fn mul(self, times: i64) -> Score {
        Score { hard: self.hard * times, medium: self.medium * times, soft: self.soft * times }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_higher_level_outweighs_any_amount_below_it() {
        let one_hard = Score::of(Level::Hard, 1);
        let much_below = Score { hard: 0, medium: 1_000, soft: 1_000_000 };
        assert!(much_below < one_hard);
        assert!(Score::of(Level::Soft, 1_000_000) < Score::of(Level::Medium, 1));
    }
}
