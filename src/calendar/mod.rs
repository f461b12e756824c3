//! Terms, school days, bells, timetables and rooms.

pub mod edit;
pub mod graphql;
