//! What a proposal comes to, each figure with its numerator and denominator.

use std::collections::BTreeMap;

use crate::build::Problem;
use crate::evaluate::{counted, filled, moves};
use crate::problem::*;

/// A share of people: "6 of 40".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Part {
    /// Above the line.
    pub above: i64,
    /// Below it.
    pub below: i64,
}

impl Part {
    /// In percent; `None` of nobody.
    pub fn percent(self) -> Option<f64> {
        (self.below != 0).then(|| self.above as f64 * 100.0 / self.below as f64)
    }
}

/// The figures of a proposal.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Movers of those who may move.
    pub movers: Part,
    /// 骨干 among the movers.
    pub backbone: Part,
    /// Movers of those who teach a graduating grade and may move.
    pub graduating: Part,
    /// Volunteers who move of all volunteers who may.
    pub volunteers: Part,
    /// Each rate.
    pub rates: Vec<RateReport>,
    /// Each school.
    pub schools: Vec<SchoolReport>,
    /// Each cell.
    pub cells: Vec<CellReport>,
    /// Ways of the movers before and after.
    pub commutes: Vec<CommuteBand>,
    /// Movers by the rank of the wish they got; `None`: to no wish of theirs.
    pub wishes: BTreeMap<Option<u32>, i64>,
    /// Movers by form.
    pub forms: BTreeMap<Form, i64>,
    /// Movers to a weaker school, of those between schools of known and different strength.
    pub to_weaker: Part,
    /// Movers from town to town, town to village and so on.
    pub directions: BTreeMap<(Locale, Locale), i64>,
}

/// How a rate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateReport {
    /// Movers it counts, of its denominator.
    pub part: Part,
    /// People that it asks for, at least or at most.
    pub wanted: i64,
    /// Whether it is kept.
    pub holds: bool,
}

/// How a school stands. Quality is that of the teachers whose quality is known, by the part of a post that each works there.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SchoolReport {
    /// Who works there before the round.
    pub teachers: i64,
    /// Who leaves, in whole or in part.
    pub out: i64,
    /// Who comes, in whole or in part.
    pub into: i64,
    /// 骨干 who leave.
    pub backbone_out: i64,
    /// 骨干 who come.
    pub backbone_in: i64,
    /// Mean quality before; `None` where nobody's is known.
    pub quality_before: Option<f64>,
    /// Mean quality after.
    pub quality_after: Option<f64>,
}

/// How a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellReport {
    /// Posts needed.
    pub needed: Fifths,
    /// Posts filled before.
    pub before: Fifths,
    /// Posts filled after.
    pub after: Fifths,
}

/// Movers whose way takes up to so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommuteBand {
    /// Longest way of the band, in minutes; the band begins where the one before ends. `None` on the last but one: no limit; on the
    /// last: not known.
    pub up_to: Option<Minutes>,
    /// Whether this is the band of ways that are not known.
    pub unknown: bool,
    /// Movers whose way to their own school is in it.
    pub before: i64,
    /// Movers whose way to the other school is in it.
    pub after: i64,
}

const BANDS: [Minutes; 5] = [15, 30, 45, 60, 90];

/// Counts everything.
///
/// # Panics
/// When the assignment has another length than the problem has teachers, or names moves that are not there.
pub fn report(problem: &Problem, assignment: &Assignment) -> Report {
    let share = |counts: &dyn Fn(&Teacher) -> bool| part(problem, assignment, counts);
    let movers = share(&|teacher| teacher.eligible);
    let backbone = moves(assignment).filter(|&(who, _)| problem.teachers[who].backbone).count() as i64;
    let mut report = Report {
        movers,
        backbone: Part { above: backbone, below: moves(assignment).count() as i64 },
        graduating: share(&|teacher| teacher.eligible && teacher.graduating),
        volunteers: share(&|teacher| teacher.eligible && teacher.volunteer),
        rates: problem.rates.iter().map(|rate| rate_report(rate, assignment)).collect(),
        schools: school_reports(problem, assignment),
        cells: cell_reports(problem, assignment),
        commutes: commutes(problem, assignment),
        wishes: BTreeMap::new(),
        forms: BTreeMap::new(),
        to_weaker: Part::default(),
        directions: BTreeMap::new(),
    };
    for (who, choice) in moves(assignment) {
        let teacher = &problem.teachers[who];
        let choice = &teacher.moves[choice];
        let (from, to) = (&problem.schools[teacher.home], &problem.schools[choice.to]);
        *report.wishes.entry(choice.wish).or_default() += 1;
        *report.forms.entry(choice.form).or_default() += 1;
        *report.directions.entry((from.locale, to.locale)).or_default() += 1;
        if let Some((from, to)) = from.strength.zip(to.strength).filter(|(from, to)| from != to) {
            report.to_weaker.below += 1;
            report.to_weaker.above += i64::from(to < from);
        }
    }
    report
}

