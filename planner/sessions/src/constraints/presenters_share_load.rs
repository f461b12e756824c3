//! Presenting is shared.

use super::{Check, Rule, Sink, Violation};
use crate::grouping::{Grouping, SetView};
use crate::score::Level;

/// Unit: a pair of sessions with the same presenter, so that the third time costs twice as much as the second. A pair costs less
/// than seven covered lessons: variety is wanted, not forced.
pub(crate) const RULE: Rule = Rule {
    name: "presenters_share_load",
    sentence: ("授课任务由不同教师分担。", "Presenting is shared among the teachers who may present."),
    level: Level::Soft,
    default_weight: 40,
    check: Check::Set(Grouping::Presenter, check),
};

fn check(view: &SetView, sink: &mut dyn Sink) {
    let count = view.sessions.len() as i64;
    if count < 2 {
        return;
    }
    sink.add(count * (count - 1) / 2, &|| {
        let who = view.problem.person_text(view.set);
        Violation {
            sessions: view.sessions.to_vec(),
            ..Violation::new(
                format!("{who}全学期授课{count}次"),
                format!("{who} presents {count} times in the term"),
            )
            .person(view.set)
        }
    });
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;

    #[test]
    fn presenting_again_and_again_costs_more_each_time() {
        let mut town = Town::new();
        let (li, wang) = (town.person("李", town.east), town.person("王", town.east));
        town.presents(&[li, wang]);
        for name in ["语文联合教研 第2次", "语文联合教研 第3次"] {
            town.session(name);
            town.presents(&[li, wang]);
        }
        town.expect("presenters_share_load", 1, |plan| {
            plan.at(0, "14:00").by(&[li]).then(1, "14:00").by(&[wang]).then(2, "14:00").by(&[wang])
        });
        town.expect("presenters_share_load", 3, |plan| {
            plan.at(0, "14:00").by(&[li]).then(1, "14:00").by(&[li]).then(2, "14:00").by(&[li])
        });
    }

    #[test]
    fn different_presenters_keep_it() {
        let mut town = Town::new();
        let (li, wang) = (town.person("李", town.east), town.person("王", town.east));
        town.presents(&[li, wang]);
        town.session("语文联合教研 第2次");
        town.presents(&[li, wang]);
        town.expect("presenters_share_load", 0, |plan| {
            plan.at(0, "14:00").by(&[li]).then(1, "14:00").by(&[wang])
        });
    }
}
