//! A session for a class far away runs within the class's own lesson (专递课堂, 同步课堂).

use super::{Check, Rule, SessionView, Sink, Violation};
use crate::problem::{LessonRule, Minute};
use crate::score::Level;

/// Hard: without its lesson there is no class to teach.
pub(crate) const RULE: Rule = Rule {
    name: "within_lesson",
    sentence: (
        "专递课堂、同步课堂与听课班级的课同时开始，并在这节课内结束。",
        "A session given to a class far away begins with one of its lessons and ends within it.",
    ),
    level: Level::Hard,
    default_weight: 1,
    check: Check::Session(check),
};

fn check(view: &SessionView, sink: &mut dyn Sink) {
    let (problem, session) = (view.problem, view.session);
    let Some(placement) = view.placement.filter(|_| problem.sessions[session].lessons == LessonRule::Inside)
    else {
        return;
    };
    let (start, end) = (placement.start, problem.end_of(session, placement.start));
    if fits(&problem.sessions[session].options[placement.option].lessons, start, end) {
        return;
    }
    sink.add(1, &|| {
        let (name, time) = (problem.session_text(session), problem.time_text(start));
        let minutes = problem.sessions[session].minutes;
        Violation::new(
            format!(
                "{name}排在{}，听课班级这时没有可用的课（须与课同时开始，时长不少于{minutes}分钟）",
                time.zh
            ),
            format!(
                "{name} is on {}, when the class has no lesson of {minutes} minutes that begins then",
                time.en
            ),
        )
        .session(session)
        .place(problem.place_of(session, placement))
        .day(problem.day_of(start))
    });
}

/// Whether one of some lessons, ascending, begins at `start` and lasts until `end`.
fn fits(lessons: &[(Minute, Minute)], start: Minute, end: Minute) -> bool {
    let first = lessons.partition_point(|&(from, _)| from < start);
    let together = lessons[first..].iter().take_while(|&&(from, _)| from == start);
    together.into_iter().any(|&(_, until)| end <= until)
}

#[cfg(test)]
mod tests {
    use crate::problem::LessonRule;
    use crate::testing::{Town, at};

    /// Forty minutes for a class that has lessons on Monday at 9:00 and 10:05.
    fn remote() -> Town {
        let mut town = Town::new();
        let session = &mut town.input.sessions[0];
        session.minutes = 40;
        session.lessons = LessonRule::Inside;
        session.options[0].lessons = vec![(at(0, "9:00"), at(0, "9:40")), (at(0, "10:05"), at(0, "10:45"))];
        town
    }

    #[test]
    fn another_start_than_a_lessons_breaks_it() {
        let town = remote();
        town.expect("within_lesson", 0, |plan| plan.at(0, "9:00"));
        town.expect("within_lesson", 0, |plan| plan.at(0, "10:05"));
        town.expect("within_lesson", 1, |plan| plan.at(1, "9:00"));
        let found = town.expect("within_lesson", 1, |plan| plan.at(0, "9:10"));
        assert_eq!(
            found[0].reason.zh,
            "“语文联合教研 第1次”排在9月7日（周一）9:10，听课班级这时没有可用的课（须与课同时开始，时长不少于40分钟）"
        );
    }

    #[test]
    fn a_session_longer_than_the_lesson_breaks_it() {
        let mut town = remote();
        town.input.sessions[0].minutes = 50;
        town.expect("within_lesson", 1, |plan| plan.at(0, "9:00"));
    }

    #[test]
    fn a_session_that_has_nothing_to_do_with_lessons_keeps_it() {
        let mut town = remote();
        town.input.sessions[0].lessons = LessonRule::Free;
        town.expect("within_lesson", 0, |plan| plan.at(1, "9:00"));
    }
}
