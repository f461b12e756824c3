//! Where not everything finds a time, the district's sessions come before a group's, and a group's before a school's (三级教研).

use super::{Check, Rule, SessionView, Sink, Violation};
use crate::score::Level;

/// The lowest level that holds sessions: a school.
const LOWEST: u8 = 2;

/// Unit: a level by which an unplaced session stands above a school's. Less than a session that is placed instead, so that no session of
/// the district keeps two of the schools from being held, and more than some hundred excused people.
pub(crate) const RULE: Rule = Rule {
    name: "higher_level_first",
    sentence: (
        "排不下时，先保证县级活动，再保证集团活动，然后是校级活动。",
        "Where not every session finds a time, the district's come first, then the groups', then the schools'.",
    ),
    level: Level::Medium,
    default_weight: 300,
    check: Check::Session(check),
};

fn check(view: &SessionView, sink: &mut dyn Sink) {
    let level = view.problem.sessions[view.session].level;
    if view.placement.is_some() || level >= LOWEST {
        return;
    }
    sink.add(i64::from(LOWEST - level), &|| {
        let name = view.problem.session_text(view.session);
        let (zh, en) = if level == 0 { ("县级", "the district") } else { ("集团", "a group") };
        Violation::new(
            format!("{name}是{zh}活动，应优先排定"),
            format!("{name} is held by {en} and should be placed before others"),
        )
        .session(view.session)
    });
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;
    use crate::{Rules, score};

    #[test]
    fn an_unplaced_session_weighs_by_its_level() {
        for (level, amount) in [(0, 2), (1, 1), (2, 0)] {
            let mut town = Town::new();
            town.input.sessions[0].level = level;
            town.expect("higher_level_first", amount, |plan| plan);
            town.expect("higher_level_first", 0, |plan| plan.at(0, "14:00"));
        }
    }

    #[test]
    fn of_two_sessions_for_one_place_the_districts_is_rather_held() {
        let mut town = Town::new();
        town.session("数学联合教研 第1次");
        town.input.sessions[1].level = 0;
        let problem = town.build();
        let held = |session: usize| {
            let mut plan = town.plan(|plan| plan.at(0, "14:00").then(0, "14:00"));
            plan[1 - session] = None;
            score(&problem, &Rules::standard(), &plan)
        };
        assert!(held(1) < held(0));
    }
}
