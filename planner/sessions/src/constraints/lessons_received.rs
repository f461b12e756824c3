//! Teachers who bring lessons to a school come when it has them (送课下乡).

use super::{Check, Rule, SessionView, Sink, Violation};
use crate::problem::{LessonRule, Minute};
use crate::score::Level;

/// Unit: a lesson of the subject that is missing during the session. Soft, unlike the lesson of a class far away: the receiving school can
/// change its own timetable for a day, and a visit that is postponed for ever helps nobody. It asks several teachers to change:
/// ten covered lessons.
pub(crate) const RULE: Rule = Rule {
    name: "lessons_received",
    sentence: (
        "送课下乡安排在接收学校本学科的上课时间。",
        "Lessons are brought to a school while it has lessons of the subject.",
    ),
    level: Level::Soft,
    default_weight: 60,
    check: Check::Session(check),
};

fn check(view: &SessionView, sink: &mut dyn Sink) {
    let (problem, session) = (view.problem, view.session);
    let (Some(placement), LessonRule::During(wanted)) = (view.placement, problem.sessions[session].lessons)
    else {
        return;
    };
    let (start, end) = (placement.start, problem.end_of(session, placement.start));
    let found = within(&problem.sessions[session].options[placement.option].lessons, start, end);
    let wanted = usize::from(wanted);
    if found >= wanted {
        return;
    }
    sink.add((wanted - found) as i64, &|| {
        let (name, time) = (problem.session_text(session), problem.time_text(start));
        let place = problem.place_of(session, placement);
        let school = problem.place_text(place);
        Violation::new(
            format!("{name}排在{}，其间{}本学科只有{found}节课，需要{wanted}节", time.zh, school.zh),
            format!(
                "{name} is on {}, during which {} has {found} lessons of the subject instead of {wanted}",
                time.en, school.en
            ),
        )
        .session(session)
        .place(place)
        .day(problem.day_of(start))
    });
}

/// How many of some lessons, ascending, lie wholly between two minutes.
fn within(lessons: &[(Minute, Minute)], start: Minute, end: Minute) -> usize {
    let first = lessons.partition_point(|&(from, _)| from < start);
    let begun = lessons[first..].iter().take_while(|&&(from, _)| from < end);
    begun.filter(|&&(_, until)| until <= end).count()
}

#[cfg(test)]
mod tests {
    use crate::problem::LessonRule;
    use crate::testing::{Town, at};

    #[test]
    fn each_lesson_that_is_missing_during_the_session_breaks_it() {
        let mut town = Town::new();
        town.input.sessions[0].lessons = LessonRule::During(2);
        let lessons = ["8:00", "8:50", "10:00"].map(|time| (at(0, time), at(0, time) + 40));
        town.input.sessions[0].options[0].lessons = lessons.to_vec();
        // Two hours from eight hold the first two; from twenty past, the second and the third.
        town.expect("lessons_received", 0, |plan| plan.at(0, "8:00"));
        town.expect("lessons_received", 0, |plan| plan.at(0, "8:40"));
        let found = town.expect("lessons_received", 1, |plan| plan.at(0, "9:00"));
        assert_eq!(
            found[0].reason.zh,
            "“语文联合教研 第1次”排在9月7日（周一）9:00，其间城东小学本学科只有1节课，需要2节"
        );
        town.expect("lessons_received", 2, |plan| plan.at(1, "8:00"));
    }

    #[test]
    fn a_lesson_that_goes_on_after_the_session_does_not_count() {
        let mut town = Town::new();
        town.input.sessions[0].lessons = LessonRule::During(1);
        town.input.sessions[0].options[0].lessons = vec![(at(0, "9:30"), at(0, "10:10"))];
        town.expect("lessons_received", 1, |plan| plan.at(0, "8:00"));
        town.expect("lessons_received", 0, |plan| plan.at(0, "8:10"));
    }
}
