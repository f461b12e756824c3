//! The objective of a level, as factors of the columns, and the columns that goals need.

use super::{ColIx, INF, Model};
use crate::evaluate::{filled, missed, strengths};
use crate::goal::{Goal, Level};
use crate::problem::*;
use crate::rule::Rule;

/// A level as a sum over columns.
#[derive(Debug, Clone)]
pub(crate) struct Objective {
    /// One factor per column.
    pub(crate) factors: Vec<f64>,
    /// What is added whatever the columns are.
    pub(crate) constant: f64,
    /// Values, beside the constant, are multiples of this, > 0.
    pub(crate) step: f64,
}

impl Model<'_> {
    pub(super) fn state_vacancies(&mut self) {
        let problem = self.problem;
        for (cell, facts) in problem.cells.iter().enumerate() {
            let most_lost: Fifths = self.flows[cell].iter().map(|&(_, change)| change.min(0)).sum();
            let least = (facts.present + most_lost).max(facts.low.unwrap_or(Fifths::MIN));
            if least >= facts.needed {
                continue;
            }
            let column = self.mip.column(0.0, INF, false);
            let mut entries = vec![(column, 1.0)];
            entries.extend(self.flows[cell].iter().map(|&(moves, change)| (moves, change as f64)));
            self.mip.row((facts.needed - facts.present) as f64, INF, entries);
            self.vacant[cell] = Some(column);
        }
    }

    pub(super) fn state_evenness(&mut self) {
        let problem = self.problem;
        let scale = problem.evenness_scale() as f64;
        let mut entries = vec![Vec::new(); problem.schools.len()];
        for (column, &(who, choice)) in self.moves.iter().enumerate() {
            let teacher = &problem.teachers[who];
            let choice = &teacher.moves[choice];
            let share = |fifths: Fifths| (fifths * problem.deviation(who)) as f64 / scale;
            if teacher.quality.is_some() {
                entries[teacher.home].push((column, -share(choice.leaves)));
                entries[choice.to].push((column, share(choice.brings)));
            }
        }
        let before = strengths(problem, &vec![None; problem.teachers.len()]);
        for (mut entries, before) in entries.into_iter().zip(before) {
            let (above, below) = (self.mip.column(0.0, INF, false), self.mip.column(0.0, INF, false));
            entries.extend([(above, -1.0), (below, 1.0)]);
            let constant = -before as f64 / scale;
            self.mip.row(constant, constant, entries);
            self.uneven.push((above, below));
        }
    }

    /// Sets the columns that follow from the moves.
    pub(super) fn fill(&self, assignment: &Assignment, values: &mut [f64]) {
        let problem = self.problem;
        if self.vacant.iter().any(Option::is_some) {
            for (cell, filled) in filled(problem, assignment).into_iter().enumerate() {
                if let Some(column) = self.vacant[cell] {
                    values[column] = (problem.cells[cell].needed - filled).max(0) as f64;
                }
            }
        }
        if !self.uneven.is_empty() {
            let scale = problem.evenness_scale() as f64;
            for (strength, &(above, below)) in strengths(problem, assignment).iter().zip(&self.uneven) {
                values[above] = (*strength).max(0) as f64 / scale;
                values[below] = (-strength).max(0) as f64 / scale;
            }
        }
        for (&rule, &column) in &self.broken {
            if let Rule::Rate(rate) = rule {
                values[column] = missed(&problem.rates[rate], assignment) as f64;
            }
        }
    }

    /// A level of sums; of one that is the worst of anybody, nothing.
    pub(crate) fn objective(&self, level: &Level) -> Objective {
        let mut objective =
            Objective { factors: vec![0.0; self.mip.columns.len()], constant: 0.0, step: 1.0 };
        for &(goal, weight) in &level.terms {
            self.add(goal, weight as f64, &mut objective);
        }
        let even = level.terms.iter().find(|&&(goal, _)| goal == Goal::Evenness);
        objective.step = match even {
            None => common_step(&objective.factors),
            Some(&(_, weight)) => self.even_step(weight, &objective.factors),
        };
        objective
    }

    /// Strengths are whole multiples of the smallest part of a post that moves; all else (moves, vacancies, people missing) is whole.
    fn even_step(&self, weight: i64, factors: &[f64]) -> f64 {
        let parts = (0..self.moves.len()).map(|column| self.facts(column));
        let part = parts.fold(POST as u64, |part, choice| {
            gcd(gcd(part, choice.leaves.unsigned_abs()), choice.brings.unsigned_abs())
        });
        let scale = self.problem.evenness_scale() as u64;
        let mut others = factors.to_vec();
        for &(above, below) in &self.uneven {
            (others[above], others[below]) = (0.0, 0.0);
        }
        let whole = common_step(&others) as u64;
        gcd(weight.unsigned_abs() * part, whole * scale) as f64 / scale as f64
    }

    fn add(&self, goal: Goal, weight: f64, objective: &mut Objective) {
        let problem = self.problem;
        match goal {
            Goal::Vacancies => {
                let columns = self.vacant.iter().flatten();
                columns.for_each(|&column| objective.factors[column] += weight);
            }
            Goal::Quotas => {
                for (rate, facts) in problem.rates.iter().enumerate() {
                    if let Some((soft, &column)) = facts.soft.zip(self.broken.get(&Rule::Rate(rate))) {
                        objective.factors[column] += weight * f64::from(soft);
                    }
                }
            }
            Goal::Wishes => {
                let stays = |who: TeacherIx| problem.regret(who, None);
                objective.constant += weight * (0..problem.teachers.len()).map(stays).sum::<i64>() as f64;
                self.add_moves(objective, |who, choice| {
                    weight * (problem.regret(who, Some(choice)) - stays(who)) as f64
                });
            }
            Goal::Commute => {
                self.add_moves(objective, |who, choice| weight * problem.increase(who, choice) as f64);
            }
            Goal::Cost => {
                self.add_moves(objective, |who, choice| {
                    weight * problem.teachers[who].moves[choice].cost as f64
                });
            }
            Goal::Seniority => {
                self.add_moves(objective, |who, choice| weight * problem.juniority(who, choice) as f64);
            }
            Goal::Evenness => {
                for &(above, below) in &self.uneven {
                    objective.factors[above] += weight;
                    objective.factors[below] += weight;
                }
            }
            Goal::Changes => self.add_changes(weight, objective),
            Goal::WorstCommute | Goal::WorstWish => {}
        }
    }

    fn add_moves(&self, objective: &mut Objective, cost: impl Fn(TeacherIx, MoveIx) -> f64) {
        for (column, &(who, choice)) in self.moves.iter().enumerate() {
            objective.factors[column] += cost(who, choice);
        }
    }

    fn add_changes(&self, weight: f64, objective: &mut Objective) {
        let Some(reference) = &self.problem.reference else { return };
        objective.constant += weight * reference.iter().filter(|before| before.is_some()).count() as f64;
        self.add_moves(objective, |who, choice| match reference[who] {
            None => weight,
            Some(before) if before == choice => -weight,
            Some(_) => 0.0,
        });
    }

    /// What a move adds to a goal that is the worst of anybody.
    pub(crate) fn worst_of(&self, goal: Goal, column: ColIx) -> i64 {
        let (who, choice) = self.moves[column];
        match goal {
            Goal::WorstWish => self.problem.missed_wish(who, choice),
            _ => self.problem.increase(who, choice),
        }
    }
}

