//! The database schema of tongpan: one file per capability, in the order they build on each other.
//!
//! Runs on SQLite and PostgreSQL. Never imports the entities: a migration says what the schema was then.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod m0001_district;
mod m0002_groups;
mod m0003_people;
mod m0004_calendar;
mod m0005_sessions;
mod m0006_plans;
mod m0007_rotations;
mod m0008_mail;
mod m0009_ledger;
mod m0010_no_double_booking;
mod m0011_drafts;
mod m0012_planning_settings;
mod m0013_run_speed;
mod m0014_disruptions;
mod m0015_programme_wishes;
mod m0016_second_room;
mod m0017_searches;
mod m0018_rotation_rounds;
mod m0019_step_progress;
mod m0020_proposal_runs;
mod m0021_online_host;
mod m0022_links;
mod m0023_outbox;
mod m0024_replies;
mod m0025_reminders;
mod support;

/// All migrations, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_district::Migration),
            Box::new(m0002_groups::Migration),
            Box::new(m0003_people::Migration),
            Box::new(m0004_calendar::Migration),
            Box::new(m0005_sessions::Migration),
            Box::new(m0006_plans::Migration),
            Box::new(m0007_rotations::Migration),
            Box::new(m0008_mail::Migration),
            Box::new(m0009_ledger::Migration),
            Box::new(m0010_no_double_booking::Migration),
            Box::new(m0011_drafts::Migration),
            Box::new(m0012_planning_settings::Migration),
            Box::new(m0013_run_speed::Migration),
            Box::new(m0014_disruptions::Migration),
            Box::new(m0015_programme_wishes::Migration),
            Box::new(m0016_second_room::Migration),
            Box::new(m0017_searches::Migration),
            Box::new(m0018_rotation_rounds::Migration),
            Box::new(m0019_step_progress::Migration),
            Box::new(m0020_proposal_runs::Migration),
            Box::new(m0021_online_host::Migration),
            Box::new(m0022_links::Migration),
            Box::new(m0023_outbox::Migration),
            Box::new(m0024_replies::Migration),
            Box::new(m0025_reminders::Migration),
        ]
    }
}
