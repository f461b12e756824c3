//! Levels that are the worst of anybody: the lowest limit under which the rules still hold.
//!
//! Asking a sum of products for it would tell the solver nothing until late. Taking moves beyond a limit away does: the
//! relaxation alone says for most limits that they are too low.

use super::{LevelResult, Search, Unsolved};
use crate::goal::{Goal, Level};
use crate::model::{ColIx, End, Run};

impl Search<'_> {
    pub(super) fn settle_worst(
        &mut self,
        level: &Level,
        goal: Goal,
        later: Option<&Level>,
    ) -> Result<LevelResult, Unsolved> {
        let columns: Vec<ColIx> =
            (0..self.model.moves.len()).filter(|&ix| self.model.mip.columns[ix].upper > 0.0).collect();
        let worst: Vec<i64> = columns.iter().map(|&ix| self.model.worst_of(goal, ix)).collect();
        let mut limits = worst.clone();
        limits.push(0);
        limits.sort_unstable();
        limits.dedup();
        let beyond = |limit: i64| -> Vec<ColIx> {
            columns.iter().zip(&worst).filter(|&(_, &worst)| worst > limit).map(|(&ix, _)| ix).collect()
        };
        let position = |search: &Self| -> Result<usize, Unsolved> {
            let value = search.result(level, 0.0, false, 0)?.value.amount;
            Ok(limits.partition_point(|&limit| i128::from(limit) < value))
        };
        // Limits below `low` are proven too low; `high` is reached.
        let (mut low, mut high) = (0, position(self)?);
        while low < high && !self.budget.is_over() {
            let middle = (low + high) / 2;
            match self.relaxation(&beyond(limits[middle])) {
                End::Infeasible => low = middle + 1,
                End::Solved => high = middle,
                _ => break,
            }
        }
        high = position(self)?;
        let (mut iterations, mut next) = (0, low);
        while low < high && !self.budget.is_over() {
            let (end, searched) = self.tries(&beyond(limits[next]), later)?;
            iterations += searched;
            match end {
                End::Infeasible => low = next + 1,
                End::Solved => high = position(self)?,
                _ => break,
            }
            next = (low + high) / 2;
        }
        let result = self.result(level, limits[low] as f64, low == high, iterations)?;
        self.set_upper(&beyond(result.value.amount as i64), 0.0);
        Ok(result)
    }

    fn set_upper(&mut self, columns: &[ColIx], upper: f64) {
        columns.iter().for_each(|&ix| self.model.mip.columns[ix].upper = upper);
    }

    /// Whether the relaxation has a solution without these columns.
    fn relaxation(&mut self, without: &[ColIx]) -> End {
        self.set_upper(without, 0.0);
        let nothing = vec![0.0; self.model.mip.columns.len()];
        let seconds = self.budget.left();
        let ran = self.model.mip.run(&nothing, Run { relaxed: true, seconds, ..Run::default() });
        self.set_upper(without, 1.0);
        ran.end
    }

    /// Looks for a solution without these columns, and keeps it.
    fn tries(&mut self, without: &[ColIx], later: Option<&Level>) -> Result<(End, u64), Unsolved> {
        self.set_upper(without, 0.0);
        let objective = self.guide(later);
        let found = super::minimise(&self.model.mip, &objective, None, &self.budget, true);
        self.set_upper(without, 1.0);
        let end = match (&found.values, found.infeasible) {
            (Some(_), _) => End::Solved,
            (None, true) => End::Infeasible,
            (None, false) => End::Stopped,
        };
        if end == End::Solved {
            self.take(&found)?;
        }
        Ok((end, found.iterations))
    }
}
