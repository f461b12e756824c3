//! Places, the calendar, the research plan and rotation.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, Weekday};

use super::{Record, counties};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|_| panic!("{text} is a date"))
}

#[test]
fn every_two_schools_have_one_road() {
    for county in counties() {
        let schools = county.sheet("学校");
        let town = |name: &str| -> String {
            let school = schools.iter().find(|school| school["学校名称"] == name).expect("known");
            if school["城乡"] == "城区" { "县城".into() } else { name.chars().take(2).collect() }
        };
        let mut pairs = BTreeSet::new();
        for road in county.sheet("路程") {
            let (one, two) = (road["学校甲"].clone(), road["学校乙"].clone());
            let (kilometres, minutes): (f64, u32) =
                (road["公里"].parse().expect("a number"), road["分钟"].parse().expect("a number"));
            let near = town(&one) == town(&two);
            assert_eq!(near, kilometres < 9.0 && minutes < 20, "{one} {two} {kilometres} {minutes}");
            assert!((5..=150).contains(&minutes), "{one} {two} {minutes}");
            pairs.insert(if one < two { (one, two) } else { (two, one) });
        }
        assert_eq!((pairs.len(), county.sheet("路程").len()), (210, 210));
        assert!(pairs.iter().all(|(one, two)| one != two));
    }
}

#[test]
fn every_school_has_a_hall_and_core_schools_a_studio() {
    for county in counties() {
        let rooms = county.sheet("场地");
        for member in county.sheet("集团") {
            let has = |room: &str| {
                rooms.iter().any(|line| line["学校"] == member["学校名称"] && line["场地"] == room)
            };
            assert!(has("多功能厅") && has("会议室"), "{}", member["学校名称"]);
            assert_eq!(has("录播教室"), member["角色"] == "核心校");
        }
    }
}

#[test]
fn the_calendar_is_that_of_the_autumn_of_2026() {
    let days = counties()[0].sheet("校历");
    let term = &days[0];
    assert_eq!((term["开始日期"].as_str(), term["结束日期"].as_str()), ("2026-09-01", "2027-01-22"));
    let inside = date(&term["开始日期"])..=date(&term["结束日期"]);
    let mut kinds: BTreeMap<&str, Vec<NaiveDate>> = BTreeMap::new();
    for day in &days[1..] {
        assert!(inside.contains(&date(&day["日期"])), "{day:?}");
        kinds.entry(&day["类型"]).or_default().push(date(&day["日期"]));
    }
    let counts: Vec<(&str, usize)> = kinds.iter().map(|(kind, days)| (*kind, days.len())).collect();
    assert_eq!(counts, [("县运动会", 1), ("放假", 11), ("考试", 5), ("调休上班", 2), ("质量监测", 1)]);
    let weekend = |day: &NaiveDate| matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    assert!(kinds["调休上班"].iter().all(weekend), "make-up days are weekends");
    assert!(!["考试", "县运动会", "质量监测"].iter().any(|kind| kinds[kind].iter().any(weekend)));
    let on = |day: &str| days.iter().find(|record| record["日期"] == day).expect("listed");
    assert_eq!(on("2026-09-20")["执行星期课表"], "二");
    assert_eq!(on("2026-10-10")["执行星期课表"], "三");
    assert!(on("2027-01-01")["说明"].contains("以国务院通知为准"), "2027 is not announced");
}

#[test]
fn a_make_up_day_runs_the_weekday_it_replaces() {
    let weekdays = ["一", "二", "三", "四", "五", "六", "日"];
    let days = counties()[0].sheet("校历");
    for day in days.iter().filter(|day| day["类型"] == "调休上班") {
        let replaced = day["说明"].trim_start_matches("补10月").trim_end_matches("日课");
        let replaced = NaiveDate::from_ymd_opt(2026, 10, replaced.parse().expect("a day")).expect("a date");
        assert_eq!(weekdays[replaced.weekday().num_days_from_monday() as usize], day["执行星期课表"]);
    }
}

