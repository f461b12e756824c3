//! Going back to an earlier published plan.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tongpan::calendar::edit;
use tongpan::entity::plan;
use tongpan::entity::values::{ParticipantRole, PlanOrigin, PublicationChangeKind};
use tongpan::error::{Error, Language, Result};
use tongpan::plans;
use tongpan::plans::bulk::BulkRequest;
use tongpan::sessions;

use crate::harness::{Harness, on_both};
use crate::online::online;
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
        assert_eq!(back.left, []);
        let back = back.plan;
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
        let back = plans::revert(&town.scope, first.id).await.expect("a draft").plan;
        let preview = plans::preview(&town.scope, back.id).await.expect("a preview");
        assert_eq!(kinds(&preview), [PublicationChangeKind::Moved]);
        assert_eq!(preview.differences[0].after.as_ref().map(|place| place.starts_at), last.starts_at);

        town.scope.clock.set(last.starts_at.expect("a start"));
        let refused = plans::revert(&town.scope, first.id).await;
        assert_eq!(codes(refused), ["NOTHING_CHANGES", "CANNOT_GO_BACK"]);
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn a_plan_in_force_is_not_gone_back_to_whoever_was_away_when_it_was_made() {
    on_both(async |town| {
        let before = all_published(town).await;
        let lessons = before.iter().find(|session| session.topic == "分数的意义").expect("a session");
        town.falls_ill(lessons, ParticipantRole::Presenter).await;
        town.falls_ill(&before[0], ParticipantRole::Attendee).await;
        let anew = town.replans(None).await.expect("a plan");
        town.publishes(&anew).await;
        town.worker().drains_outbox().await;
        let counts = town.counts().await;
        let refused = plans::revert(&town.scope, anew.id).await.expect_err("it is in force");
        assert_eq!(refused.explain(Language::Chinese), "方案2正在生效，今后的活动都照它的安排，没有可恢复的");
        assert_eq!(town.counts().await, counts);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_stand_as_an_earlier_plan_had_it_stays_and_is_told_with_its_reason() {
    on_both(async |town| {
        let before = all_published(town).await;
        let first = first_plan(town).await;
        town.closes_the_day_of(&before[0]).await;
        let anew = town.replans(None).await.expect("a plan");
        let moved: Vec<_> = town.publishes(&anew).await.differences.iter().map(|one| one.session).collect();
        let refused = plans::revert(&town.scope, first.id).await.expect_err("nothing can go back");
        let told = refused.explain(Language::Chinese);
        assert!(told.contains("没有一次能恢复为方案1的安排") && told.contains("台风停课"), "{told}");

        let other = before.iter().find(|session| !moved.contains(&session.id)).expect("one on another day");
        town.moves(other, "2026-10-28 14:00").await.expect("it is moved");
        let back = plans::revert(&town.scope, first.id).await.expect("a draft");
        let left: Vec<_> = back.left.iter().map(|left| left.session).collect();
        assert!(left.len() == moved.len() && left.iter().all(|id| moved.contains(id)), "{left:?}");
        assert!(back.left.iter().all(|left| left.reasons[0].zh.contains("台风停课")), "{:?}", back.left);
        let stands = town.now_of(&before[0]).await;
        let published = town.publishes(&back.plan).await;
        assert_eq!(kinds(&published), [PublicationChangeKind::Moved]);
        assert_eq!(town.now_of(other).await.starts_at, other.starts_at);
        assert_eq!(town.now_of(&before[0]).await, stands);
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_cancelled_or_has_begun_stays_so_and_what_was_moved_by_hand_meanwhile_is_not_overwritten() {
    on_both(async |town| {
        let before = all_published(town).await;
        let first = first_plan(town).await;
        let (begun, called_off, other) = (&before[0], &before[1], &before[2]);
        sessions::cancel(&town.scope, called_off.id, called_off.version, "不再举行".to_owned())
            .await
            .expect("it is off");
        let refused = plans::revert(&town.scope, first.id).await;
        assert_eq!(codes(refused), ["NOTHING_CHANGES", "CANNOT_GO_BACK"]);
        town.worker().drains_outbox().await;

        let moved = town.moves(other, "2026-10-28 14:00").await.expect("it is moved");
        town.scope.clock.set(begun.starts_at.expect("a start"));
        let back = plans::revert(&town.scope, first.id).await.expect("a draft");
        assert_eq!(back.left.iter().map(|left| left.session).collect::<Vec<_>>(), [called_off.id]);
        assert!(back.left[0].reasons[0].zh.starts_with("已经取消"));
        // Somebody moves the session once more before the draft is published.
        let again = town.moves(&moved, "2026-10-29 14:00").await.expect("it is moved");
        assert_eq!(codes(plans::publish(&town.scope, back.plan.id).await), ["PLAN_OUTDATED"]);
        let back = plans::revert(&town.scope, first.id).await.expect("another draft");
        town.publishes(&back.plan).await;
        let now = town.now_of(other).await;
        assert_eq!((now.starts_at, now.sequence), (other.starts_at, again.sequence + 1));
        assert_eq!(&town.now_of(begun).await, begun);
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn whoever_presented_then_and_is_away_now_keeps_a_session_where_it_is() {
    on_both(async |town| {
        let before = all_published(town).await;
        let first = first_plan(town).await;
        let session = before.iter().find(|session| session.topic == "分数的意义").expect("a session");
        town.falls_ill(session, ParticipantRole::Presenter).await;
        let moved = town.moves(session, "2026-10-27 14:00").await.expect("it is moved");
        let refused = plans::revert(&town.scope, first.id).await.expect_err("she is away");
        let told = refused.explain(Language::Chinese);
        assert!(told.contains("请假"), "{told}");
        assert_eq!(town.now_of(session).await, moved);
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_moved_online_goes_back_on_site_with_the_plan_that_had_it_there() {
    on_both(async |town| {
        let before = all_published(town).await;
        let first = first_plan(town).await;
        let session = &before[0];
        let day = session.starts_at.expect("a start").with_timezone(&town.scope.zone()).date_naive();
        let online = BulkRequest { from: day, until: day, ..online("腾讯会议 123-456") };
        assert!(plans::apply_bulk(&town.scope, &online).await.expect("it is done").applied);
        let parts = town.expected(session.id).await;
        let anew = town.replans(None).await.expect("a plan");
        assert_eq!(kinds(&town.publishes(&anew).await), [], "what is online stays so");

        let back = plans::revert(&town.scope, first.id).await.expect("a draft");
        town.publishes(&back.plan).await;
        let now = town.now_of(session).await;
        assert_eq!(
            (now.starts_at, now.room_id, now.mode),
            (session.starts_at, session.room_id, session.mode)
        );
        assert_eq!((now.online_url, now.online_host_id), (None, None));
        assert_eq!(town.expected(session.id).await, parts);
        let again = plans::apply_bulk(&town.scope, &online).await.expect("it is done");
        assert!(again.applied);
        town.worker().drains_outbox().await;
    })
    .await;
}
