//! tongpan (同盘): education groups on one board. See ARCHITECTURE.md.

pub mod access;
pub mod audit;
pub mod calendar;
pub mod cli;
pub mod clock;
pub mod database;
pub mod demo;
pub mod entity;
pub mod error;
pub mod graphql;
pub mod groups;
pub mod http;
pub mod id;
pub mod mail;
pub mod people;
pub mod plans;
pub mod rotations;
pub mod rows;
pub mod schema;
pub mod scope;
pub mod sessions;
pub mod transfer;
