//! Calendar programs answer by mail, each in its own manner.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use data_encoding::BASE64_MIME;
use tongpan::entity::values::{Reply, ReplyWay};
use tongpan::id::Kind;
use tongpan::sessions::inbox::{self, Outcome};

use crate::commands::Office;
use crate::harness::{Harness, on_both};
use crate::replies::{part_now, somebody_needed};

/// What a program answers.
struct Answering<'a> {
    uid: &'a str,
    address: &'a str,
    status: &'a str,
    sequence: i32,
    stamp: &'a str,
}

/// As Calendar of macOS and iOS writes it.
fn apple(answer: &Answering<'_>) -> Vec<u8> {
    let Answering { uid, address, status, sequence, stamp } = answer;
    format!(
        "From: Li Na <{address}>\r\nTo: notice@example.com\r\nSubject: Accepted: x\r\n\
         Content-Type: multipart/alternative; boundary=\"Apple-Mail=_1\"\r\nMime-Version: 1.0 (Mac OS X Mail 16.0)\r\n\r\n\
         --Apple-Mail=_1\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n=E5=B7=B2\r\n\
         --Apple-Mail=_1\r\nContent-Disposition: attachment; filename=iCal-20260901-101530.ics\r\n\
         Content-Type: text/calendar; charset=utf-8; method=REPLY; name=iCal-20260901-101530.ics\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\r\n\
         BEGIN:VCALENDAR\r\nCALSCALE:GREGORIAN\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nPRODID:-//Apple Inc.//macOS 15.1//EN\r\n\
         BEGIN:VEVENT\r\nATTENDEE;CN=3DLi Na;CUTYPE=3DINDIVIDUAL;EMAIL=3D{address};PARTSTAT=3D\r\n\
         =20{status}:mailto:{address}\r\nDTEND:20260916T090000Z\r\nUID:{uid}\r\nDTSTAMP:{stamp}\r\nSEQUENCE:{sequence}\r\n\
         ORGANIZER;CN=3Dx:mailto:notice@example.com\r\nDTSTART:20260916T062000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n\
         --Apple-Mail=_1--\r\n"
    )
    .replace("PARTSTAT=3D\r\n=20", "PARTSTAT=3D")
    .into_bytes()
}

/// As Google Calendar writes it: the file twice, what people add beside the attendee.
fn google(answer: &Answering<'_>) -> Vec<u8> {
    let Answering { uid, address, status, sequence, stamp } = answer;
    let file = format!(
        "BEGIN:VCALENDAR\r\nPRODID:-//Google Inc//Google Calendar 70.9054//EN\r\nVERSION:2.0\r\nCALSCALE:GREGORIAN\r\nMETHOD:REPLY\r\n\
         BEGIN:VEVENT\r\nDTSTART:20260916T062000Z\r\nDTEND:20260916T090000Z\r\nDTSTAMP:{stamp}\r\n\
         ORGANIZER;CN=x:mailto:notice@example.com\r\nUID:{uid}\r\n\
         ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={status};CN=li\r\n  na;X-NUM-GUESTS=0;X-RESPONSE-COMMENT=\"临\r\n \
         时有课: 三节; 见谅\":mailto:{address}\r\nCREATED:20260901T000000Z\r\nLAST-MODIFIED:{stamp}\r\nSEQUENCE:{sequence}\r\n\
         STATUS:CONFIRMED\r\nTRANSP:OPAQUE\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    format!(
        "From: {address}\r\nTo: notice@example.com\r\nSubject: =?UTF-8?B?5bey5ouS57ud?=\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"000000000000a\"\r\n\r\n--000000000000a\r\n\
         Content-Type: multipart/alternative; boundary=\"000000000000b\"\r\n\r\n--000000000000b\r\n\
         Content-Type: text/plain; charset=\"UTF-8\"; format=flowed; delsp=yes\r\nContent-Transfer-Encoding: base64\r\n\r\n5bey\r\n\
         --000000000000b\r\nContent-Type: text/calendar; charset=\"UTF-8\"; method=REPLY\r\nContent-Transfer-Encoding: 7bit\r\n\r\n{file}\
         --000000000000b--\r\n--000000000000a\r\nContent-Type: application/ics; name=\"invite.ics\"\r\n\
         Content-Disposition: attachment; filename=\"invite.ics\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--000000000000a--\r\n",
        BASE64_MIME.encode(file.as_bytes())
    )
    .into_bytes()
}

