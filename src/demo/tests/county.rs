//! The county's numbers, names and special cases.

use std::collections::{BTreeMap, BTreeSet};

use super::{County, SEEDS, counties};
use crate::demo::county;

/// Groups as the county's description gives them: core schools, members, and their teachers.
const GROUPS: &str = "\
一实小教育集团 | 县第一实验小学 140 | 城东小学 62, 石桥镇中心小学 38, 松坪镇中心小学 32
二小教共体 | 县第二小学 96 | 云岭镇中心小学 40, 沙河镇中心小学 36, 大塘乡中心小学 24
一初教共体 | 县第一初级中学 118 | 石桥中学 52, 松坪中学 40, 沙河中学 44
双核九年教共体 | 县实验学校 88, 县民族初级中学 76 | 梅溪镇九年一贯制学校 46, 云岭中学 38, 大塘学校 24
学前教共体 | 县第一幼儿园 38 | 石桥镇中心幼儿园 14, 松坪镇中心幼儿园 12, 云岭镇中心幼儿园 12";

const SHEETS: &str = "学校 集团 教师 教研员 集团负责人 责任督学 名师工作室 作息时间 课表 走教 场地 路程 校历 教研计划 学科余缺 轮岗志愿 轮岗政策";

#[test]
fn the_same_seed_gives_the_same_tables() {
    assert_eq!(county(SEEDS[0]), counties()[0].0);
    for sheet in ["学校", "教师", "课表", "路程", "轮岗志愿"] {
        assert_ne!(counties()[0].table(sheet), counties()[1].table(sheet), "{sheet} comes from the seed");
    }
}

#[test]
fn there_are_seventeen_sheets_and_no_ragged_line() {
    for county in counties() {
        let sheets: Vec<&str> = county.0.iter().map(|table| table.sheet).collect();
        assert_eq!(sheets.join(" "), SHEETS);
        for table in &county.0 {
            assert!(!table.rows.is_empty(), "{}", table.sheet);
            assert!(table.rows.iter().all(|row| row.len() == table.headings.len()), "{}", table.sheet);
        }
    }
}

#[test]
fn groups_schools_and_teachers_are_those_of_the_description() {
    for county in counties() {
        let mut staff: BTreeMap<String, usize> = BTreeMap::new();
        for school in county.column("教师", "学校") {
            *staff.entry(school).or_default() += 1;
        }
        let memberships = county.sheet("集团");
        let members = |group: &str, role: &str| {
            let of =
                memberships.iter().filter(|member| member["集团名称"] == group && member["角色"] == role);
            let with_staff =
                of.map(|member| format!("{} {}", member["学校名称"], staff[&member["学校名称"]]));
            with_staff.collect::<Vec<String>>().join(", ")
        };
        for line in GROUPS.lines() {
            let [group, core, rest]: [&str; 3] =
                line.split(" | ").collect::<Vec<_>>().try_into().expect("three parts");
            assert_eq!((members(group, "核心校").as_str(), members(group, "成员校").as_str()), (core, rest));
        }
        assert_eq!(memberships.len(), 21);
        assert_eq!(county.sheet("学校").len(), 21);
        assert_eq!(county.sheet("教师").len(), 1_070);
    }
}

#[test]
fn experts_are_as_many_as_described() {
    for county in counties() {
        assert_eq!(county.sheet("教研员").len(), 10);
        assert_eq!(county.sheet("责任督学").len(), 4);
        let charges: Vec<usize> =
            county.column("责任督学", "责任集团").iter().map(|groups| groups.split('、').count()).collect();
        assert_eq!(charges, [1, 1, 1, 2]);
        let members = county.sheet("名师工作室");
        let studios: BTreeSet<&String> = members.iter().map(|member| &member["工作室"]).collect();
        assert_eq!(studios.len(), 6);
        let teachers = county.teachers();
        let memberships = county.sheet("集团");
        let group_of = |school: &str| {
            memberships.iter().find(|member| member["学校名称"] == school).expect("known")["集团名称"].clone()
        };
        for studio in studios {
            let own = || members.iter().filter(|member| &member["工作室"] == studio);
            let groups: BTreeSet<String> =
                own().map(|member| group_of(&teachers[&member["工号"]]["学校"])).collect();
            assert!(groups.len() >= 2, "{studio} draws on several groups");
            assert_eq!(own().filter(|member| member["角色"] == "主持人").count(), 1);
        }
    }
}

#[test]
fn classes_and_students_fit() {
    for county in counties() {
        let mut classes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for lesson in county.sheet("课表") {
            classes.entry(lesson["学校"].clone()).or_default().insert(lesson["班级"].clone());
        }
        for school in county.sheet("学校") {
            let own = classes[&school["学校名称"]].len();
            assert_eq!(own.to_string(), school["班级数"], "{}", school["学校名称"]);
            let students: usize = school["学生数"].parse().expect("a number");
            assert!((20..=47).contains(&(students / own)), "{}", school["学校名称"]);
            assert_eq!(school["备注"], "演示数据");
        }
        let lines = county.sheet("课表").len();
        assert!((12_000..=14_000).contains(&lines), "{lines}");
    }
}

