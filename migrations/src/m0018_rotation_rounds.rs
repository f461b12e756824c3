//! Rounds of rotation as an office runs them: policies as data, the count, applications, proposals, objections, assessments.

use sea_orm_migration::{prelude::*, schema::*};

use crate::support::{column, create, drop_columns, drop_tables, index, keyed, reference, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] = &[
    "rotation_policy",
    "rotation_rule",
    "round_step",
    "staffing",
    "candidacy",
    "application",
    "application_wish",
    "exemption",
    "recommendation",
    "rotation_proposal",
    "proposal_move",
    "objection",
    "assessment",
];

/// States of a round before and after, as they are stored.
const RENAMED: &[(&str, &str)] = &[("publicity", "publicising"), ("approved", "dispatching")];

/// Steps that were no states before, and the state they were part of.
const FOLDED: &[(&str, &str)] = &[
    ("recommending", "applying"),
    ("proposing", "applying"),
    ("approving", "publicity"),
    ("serving", "approved"),
    ("assessing", "approved"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rotation_policy(manager).await?;
        rotation_rule(manager).await?;
        round_step(manager).await?;
        staffing(manager).await?;
        candidacy(manager).await?;
        application(manager).await?;
        application_wish(manager).await?;
        exemption(manager).await?;
        recommendation(manager).await?;
        rotation_proposal(manager).await?;
        proposal_move(manager).await?;
        objection(manager).await?;
        assessment(manager).await?;
        column(manager, "rotation_round", uuid_null("policy_id")).await?;
        column(manager, "rotation_round", uuid_null("group_id")).await?;
        column(manager, "placement", uuid_null("proposal_id")).await?;
        column(manager, "placement", text_null("weekdays")).await?;
        for (before, after) in RENAMED {
            rename_state(manager, before, after).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (before, after) in RENAMED {
            rename_state(manager, after, before).await?;
        }
        for (step, state) in FOLDED {
            rename_state(manager, step, state).await?;
        }
        drop_columns(manager, "placement", &["proposal_id", "weekdays"]).await?;
        drop_columns(manager, "rotation_round", &["policy_id", "group_id"]).await?;
        drop_tables(manager, TABLES).await
    }
}

async fn rename_state(manager: &SchemaManager<'_>, from: &str, to: &str) -> Result<(), DbErr> {
    let update = Query::update()
        .table("rotation_round")
        .value("state", to)
        .and_where(Expr::col("state").eq(from))
        .to_owned();
    manager.execute(update).await
}

async fn rotation_policy(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("rotation_policy");
    table
        .col(text("name"))
        .col(uuid_null("group_id"))
        .col(date("from_on"))
        .col(date_null("until_on"))
        .col(string_len_null("preset", 32))
        .col(integer("version"))
        .foreign_key(&mut reference("group_id", "education_group"));
    create(manager, table).await?;
    index(manager, "rotation_policy", &["group_id"]).await
}

async fn rotation_rule(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("rotation_rule");
    table
        .col(uuid("policy_id"))
        .col(integer("ordinal"))
        .col(string_len("kind", 32))
        .col(json_binary("value"))
        .col(text_null("note"))
        .foreign_key(&mut reference("policy_id", "rotation_policy"))
        .index(&mut unique("rotation_rule", &["policy_id", "ordinal"]));
    create(manager, table).await
}

async fn round_step(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("round_step");
    table
        .col(uuid("round_id"))
        .col(string_len("step", 32))
        .col(date("from_on"))
        .col(date("due_on"))
        .col(integer("version"))
        .foreign_key(&mut reference("round_id", "rotation_round"))
        .index(&mut unique("round_step", &["round_id", "step"]));
    create(manager, table).await
}

async fn staffing(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("staffing");
    table
        .col(uuid("round_id"))
        .col(uuid("school_id"))
        .col(string_len("stage", 32))
        .col(uuid("subject_id"))
        .col(integer("needed"))
        .col(integer("present"))
        .col(string_len("source", 32))
        .col(text_null("note"))
        .col(integer("version"))
        .foreign_key(&mut reference("round_id", "rotation_round"))
        .foreign_key(&mut reference("school_id", "school"))
        .foreign_key(&mut reference("subject_id", "subject"))
        .index(&mut unique("staffing", &["round_id", "school_id", "stage", "subject_id"]));
    create(manager, table).await
}

async fn candidacy(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("candidacy");
    table
        .col(uuid("round_id"))
        .col(uuid("teacher_id"))
        .col(uuid("school_id"))
        .col(string_len("stage", 32))
        .col(uuid_null("subject_id"))
        .col(string_len("standing", 32))
        .col(boolean("backbone"))
        .col(json_binary("facts"))
        .col(text_null("correction"))
        .col(timestamp_with_time_zone("computed_at"))
        .col(integer("version"))
        .foreign_key(&mut reference("round_id", "rotation_round"))
        .foreign_key(&mut reference("teacher_id", "teacher"))
        .foreign_key(&mut reference("school_id", "school"))
        .foreign_key(&mut reference("subject_id", "subject"))
        .index(&mut unique("candidacy", &["round_id", "teacher_id"]));
    create(manager, table).await?;
    index(manager, "candidacy", &["teacher_id"]).await
}

async fn application(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("application");
    table
        .col(uuid("round_id"))
        .col(uuid("teacher_id"))
        .col(string_len("form", 32))
        .col(integer("years"))
        .col(text_null("reason"))
        .col(string_len("state", 32))
        .col(uuid_null("partner_id"))
        .col(string_len_null("link", 32))
        .col(boolean("volunteer"))
        .col(timestamp_with_time_zone_null("submitted_at"))
        .col(integer("version"))
        .foreign_key(&mut reference("round_id", "rotation_round"))
        .foreign_key(&mut reference("teacher_id", "teacher"))
        .foreign_key(&mut reference("partner_id", "teacher"))
        .index(&mut unique("application", &["round_id", "teacher_id"]));
    create(manager, table).await?;
    index(manager, "application", &["teacher_id"]).await
}

async fn application_wish(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("application_wish");
    table
        .col(uuid("application_id"))
        .col(integer("rank"))
        .col(uuid("school_id"))
        .foreign_key(&mut reference("application_id", "application"))
        .foreign_key(&mut reference("school_id", "school"))
        .index(&mut unique("application_wish", &["application_id", "rank"]))
        .index(&mut unique("application_wish", &["application_id", "school_id"]));
    create(manager, table).await
}

async fn exemption(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("exemption");
    table
        .col(uuid("round_id"))
        .col(uuid("teacher_id"))
        .col(string_len("kind", 32))
        .col(text("evidence"))
        .col(date("evidence_from_on"))
        .col(date_null("expires_on"))
        .col(string_len("state", 32))
        .col(text_null("decision_reason"))
        .col(text_null("decided_by"))
        .col(integer("version"))
        .foreign_key(&mut reference("round_id", "rotation_round"))
        .foreign_key(&mut reference("teacher_id", "teacher"));
    create(manager, table).await?;
    index(manager, "exemption", &["round_id", "teacher_id"]).await
}

async fn recommendation(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("recommendation");
    table
        .col(uuid("round_id"))
        .col(uuid("teacher_id"))
        .col(uuid("school_id"))
        .col(string_len("verdict", 32))
        .col(text("reason"))
        .col(integer("version"))
        .foreign_key(&mut reference("round_id", "rotation_round"))
        .foreign_key(&mut reference("teacher_id", "teacher"))
        .foreign_key(&mut reference("school_id", "school"))
        .index(&mut unique("recommendation", &["round_id", "teacher_id"]));
    create(manager, table).await
}

async fn rotation_proposal(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("rotation_proposal");
    table
        .col(uuid("round_id"))
        .col(integer("number"))
        .col(uuid_null("parent_id"))
        .col(text_null("reason"))
        .col(string_len("state", 32))
        .col(json_binary("settings"))
        .col(json_binary("outcome"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut reference("round_id", "rotation_round"))
        .foreign_key(&mut reference("parent_id", "rotation_proposal"))
        .index(&mut unique("rotation_proposal", &["round_id", "number"]));
    create(manager, table).await
}

async fn proposal_move(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("proposal_move");
    table
        .col(uuid("proposal_id"))
        .col(uuid("teacher_id"))
        .col(uuid("from_school_id"))
        .col(uuid_null("to_school_id"))
        .col(string_len("form", 32))
        .col(date("from_on"))
        .col(date("until_on"))
        .col(text_null("weekdays"))
        .col(integer_null("wish_rank"))
        .col(integer_null("commute_before"))
        .col(integer_null("commute_after"))
        .col(json_binary("reasons"))
        .foreign_key(&mut reference("proposal_id", "rotation_proposal"))
        .foreign_key(&mut reference("teacher_id", "teacher"))
        .foreign_key(&mut reference("from_school_id", "school"))
        .foreign_key(&mut reference("to_school_id", "school"))
        .index(&mut unique("proposal_move", &["proposal_id", "teacher_id"]));
    create(manager, table).await?;
    index(manager, "proposal_move", &["teacher_id"]).await
}

async fn objection(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("objection");
    table
        .col(uuid("round_id"))
        .col(uuid_null("proposal_id"))
        .col(uuid_null("teacher_id"))
        .col(text("raised_by"))
        .col(text("content"))
        .col(string_len("state", 32))
        .col(text_null("answer"))
        .col(text_null("answered_by"))
        .col(timestamp_with_time_zone("raised_at"))
        .col(timestamp_with_time_zone_null("answered_at"))
        .col(integer("version"))
        .foreign_key(&mut reference("round_id", "rotation_round"))
        .foreign_key(&mut reference("proposal_id", "rotation_proposal"))
        .foreign_key(&mut reference("teacher_id", "teacher"));
    create(manager, table).await?;
    index(manager, "objection", &["round_id"]).await
}

async fn assessment(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = keyed("assessment");
    table
        .col(uuid("placement_id"))
        .col(string_len("kind", 32))
        .col(string_len("result", 32))
        .col(text_null("remark"))
        .col(date("assessed_on"))
        .col(integer("version"))
        .foreign_key(&mut reference("placement_id", "placement"))
        .index(&mut unique("assessment", &["placement_id", "kind"]));
    create(manager, table).await
}
