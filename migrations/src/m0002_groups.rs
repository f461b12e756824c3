//! Tables of the capability `groups`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::support::{create, drop_tables, index, keyed, reference, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] = &["school", "school_stage", "education_group", "membership", "subject"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        school(manager).await?;
        school_stage(manager).await?;
        education_group(manager).await?;
        membership(manager).await?;
        subject(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}

async fn school(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("school");
    table
        .col(text("code"))
        .col(text("name"))
        .col(string_len("locale", 32))
        .col(double_null("longitude"))
        .col(double_null("latitude"))
        .col(integer_null("classes"))
        .col(integer_null("students"))
        .col(text_null("note"))
        .col(date_null("closed_on"))
        .col(uuid_null("merged_into_id"))
        .col(integer("version"))
        .index(&mut unique("school", &["code"]))
        .index(&mut unique("school", &["name"]));
    create(manager, table).await?;
    Ok(())
}

async fn school_stage(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("school_stage");
    table
        .col(uuid("school_id"))
        .col(string_len("stage", 32))
        .foreign_key(&mut reference("school_id", "school"))
        .index(&mut unique("school_stage", &["school_id", "stage"]));
    create(manager, table).await?;
    Ok(())
}

async fn education_group(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("education_group");
    table
        .col(text("name"))
        .col(string_len("kind", 32))
        .col(date_null("agreement_ends_on"))
        .col(integer("version"))
        .index(&mut unique("education_group", &["name"]));
    create(manager, table).await?;
    Ok(())
}

async fn membership(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("membership");
    table
        .col(uuid("group_id"))
        .col(uuid("school_id"))
        .col(string_len("role", 32))
        .col(date("joined_on"))
        .col(date_null("left_on"))
        .col(date_null("agreement_ends_on"))
        .col(integer("version"))
        .foreign_key(&mut reference("group_id", "education_group"))
        .index(&mut unique("membership", &["group_id", "school_id", "joined_on"]));
    create(manager, table).await?;
    index(manager, "membership", &["school_id"]).await?;
    Ok(())
}

async fn subject(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("subject");
    table.col(text("name")).col(integer("position")).index(&mut unique("subject", &["name"]));
    create(manager, table).await?;
    Ok(())
}
