//! Tables of the capability `mail`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::support::{create, drop_tables, index, keyed, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] = &["message"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        message(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}

async fn message(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("message");
    table
        .col(string_len("kind", 32))
        .col(uuid("teacher_id"))
        .col(text("address"))
        .col(uuid("subject_id"))
        .col(integer("subject_version"))
        .col(integer("lead_minutes"))
        .col(string_len("state", 32))
        .col(timestamp_with_time_zone("send_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(text_null("owner"))
        .col(timestamp_with_time_zone_null("lease_until"))
        .col(integer("attempts"))
        .col(integer("doubts"))
        .col(text_null("failure"))
        .col(text("message_id"))
        .col(timestamp_with_time_zone_null("sent_at"))
        .col(timestamp_with_time_zone("created_at"))
        .index(&mut unique(
            "message",
            &["teacher_id", "subject_id", "kind", "lead_minutes", "subject_version"],
        ));
    create(manager, table).await?;
    index(manager, "message", &["state", "send_at"]).await?;
    index(manager, "message", &["subject_id"]).await?;
    Ok(())
}
