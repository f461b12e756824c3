//! What upsets a term: people away, rooms closed; sessions that must stand, and what a plan made anew started from.

use sea_orm_migration::{prelude::*, schema::*};

use crate::support::{column, create, drop_columns, drop_tables, index, keyed, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] = &["absence", "room_closure"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        span_of(manager, "absence", "teacher_id", "teacher").await?;
        span_of(manager, "room_closure", "room_id", "room").await?;
        column(manager, "research_session", boolean("pinned").default(false).take()).await?;
        column(manager, "research_session", timestamp_with_time_zone_null("told_starts_at")).await?;
        column(manager, "research_session", timestamp_with_time_zone_null("told_ends_at")).await?;
        column(manager, "plan_session", integer_null("from_version")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, "plan_session", &["from_version"]).await?;
        drop_columns(manager, "research_session", &["pinned", "told_starts_at", "told_ends_at"]).await?;
        drop_tables(manager, TABLES).await
    }
}

/// A table of stretches of days on which somebody or something is not to be had.
async fn span_of(
    manager: &SchemaManager<'_>,
    name: &'static str,
    whose: &'static str,
    of: &'static str,
) -> Result<(), DbErr> {
    let mut table = keyed(name);
    table
        .col(uuid(whose))
        .col(date("from_on"))
        .col(date_null("until_on"))
        .col(text("reason"))
        .col(text("recorded_by"))
        .col(timestamp_with_time_zone("recorded_at"))
        .col(integer("version"))
        .foreign_key(&mut reference(whose, of));
    create(manager, table).await?;
    index(manager, name, &[whose]).await
}
