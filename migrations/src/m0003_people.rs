//! Tables of the capability `people`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::support::{create, drop_tables, index, keyed, reference, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] = &[
    "teacher",
    "appointment",
    "honour",
    "duty",
    "posting",
    "researcher",
    "coordinator",
    "inspector",
    "team",
    "team_member",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        teacher(manager).await?;
        appointment(manager).await?;
        honour(manager).await?;
        duty(manager).await?;
        posting(manager).await?;
        researcher(manager).await?;
        coordinator(manager).await?;
        inspector(manager).await?;
        team(manager).await?;
        team_member(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}

async fn teacher(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("teacher");
    table
        .col(text("number"))
        .col(text("name"))
        .col(string_len_null("sex", 32))
        .col(date_null("born_on"))
        .col(text_null("email"))
        .col(text("employer"))
        .col(string_len_null("title", 32))
        .col(text_null("residence"))
        .col(text_null("note"))
        .col(date_null("left_on"))
        .col(integer("version"))
        .index(&mut unique("teacher", &["number"]));
    create(manager, table).await?;
    index(manager, "teacher", &["name"]).await?;
    Ok(())
}

async fn appointment(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("appointment");
    table
        .col(uuid("teacher_id"))
        .col(uuid("school_id"))
        .col(string_len("stage", 32))
        .col(uuid_null("subject_id"))
        .col(date("from_on"))
        .col(date_null("until_on"))
        .foreign_key(&mut reference("teacher_id", "teacher"))
        .foreign_key(&mut reference("school_id", "school"))
        .foreign_key(&mut reference("subject_id", "subject"))
        .index(&mut unique("appointment", &["teacher_id", "from_on"]));
    create(manager, table).await?;
    index(manager, "appointment", &["school_id"]).await?;
    Ok(())
}

async fn honour(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("honour");
    table
        .col(uuid("teacher_id"))
        .col(string_len("level", 32))
        .col(text("name"))
        .col(date_null("awarded_on"))
        .col(date_null("expires_on"))
        .foreign_key(&mut reference("teacher_id", "teacher"))
        .index(&mut unique("honour", &["teacher_id", "name"]));
    create(manager, table).await?;
    Ok(())
}

async fn duty(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("duty");
    table
        .col(uuid("teacher_id"))
        .col(uuid("school_id"))
        .col(string_len("kind", 32))
        .col(date("from_on"))
        .col(date_null("until_on"))
        .foreign_key(&mut reference("teacher_id", "teacher"))
        .foreign_key(&mut reference("school_id", "school"))
        .index(&mut unique("duty", &["teacher_id", "school_id", "kind", "from_on"]));
    create(manager, table).await?;
    index(manager, "duty", &["school_id"]).await?;
    Ok(())
}

async fn posting(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("posting");
    table
        .col(uuid("teacher_id"))
        .col(uuid("school_id"))
        .col(string_len("form", 32))
        .col(text_null("weekdays"))
        .col(boolean("home_post_kept"))
        .col(string_len_null("duty", 32))
        .col(uuid_null("placement_id"))
        .col(date("from_on"))
        .col(date_null("until_on"))
        .col(text_null("note"))
        .col(integer("version"))
        .foreign_key(&mut reference("teacher_id", "teacher"))
        .foreign_key(&mut reference("school_id", "school"))
        .index(&mut unique("posting", &["teacher_id", "school_id", "from_on"]));
    create(manager, table).await?;
    index(manager, "posting", &["school_id"]).await?;
    Ok(())
}

async fn researcher(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("researcher");
    table
        .col(uuid("teacher_id"))
        .col(text("subject_area"))
        .col(string_len("stage", 32))
        .col(boolean("full_time"))
        .col(uuid_null("base_school_id"))
        .col(uuid_null("group_id"))
        .col(date("from_on"))
        .col(date_null("until_on"))
        .col(integer("version"))
        .foreign_key(&mut reference("teacher_id", "teacher"))
        .foreign_key(&mut reference("base_school_id", "school"))
        .foreign_key(&mut reference("group_id", "education_group"))
        .index(&mut unique("researcher", &["teacher_id", "from_on"]));
    create(manager, table).await?;
    index(manager, "researcher", &["group_id"]).await?;
    Ok(())
}

async fn coordinator(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("coordinator");
    table
        .col(uuid("group_id"))
        .col(uuid("teacher_id"))
        .col(date("from_on"))
        .col(date_null("until_on"))
        .foreign_key(&mut reference("group_id", "education_group"))
        .foreign_key(&mut reference("teacher_id", "teacher"))
        .index(&mut unique("coordinator", &["group_id", "teacher_id", "from_on"]));
    create(manager, table).await?;
    index(manager, "coordinator", &["teacher_id"]).await?;
    Ok(())
}

async fn inspector(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("inspector");
    table
        .col(uuid("group_id"))
        .col(uuid("teacher_id"))
        .col(date("from_on"))
        .col(date_null("until_on"))
        .foreign_key(&mut reference("group_id", "education_group"))
        .foreign_key(&mut reference("teacher_id", "teacher"))
        .index(&mut unique("inspector", &["group_id", "teacher_id", "from_on"]));
    create(manager, table).await?;
    index(manager, "inspector", &["teacher_id"]).await?;
    Ok(())
}

async fn team(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("team");
    table
        .col(text("name"))
        .col(string_len("kind", 32))
        .col(uuid_null("subject_id"))
        .col(string_len_null("stage", 32))
        .col(integer("version"))
        .foreign_key(&mut reference("subject_id", "subject"))
        .index(&mut unique("team", &["name"]));
    create(manager, table).await?;
    Ok(())
}

async fn team_member(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("team_member");
    table
        .col(uuid("team_id"))
        .col(uuid("teacher_id"))
        .col(string_len("role", 32))
        .col(date("from_on"))
        .col(date_null("until_on"))
        .foreign_key(&mut reference("team_id", "team"))
        .foreign_key(&mut reference("teacher_id", "teacher"))
        .index(&mut unique("team_member", &["team_id", "teacher_id", "from_on"]));
    create(manager, table).await?;
    index(manager, "team_member", &["teacher_id"]).await?;
    Ok(())
}
