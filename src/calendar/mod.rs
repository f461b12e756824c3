//! The calendar: terms, school days, bells, timetables, rooms and travel times.

pub mod closures;
pub mod days;
pub mod edit;
pub mod graphql;
pub mod holidays;
pub mod ical;
pub mod reply;
pub mod working;
