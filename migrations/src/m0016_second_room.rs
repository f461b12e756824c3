//! The room at the sending end of a lesson given from afar, beside the one where it is received.

use sea_orm_migration::{prelude::*, schema::*};

use crate::support::{column, drop_columns};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] = &["research_session", "plan_session"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            column(manager, table, uuid_null("second_room_id")).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            drop_columns(manager, table, &["second_room_id"]).await?;
        }
        Ok(())
    }
}
