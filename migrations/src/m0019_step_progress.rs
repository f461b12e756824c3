//! Steps of a round: when the round entered one, why it came back to it, and how many working days it takes at least.

use sea_orm_migration::{prelude::*, schema::*};

use crate::support::{column, drop_columns};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column(manager, "round_step", date_null("entered_on")).await?;
        column(manager, "round_step", integer_null("working_days")).await?;
        column(manager, "round_step", text_null("reason")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, "round_step", &["reason", "working_days", "entered_on"]).await
    }
}
