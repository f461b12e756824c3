//! The key with which a district's links in mails are signed.

use sea_orm_migration::{prelude::*, schema::*};

use crate::support::{create, drop_tables, keyed};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = keyed("link_key");
        table
            .col(text("secret"))
            .col(timestamp_with_time_zone("created_at"))
            .index(Index::create().name("uq_link_key").unique().col("district_id"));
        create(manager, table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["link_key"]).await
    }
}
