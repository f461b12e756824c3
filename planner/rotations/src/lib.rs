//! Proposes teacher rotations (教师交流轮岗): who moves where, proven to be the best under the rules, and why.
//!
//! Pure: a [`ProblemInput`] goes in, a proposal and its reasons come out. No database, clock, log or randomness source: time limits
//! and the stop signal are arguments, and the same problem and levels give the same proposal.
//!
//! ```text
//! ProblemInput ─ Problem::build ─▶ Problem ─ exchange ─ solve ─▶ Solution ─ check · evaluate · report · explain · compare
//!                                        └─ conflict
//! ```
#![deny(missing_docs)]

mod build;
mod check;
mod compare;
mod conflict;
mod evaluate;
mod exchange;
mod explain;
mod goal;
mod model;
mod problem;
mod report;
mod rule;
mod solve;
mod validate;
mod words;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use build::{Bar, Problem};
pub use check::{Breach, Unreadable, check};
pub use compare::{Change, Comparison, compare};
pub use conflict::{Conflict, Relaxation, conflict, price};
pub use evaluate::{evaluate, filled};
pub use exchange::{Exchange, exchange};
pub use explain::{Alternative, Explanation, Ground, Other, alternative, explain, ground_words};
pub use goal::{Goal, Level, Measure, standard_levels};
pub use problem::*;
pub use report::{CellReport, CommuteBand, Part, RateReport, Report, SchoolReport, report};
pub use rule::{Rule, RuleKind, cell_name, posts, relaxation_words, rule_words};
pub use solve::{LevelResult, Solution, SolveOptions, Unsolved, solve};
pub use validate::{ProblemError, Subject};
pub use words::Words;