/// The greatest number of which all factors are multiples, when they are integers; 1 when all are 0.
fn common_step(factors: &[f64]) -> f64 {
    factors.iter().fold(0, |step, factor| gcd(step, factor.abs() as u64)).max(1) as f64
}

fn gcd(mut one: u64, mut other: u64) -> u64 {
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::Problem;
    use crate::testing::{rate, round};

    #[test]
    fn a_level_of_evenness_steps_by_what_vacancies_and_missed_quotas_beside_it_do() {
        let mut input = round();
        input.rates = vec![Rate { soft: Some(1), ..rate(75) }];
        let problem = Problem::build(input).expect("a sound round");
        let step = |terms: &[(Goal, i64)]| {
            let level = Level::weighed(terms);
            Model::rigid(&problem, std::slice::from_ref(&level)).objective(&level).step
        };
        // A post is five of the twenty parts of the scale, and ways differ by fives.
        assert_eq!(step(&[(Goal::Evenness, 20), (Goal::Commute, 2)]), 5.0);
        assert_eq!(step(&[(Goal::Evenness, 20), (Goal::Commute, 2), (Goal::Vacancies, 1)]), 1.0);
        assert_eq!(step(&[(Goal::Evenness, 20), (Goal::Commute, 2), (Goal::Quotas, 1)]), 1.0);
    }
}
