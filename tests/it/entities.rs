//! Entities and migrations describe the same tables.

use std::collections::BTreeSet;
use std::fs;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Schema, Statement};
use tongpan::database::is_postgres;
use tongpan::entity::*;

use crate::harness::on_both;
use crate::migrations::undo;

const SQLITE_COLUMNS: &str = "\
    SELECT t.name || '.' || c.name || ' ' || lower(c.type) || CASE WHEN c.\"notnull\" THEN '' ELSE ' null' END AS line \
    FROM sqlite_master t JOIN pragma_table_info(t.name) c \
    WHERE t.type = 'table' AND t.name <> 'seaql_migrations'";

const POSTGRES_COLUMNS: &str = "\
    SELECT t.relname || '.' || c.attname || ' ' || format_type(c.atttypid, c.atttypmod) \
      || CASE WHEN c.attnotnull THEN '' ELSE ' null' END AS line \
    FROM pg_attribute c JOIN pg_class t ON t.oid = c.attrelid \
    WHERE t.relnamespace = 'public'::regnamespace AND t.relkind = 'r' AND t.relname <> 'seaql_migrations' \
      AND c.attnum > 0 AND NOT c.attisdropped";

/// Every column of the database as a line: `school.note text null`.
pub async fn columns(connection: &DatabaseConnection) -> BTreeSet<String> {
    let sql = if is_postgres(connection) { POSTGRES_COLUMNS } else { SQLITE_COLUMNS };
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.expect("the catalogue reads");
    rows.iter().map(|row| row.try_get("", "line").expect("a line")).collect()
}

/// The tables among `columns`.
pub fn tables(columns: &BTreeSet<String>) -> BTreeSet<String> {
    columns.iter().filter_map(|line| line.split_once('.')).map(|(table, _)| table.to_owned()).collect()
}

/// Makes the tables as the entities describe them.
async fn tables_of_the_entities(connection: &DatabaseConnection) -> Result<(), DbErr> {
    Schema::new(connection.get_database_backend())
        .builder()
        .register(absence::Entity)
        .register(application::Entity)
        .register(application_wish::Entity)
        .register(appointment::Entity)
        .register(assessment::Entity)
        .register(audit_entry::Entity)
        .register(bell::Entity)
        .register(booking::Entity)
        .register(calendar_feed::Entity)
        .register(candidacy::Entity)
        .register(coordinator::Entity)
        .register(district::Entity)
        .register(duty::Entity)
        .register(education_group::Entity)
        .register(exemption::Entity)
        .register(honour::Entity)
        .register(import_run::Entity)
        .register(inspector::Entity)
        .register(lesson::Entity)
        .register(link_key::Entity)
        .register(mail_preference::Entity)
        .register(membership::Entity)
        .register(message::Entity)
        .register(objection::Entity)
        .register(participant::Entity)
        .register(placement::Entity)
        .register(plan::Entity)
        .register(plan_group::Entity)
        .register(plan_run::Entity)
        .register(plan_session::Entity)
        .register(planning_setting::Entity)
        .register(posting::Entity)
        .register(programme::Entity)
        .register(proposal_move::Entity)
        .register(proposal_run::Entity)
        .register(publication::Entity)
        .register(published_plan::Entity)
        .register(recommendation::Entity)
        .register(reminder_setting::Entity)
        .register(research_session::Entity)
        .register(researcher::Entity)
        .register(room::Entity)
        .register(room_closure::Entity)
        .register(rotation_policy::Entity)
        .register(rotation_proposal::Entity)
        .register(rotation_round::Entity)
        .register(rotation_rule::Entity)
        .register(round_step::Entity)
        .register(school::Entity)
        .register(school_class::Entity)
        .register(school_day::Entity)
        .register(school_stage::Entity)
        .register(staffing::Entity)
        .register(subject::Entity)
        .register(teacher::Entity)
        .register(team::Entity)
        .register(team_member::Entity)
        .register(term::Entity)
        .register(travel_time::Entity)
        .apply(connection)
        .await
}

#[tokio::test]
async fn entities_and_migrations_describe_the_same_columns() {
    on_both(async |town| {
        let migrated = columns(town.scope.reader()).await;
        undo(town, None).await;
        tables_of_the_entities(town.scope.reader()).await.expect("the entities make tables");
        let described = columns(town.scope.reader()).await;
        let only_migrated: Vec<_> = migrated.difference(&described).collect();
        let only_described: Vec<_> = described.difference(&migrated).collect();
        assert!(
            only_migrated.is_empty() && only_described.is_empty(),
            "the migrations make {only_migrated:#?}\nwhere the entities say {only_described:#?}"
        );
    })
    .await;
}

#[tokio::test]
async fn every_entity_file_has_its_table() {
    on_both(async |town| {
        let tables = tables(&columns(town.scope.reader()).await);
        let files: BTreeSet<String> = fs::read_dir("src/entity")
            .expect("the folder of the entities")
            .filter_map(|file| file.ok()?.path().file_stem()?.to_str().map(str::to_owned))
            .filter(|name| name != "mod" && name != "values")
            .collect();
        assert_eq!(files, tables);
    })
    .await;
}

#[tokio::test]
async fn a_row_of_every_entity_reads_back_as_it_was_written() {
    on_both(async |town| {
        town.a_whole_county().await;
        for table in tables(&columns(town.scope.reader()).await) {
            assert!(rows_in(town.scope.reader(), &table).await > 0, "no row was written into {table}");
        }
    })
    .await;
}

/// How many rows a table holds.
pub async fn rows_in(connection: &DatabaseConnection, table: &str) -> i64 {
    let count = Statement::from_string(
        connection.get_database_backend(),
        format!("SELECT count(*) AS n FROM {table}"),
    );
    let row = connection.query_one_raw(count).await.expect("the table reads").expect("a count");
    row.try_get("", "n").expect("a number")
}
