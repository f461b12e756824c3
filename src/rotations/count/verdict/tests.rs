//! Rules one by one.

use super::*;
use crate::entity::values::{DutyKind, ExemptionKind, HonourLevel, PlacementForm, Stage};
use crate::rotations::count::facts::{Away, Honour, Reason};
use crate::rotations::policy::{Backbone, ExemptionGround, Graduating, Stages};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// A woman of 40 who came to her primary school ten years ago.
fn wang() -> Person {
    Person {
        sex: Some(Sex::Female),
        born_on: Some(day("1986-03-01")),
        title: None,
        stage: Stage::Primary,
        since: day("2016-09-01"),
        duties: Vec::new(),
        honours: Vec::new(),
        grades: Vec::new(),
        away: None,
        grounds: Vec::new(),
        remarks: Vec::new(),
    }
}

fn judged(person: &Person, rules: &[Rule]) -> Verdict {
    judge(person, rules, day("2026-09-01"))
}

fn standing_of(person: &Person, rules: &[Rule]) -> (CandidacyStanding, Option<Reason>) {
    let verdict = judged(person, rules);
    (verdict.standing, verdict.facts.reason())
}

const MUST: (CandidacyStanding, Option<Reason>) = (CandidacyStanding::MustMove, None);
const MAY: (CandidacyStanding, Option<Reason>) = (CandidacyStanding::MayMove, None);

fn barred(reason: Reason) -> (CandidacyStanding, Option<Reason>) {
    (CandidacyStanding::NotEligible, Some(reason))
}

fn six_years(must: bool) -> Rule {
    Rule::MustMoveTenure(Tenure { years: 6, must })
}

fn principals() -> Rule {
    Rule::LeaderTerms(LeaderTerms {
        duties: vec![DutyKind::Principal],
        terms: 2,
        years_per_term: 3,
        must: true,
    })
}

fn limit(sex: Option<Sex>, years: u8, leaders: bool) -> Rule {
    Rule::AgeLimit(AgeLimit { sex, years, leaders })
}

#[test]
fn six_full_years_count_to_the_day() {
    let since = |since| Person { since: day(since), ..wang() };
    assert_eq!(standing_of(&since("2020-09-01"), &[six_years(true)]), MUST);
    assert_eq!(standing_of(&since("2020-09-01"), &[six_years(false)]), MAY);
    assert_eq!(standing_of(&since("2020-09-02"), &[six_years(true)]), barred(Reason::TenureShort));
}

#[test]
fn without_a_rule_on_tenure_everybody_may_move() {
    assert_eq!(standing_of(&Person { since: day("2026-03-01"), ..wang() }, &[]), MAY);
}

#[test]
fn the_oldest_age_still_moves_and_one_more_year_does_not() {
    let born = |born| Person { born_on: Some(day(born)), ..wang() };
    let women = limit(Some(Sex::Female), 45, false);
    assert_eq!(standing_of(&born("1980-10-01"), std::slice::from_ref(&women)), MAY, "she is 45");
    assert_eq!(
        standing_of(&born("1980-09-01"), std::slice::from_ref(&women)),
        barred(Reason::OverAge),
        "she is 46"
    );
    let man = Person { sex: Some(Sex::Male), ..born("1970-01-01") };
    assert_eq!(standing_of(&man, &[women]), MAY, "the limit is for women");
}

#[test]
fn who_has_no_date_of_birth_is_not_passed_in_silence() {
    let unknown = Person { born_on: None, ..wang() };
    assert_eq!(standing_of(&unknown, &[limit(None, 50, false)]), barred(Reason::DataMissing));
    let unknown = Person { sex: None, ..wang() };
    assert_eq!(standing_of(&unknown, &[limit(Some(Sex::Male), 50, false)]), barred(Reason::DataMissing));
}

#[test]
fn leaders_move_by_their_terms_whatever_their_years_and_age() {
    let principal = |since| Person {
        born_on: Some(day("1972-01-01")),
        duties: vec![(DutyKind::Principal, day(since))],
        ..wang()
    };
    let rules = [six_years(true), limit(Some(Sex::Female), 45, false), principals()];
    assert_eq!(standing_of(&principal("2020-09-01"), &rules), MUST);
    assert_eq!(standing_of(&principal("2021-09-01"), &rules), barred(Reason::TermsShort));
    let with_leaders = [principals(), limit(Some(Sex::Female), 45, true)];
    assert_eq!(standing_of(&principal("2020-09-01"), &with_leaders), barred(Reason::OverAge));
}

