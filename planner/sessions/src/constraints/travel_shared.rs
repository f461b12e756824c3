//! It is not always the same people who travel.

use super::{Check, PersonTerm, Rule, Sink, Violation};
use crate::problem::DayIx;
use crate::score::Level;
use crate::week::Visit;

/// A person may go elsewhere once in so many teaching weeks before it counts as a burden: once a month.
const WEEKS_OF_A_TRIP: usize = 4;

/// Unit: each day away from her school counts one more than the one before, once they are more than one in four teaching weeks. The
/// fifth day too many costs as much as a hundred minutes of way: hosts are chosen so that others travel, too.
pub(crate) const RULE: Rule = Rule {
    name: "travel_shared",
    sentence: ("外出参加活动不总是同一些人。", "It is not always the same people who travel to sessions."),
    level: Level::Soft,
    default_weight: 2,
    check: Check::PersonTerm(check),
};

fn check(term: &PersonTerm, sink: &mut dyn Sink) {
    let problem = term.problem;
    let published = &problem.prior(term.person).trips;
    let free = problem.teaching_weeks().len() / WEEKS_OF_A_TRIP;
    if published.len() + term.visits.len() <= free {
        return;
    }
    let days = new_days(term, published).count();
    let trips = published.len() + days;
    if days == 0 || trips <= free {
        return;
    }
    // What is published already is nobody's choice here.
    let above = |trips: usize| trips.saturating_sub(free) as i64;
    let steps = |above: i64| above * (above + 1) / 2;
    sink.add(steps(above(trips)) - steps(above(published.len())), &|| {
        let who = problem.person_text(term.person);
        Violation {
            sessions: new_days(term, published).map(|visit| visit.session).collect(),
            ..Violation::new(
                format!("{who}全学期外出{trips}天，平均{WEEKS_OF_A_TRIP}周不超过1天为宜（{free}天）"),
                format!(
                    "{who} travels on {trips} days of the term; one in {WEEKS_OF_A_TRIP} weeks is {free}"
                ),
            )
            .person(term.person)
        }
    });
}

/// Visits elsewhere than where she is based, one for each day on which she has not to travel anyway.
fn new_days<'a>(term: &'a PersonTerm, published: &'a [DayIx]) -> impl Iterator<Item = &'a Visit> {
    let problem = term.problem;
    let away = move |visit: &Visit| {
        visit.place.is_some_and(|place| place != problem.base_on(term.person, visit.day))
    };
    let visits = term.visits.iter().enumerate();
    let away_first = visits.filter(move |(ix, visit)| {
        let earlier = term.visits[..*ix].iter().any(|other| other.day == visit.day && away(other));
        away(visit) && !earlier && published.binary_search(&visit.day).is_err()
    });
    away_first.map(|(_, visit)| visit)
}

#[cfg(test)]
mod tests {
    use crate::problem::EngagementKind;
    use crate::testing::Town;

    /// Four sessions in the east in a term of four weeks, to which somebody of the west is invited.
    fn four() -> Town {
        let mut town = Town::new();
        let guest = town.person("王一", town.west);
        town.invites(&[guest]);
        for name in ["数学联合教研 第1次", "英语联合教研 第1次", "科学联合教研 第1次"]
        {
            town.session(name);
            town.invites(&[guest]);
        }
        town
    }

    #[test]
    fn each_further_day_away_costs_more_than_the_one_before() {
        let town = four();
        town.expect("travel_shared", 0, |plan| plan.at(0, "14:00"));
        town.expect("travel_shared", 1, |plan| plan.at(0, "14:00").then(1, "14:00"));
        let found =
            town.expect("travel_shared", 3, |plan| plan.at(0, "14:00").then(1, "14:00").then(2, "14:00"));
        assert_eq!(found[0].reason.zh, "王一全学期外出3天，平均4周不超过1天为宜（1天）");
    }

    #[test]
    fn two_sessions_on_one_day_at_home_or_online_are_no_further_trip() {
        let mut town = four();
        town.expect("travel_shared", 0, |plan| plan.at(0, "8:00").then(0, "14:00"));
        town.input.people[0].away = vec![(1, town.east)];
        town.expect("travel_shared", 0, |plan| plan.at(0, "14:00").then(1, "14:00"));
        town.input.sessions[1].options[0].place = None;
        town.expect("travel_shared", 0, |plan| plan.at(0, "14:00").then(2, "14:00").without_room());
    }

    #[test]
    fn published_trips_count_and_are_not_held_against_the_plan() {
        let mut town = four();
        for day in [3, 4] {
            town.engage(0, EngagementKind::Session, day, "9:00", Some(town.east));
        }
        town.expect("travel_shared", 2, |plan| plan.at(0, "14:00"));
        town.expect("travel_shared", 0, |plan| plan.at(3, "14:00"));
    }
}
