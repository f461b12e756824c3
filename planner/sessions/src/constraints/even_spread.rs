//! A programme goes through the whole term instead of crowding one end of it.

use super::{Check, Rule, Sink, Violation};
use crate::grouping::{Grouping, SetView};
use crate::problem::DayIx;
use crate::score::Level;

/// Unit: a whole week away from an even spread. The k-th of n sessions belongs into the middle of the k-th of n equal parts of the
/// planned days. A mild pull, and none on sessions whose days a programme prescribes.
pub(crate) const RULE: Rule = Rule {
    name: "even_spread",
    sentence: (
        "同一计划的活动均匀分布在整个学期。",
        "The sessions of a programme are spread evenly over the term.",
    ),
    level: Level::Soft,
    default_weight: 20,
    check: Check::Set(Grouping::Series, check),
};

fn check(view: &SetView, sink: &mut dyn Sink) {
    let problem = view.problem;
    let placed = view.by_start();
    let count = placed.len();
    if count < 2 {
        return;
    }
    for (rank, &(start, session)) in placed.iter().enumerate() {
        if problem.sessions[session].window.is_some() {
            continue;
        }
        let day = problem.day_of(start);
        let even = even_day(problem.days.len(), rank, count);
        let weeks = day.abs_diff(even) / 7;
        if weeks == 0 {
            continue;
        }
        sink.add(weeks as i64, &|| {
            let (name, series) = (problem.session_text(session), &problem.series[view.set].name);
            let (on, around) = (problem.day_text(day), problem.day_text(even));
            Violation::new(
                format!("{name}在{}，“{series}”要在学期中均匀分布，宜在{}前后", on.zh, around.zh),
                format!("{name} is on {}; spread evenly, “{series}” would meet around {}", on.en, around.en),
            )
            .session(session)
            .day(day)
        });
    }
}

/// The middle of one of equal parts of the planned days.
pub(crate) fn even_day(days: usize, rank: usize, count: usize) -> DayIx {
    days * (2 * rank + 1) / (2 * count)
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;

    #[test]
    fn two_sessions_at_one_end_of_the_term_break_it() {
        let mut town = Town::new();
        town.session("语文联合教研 第2次");
        // 28 days: the even days are 7 and 21.
        town.expect("even_spread", 0, |plan| plan.at(7, "14:00").then(21, "14:00"));
        town.expect("even_spread", 2, |plan| plan.at(7, "14:00").then(7, "9:00"));
    }

    #[test]
    fn prescribed_days_are_left_alone() {
        let mut town = Town::new();
        town.session("语文联合教研 第2次");
        town.window(&[(0, 7)]);
        town.expect("even_spread", 0, |plan| plan.at(7, "9:00").then(7, "14:00"));
    }
}
