//! What came of a search, as a proposal keeps it: levels with bound and gap, and the figures with their denominators.

use rotation_planner as planner;
use sea_orm::prelude::Uuid;
use serde::{Deserialize, Serialize};

use super::settings::Weighed;
use super::statement::{Statement, bilingual, stored_form};
use crate::entity::values::PlacementForm;
use crate::error::Bilingual;

/// People above and below a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Part {
    /// Numerator.
    pub above: i64,
    /// Denominator.
    pub below: i64,
}

impl Part {
    /// `6/40（15.0%）`: the share never stands without what it is a share of, and is worked out from just these two.
    pub fn told(self) -> String {
        if self.below <= 0 {
            return format!("{}/{}", self.above, self.below);
        }
        let tenths = (self.above * 2_000 + self.below) / (2 * self.below);
        format!("{}/{}（{}.{}%）", self.above, self.below, tenths / 10, tenths % 10)
    }
}

impl From<planner::Part> for Part {
    fn from(part: planner::Part) -> Self {
        Self { above: part.above, below: part.below }
    }
}

/// What came of a level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LevelOutcome {
    /// What it keeps small.
    pub aims: Vec<Weighed>,
    /// Its value in the proposal.
    pub value: f64,
    /// The value, exactly where it is whole, else to three places.
    pub shown: String,
    /// No proposal that is as good in the earlier levels has a lower value; none where nothing is known.
    pub bound: Option<f64>,
    /// How much better it could be at most; none where nothing is known.
    pub gap: Option<f64>,
    /// Whether it is proven that it cannot be better.
    pub proven: bool,
    /// Seconds it took.
    pub seconds: f64,
}

impl LevelOutcome {
    /// Its name as people read it.
    pub fn words(&self) -> Bilingual {
        let names: Vec<Bilingual> = self.aims.iter().map(|term| term.aim.words()).collect();
        let join = |of: fn(&Bilingual) -> &str, by: &str| names.iter().map(of).collect::<Vec<_>>().join(by);
        Bilingual::new(join(|words| &words.zh, "、"), join(|words| &words.en, ", "))
    }
}

/// How a rate of the policy stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RateOutcome {
    /// The rule's place in the policy, from 1.
    pub ordinal: i32,
    /// What it is about.
    pub name: Bilingual,
    /// Who moves, of whom.
    pub part: Part,
    /// People that it asks for.
    pub wanted: i64,
    /// Whether these are the fewest; else the most.
    pub at_least: bool,
    /// Whether it is kept.
    pub holds: bool,
}

impl RateOutcome {
    /// `交流的教师占符合条件的教师总数 41/402（10.2%），应不少于41人`.
    pub fn told(&self) -> Bilingual {
        let (bound_zh, bound_en) =
            if self.at_least { ("不少于", "at least") } else { ("不超过", "at most") };
        let (missed_zh, missed_en) = if self.holds { ("", "") } else { ("，未达到", ", missed") };
        let (part, wanted) = (self.part.told(), self.wanted);
        let Bilingual { zh, en } = &self.name;
        Bilingual::new(
            format!("{zh} {part}，应{bound_zh}{wanted}人{missed_zh}"),
            format!("{en}: {part}, {bound_en} {wanted}{missed_en}"),
        )
    }
}

/// How a school stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SchoolOutcome {
    /// The school.
    pub school_id: Uuid,
    /// Its name when the proposal was made.
    pub name: String,
    /// Its teachers.
    pub teachers: i64,
    /// Who leaves.
    pub out: i64,
    /// Who comes.
    pub into: i64,
    /// 骨干 who leave.
    pub backbone_out: i64,
    /// 骨干 who come.
    pub backbone_in: i64,
    /// Mean of its teachers' titles before, 1 (三级) to 5 (正高级), where a title is known.
    pub quality_before: Option<f64>,
    /// The same afterwards.
    pub quality_after: Option<f64>,
    /// Fifths of posts that were missing in its subjects.
    pub vacant_before: i64,
    /// The same afterwards.
    pub vacant_after: i64,
}

/// Movers whose way takes up to so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BandOutcome {
    /// Longest way, in minutes; none: no limit, or not known.
    pub up_to: Option<i64>,
    /// Whether this is the band of ways that are not known.
    pub unknown: bool,
    /// Movers in it before.
    pub before: i64,
    /// Movers in it afterwards.
    pub after: i64,
}

/// What came of a search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Its levels, in order.
    pub levels: Vec<LevelOutcome>,
    /// Seconds it took.
    pub seconds: f64,
    /// Who moves, of the eligible.
    pub movers: Part,
    /// 骨干 among those who move.
    pub backbone: Part,
    /// Who moves, of those of graduating grades who may.
    pub graduating: Part,
    /// Who moves, of those who applied.
    pub applicants: Part,
    /// Movers to each wish, in order; the last entry is those to no wish of theirs.
    pub wishes: Vec<(Option<u32>, i64)>,
    /// Movers by form.
    pub forms: Vec<(PlacementForm, i64)>,
    /// Movers to weaker schools, of those between a stronger and a weaker one.
    pub to_weaker: Part,
    /// Movers who exchange among themselves as volunteers.
    pub exchanged: i64,
    /// Whether volunteers could have exchanged, and the other rules left no room for it.
    #[serde(default)]
    pub exchange_dropped: bool,
    /// Rates of the policy.
    pub rates: Vec<RateOutcome>,
    /// Schools, by number.
    pub schools: Vec<SchoolOutcome>,
    /// Ways of movers, shortest first.
    pub commutes: Vec<BandOutcome>,
}

