//! The figures of a count: by school and in all, and what each rate of the policy asks of them, with its denominator.

use std::collections::BTreeMap;

use sea_orm::prelude::Uuid;

use super::facts::{Facts, Reason};
use super::{candidacies, policy};
use crate::entity::values::{CandidacyStanding, Stage, Title};
use crate::entity::{candidacy, rotation_round};
use crate::error::Result;
use crate::rotations::policy::{Bound, Policy, Quality, Rate, RateBase, Rule};
use crate::scope::Scope;

/// Teachers counted by where they stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standings {
    /// All teachers counted.
    pub teachers: u32,
    /// 应交流.
    pub must: u32,
    /// 可交流.
    pub may: u32,
    /// 免于交流.
    pub exempt: u32,
    /// 暂缓交流.
    pub deferred: u32,
    /// 不符合条件.
    pub not_eligible: u32,
    /// 骨干 among all.
    pub backbone: u32,
    /// 骨干 among the eligible.
    pub backbone_eligible: u32,
    /// Those whom the rules bar, by the first reason; who was made ineligible by hand has none.
    pub reasons: BTreeMap<Reason, u32>,
    /// Eligible ones whose remark on the roster needs looking into.
    pub remarked: u32,
    /// Standings that the office corrected.
    pub corrected: u32,
}

impl Standings {
    /// 符合条件: those who must and those who may move.
    pub fn eligible(&self) -> u32 {
        self.must + self.may
    }

    fn add(&mut self, one: &Counted<'_>) {
        self.teachers += 1;
        match one.row.standing {
            CandidacyStanding::MustMove => self.must += 1,
            CandidacyStanding::MayMove => self.may += 1,
            CandidacyStanding::Exempt => self.exempt += 1,
            CandidacyStanding::Deferred => self.deferred += 1,
            CandidacyStanding::NotEligible => self.not_eligible += 1,
        }
        self.backbone += u32::from(one.row.backbone);
        self.backbone_eligible += u32::from(one.row.backbone && one.is_eligible());
        self.remarked += u32::from(one.is_eligible() && one.facts.is_remarked());
        self.corrected += u32::from(one.row.correction.is_some());
        let barred = one.row.standing == CandidacyStanding::NotEligible;
        if let Some(reason) = one.facts.reason().filter(|_| barred) {
            *self.reasons.entry(reason).or_default() += 1;
        }
    }
}

/// The figures of one school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolCount {
    /// The school.
    pub school_id: Uuid,
    /// Its teachers.
    pub standings: Standings,
}

/// What a rate of the policy asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateCount {
    /// The rule's place in the policy, from 1.
    pub ordinal: i32,
    /// The rate.
    pub rate: Rate,
    /// People in the denominator; for a share of those who move, the fewest who must move by the other rates.
    pub denominator: u32,
    /// People the numerator must reach, or must not pass.
    pub required: u32,
    /// How many could be in the numerator.
    pub available: u32,
}

/// The figures of a count.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The policy; none while nothing was counted.
    pub policy: Option<Policy>,
    /// Everybody.
    pub total: Standings,
    /// By school.
    pub schools: Vec<SchoolCount>,
    /// What each rate asks for, in the order of the rules.
    pub rates: Vec<RateCount>,
}

struct Counted<'r> {
    row: &'r candidacy::Model,
    facts: Facts,
}

impl Counted<'_> {
    fn is_eligible(&self) -> bool {
        matches!(self.row.standing, CandidacyStanding::MustMove | CandidacyStanding::MayMove)
    }

    fn is_of(&self, base: RateBase, quality: Quality, stages: &[Stage]) -> bool {
        let based = match base {
            RateBase::Eligible | RateBase::Movers => self.is_eligible(),
            RateBase::MustMove => self.row.standing == CandidacyStanding::MustMove,
        };
        based && self.has(quality) && (stages.is_empty() || stages.contains(&self.row.stage))
    }

    fn has(&self, quality: Quality) -> bool {
        has_quality(self.row, &self.facts, quality)
    }
}

/// Whether somebody counted is of a kind that rates speak of.
pub fn has_quality(row: &candidacy::Model, facts: &Facts, quality: Quality) -> bool {
    let titled = || matches!(facts.title, Some(Title::SeniorProfessor | Title::Senior | Title::First));
    match quality {
        Quality::Anyone => true,
        Quality::Backbone => row.backbone,
        Quality::Distinguished => row.backbone || titled(),
        Quality::Graduating => facts.graduating,
    }
}

