//! Tables of the capability `calendar`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::support::{create, drop_tables, index, keyed, reference, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] =
    &["term", "school_day", "bell", "school_class", "lesson", "room", "travel_time", "booking"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        term(manager).await?;
        school_day(manager).await?;
        bell(manager).await?;
        school_class(manager).await?;
        lesson(manager).await?;
        room(manager).await?;
        travel_time(manager).await?;
        booking(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}

async fn term(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("term");
    table
        .col(text("name"))
        .col(date("starts_on"))
        .col(date("ends_on"))
        .col(integer("version"))
        .index(&mut unique("term", &["starts_on"]));
    create(manager, table).await?;
    Ok(())
}

async fn school_day(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("school_day");
    table
        .col(date("day_on"))
        .col(uuid_null("school_id"))
        .col(string_len("kind", 32))
        .col(integer_null("timetable_weekday"))
        .col(text_null("name"))
        .col(integer("version"))
        .foreign_key(&mut reference("school_id", "school"));
    create(manager, table).await?;
    index(manager, "school_day", &["day_on"]).await?;
    Ok(())
}

async fn bell(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("bell");
    table
        .col(uuid_null("school_id"))
        .col(string_len("stage", 32))
        .col(integer("period"))
        .col(time("starts_at"))
        .col(time("ends_at"))
        .col(date_null("from_on"))
        .col(date_null("until_on"))
        .foreign_key(&mut reference("school_id", "school"));
    create(manager, table).await?;
    index(manager, "bell", &["stage"]).await?;
    Ok(())
}

async fn school_class(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("school_class");
    table
        .col(uuid("school_id"))
        .col(text("name"))
        .col(string_len("stage", 32))
        .col(integer_null("grade"))
        .foreign_key(&mut reference("school_id", "school"))
        .index(&mut unique("school_class", &["school_id", "name"]));
    create(manager, table).await?;
    Ok(())
}

async fn lesson(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("lesson");
    table
        .col(uuid("school_id"))
        .col(uuid("class_id"))
        .col(uuid("teacher_id"))
        .col(uuid("subject_id"))
        .col(integer("weekday"))
        .col(integer("period"))
        .col(string_len("parity", 32))
        .col(date("from_on"))
        .col(date_null("until_on"))
        .foreign_key(&mut reference("school_id", "school"))
        .foreign_key(&mut reference("class_id", "school_class"))
        .foreign_key(&mut reference("teacher_id", "teacher"))
        .foreign_key(&mut reference("subject_id", "subject"));
    create(manager, table).await?;
    index(manager, "lesson", &["teacher_id"]).await?;
    index(manager, "lesson", &["class_id"]).await?;
    index(manager, "lesson", &["school_id"]).await?;
    Ok(())
}

async fn room(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("room");
    table
        .col(uuid("school_id"))
        .col(text("name"))
        .col(integer("capacity"))
        .col(json_binary("equipment"))
        .col(integer("version"))
        .foreign_key(&mut reference("school_id", "school"))
        .index(&mut unique("room", &["school_id", "name"]));
    create(manager, table).await?;
    Ok(())
}

async fn travel_time(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("travel_time");
    table
        .col(uuid("from_school_id"))
        .col(uuid("to_school_id"))
        .col(double_null("kilometres"))
        .col(integer("minutes"))
        .foreign_key(&mut reference("from_school_id", "school"))
        .foreign_key(&mut reference("to_school_id", "school"))
        .index(&mut unique("travel_time", &["from_school_id", "to_school_id"]));
    create(manager, table).await?;
    Ok(())
}

async fn booking(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("booking");
    table
        .col(string_len("resource", 32))
        .col(uuid("resource_id"))
        .col(uuid("session_id"))
        .col(timestamp_with_time_zone("starts_at"))
        .col(timestamp_with_time_zone("ends_at"))
        .index(&mut unique("booking", &["resource_id", "session_id"]));
    create(manager, table).await?;
    index(manager, "booking", &["session_id"]).await?;
    Ok(())
}
