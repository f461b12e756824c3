//! Tables of the capability `sessions`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::support::{create, drop_tables, index, keyed, reference, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] = &["programme", "research_session", "participant"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        programme(manager).await?;
        research_session(manager).await?;
        participant(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}

async fn programme(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("programme");
    table
        .col(uuid("term_id"))
        .col(uuid("group_id"))
        .col(string_len_null("stage", 32))
        .col(uuid_null("subject_id"))
        .col(integer_null("grade"))
        .col(string_len("form", 32))
        .col(string_len("level", 32))
        .col(text("topic"))
        .col(integer("count"))
        .col(integer("minutes"))
        .col(integer("min_gap_days"))
        .col(boolean("monthly"))
        .col(integer_null("weeks_after_exam"))
        .col(date_null("not_before_on"))
        .col(integer_null("subject_weekday"))
        .col(string_len_null("subject_half", 32))
        .col(string_len("host_rule", 32))
        .col(string_len("presenters_from", 32))
        .col(integer("presenters"))
        .col(integer("presenter_schools"))
        .col(uuid_null("researcher_id"))
        .col(string_len("audience", 32))
        .col(json_binary("audience_duties"))
        .col(boolean("audience_researchers"))
        .col(string_len("mode", 32))
        .col(json_binary("equipment"))
        .col(integer("version"))
        .foreign_key(&mut reference("term_id", "term"))
        .foreign_key(&mut reference("group_id", "education_group"))
        .foreign_key(&mut reference("subject_id", "subject"))
        .foreign_key(&mut reference("researcher_id", "teacher"));
    create(manager, table).await?;
    index(manager, "programme", &["term_id", "group_id"]).await?;
    Ok(())
}

async fn research_session(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("research_session");
    table
        .col(uuid_null("programme_id"))
        .col(uuid("term_id"))
        .col(uuid("group_id"))
        .col(integer("ordinal"))
        .col(string_len("form", 32))
        .col(string_len("level", 32))
        .col(string_len("mode", 32))
        .col(string_len_null("stage", 32))
        .col(uuid_null("subject_id"))
        .col(integer_null("grade"))
        .col(text("topic"))
        .col(integer("minutes"))
        .col(string_len("state", 32))
        .col(uuid_null("host_school_id"))
        .col(uuid_null("room_id"))
        .col(timestamp_with_time_zone_null("starts_at"))
        .col(timestamp_with_time_zone_null("ends_at"))
        .col(text_null("online_url"))
        .col(integer("sequence"))
        .col(text_null("reason"))
        .col(integer("version"))
        .foreign_key(&mut reference("programme_id", "programme"))
        .foreign_key(&mut reference("term_id", "term"))
        .foreign_key(&mut reference("group_id", "education_group"))
        .foreign_key(&mut reference("subject_id", "subject"))
        .index(&mut unique("research_session", &["programme_id", "ordinal"]));
    create(manager, table).await?;
    index(manager, "research_session", &["group_id", "starts_at"]).await?;
    index(manager, "research_session", &["term_id"]).await?;
    Ok(())
}

async fn participant(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("participant");
    table
        .col(uuid("session_id"))
        .col(uuid("teacher_id"))
        .col(string_len("role", 32))
        .col(boolean("required"))
        .col(text_null("excused"))
        .col(text_null("cover"))
        .col(string_len("reply", 32))
        .foreign_key(&mut reference("session_id", "research_session"))
        .index(&mut unique("participant", &["session_id", "teacher_id"]));
    create(manager, table).await?;
    index(manager, "participant", &["teacher_id"]).await?;
    Ok(())
}
