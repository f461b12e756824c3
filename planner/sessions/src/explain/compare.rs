//! What one plan changes against another.

use std::collections::BTreeSet;

use super::book::{Book, Effect, RuleChange, changes, sum};
use crate::attendance::attendance;
use crate::build::Problem;
use crate::constraints::Rules;
use crate::diff::{Change, ChangeKind, diff};
use crate::evaluate::{Groupings, score};
use crate::problem::{Assignment, PersonIx, SessionIx};
use crate::score::Score;

/// Two plans of one problem, compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Score of the old plan.
    pub old: Score,
    /// Score of the new one.
    pub new: Score,
    /// Sessions that stand differently, ascending.
    pub moved: Vec<Change>,
    /// Rules whose penalty differs, in the order of the rules; negative is better.
    pub rules: Vec<RuleChange>,
    /// What appears and what disappears, the heaviest first.
    pub effects: Vec<Effect>,
    /// Whose sessions change, by person and session.
    pub people: Vec<PersonChange>,
}

/// Somebody whose part in a session changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonChange {
    /// Who.
    pub person: PersonIx,
    /// Where.
    pub session: SessionIx,
    /// How.
    pub part: Part,
}

/// How a part in a session changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// She comes now and did not.
    Joins,
    /// She came and does not any more: not invited, excused, or the session is not placed.
    Leaves,
    /// She comes at another time or to another place.
    Elsewhere,
}

/// What `new` changes against `old`. A plan may be shorter than the problem: sessions it lacks count as not placed.
///
/// # Panics
/// As [`crate::evaluate`].
pub fn compare(problem: &Problem, rules: &Rules, old: &Assignment, new: &Assignment) -> Comparison {
    let whole = |plan: &Assignment| {
        let mut plan = plan.clone();
        plan.resize(problem.sessions.len(), None);
        plan
    };
    let (old, new) = (whole(old), whole(new));
    let before = score(problem, rules, &old);
    let (changes, effects) = differences(rules, (problem, &old), (problem, &new));
    let moved = diff(&old, &new);
    Comparison {
        old: before,
        new: before + sum(&changes),
        rules: changes,
        effects,
        people: affected(problem, &old, &new, &moved),
        moved,
    }
}

/// What the rules find in one plan and not in another: rule by rule, and thing by thing, the heaviest first. The plans may be of
/// different problems, such as one in which a session is pinned or left out.
///
/// # Panics
/// As [`crate::evaluate`].
pub fn differences(
    rules: &Rules,
    (old_problem, old): (&Problem, &Assignment),
    (new_problem, new): (&Problem, &Assignment),
) -> (Vec<RuleChange>, Vec<Effect>) {
    let mut book = Book::of_reasons(rules);
    enter(&mut book, old_problem, rules, (old, -1));
    enter(&mut book, new_problem, rules, (new, 1));
    (changes(rules, book.amounts().iter().copied()), book.effects(rules))
}

/// Everything the rules find in a plan, each sentence once, the heaviest first: what stands behind [`crate::Evaluation`], with each
/// penalty as its group weighs it.
///
/// # Panics
/// As [`crate::evaluate`].
pub fn findings(problem: &Problem, rules: &Rules, plan: &Assignment) -> Vec<Effect> {
    let mut book = Book::of_reasons(rules);
    enter(&mut book, problem, rules, (plan, 1));
    book.effects(rules)
}

fn enter(book: &mut Book, problem: &Problem, rules: &Rules, (plan, times): (&Assignment, i64)) {
    let plan = Groupings::of(problem, plan);
    for (ix, rule) in rules.iter().enumerate() {
        plan.judge(rule, &mut |owner, look| look(&mut book.line(ix, times, problem.weight(rule, owner))));
    }
}

