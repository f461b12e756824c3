//! Plans of a term's sessions: solve, look, work on drafts by hand, publish, change what stands.
//!
//! ```text
//! rows ─ facts ─ statement ─▶ session_planner ─ store ─▶ plan ─ prepare ─▶ publish ─ apply ─▶ sessions, bookings, outbox
//! plan ─ reading ─ edit (cost) ─ store ─▶ plan
//! ```

pub mod bulk;
pub mod change;
pub mod compare;
pub mod cost;
pub mod cover;
pub mod difference;
pub mod drafts;
pub mod edit;
pub mod engagements;
pub mod explain;
pub mod facts;
pub mod graphql;
pub mod invite;
pub mod leading;
pub mod lifted;
pub mod parts;
pub mod people;
pub mod placing;
pub mod prepare;
pub mod presence;
pub mod publish;
pub mod reading;
pub mod replan;
pub mod revert;
pub mod roads;
pub mod runs;
pub mod settings;
pub mod solve;
pub mod standing;
pub mod statement;
pub mod store;
pub mod term_table;
pub mod time;
pub mod unpublish;
pub mod windows;

pub use bulk::{apply_bulk, preview_bulk};
pub use change::{Reschedule, preview_reschedule, reschedule};
pub use compare::compare;
pub use cost::Cost;
pub use difference::{Difference, MailCount, Place, PlannedMail};
pub use drafts::{discard, redo, rename, undo};
pub use edit::{Edit, Edited, edit, weigh};
pub use placing::Stand;
pub use publish::{Publication, preview, preview_letters, publish, publish_because};
pub use revert::revert;
pub use runs::{start_run, stop_run};
pub use solve::{SECONDS, SolveRequest, Solved, THREADS, Watch, solve};
pub use unpublish::unpublish;

#[cfg(test)]
mod tests;