impl Outcome {
    /// Whether every level is proven.
    pub fn is_proven(&self) -> bool {
        self.levels.iter().all(|level| level.proven)
    }

    /// Of a solution.
    pub fn of(
        statement: &Statement<'_>,
        levels: &[Vec<Weighed>],
        solution: &planner::Solution,
        seconds: f64,
    ) -> Self {
        let report = planner::report(&statement.problem, &solution.assignment);
        let mut wishes: Vec<(Option<u32>, i64)> =
            report.wishes.iter().map(|(wish, people)| (*wish, *people)).collect();
        wishes.sort_by_key(|(wish, _)| wish.unwrap_or(u32::MAX));
        let exchanged = statement.circles.iter().map(Vec::len).sum::<usize>() as i64;
        Self {
            levels: levels.iter().zip(&solution.levels).map(|(aims, found)| level(aims, found)).collect(),
            seconds,
            movers: report.movers.into(),
            backbone: report.backbone.into(),
            graduating: report.graduating.into(),
            applicants: report.volunteers.into(),
            wishes,
            forms: report.forms.iter().map(|(form, people)| (stored_form(*form), *people)).collect(),
            to_weaker: report.to_weaker.into(),
            exchanged,
            exchange_dropped: false,
            rates: rates(statement, &report),
            schools: schools(statement, &report),
            commutes: report.commutes.iter().map(band).collect(),
        }
    }
}

fn level(aims: &[Weighed], found: &planner::LevelResult) -> LevelOutcome {
    LevelOutcome {
        aims: aims.to_vec(),
        value: found.value.value(),
        shown: found.value.to_string(),
        bound: Some(found.bound).filter(|bound| bound.is_finite()),
        gap: Some(found.gap()).filter(|gap| gap.is_finite()),
        proven: found.proven,
        seconds: found.seconds,
    }
}

fn band(band: &planner::CommuteBand) -> BandOutcome {
    BandOutcome { up_to: band.up_to, unknown: band.unknown, before: band.before, after: band.after }
}

fn rates(statement: &Statement<'_>, report: &planner::Report) -> Vec<RateOutcome> {
    let stated = statement.problem.rates.iter().zip(&statement.rates);
    let outcome = |((rate, ordinal), found): ((&planner::Rate, &i32), &planner::RateReport)| RateOutcome {
        ordinal: *ordinal,
        name: bilingual(&rate.name),
        part: found.part.into(),
        wanted: found.wanted,
        at_least: rate.bound == planner::Bound::AtLeast,
        holds: found.holds,
    };
    stated.zip(&report.rates).map(outcome).collect()
}

fn schools(statement: &Statement<'_>, report: &planner::Report) -> Vec<SchoolOutcome> {
    let cells = statement.problem.cells.iter().zip(&report.cells);
    let mut vacant = vec![(0, 0); report.schools.len()];
    for (cell, found) in cells {
        let (before, after) = &mut vacant[cell.school];
        *before += (found.needed - found.before).max(0);
        *after += (found.needed - found.after).max(0);
    }
    let rows = statement.material.schools.iter().zip(&report.schools).zip(vacant);
    rows.map(|((row, found), (vacant_before, vacant_after))| SchoolOutcome {
        school_id: row.id,
        name: row.name.clone(),
        teachers: found.teachers,
        out: found.out,
        into: found.into,
        backbone_out: found.backbone_out,
        backbone_in: found.backbone_in,
        quality_before: found.quality_before,
        quality_after: found.quality_after,
        vacant_before,
        vacant_after,
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_worked_out_from_the_two_numbers_beside_it() {
        assert_eq!(Part { above: 6, below: 40 }.told(), "6/40（15.0%）");
        assert_eq!(Part { above: 6, below: 36 }.told(), "6/36（16.7%）");
        assert_eq!(Part { above: 0, below: 0 }.told(), "0/0");
    }

    #[test]
    fn a_rate_names_who_is_counted_of_whom_and_how_many_it_asks_for() {
        let rate = RateOutcome {
            ordinal: 4,
            name: Bilingual::new("交流的教师占符合条件的教师总数", "teachers who move of all eligible"),
            part: Part { above: 6, below: 40 },
            wanted: 7,
            at_least: true,
            holds: false,
        };
        assert_eq!(rate.told().zh, "交流的教师占符合条件的教师总数 6/40（15.0%），应不少于7人，未达到");
        assert_eq!(rate.told().en, "teachers who move of all eligible: 6/40（15.0%）, at least 7, missed");
    }
}
