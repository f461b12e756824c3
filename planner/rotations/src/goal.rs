//! What makes one allowed proposal better than another: goals, and levels that are compared in order.

use std::cmp::Ordering;
use std::fmt;

use crate::words::Words;

/// Something to keep small. Values are integers, but for evenness, whose unit is a fraction (see [`Measure`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Goal {
    /// Fifths of posts that are needed and not filled, over all cells.
    Vacancies,
    /// People by which soft rates are missed, times their weights.
    Quotas,
    /// Minutes by which the way gets longer for the mover for whom it gets longest. Stands alone in its level.
    WorstCommute,
    /// How far the mover whose wishes are served worst is from her first: r − 1 for her wish of rank r, R + 1 for none of hers (R as
    /// in [`Goal::Wishes`]). Stands alone in its level.
    WorstWish,
    /// Regrets of all teachers together. With R the lowest rank of all wish lists of the problem: a mover to her wish of rank r has
    /// regret r − 1, a volunteer who stays R, anybody else who stays 0, and a mover to no wish of hers R + 1 more than if she stayed.
    /// R is the same for everybody, so that a long list weighs no more than a short one; and as the last part is the same whether she
    /// volunteered or not, volunteering makes nobody the one who is sent where she did not ask to go.
    Wishes,
    /// Minutes by which the ways of all movers get longer together; one that gets shorter makes up for no other.
    Commute,
    /// Σ over schools of |Σ over who works there of (quality − mean quality of all)|; a part of a post counts as that part.
    Evenness,
    /// The caller's own cost of the moves.
    Cost,
    /// Over all movers to no wish of theirs, by how much their [`Teacher::priority`](crate::Teacher::priority) is below the greatest of
    /// all: of equals who are sent, those go who come first. Meant for the end of the order, as what decides among equals.
    Seniority,
    /// Teachers for whom it ends otherwise than in [`ProblemInput::reference`](crate::ProblemInput::reference).
    Changes,
}

impl Goal {
    /// Its name as people read it.
    pub fn words(self) -> Words {
        match self {
            Goal::Vacancies => Words::new("空缺岗位", "vacancies"),
            Goal::Quotas => Words::new("比例差额", "missed quotas"),
            Goal::WorstCommute => Words::new("通勤增加最多者", "the longest increase of a commute"),
            Goal::WorstWish => Words::new("志愿满足最差者", "the wish served worst"),
            Goal::Wishes => Words::new("志愿", "wishes"),
            Goal::Commute => Words::new("通勤", "commutes"),
            Goal::Evenness => Words::new("校际均衡", "evenness of strength"),
            Goal::Cost => Words::new("成本", "cost"),
            Goal::Seniority => Words::new("任教久者先交流", "longest service first"),
            Goal::Changes => Words::new("变动人数", "changes"),
        }
    }

    /// Whether it is the greatest value of anybody instead of a sum.
    pub(crate) fn is_worst(self) -> bool {
        matches!(self, Goal::WorstCommute | Goal::WorstWish)
    }
}

/// Goals that are weighed against each other: one step of the lexicographic order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// Each goal at most once, with its weight, 1 ..= 1,000,000.
    pub terms: Vec<(Goal, i64)>,
}

impl Level {
    /// A single goal.
    pub fn of(goal: Goal) -> Level {
        Level { terms: vec![(goal, 1)] }
    }

    /// Several goals, weighed.
    pub fn weighed(terms: impl Into<Vec<(Goal, i64)>>) -> Level {
        Level { terms: terms.into() }
    }

    /// The goal, if it is one that stands alone as the worst of all movers.
    pub(crate) fn worst(&self) -> Option<Goal> {
        self.terms.iter().map(|&(goal, _)| goal).find(|goal| goal.is_worst())
    }

    /// Its name: the goals, joined.
    pub fn words(&self) -> Words {
        let names: Vec<Words> = self.terms.iter().map(|(goal, _)| goal.words()).collect();
        let join = |of: fn(&Words) -> &str, by: &str| names.iter().map(of).collect::<Vec<_>>().join(by);
        Words::new(join(|words| &words.zh, "、"), join(|words| &words.en, ", "))
    }
}

/// The order of a county: vacancies, quotas, the worst-off teacher (by her commute), wishes, commutes, evenness of strength. Hard
/// policy comes before all levels.
pub fn standard_levels() -> Vec<Level> {
    [Goal::Vacancies, Goal::Quotas, Goal::WorstCommute, Goal::Wishes, Goal::Commute, Goal::Evenness]
        .map(Level::of)
        .to_vec()
}

/// An exact value of a level: `amount / scale`.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    /// Above the line.
    pub amount: i128,
    /// Below the line, ≥ 1: 1, or for evenness five times the number of teachers with a known quality.
    pub scale: i128,
}

impl Measure {
    /// As a decimal number.
    pub fn value(self) -> f64 {
        self.amount as f64 / self.scale as f64
    }
}

impl PartialEq for Measure {
    fn eq(&self, other: &Measure) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Measure {}

impl PartialOrd for Measure {
    fn partial_cmp(&self, other: &Measure) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Measure {
    fn cmp(&self, other: &Measure) -> Ordering {
        (self.amount * other.scale).cmp(&(other.amount * self.scale))
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.amount % self.scale == 0 {
            return write!(formatter, "{}", self.amount / self.scale);
        }
        write!(formatter, "{:.3}", self.value())
    }
}
