//! Nobody and no room is taken twice at a time: the database itself refuses.

use std::sync::Arc;

use futures_util::future::join_all;
use sea_orm::prelude::Uuid;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait};
use tokio::sync::Barrier;
use tongpan::database::is_double_booking;
use tongpan::entity::booking;
use tongpan::entity::values::ResourceKind;
use tongpan::error::{Error, Result};
use tongpan::scope::Scope;
use tongpan::{audit, id};

use crate::harness::{Harness, at, on_both};

/// Takes people and rooms, all or none.
pub async fn book(scope: &Scope, bookings: Vec<booking::Model>) -> Result<()> {
    let txn = scope.begin().await?;
    audit::insert_all(&txn, "test.book", bookings).await?;
    txn.commit().await
}

/// Whether `outcome` is the refusal of a double booking; fails on any other fault.
fn refused(outcome: Result<()>) -> bool {
    match outcome {
        Ok(()) => false,
        Err(Error::Internal(source)) => {
            let fault = source.downcast_ref::<sea_orm::DbErr>().expect("a fault of the database");
            assert!(is_double_booking(fault), "refused for another reason: {fault}");
            true
        }
        Err(other) => panic!("refused for another reason: {other:?}"),
    }
}

async fn count(town: &Harness) -> u64 {
    booking::Entity::find().count(town.scope.reader()).await.expect("bookings")
}

/// Two programs book at the same moment, one each of `attempts`; says how many were refused.
async fn refused_of(rivals: &[Scope; 2], attempts: [Vec<booking::Model>; 2]) -> usize {
    let start = Arc::new(Barrier::new(rivals.len()));
    let attempts = rivals.iter().zip(attempts).map(|(scope, bookings)| {
        let (scope, start) = (scope.clone(), start.clone());
        tokio::spawn(async move {
            start.wait().await;
            book(&scope, bookings).await
        })
    });
    let outcomes = join_all(attempts).await;
    outcomes.into_iter().map(|outcome| refused(outcome.expect("no panic"))).filter(|refused| *refused).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_take_the_same_teacher_at_once_exactly_one_wins() {
    const ROUNDS: u64 = 100;
    on_both(async |town| {
        let rivals = [town.another_process().await, town.another_process().await];
        for _ in 0..ROUNDS {
            let teacher = id::new();
            let from = |from| vec![town.booking(ResourceKind::Teacher, teacher, from, "2026-10-14 16:50")];
            let attempts = [from("2026-10-14 14:20"), from("2026-10-14 15:30")];
            assert_eq!(refused_of(&rivals, attempts).await, 1);
        }
        assert_eq!(count(town).await, ROUNDS);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_take_the_same_people_in_another_order_exactly_one_wins() {
    const ROUNDS: u64 = 50;
    on_both(async |town| {
        let rivals = [town.another_process().await, town.another_process().await];
        for _ in 0..ROUNDS {
            let people: Vec<_> = (0..10).map(|_| id::new()).collect();
            let take = |person: &Uuid| {
                town.booking(ResourceKind::Teacher, *person, "2026-10-14 14:20", "2026-10-14 16:50")
            };
            let attempts = [people.iter().map(take).collect(), people.iter().rev().map(take).collect()];
            assert_eq!(refused_of(&rivals, attempts).await, 1);
        }
        assert_eq!(count(town).await, ROUNDS * 10);
    })
    .await;
}

#[tokio::test]
async fn one_engagement_may_begin_when_another_ends() {
    on_both(async |town| {
        let room = id::new();
        for (from, until) in [
            ("2026-10-14 14:20", "2026-10-14 16:50"),
            ("2026-10-14 13:00", "2026-10-14 14:20"),
            ("2026-10-14 16:50", "2026-10-14 17:30"),
        ] {
            let booking = town.booking(ResourceKind::Room, room, from, until);
            assert!(!refused(book(&town.scope, vec![booking]).await), "{from} was refused");
        }
    })
    .await;
}

#[tokio::test]
async fn every_kind_of_overlap_is_refused() {
    on_both(async |town| {
        let teacher = id::new();
        let book = async |from: &str, until: &str| {
            let booking = town.booking(ResourceKind::Teacher, teacher, from, until);
            refused(book(&town.scope, vec![booking]).await)
        };
        assert!(!book("2026-10-14 14:20", "2026-10-14 16:50").await);
        for (from, until, what) in [
            ("2026-10-14 14:20", "2026-10-14 16:50", "the same time"),
            ("2026-10-14 13:00", "2026-10-14 14:21", "its beginning"),
            ("2026-10-14 16:49", "2026-10-14 17:30", "its end"),
            ("2026-10-14 15:00", "2026-10-14 15:40", "a part of it"),
            ("2026-10-14 08:00", "2026-10-14 17:30", "more than it"),
        ] {
            assert!(book(from, until).await, "{what} was taken twice");
        }
        assert_eq!(count(town).await, 1);
    })
    .await;
}

#[tokio::test]
async fn different_people_and_rooms_do_not_stand_in_each_others_way() {
    on_both(async |town| {
        let one = id::new();
        for (resource, resource_id) in
            [(ResourceKind::Teacher, one), (ResourceKind::Room, one), (ResourceKind::Teacher, id::new())]
        {
            let booking = town.booking(resource, resource_id, "2026-10-14 14:20", "2026-10-14 16:50");
            assert!(!refused(book(&town.scope, vec![booking]).await));
        }
    })
    .await;
}

#[tokio::test]
async fn an_engagement_cannot_be_moved_into_another_one() {
    on_both(async |town| {
        let teacher = id::new();
        let morning = town.booking(ResourceKind::Teacher, teacher, "2026-10-14 08:20", "2026-10-14 10:50");
        let afternoon = town.booking(ResourceKind::Teacher, teacher, "2026-10-14 14:20", "2026-10-14 16:50");
        book(&town.scope, vec![morning.clone()]).await.expect("the morning");
        book(&town.scope, vec![afternoon]).await.expect("the afternoon");

        let moved = async |from: &str, until: &str| {
            let to = booking::Model { starts_at: at(from), ends_at: at(until), ..morning.clone() };
            let txn = town.scope.begin().await?;
            audit::update(&txn, "test.move", &morning, to).await?;
            txn.commit().await
        };
        assert!(refused(moved("2026-10-14 16:00", "2026-10-14 17:30").await));
        assert!(
            !refused(moved("2026-10-14 08:00", "2026-10-14 09:00").await),
            "it may overlap its former self"
        );
    })
    .await;
}

#[tokio::test]
async fn an_engagement_ends_after_it_begins() {
    on_both(async |town| {
        for until in ["2026-10-14 14:20", "2026-10-14 14:00"] {
            let booking = town.booking(ResourceKind::Room, id::new(), "2026-10-14 14:20", until);
            let fault = booking
                .into_active_model()
                .insert(town.scope.reader())
                .await
                .expect_err("an engagement without duration");
            assert!(fault.to_string().contains("booking_not_empty"), "{fault}");
            assert!(!is_double_booking(&fault));
        }
    })
    .await;
}
