//! Nothing is written without its entry in the audit log, and no entry without its write.

use sea_orm::{EntityTrait, PaginatorTrait, QueryOrder};
use serde_json::json;
use tongpan::audit;
use tongpan::entity::values::{Locale, Stage};
use tongpan::entity::{audit_entry, school, subject};
use tongpan::error::Error;
use tongpan::id;
use tongpan::scope::Actor;

use crate::harness::{Harness, at, on_both};

async fn entries(town: &Harness) -> Vec<audit_entry::Model> {
    audit_entry::Entity::find()
        .order_by_asc(audit_entry::Column::Id)
        .all(town.scope.reader())
        .await
        .expect("entries")
}

#[tokio::test]
async fn every_insert_update_and_delete_leaves_its_entry() {
    on_both(async |town| {
        let before = entries(town).await.len();
        let mut scope = town.scope.clone();
        scope.actor = Actor::Person { id: id::new(), number: "T0007".to_owned() };
        scope.request_id = "request-7".to_owned();
        scope.clock.set(at("2026-09-02 09:30"));

        let written = subject::Model {
            id: id::new(),
            district_id: town.district_id(),
            name: "数学".to_owned(),
            position: 2,
        };
        let txn = scope.begin().await.expect("a transaction");
        audit::insert(&txn, "subject.create", written.clone()).await.expect("an insert");
        let renamed = subject::Model { name: "小学数学".to_owned(), ..written.clone() };
        audit::update(&txn, "subject.rename", &written, renamed.clone()).await.expect("an update");
        audit::delete(&txn, "subject.delete", renamed.clone()).await.expect("a delete");
        txn.commit().await.expect("a commit");

        let entries = entries(town).await.split_off(before);
        let told: Vec<_> =
            entries.iter().map(|e| (e.action.as_str(), e.before.clone(), e.after.clone())).collect();
        assert_eq!(
            told,
            [
                ("subject.create", None, Some(json!(written))),
                ("subject.rename", Some(json!(written)), Some(json!(renamed))),
                ("subject.delete", Some(json!(renamed)), None),
            ]
        );
        for entry in &entries {
            assert_eq!((entry.entity.as_str(), entry.entity_id), ("subject", written.id));
            assert_eq!((entry.actor.as_str(), entry.request_id.as_str()), ("T0007", "request-7"));
            assert_eq!((entry.at, entry.district_id), (at("2026-09-02 09:30"), town.district_id()));
        }
        assert_eq!(subject::Entity::find().count(town.scope.reader()).await.expect("subjects"), 0);
    })
    .await;
}

#[tokio::test]
async fn an_update_changes_the_row_it_names_and_no_other() {
    on_both(async |town| {
        let east = town.school("城东小学", Stage::Primary, Locale::Urban).await;
        let bend = town.school("河湾小学", Stage::Primary, Locale::Rural).await;

        let closed =
            school::Model { note: Some("并入城东小学".to_owned()), version: 2, ..bend.clone() };
        let txn = town.scope.begin().await.expect("a transaction");
        let returned = audit::update(&txn, "school.close", &bend, closed.clone()).await.expect("an update");
        txn.commit().await.expect("a commit");

        assert_eq!(returned, closed);
        let schools = school::Entity::find()
            .order_by_asc(school::Column::Code)
            .all(town.scope.reader())
            .await
            .expect("schools");
        assert_eq!(schools, [east, closed]);
    })
    .await;
}

#[tokio::test]
async fn more_rows_than_one_statement_takes_each_have_their_entry() {
    on_both(async |town| {
        let before = entries(town).await.len();
        let subjects: Vec<_> = (0..1_203)
            .map(|position| subject::Model {
                id: id::new(),
                district_id: town.district_id(),
                name: format!("学科{position}"),
                position,
            })
            .collect();
        let txn = town.scope.begin().await.expect("a transaction");
        audit::insert_all(&txn, "subject.import", subjects.clone()).await.expect("the inserts");
        audit::insert_all::<subject::Model>(&txn, "subject.import", Vec::new())
            .await
            .expect("nothing to insert");
        txn.commit().await.expect("a commit");

        let found = subject::Entity::find()
            .order_by_asc(subject::Column::Position)
            .all(town.scope.reader())
            .await
            .expect("rows");
        assert_eq!(found, subjects);
        assert_eq!(entries(town).await.len() - before, subjects.len());
    })
    .await;
}

#[tokio::test]
async fn a_transaction_that_is_dropped_leaves_neither_row_nor_entry() {
    on_both(async |town| {
        let before = entries(town).await;
        let txn = town.scope.begin().await.expect("a transaction");
        let subject = subject::Model {
            id: id::new(),
            district_id: town.district_id(),
            name: "数学".to_owned(),
            position: 1,
        };
        audit::insert(&txn, "subject.create", subject).await.expect("an insert");
        drop(txn);

        assert_eq!(subject::Entity::find().count(town.scope.reader()).await.expect("subjects"), 0);
        assert_eq!(entries(town).await, before);
    })
    .await;
}

#[tokio::test]
async fn a_change_made_from_what_somebody_else_has_changed_since_is_not_written() {
    on_both(async |town| {
        let read = town.school("城东小学", Stage::Primary, Locale::Urban).await;
        let renamed =
            |name: &str| school::Model { name: name.to_owned(), version: read.version + 1, ..read.clone() };
        let txn = town.scope.begin().await.expect("a transaction");
        audit::update(&txn, "school.rename", &read, renamed("城东第一小学")).await.expect("an update");
        txn.commit().await.expect("a commit");

        let txn = town.scope.begin().await.expect("a transaction");
        let late = audit::update(&txn, "school.rename", &read, renamed("城东第二小学")).await;
        let Err(Error::Stale(conflict)) = late else { panic!("{late:?}") };
        assert!(conflict.message.zh.starts_with("test 已于"), "{}", conflict.message.zh);
        drop(txn);
        let kept = school::Entity::find().one(town.scope.reader()).await.expect("schools").expect("a school");
        assert_eq!((kept.name.as_str(), kept.version), ("城东第一小学", 2));
    })
    .await;
}
