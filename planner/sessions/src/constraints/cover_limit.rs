//! Nobody who is required leaves too many lessons to colleagues in one week.

use super::{Check, Rule, Sink, Violation};
use crate::score::Level;
use crate::week::{PersonWeek, Role};

/// Unit: a lesson above the limit.
pub(crate) const RULE: Rule = Rule {
    name: "cover_limit",
    sentence: (
        "必须到场的人员每周调课不超过规定节数。",
        "Nobody required at sessions has more lessons covered in a week than the limit.",
    ),
    level: Level::Hard,
    default_weight: 1,
    check: Check::PersonWeek(check),
};

fn check(week: &PersonWeek, sink: &mut dyn Sink) {
    let problem = week.problem;
    let limit = usize::from(problem.limits_of(problem.people[week.person].group).cover_per_week);
    // Lessons for sessions she may leave never push her above the limit, and come after those she may not.
    let required = week.visits.iter().filter(|visit| visit.role == Role::Required);
    let Some(first) = week.visits.first() else { return };
    let promised = usize::from(problem.covered_in(week.person, problem.week_of(first.day)));
    if week.covers.len() + promised <= limit {
        return;
    }
    let own = week.covers.iter().filter(|cover| required.clone().any(|visit| visit.session == cover.session));
    let own = own.count();
    let needed = own + promised;
    if own == 0 || needed <= limit {
        return;
    }
    // What is promised already is nobody's choice here.
    sink.add(own.min(needed - limit) as i64, &|| {
        let who = problem.person_text(week.person);
        let first = week.visits.iter().map(|visit| visit.day).min().unwrap_or_default();
        let number = problem.days[first].week;
        let mut violation = Violation::new(
            format!("{who}第{number}周须调课{needed}节，超过每周{limit}节的上限"),
            format!("{who} would have {needed} lessons covered in week {number}; the limit is {limit}"),
        )
        .person(week.person)
        .day(first);
        violation.sessions = required.clone().map(|visit| visit.session).collect();
        violation
    });
}

#[cfg(test)]
mod tests {
    use crate::problem::EngagementKind;
    use crate::testing::Town;

    #[test]
    fn a_third_covered_lesson_of_a_required_person_breaks_it() {
        let mut town = Town::new();
        let chair = town.person("周然诗", town.east);
        town.requires(chair);
        for time in ["13:30", "14:20", "15:10"] {
            town.engage(chair, EngagementKind::Lesson, 0, time, Some(town.east));
        }
        let found = town.expect("cover_limit", 1, |plan| plan.at(0, "14:00"));
        assert_eq!(found[0].reason.zh, "周然诗第2周须调课3节，超过每周2节的上限");
        town.expect("cover_limit", 0, |plan| plan.at(0, "14:20"));
    }

    #[test]
    fn the_lessons_of_the_whole_week_count_together() {
        let mut town = Town::new();
        let chair = town.person("周然诗", town.east);
        town.requires(chair);
        town.session("数学联合教研 第1次");
        town.requires(chair);
        for (day, time) in [(0, "14:20"), (0, "15:10"), (1, "14:20")] {
            town.engage(chair, EngagementKind::Lesson, day, time, Some(town.east));
        }
        town.expect("cover_limit", 1, |plan| plan.at(0, "14:00").then(1, "14:00"));
        town.expect("cover_limit", 0, |plan| plan.at(0, "14:00").then(8, "14:00"));
    }

    #[test]
    fn lessons_promised_to_other_sessions_count_and_are_nobodys_fault_here() {
        let mut town = Town::new();
        let chair = town.person("周然诗", town.east);
        town.requires(chair);
        town.engage(chair, EngagementKind::Lesson, 0, "14:20", Some(town.east));
        town.input.people[chair].covered = vec![1];
        town.expect("cover_limit", 0, |plan| plan.at(0, "14:00"));
        town.input.people[chair].covered = vec![1, 3];
        town.expect("cover_limit", 1, |plan| plan.at(0, "14:00"));
        town.input.people[chair].covered = vec![1, 2, 3, 3];
        let found = town.expect("cover_limit", 1, |plan| plan.at(0, "14:00"));
        assert_eq!(found[0].reason.zh, "周然诗第2周须调课5节，超过每周2节的上限");
        town.expect("cover_limit", 0, |plan| plan.at(1, "14:00"));
    }

    #[test]
    fn an_education_group_sets_its_own_limit() {
        let mut town = Town::new();
        let chair = town.person("周然诗", town.east);
        town.requires(chair);
        for time in ["13:30", "14:20", "15:10"] {
            town.engage(chair, EngagementKind::Lesson, 0, time, Some(town.east));
        }
        town.group().limits.cover_per_week = 3;
        town.expect("cover_limit", 0, |plan| plan.at(0, "14:00"));
    }
}