fn part(problem: &Problem, assignment: &Assignment, counts: &dyn Fn(&Teacher) -> bool) -> Part {
    let counted = || problem.teachers.iter().zip(assignment).filter(|(teacher, _)| counts(teacher));
    Part {
        above: counted().filter(|(_, outcome)| outcome.is_some()).count() as i64,
        below: counted().count() as i64,
    }
}

fn rate_report(rate: &Rate, assignment: &Assignment) -> RateReport {
    let (above, below) = counted(rate, assignment);
    let wanted = rate.wanted(below);
    let holds = match rate.bound {
        Bound::AtLeast => above >= wanted,
        Bound::AtMost => above <= wanted,
    };
    RateReport { part: Part { above, below }, wanted, holds }
}

fn cell_reports(problem: &Problem, assignment: &Assignment) -> Vec<CellReport> {
    let after = filled(problem, assignment);
    let cells = problem.cells.iter().zip(after);
    cells.map(|(cell, after)| CellReport { needed: cell.needed, before: cell.present, after }).collect()
}

/// Σ of quality times fifths, and fifths, before and after.
#[derive(Clone, Copy, Default)]
struct Strength {
    before: (i64, Fifths),
    after: (i64, Fifths),
}

fn school_reports(problem: &Problem, assignment: &Assignment) -> Vec<SchoolReport> {
    let mut schools = vec![(SchoolReport::default(), Strength::default()); problem.schools.len()];
    for (who, teacher) in problem.teachers.iter().enumerate() {
        let chosen = assignment[who].map(|choice| &teacher.moves[choice]);
        let backbone = i64::from(teacher.backbone);
        let (home, strength) = &mut schools[teacher.home];
        home.teachers += 1;
        add(&mut strength.before, teacher.quality, POST);
        add(&mut strength.after, teacher.quality, POST - chosen.map_or(0, |chosen| chosen.leaves));
        let Some(chosen) = chosen else { continue };
        home.out += 1;
        home.backbone_out += backbone;
        let (other, strength) = &mut schools[chosen.to];
        other.into += 1;
        other.backbone_in += backbone;
        add(&mut strength.after, teacher.quality, chosen.brings);
    }
    let mean = |(sum, fifths): (i64, Fifths)| (fifths > 0).then(|| sum as f64 / fifths as f64);
    let finish = |(school, strength): (SchoolReport, Strength)| SchoolReport {
        quality_before: mean(strength.before),
        quality_after: mean(strength.after),
        ..school
    };
    schools.into_iter().map(finish).collect()
}

fn add(sum: &mut (i64, Fifths), quality: Option<i64>, fifths: Fifths) {
    let Some(quality) = quality else { return };
    sum.0 += quality * fifths;
    sum.1 += fifths;
}

fn commutes(problem: &Problem, assignment: &Assignment) -> Vec<CommuteBand> {
    let band = |up_to: Option<Minutes>, unknown: bool| CommuteBand { up_to, unknown, before: 0, after: 0 };
    let mut bands: Vec<CommuteBand> = BANDS.iter().map(|&up_to| band(Some(up_to), false)).collect();
    bands.extend([band(None, false), band(None, true)]);
    let of = |way: Option<Minutes>| {
        way.map_or(BANDS.len() + 1, |way| BANDS.iter().position(|&up_to| way <= up_to).unwrap_or(BANDS.len()))
    };
    for (who, choice) in moves(assignment) {
        let choice = &problem.teachers[who].moves[choice];
        bands[of(choice.commute_before)].before += 1;
        bands[of(choice.commute_after)].after += 1;
    }
    bands
}