#[test]
fn everybody_is_invented_and_says_so() {
    for county in counties() {
        let named = [("教师", "姓名"), ("教研员", "姓名"), ("责任督学", "姓名")];
        let names: Vec<String> =
            named.into_iter().flat_map(|(sheet, heading)| county.column(sheet, heading)).collect();
        assert_eq!(
            names.iter().collect::<BTreeSet<_>>().len(),
            1_070 + 10 + 4,
            "nobody is called like another"
        );
        assert!(county.column("教师", "备注").iter().all(|note| note.ends_with("演示数据")));
        for sheet in ["教师", "教研员", "集团负责人", "责任督学"] {
            assert!(
                county.column(sheet, "邮箱").iter().all(|mail| mail.ends_with("@example.com")),
                "{sheet}"
            );
        }
        let cells = county.0.iter().flat_map(|table| table.rows.iter().flatten());
        let telephone = |cell: &&String| cell.chars().filter(char::is_ascii_digit).count() >= 11;
        assert_eq!(cells.filter(telephone).count(), 0, "no telephone numbers");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    for county in counties() {
        let schools = county.column("学校", "学校名称");
        let groups = county.column("集团", "集团名称");
        let researchers = county.column("教研员", "工号");
        let all_in = |sheet: &str, heading: &str, known: &[String]| {
            let known: BTreeSet<&String> = known.iter().collect();
            for cell in county.column(sheet, heading) {
                assert!(cell.is_empty() || known.contains(&cell), "{sheet} {heading}: {cell}");
            }
        };
        for (sheet, heading) in [
            ("集团", "学校名称"),
            ("教师", "学校"),
            ("教研员", "驻地学校"),
            ("课表", "学校"),
            ("走教", "编制学校"),
            ("走教", "走教学校"),
            ("场地", "学校"),
            ("路程", "学校甲"),
            ("路程", "学校乙"),
            ("学科余缺", "学校"),
            ("轮岗志愿", "志愿一"),
            ("轮岗志愿", "志愿二"),
            ("轮岗志愿", "志愿三"),
        ] {
            all_in(sheet, heading, &schools);
        }
        for (sheet, heading) in [("教研员", "包连集团"), ("集团负责人", "集团名称"), ("教研计划", "集团")]
        {
            all_in(sheet, heading, &groups);
        }
        for charge in county.column("责任督学", "责任集团") {
            assert!(charge.split('、').all(|group| groups.iter().any(|known| known == group)), "{charge}");
        }
        all_in("教研计划", "教研员工号", &researchers);
        codes_and_names_agree(county);
    }
}

fn codes_and_names_agree(county: &County) {
    let teachers = county.teachers();
    for (sheet, code, name) in [
        ("课表", "教师工号", "教师"),
        ("走教", "工号", "姓名"),
        ("名师工作室", "工号", "姓名"),
        ("集团负责人", "教研负责人工号", "姓名"),
        ("轮岗志愿", "工号", "姓名"),
    ] {
        for line in county.sheet(sheet) {
            assert_eq!(teachers[&line[code]]["姓名"], line[name], "{sheet}");
        }
    }
}

#[test]
fn every_school_has_its_leaders() {
    for county in counties() {
        let teachers = county.sheet("教师");
        for school in county.column("学校", "学校名称") {
            let posts = |post: &str| {
                teachers.iter().filter(|teacher| teacher["学校"] == school && teacher["职务"] == post).count()
            };
            let wanted = if school.ends_with("幼儿园") {
                ["园长", "副园长", "保教主任"]
            } else {
                ["校长", "副校长", "教导主任"]
            };
            assert!(wanted.iter().all(|post| (1..=2).contains(&posts(post))), "{school}");
            assert!(school.ends_with("幼儿园") || posts("备课组长") >= 3, "{school} has subject leads");
        }
    }
}

#[test]
fn the_special_cases_are_there() {
    for county in counties() {
        let teachers = county.sheet("教师");
        let noted = |note: &str| teachers.iter().filter(|teacher| teacher["备注"].starts_with(note)).count();
        assert!(noted("孕期；") >= 1 && noted("哺乳期（至") >= 1 && noted("病假（县医院证明）；") >= 1);
        assert!(
            teachers
                .iter()
                .filter(|teacher| teacher["备注"].starts_with("孕期"))
                .all(|teacher| teacher["性别"] == "女")
        );
        let six_years =
            teachers.iter().filter(|teacher| teacher["到校时间"] == "2020.09" && teacher["职务"].is_empty());
        assert!(six_years.count() >= 1, "a teacher of exactly six years' tenure");
        let by_code = county.teachers();
        let subjects: Vec<&String> =
            county.column("走教", "工号").iter().map(|code| &by_code[code]["任教学科"]).collect();
        assert!(subjects.len() >= 3 && subjects.iter().any(|subject| *subject == "音乐"));
        let honours: BTreeSet<&str> = teachers.iter().map(|teacher| teacher["荣誉称号"].as_str()).collect();
        assert_eq!(
            honours,
            BTreeSet::from(["", "校级骨干", "县级骨干", "市级骨干", "省级骨干", "县学科带头人"])
        );
        let titles: BTreeSet<&str> = teachers.iter().map(|teacher| teacher["职称"].as_str()).collect();
        assert_eq!(titles, BTreeSet::from(["正高级教师", "高级教师", "一级教师", "二级教师", "三级教师"]));
    }
}