#[test]
fn deputies_move_like_teachers_unless_a_rule_names_them() {
    let deputy = Person { duties: vec![(DutyKind::VicePrincipal, day("2024-09-01"))], ..wang() };
    assert_eq!(standing_of(&deputy, &[six_years(true), principals()]), MUST);
    let both = LeaderTerms {
        duties: vec![DutyKind::Principal, DutyKind::VicePrincipal],
        terms: 2,
        years_per_term: 3,
        must: true,
    };
    assert_eq!(standing_of(&deputy, &[six_years(true), Rule::LeaderTerms(both)]), barred(Reason::TermsShort));
}

#[test]
fn more_than_five_years_before_retirement_are_more_than_five() {
    let rule = Rule::YearsBeforeRetirement(Retirement { more_than: 5, men: 60, women: 55 });
    let born = |born| Person { born_on: Some(day(born)), ..wang() };
    assert_eq!(standing_of(&born("1976-10-01"), std::slice::from_ref(&rule)), MAY, "five years and a month");
    assert_eq!(standing_of(&born("1976-09-01"), std::slice::from_ref(&rule)), barred(Reason::NearRetirement));
    let man = Person { sex: Some(Sex::Male), ..born("1976-09-01") };
    assert_eq!(standing_of(&man, &[rule]), MAY);
}

#[test]
fn only_the_stages_named_take_part() {
    let rule = Rule::Stage(Stages { stages: vec![Stage::Junior] });
    assert_eq!(standing_of(&wang(), std::slice::from_ref(&rule)), barred(Reason::StageOutside));
    assert_eq!(standing_of(&Person { stage: Stage::Junior, ..wang() }, &[rule]), MAY);
}

#[test]
fn graduating_grades_stay_when_the_policy_says_so() {
    let rule = |may_move| Rule::GraduatingGrade(Graduating { grades: vec![6], may_move });
    let sixth = Person { grades: vec![5, 6], ..wang() };
    assert_eq!(standing_of(&sixth, &[rule(false)]), barred(Reason::GraduatingGrade));
    let verdict = judged(&sixth, &[rule(true)]);
    assert_eq!((verdict.standing, verdict.facts.graduating), (CandidacyStanding::MayMove, true));
    assert!(!judged(&wang(), &[rule(true)]).facts.graduating);
}

#[test]
fn honours_of_the_level_and_above_make_one_backbone() {
    let rule = Rule::Honour(Backbone { least: HonourLevel::County });
    let with = |level| Person { honours: vec![Honour { level, name: "骨干".to_owned() }], ..wang() };
    assert!(judged(&with(HonourLevel::County), std::slice::from_ref(&rule)).backbone);
    assert!(judged(&with(HonourLevel::Province), std::slice::from_ref(&rule)).backbone);
    assert!(!judged(&with(HonourLevel::School), std::slice::from_ref(&rule)).backbone);
    assert!(!judged(&with(HonourLevel::Nation), &[]).backbone, "without a rule nobody is");
}

#[test]
fn an_accepted_ground_defers_or_exempts_as_the_policy_says() {
    let ground = |effect| {
        Rule::Exemption(ExemptionGround {
            kind: ExemptionKind::Illness,
            effect,
            evidence: None,
            announced: true,
            longest_years: None,
        })
    };
    let ill = Person { grounds: vec![(ExemptionKind::Illness, None)], ..wang() };
    let standing = |effect| judged(&ill, &[six_years(true), ground(effect)]).standing;
    assert_eq!(standing(ExemptionEffect::Deferred), CandidacyStanding::Deferred);
    assert_eq!(standing(ExemptionEffect::Exempt), CandidacyStanding::Exempt);
    assert_eq!(
        standing_of(&ill, &[six_years(true)]),
        MUST,
        "a ground the policy does not know excuses nobody"
    );
}

#[test]
fn a_remark_on_the_roster_excuses_nobody_and_is_shown() {
    let expecting = Person { remarks: vec![ExemptionKind::Pregnancy], ..wang() };
    let verdict = judged(&expecting, &[six_years(true)]);
    assert_eq!(verdict.standing, CandidacyStanding::MustMove);
    assert!(verdict.facts.is_remarked());
    let accepted = Person { grounds: vec![(ExemptionKind::Pregnancy, None)], ..expecting };
    assert!(!judged(&accepted, &[six_years(true)]).facts.is_remarked());
}

#[test]
fn who_serves_elsewhere_is_not_sent_on() {
    let away = Away { form: PlacementForm::Exchange, school: "河湾小学".to_owned(), until_on: None };
    let person = Person { away: Some(away), ..wang() };
    assert_eq!(standing_of(&person, &[six_years(true)]), barred(Reason::ServesElsewhere));
}
