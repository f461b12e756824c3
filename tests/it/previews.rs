//! What a change of published sessions would send is looked at before, and is what it then sends.

use sea_orm::prelude::Uuid;
use tongpan::entity::research_session;
use tongpan::error::{Error, Language, Result};
use tongpan::plans::bulk::{self, BulkChange, BulkRequest};
use tongpan::plans::{Reschedule, apply_bulk, preview_reschedule, reschedule};
use tongpan::sessions::letters::{Letters, PreviewedLetter};
use tongpan::sessions::{cancel, preview_cancel};

use crate::bulk::request;
use crate::harness::{Harness, PUBLIC_URL, at, on_both};
use crate::mails::Readable;

fn letters() -> Letters {
    let variable = |name: &str| match name {
        "TONGPAN_MAIL_FROM" => Some("测试县联合教研 <notice@example.com>".to_owned()),
        "TONGPAN_PUBLIC_URL" => Some(PUBLIC_URL.to_owned()),
        _ => None,
    };
    Letters::as_set(variable, Language::Chinese).expect("settings")
}

/// A published session whose people know of it, and one of them.
async fn known(town: &Harness) -> (research_session::Model, Uuid, String) {
    let session = town.published_east().await.remove(0);
    town.worker().drains_outbox().await;
    let person = town.expected(session.id).await.remove(0);
    (session, person.id, person.email.expect("an address"))
}

/// Holds what was shown against what came in after `seen` mails.
async fn was_true(town: &Harness, shown: &[PreviewedLetter], address: &str, seen: usize) {
    town.worker().drains_outbox().await;
    let came = town.inbox(address).split_off(seen);
    let now: Vec<_> = shown.iter().filter(|one| one.message.send_at <= town.scope.now()).collect();
    assert_eq!((now.len(), came.len()), (1, 1));
    assert_eq!(came[0].text().trim_end(), now[0].letter.text.trim_end());
    let file = now[0].letter.calendar.as_ref().expect("a calendar file");
    assert_eq!(came[0].calendar(), file.ics);
}

async fn unchanged<T>(town: &Harness, look: impl Future<Output = Result<T>>) -> T {
    let before = (town.counts().await, town.dated().await);
    let looked = look.await.expect("a preview");
    assert_eq!((town.counts().await, town.dated().await), before, "looking writes nothing");
    looked
}

#[tokio::test]
async fn the_letter_of_a_move_is_shown_before_it_is_sent() {
    on_both(async |town| {
        let (session, person, address) = known(town).await;
        let seen = town.inbox(&address).len();
        let wish = Reschedule {
            session_id: session.id,
            expected_version: session.version,
            starts_at: at("2026-10-27 14:00"),
            host_school_id: None,
            room_id: None,
            reason: "台风停课".to_owned(),
        };
        let shown = unchanged(town, preview_reschedule(&town.scope, &wish, person, &letters())).await;
        reschedule(&town.scope, wish).await.expect("it moves");
        town.scope.clock.set(town.scope.now() + town.scope.hold());
        was_true(town, &shown, &address, seen).await;
    })
    .await;
}

#[tokio::test]
async fn the_letter_of_a_cancellation_is_shown_before_it_is_sent() {
    on_both(async |town| {
        let (session, person, address) = known(town).await;
        let seen = town.inbox(&address).len();
        let letters = letters();
        let look = preview_cancel(&town.scope, session.id, session.version, "台风停课", person, &letters);
        let shown = unchanged(town, look).await;
        cancel(&town.scope, session.id, session.version, "台风停课".to_owned()).await.expect("it is off");
        was_true(town, &shown, &address, seen).await;
    })
    .await;
}

#[tokio::test]
async fn the_letters_of_a_bulk_change_are_shown_before_they_are_sent() {
    on_both(async |town| {
        let (_, person, _) = known(town).await;
        let postpone = request(BulkChange::Postpone(1));
        let shown = unchanged(town, bulk::preview_letters(&town.scope, &postpone, person, &letters())).await;
        assert!(shown.iter().any(|one| one.letter.text.contains("台风停课")), "{shown:#?}");

        let beyond = BulkRequest { change: BulkChange::Postpone(20), ..postpone.clone() };
        let refused = bulk::preview_letters(&town.scope, &beyond, person, &letters()).await;
        let Err(Error::Rejected(faults)) = refused else { panic!("nothing to show: {refused:?}") };
        assert_eq!(faults[0].code, "NONE_POSSIBLE");
        assert!(apply_bulk(&town.scope, &postpone).await.expect("it is done").applied);
        town.worker().drains_outbox().await;
    })
    .await;
}
