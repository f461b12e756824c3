//! Terms, school days, bells, timetables, rooms, travel times, bookings, calendar files.

pub mod ical;