fn affected(problem: &Problem, old: &Assignment, new: &Assignment, moved: &[Change]) -> Vec<PersonChange> {
    let elsewhere = |session: SessionIx| {
        moved.iter().any(|change| {
            let goes = |kind| matches!(kind, ChangeKind::Moved { time, place, .. } if time || place);
            change.session == session && goes(change.kind)
        })
    };
    let mut people = Vec::new();
    for (session, (before, after)) in
        attendance(problem, old).into_iter().zip(attendance(problem, new)).enumerate()
    {
        let before = before.attending.into_iter().collect::<BTreeSet<_>>();
        let after = after.attending.into_iter().collect::<BTreeSet<_>>();
        let moves = elsewhere(session);
        for &person in before.union(&after) {
            let part = match (before.contains(&person), after.contains(&person)) {
                (false, _) => Part::Joins,
                (_, false) => Part::Leaves,
                _ if moves => Part::Elsewhere,
                _ => continue,
            };
            people.push(PersonChange { person, session, part });
        }
    }
    people.sort_by_key(|change| (change.person, change.session));
    people
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::EngagementKind;
    use crate::testing::Town;

    #[test]
    fn a_move_is_told_with_what_it_mends_and_whom_it_affects() {
        let mut town = Town::new();
        let (guest, chair) = (town.person("王一", town.east), town.person("周然诗", town.east));
        town.invites(&[guest]);
        town.requires(chair);
        town.engage(guest, EngagementKind::Session, 0, "14:00", None);
        town.session("数学联合教研 第1次");
        town.invites(&[guest]);
        let problem = town.build();
        let old = town.plan(|plan| plan.at(0, "14:00").then(2, "14:00"));
        let new = town.plan(|plan| plan.at(1, "14:00"));
        let found = compare(&problem, &Rules::standard(), &old, &new[..1].to_vec());
        let moved = found.moved.iter().map(|change| change.session).collect::<Vec<_>>();
        assert_eq!(moved, [0, 1]);
        let people = found.people.iter().map(|change| (change.person, change.session, change.part));
        assert_eq!(
            people.collect::<Vec<_>>(),
            [(guest, 0, Part::Joins), (guest, 1, Part::Leaves), (chair, 0, Part::Elsewhere)]
        );
        let rule =
            |name: &str| found.rules.iter().find(|change| change.rule == name).map(|change| change.count);
        assert_eq!((rule("audience_present"), rule("sessions_placed")), (Some(-1), Some(1)));
        assert_eq!(found.effects[0].violation.reason.zh, "“数学联合教研 第1次”尚未排定");
        assert_eq!(found.new, crate::score(&problem, &Rules::standard(), &new));
    }

    #[test]
    fn findings_are_told_heaviest_first_and_weighed_as_the_score_is() {
        let mut town = Town::new();
        let guest = town.person("王一", town.east);
        town.invites(&[guest]);
        town.engage(guest, EngagementKind::Lesson, 0, "14:00", Some(town.east));
        town.session("数学联合教研 第1次");
        let (problem, rules) = (town.build(), Rules::standard());
        let found = findings(&problem, &rules, &town.plan(|plan| plan.at(0, "14:00")));
        let told = found.iter().map(|effect| (effect.rule, effect.penalty)).collect::<Vec<_>>();
        assert_eq!(told, [("sessions_placed", 1_000), ("lessons_covered", 6)]);
    }

    #[test]
    fn a_session_that_the_other_problem_leaves_out_is_not_missed_there() {
        let mut town = Town::new();
        let (alone, plan) = (town.build(), town.plan(|plan| plan.at(0, "14:00")));
        town.session("数学联合教研 第1次");
        let (both, rules) = (town.build(), Rules::standard());
        let longer = town.plan(|plan| plan.at(0, "14:00"));
        let (changes, effects) = differences(&rules, (&both, &longer), (&alone, &plan));
        let change =
            |name: &str| changes.iter().find(|change| change.rule == name).map(|change| change.count);
        assert_eq!(change("sessions_placed"), Some(-1));
        assert_eq!(effects[0].violation.reason.zh, "“数学联合教研 第1次”尚未排定");
        assert!(!effects[0].appears());
    }

    #[test]
    fn a_plan_differs_from_itself_in_nothing() {
        let town = Town::new();
        let plan = town.plan(|plan| plan.at(0, "14:00"));
        let found = compare(&town.build(), &Rules::standard(), &plan, &plan);
        assert_eq!((found.moved.len(), found.rules.len()), (0, 0));
        assert_eq!((found.effects.len(), found.people.len()), (0, 0));
    }
}