/// The figures of a round's count.
pub async fn summary(scope: &Scope, round: &rotation_round::Model) -> Result<Summary> {
    let rows = candidacies(scope.reader(), round).await?;
    let policy = match round.policy_id {
        Some(policy_id) => Some(policy::load(scope.reader(), scope.district.id, policy_id).await?),
        None => None,
    };
    summarise(&rows, policy)
}

/// The figures of candidacies under a policy.
///
/// # Errors
/// `Internal` when the facts of a row cannot be read.
pub fn summarise(rows: &[candidacy::Model], policy: Option<Policy>) -> Result<Summary> {
    let read = |row| Ok(Counted { row, facts: serde_json::from_value(row.facts.clone())? });
    let counted = rows.iter().map(read).collect::<Result<Vec<Counted<'_>>>>()?;
    let mut total = Standings::default();
    let mut schools: BTreeMap<Uuid, Standings> = BTreeMap::new();
    for one in &counted {
        total.add(one);
        schools.entry(one.row.school_id).or_default().add(one);
    }
    let rates = policy.as_ref().map(|policy| rates(policy, &counted)).unwrap_or_default();
    let schools =
        schools.into_iter().map(|(school_id, standings)| SchoolCount { school_id, standings }).collect();
    Ok(Summary { policy, total, schools, rates })
}

