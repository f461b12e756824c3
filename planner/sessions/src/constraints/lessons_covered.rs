//! Few lessons have to be covered by colleagues (调课).

use super::{Check, Rule, Sink, Violation};
use crate::score::Level;
use crate::week::PersonWeek;

/// Unit: a lesson. It takes 40 minutes of a colleague's time and the asking.
pub(crate) const RULE: Rule = Rule {
    name: "lessons_covered",
    sentence: (
        "尽量少占用教师的课，少调课。",
        "As few lessons as possible need cover because their teacher is at a session.",
    ),
    level: Level::Soft,
    default_weight: 6,
    check: Check::PersonWeek(check),
};

fn check(week: &PersonWeek, sink: &mut dyn Sink) {
    let problem = week.problem;
    for cover in week.covers {
        sink.add(1, &|| {
            let lesson = &problem.people[week.person].engagements[cover.engagement];
            let (who, name) = (problem.person_text(week.person), problem.session_text(cover.session));
            let time = problem.time_text(lesson.start);
            let label = &lesson.label;
            Violation::new(
                format!("{} {who}的{label}需调课，因参加{name}", time.zh),
                format!("{}: {label} of {who} needs cover because of {name}", time.en),
            )
            .session(cover.session)
            .person(week.person)
            .place(lesson.place)
            .day(problem.day_of(lesson.start.max(0)))
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::problem::EngagementKind;
    use crate::testing::Town;

    #[test]
    fn a_lesson_during_the_session_breaks_it() {
        let mut town = Town::new();
        let guest = town.person("王一", town.east);
        town.invites(&[guest]);
        town.engage(guest, EngagementKind::Lesson, 0, "15:00", Some(town.east));
        let found = town.expect("lessons_covered", 1, |plan| plan.at(0, "14:00"));
        assert_eq!(found[0].reason.zh, "9月7日（周一）15:00 王一的公开课需调课，因参加“语文联合教研 第1次”");
        town.expect("lessons_covered", 0, |plan| plan.at(0, "13:00"));
        town.expect("lessons_covered", 0, |plan| plan.at(1, "14:00"));
    }

    #[test]
    fn a_lesson_that_cannot_be_reached_in_time_breaks_it() {
        let mut town = Town::new();
        let guest = town.person("王一", town.west);
        town.invites(&[guest]);
        town.engage(guest, EngagementKind::Lesson, 0, "10:20", Some(town.west));
        town.expect("lessons_covered", 1, |plan| plan.at(0, "8:00"));
        town.engage(guest, EngagementKind::Lesson, 1, "10:30", Some(town.west));
        town.expect("lessons_covered", 0, |plan| plan.at(1, "8:00"));
    }

    #[test]
    fn a_lesson_between_two_sessions_is_covered_once() {
        let mut town = Town::new();
        let guest = town.person("王一", town.west);
        town.invites(&[guest]);
        town.session("数学联合教研 第1次");
        town.invites(&[guest]);
        town.engage(guest, EngagementKind::Lesson, 0, "10:10", Some(town.west));
        town.expect("lessons_covered", 1, |plan| plan.at(0, "8:00").then(0, "13:00"));
        town.expect("lessons_covered", 1, |plan| plan.at(0, "8:00").then(0, "10:00"));
    }
}
