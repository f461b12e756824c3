//! The integration suite: every test runs on SQLite and on PostgreSQL.

mod architecture;
mod audit;
mod bookings;
mod county;
mod database;
mod entities;
mod glossary;
mod harness;
mod mails;
mod migrations;
mod publishing;
mod rows;
mod town;
