//! A policy as the parts of a problem. Each kind of rule is named here: one that is new does not compile until somebody says what
//! it does to a proposal.

use rotation_planner as planner;

use super::super::material::{Counted, Material};
use super::super::settings::Settings;
use super::Candidate;
use crate::entity::values::{CandidacyStanding, PlacementForm, Stage};
use crate::error::{Error, Result, UserError};
use crate::rotations::count;
use crate::rotations::policy::{
    Bound, Direction, Duration, Quality, Rate, RateBase, Rounding, Rule, SchoolCap, base_words, quality_words,
};

/// What a policy asks of a proposal, beyond who is eligible.
#[derive(Debug, Default)]
pub struct Ruled<'m> {
    /// Rates, each with its place in the policy.
    pub rates: Vec<(i32, &'m Rate)>,
    /// For how long.
    pub duration: Option<Duration>,
    /// Purposes, the first before the others.
    pub directions: Vec<Direction>,
    /// How many may leave a school.
    pub cap: Option<SchoolCap>,
    /// Longest way, in minutes.
    pub longest: Option<u16>,
    /// Forms that are allowed; `None`: all.
    pub forms: Option<&'m [PlacementForm]>,
}

impl<'m> Ruled<'m> {
    /// Of a policy.
    pub fn of(material: &'m Material) -> Self {
        let mut ruled = Self::default();
        for (ordinal, rule) in (1..).zip(material.policy.bare()) {
            match rule {
                // These decide who must, may or need not move: the count has looked at them.
                Rule::MustMoveTenure(_)
                | Rule::AgeLimit(_)
                | Rule::LeaderTerms(_)
                | Rule::YearsBeforeRetirement(_)
                | Rule::Honour(_)
                | Rule::Stage(_)
                | Rule::GraduatingGrade(_)
                | Rule::Exemption(_)
                | Rule::CountedOn(_) => {}
                Rule::Rate(rate) => ruled.rates.push((ordinal, rate)),
                Rule::Duration(duration) => ruled.duration = Some(*duration),
                Rule::Direction(rule) => ruled.directions.extend(&rule.directions),
                Rule::SchoolCap(cap) => ruled.cap = Some(*cap),
                Rule::LongestCommute(rule) => ruled.longest = Some(rule.minutes),
                Rule::Forms(rule) => ruled.forms = Some(&rule.forms),
            }
        }
        ruled
    }

    /// Whether the policy names this purpose.
    pub fn wants(&self, direction: Direction) -> bool {
        self.directions.contains(&direction)
    }

    /// Whether a rate says how many of those of a stage who must move do so in one round: then not all of them do.
    pub fn paces_the_due(&self, stage: Stage) -> bool {
        self.rates.iter().any(|(_, rate)| {
            let of_stage = rate.stages.is_empty() || rate.stages.contains(&stage);
            let of_anyone = rate.movers == Quality::Anyone && rate.base_quality == Quality::Anyone;
            of_stage && of_anyone && rate.bound == Bound::AtLeast && rate.base != RateBase::Movers
        })
    }

    /// Most teachers who may leave a school of so many.
    pub fn out_cap(&self, teachers: u32) -> Option<u32> {
        let cap = self.cap?;
        Some(cap.share.of(teachers, cap.rounding).max(u32::from(cap.at_least)))
    }
}

/// The rates of the policy, with the shares of the settings where they have others.
///
/// # Errors
/// `Rejected` when the settings name a rule that is no rate.
pub fn rates(
    material: &Material,
    ruled: &Ruled<'_>,
    settings: &Settings,
    candidates: &[Option<Candidate>],
) -> Result<Vec<planner::Rate>> {
    let known = |ordinal: i32| ruled.rates.iter().any(|(place, _)| *place == ordinal);
    let strangers = settings.quotas.iter().filter(|quota| !known(quota.ordinal));
    let faults: Vec<UserError> = strangers.map(|quota| no_rate(quota.ordinal)).collect();
    if !faults.is_empty() {
        return Err(Error::Rejected(faults));
    }
    Ok(ruled
        .rates
        .iter()
        .map(|(ordinal, rate)| stated(material, settings, candidates, *ordinal, rate))
        .collect())
}

