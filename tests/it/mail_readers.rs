//! Mails go over the wire to a server others wrote, and are read by programs others wrote.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::commands::Office;
use crate::harness::python;

/// A mail server on loopback; it ends with the test.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    /// Starts one that keeps what it takes below `folder`.
    fn start(python: &str, folder: &str) -> Self {
        let mut process = Command::new(python)
            .args(["tests/py/mail_server.py", folder])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python runs");
        let mut line = String::new();
        let stdout = process.stdout.take().expect("its output");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let port = line.trim().parse().expect("a port");
        Self { process, port }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Closing its input ends it.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// What the strict reader says of the mails in a folder.
fn read_strictly(python: &str, folder: &str) -> Vec<Value> {
    let ran = Command::new(python).args(["tests/py/check_mail.py", folder]).output().expect("Python runs");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    serde_json::from_slice(&ran.stdout).expect("JSON")
}

fn text<'a>(mail: &'a Value, path: &str) -> &'a str {
    mail.pointer(path).and_then(Value::as_str).unwrap_or_else(|| panic!("no {path} in {mail}"))
}

#[test]
fn mails_reach_a_real_server_and_strict_readers_find_no_defect() {
    let Some(python) = python() else { return };
    let office = Office::with_the_town();
    office.must(&["settings", "hold", "0"]);
    office.must(&["solve", "--group", "城西", "--steps", "1500"]);
    office.must(&["publish", "--yes"]);
    let maildir = office.path("maildir").display().to_string();
    let server = Server::start(&python, &maildir);
    let route = format!("smtp://127.0.0.1:{}", server.port);
    let variables =
        [("TONGPAN_MAIL", route.as_str()), ("TONGPAN_MAIL_FROM", "测试县联合教研 <jiaoyan@example.com>")];
    let drain = |as_of: &str| office.must_with(&["worker", "--once", "--as-of", as_of], &variables);

    assert_eq!(drain("2026-09-01"), "已发5封，失败0封，稍后重试0封，过期0封，作废0封，结果不明0封。\n");
    let plan: Value = serde_json::from_str(&office.must(&["plan", "show", "--json"])).expect("JSON");
    let session = text(&plan, "/sessions/0/id");
    office.must(&["session", "move", session, "--to", "2026-10-14T14:00", "--reason", "停水；礼堂装修"]);
    assert!(drain("2026-09-01").starts_with("已发5封"));
    // Two who lead, a week before; all five, a day before; and who has not replied, to whoever leads the group.
    assert!(drain("2026-10-13T14:00").starts_with("已发8封"), "reminders and a summary were due");
    office.must(&["session", "cancel", session, "--reason", "台风"]);
    assert!(drain("2026-10-13T15:00").starts_with("已发5封"));
    drop(server);

    let mails = read_strictly(&python, &maildir);
    assert_eq!(mails.len(), 23);
    let hers: Vec<&Value> = mails.iter().filter(|mail| text(mail, "/to") == "chu@example.com").collect();
    let kinds: Vec<&str> = hers.iter().map(|mail| text(mail, "/kind")).collect();
    assert_eq!(kinds, ["cancellation", "invitation", "reminder", "update"]);
    let (off, invited, moved) = (hers[0], hers[1], hers[3]);
    assert_eq!(text(invited, "/from"), "测试县联合教研 <jiaoyan@example.com>");
    assert_eq!(text(invited, "/name"), "褚云");
    let uid = format!("{session}@tongpan");
    for (mail, method, sequence, status) in [
        (invited, "REQUEST", 0, "CONFIRMED"),
        (moved, "REQUEST", 1, "CONFIRMED"),
        (off, "CANCEL", 2, "CANCELLED"),
    ] {
        assert_eq!(text(mail, "/calendar/uid"), uid);
        assert_eq!(text(mail, "/calendar/method"), method);
        assert_eq!(mail.pointer("/calendar/sequence"), Some(&Value::from(sequence)));
        assert_eq!(text(mail, "/calendar/status"), status);
        let parts = ["text/plain", "text/html", "text/calendar", "application/ics"];
        assert_eq!(mail["types"], serde_json::json!(parts));
    }
    assert_eq!(text(moved, "/calendar/start"), "2026-10-14T06:00:00+00:00");
    assert_eq!(text(moved, "/calendar/location"), "城西小学 报告厅");
    assert!(hers[2]["calendar"].is_null(), "a reminder leaves the calendar alone");
}

#[test]
fn mails_in_a_folder_are_the_same_and_a_calendar_file_reads_as_strictly() {
    let Some(python) = python() else { return };
    let office = Office::with_the_town();
    office.must(&["settings", "hold", "0"]);
    office.must(&["solve", "--group", "城东", "--steps", "1500"]);
    office.must(&["publish", "--yes"]);
    office.must_with(&["worker", "--once"], &[("TONGPAN_MAIL", "file:post")]);
    let mails = read_strictly(&python, &office.path("post").display().to_string());
    assert_eq!(mails.len(), 14);
    let identifiers: std::collections::HashSet<&str> =
        mails.iter().map(|mail| text(mail, "/message_id")).collect();
    assert_eq!(identifiers.len(), 14);

    office.must(&["export", "term.ics"]);
    let ran = Command::new(&python)
        .args(["tests/py/check_calendar.py", &office.path("term.ics").display().to_string()])
        .output()
        .expect("Python runs");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let events: Vec<Value> = serde_json::from_slice(&ran.stdout).expect("JSON");
    let in_calendar: std::collections::HashSet<&str> =
        events.iter().map(|event| text(event, "/uid")).collect();
    let in_mails: std::collections::HashSet<&str> =
        mails.iter().map(|mail| text(mail, "/calendar/uid")).collect();
    assert_eq!(in_calendar, in_mails, "a feed and the invitations name the same events");
}
