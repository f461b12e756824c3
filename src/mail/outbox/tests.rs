use super::*;
use crate::mail::Limits;
use crate::mail::limits::Rate;
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
    let limits = Limits::default();
    let claims = |owner| claim(&town.scope, owner, 20, LEASE, &limits);
    let (one, other) = tokio::join!(claims("one"), claims("other"));
    let one: HashSet<Uuid> = one.unwrap().messages.iter().map(|message| message.id).collect();
    let other: HashSet<Uuid> = other.unwrap().messages.iter().map(|message| message.id).collect();
    assert!(one.is_disjoint(&other));
    assert_eq!(one.len() + other.len(), 30);
}

#[tokio::test]
async fn what_is_not_due_waits() {
    let town = Town::new().await;
    town.enqueues(vec![Draft { send_at: morning() + TimeDelta::hours(1), ..invitation(1) }]).await;
    assert!(claim(&town.scope, "one", 9, LEASE, &Limits::default()).await.unwrap().messages.is_empty());
    town.passes(TimeDelta::hours(1));
    assert_eq!(claim(&town.scope, "one", 9, LEASE, &Limits::default()).await.unwrap().messages.len(), 1);
}

#[tokio::test]
async fn a_claim_that_ran_out_is_taken_over_and_its_first_owner_may_not_send() {
    let town = Town::new().await;
    town.enqueues(vec![invitation(1)]).await;
    let id = claim(&town.scope, "slow", 9, LEASE, &Limits::default()).await.unwrap().messages[0].id;
    assert!(claim(&town.scope, "quick", 9, LEASE, &Limits::default()).await.unwrap().messages.is_empty());
    town.passes(LEASE);
    assert_eq!(claim(&town.scope, "quick", 9, LEASE, &Limits::default()).await.unwrap().messages.len(), 1);
    assert!(!mark_data(&town.scope, "slow", id).await.unwrap());
    assert!(mark_data(&town.scope, "quick", id).await.unwrap());
    assert_eq!(finish(&town.scope, "slow", &[id], &Verdict::Sent).await.unwrap(), 0);
    assert_eq!(finish(&town.scope, "quick", &[id], &Verdict::Sent).await.unwrap(), 1);
}

#[tokio::test]
async fn a_renewed_claim_holds() {
    let town = Town::new().await;
    town.enqueues(vec![invitation(1)]).await;
    claim(&town.scope, "slow", 9, LEASE, &Limits::default()).await.unwrap();
    town.passes(LEASE / 2);
    renew(&town.scope, "slow", LEASE).await.unwrap();
    town.passes(LEASE / 2);
    assert!(claim(&town.scope, "quick", 9, LEASE, &Limits::default()).await.unwrap().messages.is_empty());
}

#[tokio::test]
async fn a_released_claim_is_free_at_once() {
    let town = Town::new().await;
    town.enqueues(vec![invitation(1)]).await;
    claim(&town.scope, "one", 9, LEASE, &Limits::default()).await.unwrap();
    release(&town.scope, "one").await.unwrap();
    assert_eq!(claim(&town.scope, "other", 9, LEASE, &Limits::default()).await.unwrap().messages.len(), 1);
}

#[tokio::test]
async fn what_a_worker_died_over_goes_out_once_more_and_is_then_given_up_for_people_to_see() {
    let town = Town::new().await;
    town.enqueues(vec![invitation(1)]).await;
    let id = claim(&town.scope, "first", 9, LEASE, &Limits::default()).await.unwrap().messages[0].id;
    mark_data(&town.scope, "first", id).await.unwrap();
    town.passes(DATA_LEASE);
    let claim_again = claim(&town.scope, "dead", 9, LEASE, &Limits::default()).await.unwrap();
    assert_eq!((claim_again.messages.len(), claim_again.unknown), (1, 0), "nothing may be lost");
    assert_eq!(finish(&town.scope, "first", &[id], &Verdict::Sent).await.unwrap(), 0, "another holds it now");
    mark_data(&town.scope, "dead", id).await.unwrap();
    town.passes(DATA_LEASE);
    let claim = claim(&town.scope, "other", 9, LEASE, &Limits::default()).await.unwrap();
    assert_eq!((claim.messages.len(), claim.unknown), (0, 1));
    assert_eq!(town.messages().await[0].state, MessageState::Unknown);
    assert_eq!(finish(&town.scope, "dead", &[id], &Verdict::Sent).await.unwrap(), 1, "a late answer counts");
}

#[tokio::test]
async fn what_is_too_late_is_missed() {
    let town = Town::new().await;
    town.enqueues(vec![invitation(1)]).await;
    town.passes(TimeDelta::days(1));
    let claim = claim(&town.scope, "one", 9, LEASE, &Limits::default()).await.unwrap();
    assert_eq!((claim.messages.len(), claim.missed), (0, 1));
    assert_eq!(counts(&town.scope).await.unwrap(), BTreeMap::from([(MessageState::Missed, 1)]));
}

