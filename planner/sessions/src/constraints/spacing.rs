//! Sessions of a programme keep their distance (至少间隔N周).

use super::{Check, Rule, Sink, Violation};
use crate::grouping::{Grouping, SetView};
use crate::score::Level;

/// Unit: a day short of the gap. A week too early costs what twenty-odd covered lessons cost: rather a few lessons than two sessions
/// on each other's heels.
pub(crate) const RULE: Rule = Rule {
    name: "spacing",
    sentence: (
        "同一计划的两次活动之间保持规定的间隔。",
        "Two sessions of a programme are at least its gap apart.",
    ),
    level: Level::Soft,
    default_weight: 20,
    check: Check::Set(Grouping::Series, check),
};

fn check(view: &SetView, sink: &mut dyn Sink) {
    let problem = view.problem;
    let gap = i64::from(problem.series[view.set].min_gap_days);
    if gap == 0 {
        return;
    }
    for pair in view.by_start().windows(2) {
        let [(earlier, first), (later, second)] = [pair[0], pair[1]];
        let days = (problem.day_of(later) - problem.day_of(earlier)) as i64;
        if days >= gap {
            continue;
        }
        sink.add(gap - days, &|| {
            let (one, other) = (problem.session_text(first), problem.session_text(second));
            let (from, to) =
                (problem.day_text(problem.day_of(earlier)), problem.day_text(problem.day_of(later)));
            Violation::new(
                format!("{one}在{}，{other}在{}，只隔{days}天，少于{gap}天", from.zh, to.zh),
                format!(
                    "{one} on {} and {other} on {} are {days} days apart, less than {gap}",
                    from.en, to.en
                ),
            )
            .session(first)
            .session(second)
            .day(problem.day_of(later))
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;

    #[test]
    fn each_day_short_of_the_gap_counts() {
        let mut town = Town::new();
        town.series_mut().min_gap_days = 14;
        town.session("语文联合教研 第2次");
        let found = town.expect("spacing", 4, |plan| plan.at(1, "14:00").then(11, "9:00"));
        assert_eq!(
            found[0].reason.zh,
            "“语文联合教研 第1次”在9月8日（周二），“语文联合教研 第2次”在9月18日（周五），只隔10天，少于14天"
        );
        town.expect("spacing", 0, |plan| plan.at(1, "14:00").then(15, "9:00"));
    }
}
