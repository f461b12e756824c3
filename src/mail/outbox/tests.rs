use super::*;
use crate::mail::testing::{Town, invitation, morning};

const LEASE: TimeDelta = TimeDelta::minutes(2);

#[tokio::test]
async fn nobody_is_invited_twice_to_the_same_version() {
    let town = Town::new().await;
    assert_eq!(town.enqueues(vec![invitation(1), invitation(2), invitation(1)]).await, 2);
    assert_eq!(town.enqueues(vec![invitation(1), invitation(3)]).await, 1);
    let moved = Draft { subject_version: 1, ..invitation(1) };
    assert_eq!(town.enqueues(vec![moved]).await, 1);
    assert_eq!(town.messages().await.len(), 4);
}

#[tokio::test]
async fn a_message_id_depends_on_the_message_alone() {
    assert_eq!(invitation(1).message_id(), invitation(1).message_id());
    assert_ne!(invitation(1).message_id(), invitation(2).message_id());
    let reminder = Draft { kind: MessageKind::Reminder, lead_minutes: 1440, ..invitation(1) };
    assert_ne!(reminder.message_id(), Draft { lead_minutes: 10080, ..reminder.clone() }.message_id());
    assert!(reminder.message_id().starts_with("<reminder."));
}

#[tokio::test]
async fn two_workers_claim_disjoint_sets() {
    let town = Town::new().await;
    town.enqueues((0..30).map(invitation).collect()).await;
    let (one, other) =
        tokio::join!(claim(&town.scope, "one", 20, LEASE), claim(&town.scope, "other", 20, LEASE));
    let one: HashSet<Uuid> = one.unwrap().messages.iter().map(|message| message.id).collect();
    let other: HashSet<Uuid> = other.unwrap().messages.iter().map(|message| message.id).collect();
    assert!(one.is_disjoint(&other));
    assert_eq!(one.len() + other.len(), 30);
}

#[tokio::test]
async fn what_is_not_due_waits() {
    let town = Town::new().await;
    town.enqueues(vec![Draft { send_at: morning() + TimeDelta::hours(1), ..invitation(1) }]).await;
    assert!(claim(&town.scope, "one", 9, LEASE).await.unwrap().messages.is_empty());
    town.passes(TimeDelta::hours(1));
    assert_eq!(claim(&town.scope, "one", 9, LEASE).await.unwrap().messages.len(), 1);
}

#[tokio::test]
async fn a_claim_that_ran_out_is_taken_over_and_its_first_owner_may_not_send() {
    let town = Town::new().await;
    town.enqueues(vec![invitation(1)]).await;
    let id = claim(&town.scope, "slow", 9, LEASE).await.unwrap().messages[0].id;
    assert!(claim(&town.scope, "quick", 9, LEASE).await.unwrap().messages.is_empty());
    town.passes(LEASE);
    assert_eq!(claim(&town.scope, "quick", 9, LEASE).await.unwrap().messages.len(), 1);
    assert!(!mark_data(&town.scope, "slow", id).await.unwrap());
    assert!(mark_data(&town.scope, "quick", id).await.unwrap());
    assert_eq!(finish(&town.scope, "slow", &[id], &Verdict::Sent).await.unwrap(), 0);
    assert_eq!(finish(&town.scope, "quick", &[id], &Verdict::Sent).await.unwrap(), 1);
}

#[tokio::test]
async fn a_renewed_claim_holds() {
    let town = Town::new().await;
    town.enqueues(vec![invitation(1)]).await;
    claim(&town.scope, "slow", 9, LEASE).await.unwrap();
    town.passes(LEASE / 2);
    renew(&town.scope, "slow", LEASE).await.unwrap();
    town.passes(LEASE / 2);
    assert!(claim(&town.scope, "quick", 9, LEASE).await.unwrap().messages.is_empty());
}

#[tokio::test]
async fn a_released_claim_is_free_at_once() {
    let town = Town::new().await;
    town.enqueues(vec![invitation(1)]).await;
    claim(&town.scope, "one", 9, LEASE).await.unwrap();
    release(&town.scope, "one").await.unwrap();
    assert_eq!(claim(&town.scope, "other", 9, LEASE).await.unwrap().messages.len(), 1);
}

#[tokio::test]
async fn what_a_worker_died_over_goes_out_once_more_and_is_then_given_up_for_people_to_see() {
    let town = Town::new().await;
    town.enqueues(vec![invitation(1)]).await;
    let id = claim(&town.scope, "first", 9, LEASE).await.unwrap().messages[0].id;
    mark_data(&town.scope, "first", id).await.unwrap();
    town.passes(DATA_LEASE);
    let claim_again = claim(&town.scope, "dead", 9, LEASE).await.unwrap();
    assert_eq!((claim_again.messages.len(), claim_again.unknown), (1, 0), "nothing may be lost");
    assert_eq!(finish(&town.scope, "first", &[id], &Verdict::Sent).await.unwrap(), 0, "another holds it now");
    mark_data(&town.scope, "dead", id).await.unwrap();
    town.passes(DATA_LEASE);
    let claim = claim(&town.scope, "other", 9, LEASE).await.unwrap();
    assert_eq!((claim.messages.len(), claim.unknown), (0, 1));
    assert_eq!(town.messages().await[0].state, MessageState::Unknown);
    assert_eq!(finish(&town.scope, "dead", &[id], &Verdict::Sent).await.unwrap(), 1, "a late answer counts");
}

#[tokio::test]
async fn what_is_too_late_is_missed() {
    let town = Town::new().await;
    town.enqueues(vec![invitation(1)]).await;
    town.passes(TimeDelta::days(1));
    let claim = claim(&town.scope, "one", 9, LEASE).await.unwrap();
    assert_eq!((claim.messages.len(), claim.missed), (0, 1));
    assert_eq!(counts(&town.scope).await.unwrap(), BTreeMap::from([(MessageState::Missed, 1)]));
}
