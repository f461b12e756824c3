//! Plans joint teaching-research sessions (联合教研): when, where and with whom.
//!
//! Pure: a [`ProblemInput`] goes in, a plan and its reasons come out. No database, clock, log or randomness source: the seed, the
//! step budget and the stop signal are arguments, and the same problem, seed and budget give the same plan on any machine.
//!
//! ```text
//! ProblemInput ─ Problem::build ─▶ Problem ─ solve ─▶ Solution ─ check · evaluate · attendance · diff
//! ```
//!
//! What a good plan is, is stated by the [`Rules`]: one file each in `constraints/`, used alike by the search, by
//! [`evaluate`], by [`why_unplaced`] and by the independent [`check`] before publishing.
#![deny(missing_docs)]

mod attendance;
mod build;
mod constraints;
mod diff;
mod engaged;
mod engine;
mod evaluate;
mod even;
mod explain;
mod grouping;
mod invited;
mod pair;
mod prior;
mod problem;
mod rng;
mod score;
mod scoring;
mod text;
mod trips;
mod turns;
mod validate;
mod week;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod testing;

pub use attendance::{Attendance, attendance};
pub use build::Problem;
pub use constraints::{Check, PersonTerm, Rule, Rules, SessionView, Sink, Violation};
pub use diff::{Change, ChangeKind, diff};
pub use engine::{Progress, Solution, SolveOptions, Watch, solve};
pub use evaluate::{Evaluation, RuleScore, check, evaluate, score};
pub use explain::{
    Beside, Comparison, Effect, Freeing, Obstacle, Part, PersonChange, Rehoming, Relaxation, RuleChange,
    Slot, SlotFilter, WhyHere, compare, differences, findings, why_unplaced,
};
pub use grouping::{ByStart, Grouping, SetView};
pub use pair::{Common, PairView};
pub use problem::*;
pub use score::{Level, Score};
pub use text::{Reason, clock};
pub use validate::{ProblemError, Subject};
pub use week::PersonWeek;
