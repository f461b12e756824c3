//! The database under several programs at once, and copied while it lives.

use std::sync::Arc;

use futures_util::future::join_all;
use sea_orm::{EntityTrait, PaginatorTrait};
use tokio::sync::Barrier;
use tongpan::database::Database;
use tongpan::entity::subject;
use tongpan::error::{Error, Result};
use tongpan::scope::Scope;
use tongpan::{audit, id};

use crate::harness::{at, on_both};

const WRITERS: usize = 8;
const WRITES: usize = 50;

/// Reads in the transaction before it writes: what fails as busy unless the write lock was taken at the start.
async fn writes(scope: Scope, writer: usize, start: Arc<Barrier>) -> Result<()> {
    start.wait().await;
    for write in 0..WRITES {
        let txn = scope.begin().await?;
        let position = i32::try_from(subject::Entity::find().count(&*txn).await?).expect("few subjects");
        let name = format!("学科{writer}-{write}");
        let subject = subject::Model { id: id::new(), district_id: txn.district_id(), name, position };
        audit::insert(&txn, "subject.create", subject).await?;
        txn.commit().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_that_write_at_once_wait_for_each_other() {
    on_both(async |town| {
        let start = Arc::new(Barrier::new(WRITERS));
        let mut writers = Vec::new();
        for writer in 0..WRITERS {
            let scope = town.another_process().await;
            writers.push(tokio::spawn(writes(scope, writer, start.clone())));
        }
        for writer in join_all(writers).await {
            writer.expect("no panic").expect("no write fails");
        }
        let written = subject::Entity::find().count(town.scope.reader()).await.expect("subjects");
        assert_eq!(written, (WRITERS * WRITES) as u64);
    })
    .await;
}

#[tokio::test]
async fn a_live_database_is_copied_whole() {
    on_both(async |town| {
        let mathematics = town.subject("数学").await;
        let _writing = town.scope.begin().await.expect("a transaction that is still open");
        let copy = town.scope.database.copy_aside(at("2026-09-01 08:00")).await.expect("a copy");
        let Some(copy) = copy else {
            assert!(town.scope.database.is_postgres(), "only PostgreSQL has other means");
            return;
        };
        assert!(copy.ends_with("town.20260901T000000Z.bak.sqlite"), "{copy:?}");
        let copied = Database::open(&format!("sqlite:{}", copy.display())).await.expect("the copy opens");
        assert_eq!(subject::Entity::find().all(copied.reader()).await.expect("subjects"), [mathematics]);
    })
    .await;
}

#[tokio::test]
async fn an_address_that_names_no_database_is_refused_in_words_that_help() {
    let refusal = Database::open("mysql://localhost/town").await.expect_err("no such database");
    let Error::Rejected(faults) = refusal else { panic!("not a refusal: {refusal:?}") };
    assert_eq!(faults[0].code, "DATABASE_URL");
    assert_eq!(
        faults[0].message.zh,
        "数据库地址“mysql://localhost/town”无法识别，请写成 sqlite:文件路径 或 postgres://用户@主机/库名"
    );
}
