//! The district: the tenant every other row belongs to.

use sea_orm_migration::{prelude::*, schema::*};

use crate::support::{create, drop_tables};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table
            .table("district")
            .col(pk_uuid("id"))
            .col(text_uniq("name"))
            .col(text("zone"))
            .col(boolean("demo"))
            .col(integer("version"));
        create(manager, table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["district"]).await
    }
}
