//! What makes a stated problem unusable, all of it at once.

mod rules;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;

use crate::problem::*;

/// Numbers beyond these could overflow sums, or mean a mistake.
const MOST_TEACHERS: usize = 100_000;
const GREATEST_QUALITY: i64 = 1_000;
const GREATEST_PRIORITY: i64 = 1_000_000;
const GREATEST_COST: i64 = 1_000_000_000;
const LOWEST_RANK: u32 = 1_000;
const MOST_POSTS: Fifths = 1_000_000;
const DAY: Minutes = 24 * 60;

/// What a [`ProblemError`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The problem as a whole.
    Problem,
    /// A cell.
    Cell(CellIx),
    /// A teacher.
    Teacher(TeacherIx),
    /// One of a teacher's moves.
    Move(TeacherIx, MoveIx),
    /// A rate.
    Rate(RateIx),
    /// A link.
    Link(LinkIx),
}

/// Why a problem cannot be solved; its `Display` is a sentence that names the thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemError {
    /// What it is about.
    pub subject: Subject,
    /// The sentence.
    pub message: String,
}

impl fmt::Display for ProblemError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for ProblemError {}

pub(crate) fn validate(input: &ProblemInput) -> Vec<ProblemError> {
    let mut check = Validation { input, errors: Vec::new() };
    check.whole();
    check.cells();
    check.teachers();
    check.rates();
    check.links();
    check.errors
}

struct Validation<'a> {
    input: &'a ProblemInput,
    errors: Vec<ProblemError>,
}

