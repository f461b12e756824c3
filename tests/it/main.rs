//! The integration suite: every test runs on SQLite and on PostgreSQL.

mod architecture;
mod audit;
mod bookings;
mod bulk;
mod commands;
mod county;
mod cover;
mod database;
mod drafting;
mod entities;
mod explaining;
mod glossary;
mod harness;
mod importing;
mod mail_readers;
mod mails;
mod migrations;
mod office;
mod planning;
mod publishing;
mod refusals;
mod reminding;
mod replanning;
mod reverting;
mod rows;
mod town;
