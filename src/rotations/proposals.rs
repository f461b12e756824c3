//! 轮岗方案 Proposals of a round: worked out from its rows, explained, varied, made public, approved.
//!
//! A proposal never changes. Deciding about somebody, another quota, another search make another, which knows the one it was made
//! from; what changes of a proposal is whether it counts.

mod compare;
mod making;
mod material;
mod outcome;
mod publication;
pub(super) mod reading;
mod reason;
mod roads;
mod runs;
mod settings;
mod solving;
mod statement;
mod told;
mod why;

pub use compare::{Comparison, Difference, LevelPair, compare, compare_stored};
pub use making::{Leg, Made, Request, Worked, propose, what_if};
pub use outcome::{BandOutcome, LevelOutcome, Outcome, Part, RateOutcome, SchoolOutcome};
pub use publication::{approve, discard, publicise, revoke};
pub use reading::{Stored, newest, proposals, reasons};
pub use reason::Reason;
pub use roads::Basis;
pub use runs::{mark_lost, start, stop, watch_over};
pub use settings::{Aim, Decision, Fate, Force, MOST_SECONDS, Protection, Quota, Settings, Weighed};
pub use solving::{Impossible, Stop, Way};
pub use told::{line, told};
pub use why::{Alternative, Choice, Why, why};
