//! What an office does from the terminal besides planning: settings, the cover list, many sessions at once, people away,
//! rooms closed, days that change.

use std::fs;
use std::io::Cursor;

use calamine::{Reader, Xlsx};
use expect_test::expect;
use serde_json::{Value, json};

use crate::commands::Office;
use crate::town::{LONG_SESSIONS, ONE_OPEN_DAY, town_with};

fn read(printed: &str) -> Value {
    serde_json::from_str(printed).expect("JSON")
}

/// The error lines of a command that fails; what it prints before is of no interest.
fn refused(office: &Office, arguments: &[&str]) -> String {
    let ran = office.runs(arguments, &[]);
    assert!(!ran.succeeded, "{arguments:?}: {ran:#?}");
    ran.err
}

/// An office of the small town whose east has published its term.
fn published() -> Office {
    let office = Office::with_the_town();
    office.must(&["solve", "--group", "城东", "--steps", "1500"]);
    office.must(&["publish", "--yes"]);
    office
}

/// The days of the published sessions.
fn days(office: &Office) -> Vec<String> {
    let shown = read(&office.must(&["plan", "show", "--json"]));
    let rows = shown["sessions"].as_array().expect("sessions");
    rows.iter().map(|row| row["startsAt"].as_str().expect("a start")[..10].to_owned()).collect()
}

fn value(settings: &str, name: &str) -> Value {
    let settings = read(settings);
    let all = ["weights", "limits"].map(|list| settings[list].as_array().expect("a list").clone()).concat();
    all.into_iter().find(|row| row["name"] == name).expect("the setting")
}

#[test]
fn settings_are_shown_set_for_a_group_and_taken_back() {
    let office = Office::with_the_town();
    let shown = office.must(&["settings", "show"]);
    assert!(shown.starts_with("测试县的排期设置（第0版）"), "{shown}");
    assert!(shown.contains("权重：同一计划的两次活动之间保持规定的间隔。"), "{shown}");

    let set = ["settings", "set", "--group", "城东", "spacing=30", " cover_per_week = 3 "];
    let told = office.must(&set);
    assert!(told.starts_with("城东教共体的排期设置（第1版）"), "{told}");
    let east = office.must(&["settings", "show", "--group", "城东", "--json"]);
    let own = |name: &str, value: i64, default: i64| json!({ "name": name, "value": value, "source": "group", "default": default });
    assert_eq!(value(&east, "spacing"), own("spacing", 30, 20));
    assert_eq!(value(&east, "cover_per_week"), own("cover_per_week", 3, 4));
    let west = office.must(&["settings", "show", "--group", "城西", "--json"]);
    assert_eq!(value(&west, "spacing")["source"], "default");

    let rule = "weight:sessions_per_school_day=50";
    let set = office.must(&["settings", "set", rule, "限额:sessions_per_school_day=1"]);
    assert!(
        set.contains("weight:sessions_per_school_day") && set.contains("limit:sessions_per_school_day"),
        "{set}"
    );
    let district = read(&office.must(&["settings", "show", "--json"]));
    for (list, value) in [("weights", 50), ("limits", 1)] {
        let mut rows = district[list].as_array().expect("a list").iter();
        let row = rows.find(|row| row["name"] == "sessions_per_school_day").expect("the setting");
        assert_eq!(row["value"], value, "{list}");
    }
    office.must(&["settings", "set", "spacing=25"]);
    office.must(&["settings", "set", "--group", "城东", "spacing=默认"]);
    let east = office.must(&["settings", "show", "--group", "城东", "--json"]);
    assert_eq!(
        value(&east, "spacing"),
        json!({ "name": "spacing", "value": 25, "source": "district", "default": 20 })
    );
}