#[tokio::test]
async fn one_recipient_gets_no_more_in_an_hour_than_her_provider_bears_and_keeps_nobody_waiting() {
    let town = Town::new().await;
    let to_li = |subject: u128| Draft { subject_id: Uuid::from_u128(subject), ..invitation(1) };
    town.enqueues((1..=5).map(to_li).chain([Draft { send_at: morning(), ..invitation(2) }]).collect()).await;
    let limits = Limits { per_recipient: Some(2), ..Limits::default() };
    let first = claim(&town.scope, "one", 9, LEASE, &limits).await.unwrap();
    assert_eq!((first.messages.len(), first.put_off), (3, 3), "two to her, one to somebody else");
    for message in &first.messages {
        assert!(mark_data(&town.scope, "one", message.id).await.unwrap());
        finish(&town.scope, "one", &[message.id], &Verdict::Sent).await.unwrap();
    }
    town.passes(TimeDelta::minutes(59));
    assert!(claim(&town.scope, "one", 9, LEASE, &limits).await.unwrap().messages.is_empty());
    town.passes(TimeDelta::minutes(1));
    assert_eq!(claim(&town.scope, "one", 9, LEASE, &limits).await.unwrap().messages.len(), 2);
    let last = town.messages().await.into_iter().find(|message| message.state == MessageState::Pending);
    assert_eq!(last.unwrap().send_at, morning() + TimeDelta::hours(2), "the fifth waits for the third");
}

#[tokio::test]
async fn all_workers_together_send_no_more_than_the_provider_bears() {
    let town = Town::new().await;
    town.enqueues((0..30).map(invitation).collect()).await;
    let rate = Rate { mails: 20, window: TimeDelta::minutes(15) };
    let limits = Limits { rate: Some(rate), ..Limits::default() };
    let claims = |owner| claim(&town.scope, owner, 15, LEASE, &limits);
    let (one, other) = (claims("one").await.unwrap(), claims("other").await.unwrap());
    assert_eq!((one.messages.len(), other.messages.len()), (15, 5));
    for message in &one.messages {
        mark_data(&town.scope, "one", message.id).await.unwrap();
        finish(&town.scope, "one", &[message.id], &Verdict::Sent).await.unwrap();
    }
    release(&town.scope, "other").await.unwrap();
    assert_eq!(claims("third").await.unwrap().messages.len(), 5);
    town.passes(TimeDelta::minutes(15));
    assert_eq!(claims("fourth").await.unwrap().messages.len(), 15, "the third's ran out with its lease");
}

#[tokio::test]
async fn what_tells_of_an_older_version_is_taken_back_also_from_a_worker() {
    let town = Town::new().await;
    town.enqueues(vec![invitation(1), invitation(2)]).await;
    let held = claim(&town.scope, "one", 9, LEASE, &Limits::default()).await.unwrap();
    assert!(mark_data(&town.scope, "one", held.messages[0].id).await.unwrap());
    let txn = town.scope.begin().await.unwrap();
    assert_eq!(supersede(&txn, &[(invitation(1).subject_id, 1)]).await.unwrap(), 1);
    txn.commit().await.unwrap();
    assert!(!mark_data(&town.scope, "one", held.messages[1].id).await.unwrap(), "its body must not begin");
    let done = finish(&town.scope, "one", &[held.messages[0].id], &Verdict::Sent).await.unwrap();
    assert_eq!(done, 1, "what was on its way is what it is");
}

#[tokio::test]
async fn a_mail_in_doubt_whose_time_has_passed_is_unknown_and_not_missed() {
    let town = Town::new().await;
    town.enqueues(vec![invitation(1)]).await;
    let id = claim(&town.scope, "one", 9, LEASE, &Limits::default()).await.unwrap().messages[0].id;
    mark_data(&town.scope, "one", id).await.unwrap();
    let doubt = Verdict::Doubtful(morning() + TimeDelta::days(2), "no answer".to_owned());
    finish(&town.scope, "one", &[id], &doubt).await.unwrap();
    town.passes(TimeDelta::days(1));
    assert_eq!(claim(&town.scope, "one", 9, LEASE, &Limits::default()).await.unwrap().missed, 0);
    assert_eq!(town.messages().await[0].state, MessageState::Unknown);
}

#[tokio::test]
async fn a_failed_mail_is_tried_again_when_somebody_asks_and_no_other() {
    let town = Town::new().await;
    town.enqueues(vec![invitation(1), invitation(2)]).await;
    let held = claim(&town.scope, "one", 9, LEASE, &Limits::default()).await.unwrap().messages;
    finish(&town.scope, "one", &[held[0].id], &Verdict::Failed("550 no such user".to_owned())).await.unwrap();
    finish(&town.scope, "one", &[held[1].id], &Verdict::Sent).await.unwrap();
    let listed = list(&town.scope, &[MessageState::Failed], 9).await.unwrap();
    assert_eq!(listed[0].message.failure.as_deref(), Some("550 no such user"));
    assert!(
        retry(&town.scope, &[held[0].id, held[1].id]).await.is_err(),
        "one was sent already: none goes again"
    );
    retry(&town.scope, &[held[0].id]).await.unwrap();
    assert_eq!(claim(&town.scope, "one", 9, LEASE, &Limits::default()).await.unwrap().messages.len(), 1);
    finish(&town.scope, "one", &[held[0].id], &Verdict::Failed("550".to_owned())).await.unwrap();
    town.passes(TimeDelta::days(1));
    assert!(retry(&town.scope, &[held[0].id]).await.is_err(), "it is no longer worth sending");
}
