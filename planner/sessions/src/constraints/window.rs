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

    #[test]
    fn an_analysis_of_results_comes_within_two_weeks_after_the_exam() {
        let mut town = Town::new();
        town.session("期中学情分析 第1次");
        // The exam is on the first Thursday and Friday.
        town.window(&[(5, 18)]);
        let analysis = town.input.sessions[1].window.as_mut().expect("a window");
        analysis.label = ("期中考试后2周内".into(), "within two weeks after the mid-term exam".into());
        town.expect("window", 0, |plan| plan.at(0, "9:00").then(18, "14:00"));
        town.expect("window", 1, |plan| plan.at(0, "9:00").then(2, "14:00"));
        let found = town.expect("window", 1, |plan| plan.at(0, "9:00").then(21, "14:00"));
        assert_eq!(
            found[0].reason.zh,
            "“期中学情分析 第1次”的日期要求是“期中考试后2周内”，9月28日（周一）不符合"
        );
    }

    #[test]
    fn guidance_for_the_senior_exam_stays_in_its_window() {
        let mut town = Town::new();
        town.session("中考分科指导 第1次");
        town.window(&[(14, 27)]);
        let guidance = town.input.sessions[1].window.as_mut().expect("a window");
        guidance.label = ("9月21日起".into(), "from 21 September".into());
        town.expect("window", 1, |plan| plan.at(0, "9:00").then(11, "14:00"));
        town.expect("window", 0, |plan| plan.at(0, "9:00").then(14, "14:00"));
    }
}