#[test]
fn settings_that_cannot_be_are_refused_with_what_may_be() {
    let office = Office::with_the_town();
    let told = |values: &[&str]| office.refuses(&[&["settings", "set"], values].concat());
    let mut all = String::new();
    for values in [
        &["spacing"][..],
        &["spacing=很多"],
        &["window=3"],
        &["sessions_placed=0"],
        &["no_such_rule=3", "cover_per_week=-1"],
        &["core_hosting_least=80", "core_hosting_most=70"],
        &["spacing=1", "spacing=2", "cover_per_week=3", "limit:cover_per_week=2"],
        &["sessions_per_school_day=1"],
        &["rule:spacing=1"],
        &["limit:spacing=1"],
    ] {
        all += &told(values);
    }
    expect![[r#"
        错误: “spacing”无法识别，请写成 名称=整数，如 spacing=30，或 spacing=默认
        错误: “spacing=很多”无法识别，请写成 名称=整数，如 spacing=30，或 spacing=默认
        错误: “window”是硬性规则，必须遵守，没有权重可设
        错误: sessions_placed 应在 1 到 1000000 之间，现为 0
        错误: 没有名为“no_such_rule”的规则，请从规则列表中选择
        错误: cover_per_week 应在 0 到 40 之间，现为 -1
        错误: 核心校承办比例的下限80%将高于上限70%（连同各集团自己的设置），请一并调整
        错误: “spacing”写了不止一次，请只写一次
        错误: “cover_per_week”写了不止一次，请只写一次
        错误: “sessions_per_school_day”既是规则又是限额：改规则的权重请写 weight:sessions_per_school_day=…，改限额请写 limit:sessions_per_school_day=…
        错误: 没有名为“rule:spacing”的设置：请用 tongpan settings show 查看名称；前面可加的只有 weight: 和 limit:
        错误: 没有名为“limit:spacing”的设置：请用 tongpan settings show 查看名称；前面可加的只有 weight: 和 limit:
    "#]]
    .assert_eq(&all);
    assert!(
        office.must(&["settings", "show"]).starts_with("测试县的排期设置（第0版）"),
        "nothing is written"
    );
}

#[test]
fn the_cover_list_is_printed_counted_and_written() {
    let office = Office::of(&town_with(ONE_OPEN_DAY, LONG_SESSIONS));
    office.must(&["solve", "--group", "城东", "--steps", "500"]);
    let printed = office.must(&["plan", "cover"]);
    assert!(printed.contains("孙强") && printed.ends_with("共1节课须调。\n"), "{printed}");
    let list = read(&office.must(&["plan", "cover", "1", "--json"]));
    let [lesson] = &list["lessons"].as_array().expect("lessons")[..] else { panic!("{list}") };
    assert_eq!(
        (&lesson["school"], &lesson["teacherNumber"], &lesson["on"], &lesson["period"]),
        (&json!("河湾小学"), &json!("T12"), &json!("2026-09-16"), &json!(5))
    );
    let elsewhere = office.must(&["plan", "cover", "--school", "石桥"]);
    assert!(!elsewhere.contains("孙强"), "{elsewhere}");
    let later = office.must(&["plan", "cover", "--from", "2026-09-17", "--json"]);
    assert_eq!(read(&later)["lessons"], json!([]));

    let written = office.must(&["plan", "cover", "--xlsx", "调课单.xlsx"]);
    assert_eq!(written, "已写出 调课单.xlsx：1节课须调。\n");
    let bytes = fs::read(office.path("调课单.xlsx")).expect("the file");
    let mut book = Xlsx::new(Cursor::new(bytes)).expect("a workbook that reads");
    let sheet = book.worksheet_range("调课单").expect("the sheet");
    assert!(sheet.cells().any(|(_, _, cell)| *cell == "孙强"), "{sheet:?}");
    let mut refusals = office.refuses(&["plan", "cover", "--xlsx", "调课单.xlsx"]);
    refusals += &office.refuses(&["plan", "cover", "7"]);
    refusals += &office.refuses(&["plan", "cover", "--school", "小学"]);
    refusals += &office.refuses(&["plan", "cover", "--from", "2026-09-17", "--until", "2026-09-01"]);
    expect![[r#"
        错误: 调课单.xlsx 已存在，没有覆盖：请换一个文件名，或先移走它
        错误: 没有找到方案7：请用 tongpan plan list 查看，或先用 tongpan solve 排期
        错误: “小学”不能确定是哪个学校；已有：城东小学、河湾小学、石桥小学、城西小学、松坪小学
        错误: 截止日期早于开始日期
    "#]]
    .assert_eq(&refusals);

    let nothing = office.must(&["plan", "cover", "--published"]);
    assert!(nothing.contains("没有需要调的课"), "{nothing}");
    office.must(&["publish", "--yes"]);
    let published = office.must(&["plan", "cover", "--published"]);
    assert!(published.ends_with("共1节课须调。\n"), "{published}");
}

#[test]
fn sessions_are_postponed_together_after_a_look_at_what_would_become_of_them() {
    let office = published();
    let before = days(&office);
    let range = ["--from", "2026-09-01", "--until", "2026-10-30", "--reason", "台风停课"];
    let postpone = [&["session", "postpone"], &range[..]].concat();
    let looked = office.must(&[&postpone[..], &["--dry-run"]].concat());
    assert!(looked.ends_with("2次活动，2次可以调整。\n"), "{looked}");
    let asked = refused(&office, &postpone);
    assert_eq!(asked, "错误: 这里无法询问确认：确定要执行请加上 --yes\n");
    assert_eq!(days(&office), before, "nothing is changed unasked");

    let far = refused(&office, &[&postpone[..], &["--weeks", "20", "--yes"]].concat());
    expect![[r#"
        错误: 2次活动都不能这样调整，没有改动任何活动
    "#]]
    .assert_eq(&far);
    let done = office.must(&[&postpone[..], &["--yes"]].concat());
    let (_, mails) = done.rsplit_once("已调整2次活动。").expect("what was done");
    assert!(
        !mails.starts_with('0') && mails.ends_with("封邮件已排入待发，由 tongpan worker 发送。\n"),
        "{done}"
    );
    let again = read(&office.must(&[&postpone[..], &["--dry-run", "--json"]].concat()));
    assert_eq!((&again["applied"], again["sessions"].as_array().map(Vec::len)), (&json!(false), Some(2)));
}

#[test]
fn sessions_are_moved_online_together() {
    let office = published();
    let range = ["--from", "2026-09-01", "--until", "2026-10-30", "--reason", "台风停课", "--group", "城东"];
    let online = [&["session", "online"], &range[..], &["--link", "腾讯会议 123-456"]].concat();
    let looked = office.must(&[&online[..], &["--dry-run"]].concat());
    assert!(looked.contains("线上 腾讯会议 123-456") && looked.ends_with("2次可以调整。\n"), "{looked}");
    let done = read(&office.must(&[&online[..], &["--yes", "--json"]].concat()));
    assert_eq!((&done["applied"], &done["sessions"][0]["link"]), (&json!(true), &json!("腾讯会议 123-456")));
    assert_eq!(office.status()["sessions"], json!({ "待定": 1, "已发布": 2 }));
}

#[test]
fn bulk_changes_that_make_no_sense_are_refused() {
    let office = published();
    let told = |command: &str, from: &str, until: &str, reason: &str, more: &[&str]| {
        let range = ["session", command, "--from", from, "--until", until, "--reason", reason, "--yes"];
        refused(&office, &[&range[..], more].concat())
    };
    let mut all = told("postpone", "2026-10-30", "2026-09-01", " ", &["--weeks", "0"]);
    all += &told("online", "2026-09-01", "2026-10-30", "台风停课", &["--link", " "]);
    all += &told("postpone", "2026-09-01", "2026-09-01", "台风停课", &[]);
    all += &told("postpone", "2026-09-01", "2026-10-30", "台风停课", &["--group", "城南"]);
    expect![[r#"
        错误: 请写明原因：它会随通知发给每位参与人
        错误: 截止日期早于开始日期
        错误: 可推迟1到30周
        错误: 请写明线上会议的链接或会议号：它会随通知发给每位参与人
        错误: 这段时间没有今后要举行的已发布活动
        错误: “城南”不能确定是哪个集团；已有：城东教共体、城西教共体
    "#]]
    .assert_eq(&all);
}

/// The identifier of the only row of a list.
fn only(office: &Office, list: [&str; 2]) -> String {
    let rows = read(&office.must(&[&list[..], &["--json"]].concat()));
    let [row] = &rows.as_array().expect("rows")[..] else { panic!("{rows}") };
    row["id"].as_str().expect("an identifier").to_owned()
}

#[test]
fn somebody_is_away_until_she_is_back() {
    let office = published();
    assert_eq!(office.must(&["absence", "list"]), "没有请假记录。\n");
    let ill = ["absence", "add", "T11", "--from", "2026-09-14", "--reason", "住院"];
    let added = office.must(&ill);
    assert!(added.starts_with("已登记赵敏请假（absence_"), "{added}");
    assert!(added.contains("有2次已发布的活动与此有关：用 tongpan solve --replan 重排"), "{added}");
    let listed = office.must(&["absence", "list"]);
    for cell in ["T11 赵敏", "2026-09-14", "另行通知", "住院"] {
        assert!(listed.contains(cell), "{cell}: {listed}");
    }
    let absence = only(&office, ["absence", "list"]);
    let end = |until: &'static str| ["absence", "end", absence.as_str(), "--until", until];
    assert_eq!(office.must(&end("2026-09-18")), "请假到2026-09-18为止。\n");

    let mut refusals = office.refuses(&ill);
    refusals += &office.refuses(&["absence", "add", "T12", "--from", "2026-09-14", "--reason", " "]);
    let backwards = ["--from", "2026-09-14", "--until", "2026-09-11", "--reason", "病假"];
    refusals += &office.refuses(&[&["absence", "add", "T12"], &backwards[..]].concat());
    refusals += &office.refuses(&["absence", "add", "T99", "--from", "2026-09-14", "--reason", "病假"]);
    refusals += &office.refuses(&end("2026-09-25"));
    refusals += &office.refuses(&["absence", "end", "absence_x", "--until", "2026-09-18"]);
    expect![[r#"
        错误: 赵敏自 2026-09-14 起的请假与这段时间重叠，请先结束或更正原来的记录
        错误: 请写明原因
        错误: 结束日期不能早于开始日期
        错误: 没有工号为“T99”的教职工
        错误: 原来记到 2026-09-18 为止，不能再往后改；要延长，请从次日起另登记一条
        错误: 没有找到这个请假记录
    "#]]
    .assert_eq(&refusals);

    let removed = office.must(&[&end("2026-09-11")[..], &["--json"]].concat());
    assert_eq!(read(&removed), json!({ "id": absence }));
    assert_eq!(office.must(&["absence", "list"]), "没有请假记录。\n");
}

#[test]
fn a_room_is_closed_until_it_is_opened() {
    let office = published();
    assert_eq!(office.must(&["room", "closed"]), "没有停用的场地。\n");
    let close = ["room", "close", "河湾", "多功能厅", "--from", "2026-09-14", "--reason", "屋面维修"];
    let closed = office.must(&close);
    assert!(closed.starts_with("已停用河湾小学 多功能厅（closure_"), "{closed}");
    assert!(closed.contains("次已发布的活动与此有关"), "{closed}");
    let listed = office.must(&["room", "closed"]);
    assert!(listed.contains("河湾小学 多功能厅") && listed.contains("屋面维修"), "{listed}");
    let closure = only(&office, ["room", "closed"]);
    let open = |until: &'static str| ["room", "open", closure.as_str(), "--until", until];
    assert_eq!(office.must(&open("2026-10-09")), "停用到2026-10-09为止。\n");

    let mut refusals = office.refuses(&close);
    refusals +=
        &office.refuses(&["room", "close", "河湾", "操场", "--from", "2026-09-14", "--reason", "维修"]);
    refusals += &office.refuses(&open("2026-10-16"));
    expect![[r#"
        错误: 多功能厅自 2026-09-14 起已停用，与这段时间重叠，请先恢复使用或更正原来的记录
        错误: “操场”不能确定是哪个场地；已有：多功能厅
        错误: 原来记到 2026-10-09 为止，不能再往后改；要延长，请从次日起另登记一条
    "#]]
    .assert_eq(&refusals);
    assert_eq!(office.must(&open("2026-09-13")), "已删去这条停用记录。\n");
}

#[test]
fn a_day_is_set_for_the_district_or_for_a_school() {
    let office = published();
    let day = days(&office).remove(0);
    let set = office.must(&["day", "set", &day, "--name", "台风停课"]);
    let told = format!(
        "{day}已设为“放假”。\n有1次已发布的活动与此有关：用 tongpan solve --replan 重排，改动最少。\n"
    );
    assert_eq!(set, told);
    let again = office.must(&["day", "set", &day, "--kind", "正常上课"]);
    assert!(again.starts_with(&format!("{day}已设为“正常上课”。\n")), "{again}");
    let closed = office.must(&["day", "set", &day, "--kind", "放假", "--school", "石桥", "--json"]);
    assert!(read(&closed)["publishedSessions"].is_u64(), "{closed}");
    let school = office.must(&["day", "set", "2026-09-03", "--kind", "考试", "--school", "石桥"]);
    assert_eq!(school, "2026-09-03已设为“考试”。\n这些天没有与此有关的已发布活动。\n");
    office.must(&["day", "set", "2026-10-17", "--kind", "调休上班", "--timetable", "3"]);
    let elsewhere = office.refuses(&["day", "set", "2027-10-17", "--name", "停课"]);
    expect![[r#"
        错误: 2027-10-17不在任何学期内，没有设定；已有的学期：2026—2027学年第一学期（2026-09-01至2026-10-30）。请核对日期，或先导入新学期
    "#]].assert_eq(&elsewhere);

    let mut refusals = office.refuses(&["day", "set", "2026-10-17", "--kind", "停课"]);
    refusals += &office.refuses(&["day", "set", "2026-10-24", "--kind", "调休上班"]);
    refusals += &office.refuses(&["day", "set", "2026-10-24", "--kind", "调休上班", "--timetable", "8"]);
    refusals += &office.refuses(&["day", "set", "2026-10-24", "--timetable", "3"]);
    refusals += &office.refuses(&["day", "set", "2026-10-24", "--school", "不存在的小学"]);
    expect![[r#"
        错误: 没有“停课”这种校历日；可写：放假、调休上班、考试、质量监测、活动、正常上课
        错误: 调休上班须写明上星期几的课
        错误: 星期用 1 到 7 表示
        错误: 放假的日子不上课
        错误: “不存在的小学”不能确定是哪个学校；已有：城东小学、河湾小学、石桥小学、城西小学、松坪小学
    "#]]
    .assert_eq(&refusals);
}

#[test]
fn an_earlier_plan_is_taken_up_again_with_its_difference_shown_first() {
    let office = published();
    let told = office.refuses(&["plan", "revert", "1"]);
    assert_eq!(told, "错误: 今后的活动已经与方案1一致，没有可恢复的\n");
    let range = ["--from", "2026-09-01", "--until", "2026-10-30", "--reason", "台风停课", "--yes"];
    office.must(&[&["session", "postpone"], &range[..]].concat());
    let told = office.must(&["plan", "revert", "1"]);
    assert!(told.starts_with("方案2：今后的活动照方案1的安排。\n"), "{told}");
    assert_eq!(told.matches("改期或换地点").count(), 2, "{told}");
    assert!(told.ends_with("用 tongpan publish --plan 2 发布，tongpan plan discard 2 舍弃。\n"), "{told}");
    let listed = office.must(&["plan", "list"]);
    assert!(listed.contains("自动排期（种子1，1500步，1线程）"), "{listed}");
    assert!(listed.contains("恢复原方案") && listed.contains("今后的活动恢复为方案1的安排"), "{listed}");
    office.must(&["publish", "--plan", "2", "--yes"]);
}
