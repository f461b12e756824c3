//! A checked problem, with what is derived from it once.

use std::ops::Deref;

use crate::goal::{Goal, Level, Measure};
use crate::problem::*;
use crate::validate::{ProblemError, validate};
use crate::words::Words;

/// A problem that was checked. Reads like its [`ProblemInput`].
#[derive(Debug, Clone)]
pub struct Problem {
    input: ProblemInput,
    /// Quality of each teacher minus the mean, times the number of teachers with a known quality; 0 where unknown.
    deviations: Vec<i64>,
    rated: i64,
    lowest_rank: i64,
    first_priority: i64,
}

impl Deref for Problem {
    type Target = ProblemInput;
    fn deref(&self) -> &ProblemInput {
        &self.input
    }
}

/// Why a move cannot be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bar {
    /// The teacher may not move at all.
    NotEligible(Option<Words>),
    /// The caller barred this move.
    Barred(Words),
    /// The way to the new school is longer than allowed, in minutes.
    TooFar(Minutes),
    /// She volunteered, need not move, and did not ask for this.
    NotWished,
}

impl Problem {
    /// Checks and prepares a problem.
    ///
    /// # Errors
    /// Everything that is wrong, at once, each with a sentence that names the thing.
    pub fn build(input: ProblemInput) -> Result<Problem, Vec<ProblemError>> {
        let errors = validate(&input);
        if !errors.is_empty() {
            return Err(errors);
        }
        let qualities = || input.teachers.iter().filter_map(|teacher| teacher.quality);
        let (rated, sum) = (qualities().count() as i64, qualities().sum::<i64>());
        let deviation = |teacher: &Teacher| teacher.quality.map_or(0, |quality| quality * rated - sum);
        let deviations = input.teachers.iter().map(deviation).collect();
        let ranks = input.teachers.iter().flat_map(|teacher| &teacher.moves).filter_map(|choice| choice.wish);
        let lowest_rank = i64::from(ranks.max().unwrap_or(1));
        let first_priority = input.teachers.iter().map(|teacher| teacher.priority).max().unwrap_or(0);
        Ok(Problem { input, deviations, rated, lowest_rank, first_priority })
    }

    /// The problem as it was stated, to state another (what if).
    pub fn input(&self) -> &ProblemInput {
        &self.input
    }

    /// Why a teacher cannot make a move; `None`: she could.
    pub fn bar(&self, teacher: TeacherIx, choice: MoveIx) -> Option<Bar> {
        if let Some(bar) = self.fixed_bar(teacher, choice) {
            return Some(bar);
        }
        if self.is_too_far(teacher, choice) {
            return Some(Bar::TooFar(self.teachers[teacher].moves[choice].commute_after.unwrap_or(0)));
        }
        let unwished = self.is_protected(teacher) && self.teachers[teacher].moves[choice].wish.is_none();
        unwished.then_some(Bar::NotWished)
    }

    /// The part of [`Problem::bar`] that no relaxation lifts.
    pub(crate) fn fixed_bar(&self, teacher: TeacherIx, choice: MoveIx) -> Option<Bar> {
        let facts = &self.teachers[teacher];
        if !facts.eligible {
            return Some(Bar::NotEligible(facts.ineligible.clone()));
        }
        facts.moves[choice].barred.clone().map(Bar::Barred)
    }

    /// Whether the way to the new school is longer than allowed.
    pub(crate) fn is_too_far(&self, teacher: TeacherIx, choice: MoveIx) -> bool {
        let after = self.teachers[teacher].moves[choice].commute_after;
        after.zip(self.longest_commute).is_some_and(|(after, longest)| after > longest)
    }

    /// Whether she volunteered, need not move and is therefore moved to a wish of hers or not at all.
    pub(crate) fn is_protected(&self, teacher: TeacherIx) -> bool {
        let facts = &self.teachers[teacher];
        self.volunteers == VolunteerRule::Protected && facts.volunteer && facts.eligible && !facts.must_move
    }

    /// Minutes by which her way gets longer by a move, ≥ 0.
    pub fn increase(&self, teacher: TeacherIx, choice: MoveIx) -> Minutes {
        let choice = &self.teachers[teacher].moves[choice];
        let known = choice.commute_before.zip(choice.commute_after);
        known.map_or(self.unknown_increase, |(before, after)| (after - before).max(0))
    }

    /// How far a move is from her first wish, as [`Goal::WorstWish`] defines it.
    pub fn missed_wish(&self, teacher: TeacherIx, choice: MoveIx) -> i64 {
        match self.teachers[teacher].moves[choice].wish {
            Some(rank) => i64::from(rank) - 1,
            None => self.lowest_rank + 1,
        }
    }

    /// Her regret, as [`Goal::Wishes`] defines it.
    pub fn regret(&self, teacher: TeacherIx, outcome: Option<MoveIx>) -> i64 {
        let facts = &self.teachers[teacher];
        let staying = if facts.volunteer { self.lowest_rank } else { 0 };
        match outcome {
            None => staying,
            Some(choice) if facts.moves[choice].wish.is_some() => self.missed_wish(teacher, choice),
            // A step beyond staying for everybody: that she applied makes nobody the cheaper one to send where she did not ask to go.
            Some(choice) => staying + self.missed_wish(teacher, choice),
        }
    }

    /// What a move of hers adds to [`Goal::Seniority`], ≥ 0.
    pub(crate) fn juniority(&self, teacher: TeacherIx, choice: MoveIx) -> i64 {
        let facts = &self.teachers[teacher];
        if facts.moves[choice].wish.is_some() { 0 } else { self.first_priority - facts.priority }
    }

    /// Her quality minus the mean, times the number of teachers with a known quality.
    pub(crate) fn deviation(&self, teacher: TeacherIx) -> i64 {
        self.deviations[teacher]
    }

    /// What a level's amounts are divided by.
    pub(crate) fn scale(&self, level: &Level) -> i128 {
        if level.terms.iter().any(|&(goal, _)| goal == Goal::Evenness) { self.evenness_scale() } else { 1 }
    }

    pub(crate) fn evenness_scale(&self) -> i128 {
        i128::from((self.rated * POST).max(1))
    }

    /// A value of a level, from its amount.
    pub(crate) fn measured(&self, level: &Level, amount: i128) -> Measure {
        Measure { amount, scale: self.scale(level) }
    }
}

impl Rate {
    /// The share of so many people as a whole number of people.
    pub fn wanted(&self, people: i64) -> i64 {
        let (parts, of, more) = self.floor_form();
        (parts * people + more).div_euclid(of)
    }

    /// `(a, d, b)`, so that the rounded share of n people is ⌊(a·n + b) / d⌋.
    pub(crate) fn floor_form(&self) -> (i64, i64, i64) {
        let (parts, of) = (i64::from(self.share.parts), i64::from(self.share.of));
        match self.rounding {
            Rounding::Down => (parts, of, 0),
            Rounding::Up => (parts, of, of - 1),
            Rounding::Half => (2 * parts, 2 * of, of),
        }
    }
}