#[test]
fn the_plan_has_the_size_and_the_words_of_the_offices_plan() {
    // One word of each column, as the office's own plan has them.
    let words: [(&str, &[&str]); 6] = [
        ("频次", &["至少间隔2周", "至少间隔3周", "每月1次", "期中考试后2周内", "11月之后"]),
        ("承办", &["成员校轮流承办", "核心校承办", "镇区、乡村成员校承办", "线上"]),
        ("授课要求", &["", "至少两所学校各1名授课教师", "承办校1名授课教师", "核心校1名授课教师"]),
        (
            "参加范围",
            &[
                "本学科全体教师",
                "承办校本学科教师",
                "九年级本学科教师",
                "校长、教导主任、备课组长",
                "园长、保教主任",
                "各校校长、副校长、包连教研员",
                "各园半数教师，轮流参加",
            ],
        ),
        ("方式", &["线下", "线上"]),
        ("形式", &["同课异构", "观摩课", "线上研讨", "送课下乡", "学情分析", "例会", "中考分科指导"]),
    ];
    for county in counties() {
        let programmes = county.sheet("教研计划");
        for (heading, words) in words {
            let used: BTreeSet<&str> =
                programmes.iter().map(|programme| programme[heading].as_str()).collect();
            assert_eq!(used, words.iter().copied().collect(), "{heading}");
        }
        let sessions: u32 =
            programmes.iter().map(|programme| programme["次数"].parse::<u32>().expect("a number")).sum();
        assert_eq!(programmes.len(), 69);
        assert!((185..=200).contains(&sessions), "{sessions}");
    }
}

#[test]
fn a_researcher_leads_what_lies_in_her_stage() {
    for county in counties() {
        let researchers = county.sheet("教研员");
        let groups: BTreeSet<&String> =
            researchers.iter().map(|researcher| &researcher["包连集团"]).collect();
        assert_eq!(groups.len(), 5, "every group has one attached");
        for programme in
            county.sheet("教研计划").iter().filter(|programme| !programme["教研员工号"].is_empty())
        {
            let own = researchers
                .iter()
                .find(|researcher| researcher["工号"] == programme["教研员工号"])
                .expect("known");
            assert_eq!(own["学段"], programme["学段"], "{programme:?}");
        }
    }
}

#[test]
fn two_programmes_want_the_same_people_on_one_afternoon() {
    for county in counties() {
        let programmes = county.sheet("教研计划");
        let wants = |programme: &Record| {
            ["集团", "学段", "学科", "教研日", "参加范围", "教研员工号"]
                .map(|heading| programme[heading].clone())
        };
        let afternoon: Vec<[String; 6]> =
            programmes.iter().filter(|programme| programme["教研日"].ends_with("下午")).map(wants).collect();
        let distinct: BTreeSet<&[String; 6]> = afternoon.iter().collect();
        assert!(distinct.len() < afternoon.len());
    }
}

#[test]
fn surplus_and_shortage_add_up() {
    for county in counties() {
        let lines = county.sheet("学科余缺");
        let mut teachers = 0;
        for line in &lines {
            let number = |heading: &str| line[heading].parse::<i64>().expect("a number");
            assert_eq!(number("现有人数") - number("核定需求"), number("余缺"), "{line:?}");
            teachers += number("现有人数");
        }
        assert_eq!(teachers, 1_070);
        let signs = |wanted: fn(i64) -> bool| {
            lines.iter().filter(|line| wanted(line["余缺"].parse().expect("a number"))).count()
        };
        assert!(signs(|difference| difference > 0) >= 10 && signs(|difference| difference < 0) >= 10);
    }
}

#[test]
fn wishes_come_from_people_who_may_rotate() {
    for county in counties() {
        let teachers = county.teachers();
        let memberships = county.sheet("集团");
        let group = |school: &str| {
            memberships
                .iter()
                .find(|member| member["学校名称"] == school)
                .map(|member| member["集团名称"].clone())
        };
        let wishes = county.sheet("轮岗志愿");
        assert!((90..=180).contains(&wishes.len()), "{}", wishes.len());
        for wish in &wishes {
            let teacher = &teachers[&wish["工号"]];
            assert!(teacher["到校时间"].as_str() <= "2020.09", "{wish:?}");
            assert!(teacher["备注"] == "演示数据" && teacher["职务"].is_empty(), "{wish:?}");
            let wished: Vec<&String> = ["志愿一", "志愿二", "志愿三"]
                .map(|heading| &wish[heading])
                .into_iter()
                .filter(|name| !name.is_empty())
                .collect();
            assert!(!wished.is_empty() && wished.iter().collect::<BTreeSet<_>>().len() == wished.len());
            assert!(
                wished
                    .iter()
                    .all(|school| **school != teacher["学校"] && group(school) == group(&teacher["学校"])),
                "{wish:?}"
            );
        }
        let policy = county.column("轮岗政策", "条目");
        assert!(policy.contains(&"同校任教满年限".to_owned()) && policy.contains(&"暂缓".to_owned()));
    }
}
