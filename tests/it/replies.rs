//! Whoever is invited answers, by the link in her mail or by somebody who enters it; those who must know are told.

use expect_test::{expect, expect_file};
use poem::http::{StatusCode, header};
use poem::test::TestClient;
use poem::{Endpoint, Response};
use sea_orm::EntityTrait;
use tongpan::clock::Clock;
use tongpan::entity::values::{Reply, ReplyWay};
use tongpan::entity::{audit_entry, participant, research_session, teacher};
use tongpan::error::{Error, Language};
use tongpan::http::{AppState, ServeOptions, app};
use tongpan::mail::links::{Links, Purpose};
use tongpan::sessions::replies::{self, Answer, is_needed};

use crate::harness::{Harness, on_both};
use crate::mails::Readable;

/// The service, as a browser reaches it.
pub fn service(town: &Harness) -> TestClient<impl Endpoint<Output = Response> + use<>> {
    let options = ServeOptions { listen: "127.0.0.1:4000".parse().expect("an address"), dev: false };
    let clock = Clock::fixed(town.scope.now());
    TestClient::new(app(AppState::new(town.scope.database.clone(), clock, options).expect("a service")))
}

/// Somebody whom the session needs, other than who coordinates.
pub async fn somebody_needed(
    town: &Harness,
    session: &research_session::Model,
) -> (participant::Model, teacher::Model) {
    let mut parts = town.parts(session).await;
    parts.sort_by_key(|part| (part.role, part.teacher_id));
    let coordinator = town.person("T02").await.id;
    let needed = |part: &&participant::Model| {
        part.excused.is_none() && is_needed(part) && part.teacher_id != coordinator
    };
    let part = parts.iter().find(needed).expect("somebody needed").clone();
    let person = teacher::Entity::find().all(town.scope.reader()).await.expect("teachers");
    let person = person.into_iter().find(|row| row.id == part.teacher_id).expect("her row");
    (part, person)
}

pub async fn part_now(town: &Harness, part: &participant::Model) -> participant::Model {
    let parts = participant::Entity::find().all(town.scope.reader()).await.expect("participants");
    let hers =
        |row: &participant::Model| (row.session_id, row.teacher_id) == (part.session_id, part.teacher_id);
    parts.into_iter().find(hers).expect("her part")
}

pub fn answer(part: &participant::Model, reply: Reply, reason: Option<&str>) -> Answer {
    Answer {
        session_id: part.session_id,
        teacher_id: part.teacher_id,
        reply,
        reason: reason.map(str::to_owned),
        way: ReplyWay::Coordinator,
        asked: None,
    }
}

fn code(error: Error) -> &'static str {
    match error {
        Error::Rejected(errors) => errors[0].code,
        other => panic!("{other}"),
    }
}

async fn path_of(town: &Harness, part: &participant::Model) -> String {
    let links = Links::of(&town.scope, None).await.expect("links");
    format!("/reply/{}", links.token(Purpose::Reply, &[part.session_id, part.teacher_id]))
}

async fn text(response: poem::test::TestResponse) -> String {
    String::from_utf8(response.0.into_body().into_vec().await.expect("a body")).expect("text")
}

