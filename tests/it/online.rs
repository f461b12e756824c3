//! What was moved online stays so, with its people, until a person brings it back on site.

use sea_orm::EntityTrait;
use sea_orm::prelude::Uuid;
use tongpan::audit;
use tongpan::entity::values::{MessageKind, ParticipantRole, Reply, SessionMode};
use tongpan::entity::{participant, research_session};
use tongpan::plans::bulk::{BulkChange, BulkRequest};
use tongpan::plans::{self, Edit, Reschedule, SolveRequest, Stand, apply_bulk, preview_bulk, reschedule};

use crate::bulk::{mails, request};
use crate::harness::{Harness, at, on_both};
use crate::mails::Readable;
use crate::replanning::all_published;
use crate::town::unwatched;

/// Everybody's part in a session.
async fn parts(town: &Harness, session: &research_session::Model) -> Vec<participant::Model> {
    let mut parts = town.parts(session).await;
    parts.sort_by_key(|part| (part.teacher_id, part.role.zh()));
    parts
}

/// Who leads and presents a session.
pub async fn named(town: &Harness, session: &research_session::Model) -> Vec<(Uuid, ParticipantRole)> {
    let parts = parts(town, session).await.into_iter();
    let named = parts.filter(|part| part.excused.is_none() && part.role != ParticipantRole::Attendee);
    named.map(|part| (part.teacher_id, part.role)).collect()
}

/// All that is published is held online.
pub fn online(link: &str) -> BulkRequest {
    request(BulkChange::MoveOnline(link.to_owned()))
}

#[tokio::test]
async fn a_corrected_link_is_told_once_to_the_same_people() {
    on_both(async |town| {
        let before = town.published_east().await;
        assert!(apply_bulk(&town.scope, &online("腾讯会议 123-456")).await.expect("it is done").applied);
        town.worker().drains_outbox().await;
        let first = town.dated().await;
        let (told, reply) = (parts(town, &first[0]).await, Reply::Accepted);
        let answered = participant::Model { reply, ..told[0].clone() };
        let txn = town.scope.begin().await.expect("a transaction");
        participant::Entity::delete_by_id(told[0].id).exec(&*txn).await.expect("her part");
        audit::insert_parts(&txn, vec![answered]).await.expect("her answer");
        txn.commit().await.expect("a commit");
        let told_mails = mails(town, MessageKind::Update).await;

        let looked = preview_bulk(&town.scope, &online("腾讯会议 654-321")).await.expect("a preview");
        assert!(looked.outcomes.iter().all(|outcome| outcome.change.is_some() && outcome.parts.is_empty()));
        assert!(apply_bulk(&town.scope, &online("腾讯会议 654-321")).await.expect("it is done").applied);
        let mut expected = 0;
        for (after, first) in town.dated().await.iter().zip(&first) {
            assert_eq!(after.online_url.as_deref(), Some("腾讯会议 654-321"));
            assert_eq!(after.sequence, first.sequence + 1);
            assert_eq!(
                (after.starts_at, after.room_id, after.mode),
                (first.starts_at, None, SessionMode::Online)
            );
            expected += town.expected(after.id).await.len();
        }
        let who = |parts: Vec<participant::Model>| -> Vec<_> {
            let part =
                |one: participant::Model| (one.teacher_id, one.role, one.required, one.excused, one.cover);
            parts.into_iter().map(part).collect()
        };
        let now = parts(town, &first[0]).await;
        assert_eq!(now[0].reply, Reply::Accepted, "time and place are those she answered to");
        assert_eq!(who(now), who(told));
        assert_eq!(mails(town, MessageKind::Update).await, told_mails + expected);
        assert_eq!(mails(town, MessageKind::Cancellation).await, 0);
        assert_eq!(town.worker().drains_outbox().await.sent, expected as u64);
        assert!(town.inbox("li@").last().expect("a letter").letter().contains("腾讯会议 654-321"));
        assert_eq!(before.len(), first.len());
    })
    .await;
}