fn rates(policy: &Policy, counted: &[Counted<'_>]) -> Vec<RateCount> {
    let asked: Vec<(i32, &Rate)> = (1..)
        .zip(policy.bare())
        .filter_map(|(ordinal, rule)| match rule {
            Rule::Rate(rate) => Some((ordinal, rate)),
            _ => None,
        })
        .collect();
    let of = |base, quality, stages: &[Stage]| {
        counted.iter().filter(|one| one.is_of(base, quality, stages)).count() as u32
    };
    let all_movers = |rate: &Rate| {
        rate.movers == Quality::Anyone && rate.bound == Bound::AtLeast && rate.base != RateBase::Movers
    };
    // Rates of several stages add up; one for all stands beside them, and the greater of the two holds.
    let need = |rate: &Rate| rate.share.of(of(rate.base, rate.base_quality, &rate.stages), rate.rounding);
    let (whole, staged): (Vec<&Rate>, Vec<&Rate>) = asked
        .iter()
        .map(|(_, rate)| *rate)
        .filter(|rate| all_movers(rate))
        .partition(|rate| rate.stages.is_empty());
    let asked_of_all = whole.into_iter().map(need).max().unwrap_or(0);
    // The fewest who move of some stages: what rates of these ask for, and of a rate for all what the other stages cannot give.
    let least = |stages: &[Stage]| {
        let within =
            |rate: &&&Rate| stages.is_empty() || rate.stages.iter().all(|stage| stages.contains(stage));
        let own: u32 = staged.iter().filter(within).map(|rate| need(rate)).sum();
        let eligible = |stages| of(RateBase::Eligible, Quality::Anyone, stages);
        asked_of_all.saturating_sub(eligible(&[]) - eligible(stages)).max(own)
    };
    let count = |(ordinal, rate): (i32, &Rate)| {
        let denominator = match rate.base {
            RateBase::Movers => least(&rate.stages),
            base => of(base, rate.base_quality, &rate.stages),
        };
        RateCount {
            ordinal,
            rate: rate.clone(),
            denominator,
            required: rate.share.of(denominator, rate.rounding),
            available: of(RateBase::Eligible, rate.movers, &rate.stages),
        }
    };
    asked.into_iter().map(count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::rotation_policy;
    use crate::rotations::count::{Effect, Finding, Length, What};
    use crate::rotations::policy::{Rounding, Share};

    fn day() -> chrono::NaiveDate {
        "2026-09-01".parse().expect("a date")
    }

    fn row(standing: CandidacyStanding, backbone: bool, stage: Stage) -> candidacy::Model {
        let short = What::Tenure { length: Length { years: 2, months: 0 }, needed: 6 };
        let findings = match standing {
            CandidacyStanding::NotEligible => {
                vec![Finding { rule: Some(1), effect: Effect::Bars, what: short }]
            }
            _ => Vec::new(),
        };
        let facts = Facts {
            counted_on: day(),
            since: day(),
            tenure: Length { years: 0, months: 0 },
            age: None,
            title: None,
            honours: Vec::new(),
            leading: None,
            grades: Vec::new(),
            graduating: false,
            findings,
        };
        candidacy::Model {
            id: Uuid::nil(),
            district_id: Uuid::nil(),
            round_id: Uuid::nil(),
            teacher_id: Uuid::nil(),
            school_id: Uuid::nil(),
            stage,
            subject_id: None,
            standing,
            backbone,
            facts: serde_json::to_value(facts).expect("a value"),
            correction: None,
            computed_at: "2026-05-10T00:00:00Z".parse().expect("an instant"),
            version: 1,
        }
    }

    fn rate(movers: Quality, base: RateBase, percent: u32, stages: &[Stage]) -> Rule {
        Rule::Rate(Rate {
            movers,
            base,
            base_quality: Quality::Anyone,
            share: Share::percent(percent),
            bound: Bound::AtLeast,
            rounding: Rounding::Up,
            stages: stages.to_vec(),
        })
    }

    fn policy(rules: Vec<Rule>) -> Policy {
        let row = rotation_policy::Model {
            id: Uuid::nil(),
            district_id: Uuid::nil(),
            name: "办法".to_owned(),
            group_id: None,
            from_on: day(),
            until_on: None,
            preset: None,
            version: 1,
        };
        Policy { row, rules: rules.into_iter().map(|rule| (rule, None)).collect() }
    }

    /// Of 60 teachers 41 are eligible: 31 in primary schools, of whom 3 are 骨干, and 10 in junior ones.
    fn rows() -> Vec<candidacy::Model> {
        let mut rows = vec![row(CandidacyStanding::MustMove, false, Stage::Primary); 28];
        rows.extend(vec![row(CandidacyStanding::MustMove, true, Stage::Primary); 3]);
        rows.extend(vec![row(CandidacyStanding::MayMove, false, Stage::Junior); 10]);
        rows.extend(vec![row(CandidacyStanding::Deferred, true, Stage::Junior); 4]);
        rows.extend(vec![row(CandidacyStanding::NotEligible, false, Stage::Junior); 15]);
        rows
    }

    #[test]
    fn standings_add_up_to_the_teachers() {
        let total = summarise(&rows(), None).expect("figures").total;
        assert_eq!(
            (total.teachers, total.eligible(), total.backbone, total.backbone_eligible),
            (60, 41, 7, 3)
        );
        assert_eq!(
            total.must + total.may + total.exempt + total.deferred + total.not_eligible,
            total.teachers
        );
        assert_eq!(total.reasons, BTreeMap::from([(Reason::TenureShort, 15)]));
    }

    #[test]
    fn a_rate_names_its_denominator_and_rounds_up() {
        let rules = vec![
            rate(Quality::Anyone, RateBase::Eligible, 10, &[]),
            rate(Quality::Backbone, RateBase::Movers, 20, &[]),
        ];
        let rates = summarise(&rows(), Some(policy(rules))).expect("figures").rates;
        let told: Vec<_> =
            rates.iter().map(|rate| (rate.denominator, rate.required, rate.available)).collect();
        assert_eq!(told, [(41, 5, 41), (5, 1, 3)], "a tenth of 41 is five people, a fifth of these is one");
    }

    #[test]
    fn rates_of_several_stages_add_up() {
        let rules = vec![
            rate(Quality::Anyone, RateBase::Eligible, 10, &[Stage::Primary]),
            rate(Quality::Anyone, RateBase::Eligible, 15, &[Stage::Junior]),
            rate(Quality::Backbone, RateBase::Movers, 20, &[]),
        ];
        let rates = summarise(&rows(), Some(policy(rules))).expect("figures").rates;
        assert_eq!(rates.iter().map(|rate| rate.required).collect::<Vec<_>>(), [4, 2, 2]);
        assert_eq!(rates[2].denominator, 6);
    }

    #[test]
    fn a_share_of_those_who_move_of_a_stage_counts_those_of_that_stage() {
        let rules = vec![
            rate(Quality::Anyone, RateBase::Eligible, 10, &[Stage::Primary]),
            rate(Quality::Anyone, RateBase::Eligible, 15, &[Stage::Junior]),
            rate(Quality::Backbone, RateBase::Movers, 50, &[Stage::Junior]),
        ];
        let rates = summarise(&rows(), Some(policy(rules))).expect("figures").rates;
        assert_eq!((rates[2].denominator, rates[2].required), (2, 1), "of two who move in junior schools");

        let rules = vec![
            rate(Quality::Anyone, RateBase::Eligible, 90, &[]),
            rate(Quality::Backbone, RateBase::Movers, 20, &[Stage::Primary]),
        ];
        let rates = summarise(&rows(), Some(policy(rules))).expect("figures").rates;
        assert_eq!(rates[1].denominator, 27, "37 move, and junior schools have ten of them at most");
    }
}
