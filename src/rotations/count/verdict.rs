//! Where a teacher stands under a policy: pure, one finding per rule that concerns her.

use chrono::{Months, NaiveDate};

use super::facts::{Effect, Facts, Finding, Leading, Length, Person, What};
use crate::entity::values::{CandidacyStanding, DutyKind, Sex};
use crate::rotations::policy::{
    AgeLimit, ExemptionEffect, Graduating, LeaderTerms, Retirement, Rule, Tenure,
};

/// Where a teacher stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Whether she must, may or need not move.
    pub standing: CandidacyStanding,
    /// Whether she counts as 骨干.
    pub backbone: bool,
    /// What decided it.
    pub facts: Facts,
}

/// Judges a teacher by the rules, in their order, with years and ages as they are on `day`.
pub fn judge(person: &Person, rules: &[Rule], day: NaiveDate) -> Verdict {
    let leading = leading(person, rules, day);
    let mut findings = Vec::new();
    if let Some(away) = person.away.clone() {
        findings.push(Finding { rule: None, effect: Effect::Bars, what: What::ServesElsewhere { away } });
    }
    for (ordinal, rule) in (1..).zip(rules) {
        let found = look(rule, person, leading.as_ref(), day);
        findings.extend(found.into_iter().map(|(effect, what)| Finding {
            rule: Some(ordinal),
            effect,
            what,
        }));
    }
    let accepted = |kind| person.grounds.iter().any(|(ground, _)| *ground == kind);
    let open = person.remarks.iter().copied().filter(|kind| !accepted(*kind));
    findings.extend(open.map(|kind| Finding {
        rule: None,
        effect: Effect::Notes,
        what: What::Remarked { kind },
    }));
    Verdict {
        standing: standing(&findings),
        backbone: findings.iter().any(|finding| matches!(finding.what, What::Honoured { .. })),
        facts: Facts {
            counted_on: day,
            since: person.since,
            tenure: Length::between(person.since, day),
            age: person.born_on.map(|born| Length::between(born, day).years),
            title: person.title,
            honours: person.honours.clone(),
            leading,
            graduating: findings.iter().any(|finding| matches!(finding.what, What::Graduating { .. })),
            grades: person.grades.clone(),
            findings,
        },
    }
}

/// What bars goes before what excuses, and that before what requires.
pub(super) fn standing(findings: &[Finding]) -> CandidacyStanding {
    let any = |effect| findings.iter().any(|finding| finding.effect == effect);
    let exempt = findings.iter().any(|finding| match &finding.what {
        What::Exempted { effect, .. } => *effect == ExemptionEffect::Exempt,
        _ => false,
    });
    if any(Effect::Bars) {
        CandidacyStanding::NotEligible
    } else if exempt {
        CandidacyStanding::Exempt
    } else if any(Effect::Excuses) {
        CandidacyStanding::Deferred
    } else if any(Effect::Requires) {
        CandidacyStanding::MustMove
    } else {
        CandidacyStanding::MayMove
    }
}

/// Her time in the duty that a rule on terms looks at; then years at the school do not count.
fn leading(person: &Person, rules: &[Rule], day: NaiveDate) -> Option<Leading> {
    let asked = rules.iter().filter_map(|rule| match rule {
        Rule::LeaderTerms(terms) => Some(terms),
        _ => None,
    });
    let held = asked.filter_map(|terms| held(person, terms)).next()?;
    let (duty, since) = held;
    Some(Leading { duty, since, length: Length::between(since, day) })
}

fn held(person: &Person, terms: &LeaderTerms) -> Option<(DutyKind, NaiveDate)> {
    person
        .duties
        .iter()
        .filter(|(duty, _)| terms.duties.contains(duty))
        .min_by_key(|(_, since)| *since)
        .copied()
}

/// The highest graduating grade she teaches.
fn graduating(person: &Person, asked: &Graduating) -> Option<u8> {
    person.grades.iter().copied().filter(|grade| asked.grades.contains(grade)).max()
}

