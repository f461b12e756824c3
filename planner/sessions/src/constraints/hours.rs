//! Sessions start on the grid and stay within one half-day, or within the evening where they may.

use super::{Check, Rule, SessionView, Sink, Violation};
use crate::problem::{DAY, LessonRule, Minute};
use crate::score::Level;
use crate::text::clock;

/// A session within a lesson starts with it, whatever the grid: bells ring at 8:05, too.
pub(crate) const RULE: Rule = Rule {
    name: "hours",
    sentence: (
        "活动在规定的上午或下午时段内开始并结束，开始时间取整；允许的活动也可在晚上。",
        "A session starts on the grid of times and lies within the morning, the afternoon or, where allowed, the evening.",
    ),
    level: Level::Hard,
    default_weight: 1,
    check: Check::Session(check),
};

fn check(view: &SessionView, sink: &mut dyn Sink) {
    let Some(placement) = view.placement else {
        return;
    };
    let (problem, session) = (view.problem, &view.problem.sessions[view.session]);
    let hours = problem.hours;
    let start = placement.start % DAY;
    let end = start + session.minutes;
    if start % hours.step != 0 && session.lessons != LessonRule::Inside {
        sink.add(1, &|| {
            let (name, from, step) = (problem.session_text(view.session), clock(start), hours.step);
            Violation::new(
                format!("{name}{from}开始，开始时间须为{step}分钟的整数倍"),
                format!("{name} starts at {from}, which is not a multiple of {step} minutes"),
            )
            .session(view.session)
        });
    }
    let inside = |half: (Minute, Minute)| half.0 <= start && end <= half.1;
    let evening = session.allows_evening && inside(hours.evening);
    if inside(hours.morning) || inside(hours.afternoon) || evening {
        return;
    }
    sink.add(1, &|| outside(view, start, end));
}

fn outside(view: &SessionView, start: Minute, end: Minute) -> Violation {
    let (problem, session) = (view.problem, &view.problem.sessions[view.session]);
    let hours = problem.hours;
    let evening = session.allows_evening && hours.evening.0 < hours.evening.1;
    let stretches = [(hours.morning, "上午", "morning"), (hours.afternoon, "下午", "afternoon")];
    let stretches = stretches.into_iter().chain(evening.then_some((hours.evening, "晚上", "evening")));
    let text = |((from, to), zh, en): ((Minute, Minute), &str, &str)| {
        let (from, to) = (clock(from), clock(to));
        (format!("{zh}{from}—{to}"), format!("{en} {from}–{to}"))
    };
    let (zh, en): (Vec<_>, Vec<_>) = stretches.map(text).unzip();
    let (name, from, to) = (problem.session_text(view.session), clock(start), clock(end));
    Violation::new(
        format!("{name}{from}—{to}不在可安排的时段内（{}）", zh.join("，")),
        format!("{name} from {from} to {to} lies outside the possible times ({})", en.join(", ")),
    )
    .session(view.session)
}

#[cfg(test)]
mod tests {
    use crate::problem::LessonRule;
    use crate::testing::Town;

    #[test]
    fn a_session_across_noon_or_off_the_grid_breaks_it() {
        let town = Town::new();
        town.expect("hours", 1, |plan| plan.at(0, "11:00"));
        town.expect("hours", 1, |plan| plan.at(0, "14:05"));
        town.expect("hours", 0, |plan| plan.at(0, "10:00"));
        town.expect("hours", 0, |plan| plan.at(0, "15:30"));
    }

    #[test]
    fn the_evening_is_for_sessions_that_allow_it() {
        let mut town = Town::new();
        let found = town.expect("hours", 1, |plan| plan.at(0, "18:30"));
        assert_eq!(
            found[0].reason.zh,
            "“语文联合教研 第1次”18:30—20:30不在可安排的时段内（上午8:00—12:00，下午13:00—17:30）"
        );
        town.input.sessions[0].allows_evening = true;
        town.expect("hours", 0, |plan| plan.at(0, "18:30"));
        let found = town.expect("hours", 1, |plan| plan.at(0, "18:40"));
        assert!(found[0].reason.zh.ends_with("（上午8:00—12:00，下午13:00—17:30，晚上18:30—20:30）"));
        assert!(
            found[0].reason.en.ends_with("(morning 8:00–12:00, afternoon 13:00–17:30, evening 18:30–20:30)")
        );
    }

    #[test]
    fn a_session_within_a_lesson_starts_with_the_bell() {
        let mut town = Town::new();
        town.input.sessions[0].minutes = 40;
        town.expect("hours", 1, |plan| plan.at(0, "8:05"));
        town.input.sessions[0].lessons = LessonRule::Inside;
        town.expect("hours", 0, |plan| plan.at(0, "8:05"));
        town.expect("hours", 1, |plan| plan.at(0, "11:35"));
    }
}
