//! Doing without mails: by the header that mail programs know (RFC 8058), by the page, by the API; and never without an invitation.

use std::collections::BTreeMap;

use expect_test::expect_file;
use poem::http::{StatusCode, header};
use poem::test::{TestClient, TestResponse};
use poem::{Endpoint, Response};
use tongpan::entity::values::MailCategory;
use tongpan::error::Language;
use tongpan::http::{AppState, ServeOptions, app};
use tongpan::mail::Sent;
use tongpan::mail::preferences;
use tongpan::sessions;

use crate::harness::{Harness, PUBLIC_URL, on_both};
use crate::mails::Readable;
use crate::town::{WEST, small_town};

const FORM: &str = "application/x-www-form-urlencoded";

/// The west meets on the fourteenth of October.
async fn meets_in_october(town: &Harness) {
    town.settles(&small_town()).await;
    let plan = town.solves(WEST).await;
    town.publishes(&plan).await;
    let session = town.dated().await.remove(0);
    town.moves(&session, "2026-10-14 14:00").await.expect("the session is moved");
    town.worker().drains_outbox().await;
}

fn client(town: &Harness) -> TestClient<impl Endpoint<Output = Response> + use<>> {
    let options = ServeOptions { listen: "127.0.0.1:4000".parse().expect("an address"), dev: false };
    let state = AppState::new(town.scope.database.clone(), town.scope.clock.clone(), options);
    TestClient::new(app(state.expect("a server")))
}

async fn body(response: TestResponse) -> String {
    response.0.into_body().into_string().await.expect("a text")
}

/// The path that the header of a mail names.
fn way_out(mail: &Sent) -> String {
    let head = mail.eml.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", "");
    let line = head.lines().find_map(|line| line.strip_prefix("List-Unsubscribe: "));
    let url = line.expect("the header").trim().trim_matches(['<', '>']).replace(' ', "");
    url.strip_prefix(PUBLIC_URL).expect("an address of the service").to_owned()
}

async fn wants(town: &Harness, number: &str) -> Vec<MailCategory> {
    let id = town.person(number).await.id;
    let all = preferences::of_person(town.scope.reader(), town.district_id(), id).await.expect("wishes");
    all.into_iter().filter(|(_, wanted)| *wanted).map(|(category, _)| category).collect()
}

async fn weekly(town: &Harness) -> Sent {
    town.it_is("2026-10-11 19:00");
    town.gathering_worker(Language::Chinese).drains_outbox().await;
    town.inbox("zheng@").into_iter().find(|mail| mail.kind() == "weekly_digest").expect("her week")
}

#[tokio::test]
async fn only_mails_one_may_do_without_say_how() {
    on_both(async |town| {
        meets_in_october(town).await;
        let mail = weekly(town).await;
        town.it_is("2026-10-13 08:00");
        town.gathering_worker(Language::Chinese).drains_outbox().await;
        for mail in town.inbox("zheng@") {
            let says = mail.eml.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click");
            let dispensable = ["weekly_digest", "reminder"].contains(&mail.kind());
            assert_eq!(says, dispensable, "{}", mail.kind());
            assert_eq!(mail.text().contains("/unsubscribe/"), dispensable, "{}", mail.kind());
        }
        assert!(mail.text().contains(&way_out(&mail)), "the body has the same address");
        assert!(!mail.eml.contains("\r\nReply-To: <"), "no empty address");
    })
    .await;
}

