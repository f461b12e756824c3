//! Calendars to subscribe to.

use poem::http::{StatusCode, header};
use tongpan::entity::values::FeedOwner;
use tongpan::sessions;
use tongpan::sessions::feeds::{self, NewFeed};

use crate::harness::{node, on_both, python};
use crate::mails::Readable;
use crate::replies::service;

async fn file(response: poem::test::TestResponse) -> String {
    let bytes = response.0.into_body().into_vec().await.expect("a body");
    String::from_utf8(bytes).expect("text").replace("\r\n ", "")
}

#[tokio::test]
async fn a_teachers_calendar_has_her_own_sessions_with_her_part() {
    on_both(async |town| {
        let published = town.published_east().await;
        town.worker().drains_outbox().await;
        let (li, zheng) = (town.person("T01").await, town.person("T31").await);
        let new = |owner_id| NewFeed { owner: FeedOwner::Teacher, owner_id, replaces: None };
        let hers = feeds::create(&town.scope, new(li.id)).await.expect("a calendar");
        let another = feeds::create(&town.scope, new(zheng.id)).await.expect("a calendar");
        let client = service(town);
        let response = client.get(&hers.path).header("accept-language", "zh").send().await;
        response.assert_status_is_ok();
        response.assert_header(header::CONTENT_TYPE, "text/calendar; charset=utf-8");
        response.assert_header(header::CACHE_CONTROL, "private, no-cache");
        let calendar = file(response).await;
        let mine: Vec<_> = {
            let mut mine = Vec::new();
            for session in &published {
                if town.expected(session.id).await.iter().any(|person| person.id == li.id) {
                    mine.push(session);
                }
            }
            mine
        };
        assert_eq!(calendar.matches("BEGIN:VEVENT").count(), mine.len());
        assert!(calendar.contains("X-WR-CALNAME:李娜 教研活动\r\n"), "{calendar}");
        assert!(
            calendar.contains("REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n")
                && calendar.contains("X-PUBLISHED-TTL:PT1H\r\n")
        );
        assert!(calendar.contains("我的角色：") && !calendar.contains("ATTENDEE"), "{calendar}");
        let nothing = file(client.get(&another.path).send().await).await;
        assert!(!nothing.contains("BEGIN:VEVENT"), "{nothing}");

        let off = mine[0];
        sessions::cancel(&town.scope, off.id, off.version, "台风".to_owned()).await.expect("it is off");
        let calendar = file(client.get(&hers.path).send().await).await;
        assert_eq!(calendar.matches("STATUS:CANCELLED").count(), 1);
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn a_calendar_is_sent_again_only_when_it_says_something_else() {
    on_both(async |town| {
        let published = town.published_east().await;
        town.worker().drains_outbox().await;
        let group = town.group_named("城东教共体").await;
        let new = NewFeed { owner: FeedOwner::Group, owner_id: group.id, replaces: None };
        let made = feeds::create(&town.scope, new).await.expect("a calendar");
        let client = service(town);
        let tag = |response: &poem::test::TestResponse| {
            response.0.headers().get(header::ETAG).expect("a tag").to_str().expect("text").to_owned()
        };
        let first = tag(&client.get(&made.path).send().await);
        town.it_is("2026-09-01 09:00");
        let later = service(town);
        let response = later.get(&made.path).header(header::IF_NONE_MATCH, &first).send().await;
        response.assert_status(StatusCode::NOT_MODIFIED);
        let head = later.head(&made.path).send().await;
        head.assert_status_is_ok();
        assert_eq!(tag(&head), first);
        let session = &published[0];
        sessions::cancel(&town.scope, session.id, session.version, "台风".to_owned())
            .await
            .expect("it is off");
        let response = later.get(&made.path).header(header::IF_NONE_MATCH, &first).send().await;
        response.assert_status_is_ok();
        assert_ne!(tag(&response), first);
        later.post(&made.path).send().await.assert_status(StatusCode::METHOD_NOT_ALLOWED);
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn a_revoked_or_unknown_address_leads_nowhere() {
    on_both(async |town| {
        let published = town.published_east().await;
        town.worker().drains_outbox().await;
        let school_id = published[0].host_school_id.expect("a host");
        let new = NewFeed { owner: FeedOwner::School, owner_id: school_id, replaces: None };
        let first = feeds::create(&town.scope, new).await.expect("a calendar");
        let client = service(town);
        let calendar = file(client.get(&first.path).send().await).await;
        assert!(calendar.contains("BEGIN:VEVENT"), "{calendar}");
        let second = feeds::create(&town.scope, NewFeed { replaces: Some(first.feed.id), ..new })
            .await
            .expect("another");
        client.get(&first.path).send().await.assert_status(StatusCode::NOT_FOUND);
        client.get(&second.path).send().await.assert_status_is_ok();
        feeds::revoke(&town.scope, second.feed.id).await.expect("it is revoked");
        feeds::revoke(&town.scope, second.feed.id).await.expect("it stays so");
        for path in
            [second.path.as_str(), "/calendar/x.ics", "/calendar/.ics", second.path.trim_end_matches(".ics")]
        {
            client.get(path).send().await.assert_status(StatusCode::NOT_FOUND);
        }
        let kept = format!("{:?}", feeds::all(&town.scope).await.expect("rows"));
        let secret = second.path.trim_start_matches("/calendar/").trim_end_matches(".ics");
        assert_eq!(secret.len(), 43);
        assert!(!kept.contains(secret));
        let nobody = NewFeed { owner: FeedOwner::Group, ..new };
        assert!(feeds::create(&town.scope, nobody).await.is_err());
    })
    .await;
}

/// What a program says of calendar files.
fn read_by(program: &str, script: &str, files: &[std::path::PathBuf]) -> Vec<serde_json::Value> {
    let ran = std::process::Command::new(program).arg(script).args(files).output().expect("it runs");
    assert!(ran.status.success(), "{script}: {}", String::from_utf8_lossy(&ran.stderr));
    serde_json::from_slice(&ran.stdout).expect("JSON")
}

#[tokio::test]
async fn invitation_update_cancellation_and_a_subscribed_calendar_are_read_by_what_others_wrote() {
    let (python, node) = (python(), node());
    if python.is_none() && node.is_none() {
        return;
    }
    on_both(async |town| {
        let session = town.published_east().await.remove(0);
        town.worker().drains_outbox().await;
        let person = town.expected(session.id).await.remove(0);
        let new = NewFeed { owner: FeedOwner::Teacher, owner_id: person.id, replaces: None };
        let made = feeds::create(&town.scope, new).await.expect("a calendar");
        let moved = town.moves(&session, "2026-10-14 14:20").await.expect("it is moved");
        town.worker().drains_outbox().await;
        sessions::cancel(&town.scope, moved.id, moved.version, "台风".to_owned()).await.expect("it is off");
        town.worker().drains_outbox().await;
        let uid = format!("{}@tongpan", tongpan::id::Kind::Session.id(session.id));
        let mails = town.inbox(person.email.as_deref().expect("an address"));
        let told: Vec<String> =
            mails.iter().filter(|mail| mail.eml.contains("invite.ics")).map(Readable::calendar).collect();
        let told = told.into_iter().filter(|file| file.replace("\r\n ", "").contains(&uid));
        let subscribed = service(town).get(&made.path).send().await.0.into_body().into_string().await;
        let folder = tempfile::tempdir().expect("a folder");
        let mut files = Vec::new();
        for (number, file) in told.chain(subscribed).enumerate() {
            files.push(folder.path().join(format!("{number}.ics")));
            std::fs::write(&files[number], file).expect("a file");
        }
        assert_eq!(files.len(), 4);
        let mut readers = Vec::new();
        if let Some(python) = &python {
            readers.push(read_by(python, "tests/py/check_vobject.py", &files));
            for file in &files {
                read_by(python, "tests/py/check_calendar.py", std::slice::from_ref(file));
            }
        }
        if let Some(node) = &node {
            readers.push(read_by(node, "tests/js/check_calendar.js", &files));
        }
        for events in readers {
            let hers: Vec<_> = events.iter().filter(|event| event["uid"] == uid.as_str()).collect();
            let of = |name: &str| hers.iter().map(|event| event[name].clone()).collect::<Vec<_>>();
            assert_eq!(of("method"), ["REQUEST", "REQUEST", "CANCEL", "PUBLISH"]);
            assert_eq!(of("sequence"), [0, 1, 2, 2]);
            assert_eq!(of("status"), ["CONFIRMED", "CONFIRMED", "CANCELLED", "CANCELLED"]);
            assert_eq!(of("alarms"), [1, 1, 0, 0]);
            let moved: Vec<String> =
                of("start").iter().map(|at| at.as_str().expect("text")[..16].to_owned()).collect();
            assert_eq!(moved[1..], ["2026-10-14T06:20"; 3]);
        }
    })
    .await;
}
