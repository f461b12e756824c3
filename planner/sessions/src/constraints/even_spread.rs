//! A programme goes through the whole term instead of crowding one end of it.

use super::{Check, Rule, SessionView, Sink, Violation};
use crate::score::Level;

/// Unit: a whole week away from an even spread over the days that the programme can use: open ones within its windows, between the
/// sessions that stand already. So a monthly programme meets in the middles of its months. A mild pull.
pub(crate) const RULE: Rule = Rule {
    name: "even_spread",
    sentence: (
        "同一计划的活动均匀分布在整个学期。",
        "The sessions of a programme are spread evenly over the term.",
    ),
    level: Level::Soft,
    default_weight: 20,
    check: Check::Session(check),
};

fn check(view: &SessionView, sink: &mut dyn Sink) {
    let (problem, session) = (view.problem, view.session);
    let (Some(placement), Some(even)) = (view.placement, problem.even_day(session)) else {
        return;
    };
    let day = problem.day_of(placement.start);
    let weeks = day.abs_diff(even) / 7;
    if weeks == 0 {
        return;
    }
    sink.add(weeks as i64, &|| {
        let (name, series) =
            (problem.session_text(session), &problem.series[problem.sessions[session].series].name);
        let (on, around) = (problem.day_text(day), problem.day_text(even));
        Violation::new(
            format!("{name}在{}，“{series}”要在学期中均匀分布，宜在{}前后", on.zh, around.zh),
            format!("{name} is on {}; spread evenly, “{series}” would meet around {}", on.en, around.en),
        )
        .session(session)
        .day(day)
    });
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;

    #[test]
    fn two_sessions_at_one_end_of_the_term_break_it() {
        let mut town = Town::new();
        town.session("语文联合教研 第2次");
        // 20 school days in four weeks: the even ones are the sixth and the sixteenth, both Mondays.
        town.expect("even_spread", 0, |plan| plan.at(7, "14:00").then(21, "14:00"));
        let found = town.expect("even_spread", 2, |plan| plan.at(7, "9:00").then(7, "14:00"));
        assert_eq!(
            found[0].reason.zh,
            "“语文联合教研 第2次”在9月14日（周一），“语文联合教研”要在学期中均匀分布，宜在9月28日（周一）前后"
        );
    }

    #[test]
    fn a_single_session_may_be_anywhere() {
        Town::new().expect("even_spread", 0, |plan| plan.at(0, "14:00"));
    }

    #[test]
    fn holidays_and_days_outside_the_window_do_not_count() {
        let mut town = Town::new();
        town.window(&[(0, 11), (21, 25)]);
        town.session("语文联合教研 第2次");
        town.window(&[(0, 11), (21, 25)]);
        for day in 0..4 {
            town.input.days[day].closed = Some(("国庆节".into(), "National Day".into()));
        }
        // Eleven days are left: Friday of the first week, the second week and the fourth.
        town.expect("even_spread", 0, |plan| plan.at(8, "14:00").then(22, "14:00"));
        town.expect("even_spread", 1, |plan| plan.at(8, "14:00").then(11, "14:00"));
        town.expect("even_spread", 0, |plan| plan.at(4, "14:00").then(22, "14:00"));
    }

    #[test]
    fn free_sessions_are_spread_between_those_that_stand() {
        let mut town = Town::new();
        town.pin(1, "14:00");
        town.session("语文联合教研 第2次");
        town.session("语文联合教研 第3次");
        town.pin(24, "14:00");
        // Half-way between the two.
        town.expect("even_spread", 0, |plan| plan.at(1, "14:00").then(14, "14:00").then(24, "14:00"));
        town.expect("even_spread", 1, |plan| plan.at(1, "14:00").then(4, "14:00").then(24, "14:00"));
    }

    #[test]
    fn sessions_with_days_of_their_own_are_spread_among_themselves() {
        let mut town = Town::new();
        town.session("语文联合教研 第2次");
        town.window(&[(21, 25)]);
        town.session("语文联合教研 第3次");
        town.window(&[(21, 25)]);
        town.expect("even_spread", 0, |plan| plan.at(14, "9:00").then(22, "14:00").then(24, "14:00"));
        town.expect("even_spread", 2, |plan| plan.at(14, "9:00").then(8, "14:00").then(24, "14:00"));
    }
}
