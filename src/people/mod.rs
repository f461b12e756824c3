//! People: teachers, honours, postings, teams, researchers.

pub mod roster;