fn no_rate(ordinal: i32) -> UserError {
    UserError::new(
        "NOT_A_RATE",
        format!("政策第{ordinal}条不是比例，不能试改"),
        format!("rule {ordinal} of the policy is no rate: it cannot be varied"),
    )
    .at("quotas")
}

fn stated(
    material: &Material,
    settings: &Settings,
    candidates: &[Option<Candidate>],
    ordinal: i32,
    rate: &Rate,
) -> planner::Rate {
    let quota = settings.quotas.iter().find(|quota| quota.ordinal == ordinal);
    let share = quota.and_then(|quota| quota.share).unwrap_or(rate.share);
    let among = |quality: Quality, due: bool| -> Vec<planner::TeacherIx> {
        let counts = |(ix, counted): (usize, &Counted)| {
            let candidate = candidates[ix].as_ref()?;
            let of_base = !due || candidate.standing == CandidacyStanding::MustMove;
            let staged = rate.stages.is_empty() || rate.stages.contains(&counted.row.stage);
            let has = count::has_quality(&counted.row, &counted.facts, quality);
            (of_base && staged && has).then_some(ix)
        };
        material.counted.iter().enumerate().filter_map(counts).collect()
    };
    let due = rate.base == RateBase::MustMove;
    let denominator = among(rate.base_quality, due);
    planner::Rate {
        name: rate_name(rate),
        numerator: among(rate.movers, due),
        denominator: match rate.base {
            RateBase::Movers => planner::Denominator::MoversAmong(denominator),
            RateBase::Eligible | RateBase::MustMove => {
                planner::Denominator::People(u32::try_from(denominator.len()).unwrap_or(u32::MAX))
            }
        },
        share: planner::Share { parts: share.parts, of: share.whole },
        bound: match rate.bound {
            Bound::AtLeast => planner::Bound::AtLeast,
            Bound::AtMost => planner::Bound::AtMost,
        },
        rounding: match rate.rounding {
            Rounding::Up => planner::Rounding::Up,
            Rounding::Down => planner::Rounding::Down,
            Rounding::Nearest => planner::Rounding::Half,
        },
        soft: quota.filter(|quota| quota.soft).map(|_| 1),
    }
}

/// What a rate is about: 交流的骨干教师占交流的教师总数.
fn rate_name(rate: &Rate) -> planner::Words {
    let stages: Vec<&str> = rate.stages.iter().map(|stage| stage.zh()).collect();
    let (who_zh, who_en) = quality_words(rate.movers);
    let (base_zh, base_en) = base_words(rate.base, rate.base_quality);
    let stage = if stages.is_empty() { String::new() } else { format!("（{}）", stages.join("、")) };
    planner::Words::new(
        format!("交流的{who_zh}占{base_zh}{stage}"),
        format!("{who_en} who move of {base_en}{stage}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rotations::policy::Share;

    #[test]
    fn those_who_are_due_are_paced_by_a_rate_of_their_own_stage_alone() {
        let rate = |stages: &[Stage]| Rate {
            movers: Quality::Anyone,
            base: RateBase::Eligible,
            base_quality: Quality::Anyone,
            share: Share::percent(15),
            bound: Bound::AtLeast,
            rounding: Rounding::Up,
            stages: stages.to_vec(),
        };
        let paces =
            |rate: &Rate, stage| Ruled { rates: vec![(1, rate)], ..Ruled::default() }.paces_the_due(stage);
        let primary = rate(&[Stage::Primary]);
        assert!(paces(&primary, Stage::Primary) && !paces(&primary, Stage::Junior));
        assert!(paces(&rate(&[]), Stage::Junior), "a rate of all stages");
        let ceiling = Rate { bound: Bound::AtMost, ..rate(&[]) };
        assert!(!paces(&ceiling, Stage::Primary), "a ceiling lets nobody wait");
    }
}
