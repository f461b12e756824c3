//! Nobody sets out too early or comes back too late.

use super::{Check, Rule, Sink, Violation};
use crate::problem::{DAY, Minute};
use crate::score::Level;
use crate::text::clock;
use crate::week::{PersonWeek, Visit};

/// Unit: ten minutes (begun) of one person's way before the morning's or after the evening's limit; three times as dear as by day.
pub(crate) const RULE: Rule = Rule {
    name: "travel_hours",
    sentence: (
        "参加人员不过早出发、不过晚返回。",
        "Nobody sets out before, or comes back after, the hours for travel.",
    ),
    level: Level::Soft,
    default_weight: 3,
    check: Check::PersonWeek(check),
};

fn check(week: &PersonWeek, sink: &mut dyn Sink) {
    let problem = week.problem;
    for visit in week.visits.iter().filter(|visit| visit.attends() && visit.place.is_some()) {
        let base = Some(problem.base_on(week.person, visit.day));
        let midnight = visit.day as Minute * DAY;
        let leaves = visit.start - problem.travel_between(base, visit.place) - midnight;
        let returns = visit.end + problem.travel_between(visit.place, base) - midnight;
        // Only the way counts: hours in which sessions run are the business of the rule on hours.
        let early = problem.hours.travel_from.min(visit.start - midnight) - leaves;
        let late = returns - problem.hours.travel_until.max(visit.end - midnight);
        if early > 0 {
            let at = clock(leaves);
            sink.add(tens(early), &|| {
                describe(week, visit, &format!("须{at}出发"), &format!("has to leave at {at} for"))
            });
        }
        if late > 0 {
            let at = clock(returns);
            sink.add(tens(late), &|| {
                describe(week, visit, &format!("{at}才能返回"), &format!("is back at {at} only from"))
            });
        }
    }
}

fn tens(minutes: Minute) -> i64 {
    i64::from((minutes + 9) / 10)
}

fn describe(week: &PersonWeek, visit: &Visit, zh: &str, en: &str) -> Violation {
    let problem = week.problem;
    let (who, name) = (problem.person_text(week.person), problem.session_text(visit.session));
    let date = problem.day_text(visit.day);
    Violation::new(format!("{} {who}参加{name}{zh}", date.zh), format!("{}: {who} {en} {name}", date.en))
        .session(visit.session)
        .person(week.person)
        .place(visit.place)
        .day(visit.day)
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;

    #[test]
    fn a_way_before_half_past_seven_breaks_it() {
        let mut town = Town::new();
        let guest = town.person("王一", town.west);
        town.invites(&[guest]);
        town.input.hours.travel_from = 7 * 60 + 45;
        let found = town.expect("travel_hours", 2, |plan| plan.at(0, "8:00"));
        assert_eq!(found[0].reason.zh, "9月7日（周一） 王一参加“语文联合教研 第1次”须7:30出发");
        town.expect("travel_hours", 0, |plan| plan.at(0, "8:20"));
    }

    #[test]
    fn a_way_after_the_evenings_limit_breaks_it() {
        let mut town = Town::new();
        let guest = town.person("王一", town.west);
        town.invites(&[guest]);
        town.input.hours.travel_until = 17 * 60 + 50;
        town.expect("travel_hours", 1, |plan| plan.at(0, "15:30"));
        town.expect("travel_hours", 0, |plan| plan.at(0, "15:20"));
    }
}
