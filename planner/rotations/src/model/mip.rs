//! A mixed-integer program, and HiGHS as what solves it.

use highs::{ColProblem, HighsModelStatus, HighsSolutionStatus, Row, Sense, SolvedModel};

pub(crate) type ColIx = usize;
pub(crate) type RowIx = usize;

/// A reduction that HiGHS leaves out before it solves: of parallel rows and columns. With integer columns it loses optimal solutions in
/// HiGHS 1.16 (seed 221 of the brute-force test of alternatives, and a county's round whose commutes it "proved" 32 minutes too high).
const PARALLEL_ROWS_AND_COLUMNS: i32 = 1 << 13;

/// A variable.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) lower: f64,
    pub(crate) upper: f64,
    pub(crate) integer: bool,
    /// Its factor in each row it stands in; a row may stand here several times.
    pub(crate) entries: Vec<(RowIx, f64)>,
}

/// Columns under rows `lower ≤ Σ factor · column ≤ upper`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mip {
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<(f64, f64)>,
}

impl Mip {
    pub(crate) fn column(&mut self, lower: f64, upper: f64, integer: bool) -> ColIx {
        self.columns.push(Column { lower, upper, integer, entries: Vec::new() });
        self.columns.len() - 1
    }

    pub(crate) fn row(
        &mut self,
        lower: f64,
        upper: f64,
        entries: impl IntoIterator<Item = (ColIx, f64)>,
    ) -> RowIx {
        let row = self.rows.len();
        self.rows.push((lower, upper));
        for (column, factor) in entries {
            match self.columns[column].entries.last_mut() {
                // A row is written whole before the next: what it has already, stands last.
                Some((last, sum)) if *last == row => *sum += factor,
                _ => self.columns[column].entries.push((row, factor)),
            }
        }
        row
    }
}

/// How one run is to go.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Run<'a> {
    /// Columns that take part, ascending; all others are 0. `None`: all.
    pub(crate) only: Option<&'a [ColIx]>,
    /// Leave out that columns are integers.
    pub(crate) relaxed: bool,
    /// Seconds it may take.
    pub(crate) seconds: Option<f64>,
    /// Values of all columns to begin with.
    pub(crate) start: Option<&'a [f64]>,
    /// Stop as soon as value − bound is no more than this.
    pub(crate) enough: f64,
}

/// What came of a run.
#[derive(Debug, Clone)]
pub(crate) struct Ran {
    /// How it ended.
    pub(crate) end: End,
    /// Value of every column, those left out included, when a solution was found.
    pub(crate) values: Option<Vec<f64>>,
    /// Reduced cost of every column; 0 for those left out. Empty unless relaxed and solved.
    pub(crate) reduced: Vec<f64>,
    /// Value of the objective.
    pub(crate) value: f64,
    /// No solution is better than this.
    pub(crate) bound: f64,
    /// Iterations of the simplex method.
    pub(crate) iterations: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Solved as well as was asked.
    Solved,
    /// There is no solution.
    Infeasible,
    /// Time was up; there may be a solution.
    Stopped,
    /// The solver gave up on numbers.
    Failed,
}

impl Mip {
    /// Minimises the objective: one factor per column.
    pub(crate) fn run(&self, objective: &[f64], run: Run<'_>) -> Ran {
        let everything: Vec<ColIx>;
        let taking_part = match run.only {
            Some(only) => only,
            None => {
                everything = (0..self.columns.len()).collect();
                &everything
            }
        };
        if taking_part.is_empty() {
            return self.run_nothing();
        }
        let mut problem = ColProblem::default();
        let rows: Vec<Row> = self.rows.iter().map(|&(lower, upper)| problem.add_row(lower..=upper)).collect();
        let mut integers = false;
        for &ix in taking_part {
            let column = &self.columns[ix];
            let integer = column.integer && !run.relaxed;
            integers |= integer;
            let entries = column.entries.iter().map(|&(row, factor)| (rows[row], factor));
            problem.add_column_with_integrality(objective[ix], column.lower..=column.upper, entries, integer);
        }
        let Ok(mut model) = highs::Model::try_new(problem) else { return Ran::ended(End::Failed) };
        model.set_sense(Sense::Minimise);
        model.set_option("threads", 1);
        model.set_option("parallel", "off");
        model.set_option("presolve_rule_off", PARALLEL_ROWS_AND_COLUMNS);
        model.set_option("mip_rel_gap", 0.0);
        model.set_option("mip_abs_gap", run.enough);
        if let Some(seconds) = run.seconds {
            model.set_option("time_limit", seconds.max(0.01));
        }
        if let Some(start) = run.start.filter(|_| integers) {
            let values: Vec<f64> = taking_part.iter().map(|&ix| start[ix]).collect();
            // A start that does not fit is only less help.
            let _ = model.try_set_solution(Some(&values), None, None, None);
        }
        match model.try_solve() {
            Ok(solved) => self.read(&solved, taking_part, integers),
            Err(_) => Ran::ended(End::Failed),
        }
    }

    /// Without columns each row is 0, and HiGHS has no opinion on that.
    fn run_nothing(&self) -> Ran {
        let holds = self.rows.iter().all(|&(lower, upper)| lower <= 0.0 && upper >= 0.0);
        let mut ran = Ran::ended(if holds { End::Solved } else { End::Infeasible });
        if holds {
            ran.reduced = vec![0.0; self.columns.len()];
            ran.values = Some(ran.reduced.clone());
            (ran.value, ran.bound) = (0.0, 0.0);
        }
        ran
    }

    fn read(&self, solved: &SolvedModel, taking_part: &[ColIx], integers: bool) -> Ran {
        let status = solved.status();
        let end = match status {
            HighsModelStatus::Optimal => End::Solved,
            HighsModelStatus::Infeasible | HighsModelStatus::UnboundedOrInfeasible => End::Infeasible,
            HighsModelStatus::ReachedTimeLimit => End::Stopped,
            _ => End::Failed,
        };
        let mut ran = Ran::ended(end);
        ran.iterations = solved.simplex_iteration_count().max(0) as u64;
        if integers {
            ran.bound = solved.double_info_value(c"mip_dual_bound").unwrap_or(f64::NEG_INFINITY);
        }
        let found = matches!(end, End::Solved | End::Stopped)
            && solved.primal_solution_status() == HighsSolutionStatus::Feasible;
        if !found {
            return ran;
        }
        let solution = solved.get_solution();
        let spread = |of: &[f64]| {
            let mut all = vec![0.0; self.columns.len()];
            taking_part.iter().zip(of).for_each(|(&ix, &value)| all[ix] = value);
            all
        };
        ran.values = Some(spread(solution.columns()));
        ran.value = solved.objective_value();
        if !integers && end == End::Solved {
            ran.reduced = spread(solution.dual_columns());
            ran.bound = ran.value;
        }
        ran
    }
}

impl Ran {
    fn ended(end: End) -> Ran {
        let unknown = f64::NEG_INFINITY;
        Ran { end, values: None, reduced: Vec::new(), value: f64::INFINITY, bound: unknown, iterations: 0 }
    }
}
