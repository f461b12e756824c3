//! Programmes, research sessions, participants, and the letters about them.

pub mod letters;
pub mod reminders;
