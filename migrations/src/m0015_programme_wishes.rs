//! What a programme asks beyond its days and hosts: evenings, weekends, a common half-day, and who comes.

use sea_orm_migration::{prelude::*, schema::*};

use crate::support::{column, drop_columns};

#[derive(DeriveMigrationName)]
pub struct Migration;

const COLUMNS: &[&str] =
    &["allows_evening", "allows_weekend", "keep_together", "attendance_quota_percent", "optional_audience"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column(manager, "programme", boolean("allows_evening").default(false).take()).await?;
        column(manager, "programme", boolean("allows_weekend").default(false).take()).await?;
        column(manager, "programme", text_null("keep_together")).await?;
        column(manager, "programme", integer_null("attendance_quota_percent")).await?;
        column(manager, "programme", boolean("optional_audience").default(false).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, "programme", COLUMNS).await
    }
}
