//! Far schools send their people on one day of a week.

use super::{Check, Rule, Sink, Violation};
use crate::grouping::{Grouping, SetView};
use crate::problem::{DayIx, Minute, SessionIx};
use crate::score::Level;

/// Unit: a further day of one week on which a school's people are asked to go far. Another car on the road with its driver for some hours:
/// five covered lessons.
pub(crate) const RULE: Rule = Rule {
    name: "far_travel_grouped",
    sentence: (
        "路程远的学校，教师同一周外出的活动安排在同一天。",
        "The people of a school that is far away go to the sessions of a week on one day.",
    ),
    level: Level::Soft,
    default_weight: 30,
    check: Check::Set(Grouping::SchoolWeek, check),
};

fn check(view: &SetView, sink: &mut dyn Sink) {
    let problem = view.problem;
    let school = view.guest_school();
    let limits = problem.limits_of(problem.places[school].group);
    let Some(far) = limits.far.filter(|_| view.sessions.len() > 1) else {
        return;
    };
    let days = far_days(view, far).count();
    if days < 2 {
        return;
    }
    sink.add(days as i64 - 1, &|| describe(view, far));
}

fn describe(view: &SetView, far: Minute) -> Violation {
    let problem = view.problem;
    let school = view.guest_school();
    let name = &problem.places[school].name;
    let mut days = far_days(view, far).collect::<Vec<_>>();
    days.sort_unstable();
    let (count, number) = (days.len(), problem.days[days[0]].week);
    let dates = days.iter().map(|&day| problem.day_text(day)).map(|date| (date.zh, date.en));
    let (zh, en): (Vec<_>, Vec<_>) = dates.unzip();
    let (zh, en) = (zh.join("、"), en.join(", "));
    Violation {
        sessions: far_sessions(view, far).map(|(session, _)| session).collect(),
        ..Violation::new(
            format!(
                "{name}教师第{number}周分{count}天外出参加活动（{zh}），路程在{far}分钟以上，宜安排在同一天"
            ),
            format!(
                "{name} sends people {far} minutes away on {count} days of week {number} ({en}); one would do"
            ),
        )
        .place(Some(school))
        .day(days[0])
    }
}

fn far_sessions(view: &SetView, far: Minute) -> impl Iterator<Item = (SessionIx, DayIx)> + Clone {
    let problem = view.problem;
    let way = move |host| problem.travel[view.guest_school()][host];
    let placed = view.placed().filter(move |&(session, placement)| {
        problem.gathers_at(session, placement).is_some_and(|host| way(host) >= far)
    });
    placed.map(|(session, placement)| (session, problem.day_of(placement.start)))
}

/// Each day once.
fn far_days(view: &SetView, far: Minute) -> impl Iterator<Item = DayIx> {
    let days = far_sessions(view, far).map(|(_, day)| day);
    let earlier = days.clone();
    let first = move |&(ix, day): &(usize, DayIx)| !earlier.clone().take(ix).any(|other| other == day);
    days.enumerate().filter(first).map(|(_, day)| day)
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;

    /// Two sessions in the east to which people of the west are asked; half an hour is far.
    fn far() -> Town {
        let mut town = Town::new();
        let (li, wang) = (town.person("李", town.west), town.person("王", town.west));
        town.invites(&[li]);
        town.session("数学联合教研 第1次");
        town.invites(&[wang]);
        town.input.limits.far = Some(30);
        town
    }

    #[test]
    fn two_days_of_one_week_break_it() {
        let mut town = far();
        let found = town.expect("far_travel_grouped", 1, |plan| plan.at(0, "14:00").then(2, "9:00"));
        assert_eq!(
            found[0].reason.zh,
            "西关小学教师第2周分2天外出参加活动（9月7日（周一）、9月9日（周三）），路程在30分钟以上，宜安排在同一天"
        );
        town.input.limits.far = Some(31);
        town.expect("far_travel_grouped", 0, |plan| plan.at(0, "14:00").then(2, "9:00"));
    }

    #[test]
    fn one_day_or_two_weeks_keep_it() {
        far().expect("far_travel_grouped", 0, |plan| plan.at(0, "14:00").then(0, "9:00"));
        far().expect("far_travel_grouped", 0, |plan| plan.at(0, "14:00").then(7, "9:00"));
    }

    #[test]
    fn a_session_at_the_school_itself_or_online_takes_nobody_away() {
        let mut town = far();
        let west = town.option(town.west);
        town.expect("far_travel_grouped", 0, |plan| plan.at(0, "14:00").then(2, "9:00").held(west));
        town.input.sessions[1].options[west].place = None;
        town.expect("far_travel_grouped", 0, |plan| plan.at(0, "14:00").then(2, "9:00").held(west));
    }
}
