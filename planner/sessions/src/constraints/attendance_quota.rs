//! Each school can send as many people as it is asked for (各校半数教师).

use super::{Check, Rule, SessionView, Sink, Violation};
use crate::build::Problem;
use crate::evaluate::{people_of, visit};
use crate::problem::{PersonIx, PlaceIx, Placement, SessionIx};
use crate::score::Level;
use crate::week::{Role, can_come_alone};

/// Unit: a person too few of a school. Those who could come if nothing else were planned count: who is kept away by another session of the
/// plan is the business of `audience_present`. Three times as dear as one excused person, since a school has promised them.
pub(crate) const RULE: Rule = Rule {
    name: "attendance_quota",
    sentence: (
        "各校能到场的人数达到规定名额。",
        "As many people of each school can come as its quota asks for.",
    ),
    level: Level::Medium,
    default_weight: 3,
    check: Check::Session(check),
};

fn check(view: &SessionView, sink: &mut dyn Sink) {
    let (problem, session) = (view.problem, view.session);
    let Some(placement) = view.placement else { return };
    for &(place, quota) in &problem.sessions[session].options[placement.option].quotas {
        let quota = usize::from(quota);
        let found = able(problem, session, placement, place).take(quota).count();
        if found >= quota {
            continue;
        }
        sink.add((quota - found) as i64, &|| {
            let (name, school) = (problem.session_text(session), &problem.places[place].name);
            let time = problem.time_text(placement.start);
            Violation::new(
                format!("{name}排在{}，{school}只有{found}人能到场，名额为{quota}人", time.zh),
                format!(
                    "{name} is on {}, when {found} people of {school} can come; its quota is {quota}",
                    time.en
                ),
            )
            .session(session)
            .place(Some(place))
            .day(problem.day_of(placement.start))
        });
    }
}

/// Those of the people asked, based at a school on the day, who could come if nothing else were planned.
fn able<'a>(
    problem: &'a Problem,
    session: SessionIx,
    placement: &'a Placement,
    place: PlaceIx,
) -> impl Iterator<Item = PersonIx> + 'a {
    let part = visit(problem, session, placement, Role::Audience);
    let here = people_of(problem, session, placement)
        .filter(move |&(person, _)| problem.base_on(person, part.day) == place);
    let come =
        here.filter(move |&(person, role)| role == Role::Required || can_come_alone(problem, person, &part));
    come.map(|(person, _)| person)
}

#[cfg(test)]
mod tests {
    use crate::problem::EngagementKind;
    use crate::testing::Town;

    #[test]
    fn each_person_too_few_breaks_it() {
        let mut town = Town::new();
        let guests = ["王一", "王二", "王三"].map(|name| town.person(name, town.east));
        let other = town.person("李四", town.west);
        town.invites(&[guests[0], guests[1], guests[2], other]);
        town.input.sessions[0].options[0].quotas = vec![(town.east, 3)];
        town.engage(guests[0], EngagementKind::Session, 0, "14:00", None);
        town.engage(guests[1], EngagementKind::Presence, 0, "14:00", Some(town.west));
        town.engage(guests[2], EngagementKind::Lesson, 0, "14:00", Some(town.east));
        let found = town.expect("attendance_quota", 2, |plan| plan.at(0, "14:00"));
        assert_eq!(
            found[0].reason.zh,
            "“语文联合教研 第1次”排在9月7日（周一）14:00，城东小学只有1人能到场，名额为3人"
        );
        town.expect("attendance_quota", 0, |plan| plan.at(1, "14:00"));
    }

    #[test]
    fn whoever_must_be_there_counts_once_and_whoever_is_away_that_day_does_not() {
        let mut town = Town::new();
        let [chair, presenter, guest] = ["周然诗", "李二", "王三"].map(|name| town.person(name, town.east));
        town.requires(chair);
        town.presents(&[chair, presenter]);
        town.presents(&[chair, presenter]);
        town.invites(&[chair, presenter, guest]);
        town.input.sessions[0].options[0].quotas = vec![(town.east, 3)];
        town.expect("attendance_quota", 0, |plan| plan.at(0, "14:00").by(&[chair, presenter]));
        town.input.people[guest].away = vec![(0, town.west)];
        town.expect("attendance_quota", 1, |plan| plan.at(0, "14:00").by(&[chair, presenter]));
    }
}
