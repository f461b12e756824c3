//! Sessions that a programme ties to certain days stay in them.

use super::{Check, Rule, SessionView, Sink, Violation};
use crate::build::Problem;
use crate::problem::{DayIx, SessionIx};
use crate::score::Level;

pub(crate) const RULE: Rule = Rule {
    name: "window",
    sentence: (
        "有日期要求的活动在要求的日期内举行。",
        "A session that must be held on certain days is held on one of them.",
    ),
    level: Level::Hard,
    default_weight: 1,
    check: Check::Session(check),
};

fn check(view: &SessionView, sink: &mut dyn Sink) {
    let Some(placement) = view.placement else {
        return;
    };
    let problem = view.problem;
    let day = problem.day_of(placement.start);
    if allows(problem, view.session, day) {
        return;
    }
    sink.add(1, &|| {
        let (name, date) = (problem.session_text(view.session), problem.day_text(day));
        let (zh, en) = problem.sessions[view.session]
            .window
            .as_ref()
            .map(|window| &window.label)
            .cloned()
            .unwrap_or_default();
        Violation::new(
            format!("{name}的日期要求是“{zh}”，{}不符合", date.zh),
            format!("{name} must be held “{en}”; {} does not qualify", date.en),
        )
        .session(view.session)
        .day(day)
    });
}

/// Whether the session may be held on the day, as far as its programme is concerned.
pub(crate) fn allows(problem: &Problem, session: SessionIx, day: DayIx) -> bool {
    let window = &problem.sessions[session].window;
    window
        .as_ref()
        .is_none_or(|window| window.stretches.iter().any(|&(first, last)| (first..=last).contains(&day)))
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;

    #[test]
    fn a_day_outside_the_allowed_stretches_breaks_it() {
        let mut town = Town::new();
        town.window(&[(1, 2), (8, 9)]);
        town.expect("window", 1, |plan| plan.at(3, "14:00"));
        town.expect("window", 0, |plan| plan.at(2, "14:00"));
        town.expect("window", 0, |plan| plan.at(8, "14:00"));
    }
}
