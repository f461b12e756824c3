use super::*;
use crate::Problem;
use crate::testing::{Town, at};

fn sentences(town: &Town) -> Vec<String> {
    let errors = Problem::build(town.input.clone()).err().unwrap_or_default();
    errors.iter().map(ToString::to_string).collect()
}

#[test]
fn everything_wrong_is_told_at_once() {
    let mut town = Town::new();
    let li = town.person("李", 7);
    town.requires(99);
    town.presents(&[]);
    town.input.sessions[0].minutes = 300;
    town.input.travel[0][1] = -5;
    town.input.rooms[0].capacity = 0;
    town.engage(li, EngagementKind::Lesson, 0, "14:00", Some(0));
    town.engagements(li)[0].end = at(0, "13:00");
    town.engage(li, EngagementKind::Lesson, 1, "23:50", Some(0));
    town.input.weights = vec![("tea_breaks".into(), 1), ("travel_time".into(), 0), ("spacing".into(), -1)];
    assert_eq!(
        sentences(&town),
        [
            "A travel time from 城东小学 is negative or longer than a day.",
            "Room 会议室 has no seats.",
            "李 names school number 7, but there are 2.",
            "公开课 of 李 ends before it starts.",
            "公开课 of 李 is a lesson and goes on after midnight.",
            "语文联合教研 第1次 takes 300 minutes; the longest half-day has 270.",
            "A presenter of 语文联合教研 第1次 has no candidates.",
            "语文联合教研 第1次 names person number 99, but there are 1.",
            "There is no rule named tea_breaks.",
            "travel_time is a hard rule and cannot be switched off by a weight of 0.",
            "The weight of spacing is -1; weights are 0 to 1000000.",
        ]
    );
}

#[test]
fn a_travel_table_that_is_not_square_is_told() {
    let mut town = Town::new();
    town.input.travel = vec![vec![0, 30, 5]];
    assert_eq!(
        sentences(&town),
        [
            "The travel table has 1 rows for 2 schools.",
            "The travel times from 城东小学 name 3 schools instead of 2.",
        ]
    );
}

#[test]
fn a_session_nobody_may_host_and_a_pin_in_a_foreign_room_are_told() {
    let mut town = Town::new();
    town.input.sessions[0].options[0].allowed = false;
    town.pin(0, "14:00");
    town.input.rooms[0].place = town.west;
    assert_eq!(
        sentences(&town),
        [
            "语文联合教研 第1次 has no allowed way to be held.",
            "语文联合教研 第1次 is pinned in a room of another school than its host.",
        ]
    );
    town.input.sessions[0].options[0].allowed = true;
    town.input.sessions[0].pinned =
        Some(Placement { start: at(99, "8:00"), option: 0, room: None, presenters: vec![3] });
    assert_eq!(
        sentences(&town),
        [
            "The pinned placement of 语文联合教研 第1次 lies outside the planned days.",
            "The pinned placement of 语文联合教研 第1次 names person number 3, but there are 0.",
            "语文联合教研 第1次 is pinned with 1 presenters instead of 0.",
            "语文联合教研 第1次 is pinned on site without a room.",
        ]
    );
}

#[test]
fn what_groups_schools_and_programmes_get_wrong_is_told() {
    let mut town = Town::new();
    let li = town.person("李", town.east);
    let limits = Limits {
        weeks_between_meetings: Some(0),
        travel_per_term: Some(-1),
        far: Some(0),
        ..Limits::default()
    };
    town.input.groups.push(Group {
        name: "一实小教育集团".into(),
        core: vec![9],
        core_share: Some((60, 40)),
        limits,
        weights: vec![("tea_breaks".into(), 1)],
    });
    town.input.people[li].group = Some(1);
    town.input.people[li].covered = vec![3, 28];
    town.input.places[0].group = Some(2);
    town.input.places[1].turns_ahead = 2_000_000;
    town.series_mut().group = Some(3);
    town.series_mut().parallel = Some(1);
    assert_eq!(
        sentences(&town),
        [
            "城东小学 names group number 2, but there are 1.",
            "西关小学 is 2000000 thousandths of a turn ahead; at most 1000000 make sense.",
            "一实小教育集团 names school number 9, but there are 2.",
            "The core schools of 一实小教育集团 are to host 60 to 40 percent.",
            "一实小教育集团 asks for a meeting in every 0 weeks.",
            "一实小教育集团 limits travel to less than nothing.",
            "一实小教育集团 calls a way of no minutes far.",
            "There is no rule named tea_breaks.",
            "李 names group number 1, but there are 1.",
            "A covered lesson of 李 lies outside the 28 days.",
            "语文联合教研 names group number 3, but there are 1.",
            "语文联合教研 keeps together with set number 1, but there are 1 sets.",
        ]
    );
}

#[test]
fn what_a_session_says_of_lessons_quotas_and_its_other_end_is_checked() {
    let mut town = Town::new();
    town.input.sessions[0].level = 3;
    let option = &mut town.input.sessions[0].options[0];
    option.lessons = vec![(at(1, "9:00"), at(1, "9:40")), (at(0, "9:00"), at(0, "8:00"))];
    option.second_room = Some(0);
    option.quotas = vec![(0, 1), (0, 2), (5, 1)];
    assert_eq!(
        sentences(&town),
        [
            "语文联合教研 第1次 has level 3; levels are 0 (district), 1 (group) and 2 (school).",
            "A lesson that 语文联合教研 第1次 is about ends before it starts.",
            "The lessons that 语文联合教研 第1次 is about are not in ascending order.",
            "The room at the other end of 语文联合教研 第1次 is one of its host's.",
            "A quota of 语文联合教研 第1次 is stated twice for school number 0.",
            "A quota of 语文联合教研 第1次 names school number 5, but there are 2.",
        ]
    );
    town.input.sessions[0].options[0] =
        HostOption { place: Some(0), allowed: true, second_room: Some(4), ..HostOption::default() };
    assert!(
        sentences(&town).contains(
            &"语文联合教研 第1次 names room number 4 at its other end, but there are 1.".to_owned()
        )
    );
}

#[test]
fn an_evening_that_is_none_and_too_many_weeks_are_told() {
    let mut town = Town::new();
    town.input.hours.evening = (17 * 60, 20 * 60);
    town.input.days = (0..900).map(|day| Day { week: 1 + day / 7, ..Day::default() }).collect();
    assert_eq!(
        sentences(&town),
        [
            "The problem has 129 weeks; at most 128 can be planned.",
            "The evening is not a stretch of the day after the afternoon.",
        ]
    );
    // A long evening makes room for a long session only where the session allows it.
    let mut town = Town::new();
    town.input.hours.evening = (18 * 60, 23 * 60);
    town.input.sessions[0].minutes = 290;
    assert_eq!(sentences(&town), ["语文联合教研 第1次 takes 290 minutes; the longest half-day has 270."]);
    town.input.sessions[0].allows_evening = true;
    assert_eq!(sentences(&town), [""; 0]);
}
