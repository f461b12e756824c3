//! A published plan changes as little as it can.

use super::{Check, Rule, SessionView, Sink, Violation};
use crate::build::Problem;
use crate::problem::{Placement, SessionIx};
use crate::score::Level;

/// Unit: what changes about a published session: other presenters 1, another room, at either end, 1, another school 2, another time 3. People have
/// written it down and are told again, so that nothing moves to please the soft rules or to have a few more people come; only
/// what would else have no time at all is worth more.
pub(crate) const RULE: Rule = Rule {
    name: "published_kept",
    sentence: ("重新排期时尽量不改动已发布的活动。", "Replanning leaves published sessions as they are."),
    level: Level::Medium,
    default_weight: 30,
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
    let amount = departure(problem, view.session, published, placement);
    if amount == 0 {
        return;
    }
    sink.add(amount, &|| {
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

/// How far a placement departs from the published one.
fn departure(problem: &Problem, session: SessionIx, published: &Placement, placement: &Placement) -> i64 {
    let school = problem.place_of(session, published) != problem.place_of(session, placement);
    let second = |placement: &Placement| problem.sessions[session].options[placement.option].second_room;
    let changes = [
        (published.start != placement.start, 3),
        (school, 2),
        (!school && (published.room != placement.room || second(published) != second(placement)), 1),
        (published.presenters != placement.presenters, 1),
    ];
    changes.iter().filter(|(changed, _)| *changed).map(|(_, amount)| amount).sum()
}

#[cfg(test)]
mod tests {
    use crate::evaluate::evaluate;
    use crate::problem::{Half, HalfDay};
    use crate::testing::Town;
    use crate::{Problem, Rules, SolveOptions, solve};
    use std::ops::ControlFlow;

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

    #[test]
    fn another_presenter_departs_less_than_another_room_and_school_and_those_less_than_another_time() {
        let mut town = Town::new();
        let (li, wang) = (town.person("李", town.east), town.person("王", town.east));
        town.option(town.west);
        town.room("录播教室", town.east, 10);
        town.room("报告厅", town.west, 10);
        town.presents(&[li, wang]);
        let published = town.plan(|plan| plan.at(0, "14:00").by(&[li]));
        let problem = town.build().replanning(published).expect("a plan of this problem");
        let rules = Rules::standard().only(&["published_kept"]);
        let amount = |plan| evaluate(&problem, &rules, &plan).rules[0].count;
        assert_eq!(amount(town.plan(|plan| plan.at(0, "14:00").by(&[wang]))), 1);
        assert_eq!(amount(town.plan(|plan| plan.at(0, "14:00").in_room(1).by(&[li]))), 1);
        assert_eq!(amount(town.plan(|plan| plan.at(0, "14:00").held(1).in_room(2).by(&[li]))), 2);
        assert_eq!(amount(town.plan(|plan| plan.at(0, "15:00").by(&[li]))), 3);
    }

    #[test]
    fn another_room_at_the_other_end_breaks_it() {
        let mut town = Town::new();
        let studios = ["录播教室", "第二录播教室"].map(|name| town.room(name, town.west, 10));
        town.option(town.east);
        for (option, studio) in town.input.sessions[0].options.iter_mut().zip(studios) {
            option.second_room = Some(studio);
        }
        let published = town.plan(|plan| plan.at(0, "14:00"));
        let problem = town.build().replanning(published.clone()).expect("a plan of this problem");
        let rules = Rules::standard().only(&["published_kept"]);
        let amount = |plan| evaluate(&problem, &rules, &plan).rules[0].count;
        assert_eq!(amount(published), 0);
        assert_eq!(amount(town.plan(|plan| plan.at(0, "14:00").held(1).in_room(0))), 1);
    }

    #[test]
    fn nothing_moves_to_please_a_soft_rule() {
        let mut town = Town::new();
        town.series_mut().subject_half_day = Some(HalfDay { weekday: 3, half: Half::Afternoon });
        let published = town.plan(|plan| plan.at(0, "8:00"));
        let problem = town.build().replanning(published.clone()).expect("a plan of this problem");
        let options =
            SolveOptions { seed: 1, steps: Some(2_000), start: Some(&published), ..SolveOptions::default() };
        let found = solve(&problem, &Rules::standard(), &options, &|_| ControlFlow::Continue(()));
        assert_eq!(found.assignment, published);
    }
}
