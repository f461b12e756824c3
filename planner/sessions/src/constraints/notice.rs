//! Nothing is placed in the past or too soon to be announced.

use super::{Check, Rule, SessionView, Sink, Violation};
use crate::score::Level;

pub(crate) const RULE: Rule = Rule {
    name: "notice",
    sentence: (
        "新排的活动留足通知时间；已固定的和不改时间的已发布活动除外。",
        "A session leaves enough time to be announced, unless it is pinned or keeps the time people were told of.",
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
    let told = problem.published(view.session).is_some_and(|published| published.start == placement.start);
    if placement.start >= problem.sessions[view.session].earliest
        || problem.sessions[view.session].pinned.is_some()
        || told
    {
        return;
    }
    sink.add(1, &|| {
        let name = problem.session_text(view.session);
        let (start, earliest) =
            (problem.time_text(placement.start), problem.time_text(problem.sessions[view.session].earliest));
        Violation::new(
            format!("{name}排在{}，早于来得及通知的最早时间{}", start.zh, earliest.zh),
            format!(
                "{name} is on {}, before the earliest time that leaves notice, {}",
                start.en, earliest.en
            ),
        )
        .session(view.session)
        .day(problem.day_of(placement.start))
    });
}

#[cfg(test)]
mod tests {
    use crate::Rules;
    use crate::evaluate::evaluate;
    use crate::testing::{Town, at};

    #[test]
    fn a_start_before_the_earliest_breaks_it_unless_pinned() {
        let mut town = Town::new();
        town.input.sessions[0].earliest = at(2, "14:00");
        town.expect("notice", 1, |plan| plan.at(2, "13:50"));
        town.expect("notice", 0, |plan| plan.at(2, "14:00"));
        town.pin(0, "14:00");
        town.expect("notice", 0, |plan| plan.at(0, "14:00"));
    }

    #[test]
    fn a_published_session_that_keeps_its_time_keeps_it() {
        let mut town = Town::new();
        town.input.sessions[0].earliest = at(2, "14:00");
        let published = town.plan(|plan| plan.at(0, "14:00"));
        let problem = town.build().replanning(published.clone()).expect("a plan of this problem");
        let rules = Rules::standard().only(&["notice"]);
        assert_eq!(evaluate(&problem, &rules, &published).rules[0].count, 0);
        let moved = town.plan(|plan| plan.at(1, "14:00"));
        assert_eq!(evaluate(&problem, &rules, &moved).rules[0].count, 1);
    }
}
