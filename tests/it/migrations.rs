//! The schema goes up, down and up again, over data, whoever else is at it.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, EntityTrait};
use tongpan::database::Database;
use tongpan::entity::booking;
use tongpan::error::{Error, Language};
use tongpan::id;

use crate::bookings::book;
use crate::entities::{columns, rows_in, tables};
use crate::harness::{Harness, on_both, on_both_empty};

/// Takes back the last `steps` migrations, or all.
pub async fn undo(town: &Harness, steps: Option<u32>) {
    let txn = town.scope.database.begin().await.expect("a transaction");
    Migrator::down(&txn, steps).await.expect("the migrations go down");
    txn.commit().await.expect("a commit");
}

#[tokio::test]
async fn the_schema_goes_down_step_by_step_and_up_again_over_data() {
    on_both(async |town| {
        let reader = town.scope.reader();
        let before = columns(reader).await;
        town.a_whole_county().await;

        for _ in Migrator::migrations() {
            undo(town, Some(1)).await;
            for table in tables(&columns(reader).await) {
                assert!(
                    rows_in(reader, &table).await > 0,
                    "{table} lost its rows to another table's migration"
                );
            }
        }
        assert_eq!(tables(&columns(reader).await), BTreeSet::new());

        town.scope.database.migrate().await.expect("the migrations go up");
        assert_eq!(columns(reader).await, before);
        town.found_the_district().await;
        town.a_whole_county().await;
    })
    .await;
}

#[tokio::test]
async fn bookings_outlive_their_protection_and_are_protected_again() {
    on_both(async |town| {
        town.a_whole_county().await;
        let taken = booking::Entity::find().one(town.scope.reader()).await.expect("bookings").expect("one");

        let newest_first = Migrator::migrations().into_iter().rev();
        let younger = newest_first.take_while(|step| step.name() != "m0010_no_double_booking").count();
        undo(town, Some(younger as u32 + 1)).await;
        town.scope.database.migrate().await.expect("the migrations go up");

        let again = booking::Model { id: id::new(), session_id: id::new(), ..taken };
        assert!(book(&town.scope, vec![again]).await.is_err(), "the second booking was let in");
    })
    .await;
}

#[tokio::test]
async fn programs_that_start_at_once_migrate_one_after_the_other() {
    on_both_empty(async |url| {
        let started = join_all((0..8).map(|_| Database::open(url))).await;
        for program in started {
            program.expect("every program opens the database");
        }
    })
    .await;
}

#[tokio::test]
async fn a_database_made_by_a_newer_program_is_refused_in_words_that_help() {
    on_both(async |town| {
        let txn = town.scope.database.begin().await.expect("a transaction");
        txn.execute_unprepared(
            "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 0)",
        )
        .await
        .expect("a migration of the future");
        txn.commit().await.expect("a commit");

        let refusal = town.open_again().await.expect_err("a newer database is not opened");
        let Error::Rejected(faults) = &refusal else { panic!("not a refusal: {refusal:?}") };
        assert_eq!(faults[0].code, "DATABASE_NEWER");
        assert_eq!(
            refusal.explain(Language::Chinese),
            "数据库由更新的版本建立（m9999_future），请升级本程序后再打开"
        );
        assert_eq!(
            refusal.explain(Language::English),
            "the database was made by a newer version (m9999_future): please upgrade this program"
        );
    })
    .await;
}
