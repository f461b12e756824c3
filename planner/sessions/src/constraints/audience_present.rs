//! Whoever is expected can come.

use super::{Check, Rule, Sink, Violation};
use crate::build::Problem;
use crate::problem::PersonIx;
use crate::score::Level;
use crate::text::Reason;
use crate::week::{Clash, Excuse, PersonWeek, Role, Visit};

/// Unit: a person excused from a session at which she is expected. Whoever is only welcome is the business of `guests_present`.
pub(crate) const RULE: Rule = Rule {
    name: "audience_present",
    sentence: ("应到人员都能到场。", "Everybody expected can come."),
    level: Level::Medium,
    default_weight: 1,
    check: Check::PersonWeek(check),
};

fn check(week: &PersonWeek, sink: &mut dyn Sink) {
    excused(week, Role::Audience, sink);
}

/// Tells of each session from which a person is excused, of those in which she has this part.
pub(crate) fn excused(week: &PersonWeek, role: Role, sink: &mut dyn Sink) {
    for visit in week.visits.iter().filter(|visit| visit.role == role) {
        let Some(excuse) = visit.excuse else { continue };
        sink.add(1, &|| {
            Violation::because(reason(week.problem, week.person, visit, excuse))
                .session(visit.session)
                .person(week.person)
                .day(visit.day)
        });
    }
}

/// Why a person does not attend, as she reads it.
pub(crate) fn reason(problem: &Problem, person: PersonIx, visit: &Visit, excuse: Excuse) -> Reason {
    let (who, name) = (problem.person_text(person), problem.session_text(visit.session));
    let time = problem.time_text(visit.start);
    let (zh, en) = match excuse {
        Excuse::CoverLimit(needed) => {
            let limit = problem.limits_of(problem.people[person].group).cover_per_week;
            (
                format!("本周须调课{needed}节，超过{limit}节的上限"),
                format!("{needed} lessons would need cover in the week and the limit is {limit}"),
            )
        }
        Excuse::Clash(with, Clash::Overlap) => {
            let with = with.text(problem, person);
            (format!("同时有{}", with.zh), format!("{} is at the same time", with.en))
        }
        Excuse::Clash(with, Clash::TooFar { gap, travel }) => {
            let with = with.text(problem, person);
            (
                format!("与{}之间只有{gap}分钟，路程需{travel}分钟", with.zh),
                format!("there are {gap} minutes between it and {}, {travel} minutes away", with.en),
            )
        }
    };
    Reason::new(
        format!("{} {who}不能参加{name}：{zh}", time.zh),
        format!("{}: {who} cannot attend {name}: {en}", time.en),
    )
}

#[cfg(test)]
mod tests {
    use crate::problem::EngagementKind;
    use crate::testing::Town;

    #[test]
    fn a_guest_of_two_sessions_at_once_is_excused_from_the_later_one() {
        let mut town = Town::new();
        let guest = town.person("王一", town.east);
        town.invites(&[guest]);
        town.session("数学联合教研 第1次");
        town.invites(&[guest]);
        let found = town.expect("audience_present", 1, |plan| plan.at(0, "14:00").then(0, "15:00"));
        assert_eq!(
            found[0].reason.zh,
            "9月7日（周一）15:00 王一不能参加“数学联合教研 第1次”：同时有“语文联合教研 第1次”"
        );
        town.expect("audience_present", 0, |plan| plan.at(0, "14:00").then(1, "15:00"));
    }

    #[test]
    fn a_guest_who_chairs_another_session_is_excused_even_if_it_is_later() {
        let mut town = Town::new();
        let guest = town.person("王一", town.east);
        town.invites(&[guest]);
        town.session("数学联合教研 第1次");
        town.requires(guest);
        let found = town.expect("audience_present", 1, |plan| plan.at(0, "14:00").then(0, "15:00"));
        assert_eq!(found[0].sessions, [0]);
    }

    #[test]
    fn too_many_lessons_to_cover_excuse_a_guest() {
        let mut town = Town::new();
        let guest = town.person("王一", town.east);
        town.invites(&[guest]);
        for time in ["14:00", "14:50", "15:30"] {
            town.engage(guest, EngagementKind::Lesson, 0, time, Some(town.east));
        }
        let found = town.expect("audience_present", 1, |plan| plan.at(0, "14:00"));
        assert_eq!(
            found[0].reason.zh,
            "9月7日（周一）14:00 王一不能参加“语文联合教研 第1次”：本周须调课3节，超过2节的上限"
        );
        town.expect("audience_present", 0, |plan| plan.at(0, "14:40"));
    }

    #[test]
    fn who_is_absent_that_day_is_not_invited() {
        let mut town = Town::new();
        let guest = town.person("王一", town.east);
        town.invites(&[guest]);
        town.absent(guest, 0, 1);
        let attends = |day| {
            let plan = town.plan(|plan| plan.at(day, "14:00"));
            crate::attendance(&town.build(), &plan).remove(0)
        };
        assert_eq!(attends(1), crate::Attendance::default());
        assert_eq!(attends(2).attending, [guest]);
    }

    #[test]
    fn who_is_based_elsewhere_that_day_is_not_invited() {
        let mut town = Town::new();
        let guest = town.person("王一", town.east);
        town.invites(&[guest]);
        town.input.people[guest].away.push((0, town.west));
        town.engage(guest, EngagementKind::Presence, 0, "14:00", Some(town.west));
        town.expect("audience_present", 0, |plan| plan.at(0, "14:00"));
    }
}
