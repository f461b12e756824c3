//! Tables of the capability `ledger`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::support::{create, drop_tables, index, keyed};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] = &["audit_entry", "import_run"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        audit_entry(manager).await?;
        import_run(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}

async fn audit_entry(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("audit_entry");
    table
        .col(timestamp_with_time_zone("at"))
        .col(text("actor"))
        .col(text("action"))
        .col(text("entity"))
        .col(uuid("entity_id"))
        .col(json_binary_null("before"))
        .col(json_binary_null("after"))
        .col(text("request_id"));
    create(manager, table).await?;
    index(manager, "audit_entry", &["entity_id"]).await?;
    index(manager, "audit_entry", &["at"]).await?;
    Ok(())
}

async fn import_run(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("import_run");
    table
        .col(text("file_name"))
        .col(text("sha256"))
        .col(timestamp_with_time_zone("finished_at"))
        .col(text("actor"))
        .col(integer("created"))
        .col(integer("changed"))
        .col(integer("unchanged"))
        .col(integer("refused"));
    create(manager, table).await?;
    Ok(())
}
