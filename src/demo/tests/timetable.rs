//! 课表 held against clocks, the curriculum and the half-days of research.

use std::collections::{BTreeMap, BTreeSet};

use super::{County, Record, counties, stage_of};
use crate::demo::curriculum::{Stage, Subject, courses, stand_ins};

/// A lesson, and when it starts and ends.
type Timed<'a> = (Record<'a>, (String, String));

/// A teacher or a class in two lessons at once, as sentences.
fn double_bookings(county: &County, who: &[&str]) -> Vec<String> {
    let bells: BTreeMap<(String, String), (String, String)> = county
        .sheet("作息时间")
        .into_iter()
        .map(|bell| {
            ((bell["学段"].clone(), bell["节次"].clone()), (bell["开始"].clone(), bell["结束"].clone()))
        })
        .collect();
    let mut days: BTreeMap<String, Vec<Timed>> = BTreeMap::new();
    for lesson in county.sheet("课表") {
        let clock = bells[&(stage_of(&lesson).to_owned(), lesson["节次"].clone())].clone();
        let whose: Vec<&str> = who.iter().map(|heading| lesson[heading].as_str()).collect();
        days.entry(format!("{} 星期{}", whose.join(" "), lesson["星期"])).or_default().push((lesson, clock));
    }
    let mut found = Vec::new();
    for (day, lessons) in days {
        for (at, (one, clock)) in lessons.iter().enumerate() {
            let meets = |(other, its): &&Timed| {
                let weeks = (one["单双周"].as_str(), other["单双周"].as_str());
                clock.0 < its.1 && its.0 < clock.1 && !matches!(weeks, ("单", "双") | ("双", "单"))
            };
            found.extend(lessons[at + 1..].iter().filter(meets).map(|_| format!("{day} {}", clock.0)));
        }
    }
    found
}

#[test]
fn no_teacher_is_in_two_places() {
    for county in counties() {
        assert_eq!(double_bookings(county, &["教师工号"]), Vec::<String>::new());
    }
}

#[test]
fn no_class_has_two_lessons_at_once() {
    for county in counties() {
        assert_eq!(double_bookings(county, &["学校", "班级"]), Vec::<String>::new());
    }
}

#[test]
fn a_double_booking_would_be_found() {
    let mut county = counties()[0].clone();
    let timetable = county.0.iter_mut().find(|table| table.sheet == "课表").expect("made");
    let mut again = timetable.rows[0].clone();
    // The same teacher in another school's bells: 08:30 lies in the first period of a junior school.
    again[0] = "县第一初级中学".into();
    again[1] = "七年级（1）班".into();
    again[3] = "1".into();
    timetable.rows.push(again);
    assert!(!double_bookings(&county, &["教师工号"]).is_empty());
}

#[test]
fn every_class_learns_what_its_grade_learns() {
    for county in counties() {
        let mut given: BTreeMap<(String, String), BTreeMap<String, usize>> = BTreeMap::new();
        for lesson in county.sheet("课表") {
            let halves = if lesson["单双周"].is_empty() { 2 } else { 1 };
            let class = (lesson["学校"].clone(), lesson["班级"].clone());
            *given.entry(class).or_default().entry(lesson["学科"].clone()).or_default() += halves;
        }
        for ((school, class), subjects) in given {
            assert_eq!(subjects, plan(&class), "{school} {class}");
        }
    }
}

/// Half-lessons of each subject that a class must have.
fn plan(class: &str) -> BTreeMap<String, usize> {
    let mut plan = BTreeMap::new();
    for stage in [Stage::Primary, Stage::Junior] {
        if let Some(grade) = stage.grades().iter().position(|grade| class.starts_with(grade)) {
            for course in courses(stage, grade) {
                let halves = if course.turns_with.is_some() { 1 } else { 2 * course.lessons };
                for subject in [Some(course.subject), course.turns_with].into_iter().flatten() {
                    *plan.entry(subject.name().to_owned()).or_default() += halves;
                }
            }
            return plan;
        }
    }
    BTreeMap::from([("半日活动".to_owned(), 20)])
}

#[test]
fn the_national_plan_fills_the_week() {
    let slots = |class| plan(class).values().sum::<usize>() / 2;
    assert_eq!(["一年级", "二年级", "三年级", "六年级"].map(slots), [26, 26, 30, 30]);
    assert_eq!(["七年级", "八年级", "九年级", "小班"].map(slots), [35, 35, 35, 10]);
}

