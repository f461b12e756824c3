//! When, why and in which way people answered, and calendars that they subscribe to.

use sea_orm_migration::{prelude::*, schema::*};

use crate::support::{column, create, drop_columns, drop_tables, index, keyed};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column(manager, "participant", timestamp_with_time_zone_null("replied_at")).await?;
        column(manager, "participant", text_null("reply_reason")).await?;
        column(manager, "participant", string_len_null("reply_way", 32)).await?;
        column(manager, "participant", integer("version").default(1)).await?;
        let mut feed = keyed("calendar_feed");
        feed.col(string_len("owner", 32))
            .col(uuid("owner_id"))
            .col(blob("token_hash"))
            .col(timestamp_with_time_zone("created_at"))
            .col(text("created_by"))
            .col(timestamp_with_time_zone_null("revoked_at"))
            .index(
                Index::create().name("uq_calendar_feed_token").unique().col("token_hash").col("district_id"),
            );
        create(manager, feed).await?;
        index(manager, "calendar_feed", &["owner_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["calendar_feed"]).await?;
        drop_columns(manager, "participant", &["replied_at", "reply_reason", "reply_way", "version"]).await
    }
}