#[tokio::test]
async fn the_same_link_again_changes_nothing_and_says_so() {
    on_both(async |town| {
        town.published_east().await;
        apply_bulk(&town.scope, &online("腾讯会议 123-456")).await.expect("it is done");
        let (before, counts) = (town.dated().await, town.counts().await);
        let again = online(" 腾讯会议 123-456 ");
        let looked = preview_bulk(&town.scope, &again).await.expect("a preview");
        assert!(looked.outcomes.iter().all(|outcome| outcome.is_so_already()));
        for skip in [false, true] {
            let refused = apply_bulk(&town.scope, &again).await.expect("an answer");
            assert_eq!(refused.refusal(skip).map(|error| error.code), Some("NOTHING_CHANGES"));
            assert!(!refused.applied);
        }
        assert_eq!((town.dated().await, town.counts().await), (before, counts));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_moved_online_keeps_its_people_when_it_is_moved_again() {
    on_both(async |town| {
        let before = town.published_east().await.remove(0);
        town.worker().drains_outbox().await;
        let led = named(town, &before).await;
        apply_bulk(&town.scope, &online("腾讯会议 123-456")).await.expect("it is done");
        let session = town.now_of(&before).await;
        assert_eq!(session.online_host_id, before.host_school_id);
        let moved = town.moves(&session, "2026-10-27 14:00").await.expect("it is moved");
        assert_eq!(
            (moved.mode, moved.room_id, moved.online_host_id),
            (SessionMode::Online, None, before.host_school_id)
        );
        assert_eq!(named(town, &moved).await, led);

        let wish = Reschedule {
            session_id: moved.id,
            expected_version: moved.version,
            starts_at: at("2026-10-27 14:00"),
            host_school_id: None,
            room_id: before.room_id,
            reason: "恢复线下".to_owned(),
        };
        let back = reschedule(&town.scope, wish).await.expect("it is on site again");
        assert_eq!((back.host_school_id, back.room_id), (before.host_school_id, before.room_id));
        assert_eq!(
            (back.mode, back.online_url.clone(), back.online_host_id),
            (SessionMode::OnSite, None, None)
        );
        assert_eq!(named(town, &back).await, led);
        town.worker().drains_outbox().await;
        let letters: Vec<String> = town.inbox("li@").iter().map(|mail| mail.letter()).collect();
        let letter = letters.iter().find(|letter| letter.contains("恢复线下")).expect("a letter");
        assert!(letter.contains("（线下）") && !letter.contains("腾讯会议"), "{letter}");
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_tells_whose_part_changes() {
    on_both(async |town| {
        let before = town.published_east().await.remove(0);
        let ill = town.falls_ill(&before, ParticipantRole::Attendee).await;
        let looked = preview_bulk(&town.scope, &online("腾讯会议 123-456")).await.expect("a preview");
        let changes = looked.outcomes[0].parts.iter();
        let hers: Vec<_> = changes.filter(|change| change.teacher == ill.teacher_id).collect();
        assert_eq!(
            hers.iter().map(|one| (one.before, one.after)).collect::<Vec<_>>(),
            [(Some(ParticipantRole::Attendee), None)]
        );
        let led = |role: Option<ParticipantRole>| role.is_some_and(|role| role != ParticipantRole::Attendee);
        assert!(
            looked.outcomes.iter().flat_map(|one| &one.parts).all(|one| !led(one.before) && !led(one.after))
        );
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn a_draft_made_anew_may_bring_a_session_that_was_moved_online_back_on_site() {
    on_both(async |town| {
        let before = all_published(town).await;
        assert!(apply_bulk(&town.scope, &online("腾讯会议 123-456")).await.expect("it is done").applied);
        let session = &before[0];
        let plan = town.replans(None).await.expect("a plan");
        let there = Stand { host_school_id: session.host_school_id, ..Stand::default() };
        let draft = plans::edit(&town.scope, plan.id, session.id, &Edit::Move(there)).await.expect("a draft");
        // Whoever goes on from there finds what she asked for, and everything else online.
        let request = SolveRequest { base: Some(draft.plan.id), ..town.request(None).await };
        let plan = plans::solve(&town.scope, &request, unwatched()).await.expect("a plan").plan;
        let published = town.publishes(&plan).await;
        assert_eq!(published.differences.iter().map(|one| one.session).collect::<Vec<_>>(), [session.id]);
        let now = town.now_of(session).await;
        assert_eq!(
            (now.host_school_id, now.mode, now.online_url),
            (session.host_school_id, session.mode, None)
        );
        for other in &before[1..] {
            assert_eq!(town.now_of(other).await.room_id, None);
        }
        town.worker().drains_outbox().await;
    })
    .await;
}
