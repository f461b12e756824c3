//! Searches for proposals of a round as jobs: how far they are, and what came of them.

use sea_orm_migration::{prelude::*, schema::*};

use crate::support::{create, drop_tables, index, keyed, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = keyed("proposal_run");
        table
            .col(uuid("round_id"))
            .col(uuid_null("parent_id"))
            .col(string_len("state", 32))
            .col(integer("seconds"))
            .col(big_integer("searched_ms"))
            .col(timestamp_with_time_zone("started_at"))
            .col(timestamp_with_time_zone("heartbeat_at"))
            .col(timestamp_with_time_zone_null("finished_at"))
            .col(uuid_null("proposal_id"))
            .col(text_null("failure"))
            .col(json_binary_null("conflict"))
            .col(text("requested_by"))
            .foreign_key(&mut reference("round_id", "rotation_round"))
            .foreign_key(&mut reference("parent_id", "rotation_proposal"))
            .foreign_key(&mut reference("proposal_id", "rotation_proposal"));
        create(manager, table).await?;
        index(manager, "proposal_run", &["round_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["proposal_run"]).await
    }
}