#[test]
fn every_lesson_is_given_by_somebody_qualified() {
    for county in counties() {
        let teachers = county.teachers();
        let lessons = county.sheet("课表");
        let key = |lesson: &Record| {
            ["学校", "班级", "星期", "节次", "教师工号"].map(|heading| lesson[heading].clone())
        };
        let odd: BTreeSet<[String; 5]> =
            lessons.iter().filter(|lesson| lesson["单双周"] == "单").map(key).collect();
        for lesson in lessons.iter().filter(|lesson| lesson["学科"] != "半日活动") {
            let subject =
                Subject::ALL.iter().copied().find(|subject| subject.name() == lesson["学科"]).expect("known");
            let teacher = &teachers[&lesson["教师工号"]];
            let stands_in = stand_ins(subject).iter().any(|other| other.name() == teacher["任教学科"]);
            // Who has the class in odd weeks may keep it in even ones.
            let keeps = lesson["单双周"] == "双" && odd.contains(&key(lesson));
            assert!(teacher["任教学科"] == subject.name() || stands_in || keeps, "{lesson:?}");
            assert_eq!(teacher["任教学段"], stage_of(lesson), "{lesson:?}");
            assert_eq!(teacher["姓名"], lesson["教师"]);
        }
    }
}

#[test]
fn loads_are_bearable_and_leaders_teach_less() {
    for county in counties() {
        let mut halves: BTreeMap<String, usize> = BTreeMap::new();
        for lesson in county.sheet("课表") {
            *halves.entry(lesson["教师工号"].clone()).or_default() +=
                if lesson["单双周"].is_empty() { 2 } else { 1 };
        }
        for (code, teacher) in county.teachers() {
            let load = halves.get(&code).copied().unwrap_or_default();
            let leads = !matches!(teacher["职务"].as_str(), "" | "备课组长");
            assert!(
                load <= if leads { 28 } else { 44 },
                "{code} {} gives {load} half-lessons",
                teacher["职务"]
            );
            assert!(load > 0 || teacher["任教学段"] == "幼儿园", "{code} gives no lesson");
        }
    }
}

/// Lessons of a subject in a stage, and how many of them lie in a half-day.
fn in_half_day(lessons: &[Record], stage: &str, subject: &str, half_day: &str) -> (usize, usize) {
    let of_subject = |lesson: &&Record| stage_of(lesson) == stage && lesson["学科"] == subject;
    let inside = |lesson: &&Record| {
        let afternoon = lesson["节次"].parse::<usize>().expect("a number") > 4;
        half_day == format!("星期{}{}", lesson["星期"], if afternoon { "下午" } else { "上午" })
    };
    let own: Vec<&Record> = lessons.iter().filter(of_subject).collect();
    (own.len(), own.iter().copied().filter(|lesson| inside(lesson)).count())
}

#[test]
fn the_timetable_keeps_each_subjects_half_day_free() {
    for county in counties() {
        let lessons = county.sheet("课表");
        let days = county.sheet("教研计划");
        let kept =
            days.iter().filter(|programme| !programme["教研日"].is_empty() && programme["学科"] != "保教");
        for programme in kept {
            let (all, inside) =
                in_half_day(&lessons, &programme["学段"], &programme["学科"], &programme["教研日"]);
            assert!(all > 30 && inside * 100 <= all, "{}: {inside} of {all} lessons", programme["学科"]);
        }
        let (all, inside) = in_half_day(&lessons, "小学", "数学", "星期一上午");
        assert!(inside * 20 > all, "other half-days are not kept free");
    }
}

#[test]
fn an_itinerant_teacher_is_where_she_belongs_each_day() {
    for county in counties() {
        let lessons = county.sheet("课表");
        for visit in county.sheet("走教") {
            let own = || lessons.iter().filter(|lesson| lesson["教师工号"] == visit["工号"]);
            for lesson in own() {
                let school =
                    if lesson["星期"] == visit["星期"] { "走教学校" } else { "编制学校" };
                assert_eq!(lesson["学校"], visit[school], "{lesson:?}");
            }
            let days: BTreeSet<bool> = own().map(|lesson| lesson["星期"] == visit["星期"]).collect();
            assert_eq!(days.len(), 2, "{} teaches at both schools", visit["姓名"]);
        }
    }
}

#[test]
fn odd_and_even_weeks_take_turns() {
    for county in counties() {
        let mut slots: BTreeMap<[String; 4], Vec<Record>> = BTreeMap::new();
        for lesson in county.sheet("课表").into_iter().filter(|lesson| !lesson["单双周"].is_empty()) {
            let slot = ["学校", "班级", "星期", "节次"].map(|heading| lesson[heading].clone());
            slots.entry(slot).or_default().push(lesson);
        }
        assert!(slots.len() > 300);
        for (slot, lessons) in &slots {
            let weeks: Vec<&str> = lessons.iter().map(|lesson| lesson["单双周"].as_str()).collect();
            assert_eq!(weeks, ["单", "双"], "{slot:?}");
            assert_ne!(lessons[0]["学科"], lessons[1]["学科"]);
        }
        let two_teachers =
            slots.values().filter(|lessons| lessons[0]["教师工号"] != lessons[1]["教师工号"]).count();
        assert!(two_teachers * 10 > slots.len() * 9);
    }
}