#[tokio::test]
async fn opening_the_page_changes_nothing_and_one_click_turns_the_category_off() {
    on_both(async |town| {
        meets_in_october(town).await;
        let path = way_out(&weekly(town).await);
        let client = client(town);
        let page = client.get(&path).send().await;
        page.assert_status_is_ok();
        page.assert_header("cache-control", "no-store");
        expect_file!["expected/unsubscribe.html"].assert_eq(&body(page).await);
        let page = body(client.get(format!("{path}?lang=en")).send().await).await;
        assert!(page.contains("Which mails do you want?") && page.contains("the weekly digest"), "{page}");
        assert_eq!(wants(town, "T31").await, MailCategory::ALL, "opening it changes nothing");
        client.head(&path).send().await.assert_status_is_ok();
        client.delete(&path).send().await.assert_status(StatusCode::METHOD_NOT_ALLOWED);

        let one_click =
            || client.post(&path).header(header::CONTENT_TYPE, FORM).body("List-Unsubscribe=One-Click");
        let done = one_click().send().await;
        done.assert_status_is_ok();
        expect_file!["expected/unsubscribed.html"].assert_eq(&body(done).await);
        one_click().send().await.assert_status_is_ok();
        use MailCategory::{DailyDigest, Reminders, ReplySummary, WeeklyDigest};
        assert_eq!(wants(town, "T31").await, [Reminders, DailyDigest, ReplySummary]);
        assert_eq!(wants(town, "T41").await, MailCategory::ALL, "nobody else is concerned");

        let undo = "save=1&keep=reminders&keep=weekly_digest&keep=daily_digest&keep=reply_summary";
        client.post(&path).header(header::CONTENT_TYPE, FORM).body(undo).send().await.assert_status_is_ok();
        assert_eq!(wants(town, "T31").await, MailCategory::ALL);
        let some = "save=1&keep=daily_digest&keep=weekly_digest";
        client.post(&path).header(header::CONTENT_TYPE, FORM).body(some).send().await.assert_status_is_ok();
        assert_eq!(wants(town, "T31").await, [WeeklyDigest, DailyDigest]);
    })
    .await;
}

#[tokio::test]
async fn one_click_may_come_as_either_form_and_nothing_else_acts() {
    on_both(async |town| {
        meets_in_october(town).await;
        let path = way_out(&weekly(town).await);
        let client = client(town);
        for nonsense in ["", "x=1", "List-Unsubscribe=Maybe", "keep=reminders"] {
            let refused = client.post(&path).header(header::CONTENT_TYPE, FORM).body(nonsense).send().await;
            refused.assert_status(StatusCode::BAD_REQUEST);
        }
        let forged = format!("{}A", &path[..path.len() - 2]);
        for wrong in [forged.as_str(), "/unsubscribe/x"] {
            client.get(wrong).send().await.assert_status(StatusCode::NOT_FOUND);
            let click =
                client.post(wrong).header(header::CONTENT_TYPE, FORM).body("List-Unsubscribe=One-Click");
            click.send().await.assert_status(StatusCode::NOT_FOUND);
        }
        assert_eq!(wants(town, "T31").await, MailCategory::ALL);
        let multipart =
            "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
        let click = client
            .post(&path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
            .body(multipart);
        click.send().await.assert_status_is_ok();
        assert_eq!(wants(town, "T31").await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn who_does_without_reminders_gets_none_and_still_learns_of_changes() {
    on_both(async |town| {
        meets_in_october(town).await;
        let (zheng, chu) = (town.person("T31").await.id, town.person("T41").await.id);
        let off = BTreeMap::from([(MailCategory::Reminders, false)]);
        sessions::prefer(&town.scope, zheng, &off).await.expect("a wish");
        let session = town.dated().await.remove(0);
        town.moves(&session, "2026-10-15 14:00").await.expect("the session is moved");
        town.worker().drains_outbox().await;
        // She changes her mind, and is reminded of what is still to come; the other does without while they wait.
        town.it_is("2026-10-14 09:00");
        sessions::prefer(&town.scope, zheng, &BTreeMap::from([(MailCategory::Reminders, true)]))
            .await
            .expect("a wish");
        sessions::prefer(&town.scope, chu, &off).await.expect("a wish");
        town.it_is("2026-10-15 12:00");
        town.worker().drains_outbox().await;
        let kinds = |who: &str| town.inbox(who).iter().map(|mail| mail.kind().to_owned()).collect::<Vec<_>>();
        assert_eq!(kinds("zheng@"), ["update", "update", "reminder"], "two hours before");
        assert_eq!(kinds("chu@"), ["update", "update"]);
    })
    .await;
}

#[tokio::test]
async fn a_digest_that_waits_is_dropped_when_its_reader_does_without_it_by_then() {
    on_both(async |town| {
        meets_in_october(town).await;
        town.it_is("2026-10-11 19:00");
        let zheng = town.person("T31").await.id;
        let off = BTreeMap::from([(MailCategory::WeeklyDigest, false)]);
        sessions::prefer(&town.scope, zheng, &off).await.expect("a wish");
        town.gathering_worker(Language::Chinese).drains_outbox().await;
        assert!(town.inbox("zheng@").iter().all(|mail| mail.kind() != "weekly_digest"));
        assert!(town.inbox("chu@").iter().any(|mail| mail.kind() == "weekly_digest"));
    })
    .await;
}
