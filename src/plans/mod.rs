//! Plans of a term's sessions.

pub mod engagements;
pub mod facts;
pub mod invite;
pub mod statement;
pub mod time;
pub mod windows;
