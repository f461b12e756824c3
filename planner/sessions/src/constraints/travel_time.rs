//! Whoever is required can get from one thing to the next in time.

use super::{Check, Rule, Sink, Violation};
use crate::problem::Minute;
use crate::score::Level;
use crate::week::{Clash, PersonWeek, Visit, With};

pub(crate) const RULE: Rule = Rule {
    name: "travel_time",
    sentence: (
        "必须到场的人员前后两项活动之间有足够的路程时间。",
        "Everybody required has time to travel from one session or presence to the next.",
    ),
    level: Level::Hard,
    default_weight: 1,
    check: Check::PersonWeek(check),
};

fn check(week: &PersonWeek, sink: &mut dyn Sink) {
    week.each_clash(|visit, with, clash| {
        if let Clash::TooFar { gap, travel } = clash {
            sink.add(1, &|| describe(week, visit, with, (gap, travel)));
        }
    });
}

fn describe(week: &PersonWeek, visit: &Visit, with: With, (gap, travel): (Minute, Minute)) -> Violation {
    let problem = week.problem;
    let (who, name) = (problem.person_text(week.person), problem.session_text(visit.session));
    let (here, (there, _)) = (week.site(visit), week.whereabouts(with));
    let (date, other) = (problem.day_text(visit.day), with.text(problem, week.person));
    let violation = Violation::new(
        format!(
            "{} {who}参加{name}（{}）与{}（{}），两地路程{travel}分钟，中间只有{gap}分钟",
            date.zh, here.zh, other.zh, there.zh
        ),
        format!(
            "{}: {who} is needed at {name} ({}) and at {} ({}), {travel} minutes apart with {gap} minutes between",
            date.en, here.en, other.en, there.en
        ),
    )
    .session(visit.session)
    .person(week.person)
    .day(visit.day);
    match with {
        With::Session(session) => violation.session(session),
        With::Engagement(_) => violation,
    }
}

#[cfg(test)]
mod tests {
    use crate::problem::EngagementKind;
    use crate::testing::Town;

    #[test]
    fn a_gap_shorter_than_the_way_breaks_it() {
        let mut town = Town::new();
        let chair = town.person("周然诗", town.east);
        town.requires(chair);
        town.engage(chair, EngagementKind::Session, 0, "10:40", Some(town.west));
        let found = town.expect("travel_time", 1, |plan| plan.at(0, "8:20"));
        assert_eq!(
            found[0].reason.zh,
            "9月7日（周一） 周然诗参加“语文联合教研 第1次”（城东小学）与10:40—11:20已发布的“公开课”（西关小学），两地路程30分钟，中间只有20分钟"
        );
        town.expect("travel_time", 0, |plan| plan.at(0, "8:10"));
    }

    #[test]
    fn an_online_session_needs_no_way() {
        let mut town = Town::new();
        let chair = town.person("周然诗", town.east);
        town.requires(chair);
        town.engage(chair, EngagementKind::Session, 0, "10:40", None);
        town.expect("travel_time", 0, |plan| plan.at(0, "8:30"));
    }
}
