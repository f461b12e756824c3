//! Going back to an earlier published plan.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tongpan::calendar::edit;
use tongpan::entity::plan;
use tongpan::entity::values::{PlanOrigin, PublicationChangeKind};
use tongpan::error::{Error, Result};
use tongpan::plans;

use crate::harness::{Harness, on_both};
use crate::replanning::{all_published, kinds};

/// What was published first.
async fn first_plan(town: &Harness) -> plan::Model {
    let first = plan::Entity::find().filter(plan::Column::Number.eq(1));
    first.one(town.scope.reader()).await.expect("plans").expect("the first plan")
}

fn codes<T: std::fmt::Debug>(refused: Result<T>) -> Vec<&'static str> {
    let Err(Error::Rejected(faults)) = refused else { panic!("{refused:?}") };
    faults.iter().map(|fault| fault.code).collect()
}

#[tokio::test]
async fn an_earlier_plan_is_taken_up_again_once_its_day_is_open() {
    on_both(async |town| {
        let before = all_published(town).await;
        let first = first_plan(town).await;
        assert_eq!(codes(plans::revert(&town.scope, first.id).await), ["NOTHING_CHANGES"]);
        let day = town.closes_the_day_of(&before[0]).await;
        let anew = town.replans(None).await.expect("a plan");
        assert_eq!(codes(plans::revert(&town.scope, anew.id).await), ["NEVER_PUBLISHED"]);
        let moved = town.publishes(&anew).await.differences.len();
        town.worker().drains_outbox().await;

        edit::remove_day(&town.scope, day.id, day.version).await.expect("the day is open again");
        let back = plans::revert(&town.scope, first.id).await.expect("a draft");
        assert_eq!((back.origin, back.revised_from_id), (PlanOrigin::Reverted, Some(first.id)));
        let preview = plans::preview(&town.scope, back.id).await.expect("a preview");
        assert_eq!(kinds(&preview), vec![PublicationChangeKind::Moved; moved]);
        town.publishes(&back).await;
        for session in &before {
            let now = town.now_of(session).await;
            assert_eq!(
                (now.starts_at, now.host_school_id, now.room_id),
                (session.starts_at, session.host_school_id, session.room_id)
            );
            assert_eq!(town.expected(now.id).await, town.expected(session.id).await);
        }
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn what_an_earlier_plan_had_in_the_past_stays_where_it_was_put_since() {
    on_both(async |town| {
        let before = all_published(town).await;
        let first = first_plan(town).await;
        let last = before.last().expect("a session").clone();
        town.moves(&last, "2026-10-28 14:00").await.expect("it is moved");
        let back = plans::revert(&town.scope, first.id).await.expect("a draft");
        let preview = plans::preview(&town.scope, back.id).await.expect("a preview");
        assert_eq!(kinds(&preview), [PublicationChangeKind::Moved]);
        assert_eq!(preview.differences[0].after.as_ref().map(|place| place.starts_at), last.starts_at);

        town.scope.clock.set(last.starts_at.expect("a start"));
        assert_eq!(codes(plans::revert(&town.scope, first.id).await), ["NOTHING_CHANGES"]);
        town.worker().drains_outbox().await;
    })
    .await;
}
