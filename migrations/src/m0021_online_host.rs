//! The school that was to host a session before it was moved online: it goes on deciding who leads and comes.

use sea_orm_migration::{prelude::*, schema::*};

use crate::support::{column, drop_columns};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column(manager, "research_session", uuid_null("online_host_id")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, "research_session", &["online_host_id"]).await
    }
}
