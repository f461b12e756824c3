//! People travel little.

use super::{Check, Rule, Sink, Violation};
use crate::problem::Minute;
use crate::score::Level;
use crate::trips;
use crate::week::{PersonWeek, Visit};

/// Unit: ten minutes of one person's way, there and back: from where she is based that day through its sessions on site and back.
pub(crate) const RULE: Rule = Rule {
    name: "little_travel",
    sentence: ("参加人员路程尽量短。", "The people who come travel as little as possible."),
    level: Level::Soft,
    default_weight: 1,
    check: Check::PersonWeek(check),
};

fn check(week: &PersonWeek, sink: &mut dyn Sink) {
    trips::each_day(week.problem, week.person, week.visits, Visit::attends, |visit, minutes| {
        let amount = i64::from((minutes + 5) / 10);
        if amount > 0 {
            sink.add(amount, &|| describe(week, visit, minutes));
        }
    });
}

fn describe(week: &PersonWeek, visit: &Visit, minutes: Minute) -> Violation {
    let problem = week.problem;
    let (who, name) = (problem.person_text(week.person), problem.session_text(visit.session));
    let date = problem.day_text(visit.day);
    let goes = |other: &&Visit| other.attends() && other.place.is_some() && other.day == visit.day;
    Violation {
        sessions: week.visits.iter().filter(goes).map(|visit| visit.session).collect(),
        ..Violation::new(
            format!("{} {who}参加{name}，往返路程共{minutes}分钟", date.zh),
            format!("{}: {who} travels {minutes} minutes for {name}", date.en),
        )
        .person(week.person)
        .place(visit.place)
        .day(visit.day)
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;

    #[test]
    fn the_way_there_and_back_counts_from_where_a_person_is_based_that_day() {
        let mut town = Town::new();
        let guest = town.person("王一", town.west);
        town.invites(&[guest]);
        let found = town.expect("little_travel", 6, |plan| plan.at(0, "14:00"));
        assert_eq!(found[0].reason.zh, "9月7日（周一） 王一参加“语文联合教研 第1次”，往返路程共60分钟");
        let near = town.person("周然诗", town.west);
        town.requires(near);
        town.input.people[near].away.push((1, town.east));
        town.expect("little_travel", 12, |plan| plan.at(0, "14:00"));
        town.expect("little_travel", 6, |plan| plan.at(1, "14:00"));
    }

    #[test]
    fn two_sessions_at_one_school_on_one_day_take_one_way() {
        let mut town = Town::new();
        let guest = town.person("王一", town.west);
        town.invites(&[guest]);
        town.session("数学联合教研 第1次");
        town.invites(&[guest]);
        town.expect("little_travel", 6, |plan| plan.at(0, "9:00").then(0, "14:00"));
        town.expect("little_travel", 12, |plan| plan.at(0, "9:00").then(1, "14:00"));
    }
}
