//! Plans that are worked on by hand: revisions, pins, sessions left undated on purpose, and counts for the lists.

use sea_orm_migration::{prelude::*, schema::*};

use crate::support::{column, drop_columns, drop_index, index};

#[derive(DeriveMigrationName)]
pub struct Migration;

const PLAN: &[&str] = &[
    "revised_from_id",
    "edit",
    "label",
    "discarded_at",
    "placed",
    "total",
    "pinned",
    "undated_on_purpose",
    "version",
];

/// Until now nothing was pinned, and what has no date could not be placed.
const COUNT: &str = "UPDATE plan SET \
    placed = (SELECT COUNT(starts_at) FROM plan_session s \
      WHERE s.plan_id = plan.id AND s.district_id = plan.district_id), \
    total = (SELECT COUNT(*) FROM plan_session s \
      WHERE s.plan_id = plan.id AND s.district_id = plan.district_id)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column(manager, "plan", uuid_null("revised_from_id")).await?;
        column(manager, "plan", json_binary_null("edit")).await?;
        column(manager, "plan", text_null("label")).await?;
        column(manager, "plan", timestamp_with_time_zone_null("discarded_at")).await?;
        for count in ["placed", "total", "pinned", "undated_on_purpose"] {
            column(manager, "plan", integer(count).default(0).take()).await?;
        }
        column(manager, "plan", integer("version").default(1).take()).await?;
        index(manager, "plan", &["revised_from_id"]).await?;
        column(manager, "plan_session", boolean("pinned").default(false).take()).await?;
        column(manager, "plan_session", boolean("undated_on_purpose").default(false).take()).await?;
        column(manager, "plan_run", uuid_null("base_plan_id")).await?;
        manager.get_connection().execute_unprepared(COUNT).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_index(manager, "plan", &["revised_from_id"]).await?;
        drop_columns(manager, "plan", PLAN).await?;
        drop_columns(manager, "plan_session", &["pinned", "undated_on_purpose"]).await?;
        drop_columns(manager, "plan_run", &["base_plan_id"]).await
    }
}
