//! A monthly programme meets at most once in a calendar month.

use super::{Check, Rule, Sink, Violation};
use crate::grouping::{Grouping, SetView};
use crate::score::Level;
use crate::text::month;

pub(crate) const RULE: Rule = Rule {
    name: "one_per_month",
    sentence: (
        "每月1次的计划，每个自然月只安排一次活动。",
        "A monthly programme holds at most one session in a calendar month.",
    ),
    level: Level::Hard,
    default_weight: 1,
    check: Check::Set(Grouping::Series, check),
};

fn check(view: &SetView, sink: &mut dyn Sink) {
    let problem = view.problem;
    let series = &problem.series[view.set];
    if !series.one_per_month {
        return;
    }
    for pair in view.by_start().windows(2) {
        let [(earlier, first), (later, second)] = [pair[0], pair[1]];
        let (earlier_day, later_day) = (problem.day_of(earlier), problem.day_of(later));
        if problem.month_of(earlier_day) != problem.month_of(later_day) {
            continue;
        }
        sink.add(1, &|| {
            let in_month = month(problem.date(later_day));
            let (one, other) = (problem.session_text(first), problem.session_text(second));
            Violation::new(
                format!("“{}”每月只安排1次，{}同时排有{one}和{other}", series.name, in_month.zh),
                format!(
                    "“{}” meets once a month, but {} has both {one} and {other}",
                    series.name, in_month.en
                ),
            )
            .session(first)
            .session(second)
            .day(later_day)
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;

    #[test]
    fn a_second_session_in_september_breaks_it_and_one_in_october_keeps_it() {
        let mut town = Town::new();
        town.series_mut().one_per_month = true;
        town.session("语文联合教研 第2次");
        town.expect("one_per_month", 1, |plan| plan.at(1, "14:00").then(15, "14:00"));
        town.expect("one_per_month", 0, |plan| plan.at(1, "14:00").then(25, "14:00"));
    }

    #[test]
    fn a_groups_meeting_is_held_once_a_month() {
        let mut town = Town::new();
        town.session("集团例会 第1次");
        town.session("集团例会 第2次");
        town.input.series[1].one_per_month = true;
        let found =
            town.expect("one_per_month", 1, |plan| plan.at(0, "9:00").then(1, "14:00").then(15, "14:00"));
        assert_eq!(
            found[0].reason.zh,
            "“集团例会”每月只安排1次，9月同时排有“集团例会 第1次”和“集团例会 第2次”"
        );
        town.expect("one_per_month", 0, |plan| plan.at(0, "9:00").then(1, "14:00").then(25, "14:00"));
    }
}
