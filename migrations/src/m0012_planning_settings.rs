//! What a district and its groups set for planning.

use sea_orm_migration::{prelude::*, schema::*};

use crate::support::{create, drop_tables, keyed, reference, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] = &["planning_setting"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        planning_setting(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}

async fn planning_setting(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("planning_setting");
    table
        .col(uuid_null("group_id"))
        .col(json_binary("weights"))
        .col(json_binary("limits"))
        .col(integer("version"))
        .foreign_key(&mut reference("group_id", "education_group"))
        .index(&mut unique("planning_setting", &["group_id"]));
    create(manager, table).await
}
