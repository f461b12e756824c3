//! How a plan was searched for: with how many threads and for how long, and what a run may move.

use sea_orm_migration::{prelude::*, schema::*};

use crate::support::{column, drop_columns};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column(manager, "plan", integer_null("threads")).await?;
        column(manager, "plan", integer_null("seconds")).await?;
        column(manager, "plan_run", string_len("mode", 32).default("fill").take()).await?;
        column(manager, "plan_run", integer("threads").default(1).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, "plan_run", &["mode", "threads"]).await?;
        drop_columns(manager, "plan", &["threads", "seconds"]).await
    }
}
