//! tongpan (同盘): education groups on one board. See ARCHITECTURE.md.

pub mod audit;
pub mod clock;
pub mod database;
pub mod entity;
pub mod error;
pub mod id;
pub mod scope;
pub mod transfer;
