//! Double booking is impossible in the schema: an exclusion constraint on PostgreSQL, triggers that abort on SQLite.
//!
//! Both refuse with a message that contains `booking_no_overlap`.
//!
//! PostgreSQL checks an exclusion only after the row is in: two writers who take the same person at once would each
//! wait for the other, and one be told of a deadlock. So whoever books in a district waits for her turn first.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

const POSTGRES_UP: &[&str] = &[
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    "ALTER TABLE booking ADD CONSTRAINT booking_no_overlap EXCLUDE USING gist (\
       district_id WITH =, resource WITH =, resource_id WITH =, tstzrange(starts_at, ends_at) WITH &&)",
    "ALTER TABLE booking ADD CONSTRAINT booking_not_empty CHECK (starts_at < ends_at)",
    "CREATE FUNCTION booking_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
       PERFORM pg_advisory_xact_lock(hashtextextended('booking ' || NEW.district_id, 0)); RETURN NEW; END $$",
    "CREATE TRIGGER booking_in_turn BEFORE INSERT OR UPDATE ON booking \
       FOR EACH ROW EXECUTE FUNCTION booking_in_turn()",
];

const POSTGRES_DOWN: &[&str] = &[
    "DROP TRIGGER booking_in_turn ON booking",
    "DROP FUNCTION booking_in_turn",
    "ALTER TABLE booking DROP CONSTRAINT booking_not_empty",
    "ALTER TABLE booking DROP CONSTRAINT booking_no_overlap",
];

/// Instants are stored as text in one format (UTC, whole seconds), so that they compare as they sort.
const SQLITE_UP: &[&str] = &[
    "CREATE INDEX ix_booking_span ON booking (district_id, resource, resource_id, starts_at, ends_at)",
    "CREATE TRIGGER booking_no_overlap_insert BEFORE INSERT ON booking BEGIN \
       SELECT RAISE(ABORT, 'booking_not_empty') WHERE NEW.starts_at >= NEW.ends_at; \
       SELECT RAISE(ABORT, 'booking_no_overlap') WHERE EXISTS (SELECT 1 FROM booking b \
         WHERE b.district_id = NEW.district_id AND b.resource = NEW.resource AND b.resource_id = NEW.resource_id \
           AND b.starts_at < NEW.ends_at AND b.ends_at > NEW.starts_at); END",
    "CREATE TRIGGER booking_no_overlap_update BEFORE UPDATE ON booking BEGIN \
       SELECT RAISE(ABORT, 'booking_not_empty') WHERE NEW.starts_at >= NEW.ends_at; \
       SELECT RAISE(ABORT, 'booking_no_overlap') WHERE EXISTS (SELECT 1 FROM booking b \
         WHERE b.district_id = NEW.district_id AND b.resource = NEW.resource AND b.resource_id = NEW.resource_id \
           AND b.id <> OLD.id AND b.starts_at < NEW.ends_at AND b.ends_at > NEW.starts_at); END",
];

const SQLITE_DOWN: &[&str] = &[
    "DROP TRIGGER booking_no_overlap_update",
    "DROP TRIGGER booking_no_overlap_insert",
    "DROP INDEX ix_booking_span",
];

async fn run(manager: &SchemaManager<'_>, postgres: &[&str], sqlite: &[&str]) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let statements = match manager.get_database_backend() {
        DbBackend::Postgres => postgres,
        _ => sqlite,
    };
    for statement in statements {
        connection.execute_unprepared(statement).await?;
    }
    Ok(())
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, POSTGRES_UP, SQLITE_UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, POSTGRES_DOWN, SQLITE_DOWN).await
    }
}
