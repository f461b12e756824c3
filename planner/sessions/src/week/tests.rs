//! What somebody attends in a week, and what that takes.

use super::*;
use crate::problem::LessonRule;
use crate::testing::{Town, at};

/// The session that a guest of two overlapping sessions of these levels puts first.
fn preferred(first: u8, second: u8, times: [&str; 2]) -> SessionIx {
    let mut town = Town::new();
    let guest = town.person("王一", town.east);
    town.invites(&[guest]);
    town.session("数学联合教研 第1次");
    town.invites(&[guest]);
    town.input.sessions[0].level = first;
    town.input.sessions[1].level = second;
    let plan = town.plan(|plan| plan.at(0, times[0]).then(0, times[1]));
    let attended = crate::attendance(&town.build(), &plan);
    let sessions = (0..2).filter(|&session| attended[session].attending == [guest]);
    let sessions = sessions.collect::<Vec<_>>();
    assert_eq!(sessions.len(), 1);
    sessions[0]
}

#[test]
fn the_district_comes_before_a_group_and_a_group_before_a_school() {
    let later_first = ["15:00", "14:00"];
    assert_eq!(preferred(0, 1, later_first), 0);
    assert_eq!(preferred(1, 2, later_first), 0);
    assert_eq!(preferred(2, 0, ["14:00", "15:00"]), 1);
    assert_eq!(preferred(1, 1, later_first), 1);
}

#[test]
fn an_optional_part_gives_way_to_an_expected_one_of_the_same_level() {
    let mut town = Town::new();
    let guest = town.person("王一", town.east);
    town.invites(&[guest]);
    town.input.sessions[0].options[0].audience[0].optional = true;
    town.session("数学联合教研 第1次");
    town.invites(&[guest]);
    let plan = town.plan(|plan| plan.at(0, "14:00").then(0, "15:00"));
    let found = crate::attendance(&town.build(), &plan);
    assert_eq!((found[0].excused.len(), &found[1].attending), (1, &vec![guest]));
}

#[test]
fn an_online_session_takes_its_time_and_no_way() {
    let mut town = Town::new();
    let chair = town.person("周然诗", town.west);
    town.requires(chair);
    town.input.sessions[0].options[0].place = None;
    town.engage(chair, EngagementKind::Session, 0, "9:20", Some(town.west));
    town.expect("people_not_double_booked", 1, |plan| plan.at(0, "8:00").without_room());
    town.expect("people_not_double_booked", 0, |plan| plan.at(0, "10:00").without_room());
    town.expect("travel_time", 0, |plan| plan.at(0, "10:00").without_room());
    town.expect("little_travel", 0, |plan| plan.at(0, "10:00").without_room());
}

#[test]
fn a_session_with_two_ends_takes_nobodys_way() {
    let mut town = Town::new();
    let chair = town.person("周然诗", town.west);
    town.requires(chair);
    let room = town.room("录播教室", town.west, 10);
    town.engage(chair, EngagementKind::Session, 0, "10:00", Some(town.west));
    town.expect("travel_time", 1, |plan| plan.at(0, "8:00"));
    town.input.sessions[0].options[0].second_room = Some(room);
    town.expect("travel_time", 0, |plan| plan.at(0, "8:00"));
    town.expect("little_travel", 0, |plan| plan.at(0, "8:00"));
}

#[test]
fn whoever_is_busy_or_has_too_many_lessons_cannot_come_even_if_nothing_else_is_planned() {
    let mut town = Town::new();
    let [busy, teaching, free] = ["王一", "王二", "王三"].map(|name| town.person(name, town.east));
    town.engage(busy, EngagementKind::Presence, 0, "14:00", Some(town.west));
    for time in ["14:00", "14:50"] {
        town.engage(teaching, EngagementKind::Lesson, 0, time, Some(town.east));
    }
    let part = Visit {
        session: 0,
        role: Role::Audience,
        start: at(0, "14:00"),
        end: at(0, "16:00"),
        day: 0,
        place: Some(town.east),
        option: 0,
        excuse: None,
    };
    let can_come = |town: &Town| {
        let problem = town.build();
        [busy, teaching, free].map(|person| can_come_alone(&problem, person, &part))
    };
    assert_eq!(can_come(&town), [false, true, true]);
    town.input.people[teaching].covered = vec![4];
    town.input.people[free].covered = vec![4, 4, 4];
    assert_eq!(can_come(&town), [false, false, true]);
}

/// A lesson of forty minutes that is given to a class from afar at 9:00 on Monday, and the class's teacher.
fn given_to_a_class() -> (Town, PersonIx) {
    let mut town = Town::new();
    let teacher = town.person("王一", town.east);
    town.invites(&[teacher]);
    let room = town.room("录播教室", town.west, 10);
    let session = &mut town.input.sessions[0];
    (session.minutes, session.lessons, session.receives) = (40, LessonRule::Inside, Some(0));
    session.options[0].second_room = Some(room);
    session.options[0].lessons = vec![(at(0, "9:00"), at(0, "9:40"))];
    town.engage(teacher, EngagementKind::Received(0), 0, "9:00", Some(town.east));
    (town, teacher)
}

#[test]
fn whoever_teaches_the_class_that_a_session_is_given_to_is_at_it() {
    let (town, teacher) = given_to_a_class();
    town.expect("lessons_covered", 0, |plan| plan.at(0, "9:00"));
    let found = crate::attendance(&town.build(), &town.plan(|plan| plan.at(0, "9:00")));
    assert_eq!((&found[0].attending, found[0].cover.len()), (&vec![teacher], 0));
}

#[test]
fn a_lesson_that_the_session_is_not_given_to_is_covered_as_any_other() {
    let (mut town, _) = given_to_a_class();
    town.expect("lessons_covered", 1, |plan| plan.at(0, "8:50"));
    town.input.sessions[0].receives = Some(1);
    town.expect("lessons_covered", 1, |plan| plan.at(0, "9:00"));
    town.input.sessions[0].receives = None;
    town.expect("lessons_covered", 1, |plan| plan.at(0, "9:00"));
}

#[test]
fn the_class_of_another_school_is_not_at_it() {
    let (mut town, teacher) = given_to_a_class();
    town.engagements(teacher)[0].place = Some(town.west);
    town.expect("lessons_covered", 1, |plan| plan.at(0, "9:00"));
}

#[test]
fn a_session_at_two_ends_is_told_with_both() {
    let (mut town, teacher) = given_to_a_class();
    town.input.sessions[0].options[0].audience.clear();
    town.requires(teacher);
    town.engage(teacher, EngagementKind::Session, 0, "9:20", None);
    let hall = town.room("听讲教室", town.east, 10);
    town.engagements(teacher)[1].ends = Some((hall, 1));
    let found = town.expect("people_not_double_booked", 1, |plan| plan.at(0, "9:00"));
    assert_eq!(
        found[0].reason.zh,
        "9月7日（周一）9:20 王一须同时参加“语文联合教研 第1次”（城东小学，主讲端西关小学录播教室）\
         与9:20—10:00已发布的“公开课”（城东小学听讲教室，主讲端西关小学录播教室）"
    );
    assert!(!found[0].reason.en.contains("online"), "{}", found[0].reason.en);
}
