//! Nobody spends half her week at sessions.

use super::{Check, Rule, Sink, Violation};
use crate::score::Level;
use crate::week::{PersonWeek, Visit};

/// Unit: a session of a person above the limit in one week, published ones counted. It takes another half-day of hers, which is worth
/// five covered lessons.
pub(crate) const RULE: Rule = Rule {
    name: "sessions_per_person_week",
    sentence: (
        "一人一周参加的活动不超过规定次数。",
        "Nobody attends more sessions in a week than the limit.",
    ),
    level: Level::Soft,
    default_weight: 30,
    check: Check::PersonWeek(check),
};

fn check(week: &PersonWeek, sink: &mut dyn Sink) {
    let problem = week.problem;
    let limits = problem.limits_of(problem.people[week.person].group);
    let (Some(limit), Some(first)) = (limits.sessions_per_week, week.visits.first()) else {
        return;
    };
    let published = problem.sessions_in(week.person, problem.week_of(first.day));
    let planned = week.visits.iter().filter(|visit| visit.attends()).count() as u16;
    let (total, number) = (published + planned, problem.days[first.day].week);
    if total <= limit {
        return;
    }
    // What is published already is nobody's choice here.
    sink.add(i64::from(planned.min(total - limit)), &|| {
        let who = problem.person_text(week.person);
        let attended = week.visits.iter().filter(|visit: &&Visit| visit.attends());
        Violation {
            sessions: attended.map(|visit| visit.session).collect(),
            ..Violation::new(
                format!("{who}第{number}周参加{total}次活动，超过每周{limit}次的上限"),
                format!("{who} attends {total} sessions in week {number}; the limit is {limit}"),
            )
            .person(week.person)
            .day(first.day)
        }
    });
}

#[cfg(test)]
mod tests {
    use crate::problem::EngagementKind;
    use crate::testing::Town;

    fn busy() -> Town {
        let mut town = Town::new();
        let guest = town.person("王一", town.east);
        town.invites(&[guest]);
        town.session("数学联合教研 第1次");
        town.requires(guest);
        town.input.limits.sessions_per_week = Some(1);
        town
    }

    #[test]
    fn a_session_above_the_limit_breaks_it_and_one_in_another_week_keeps_it() {
        let town = busy();
        let found = town.expect("sessions_per_person_week", 1, |plan| plan.at(0, "14:00").then(2, "14:00"));
        assert_eq!(found[0].reason.zh, "王一第2周参加2次活动，超过每周1次的上限");
        assert_eq!(found[0].sessions, [1, 0]);
        town.expect("sessions_per_person_week", 0, |plan| plan.at(0, "14:00").then(7, "14:00"));
    }

    #[test]
    fn published_sessions_count_and_are_not_held_against_the_plan() {
        let mut town = busy();
        for day in [1, 3, 4] {
            town.engage(0, EngagementKind::Session, day, "9:00", None);
        }
        town.expect("sessions_per_person_week", 1, |plan| plan.at(0, "14:00").then(7, "14:00"));
    }

    #[test]
    fn whoever_is_excused_does_not_attend() {
        busy().expect("sessions_per_person_week", 0, |plan| plan.at(0, "14:00").then(0, "15:00"));
    }

    #[test]
    fn without_a_limit_anything_goes() {
        let mut town = busy();
        town.input.limits.sessions_per_week = None;
        town.expect("sessions_per_person_week", 0, |plan| plan.at(0, "14:00").then(2, "14:00"));
    }
}
