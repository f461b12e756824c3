//! When a mail's body last went out, so that workers count together what a provider bears; how long mails wait after publishing, and
//! what is needed to take a publication back meanwhile.

use sea_orm_migration::{prelude::*, schema::*};

use crate::support::{column, create, drop_columns, drop_index, drop_tables, index, keyed, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column(manager, "message", timestamp_with_time_zone_null("tried_at")).await?;
        index(manager, "message", &["tried_at"]).await?;
        index(manager, "message", &["address", "tried_at"]).await?;
        column(manager, "district", integer("hold_minutes").default(2)).await?;
        let mut table = keyed("publication");
        table
            .col(uuid("plan_id"))
            .col(text("published_by"))
            .col(timestamp_with_time_zone("published_at"))
            .col(timestamp_with_time_zone("held_until"))
            .col(json_binary_null("before"))
            .col(timestamp_with_time_zone_null("undone_at"))
            .foreign_key(&mut reference("plan_id", "plan"));
        create(manager, table).await?;
        index(manager, "publication", &["plan_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["publication"]).await?;
        drop_columns(manager, "district", &["hold_minutes"]).await?;
        drop_index(manager, "message", &["tried_at"]).await?;
        drop_index(manager, "message", &["address", "tried_at"]).await?;
        drop_columns(manager, "message", &["tried_at"]).await
    }
}
