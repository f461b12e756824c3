//! tongpan (同盘): education groups on one board. See ARCHITECTURE.md.

pub mod audit;
pub mod calendar;
pub mod clock;
pub mod database;
pub mod entity;
pub mod error;
pub mod id;
pub mod mail;
pub mod scope;
pub mod sessions;
