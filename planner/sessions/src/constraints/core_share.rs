//! Core schools host their part: neither everything nor nothing.

use super::{Check, Rule, Sink, Violation};
use crate::grouping::{Grouping, SetView};
use crate::score::Level;

/// Unit: a session on site by which a group's core schools host more or less than their share, which is rounded in their favour. A third
/// of a turn out of turn, as turns are what people count.
pub(crate) const RULE: Rule = Rule {
    name: "core_share",
    sentence: (
        "核心校承办的比例在规定范围之内。",
        "The part of a group's sessions that its core schools host stays within its limits.",
    ),
    level: Level::Soft,
    default_weight: 100,
    check: Check::Set(Grouping::Group, check),
};

fn check(view: &SetView, sink: &mut dyn Sink) {
    let problem = view.problem;
    let group = &problem.groups[view.set];
    let Some((least, most)) = group.core_share else { return };
    let (mut on_site, mut hosted) = (0, 0);
    for (session, placement) in view.placed() {
        if let Some(place) = problem.place_of(session, placement) {
            on_site += 1;
            hosted += i64::from(group.core.contains(&place));
        }
    }
    let fewest = on_site * i64::from(least) / 100;
    let highest = (on_site * i64::from(most) + 99) / 100;
    let amount = (fewest - hosted).max(hosted - highest);
    if amount <= 0 {
        return;
    }
    sink.add(amount, &|| {
        let name = &group.name;
        Violation {
            sessions: view.sessions.to_vec(),
            ..Violation::new(
                format!("“{name}”{on_site}次现场活动中，核心校承办{hosted}次，宜为{fewest}—{highest}次"),
                format!(
                    "core schools host {hosted} of {on_site} sessions of “{name}”, not {fewest} to {highest}"
                ),
            )
        }
    });
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;

    /// Four sessions of a group whose core school is the eastern one; the second way is the western one.
    fn four() -> Town {
        let mut town = Town::new();
        town.option(town.west);
        for name in ["数学联合教研 第1次", "英语联合教研 第1次", "科学联合教研 第1次"]
        {
            town.session(name);
            town.option(town.west);
        }
        let east = town.east;
        let group = town.group();
        group.core = vec![east];
        group.core_share = Some((25, 50));
        town
    }

    #[test]
    fn a_core_school_that_hosts_too_much_or_nothing_breaks_it() {
        let town = four();
        let found = town.expect("core_share", 2, |plan| {
            plan.at(0, "14:00").then(1, "14:00").then(2, "14:00").then(3, "14:00")
        });
        assert_eq!(found[0].reason.zh, "“一实小教育集团”4次现场活动中，核心校承办4次，宜为1—2次");
        town.expect("core_share", 1, |plan| {
            let first = plan.at(0, "14:00").held(1).then(1, "14:00").held(1);
            first.then(2, "14:00").held(1).then(3, "14:00").held(1)
        });
        town.expect("core_share", 0, |plan| {
            let first = plan.at(0, "14:00").held(1).then(1, "14:00").held(1);
            first.then(2, "14:00").held(1).then(3, "14:00")
        });
    }

    #[test]
    fn a_share_that_cannot_be_met_exactly_is_rounded() {
        let mut town = four();
        town.input.groups[0].core_share = Some((40, 40));
        // Two fifths of one session are none or one.
        town.expect("core_share", 0, |plan| plan.at(0, "14:00"));
        town.expect("core_share", 0, |plan| plan.at(0, "14:00").held(1));
    }
}
