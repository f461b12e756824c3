//! The problem as a mixed-integer program: one 0/1 column per move, and rows for the rules.
//!
//! A *rigid* model holds every rule. An *elastic* one gives each rule that can be relaxed a column that says by how much it is
//! broken; conflicts and relaxations are found with it.

mod goals;
mod mip;
mod rules;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::build::Problem;
use crate::goal::{Goal, Level};
use crate::problem::*;
use crate::rule::Rule;

pub(crate) use goals::Objective;
pub(crate) use mip::{ColIx, End, Mip, Ran, Run};

const INF: f64 = f64::INFINITY;

/// A program, and what its columns mean.
pub(crate) struct Model<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) mip: Mip,
    /// The move of each of the first columns, by teacher.
    pub(crate) moves: Vec<(TeacherIx, MoveIx)>,
    /// The columns of each teacher.
    of_teacher: Vec<Range<ColIx>>,
    /// By how much each rule is broken; in a rigid model the soft rates alone.
    pub(crate) broken: BTreeMap<Rule, ColIx>,
    /// Posts that stay vacant, by cell; none where that cannot be.
    vacant: Vec<Option<ColIx>>,
    /// How far each school lies above and below an even strength; empty where no level asks.
    uneven: Vec<(ColIx, ColIx)>,
    /// What enters and leaves each cell.
    flows: Vec<Vec<(ColIx, Fifths)>>,
    elastic: bool,
}

impl<'a> Model<'a> {
    /// Every rule holds.
    pub(crate) fn rigid(problem: &'a Problem, levels: &[Level]) -> Model<'a> {
        Model::state(problem, levels, false)
    }

    /// Every rule can be broken at the price of its column.
    pub(crate) fn elastic(problem: &'a Problem) -> Model<'a> {
        Model::state(problem, &[], true)
    }

    fn state(problem: &'a Problem, levels: &[Level], elastic: bool) -> Model<'a> {
        let mut model = Model {
            problem,
            mip: Mip::default(),
            moves: Vec::new(),
            of_teacher: Vec::new(),
            broken: BTreeMap::new(),
            vacant: vec![None; problem.cells.len()],
            uneven: Vec::new(),
            flows: vec![Vec::new(); problem.cells.len()],
            elastic,
        };
        model.state_moves();
        model.state_rules();
        levels.iter().for_each(|level| model.prepare(level));
        model
    }

    /// States what the goals of a level are measured by, unless it stands there already. Until then no level is burdened with it.
    pub(crate) fn prepare(&mut self, level: &Level) {
        let asks = |wanted: Goal| level.terms.iter().any(|&(goal, _)| goal == wanted);
        if asks(Goal::Vacancies) && self.vacant.iter().all(Option::is_none) {
            self.state_vacancies();
        }
        if asks(Goal::Evenness) && self.uneven.is_empty() {
            self.state_evenness();
        }
    }

    fn state_moves(&mut self) {
        for (who, teacher) in self.problem.teachers.iter().enumerate() {
            let first = self.moves.len();
            for choice in 0..teacher.moves.len() {
                if self.takes_part(who, choice) {
                    let column = self.mip.column(0.0, 1.0, true);
                    self.moves.push((who, choice));
                    self.state_flow(column, teacher, &teacher.moves[choice]);
                }
            }
            self.of_teacher.push(first..self.moves.len());
        }
        for who in 0..self.problem.teachers.len() {
            if self.of_teacher[who].len() > 1 {
                let entries: Vec<_> = self.of_teacher[who].clone().map(|column| (column, 1.0)).collect();
                self.mip.row(-INF, 1.0, entries);
            }
        }
    }

    fn takes_part(&self, who: TeacherIx, choice: MoveIx) -> bool {
        if self.elastic {
            return self.problem.fixed_bar(who, choice).is_none();
        }
        let pin = self.problem.teachers[who].pinned;
        let pinned_away = match pin {
            None | Some(Pin::Not(None)) => false,
            Some(Pin::Stays) => true,
            Some(Pin::Moves(only)) => only != choice,
            Some(Pin::Not(Some(not))) => not == choice,
        };
        !pinned_away && self.problem.bar(who, choice).is_none()
    }

    fn state_flow(&mut self, column: ColIx, teacher: &Teacher, choice: &Move) {
        if let Some(home) = teacher.cell.filter(|_| choice.leaves != 0) {
            self.flows[home].push((column, -choice.leaves));
        }
        if let Some(cell) = choice.cell.filter(|_| choice.brings != 0) {
            self.flows[cell].push((column, choice.brings));
        }
    }

    /// What is decided by values of the columns.
    pub(crate) fn assignment(&self, values: &[f64]) -> Assignment {
        let mut assignment = vec![None; self.problem.teachers.len()];
        for (column, &(who, choice)) in self.moves.iter().enumerate() {
            if values[column] > 0.5 {
                assignment[who] = Some(choice);
            }
        }
        assignment
    }

    /// Values of all columns for an assignment that keeps the rules; `None` where a move of it does not take part.
    pub(crate) fn values(&self, assignment: &Assignment) -> Option<Vec<f64>> {
        let mut values = vec![0.0; self.mip.columns.len()];
        for (who, outcome) in assignment.iter().enumerate() {
            let Some(choice) = *outcome else { continue };
            let column = self.of_teacher[who].clone().find(|&column| self.moves[column].1 == choice)?;
            values[column] = 1.0;
        }
        self.fill(assignment, &mut values);
        Some(values)
    }
}