impl Validation<'_> {
    fn demand(&mut self, holds: bool, subject: Subject, message: impl FnOnce() -> String) {
        if !holds {
            self.errors.push(ProblemError { subject, message: message() });
        }
    }

    fn whole(&mut self) {
        let count = self.input.teachers.len();
        self.demand(count <= MOST_TEACHERS, Subject::Problem, || {
            format!("The problem has {count} teachers; at most {MOST_TEACHERS} can be decided at once.")
        });
        let unknown = self.input.unknown_increase;
        self.demand((0..=DAY).contains(&unknown), Subject::Problem, || {
            format!("An unknown way counts as {unknown} minutes longer; 0 to {DAY} are possible.")
        });
        let longest = self.input.longest_commute;
        self.demand(longest.is_none_or(|longest| longest >= 0), Subject::Problem, || {
            "The longest way is negative.".into()
        });
        let Some(reference) = &self.input.reference else { return };
        let fits = reference.len() == count
            && reference
                .iter()
                .zip(&self.input.teachers)
                .all(|(outcome, teacher)| outcome.is_none_or(|choice| choice < teacher.moves.len()));
        self.demand(fits, Subject::Problem, || {
            "The proposal to stay close to does not fit the teachers and their moves.".into()
        });
    }

    fn school(&mut self, school: SchoolIx, subject: Subject, whose: &str) -> bool {
        let schools = self.input.schools.len();
        self.demand(school < schools, subject, || {
            format!("{whose} names school number {school}, but there are {schools}.")
        });
        school < schools
    }

    /// Whether the cell is one of that school.
    fn cell(&mut self, cell: Option<CellIx>, school: SchoolIx, subject: Subject, whose: &str) {
        let Some(cell) = cell else { return };
        let cells = self.input.cells.len();
        self.demand(cell < cells, subject, || {
            format!("{whose} names posts number {cell}, but there are {cells}.")
        });
        let elsewhere = self.input.cells.get(cell).is_some_and(|facts| facts.school != school);
        self.demand(!elsewhere, subject, || {
            format!("{whose} names posts number {cell}, which are at another school.")
        });
    }

    fn cells(&mut self) {
        let input = self.input;
        for (ix, cell) in input.cells.iter().enumerate() {
            let name = format!("Posts {} {}", cell.stage, cell.subject);
            let subject = Subject::Cell(ix);
            self.school(cell.school, subject, &name);
            let sound = |posts: Fifths| (0..=MOST_POSTS).contains(&posts);
            let limits = [cell.low, cell.high].into_iter().flatten();
            let all = limits.chain([cell.needed, cell.present]).all(sound);
            self.demand(all, subject, || {
                format!("{name} have a number that is negative or beyond all bounds.")
            });
            let crossed = cell.low.zip(cell.high).is_some_and(|(low, high)| low > high);
            self.demand(!crossed, subject, || format!("{name} must keep more posts filled than they may."));
        }
    }

    fn teachers(&mut self) {
        let input = self.input;
        for (ix, teacher) in input.teachers.iter().enumerate() {
            let (subject, name) = (Subject::Teacher(ix), teacher.name.as_str());
            if self.school(teacher.home, subject, name) {
                self.cell(teacher.cell, teacher.home, subject, name);
            }
            let quality = teacher.quality.unwrap_or(0);
            self.demand(quality.abs() <= GREATEST_QUALITY, subject, || {
                format!("The quality of {name} is {quality}; −{GREATEST_QUALITY} to {GREATEST_QUALITY} are possible.")
            });
            let (priority, most) = (teacher.priority, GREATEST_PRIORITY);
            self.demand((-most..=most).contains(&priority), subject, || {
                format!("The priority of {name} is {priority}; −{most} to {most} are possible.")
            });
            self.demand(teacher.eligible || !teacher.must_move, subject, || {
                format!("{name} has to move and may not.")
            });
            self.pin(ix, teacher);
            for (choice, facts) in teacher.moves.iter().enumerate() {
                self.choice(Subject::Move(ix, choice), teacher, facts);
            }
            self.wishes(subject, teacher);
        }
    }

    fn pin(&mut self, ix: TeacherIx, teacher: &Teacher) {
        let (subject, name) = (Subject::Teacher(ix), teacher.name.as_str());
        let Some(Pin::Moves(choice) | Pin::Not(Some(choice))) = teacher.pinned else { return };
        let facts = teacher.moves.get(choice);
        self.demand(facts.is_some(), subject, || {
            format!(
                "What was decided about {name} names move number {choice}, but she has {}.",
                teacher.moves.len()
            )
        });
        let possible = teacher.eligible && facts.is_none_or(|facts| facts.barred.is_none());
        self.demand(possible || teacher.pinned != Some(Pin::Moves(choice)), subject, || {
            format!("{name} is to make a move that she may not make.")
        });
    }

    fn choice(&mut self, subject: Subject, teacher: &Teacher, choice: &Move) {
        let whose = format!("A move of {}", teacher.name);
        if self.school(choice.to, subject, &whose) {
            self.cell(choice.cell, choice.to, subject, &whose);
        }
        self.demand(choice.to != teacher.home, subject, || format!("{whose} goes to her own school."));
        let parts = [choice.leaves, choice.brings].iter().all(|part| (0..=POST).contains(part));
        self.demand(parts, subject, || {
            format!("{whose} takes or brings more than a whole post, or less than none.")
        });
        let weekdays = choice.weekdays.iter().all(|day| (1..=7).contains(day))
            && choice.weekdays.iter().collect::<BTreeSet<_>>().len() == choice.weekdays.len();
        self.demand(weekdays, subject, || {
            format!("{whose} names a weekday twice, or one that does not exist.")
        });
        let mut ways = [choice.commute_before, choice.commute_after].into_iter().flatten();
        self.demand(ways.all(|way| (0..=DAY).contains(&way)), subject, || {
            format!("{whose} has a way that is negative or longer than a day.")
        });
        let rank = choice.wish.unwrap_or(1);
        self.demand((1..=LOWEST_RANK).contains(&rank), subject, || {
            format!("{whose} is wish number {rank}; 1 to {LOWEST_RANK} are possible.")
        });
        self.demand(choice.cost.abs() <= GREATEST_COST, subject, || {
            format!("{whose} costs {}, which is beyond all bounds.", choice.cost)
        });
    }

    /// One rank, one school: else her ranking says nothing.
    fn wishes(&mut self, subject: Subject, teacher: &Teacher) {
        let wished = |choice: &Move| choice.wish.map(|rank| (rank, choice.to));
        let pairs: BTreeSet<(u32, SchoolIx)> = teacher.moves.iter().filter_map(wished).collect();
        let ranks: BTreeSet<u32> = pairs.iter().map(|&(rank, _)| rank).collect();
        self.demand(ranks.len() == pairs.len(), subject, || {
            format!("{} gives one rank to several schools.", teacher.name)
        });
    }
}
