//! How long a run has searched, so that its speed can be told.

use sea_orm_migration::{prelude::*, schema::*};

use crate::support::{column, drop_columns};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column(manager, "plan_run", big_integer("searched_ms").default(0).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, "plan_run", &["searched_ms"]).await
    }
}
