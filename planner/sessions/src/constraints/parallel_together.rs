//! Programmes that keep together meet on one half-day.

use super::{Check, Rule, Sink, Violation};
use crate::grouping::{Grouping, SetView};
use crate::problem::SessionIx;
use crate::score::Level;

/// Unit: a further half-day on which sessions of one number are held. Half a missed subject day, and as much as a reversed order: somebody
/// has asked for it.
pub(crate) const RULE: Rule = Rule {
    name: "parallel_together",
    sentence: (
        "要求同步开展的计划，同一次活动安排在同一个半天。",
        "The sessions of one number of programmes that keep together are held on one half-day.",
    ),
    level: Level::Soft,
    default_weight: 200,
    check: Check::Set(Grouping::Parallel, check),
};

fn check(view: &SetView, sink: &mut dyn Sink) {
    let problem = view.problem;
    for (ix, &session) in view.sessions.iter().enumerate() {
        let ordinal = problem.sessions[session].ordinal;
        let mut earlier =
            view.sessions[..ix].iter().filter(|&&other| problem.sessions[other].ordinal == ordinal);
        let Some(&first) = earlier.clone().next() else { continue };
        if earlier.any(|&other| same_half_day(view, session, other)) {
            continue;
        }
        sink.add(1, &|| {
            let (one, other) = (problem.session_text(first), problem.session_text(session));
            let (from, to) = (problem.time_text(view.span(first).0), problem.time_text(view.span(session).0));
            Violation::new(
                format!("{one}（{}）与{other}（{}）要求同步开展，不在同一个半天", from.zh, to.zh),
                format!(
                    "{one} ({}) and {other} ({}) are to keep together and are not on one half-day",
                    from.en, to.en
                ),
            )
            .session(first)
            .session(session)
            .day(problem.day_of(view.span(session).0))
        });
    }
}

fn same_half_day(view: &SetView, one: SessionIx, other: SessionIx) -> bool {
    let problem = view.problem;
    let (one, other) = (view.span(one).0, view.span(other).0);
    problem.day_of(one) == problem.day_of(other) && problem.half_of(one) == problem.half_of(other)
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;

    /// Three programmes that keep together; the first has two sessions.
    fn together() -> Town {
        let mut town = Town::new();
        for name in ["数学联合教研 第1次", "英语联合教研 第1次", "语文联合教研 第2次"]
        {
            town.session(name);
        }
        for series in &mut town.input.series {
            series.parallel = Some(0);
        }
        town
    }

    #[test]
    fn each_further_half_day_breaks_it() {
        let town = together();
        town.expect("parallel_together", 0, |plan| plan.at(0, "13:00").then(0, "14:00").then(0, "15:00"));
        let found =
            town.expect("parallel_together", 1, |plan| plan.at(0, "13:00").then(0, "14:00").then(0, "9:00"));
        assert_eq!(
            found[0].reason.zh,
            "“语文联合教研 第1次”（9月7日（周一）13:00）与“英语联合教研 第1次”（9月7日（周一）9:00）要求同步开展，不在同一个半天"
        );
        town.expect("parallel_together", 2, |plan| plan.at(0, "13:00").then(1, "14:00").then(2, "9:00"));
        town.expect("parallel_together", 1, |plan| plan.at(0, "13:00").then(1, "14:00").then(1, "15:00"));
    }

    #[test]
    fn sessions_of_other_numbers_and_other_programmes_go_their_own_ways() {
        let mut town = together();
        town.expect("parallel_together", 0, |plan| {
            plan.at(0, "13:00").then(0, "14:00").then(0, "15:00").then(9, "9:00")
        });
        town.input.series[1].parallel = None;
        town.expect("parallel_together", 0, |plan| plan.at(0, "13:00").then(1, "14:00").then(0, "15:00"));
    }
}
