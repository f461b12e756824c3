//! A round from the terminal, for an office without the console.

use expect_test::expect;
use serde_json::Value;

use crate::commands::Office;
use crate::town::{sheet, small_town};

/// An office that has opened a round, with a policy, and counted.
fn counted() -> Office {
    let office = Office::with_the_town();
    let round = ["--from", "2027-09-01", "--until", "2029-08-31"];
    let open = [&["rotation", "open", "2027年教师交流轮岗"], round.as_slice()].concat();
    assert_eq!(office.must(&open), "已新建“2027年教师交流轮岗”，现在的步骤是“摸底”。\n");
    office
}

/// What a command says on a day.
fn on(office: &Office, day: &str, arguments: &[&str]) -> String {
    office.must_with(arguments, &[("TONGPAN_AS_OF", day)])
}

#[test]
fn a_round_shows_where_it_stands_and_what_is_missing() {
    let office = counted();
    let status = office.must(&["rotation", "status"]);
    assert!(status.starts_with("2027年教师交流轮岗（服务期 2027-09-01 至 2029-08-31）\n"), "{status}");
    assert!(status.contains("现在的步骤：摸底；下一步：申报"), "{status}");
    assert!(status.contains("进入下一步之前还缺：\n  - 还没有指定轮岗政策"), "{status}");
    let status: Value = serde_json::from_str(&office.must(&["rotation", "status", "--json"])).expect("JSON");
    assert_eq!((&status["state"], &status["next"]), (&"counting".into(), &"applying".into()));
    assert_eq!(status["missing"][0]["code"], "NO_POLICY");
    assert_eq!(status["steps"].as_array().map(Vec::len), Some(9));

    expect![[r#"
        错误: 还没有指定轮岗政策：请先选定本批次执行的政策
        错误: 还没有摸底：请先用 tongpan rotation count 测算谁应交流、谁可交流
        错误: 还没有学科余缺：请先摸底，或导入“学科余缺”表
    "#]]
    .assert_eq(&office.refuses(&["rotation", "step", "forward"]));
    let moved = ["rotation", "step", "dates", "申报", "--from", "2027-06-02", "--due", "2027-06-12"];
    assert_eq!(office.must(&moved), "申报改为 2027-06-02 至 2027-06-12。\n");
    let unknown = ["rotation", "step", "dates", "申请", "--from", "2027-06-02", "--due", "2027-06-12"];
    expect![[r#"
        错误: 看不懂“申请”，可以写：摸底、申报、学校推荐、拟订方案、公示、审批、派遣、在岗、考核、结束
    "#]]
    .assert_eq(&office.refuses(&unknown));
    let none = office.refuses(&["rotation", "status", "--round", "2030"]);
    assert!(none.contains("已有：2027年教师交流轮岗"), "{none}");
}

#[test]
fn an_office_takes_applications_and_decides_about_exemptions() {
    let office = counted();
    let policy = ["同校任教满年限=6年", "暂缓=孕期、哺乳期"];
    office.must(&[&["rotation", "policy", "set"], policy.as_slice()].concat());
    office.must(&["rotation", "count"]);
    let needs = "学校|学段|学科|核定需求|现有人数|余缺\n河湾小学|小学|数学|3|2|-1";
    let mut tables = small_town();
    tables.push(sheet("学科余缺", needs));
    office.writes("needs.xlsx", &tables);
    on(&office, "2027-05-20", &["import", "needs.xlsx"]);
    let entered = on(&office, "2027-06-01", &["rotation", "step", "forward"]);
    assert_eq!(entered, "“2027年教师交流轮岗”已进入“申报”。\n");

    let applied = ["rotation", "apply", "T11", "城东小学", "石桥小学", "--years", "2", "--reason", "离家近"];
    assert_eq!(on(&office, "2027-06-02", &applied), "赵敏的申报已提交。\n");
    let listed = on(&office, "2027-06-02", &["rotation", "applications"]);
    assert!(listed.contains("城东小学、石桥小学") && listed.contains("共1份申报。"), "{listed}");
    assert_eq!(on(&office, "2027-06-02", &["rotation", "withdraw", "T11"]), "赵敏的申报已撤回。\n");

    let exempt =
        ["rotation", "exempt", "T21", "孕期", "--evidence", "孕检证明 31", "--from", "2027-05-20", "--json"];
    let row: Value = serde_json::from_str(&on(&office, "2027-06-02", &exempt)).expect("JSON");
    let id = row["id"].as_str().expect("an identifier");
    let decide = ["rotation", "decide", id, "--accept", "--reason", "符合规定"];
    assert_eq!(on(&office, "2027-06-03", &decide), "免轮申请已同意。\n");
    let listed = on(&office, "2027-06-03", &["rotation", "exemptions"]);
    assert!(listed.contains("孕检证明 31") && listed.contains("已同意"), "{listed}");

    let back = ["rotation", "step", "back", "--reason", "漏了一所学校"];
    assert_eq!(on(&office, "2027-06-04", &back), "“2027年教师交流轮岗”已退回“摸底”。\n");
    assert_eq!(office.must(&["rotation", "objections"]), "没有异议。\n");
}

#[test]
fn an_office_corrects_what_was_counted_and_mends_its_policy() {
    let office = counted();
    office.must(&["rotation", "policy", "set", "同校任教满年限=6年", "期限=3年", "每校上限=15%"]);
    office.must(&["rotation", "count"]);
    let standing = ["rotation", "correct", "standing", "T11", "暂缓交流", "--reason", "家有重病老人"];
    assert_eq!(office.must(&standing), "赵敏的摸底结果为“暂缓交流”。\n");
    let again = ["rotation", "correct", "standing", "T11", "按规定", "--reason", "情况已变"];
    assert!(office.must(&again).starts_with("赵敏的摸底结果为“"));
    let odd = ["rotation", "correct", "standing", "T11", "延期", "--reason", "写错"];
    expect![[r#"
        错误: 看不懂“延期”，可以写：应交流、可交流、免于交流、暂缓交流、不符合条件、按规定
    "#]]
    .assert_eq(&office.refuses(&odd));
    let staffing = ["rotation", "correct", "staffing", "河湾小学", "小学", "数学", "--needed", "3"];
    let staffing = [&staffing[..], &["--reason", "新增一个班"]].concat();
    let told = office.must(&staffing);
    assert!(told.starts_with("河湾小学小学数学：需求3人"), "{told}");

    let left = office.must(&["rotation", "policy", "remove", "2"]);
    assert!(!left.contains("期限") && left.contains("  2. "), "{left}");
    let none = office.refuses(&["rotation", "policy", "remove", "9"]);
    assert!(none.contains("没有第9条，只有1至2条"), "{none}");
    let listed: Value =
        serde_json::from_str(&office.must(&["rotation", "policy", "list", "--json"])).expect("JSON");
    let id = listed[0]["id"].as_str().expect("an identifier");
    let ended = office.must(&["rotation", "policy", "end", id, "--until", "2030-08-31"]);
    assert!(ended.ends_with("到 2030-08-31 为止。\n"), "{ended}");
    let nobody = office.refuses(&["rotation", "revoke", "T11", "--reason", "不去了"]);
    assert!(nobody.contains("没有安排赵敏交流"), "{nobody}");
}

#[test]
fn a_groups_round_is_opened_for_its_schools() {
    let office = Office::with_the_town();
    let open = ["rotation", "open", "2027年城东集团轮岗", "--from", "2027-09-01", "--until", "2029-08-31"];
    let groups = office.refuses(&[&open[..], &["--group", "没有的集团"]].concat());
    assert!(groups.contains("集团"), "{groups}");
    office.must(&["rotation", "policy", "set", "同校任教满年限=1年", "--from", "2026-09-01"]);
    office.must(&[&open[..], &["--group", "城东"]].concat());
    office.must(&["rotation", "count"]);
    let counted: Value =
        serde_json::from_str(&office.must(&["rotation", "count", "--show", "--json"])).expect("JSON");
    let schools: Vec<&str> = counted["schools"]
        .as_array()
        .expect("schools")
        .iter()
        .map(|school| school["school"].as_str().expect("a name"))
        .collect();
    expect!["城东小学、河湾小学、石桥小学"].assert_eq(&schools.join("、"));
}
