//! What a change of a plan costs: the same evaluation before and after. Pure.

use std::collections::HashSet;

use session_planner::{
    Attendance, Effect, Level, Rule, RuleScore, Rules, Score, attendance, check, differences, evaluate, score,
};
use uuid::Uuid;

use super::prepare::rule_broken;
use super::reading::Board;
use crate::error::{Bilingual, UserError};

/// What a change costs.
#[derive(Debug, Clone)]
pub struct Cost {
    /// The score of the plan as it is.
    pub before: Score,
    /// The score it would have.
    pub after: Score,
    /// The rules whose penalty changes, in the order of the rules.
    pub rules: Vec<RuleChange>,
    /// The hard rules that forbid the change; empty: it can be made.
    pub broken: Vec<UserError>,
    /// Who does not come now and would.
    pub newly_present: Vec<Presence>,
    /// Who is not excused now and would be.
    pub newly_excused: Vec<Presence>,
    /// Who comes now and would not be invited any more.
    pub no_longer_invited: Vec<Presence>,
}

/// A rule that gets worse or better.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleChange {
    /// The rule's name.
    pub name: &'static str,
    /// Its level.
    pub level: Level,
    /// What it demands.
    pub sentence: Bilingual,
    /// Its penalty as the plan is.
    pub before: i64,
    /// The penalty it would have.
    pub after: i64,
    /// What would be wrong and is not now.
    pub worse: Vec<Bilingual>,
    /// What is wrong now and would not be any more.
    pub better: Vec<Bilingual>,
}

/// Somebody's part in a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    /// The session.
    pub session: Uuid,
    /// Who.
    pub teacher: Uuid,
    /// Why she is excused.
    pub excuse: Option<Bilingual>,
}

/// Compares two plans of the same rows. Nothing is broken by this alone; see [`broken`].
pub fn cost(before: &Board, after: &Board) -> Cost {
    let rules = Rules::standard();
    let was = evaluate(&before.problem, &rules, &before.assignment);
    let (changes, effects) =
        differences(&rules, (&before.problem, &before.assignment), (&after.problem, &after.assignment));
    let changed = rules.iter().zip(&was.rules);
    let changed = changed.filter_map(|(rule, was)| rule_change(rule, was, &changes, &effects)).collect();
    let (now, then) = (Attending::of(before), Attending::of(after));
    Cost {
        before: was.score,
        after: score(&after.problem, &rules, &after.assignment),
        rules: changed,
        broken: Vec::new(),
        newly_present: missing(&then.present, &[&now.present]),
        newly_excused: missing(&then.excused, &[&now.excused]),
        no_longer_invited: missing(&now.present, &[&then.present, &then.excused]),
    }
}

fn rule_change(
    rule: &Rule,
    was: &RuleScore,
    changes: &[session_planner::RuleChange],
    effects: &[Effect],
) -> Option<RuleChange> {
    let more = changes.iter().find(|change| change.rule == rule.name).map_or(0, |change| change.penalty);
    let told = |appears: bool| -> Vec<Bilingual> {
        let of_rule = effects.iter().filter(|one| one.rule == rule.name && one.appears() == appears);
        let reasons = of_rule.map(|one| &one.violation.reason);
        reasons.map(|reason| Bilingual::new(&reason.zh, &reason.en)).collect()
    };
    let (worse, better) = (told(true), told(false));
    if more == 0 && worse.is_empty() && better.is_empty() {
        return None;
    }
    Some(RuleChange {
        name: rule.name,
        level: rule.level,
        sentence: Bilingual::new(rule.sentence.0, rule.sentence.1),
        before: was.penalty,
        after: was.penalty + more,
        worse,
        better,
    })
}

/// The hard rules that forbid `session` to stand where `after` has it, and those that it breaks for others.
pub fn broken(before: &Board, after: &Board, session: Uuid) -> Vec<UserError> {
    let hard = |board: &Board| check(&board.problem, &Rules::standard(), &board.assignment);
    let stood = hard(before);
    let number = after.number(session);
    let mut broken: Vec<UserError> = Vec::new();
    for violation in hard(after) {
        let own = number.is_some_and(|number| violation.sessions.contains(&number));
        let fault = rule_broken(&violation);
        if (own || !stood.iter().any(|old| old.reason == violation.reason)) && !broken.contains(&fault) {
            broken.push(fault);
        }
    }
    broken
}

/// Who comes to the sessions of a plan and who is excused, in the order of the sessions.
struct Attending {
    present: Vec<Presence>,
    excused: Vec<Presence>,
}

impl Attending {
    fn of(board: &Board) -> Self {
        let mut attending = Self { present: Vec::new(), excused: Vec::new() };
        let people = &board.statement.people;
        let all = attendance(&board.problem, &board.assignment);
        for (&session, Attendance { attending: present, excused, .. }) in
            board.statement.sessions.iter().zip(&all)
        {
            attending.present.extend(present.iter().map(|person| Presence {
                session,
                teacher: people[*person],
                excuse: None,
            }));
            attending.excused.extend(excused.iter().map(|(person, why)| Presence {
                session,
                teacher: people[*person],
                excuse: Some(Bilingual::new(&why.zh, &why.en)),
            }));
        }
        attending
    }
}

/// Those of `found` who are not among `others`.
fn missing(found: &[Presence], others: &[&[Presence]]) -> Vec<Presence> {
    let key = |one: &Presence| (one.session, one.teacher);
    let others: HashSet<(Uuid, Uuid)> = others.iter().flat_map(|list| list.iter().map(key)).collect();
    found.iter().filter(|one| !others.contains(&key(one))).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_comes_elsewhere_is_missing_here() {
        let (session, other, teacher) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        let at = |session| Presence { session, teacher, excuse: None };
        let excused = Presence { excuse: Some(Bilingual::new("冲突", "a clash")), ..at(session) };
        assert_eq!(missing(&[at(session), at(other)], &[&[excused]]), [at(other)]);
        assert_eq!(missing(&[at(session)], &[&[at(other)], &[at(session)]]), []);
    }
}
