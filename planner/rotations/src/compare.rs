//! What one proposal changes against another.

use crate::build::Problem;
use crate::evaluate::evaluate;
use crate::goal::{Level, Measure};
use crate::problem::{Assignment, MoveIx, TeacherIx};

/// A teacher for whom two proposals differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Who.
    pub teacher: TeacherIx,
    /// What becomes of her in the first.
    pub before: Option<MoveIx>,
    /// What in the second.
    pub after: Option<MoveIx>,
}

/// Two proposals of one problem, side by side. Proposals of different problems compare by their [`Report`](crate::Report)s.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Each level in the first and in the second.
    pub levels: Vec<(Measure, Measure)>,
    /// Everybody for whom they differ.
    pub changes: Vec<Change>,
}

/// Compares two proposals.
///
/// # Panics
/// When an assignment has another length than the problem has teachers, or names moves that are not there.
pub fn compare(problem: &Problem, levels: &[Level], before: &Assignment, after: &Assignment) -> Comparison {
    let pairs = evaluate(problem, levels, before).into_iter().zip(evaluate(problem, levels, after));
    Comparison { levels: pairs.collect(), changes: changes(before, after) }
}

pub(crate) fn changes(before: &Assignment, after: &Assignment) -> Vec<Change> {
    let all = before.iter().zip(after).enumerate();
    all.filter(|(_, (before, after))| before != after)
        .map(|(teacher, (&before, &after))| Change { teacher, before, after })
        .collect()
}
