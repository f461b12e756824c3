//! Whoever is required is in one place at a time.

use super::{Check, Rule, Sink, Violation};
use crate::problem::EngagementKind;
use crate::score::Level;
use crate::week::{Clash, PersonWeek, Visit, With};

pub(crate) const RULE: Rule = Rule {
    name: "people_not_double_booked",
    sentence: (
        "必须到场的人员同一时间只参加一项活动。",
        "Nobody required at a session has another session or a fixed presence elsewhere at the same time.",
    ),
    level: Level::Hard,
    default_weight: 1,
    check: Check::PersonWeek(check),
};

fn check(week: &PersonWeek, sink: &mut dyn Sink) {
    week.each_clash(|visit, with, clash| {
        if clash == Clash::Overlap {
            sink.add(1, &|| describe(week, visit, with));
        }
    });
}

/// That she is on leave, when that is what the session clashes with.
fn absent(week: &PersonWeek, visit: &Visit, with: With) -> Option<Violation> {
    let With::Engagement(ix) = with else { return None };
    let problem = week.problem;
    let engagement = &problem.people[week.person].engagements[ix];
    if engagement.kind != EngagementKind::Absence {
        return None;
    }
    let (who, name) = (problem.person_text(week.person), problem.session_text(visit.session));
    let (day, label) = (problem.day_text(visit.day), &engagement.label);
    let violation = Violation::new(
        format!("{}{who}{label}，不能参加必须到场的{name}", day.zh),
        format!("{}: {who} is needed at {name} and is absent ({label})", day.en),
    );
    Some(violation.session(visit.session).person(week.person).day(visit.day))
}

fn describe(week: &PersonWeek, visit: &Visit, with: With) -> Violation {
    if let Some(absent) = absent(week, visit, with) {
        return absent;
    }
    let problem = week.problem;
    let (who, name) = (problem.person_text(week.person), problem.session_text(visit.session));
    let (there, start) = week.whereabouts(with);
    let (here, time) = (week.site(visit), problem.time_text(visit.start.max(start)));
    let other = with.text(problem, week.person);
    let violation = Violation::new(
        format!("{} {who}须同时参加{name}（{}）与{}（{}）", time.zh, here.zh, other.zh, there.zh),
        format!(
            "{}: {who} is needed at {name} ({}) and at {} ({}) at the same time",
            time.en, here.en, other.en, there.en
        ),
    )
    .session(visit.session)
    .person(week.person)
    .day(visit.day);
    match with {
        With::Session(session) => violation.session(session),
        With::Engagement(_) => violation,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Town;

    #[test]
    fn a_chair_of_two_sessions_at_once_breaks_it() {
        let mut town = Town::new();
        let chair = town.person("周然诗", town.east);
        town.requires(chair);
        town.session("数学联合教研 第1次");
        town.requires(chair);
        let found = town.expect("people_not_double_booked", 1, |plan| plan.at(9, "14:00").then(9, "15:00"));
        assert_eq!(
            found[0].reason.zh,
            "9月16日（周三）15:00 周然诗须同时参加“数学联合教研 第1次”（城东小学）与“语文联合教研 第1次”（城东小学）"
        );
        town.expect("people_not_double_booked", 0, |plan| plan.at(9, "13:00").then(9, "15:00"));
    }

    #[test]
    fn a_session_elsewhere_breaks_it_and_a_lesson_never_does() {
        let mut town = Town::new();
        let chair = town.person("周然诗", town.east);
        town.requires(chair);
        town.engage(chair, EngagementKind::Lesson, 1, "14:00", Some(town.east));
        town.expect("people_not_double_booked", 0, |plan| plan.at(1, "14:00"));
        town.engage(chair, EngagementKind::Session, 1, "14:00", Some(town.east));
        town.expect("people_not_double_booked", 1, |plan| plan.at(1, "14:00"));
    }

    #[test]
    fn presence_at_the_host_keeps_it_and_presence_elsewhere_breaks_it() {
        let mut town = Town::new();
        let chair = town.person("周然诗", town.east);
        town.requires(chair);
        town.engage(chair, EngagementKind::Presence, 1, "14:00", Some(town.east));
        town.expect("people_not_double_booked", 0, |plan| plan.at(1, "14:00"));
        town.engage(chair, EngagementKind::Presence, 2, "14:00", Some(town.west));
        town.expect("people_not_double_booked", 1, |plan| plan.at(2, "14:00"));
    }

    #[test]
    fn whoever_is_absent_that_day_is_required_at_nothing() {
        let mut town = Town::new();
        let chair = town.person("周然诗", town.east);
        town.requires(chair);
        town.absent(chair, 1, 2);
        let found = town.expect("people_not_double_booked", 1, |plan| plan.at(2, "8:00"));
        assert_eq!(found[0].reason.zh, "9月9日（周三）周然诗请假，不能参加必须到场的“语文联合教研 第1次”");
        town.expect("people_not_double_booked", 0, |plan| plan.at(3, "8:00"));
    }

    #[test]
    fn an_invited_person_is_excused_instead() {
        let mut town = Town::new();
        let guest = town.person("王一", town.east);
        town.invites(&[guest]);
        town.engage(guest, EngagementKind::Session, 1, "14:00", Some(town.east));
        town.expect("people_not_double_booked", 0, |plan| plan.at(1, "14:00"));
    }
}
