//! Tables of the capability `plans`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::support::{create, drop_tables, index, keyed, reference, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] = &["plan", "plan_group", "plan_session", "published_plan", "plan_run"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        plan(manager).await?;
        plan_group(manager).await?;
        plan_session(manager).await?;
        published_plan(manager).await?;
        plan_run(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}

async fn plan(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("plan");
    table
        .col(uuid("term_id"))
        .col(integer("number"))
        .col(string_len("origin", 32))
        .col(timestamp_with_time_zone("as_of"))
        .col(big_integer("seed"))
        .col(big_integer("steps"))
        .col(big_integer("hard"))
        .col(big_integer("medium"))
        .col(big_integer("soft"))
        .col(json_binary("rules"))
        .col(timestamp_with_time_zone("created_at"))
        .col(text("created_by"))
        .col(timestamp_with_time_zone_null("published_at"))
        .foreign_key(&mut reference("term_id", "term"))
        .index(&mut unique("plan", &["number"]));
    create(manager, table).await?;
    index(manager, "plan", &["term_id"]).await?;
    Ok(())
}

async fn plan_group(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("plan_group");
    table
        .col(uuid("plan_id"))
        .col(uuid("group_id"))
        .col(uuid_null("parent_id"))
        .foreign_key(&mut reference("plan_id", "plan"))
        .foreign_key(&mut reference("group_id", "education_group"))
        .index(&mut unique("plan_group", &["plan_id", "group_id"]));
    create(manager, table).await?;
    Ok(())
}

async fn plan_session(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("plan_session");
    table
        .col(uuid("plan_id"))
        .col(uuid("session_id"))
        .col(uuid_null("host_school_id"))
        .col(uuid_null("room_id"))
        .col(timestamp_with_time_zone_null("starts_at"))
        .col(timestamp_with_time_zone_null("ends_at"))
        .col(json_binary("people"))
        .col(json_binary("obstacles"))
        .foreign_key(&mut reference("plan_id", "plan"))
        .foreign_key(&mut reference("session_id", "research_session"))
        .index(&mut unique("plan_session", &["plan_id", "session_id"]));
    create(manager, table).await?;
    Ok(())
}

async fn published_plan(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("published_plan");
    table
        .col(uuid("term_id"))
        .col(uuid("group_id"))
        .col(uuid("plan_id"))
        .col(timestamp_with_time_zone("published_at"))
        .col(text("published_by"))
        .foreign_key(&mut reference("term_id", "term"))
        .foreign_key(&mut reference("group_id", "education_group"))
        .foreign_key(&mut reference("plan_id", "plan"))
        .index(&mut unique("published_plan", &["term_id", "group_id"]));
    create(manager, table).await?;
    Ok(())
}

async fn plan_run(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("plan_run");
    table
        .col(uuid("term_id"))
        .col(uuid_null("group_id"))
        .col(string_len("state", 32))
        .col(timestamp_with_time_zone("as_of"))
        .col(big_integer("seed"))
        .col(integer("seconds"))
        .col(big_integer("steps"))
        .col(integer("placed"))
        .col(integer("total"))
        .col(big_integer("hard"))
        .col(big_integer("medium"))
        .col(big_integer("soft"))
        .col(timestamp_with_time_zone("started_at"))
        .col(timestamp_with_time_zone("heartbeat_at"))
        .col(timestamp_with_time_zone_null("finished_at"))
        .col(uuid_null("plan_id"))
        .col(text_null("failure"))
        .col(text("requested_by"))
        .foreign_key(&mut reference("term_id", "term"))
        .foreign_key(&mut reference("group_id", "education_group"));
    create(manager, table).await?;
    index(manager, "plan_run", &["state"]).await?;
    Ok(())
}
