//! A published plan changes as little as it can.

use super::{Check, Rule, SessionView, Sink, Violation};
use crate::score::Level;

/// Unit: a published session that changes. Heavier than a missed subject day: people have written it down, and are told again.
pub(crate) const RULE: Rule = Rule {
    name: "published_kept",
    sentence: ("重新排期时尽量不改动已发布的活动。", "Replanning leaves published sessions as they are."),
    level: Level::Soft,
    default_weight: 500,
    check: Check::Session(check),
};

fn check(view: &SessionView, sink: &mut dyn Sink) {
    let problem = view.problem;
    let Some(published) = problem.published(view.session) else {
        return;
    };
    // A session that loses its time is dearer already than one that moves.
    let Some(placement) = view.placement else {
        return;
    };
    if placement == published {
        return;
    }
    sink.add(1, &|| {
        let name = problem.session_text(view.session);
        let (from, to) = (problem.time_text(published.start), problem.time_text(placement.start));
        let (zh, en) = if published.start != placement.start {
            (format!("由{}改到{}", from.zh, to.zh), format!("moves from {} to {}", from.en, to.en))
        } else {
            (
                format!("{}的地点或授课教师有变动", to.zh),
                format!("on {} changes its place or presenters", to.en),
            )
        };
        Violation::new(format!("已发布的{name}{zh}"), format!("{name}, published, {en}"))
            .session(view.session)
            .day(problem.day_of(placement.start))
    });
}

#[cfg(test)]
mod tests {
    use crate::evaluate::evaluate;
    use crate::testing::Town;
    use crate::{Problem, Rules};

    #[test]
    fn a_published_session_that_moves_breaks_it() {
        let town = Town::new();
        let published = town.plan(|plan| plan.at(0, "14:00"));
        let problem: Problem = town.build().replanning(published.clone()).expect("a plan of this problem");
        let rules = Rules::standard().only(&["published_kept"]);
        let moved = town.plan(|plan| plan.at(1, "14:00"));
        let found = evaluate(&problem, &rules, &moved);
        assert_eq!(
            found.rules[0].violations[0].reason.zh,
            "已发布的“语文联合教研 第1次”由9月7日（周一）14:00改到9月8日（周二）14:00"
        );
        assert_eq!(evaluate(&problem, &rules, &published).rules[0].count, 0);
    }
}