/// A page as it is read: the words without the marks.
fn words(page: &str) -> String {
    let mut words = String::new();
    let mut inside = false;
    for c in page.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => words.push(c),
            _ => {}
        }
    }
    words.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn opening_the_link_asks_and_only_sending_the_form_answers() {
    on_both(async |town| {
        let session = town.published_east().await.remove(0);
        town.worker().drains_outbox().await;
        let (part, person) = somebody_needed(town, &session).await;
        let path = path_of(town, &part).await;
        let address = person.email.clone().expect("an address");
        let mail = town.inbox(&address).remove(0).text();
        assert!(mail.contains(&format!("回复链接：https://jiaoyan.example.com{path}")), "{mail}");
        let client = service(town);

        for request in [client.get(&path), client.head(&path)] {
            let response = request.send().await;
            response.assert_status_is_ok();
            let policy = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
            response.assert_header("content-security-policy", policy);
            response.assert_header(header::REFERRER_POLICY, "no-referrer");
            response.assert_header(header::CACHE_CONTROL, "no-store");
        }
        assert_eq!(part_now(town, &part).await, part, "whoever only looks answers nothing");
        let page = text(client.get(&path).send().await).await;
        assert!(!page.contains("<script") && !page.contains("style="), "{page}");

        let form = |reply: &str, reason: &str| {
            client.post(&path).form(&[("reply", reply), ("reason", reason), ("sequence", "0")])
        };
        let page = text(form("declined", "当天有公开课 <b>").send().await).await;
        assert!(words(&page).contains("已记录：请假（当天有公开课 &#60;b&#62;）。集团教研负责人会马上收到通知。"), "{page}");
        let now = part_now(town, &part).await;
        assert_eq!((now.reply, now.reply_way), (Reply::Declined, Some(ReplyWay::Link)));
        assert_eq!(now.reply_reason.as_deref(), Some("当天有公开课 <b>"));
        assert_eq!((now.id, now.replied_at), (part.id, Some(town.scope.now())));
        let entries = audit_entry::Entity::find().all(town.scope.reader()).await.expect("entries");
        let entry = entries.iter().find(|entry| entry.action == "session.reply").expect("an entry");
        assert_eq!((entry.actor.as_str(), entry.entity_id), (person.number.as_str(), part.id));

        let page = text(form("accepted", "").header("accept-language", "en").send().await).await;
        assert!(words(&page).contains("Recorded: accepted."), "{page}");
        assert_eq!(part_now(town, &part).await.reply, Reply::Accepted);
        let page = text(client.get(&path).send().await).await;
        assert!(page.contains("您已回复：参加") && page.contains("value=\"accepted\" required checked"), "{page}");
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn a_forged_link_leads_nowhere_and_a_form_that_says_nothing_answers_nothing() {
    on_both(async |town| {
        let session = town.published_east().await.remove(0);
        town.worker().drains_outbox().await;
        let (part, _) = somebody_needed(town, &session).await;
        let path = path_of(town, &part).await;
        let client = service(town);
        let links = Links::of(&town.scope, None).await.expect("links");
        let other = links.token(Purpose::Unsubscribe, &[part.session_id, part.teacher_id]);
        let last = if path.ends_with('A') { "Q" } else { "A" };
        let flipped = format!("{}{last}", &path[..path.len() - 1]);
        for wrong in [flipped, format!("/reply/{other}"), "/reply/x".to_owned(), format!("{path}x")] {
            let response = client.get(&wrong).send().await;
            response.assert_status(StatusCode::NOT_FOUND);
            response.assert_header(header::REFERRER_POLICY, "no-referrer");
        }
        client.put(&path).send().await.assert_status(StatusCode::METHOD_NOT_ALLOWED);
        let nothing = client.post(&path).form(&[("reason", "只写了原因")]).send().await;
        nothing.assert_status(StatusCode::UNPROCESSABLE_ENTITY);
        let page = text(nothing).await;
        assert!(page.contains("请选择：参加、待定或请假") && page.contains("只写了原因"), "{page}");
        let long = "长".repeat(501);
        let refused =
            client.post(&path).form(&[("reply", "declined"), ("reason", long.as_str())]).send().await;
        assert!(text(refused).await.contains("原因最多500字，现为501字"));
        assert_eq!(part_now(town, &part).await, part);
    })
    .await;
}

#[tokio::test]
async fn a_decline_of_somebody_needed_reaches_the_coordinator_at_once() {
    on_both(async |town| {
        let session = town.published_east().await.remove(0);
        town.worker().drains_outbox().await;
        let (part, _) = somebody_needed(town, &session).await;
        let declined = answer(&part, Reply::Declined, Some("当天要参加县里的\r\n质量监测"));
        assert!(replies::reply(&town.scope, declined.clone()).await.expect("it is recorded").changed);
        assert!(!replies::reply(&town.scope, declined).await.expect("it is known").changed);
        let before = town.inbox("wang@").len();
        town.worker().drains_outbox().await;
        let mails = town.inbox("wang@");
        assert_eq!(mails.len(), before + 1, "once, though she answered twice the same");
        expect_file!["expected/declined.txt"].assert_eq(&mails[before].letter());

        // Who changes her mind before the mail goes out spares it.
        replies::reply(&town.scope, answer(&part, Reply::Tentative, None)).await.expect("it is recorded");
        replies::reply(&town.scope, answer(&part, Reply::Declined, None)).await.expect("it is recorded");
        replies::reply(&town.scope, answer(&part, Reply::Accepted, None)).await.expect("it is recorded");
        let tally = town.worker().drains_outbox().await;
        assert_eq!((tally.sent, tally.stale), (0, 1));

        replies::reply(&town.scope, answer(&part, Reply::Declined, None)).await.expect("it is recorded");
        town.worker_writing(Language::English).drains_outbox().await;
        let english = town.inbox("wang@").last().expect("a mail").clone();
        expect_file!["expected/declined_en.txt"].assert_eq(&english.letter());
    })
    .await;
}

#[tokio::test]
async fn what_is_over_or_off_takes_no_answer_and_what_moved_asks_anew() {
    on_both(async |town| {
        let sessions = town.published_east().await;
        town.worker().drains_outbox().await;
        let (part, _) = somebody_needed(town, &sessions[0]).await;
        replies::reply(&town.scope, answer(&part, Reply::Accepted, None)).await.expect("it is recorded");
        let moved = town.moves(&sessions[0], "2026-10-14 14:20").await;
        let moved = match moved {
            Ok(moved) => moved,
            Err(error) => panic!("{error}"),
        };
        let asked = part_now(town, &part).await;
        assert_eq!(
            (asked.reply, asked.replied_at, asked.reply_way, asked.id),
            (Reply::Pending, None, None, part.id)
        );

        let path = path_of(town, &part).await;
        let old = service(town).post(&path).form(&[("reply", "accepted"), ("sequence", "0")]).send().await;
        old.assert_status(StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(old).await.contains("活动在此之后已有变更"));
        assert_eq!(part_now(town, &part).await.reply, Reply::Pending);

        let refused =
            async |reply| code(replies::reply(&town.scope, answer(&part, reply, None)).await.unwrap_err());
        assert_eq!(refused(Reply::Pending).await, "REPLY_MISSING");
        town.it_is("2026-10-14 20:00");
        assert_eq!(refused(Reply::Accepted).await, "SESSION_OVER");
        town.it_is("2026-09-01 08:00");
        let reason = "台风".to_owned();
        tongpan::sessions::cancel(&town.scope, moved.id, moved.version, reason).await.expect("it is off");
        assert_eq!(refused(Reply::Accepted).await, "SESSION_CANCELLED");
        let page = text(service(town).get(&path).send().await).await;
        assert!(page.contains("这次活动已经取消，不必回复，也不必前往") && !page.contains("<form"), "{page}");
        let stranger =
            Answer { teacher_id: town.person("T41").await.id, ..answer(&part, Reply::Accepted, None) };
        let other = Answer { session_id: sessions[1].id, ..stranger };
        assert_eq!(code(replies::reply(&town.scope, other).await.unwrap_err()), "NOT_INVITED");
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn the_page_as_it_reads() {
    on_both(async |town| {
        let session = town.published_east().await.remove(0);
        town.worker().drains_outbox().await;
        let (part, _) = somebody_needed(town, &session).await;
        let page = text(service(town).get(path_of(town, &part).await).send().await).await;
        expect_file!["expected/reply_page.txt"].assert_eq(&format!("{}\n", words(&page)));
    })
    .await;
}

#[test]
fn an_office_enters_answers_sees_them_and_writes_notices_to_paste() {
    let office = crate::commands::Office::with_the_town();
    office.must(&["solve", "--group", "城西", "--steps", "1500"]);
    office.must(&["publish", "--yes"]);
    let plan: serde_json::Value =
        serde_json::from_str(&office.must(&["plan", "show", "--json"])).expect("JSON");
    let session = plan.pointer("/sessions/0/id").and_then(|id| id.as_str()).expect("a session").to_owned();
    let entered = office.must(&["session", "reply", &session, "--teacher", "T41", "--as", "accepted"]);
    assert_eq!(entered, "已登记：褚云参加。没有需要发送的邮件。\n");
    let again = office.must(&["session", "reply", &session, "--teacher", "T41", "--as", "accepted"]);
    assert_eq!(again, "褚云此前已回复“参加”，没有变化。\n");
    let listed = office.must(&["session", "replies", &session]);
    assert!(listed.ends_with("参加1人，请假0人，待定0人，未回复4人。\n"), "{listed}");
    let stranger = office.refuses(&["session", "reply", &session, "--teacher", "T99", "--as", "declined"]);
    assert_eq!(stranger, "错误: 没有工号为“T99”的人\n");
    let notice = office.must(&["session", "notice", &session]);
    expect_file!["expected/notice.txt"].assert_eq(&notice);
    expect![[r#"
        这一周没有活动。
    "#]]
    .assert_eq(&office.must(&["session", "notice", "--group", "城西", "--week", "2026-09-01"]));
}