/// As Exchange and Outlook write it: base64, MAILTO in capitals, words in a COMMENT, a time zone.
fn outlook(answer: &Answering<'_>) -> Vec<u8> {
    let Answering { uid, address, status, sequence, stamp } = answer;
    let file = format!(
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nPRODID:Microsoft Exchange Server 2010\r\nVERSION:2.0\r\nBEGIN:VTIMEZONE\r\n\
         TZID:China Standard Time\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+0800\r\nTZOFFSETTO:+0800\r\nEND:STANDARD\r\n\
         BEGIN:DAYLIGHT\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+0800\r\nTZOFFSETTO:+0800\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n\
         BEGIN:VEVENT\r\nATTENDEE;PARTSTAT={status};CN=李娜:MAILTO:{address}\r\nCOMMENT;LANGUAGE=zh-CN:我先请示校长\\, 明天答复\\n\r\n\
         UID:{uid}\r\nSUMMARY;LANGUAGE=zh-CN:暂定: 教研\r\nDTSTART;TZID=China Standard Time:20260916T142000\r\n\
         DTEND;TZID=China Standard Time:20260916T170000\r\nCLASS:PUBLIC\r\nPRIORITY:5\r\nDTSTAMP:{stamp}\r\nTRANSP:OPAQUE\r\n\
         STATUS:CONFIRMED\r\nSEQUENCE:{sequence}\r\nX-MICROSOFT-CDO-APPT-SEQUENCE:{sequence}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    format!(
        "From: =?utf-8?B?5p2O5aic?= <{address}>\r\nTo: notice@example.com\r\nSubject: x\r\n\
         Content-Type: multipart/alternative;\r\n\tboundary=\"_002_\"\r\nMIME-Version: 1.0\r\n\r\n--_002_\r\n\
         Content-Type: text/calendar; charset=\"utf-8\"; method=REPLY\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--_002_--\r\n",
        BASE64_MIME.encode(file.as_bytes())
    )
    .into_bytes()
}

/// As QQ's mailbox writes it: blank lines before and between, spaces behind colons, the charset of Chinese programs.
fn qq(answer: &Answering<'_>) -> Vec<u8> {
    let Answering { uid, address, status, sequence, stamp } = answer;
    let head = format!(
        "From: \"=?gb18030?B?wO7Eyg==?=\" <{address}>\r\nTo: notice@example.com\r\nSubject: x\r\nMime-Version: 1.0\r\n\
         Content-Type: text/calendar;\r\n\tcharset=\"gb18030\";\r\n\tmethod=REPLY\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    );
    let file = format!(
        "\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nPRODID:-//Tencent Corporation//XMail\r\nVERSION:2.0\r\nBEGIN:VTIMEZONE\r\n\r\n\
         TZID:+8\r\nBEGIN:STANDARD\r\nTZOFFSETFROM: +0800\r\nTZOFFSETTO:+0800\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n\
         UID: {uid}\r\nSEQUENCE:{sequence}\r\nDTSTAMP:{stamp}\r\nATTENDEE;CN=\"~\";PARTSTAT={status};RSVP=TRUE:MAILTO:{address}\r\n\
         SUMMARY:~\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    // 语文 in GB 18030.
    let file: Vec<u8> = file
        .bytes()
        .flat_map(|byte| if byte == b'~' { vec![0xd3, 0xef, 0xce, 0xc4] } else { vec![byte] })
        .collect();
    [head.into_bytes(), BASE64_MIME.encode(&file).into_bytes()].concat()
}

async fn received(town: &Harness, mail: &[u8]) -> Outcome {
    inbox::receive(&town.scope.database, &town.scope.clock, mail).await.expect("the database answers")
}

#[tokio::test]
async fn every_program_that_people_use_is_understood() {
    on_both(async |town| {
        let session = town.published_east().await.remove(0);
        town.worker().drains_outbox().await;
        town.it_is("2026-09-02 08:00");
        let (part, person) = somebody_needed(town, &session).await;
        let uid = format!("{}@tongpan", Kind::Session.id(session.id));
        let address = person.email.clone().expect("an address");
        let at = |status, stamp| Answering { uid: &uid, address: &address, status, sequence: 0, stamp };
        type Mail = fn(&Answering<'_>) -> Vec<u8>;
        let cases: [(Mail, &str, &str, Reply, Option<&str>); 4] = [
            (apple, "ACCEPTED", "20260901T010000Z", Reply::Accepted, None),
            (google, "DECLINED", "20260901T020000Z", Reply::Declined, Some("临时有课: 三节; 见谅")),
            (outlook, "TENTATIVE", "20260901T030000Z", Reply::Tentative, Some("我先请示校长, 明天答复")),
            (qq, "ACCEPTED", "20260901T040000Z", Reply::Accepted, None),
        ];
        for (mail, status, stamp, reply, reason) in cases {
            let mail = mail(&at(status, stamp));
            let outcome = received(town, &mail).await;
            assert!(matches!(&outcome, Outcome::Recorded(told) if told.reply == reply), "{outcome:?}");
            let now = part_now(town, &part).await;
            assert_eq!((now.reply, now.reply_way), (reply, Some(ReplyWay::Calendar)));
            assert_eq!(now.reply_reason.as_deref(), reason);
            let again = received(town, &mail).await;
            assert!(matches!(again, Outcome::Unchanged(_)), "{again:?}");
        }
        let older = received(town, &google(&at("DECLINED", "20260901T033000Z"))).await;
        assert!(matches!(older, Outcome::Outdated(_)), "{older:?}");
        assert_eq!(part_now(town, &part).await.reply, Reply::Accepted);
        town.worker().drains_outbox().await;
        let declined =
            town.inbox("wang@").iter().filter(|mail| mail.message_id.contains("session_declined")).count();
        assert_eq!(declined, 0, "she came after all before the mail went out");
    })
    .await;
}

#[tokio::test]
async fn nobody_answers_for_another_or_to_what_has_changed() {
    on_both(async |town| {
        let session = town.published_east().await.remove(0);
        let (part, person) = somebody_needed(town, &session).await;
        town.moves(&session, "2026-10-14 14:20").await.expect("it is moved");
        town.worker().drains_outbox().await;
        let uid = format!("{}@tongpan", Kind::Session.id(session.id));
        let address = person.email.clone().expect("an address");
        let fresh = Answering {
            uid: &uid,
            address: &address,
            status: "ACCEPTED",
            sequence: 1,
            stamp: "20260901T000000Z",
        };
        let outdated = received(town, &apple(&Answering { sequence: 0, ..fresh })).await;
        assert!(matches!(outdated, Outcome::Outdated(_)), "{outdated:?}");

        let mail = String::from_utf8(apple(&fresh)).expect("text");
        let forged = mail.replacen(&format!("<{address}>"), "<eve@example.com>", 1);
        let unknown = mail.replace("UID:session_", "UID:x_");
        let stranger = mail.replace(&address, "chu@example.com");
        for refused in [forged, unknown, stranger] {
            let outcome = received(town, refused.as_bytes()).await;
            assert!(matches!(outcome, Outcome::Refused(_)), "{outcome:?}");
        }
        assert_eq!(part_now(town, &part).await.reply, Reply::Pending);
        let request = mail.replace("METHOD:REPLY", "METHOD:REQUEST");
        assert_eq!(received(town, request.as_bytes()).await, Outcome::ForPeople);
        let broken = mail.replace("END:VEVENT", "END:VCARD");
        assert!(matches!(received(town, broken.as_bytes()).await, Outcome::Unreadable(_)));
        assert!(matches!(received(town, &[0xff; 40]).await, Outcome::Unreadable(_)));
        assert!(matches!(received(town, mail.as_bytes()).await, Outcome::Recorded(_)));
    })
    .await;
}

#[test]
fn a_folder_of_mails_is_read_and_each_leaves_it_once() {
    let office = Office::with_the_town();
    office.must(&["solve", "--group", "城西", "--steps", "1500"]);
    office.must(&["publish", "--yes"]);
    let plan: serde_json::Value =
        serde_json::from_str(&office.must(&["plan", "show", "--json"])).expect("JSON");
    let session = plan.pointer("/sessions/0/id").and_then(|id| id.as_str()).expect("a session").to_owned();
    let uid = format!("{session}@tongpan");
    let reply = |status| {
        google(&Answering {
            uid: &uid,
            address: "chu@example.com",
            status,
            sequence: 0,
            stamp: "20260831T000000Z",
        })
    };
    let folder = office.path("box");
    fs::create_dir_all(folder.join("new")).expect("a folder");
    let put = |name: &str, mail: &[u8]| fs::write(folder.join("new").join(name), mail).expect("a file");
    put("1.a", &reply("ACCEPTED"));
    put("2.b", b"From: chu@example.com\r\nSubject: x\r\n\r\nI come.\r\n");
    put("3.c", &[0xff; 40]);
    let told = office.runs(&["mail", "receive", "--maildir", "box"], &[]);
    assert!(told.succeeded, "{told:?}");
    assert_eq!(
        told.out,
        "1.a：已记录：褚云 参加\n2.b：不是日历回复，请人阅读\n3.c：读不了：不是邮件，或者过大\n"
    );
    let names = |beside: &str| -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder.join(beside))
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("new"), [""; 0]);
    assert_eq!(names("cur"), ["1.a:2,S", "2.b:2,"]);
    assert_eq!(names("unreadable"), ["3.c"]);

    let piped = piped(&office.path(""), &reply("DECLINED"), "town.sqlite");
    assert_eq!(piped.0, Some(75), "a mail that cannot be kept is to be tried again: {piped:?}");
    let piped = self::piped(&office.path(""), &reply("DECLINED"), "tongpan.sqlite");
    assert_eq!((piped.0, piped.1.as_str()), (Some(0), "已记录：褚云 请假\n"));
}

fn piped(folder: &Path, mail: &[u8], database: &str) -> (Option<i32>, String) {
    use std::io::Write;
    let mut process = Command::new(env!("CARGO_BIN_EXE_tongpan"))
        .args(["mail", "receive", "--database", &format!("sqlite:{database}")])
        .env_clear()
        .env("TONGPAN_AS_OF", "2026-09-01")
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program runs");
    process.stdin.take().expect("its input").write_all(mail).expect("it reads");
    let ran = process.wait_with_output().expect("it ends");
    (ran.status.code(), String::from_utf8(ran.stdout).expect("text"))
}