type Found = Option<(Effect, What)>;

/// What one rule finds; nothing when it does not concern her.
fn look(rule: &Rule, person: &Person, leading: Option<&Leading>, day: NaiveDate) -> Found {
    match rule {
        Rule::MustMoveTenure(rule) if leading.is_none() => Some(tenure(*rule, person, day)),
        Rule::AgeLimit(rule) if leading.is_none() || rule.leaders => age(*rule, person, day),
        Rule::LeaderTerms(rule) => {
            leading.filter(|held| rule.duties.contains(&held.duty)).map(|held| terms(rule, held))
        }
        Rule::YearsBeforeRetirement(rule) => Some(retirement(*rule, person, day)),
        Rule::Stage(rule) if !rule.stages.contains(&person.stage) => {
            Some((Effect::Bars, What::StageOutside { stage: person.stage }))
        }
        Rule::GraduatingGrade(rule) => {
            let effect = if rule.may_move { Effect::Allows } else { Effect::Bars };
            graduating(person, rule).map(|grade| (effect, What::Graduating { grade }))
        }
        Rule::Honour(rule) => {
            let counted = person.honours.iter().filter(|honour| honour.level >= rule.least);
            let honour = counted.max_by_key(|honour| honour.level)?.clone();
            Some((Effect::Allows, What::Honoured { honour }))
        }
        Rule::Exemption(rule) => {
            let (kind, until_on) = *person.grounds.iter().find(|(kind, _)| *kind == rule.kind)?;
            Some((Effect::Excuses, What::Exempted { kind, effect: rule.effect, until_on }))
        }
        // These say how many move, where, how and for how long: not who.
        _ => None,
    }
}

fn reached(reached: bool, must: bool) -> Effect {
    match (reached, must) {
        (false, _) => Effect::Bars,
        (true, true) => Effect::Requires,
        (true, false) => Effect::Allows,
    }
}

fn tenure(rule: Tenure, person: &Person, day: NaiveDate) -> (Effect, What) {
    let length = Length::between(person.since, day);
    (reached(length.years >= rule.years, rule.must), What::Tenure { length, needed: rule.years })
}

fn age(rule: AgeLimit, person: &Person, day: NaiveDate) -> Found {
    match (rule.sex, person.sex) {
        (Some(_), None) => return Some((Effect::Bars, What::SexUnknown)),
        (Some(asked), Some(hers)) if asked != hers => return None,
        _ => {}
    }
    let Some(born) = person.born_on else { return Some((Effect::Bars, What::BirthUnknown)) };
    let age = Length::between(born, day).years;
    let effect = if age <= rule.years { Effect::Allows } else { Effect::Bars };
    Some((effect, What::Age { age, limit: rule.years }))
}

fn terms(rule: &LeaderTerms, held: &Leading) -> (Effect, What) {
    let asked = rule.terms.saturating_mul(rule.years_per_term);
    let what = What::Terms {
        duty: held.duty,
        length: held.length,
        terms: rule.terms,
        years_per_term: rule.years_per_term,
    };
    (reached(held.length.years >= asked, rule.must), what)
}

fn retirement(rule: Retirement, person: &Person, day: NaiveDate) -> (Effect, What) {
    let Some(born) = person.born_on else { return (Effect::Bars, What::BirthUnknown) };
    let age = match person.sex {
        Some(Sex::Male) => rule.men,
        Some(Sex::Female) => rule.women,
        None => return (Effect::Bars, What::SexUnknown),
    };
    let retires = born.checked_add_months(Months::new(u32::from(age) * 12)).unwrap_or(born);
    let left = Length::between(day, retires);
    let more = left > Length { years: rule.more_than, months: 0 };
    (if more { Effect::Allows } else { Effect::Bars }, What::Retirement { left, more_than: rule.more_than })
}

#[cfg(test)]
mod tests;
