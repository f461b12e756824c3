//! Remembers what a session costs its people by itself, for each way to hold it and each start.

use super::state::State;
use crate::build::Problem;
use crate::evaluate::visit;
use crate::problem::{DAY, Minute, Placement, SessionIx};
use crate::score::Score;
use crate::scoring::Scoring;
use crate::week::{Role, Visit, WeekBuffer};

#[derive(Debug, Clone, Copy)]
enum Entry {
    Unknown,
    /// Some required person cannot come, whatever else is planned.
    Blocked,
    Known(Score),
}

/// Filled as the search asks; one table per session, option and day, with one entry per start on the grid.
#[derive(Debug)]
pub(crate) struct Memo {
    step: Minute,
    days: usize,
    /// Where the tables of each session begin.
    begins: Vec<usize>,
    tables: Vec<Option<Box<[Entry]>>>,
}

impl Memo {
    pub(crate) fn new(problem: &Problem) -> Memo {
        let mut begins = Vec::with_capacity(problem.sessions.len());
        let mut tables = 0;
        for session in &problem.sessions {
            begins.push(tables);
            tables += session.options.len() * problem.days.len();
        }
        Memo { step: problem.hours.step, days: problem.days.len(), begins, tables: vec![None; tables] }
    }

    /// Whether a placement's required people, presenters aside, cannot all come even in an empty plan.
    pub(crate) fn is_blocked(
        &mut self,
        problem: &Problem,
        scoring: &Scoring,
        buffer: &mut WeekBuffer,
        session: SessionIx,
        placement: &Placement,
    ) -> bool {
        let required =
            |buffer: &mut WeekBuffer| sum(problem, scoring, buffer, session, placement, Role::Required);
        match self.entry(session, placement) {
            None => required(buffer).hard > 0,
            Some(Entry::Blocked) => true,
            Some(Entry::Known(score)) => score.hard > 0,
            Some(entry) => {
                let blocked = required(buffer).hard > 0;
                if blocked {
                    *entry = Entry::Blocked;
                }
                blocked
            }
        }
    }

    /// The sum over a placement's people, presenters aside, as if each had nothing else in the week.
    pub(crate) fn alone(
        &mut self,
        problem: &Problem,
        scoring: &Scoring,
        buffer: &mut WeekBuffer,
        session: SessionIx,
        placement: &Placement,
    ) -> Score {
        let everybody = |buffer: &mut WeekBuffer| {
            sum(problem, scoring, buffer, session, placement, Role::Required)
                + sum(problem, scoring, buffer, session, placement, Role::Audience)
        };
        match self.entry(session, placement) {
            Some(Entry::Known(score)) => *score,
            Some(entry @ Entry::Unknown) => {
                let score = everybody(buffer);
                *entry = Entry::Known(score);
                score
            }
            // Placements off the grid are pinned, and blocked ones are placed by hand only: neither comes often.
            Some(Entry::Blocked) | None => everybody(buffer),
        }
    }

    fn entry(&mut self, session: SessionIx, placement: &Placement) -> Option<&mut Entry> {
        let of_day = placement.start % DAY;
        if of_day % self.step != 0 {
            return None;
        }
        let day = (placement.start / DAY) as usize;
        let table = &mut self.tables[self.begins[session] + placement.option * self.days + day];
        let size = (DAY / self.step + 1) as usize;
        let table = table.get_or_insert_with(|| vec![Entry::Unknown; size].into_boxed_slice());
        table.get_mut((of_day / self.step) as usize)
    }
}

fn sum(
    problem: &Problem,
    scoring: &Scoring,
    buffer: &mut WeekBuffer,
    session: SessionIx,
    placement: &Placement,
    role: Role,
) -> Score {
    let part = visit(problem, session, placement, role);
    let mut score = Score::ZERO;
    let mut add = |person, role| {
        score += State::cost_alone(problem, scoring, buffer, person, Visit { role, ..part });
    };
    if role == Role::Required {
        let required = problem.invited(session, placement.option).required.iter();
        required.for_each(|&person| add(person, Role::Required));
        return score;
    }
    let audience = problem.audience_on(session, placement.option, part.day);
    audience.for_each(|(person, role)| add(person, role));
    score
}
