//! Sessions keep to the half-day that is free of the subject's lessons (教研日).

use super::{Check, Rule, SessionView, Sink, Violation};
use crate::build::Problem;
use crate::problem::{HalfDay, Minute};
use crate::score::Level;
use crate::text::half_day;

/// A miss costs as much as some seventy covered lessons: a subject's teachers have arranged their week around the half-day, so it
/// is left only where it would cost far more than habit.
pub(crate) const RULE: Rule = Rule {
    name: "subject_day",
    sentence: (
        "活动尽量安排在学科固定的教研半天。",
        "A session is held on the half-day that is kept free for its subject.",
    ),
    level: Level::Soft,
    default_weight: 400,
    check: Check::Session(check),
};

fn check(view: &SessionView, sink: &mut dyn Sink) {
    let Some(placement) = view.placement else {
        return;
    };
    let problem = view.problem;
    let series = &problem.series[problem.sessions[view.session].series];
    let Some(free) = series.subject_half_day else {
        return;
    };
    if is_on(problem, free, placement.start) {
        return;
    }
    sink.add(1, &|| {
        let (name, time) = (problem.session_text(view.session), problem.time_text(placement.start));
        let kept = half_day(free);
        Violation::new(
            format!("{name}排在{}，不在“{}”固定的教研半天（{}）", time.zh, series.name, kept.zh),
            format!("{name} is on {}, not on the half-day of “{}” ({})", time.en, series.name, kept.en),
        )
        .session(view.session)
        .day(problem.day_of(placement.start))
    });
}

/// Whether a start lies on a half-day.
pub(crate) fn is_on(problem: &Problem, half_day: HalfDay, start: Minute) -> bool {
    problem.half_of(start) == Some(half_day.half)
        && problem.weekday_of(problem.day_of(start)) == half_day.weekday
}

#[cfg(test)]
mod tests {
    use crate::problem::{Half, HalfDay};
    use crate::testing::Town;

    #[test]
    fn another_weekday_or_the_other_half_breaks_it() {
        let mut town = Town::new();
        town.series_mut().subject_half_day = Some(HalfDay { weekday: 3, half: Half::Afternoon });
        town.expect("subject_day", 0, |plan| plan.at(2, "14:00"));
        town.expect("subject_day", 1, |plan| plan.at(2, "9:00"));
        town.expect("subject_day", 1, |plan| plan.at(2, "18:30"));
        let found = town.expect("subject_day", 1, |plan| plan.at(3, "14:00"));
        assert_eq!(
            found[0].reason.zh,
            "“语文联合教研 第1次”排在9月10日（周四）14:00，不在“语文联合教研”固定的教研半天（周三下午）"
        );
    }
}
