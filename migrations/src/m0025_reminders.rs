//! When people are reminded of sessions, quiet hours, and which mails people want.

use sea_orm_migration::{prelude::*, schema::*};

use crate::support::{create, drop_tables, index, keyed, reference, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] = &["reminder_setting", "mail_preference"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        reminder_setting(manager).await?;
        mail_preference(manager).await?;
        // Digests tell what happened between two instants.
        index(manager, "audit_entry", &["entity", "at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::support::drop_index(manager, "audit_entry", &["entity", "at"]).await?;
        drop_tables(manager, TABLES).await
    }
}

async fn reminder_setting(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("reminder_setting");
    table
        .col(uuid_null("group_id"))
        .col(json_binary_null("rules"))
        .col(integer_null("quiet_from"))
        .col(integer_null("quiet_until"))
        .col(integer("version"))
        .foreign_key(&mut reference("group_id", "education_group"))
        .index(&mut unique("reminder_setting", &["group_id"]));
    create(manager, table).await
}

async fn mail_preference(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("mail_preference");
    table
        .col(uuid("teacher_id"))
        .col(string_len("category", 32))
        .col(boolean("wanted"))
        .col(timestamp_with_time_zone("changed_at"))
        .foreign_key(&mut reference("teacher_id", "teacher"))
        .index(&mut unique("mail_preference", &["teacher_id", "category"]));
    create(manager, table).await
}
