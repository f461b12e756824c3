//! The second session comes after the first.

use super::{Check, Rule, Sink, Violation};
use crate::grouping::{Grouping, SetView};
use crate::score::Level;

/// Unit: two sessions of which the later number comes first. As heavy as half a missed subject day: people read the numbers.
pub(crate) const RULE: Rule = Rule {
    name: "in_order",
    sentence: (
        "同一计划的活动按次序举行。",
        "The sessions of a programme are held in the order of their numbers.",
    ),
    level: Level::Soft,
    default_weight: 200,
    check: Check::Set(Grouping::Series, check),
};

fn check(view: &SetView, sink: &mut dyn Sink) {
    let problem = view.problem;
    let placed = view.by_start();
    let ordinal = |session: usize| problem.sessions[session].ordinal;
    for (ix, &(later, second)) in placed.iter().enumerate() {
        for &(earlier, first) in &placed[..ix] {
            // Sessions that start together are in no order.
            if earlier == later || ordinal(first) <= ordinal(second) {
                continue;
            }
            sink.add(1, &|| {
                let (one, other) = (problem.session_text(first), problem.session_text(second));
                let (from, to) = (problem.time_text(earlier), problem.time_text(later));
                Violation::new(
                    format!("{one}（{}）排在{other}（{}）之前", from.zh, to.zh),
                    format!("{one} ({}) comes before {other} ({})", from.en, to.en),
                )
                .session(first)
                .session(second)
                .day(problem.day_of(later))
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;

    #[test]
    fn the_second_before_the_first_breaks_it() {
        let mut town = Town::new();
        town.session("语文联合教研 第2次");
        town.expect("in_order", 1, |plan| plan.at(7, "14:00").then(1, "14:00"));
        town.expect("in_order", 0, |plan| plan.at(1, "14:00").then(7, "14:00"));
    }
}
