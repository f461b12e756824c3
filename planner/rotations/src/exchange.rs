//! The voluntary part: exchanges in circles that leave nobody worse off than by staying.
//!
//! Two-sided top trading cycles (Dur and Ünver 2019), balanced for each school, stage and subject: every volunteer points to the
//! posts she wishes most among those somebody still offers in exchange, every cell to the volunteer of its own who comes first. Whoever
//! stands in a circle moves, all at once; then the next circle is sought. So
//!
//! - every mover gets a wish of hers, and whoever gets none stays: individually rational;
//! - each cell loses as many full posts as it gains: balanced, so no headcount changes;
//! - no volunteer gets a better place in the exchange by ranking her wishes otherwise than she feels: the exchange, taken by itself, is
//!   strategy-proof. That holds because who is admitted ([`Exchange::admitted`]) and in what order a cell's volunteers come depends on
//!   nobody's ranking, only on who has a wish at all.
//!
//! That is true of this part only, and not of a round as a whole. What [`solve`](crate::solve) then decides about the others weighs
//! their wishes against the county's needs, so there a list may pay that is not the true one, and a mandatory move is not individually
//! rational. Even a volunteer who exchanges might have done better without: who gets her second wish here is not there when a vacancy
//! at her first is filled. And where the rules leave no room for the exchange, the caller may have to do without it.

use crate::build::Problem;
use crate::problem::*;

/// What the volunteers exchange among themselves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exchange {
    /// Circles, in the order in which they were found: each teacher takes the place of the next, the last that of the first.
    pub cycles: Vec<Vec<(TeacherIx, MoveIx)>>,
    /// Volunteers who took part: with a full post, no link, nothing decided beforehand, and within what their school may give and
    /// take, in order of [`Teacher::priority`].
    pub admitted: Vec<TeacherIx>,
}

impl Exchange {
    /// Settles the exchange before the rest is solved: every mover is pinned to her move. It is fixed and not merely offered, because
    /// only then does nobody's result here depend on what the rest needs. The rules may then be infeasible where they were not before
    /// (a most of movers).
    pub fn pin_into(&self, input: &mut ProblemInput) {
        for &(who, choice) in self.cycles.iter().flatten() {
            input.teachers[who].pinned = Some(Pin::Moves(choice));
        }
    }
}

/// Finds the exchange.
///
/// A school takes part with at most so many volunteers as its caps allow beyond those who have to move anyway; those with the highest
/// [`Teacher::priority`] are admitted, of equals those who stand first. Rates are not looked at: with the exchange pinned,
/// [`solve`](crate::solve) keeps them, or [`conflict`](crate::conflict) says why that cannot be.
pub fn exchange(problem: &Problem) -> Exchange {
    let admitted = admitted(problem);
    let mut trade = Trade {
        wishes: vec![Vec::new(); problem.teachers.len()],
        waiting: vec![Vec::new(); problem.cells.len()],
        open: vec![false; problem.teachers.len()],
    };
    for &who in &admitted {
        trade.wishes[who] = wishes(problem, who);
        trade.open[who] = true;
        if let Some(cell) = problem.teachers[who].cell {
            trade.waiting[cell].push(who);
        }
    }
    let mut cycles = Vec::new();
    for &first in &admitted {
        while trade.open[first] {
            cycles.extend(trade.next_cycle(first));
        }
    }
    Exchange { cycles, admitted }
}

fn admitted(problem: &Problem) -> Vec<TeacherIx> {
    let mut linked = vec![false; problem.teachers.len()];
    problem.links.iter().flat_map(|link| &link.teachers).for_each(|&who| linked[who] = true);
    let could = |who: &TeacherIx| {
        let teacher = &problem.teachers[*who];
        let free = teacher.volunteer && teacher.pinned.is_none() && !linked[*who];
        free && teacher.cell.is_some() && !wishes(problem, *who).is_empty()
    };
    let mut order: Vec<TeacherIx> = (0..problem.teachers.len()).filter(could).collect();
    let mut rooms: Vec<i64> = problem.schools.iter().map(room).collect();
    // Who leaves anyway takes her place within the cap, whether she finds a partner or not.
    let leaves_anyway =
        |teacher: &&Teacher| teacher.must_move || matches!(teacher.pinned, Some(Pin::Moves(_)));
    for teacher in problem.teachers.iter().filter(leaves_anyway) {
        rooms[teacher.home] -= 1;
    }
    order.sort_by_key(|&who| (std::cmp::Reverse(problem.teachers[who].priority), who));
    order.retain(|&who| {
        let teacher = &problem.teachers[who];
        let room = &mut rooms[teacher.home];
        if !teacher.must_move {
            *room -= 1;
        }
        *room >= 0
    });
    order
}

fn room(school: &School) -> i64 {
    let cap = |cap: Option<u32>| cap.map_or(i64::MAX / 2, i64::from);
    cap(school.out_cap).min(cap(school.in_cap))
}

/// Her wishes for a full post, best first.
fn wishes(problem: &Problem, who: TeacherIx) -> Vec<(MoveIx, CellIx)> {
    let mut wishes: Vec<(u32, MoveIx, CellIx)> = problem.teachers[who]
        .moves
        .iter()
        .enumerate()
        .filter(|(ix, choice)| {
            choice.leaves == POST && choice.brings == POST && problem.bar(who, *ix).is_none()
        })
        .filter_map(|(ix, choice)| Some((choice.wish?, ix, choice.cell?)))
        .collect();
    wishes.sort_unstable();
    wishes.into_iter().map(|(_, choice, cell)| (choice, cell)).collect()
}

struct Trade {
    wishes: Vec<Vec<(MoveIx, CellIx)>>,
    /// Volunteers of each cell, first come first; those who are not open any more are skipped.
    waiting: Vec<Vec<TeacherIx>>,
    open: Vec<bool>,
}

impl Trade {
    /// Follows the pointers from one volunteer until a circle closes or somebody has nothing left to wish for. Either way somebody
    /// leaves the market.
    fn next_cycle(&mut self, first: TeacherIx) -> Option<Vec<(TeacherIx, MoveIx)>> {
        let mut path: Vec<(TeacherIx, MoveIx)> = Vec::new();
        let mut who = first;
        loop {
            if let Some(position) = path.iter().position(|&(before, _)| before == who) {
                let cycle = path.split_off(position);
                cycle.iter().for_each(|&(mover, _)| self.open[mover] = false);
                return Some(cycle);
            }
            let Some((choice, next)) = self.points_to(who) else {
                self.open[who] = false;
                return None;
            };
            path.push((who, choice));
            who = next;
        }
    }

    /// Her best wish that somebody offers, and who stands first there.
    fn points_to(&self, who: TeacherIx) -> Option<(MoveIx, TeacherIx)> {
        self.wishes[who].iter().find_map(|&(choice, cell)| {
            let first = self.waiting[cell].iter().copied().find(|&other| self.open[other])?;
            Some((choice, first))
        })
    }
}
