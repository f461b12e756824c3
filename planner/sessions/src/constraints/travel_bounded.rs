//! Nobody travels more over the term than the limit.

use super::{Check, PersonTerm, Rule, Sink, Violation};
use crate::score::Level;
use crate::trips;

/// Unit: ten minutes (begun) of one person's way above the limit for the planned days, published sessions counted. Four times as dear as a
/// way within it, and on top of it.
pub(crate) const RULE: Rule = Rule {
    name: "travel_bounded",
    sentence: (
        "一人全学期往返活动的路程不超过规定时间。",
        "Nobody's travel to sessions over the term takes longer than the limit.",
    ),
    level: Level::Soft,
    default_weight: 4,
    check: Check::PersonTerm(check),
};

fn check(term: &PersonTerm, sink: &mut dyn Sink) {
    let problem = term.problem;
    let Some(limit) = problem.limits_of(problem.people[term.person].group).travel_per_term else {
        return;
    };
    let published = problem.prior(term.person).travel;
    let mut planned = 0;
    trips::each_day(problem, term.person, term.visits, |_| true, |_, minutes| planned += minutes);
    let total = published + planned;
    if planned == 0 || total <= limit {
        return;
    }
    // What is published already is nobody's choice here.
    let above = planned.min(total - limit);
    sink.add(i64::from((above + 9) / 10), &|| {
        let who = problem.person_text(term.person);
        let on_site = term.visits.iter().filter(|visit| visit.place.is_some());
        Violation {
            sessions: on_site.map(|visit| visit.session).collect(),
            ..Violation::new(
                format!("{who}全学期往返活动的路程共{total}分钟，超过{limit}分钟的上限"),
                format!("{who} travels {total} minutes to sessions over the term; the limit is {limit}"),
            )
            .person(term.person)
        }
    });
}

#[cfg(test)]
mod tests {
    use crate::problem::EngagementKind;
    use crate::testing::Town;

    fn limited(minutes: i32) -> Town {
        let mut town = Town::new();
        let guest = town.person("王一", town.west);
        town.invites(&[guest]);
        town.session("数学联合教研 第1次");
        town.invites(&[guest]);
        town.input.limits.travel_per_term = Some(minutes);
        town
    }

    #[test]
    fn minutes_above_the_limit_break_it() {
        let town = limited(75);
        let found = town.expect("travel_bounded", 5, |plan| plan.at(0, "14:00").then(1, "14:00"));
        assert_eq!(found[0].reason.zh, "王一全学期往返活动的路程共120分钟，超过75分钟的上限");
        town.expect("travel_bounded", 0, |plan| plan.at(0, "9:00").then(0, "14:00"));
    }

    #[test]
    fn the_way_to_published_sessions_counts() {
        let mut town = limited(60);
        town.expect("travel_bounded", 0, |plan| plan.at(0, "14:00"));
        town.engage(0, EngagementKind::Session, 3, "9:00", Some(town.east));
        town.expect("travel_bounded", 6, |plan| plan.at(0, "14:00"));
    }
}
