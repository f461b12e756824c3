//! The program at work in a folder of its own, as an office or a script runs it: no terminal, no questions.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use expect_test::{expect, expect_file};
use serde_json::Value;
use tempfile::TempDir;
use tongpan::transfer::book;
use tongpan::transfer::table::RawTable;
use tongpan::transfer::workbook::Workbook;

use crate::mails::without_identifiers;
use crate::town::small_town;

/// A folder with a database.
pub struct Office {
    folder: TempDir,
}

/// What a command did.
#[derive(Debug)]
pub struct Ran {
    pub succeeded: bool,
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Office {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    /// An office that has imported the small town.
    pub fn with_the_town() -> Self {
        Self::of(&small_town())
    }

    /// An office that has imported these tables.
    pub fn of(tables: &[RawTable]) -> Self {
        let office = Self::new();
        office.writes("town.xlsx", tables);
        office.must(&["import", "town.xlsx", "--district", "测试县"]);
        office
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn writes(&self, name: &str, tables: &[RawTable]) {
        fs::write(self.path(name), book::write_tables(tables).expect("a workbook")).expect("a file");
    }

    pub fn runs(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        let ran = Command::new(env!("CARGO_BIN_EXE_tongpan"))
            .args(arguments)
            .env_clear()
            .env("TONGPAN_AS_OF", "2026-09-01")
            .envs(variables.iter().copied())
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .output()
            .expect("the program runs");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        Ran {
            succeeded: ran.status.success(),
            code: ran.status.code(),
            out: text(ran.stdout),
            err: text(ran.stderr),
        }
    }

    /// What a command that succeeds prints; in a pipe it keeps quiet about its progress.
    pub fn must(&self, arguments: &[&str]) -> String {
        self.must_with(arguments, &[])
    }

    pub fn must_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> String {
        let ran = self.runs(arguments, variables);
        assert!(ran.succeeded && ran.err.is_empty(), "{arguments:?}: {ran:#?}");
        ran.out
    }

    /// What a command that fails says; it prints nothing else.
    pub fn refuses(&self, arguments: &[&str]) -> String {
        let ran = self.runs(arguments, &[]);
        assert!(!ran.succeeded && ran.out.is_empty(), "{arguments:?}: {ran:#?}");
        ran.err
    }

    /// What `status --json` says, without the time of the last import.
    pub fn status(&self) -> Value {
        let mut status: Value = serde_json::from_str(&self.must(&["status", "--json"])).expect("JSON");
        status["lastImport"] = Value::Null;
        status
    }
}

fn mails_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of mails");
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

#[test]
fn a_plan_answers_why_from_the_terminal() {
    let office = Office::with_the_town();
    let solved = office.must(&["solve", "--group", "城东", "--steps", "1500", "--json"]);
    let solved: Value = serde_json::from_str(&solved).expect("JSON");
    let session = solved["sessions"][0]["id"].as_str().expect("a session").to_owned();

    let analysis = office.must(&["plan", "analyze", "1"]);
    assert!(analysis.starts_with("方案1按现在的数据：硬性扣分0，"), "{analysis}");
    assert!(analysis.contains("参加人员路程尽量短。"), "{analysis}");

    let here = office.must(&["plan", "why", &session]);
    assert!(here.contains("个可排的时段中居第"), "{here}");
    let holiday = office.must(&["plan", "why", &session, "--at", "2026-10-01T14:20"]);
    assert!(holiday.contains("不能排：违反硬性规则"), "{holiday}");
    assert!(holiday.contains("活动安排在教学日"), "{holiday}");

    let slots = office.must(&["plan", "slots", &session, "--day", "2026-09-24", "--limit", "2", "--json"]);
    let slots: Value = serde_json::from_str(&slots).expect("JSON");
    assert_eq!(slots["slots"].as_array().map(Vec::len), Some(2));
    assert_eq!(slots["total"], slots["possible"]);
    let to = slots["slots"][0]["spot"]["startsAt"].as_str().expect("a start");
    assert!(to.starts_with("2026-09-24T"), "{to}");

    office.must(&["plan", "move", &session, "--to", "2026-09-24T14:00"]);
    let compared = office.must(&["plan", "compare", "1", "2"]);
    assert!(compared.contains("方案1 → 方案2：1次活动有变动"), "{compared}");
    assert!(compared.contains("2026-09-24 14:00"), "{compared}");
    let refused = office.refuses(&["plan", "why", &session, "--at", "2027-10-01T14:20"]);
    assert_eq!(refused, "错误: 2027-10-01不在本学期内（2026-09-01至2026-10-30），请选择学期内的日期\n");
}

#[test]
fn a_session_without_a_date_is_told_the_free_slots_it_could_have() {
    let office = Office::with_the_town();
    let solved = office.must(&["solve", "--group", "城东", "--steps", "1500", "--json"]);
    let solved: Value = serde_json::from_str(&solved).expect("JSON");
    let session = solved["sessions"][0]["id"].as_str().expect("a session").to_owned();
    office.must(&["plan", "hold", &session]);
    office.must(&["plan", "release", &session]);

    let why = office.must(&["plan", "why", &session]);
    assert!(why.starts_with("这次没有排上，但还有") && why.contains("个可排的时段"), "{why}");
    assert!(why.contains(&format!("用 tongpan plan move {session} --to 时间 排到那里")), "{why}");
    assert!(!why.contains("让步"), "{why}");
    let shown = office.must(&["plan", "show"]);
    assert!(shown.contains("个可排的时段，最好的是"), "{shown}");
    let told: Value = serde_json::from_str(&office.must(&["plan", "why", &session, "--json"])).expect("JSON");
    assert_eq!(told["freeSlots"].as_array().map(Vec::len), Some(5));
    let best = &told["freeSlots"][0];
    assert!(best["possible"] == true && best["change"]["medium"].as_i64() < Some(0), "{best}");
}

#[test]
fn a_wrong_command_line_is_told_in_chinese_unless_english_is_asked_for() {
    let office = Office::new();
    let run = |arguments: &[&str], language: &[(&str, &str)]| {
        let ran = office.runs(arguments, language);
        assert!(ran.code == Some(2) && ran.out.is_empty(), "{ran:#?}");
        ran.err
    };
    let wrong = ["solve", "--grop", "一实小"];
    assert!(run(&wrong, &[]).starts_with("错误: 没有“--grop”这个选项"));
    let english = [("TONGPAN_LANG", "en")];
    assert!(run(&wrong, &english).starts_with("error: unexpected argument '--grop' found"));
    assert!(run(&["--lang=en", "solve", "--grop"], &[]).starts_with("error: "));
    assert!(run(&["--lang", "zh", "solve", "--grop"], &english).starts_with("错误: "));
    let help = office.must(&["solve", "--help"]);
    assert!(help.contains("用法：tongpan solve [选项]") && !help.contains("Usage"), "{help}");
    assert!(office.must(&["--version"]).starts_with("tongpan "));
}

#[test]
fn a_draft_is_worked_on_from_the_terminal() {
    let office = Office::with_the_town();
    office.must(&["solve", "--group", "城东", "--steps", "1500"]);
    let shown = |plan: &str| -> Value {
        serde_json::from_str(&office.must(&["plan", "show", plan, "--json"])).expect("JSON")
    };
    let session = shown("1")["sessions"][0]["id"].as_str().expect("a session").to_owned();
    let thursday = ["plan", "move", session.as_str(), "--to", "2026-09-24T14:00"];

    let asked = office.must(&[&thursday[..], &["--dry-run"]].concat());
    assert!(asked.contains("（0 → 400）\n    ＋ ") && asked.ends_with("没有改动。\n"), "{asked}");
    let moved = office.must(&thursday);
    assert!(
        moved.contains("方案2（在方案1的基础上）") && moved.contains("改为9月24日（周四）14:00"),
        "{moved}"
    );
    let refused = office.refuses(&["plan", "move", &session, "--to", "2026-10-01T14:00"]);
    assert!(refused.contains("10月1日（周四）"), "{refused}");

    office.must(&["plan", "pin", &session]);
    office.must(&["plan", "rename", "方案A"]);
    let listed = office.must(&["plan", "list"]);
    assert_eq!(listed.matches("草案").count(), 1, "{listed}");
    assert!(listed.contains("方案A") && listed.contains("固定在9月24日（周四）14:00"), "{listed}");
    assert!(office.must(&["plan", "show"]).lines().nth(1).expect("headings").contains("固定"));

    let pinned = shown("3");
    let free = pinned["sessions"].as_array().expect("sessions").iter().find(|row| row["pinned"] == false);
    let other = free.expect("one that is free")["id"].as_str().expect("an identifier").to_owned();
    office.must(&["solve", "--from", "3", "--hold", &other, "--steps", "500"]);
    let planned = shown("4");
    assert_eq!(
        (&planned["sessions"][0]["id"], &planned["unplaced"][0]["onPurpose"]),
        (&session.into(), &true.into())
    );
    assert!(office.must(&["plan", "show"]).contains("待定的活动（留着不排）："));

    assert_eq!(office.must(&["plan", "undo"]), "已撤销方案4，现为方案3。\n");
    assert_eq!(office.must(&["plan", "redo"]), "已恢复方案4。\n");
    assert_eq!(office.must(&["plan", "discard", "4"]), "方案4已舍弃。\n");
    assert_eq!(office.must(&["plan", "list"]), "还没有方案：用 tongpan solve 排一份。\n");
    assert_eq!(office.must(&["plan", "list", "--all"]).matches("已舍弃").count(), 4);
}

#[test]
fn a_term_goes_from_workbook_to_mail() {
    let office = Office::new();
    office.writes("town.xlsx", &small_town());
    let imported = office.must(&["import", "town.xlsx", "--district", "测试县"]);
    assert!(imported.contains("已导入：新增"), "{imported}");

    let solved = office.must(&["solve", "--group", "城东", "--steps", "1500", "--json"]);
    let solved: Value = serde_json::from_str(&solved).expect("JSON");
    assert_eq!((&solved["placed"], &solved["total"]), (&Value::from(2), &Value::from(2)));
    assert_eq!(solved["plan"]["score"]["hard"], 0);

    let listed = office.must(&["plan", "list"]);
    assert!(listed.contains("草案"), "{listed}");
    let shown = office.must(&["plan", "show"]);
    assert!(shown.contains("城东教共体2026—2027学年第一学期教研活动安排表"), "{shown}");
    assert!(shown.contains("已排2/2次活动，硬性违反0"), "{shown}");

    let question = office.runs(&["publish"], &[]);
    assert!(!question.succeeded);
    expect!["错误: 这里无法询问确认：确定要执行请加上 --yes\n"].assert_eq(&question.err);
    assert!(question.out.contains("2次活动将定下时间地点"), "{}", question.out);
    assert_eq!(office.status()["sessions"], serde_json::json!({ "待定": 3 }), "nothing is published");

    let published = office.must(&["publish", "--yes"]);
    assert!(published.contains("方案1已发布"), "{published}");
    let again = office.refuses(&["publish", "--plan", "1", "--yes"]);
    expect![[r#"
        错误: 方案1已于2026-09-01发布；要安排其余活动，请先重新排期，再发布新方案
    "#]]
    .assert_eq(&again);

    let held = office.must_with(&["worker", "--once"], &[("TONGPAN_MAIL", "file:post")]);
    expect![[r#"
        已发0封，失败0封，稍后重试0封，过期0封，作废0封，结果不明0封。
        另有14封在发布后的暂缓期内，08:02起可发。
    "#]]
    .assert_eq(&held);
    office.must(&["publish", "--undo"]);
    assert_eq!(office.status()["sessions"], serde_json::json!({ "待定": 3 }), "it was taken back");
    office.must(&["publish", "--yes"]);
    let after = [("TONGPAN_MAIL", "file:post"), ("TONGPAN_AS_OF", "2026-09-01T08:02")];
    let sent = office.must_with(&["worker", "--once"], &after);
    expect!["已发14封，失败0封，稍后重试0封，过期0封，作废0封，结果不明0封。\n"].assert_eq(&sent);
    let mails = mails_in(&office.path("post"));
    assert_eq!(mails.len(), 14);
    assert!(mails.iter().all(|path| path.extension().is_some_and(|end| end == "eml")), "{mails:?}");
    office.must_with(&["worker", "--once"], &after);
    assert_eq!(mails_in(&office.path("post")).len(), 14, "nothing is sent twice");

    let status = office.must(&["status"]);
    expect![[r#"
        测试县
        已有数据：学校5，集团2，教职工12，课表7，教研计划2
        最近导入：town.xlsx（2026-09-01 08:00）
        学期：2026—2027学年第一学期（2026-09-01至2026-10-30）
        教研活动：待定1次，已发布2次
        方案：草案0份，已发布1份
        邮件：待发34封，已发14封
    "#]]
    .assert_eq(&status);
}

#[test]
fn a_term_is_exported_as_the_offices_table_and_as_a_calendar() {
    let office = Office::with_the_town();
    office.must(&["solve", "--group", "城东", "--steps", "1500"]);
    let nothing = office.must(&["export", "published.ics"]);
    assert!(nothing.contains("0次活动，3次待定"), "{nothing}");
    for name in ["plan.xlsx", "plan.ics"] {
        let told = office.must(&["export", name, "--plan", "1"]);
        assert!(told.contains("2次活动，0次待定"), "{told}");
    }
    let table = fs::read(office.path("plan.xlsx")).expect("a workbook");
    assert!(table.starts_with(b"PK"), "not a workbook");
    let calendar = fs::read_to_string(office.path("plan.ics")).expect("a calendar");
    expect_file!["expected/plan.ics"].assert_eq(&without_identifiers(&calendar.replace("\r\n", "\n")));

    let unknown = office.refuses(&["export", "plan.pdf"]);
    expect!["错误: 不知道怎样写 plan.pdf：文件名请以 .xlsx 或 .ics 结尾\n"].assert_eq(&unknown);
    assert!(!office.path("plan.pdf").exists());
}

#[test]
fn a_search_of_a_second_prints_json_and_nothing_else() {
    let office = Office::with_the_town();
    let solved = office.must(&["solve", "--seconds", "1", "--as-of", "2026-08-24", "--json"]);
    let solved: Value = serde_json::from_str(&solved).expect("JSON");
    assert_eq!((&solved["placed"], &solved["total"]), (&Value::from(3), &Value::from(3)));
    assert_eq!(solved["plan"]["asOf"], "2026-08-24T00:00:00Z");
    let plans: Value = serde_json::from_str(&office.must(&["plan", "list", "--json"])).expect("JSON");
    assert_eq!(plans[0]["id"], solved["plan"]["id"]);

    for (seconds, told) in [("0", "现为 0\n"), ("601", "现为 601\n")] {
        let refused = office.refuses(&["solve", "--seconds", seconds]);
        assert!(refused.contains("seconds 应在 1 到 600 之间") && refused.contains(told), "{refused}");
    }
}

#[test]
fn a_workbook_with_a_bad_row_writes_nothing_and_comes_back_marked() {
    let office = Office::with_the_town();
    let before = office.status();
    let mut broken = small_town();
    broken.retain(|table| table.sheet == "教师" || table.sheet == "场地");
    broken[0].rows[0][3] = "没有的小学".to_owned();
    broken[0].rows[1][10] = "wangfang@example.com".to_owned();
    office.writes("broken.xlsx", &broken);

    let ran = office.runs(&["import", "broken.xlsx"], &[]);
    assert!(!ran.succeeded);
    assert!(ran.out.contains("问题：教师 第2行 “学校” = “没有的小学”"), "{}", ran.out);
    assert!(ran.out.contains("有1处问题，没有写入任何数据"), "{}", ran.out);
    expect!["有问题的行已另存为 broken-问题.xlsx，在原处改正后可直接再导入。\n"].assert_eq(&ran.err);
    assert_eq!(office.status(), before, "nothing is written");
    let marked = Workbook::open(&office.path("broken-问题.xlsx")).expect("the faults as a workbook");
    assert_eq!(marked.table("教师").map(|table| table.len()), Some(1));

    let skipped = office.runs(&["import", "broken.xlsx", "--skip-bad-rows", "--json"], &[]);
    assert!(skipped.succeeded, "{skipped:#?}");
    let report: Value = serde_json::from_str(&skipped.out).expect("JSON");
    assert_eq!(report["committed"], true);
    assert_eq!(
        report["changes"],
        serde_json::json!(["教师 T02 王芳 邮箱：wang@example.com → wangfang@example.com"])
    );
}

#[test]
fn a_dry_run_tells_what_would_change_and_writes_nothing() {
    let office = Office::with_the_town();
    let before = office.status();
    let mut tables = small_town();
    tables.retain(|table| table.sheet == "场地");
    tables[0].rows[0][2] = "80".to_owned();
    office.writes("rooms.xlsx", &tables);
    let told = office.must(&["import", "rooms.xlsx", "--dry-run"]);
    assert!(told.contains("场地 城东小学报告厅 容量：60 → 80"), "{told}");
    assert!(told.contains("试导入（未写入）：新增0，修改1，不变4，结束0，有误0。"), "{told}");
    assert_eq!(office.status(), before);
    let again = office.must(&["import", "rooms.xlsx", "--dry-run"]);
    assert_eq!(again, told, "the change is still to come");
}

#[test]
fn files_that_are_no_workbook_are_refused_in_words_that_help() {
    let office = Office::new();
    fs::write(office.path("old.xls"), [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0])
        .expect("a file");
    fs::write(office.path("list.csv"), "工号,姓名\nT1,李娜\n").expect("a file");
    fs::write(office.path("photo.xlsx"), [0xFF, 0xD8, 0xFF, 0xE0]).expect("a file");
    fs::write(office.path("empty.xlsx"), "").expect("a file");
    let mut told = String::new();
    for name in ["old.xls", "list.csv", "photo.xlsx", "empty.xlsx", "missing.xlsx"] {
        told += &office.refuses(&["import", name]);
    }
    expect_file!["expected/wrong_files.txt"].assert_eq(&told);
    assert!(!office.path("tongpan.sqlite").exists(), "a file that cannot be read makes no database");
}

#[test]
fn the_template_and_the_demo_county_are_workbooks() {
    let office = Office::new();
    office.must(&["template", "blank.xlsx"]);
    let blank = Workbook::open(&office.path("blank.xlsx")).expect("a readable template");
    assert!(blank.tables.is_empty() && blank.faults.is_empty());
    let told = office.must(&["demo", "--workbook", "county.xlsx"]);
    expect!["已写出演示县工作簿 county.xlsx（17张表）。\n"].assert_eq(&told);
    assert!(fs::read(office.path("county.xlsx")).expect("a workbook").starts_with(b"PK"));
}

#[test]
fn a_backup_is_a_database_that_opens() {
    let office = Office::with_the_town();
    office.must(&["backup", "copy.sqlite"]);
    let copy = office.must(&["status", "--json", "--database", "sqlite:copy.sqlite"]);
    assert_eq!(copy, office.must(&["status", "--json"]));
}

#[test]
fn commands_without_data_say_what_comes_first() {
    let office = Office::new();
    for arguments in [["solve"], ["publish"], ["status"]] {
        let told = office.refuses(&arguments);
        assert!(told.starts_with("错误: 没有找到数据库文件 tongpan.sqlite："), "{told}");
    }
    assert!(!office.path("tongpan.sqlite").exists(), "a question makes no database");
    office.must(&["migrate"]);
    let told = office.refuses(&["solve"]);
    assert!(told.starts_with("错误: 数据库里还没有数据：请先用 tongpan import"), "{told}");
    let told = office.refuses(&["solve", "--lang", "en"]);
    assert!(told.starts_with("error: the database is empty: import a workbook"), "{told}");

    let office = Office::with_the_town();
    let told = office.refuses(&["publish", "--yes"]);
    assert!(told.contains("请用 tongpan plan list 查看，或先用 tongpan solve 排期"), "{told}");
    let told = office.refuses(&["solve", "--group", "城"]);
    assert!(told.contains("“城”不能确定是哪个集团；已有：城东教共体、城西教共体"), "{told}");
    let told = office.refuses(&["status", "--as-of", "明天"]);
    assert!(told.contains("--as-of “明天”不是日期"), "{told}");
}

#[test]
fn a_session_is_moved_and_cancelled_with_a_reason() {
    let office = Office::with_the_town();
    office.must(&["solve", "--group", "城西", "--steps", "1500"]);
    office.must(&["publish", "--yes"]);
    office.must(&["solve", "--group", "城西", "--steps", "100"]);
    let again = office.must(&["publish", "--yes"]);
    assert!(again.ends_with("方案2已发布。没有需要发送的邮件。\n"), "{again}");
    let plan: Value = serde_json::from_str(&office.must(&["plan", "show", "--json"])).expect("JSON");
    let session = plan["sessions"][0]["id"].as_str().expect("an identifier");

    let to = ["session", "move", session, "--to", "2026-10-14T14:00", "--reason", "停水"];
    let moved = office.must(&to);
    expect![[r#"
        已改到2026-10-14 14:00。17封邮件已排入待发，由 tongpan worker 发送。
    "#]]
    .assert_eq(&moved);
    let outside =
        office.refuses(&["session", "move", session, "--to", "2027-10-02T14:00", "--reason", "停水"]);
    expect![[r#"
        错误: 2027-10-02不在本学期内（2026-09-01至2026-10-30），请选择学期内的日期
    "#]]
    .assert_eq(&outside);
    let holiday =
        office.refuses(&["session", "move", session, "--to", "2026-10-02T14:00", "--reason", "停水"]);
    assert!(holiday.contains("国庆节"), "{holiday}");
    let off = office.must(&["session", "cancel", session, "--reason", "台风"]);
    expect![[r#"
        已取消。5封邮件已排入待发，由 tongpan worker 发送。
    "#]]
    .assert_eq(&off);
    assert_eq!(office.status()["sessions"], serde_json::json!({ "待定": 2, "已取消": 1 }));
    let gone =
        office.refuses(&["session", "cancel", "session_00000000000000000000000000", "--reason", "台风"]);
    assert!(gone.contains("没有找到这个"), "{gone}");
}
