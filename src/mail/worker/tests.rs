use super::*;
use crate::entity::values::MessageState;
use crate::mail::Transport;
use crate::mail::testing::{Answer, Scribe, Server, Town, invitation, memory, note, office};
use expect_test::expect;

const READY: &str = "220 ready";

fn worker(town: &Town, transport: Transport) -> Worker {
    Worker::new(town.scope.clone(), Arc::new(Scribe::default()), office(transport))
}

fn sent(count: u64) -> Tally {
    Tally { sent: count, ..Tally::default() }
}

#[tokio::test]
async fn a_mail_goes_out_once() {
    let town = Town::new().await;
    town.enqueues(vec![invitation(1)]).await;
    let (transport, inbox) = memory();
    let worker = worker(&town, transport);
    assert_eq!(worker.once().await.unwrap(), sent(1));
    assert_eq!(worker.once().await.unwrap(), Tally::default());
    let mails = inbox.lock().unwrap().clone();
    assert_eq!(mails.len(), 1);
    expect![[r#"
        From: =?utf-8?b?6IGU5ZCI5pWZ56CU?= <notice@example.com>
        To: =?utf-8?b?5ryU56S65p2O5aic?= <person001@example.com>
        Subject: =?utf-8?b?44CQ5pWZ56CU6YKA6K+344CROeaciDE25pel?=
        Date: Tue, 01 Sep 2026 00:00:00 +0000
        Message-ID: <invitation.a8298371d86b579ead12d2dd1752ccd5@tongpan.local>
        Auto-Submitted: auto-generated
        MIME-Version: 1.0
        Content-Type: multipart/alternative;
         boundary="readings.invitation.a8298371d86b579ead12d2dd1752ccd5"

        --readings.invitation.a8298371d86b579ead12d2dd1752ccd5
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: base64

        5oKo5aW977yBDQo=
        --readings.invitation.a8298371d86b579ead12d2dd1752ccd5
        Content-Type: text/html; charset=utf-8
        Content-Transfer-Encoding: base64

        PHA+5oKo5aW977yBPC9wPg0K
        --readings.invitation.a8298371d86b579ead12d2dd1752ccd5--
    "#]]
    .assert_eq(&mails[0].eml.replace("\r\n", "\n"));
    let row = &town.messages().await[0];
    assert_eq!((row.state, row.attempts, row.sent_at), (MessageState::Sent, 1, Some(town.scope.now())));
}

#[tokio::test]
async fn more_than_one_claim_is_drained() {
    let town = Town::new().await;
    town.enqueues((0..230).map(invitation).collect()).await;
    let (transport, inbox) = memory();
    assert_eq!(worker(&town, transport).once().await.unwrap(), sent(230));
    assert_eq!(inbox.lock().unwrap().len(), 230);
}

#[tokio::test]
async fn two_workers_send_each_mail_once() {
    let town = Town::new().await;
    town.enqueues((0..230).map(invitation).collect()).await;
    let (transport, inbox) = memory();
    let (one, other) = (worker(&town, transport.clone()), worker(&town, transport));
    let (one, other) = tokio::join!(one.once(), other.once());
    assert_eq!(one.unwrap().sent + other.unwrap().sent, 230);
    let ids: std::collections::HashSet<String> =
        inbox.lock().unwrap().iter().map(|mail| mail.message_id.clone()).collect();
    assert_eq!(ids.len(), 230);
}

#[tokio::test]
async fn what_no_longer_holds_is_not_sent() {
    let town = Town::new().await;
    town.enqueues(vec![invitation(1), invitation(2)]).await;
    let (transport, inbox) = memory();
    let scribe = Scribe { stale: vec![invitation(1).teacher_id] };
    let worker = Worker::new(town.scope.clone(), Arc::new(scribe), office(transport));
    assert_eq!(worker.once().await.unwrap(), Tally { stale: 1, ..sent(1) });
    assert_eq!(inbox.lock().unwrap()[0].to, "person002@example.com");
    assert_eq!(town.messages().await[0].state, MessageState::Stale);
}

#[tokio::test]
async fn a_folder_holds_one_readable_file_per_mail() {
    let town = Town::new().await;
    let evil = outbox::Draft { address: "a/b?c@example.com".to_owned(), ..invitation(2) };
    town.enqueues(vec![invitation(1), evil]).await;
    let folder = town.folder.path().join("mail");
    assert_eq!(worker(&town, Transport::File(folder.clone())).once().await.unwrap(), sent(2));
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    expect![[r#"
        20260901-invitation-a_b_c@example.com-aa7ea6733801.eml
        20260901-invitation-person001@example.com-d2dd1752ccd5.eml"#]]
    .assert_eq(&names.join("\n"));
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_keeps_the_mails() {
    let town = Town::new().await;
    town.enqueues(vec![invitation(1), invitation(2)]).await;
    let file = town.folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let tally = worker(&town, Transport::File(file.join("mail"))).once().await.unwrap();
    assert_eq!((tally.sent, tally.retry), (0, 2));
    assert!(tally.trouble.unwrap().zh.contains("无法写入"));
}

#[tokio::test]
async fn an_address_that_is_none_fails_once() {
    let town = Town::new().await;
    town.enqueues(vec![outbox::Draft { address: "暂无".to_owned(), ..invitation(1) }]).await;
    let (transport, _) = memory();
    let worker = worker(&town, transport);
    assert_eq!(worker.once().await.unwrap(), Tally { failed: 1, ..Tally::default() });
    assert_eq!(worker.once().await.unwrap(), Tally::default());
    assert_eq!(town.messages().await[0].failure.as_deref(), Some("“暂无”不是邮箱地址"));
}

#[tokio::test]
async fn a_refusal_for_good_fails_once_and_the_others_go_out() {
    let town = Town::new().await;
    town.enqueues(vec![invitation(1), invitation(2), invitation(3)]).await;
    let server = Server::start(READY, |to| match to {
        "person001@example.com" => Answer::Recipient("550 5.1.1 no such user"),
        "person002@example.com" => Answer::Body("554 DT:SPM repeated"),
        _ => Answer::Take,
    })
    .await;
    let worker = worker(&town, server.transport());
    assert_eq!(worker.once().await.unwrap(), Tally { failed: 2, ..sent(1) });
    town.passes(TimeDelta::hours(3));
    assert_eq!(worker.once().await.unwrap(), Tally::default());
    let failures: Vec<String> =
        town.messages().await.into_iter().filter_map(|message| message.failure).collect();
    assert_eq!(
        failures,
        ["permanent error (550): 5.1.1 no such user", "permanent error (554): DT:SPM repeated"]
    );
}

#[tokio::test]
async fn a_refusal_for_now_is_tried_again_later() {
    let town = Town::new().await;
    town.enqueues(vec![invitation(1), invitation(2)]).await;
    let server = Server::start(READY, |to| match to {
        "person001@example.com" => Answer::Recipient("451 greylisted"),
        _ => Answer::Take,
    })
    .await;
    let worker = worker(&town, server.transport());
    assert_eq!(worker.once().await.unwrap(), Tally { retry: 1, ..sent(1) });
    let waiting = &town.messages().await[0];
    assert_eq!((waiting.state, waiting.attempts), (MessageState::Pending, 1));
    let (first, second) = (TimeDelta::minutes(2), TimeDelta::minutes(5));
    let wait = waiting.send_at - town.scope.now();
    assert!(first <= wait && wait <= first * 6 / 5, "{wait}");
    town.passes(wait);
    assert_eq!(worker.once().await.unwrap(), Tally { retry: 1, ..Tally::default() });
    let wait = town.messages().await[0].send_at - town.scope.now();
    assert!(second <= wait && wait <= second * 6 / 5, "{wait}");
}

#[tokio::test]
async fn a_mail_whose_answer_is_lost_goes_out_once_more_and_is_then_unknown() {
    let town = Town::new().await;
    town.enqueues(vec![invitation(1), invitation(2)]).await;
    let server = Server::start(READY, |to| match to {
        "person001@example.com" => Answer::HangUp,
        _ => Answer::Take,
    })
    .await;
    let worker = worker(&town, server.transport());
    assert_eq!(worker.once().await.unwrap(), Tally { retry: 1, ..sent(1) });
    assert_eq!((town.messages().await[0].state, town.messages().await[0].doubts), (MessageState::Pending, 1));
    assert_eq!(worker.once().await.unwrap(), Tally::default(), "the server may still be at it");
    town.passes(TimeDelta::minutes(6));
    assert_eq!(worker.once().await.unwrap(), Tally { unknown: 1, ..Tally::default() });
    town.passes(TimeDelta::hours(3));
    assert_eq!(worker.once().await.unwrap(), Tally::default());
    assert_eq!((town.messages().await[0].state, town.messages().await[0].doubts), (MessageState::Unknown, 2));
}

#[tokio::test]
async fn a_server_that_wants_no_mail_for_a_while_gets_none() {
    let town = Town::new().await;
    town.enqueues((0..5).map(invitation).collect()).await;
    let server = Server::start(READY, |_| Answer::Body("451 MI:SFQ too many")).await;
    let tally = worker(&town, server.transport()).once().await.unwrap();
    assert_eq!((tally.sent, tally.retry), (0, 5));
    assert!(tally.trouble.is_some());
    let due = town.scope.now() + TimeDelta::minutes(15);
    assert!(town.messages().await.iter().all(|message| message.send_at == due));
    let attempts: i32 = town.messages().await.iter().map(|message| message.attempts).sum();
    assert_eq!(attempts, 1, "the others were not tried");
}

#[tokio::test]
async fn a_connection_takes_no_more_mails_than_is_set() {
    let town = Town::new().await;
    town.enqueues((0..7).map(invitation).collect()).await;
    let server = Server::start(READY, |_| Answer::Take).await;
    let mut settings = office(server.transport());
    settings.limits.per_connection = Some(3);
    let worker = Worker::new(town.scope.clone(), Arc::new(Scribe::default()), settings);
    assert_eq!(worker.once().await.unwrap(), sent(7));
    assert_eq!(server.connections.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn a_server_that_hangs_up_between_mails_is_called_again() {
    let town = Town::new().await;
    town.enqueues((0..5).map(invitation).collect()).await;
    let server = Server::start(READY, |_| Answer::TakeAndHangUp).await;
    assert_eq!(worker(&town, server.transport()).once().await.unwrap(), sent(5));
    assert_eq!(server.took().len(), 5);
}

#[tokio::test]
async fn with_no_server_everything_waits() {
    let town = Town::new().await;
    town.enqueues((0..130).map(invitation).collect()).await;
    let server = Server::start("554 not today", |_| Answer::Take).await;
    let tally = worker(&town, server.transport()).once().await.unwrap();
    assert_eq!((tally.retry, tally.failed), (100, 0), "one claim is put off, the rest is not touched");
    assert!(tally.trouble.unwrap().zh.contains("not today"));
    let open = town.messages().await.iter().filter(|m| m.state == MessageState::Pending).count();
    assert_eq!(open, 130);
}

#[tokio::test]
async fn a_running_worker_stops_when_told_and_holds_nothing() {
    let town = Town::new().await;
    town.enqueues(vec![invitation(1)]).await;
    let (transport, inbox) = memory();
    let worker = worker(&town, transport);
    let (stop, stopped) = watch::channel(false);
    let running = tokio::spawn(async move { worker.run(stopped).await });
    while inbox.lock().unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stop.send(true).unwrap();
    tokio::time::timeout(Duration::from_secs(5), running).await.unwrap().unwrap();
    assert_eq!(town.messages().await[0].state, MessageState::Sent);
}

#[tokio::test]
async fn a_letter_can_be_sent_at_once_and_a_refusal_is_told() {
    let town = Town::new().await;
    let taking = Server::start(READY, |_| Answer::Take).await;
    send_now(&office(taking.transport()), "me@example.com", &note(), town.scope.now()).await.unwrap();
    assert_eq!(taking.took(), ["me@example.com"]);
    let refusing = Server::start(READY, |_| Answer::Recipient("550 no such user")).await;
    let refusal = send_now(&office(refusing.transport()), "me@example.com", &note(), town.scope.now()).await;
    assert!(refusal.unwrap_err().to_string().contains("no such user"));
}
