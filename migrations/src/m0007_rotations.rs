//! Tables of the capability `rotations`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::support::{create, drop_tables, index, keyed, reference, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] = &["rotation_round", "placement"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rotation_round(manager).await?;
        placement(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}

async fn rotation_round(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("rotation_round");
    table
        .col(text("name"))
        .col(date("starts_on"))
        .col(date("ends_on"))
        .col(string_len("state", 32))
        .col(integer("version"))
        .index(&mut unique("rotation_round", &["name"]));
    create(manager, table).await?;
    Ok(())
}

async fn placement(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("placement");
    table
        .col(uuid("round_id"))
        .col(uuid("teacher_id"))
        .col(uuid("from_school_id"))
        .col(uuid("to_school_id"))
        .col(string_len("form", 32))
        .col(date("from_on"))
        .col(date("until_on"))
        .col(string_len("state", 32))
        .col(text_null("reason"))
        .col(integer("version"))
        .foreign_key(&mut reference("round_id", "rotation_round"))
        .foreign_key(&mut reference("teacher_id", "teacher"))
        .foreign_key(&mut reference("from_school_id", "school"))
        .foreign_key(&mut reference("to_school_id", "school"))
        .index(&mut unique("placement", &["round_id", "teacher_id"]));
    create(manager, table).await?;
    index(manager, "placement", &["teacher_id"]).await?;
    Ok(())
}
