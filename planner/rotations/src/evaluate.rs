//! What a proposal is worth, exactly: the value of each level, from the problem and the outcomes alone.

use crate::build::Problem;
use crate::goal::{Goal, Level, Measure};
use crate::problem::*;

/// The value of each level, exactly.
///
/// # Panics
/// When the assignment has another length than the problem has teachers, or names moves that are not there.
pub fn evaluate(problem: &Problem, levels: &[Level], assignment: &Assignment) -> Vec<Measure> {
    levels.iter().map(|level| measure(problem, level, assignment)).collect()
}

/// The value of one level.
pub(crate) fn measure(problem: &Problem, level: &Level, assignment: &Assignment) -> Measure {
    let scale = problem.scale(level);
    let term = |&(goal, weight): &(Goal, i64)| {
        // Only evenness has a scale of its own, and it is the level's.
        let unit = if goal == Goal::Evenness { 1 } else { scale };
        i128::from(amount(problem, goal, assignment)) * i128::from(weight) * unit
    };
    problem.measured(level, level.terms.iter().map(term).sum())
}

/// The value of a goal; of evenness, times its scale.
pub(crate) fn amount(problem: &Problem, goal: Goal, assignment: &Assignment) -> i64 {
    let movers = || moves(assignment);
    match goal {
        Goal::Vacancies => vacancies(problem, assignment),
        Goal::Quotas => quotas(problem, assignment),
        Goal::WorstCommute => movers().map(|(who, choice)| problem.increase(who, choice)).max().unwrap_or(0),
        Goal::WorstWish => movers().map(|(who, choice)| problem.missed_wish(who, choice)).max().unwrap_or(0),
        Goal::Wishes => {
            assignment.iter().enumerate().map(|(who, &outcome)| problem.regret(who, outcome)).sum()
        }
        Goal::Commute => movers().map(|(who, choice)| problem.increase(who, choice)).sum(),
        Goal::Evenness => strengths(problem, assignment).into_iter().map(i64::abs).sum(),
        Goal::Cost => movers().map(|(who, choice)| problem.teachers[who].moves[choice].cost).sum(),
        Goal::Seniority => movers().map(|(who, choice)| problem.juniority(who, choice)).sum(),
        Goal::Changes => problem.reference.as_ref().map_or(0, |reference| {
            reference.iter().zip(assignment).filter(|(before, after)| before != after).count() as i64
        }),
    }
}

/// Everybody who moves, with her move.
pub(crate) fn moves(assignment: &Assignment) -> impl Iterator<Item = (TeacherIx, MoveIx)> {
    assignment.iter().enumerate().filter_map(|(who, outcome)| outcome.map(|choice| (who, choice)))
}

/// Posts filled in each cell after the round.
pub fn filled(problem: &Problem, assignment: &Assignment) -> Vec<Fifths> {
    let mut filled: Vec<Fifths> = problem.cells.iter().map(|cell| cell.present).collect();
    for (who, choice) in moves(assignment) {
        let teacher = &problem.teachers[who];
        let choice = &teacher.moves[choice];
        if let Some(home) = teacher.cell {
            filled[home] -= choice.leaves;
        }
        if let Some(cell) = choice.cell {
            filled[cell] += choice.brings;
        }
    }
    filled
}

fn vacancies(problem: &Problem, assignment: &Assignment) -> i64 {
    let filled = filled(problem, assignment);
    problem.cells.iter().zip(filled).map(|(cell, filled)| (cell.needed - filled).max(0)).sum()
}

/// Movers of the numerator, and what the denominator is.
pub(crate) fn counted(rate: &Rate, assignment: &Assignment) -> (i64, i64) {
    let movers = |who: &[TeacherIx]| who.iter().filter(|&&who| assignment[who].is_some()).count() as i64;
    let below = match &rate.denominator {
        Denominator::People(people) => i64::from(*people),
        Denominator::MoversAmong(who) => movers(who),
    };
    (movers(&rate.numerator), below)
}

/// People by which a rate is missed.
pub(crate) fn missed(rate: &Rate, assignment: &Assignment) -> i64 {
    let (above, below) = counted(rate, assignment);
    let wanted = rate.wanted(below);
    match rate.bound {
        Bound::AtLeast => (wanted - above).max(0),
        Bound::AtMost => (above - wanted).max(0),
    }
}

fn quotas(problem: &Problem, assignment: &Assignment) -> i64 {
    let cost = |rate: &Rate| rate.soft.map_or(0, |weight| i64::from(weight) * missed(rate, assignment));
    problem.rates.iter().map(cost).sum()
}

/// Σ of deviations from the mean quality at each school, times the scale of evenness.
pub(crate) fn strengths(problem: &Problem, assignment: &Assignment) -> Vec<i64> {
    let mut strengths = vec![0; problem.schools.len()];
    for (who, teacher) in problem.teachers.iter().enumerate() {
        strengths[teacher.home] += POST * problem.deviation(who);
    }
    for (who, choice) in moves(assignment) {
        let choice = &problem.teachers[who].moves[choice];
        strengths[problem.teachers[who].home] -= choice.leaves * problem.deviation(who);
        strengths[choice.to] += choice.brings * problem.deviation(who);
    }
    strengths
}
