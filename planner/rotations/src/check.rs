//! The checker: holds a proposal against each rule, from the problem alone and apart from how the solver states the rules.

use std::collections::BTreeSet;

use crate::build::Problem;
use crate::problem::*;
use crate::rule::Rule;

/// A rule that a proposal breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Breach {
    /// Which.
    pub rule: Rule,
    /// By how much, in the unit of the rule, ≥ 1.
    pub by: i64,
}

/// Why an assignment cannot be read: it does not fit the problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// It has this many entries instead of one per teacher.
    Length(usize),
    /// This teacher has no such move.
    NoMove(TeacherIx, MoveIx),
}

/// Every hard rule that a proposal breaks, in the order of [`Rule`]; empty: it keeps them all.
///
/// # Errors
/// When the assignment does not fit the problem.
pub fn check(problem: &Problem, assignment: &Assignment) -> Result<Vec<Breach>, Unreadable> {
    if assignment.len() != problem.teachers.len() {
        return Err(Unreadable::Length(assignment.len()));
    }
    for (who, teacher) in problem.teachers.iter().enumerate() {
        if let Some(choice) = assignment[who].filter(|&choice| choice >= teacher.moves.len()) {
            return Err(Unreadable::NoMove(who, choice));
        }
    }
    let mut checker = Checker { problem, assignment, breaches: Vec::new() };
    (0..problem.teachers.len()).for_each(|who| checker.teacher(who));
    (0..problem.links.len()).for_each(|link| checker.link(link));
    (0..problem.rates.len()).for_each(|rate| checker.rate(rate));
    (0..problem.schools.len()).for_each(|school| checker.school(school));
    (0..problem.cells.len()).for_each(|cell| checker.cell(cell));
    checker.commutes();
    checker.breaches.sort_unstable();
    Ok(checker.breaches)
}

struct Checker<'a> {
    problem: &'a Problem,
    assignment: &'a Assignment,
    breaches: Vec<Breach>,
}

impl Checker<'_> {
    fn demand(&mut self, holds: bool, rule: Rule) {
        self.at_most(i64::from(!holds), 0, rule);
    }

    fn at_most(&mut self, is: i64, limit: i64, rule: Rule) {
        if is > limit {
            self.breaches.push(Breach { rule, by: is - limit });
        }
    }

    fn chosen(&self, who: TeacherIx) -> Option<&Move> {
        self.assignment[who].map(|choice| &self.problem.teachers[who].moves[choice])
    }

    fn teacher(&mut self, who: TeacherIx) {
        let teacher = &self.problem.teachers[who];
        let chosen = self.chosen(who);
        let allowed = chosen.is_none_or(|chosen| teacher.eligible && chosen.barred.is_none());
        let wished = chosen.is_none_or(|chosen| chosen.wish.is_some());
        let moves = chosen.is_some();
        self.demand(allowed, Rule::Allowed(who));
        self.demand(moves || !teacher.must_move, Rule::MustMove(who));
        let protects = self.problem.volunteers == VolunteerRule::Protected;
        let free = teacher.volunteer && teacher.eligible && !teacher.must_move;
        self.demand(wished || !protects || !free, Rule::VolunteerNotWorse(who));
        let stands = match teacher.pinned {
            None => true,
            Some(Pin::Stays) => !moves,
            Some(Pin::Moves(choice)) => self.assignment[who] == Some(choice),
            Some(Pin::Not(outcome)) => self.assignment[who] != outcome,
        };
        self.demand(stands, Rule::Pinned(who));
    }

    fn link(&mut self, link: LinkIx) {
        let facts = &self.problem.links[link];
        let ends: BTreeSet<Option<SchoolIx>> = facts
            .teachers
            .iter()
            .map(|&who| match facts.kind {
                LinkKind::SameSchool => self.chosen(who).map(|chosen| chosen.to),
                LinkKind::Together => self.chosen(who).map(|_| 0),
            })
            .collect();
        self.demand(ends.len() <= 1, Rule::Link(link));
    }

    fn rate(&mut self, rate: RateIx) {
        let facts = &self.problem.rates[rate];
        if facts.soft.is_some() {
            return;
        }
        let movers = |who: &[TeacherIx]| who.iter().filter(|&&who| self.assignment[who].is_some()).count();
        let above = movers(&facts.numerator) as i64;
        let people = match &facts.denominator {
            Denominator::People(people) => i64::from(*people),
            Denominator::MoversAmong(who) => movers(who) as i64,
        };
        let (product, of) = (people * i64::from(facts.share.parts), i64::from(facts.share.of));
        let (whole, rest) = (product / of, product % of);
        let rounds_up = match facts.rounding {
            Rounding::Up => rest > 0,
            Rounding::Down => false,
            Rounding::Half => 2 * rest >= of,
        };
        let wanted = whole + i64::from(rounds_up);
        match facts.bound {
            Bound::AtLeast => self.at_most(wanted - above, 0, Rule::Rate(rate)),
            Bound::AtMost => self.at_most(above, wanted, Rule::Rate(rate)),
        }
    }

    fn school(&mut self, school: SchoolIx) {
        let facts = &self.problem.schools[school];
        let everybody = 0..self.problem.teachers.len();
        let goes =
            |who: &TeacherIx| self.problem.teachers[*who].home == school && self.chosen(*who).is_some();
        let comes = |who: &TeacherIx| self.chosen(*who).is_some_and(|chosen| chosen.to == school);
        let going = everybody.clone().filter(goes).count() as i64;
        let coming = everybody.filter(comes).count() as i64;
        if let Some(cap) = facts.out_cap {
            self.at_most(going, cap.into(), Rule::OutCap(school));
        }
        if let Some(cap) = facts.in_cap {
            self.at_most(coming, cap.into(), Rule::InCap(school));
        }
    }

    fn cell(&mut self, cell: CellIx) {
        let facts = &self.problem.cells[cell];
        let mut filled = facts.present;
        for (who, teacher) in self.problem.teachers.iter().enumerate() {
            let Some(chosen) = self.chosen(who) else { continue };
            filled -= if teacher.cell == Some(cell) { chosen.leaves } else { 0 };
            filled += if chosen.cell == Some(cell) { chosen.brings } else { 0 };
        }
        if let Some(low) = facts.low {
            self.at_most(low - filled, 0, Rule::CellLow(cell));
        }
        if let Some(high) = facts.high {
            self.at_most(filled, high, Rule::CellHigh(cell));
        }
    }

    fn commutes(&mut self) {
        let Some(longest) = self.problem.longest_commute else { return };
        let ways = (0..self.problem.teachers.len()).filter_map(|who| self.chosen(who)?.commute_after);
        if let Some(way) = ways.max() {
            self.at_most(way, longest, Rule::LongestCommute);
        }
    }
}
