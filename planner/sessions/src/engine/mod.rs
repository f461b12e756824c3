//! The search: build a plan session by session, hardest first, then improve it move by move.
//!
//! The plan that is kept as the best never breaks a hard rule that it could avoid, so a run may be stopped at any moment: a session
//! for which no placement is found stays unplaced, and later moves try to make room for it. On the way the search passes through
//! plans that break some, as each costs a little at first, and the more the longer it lasts.

mod alike;
mod asked;
mod cache;
pub(crate) mod candidates;
mod compound;
mod construct;
mod cooling;
mod keys;
pub(crate) mod limit;
mod memo;
mod moves;
mod pairs;
mod people;
mod search;
mod sets;
mod settled;
pub(crate) mod state;
mod team;
mod terms;
mod ways;

use crate::build::Problem;
use crate::constraints::Rules;
use crate::problem::Assignment;
use crate::rng::{Rng, mix};
use crate::score::Score;
use crate::scoring::Scoring;
use crate::validate::is_readable;
use candidates::{Way, ways};
use search::Search;
use state::State;
use team::{Member, Team};

pub use team::Watch;

/// How to solve.
#[derive(Clone, Copy, Default)]
pub struct SolveOptions<'a> {
    /// Decides every random choice: the same problem, seed, steps, threads and start give the same plan.
    pub seed: u64,
    /// Moves to try after the first plan is built, shared out among the threads; `None`: until stopped.
    pub steps: Option<u64>,
    /// Runs side by side, each with a seed of its own; the best plan counts, of equal ones that of the first. 0 counts as 1.
    pub threads: usize,
    /// How much of the caller's time is used up, in thousandths: without `steps` to count, the search paces itself by it.
    pub used: Option<&'a (dyn Fn() -> u64 + Sync)>,
    /// A plan to begin from. What of it breaks a hard rule or cannot be read is placed anew; pinned sessions stand where they are
    /// pinned, whatever it says.
    pub start: Option<&'a Assignment>,
}

/// How far the runs have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Moves tried so far, by all threads.
    pub steps: u64,
    /// Score of the best plan so far.
    pub best: Score,
    /// Sessions that the best plan places, pinned ones included.
    pub placed: usize,
    /// Sessions of the problem.
    pub total: usize,
}

/// The best plan that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// The plan. Its hard penalty is that of the pinned sessions alone.
    pub assignment: Assignment,
    /// Its score.
    pub score: Score,
    /// Moves tried, by all threads.
    pub steps: u64,
}

/// Plans as well as it can until the steps are used up or `watch` says `Break`; the best plan is kept either way. `watch` is called
/// after each session of the first plan and every thousand steps, by one thread at a time.
///
/// Never fails: what cannot be placed without breaking a hard rule stays unplaced. Never ends by itself when `steps` is `None`.
pub fn solve(problem: &Problem, rules: &Rules, options: &SolveOptions, watch: &Watch) -> Solution {
    let threads = options.threads.max(1);
    let ways = (0..problem.sessions.len()).map(|session| ways(problem, session)).collect::<Vec<_>>();
    let team = Team::new(threads, problem.sessions.len(), watch, options.used);
    let run = |number| run(problem, rules, options, &ways, Member { team: &team, number });
    let found = std::thread::scope(|scope| {
        let others = (1..threads).map(|number| scope.spawn(move || run(number))).collect::<Vec<_>>();
        let mut found = vec![run(0)];
        for other in others {
            found.push(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        found
    });
    let steps = found.iter().map(|(.., steps)| steps).sum();
    let best = found.into_iter().min_by_key(|(_, score, _)| *score);
    let (assignment, score, _) = best.expect("one run at least");
    Solution { assignment, score, steps }
}

/// One run, from nothing to its best plan.
fn run(
    problem: &Problem,
    rules: &Rules,
    options: &SolveOptions,
    ways: &[Vec<Way>],
    member: Member,
) -> (Assignment, Score, u64) {
    let mut state = State::new(problem, Scoring::new(problem, rules));
    for (session, stated) in problem.sessions.iter().enumerate() {
        if let Some(pinned) = &stated.pinned {
            state.set(session, Some(pinned.clone()));
        }
    }
    let unavoidable = state.score().hard;
    let begun = options.start.is_some_and(|start| begin_from(&mut state, start));
    let (number, threads) = (member.number as u64, options.threads.max(1) as u64);
    let seed = if number == 0 { options.seed } else { mix(options.seed ^ mix(number)) };
    let mut search = Search::new(state, unavoidable, Rng::new(seed), ways, member);
    if search.construct().is_continue() {
        let share = |steps: u64| steps / threads + u64::from(number < steps % threads);
        search.improve(options.steps.map(share), begun);
    }
    search.found()
}

/// Places what can be of a plan to begin from; whether that was anything.
fn begin_from(state: &mut State, start: &Assignment) -> bool {
    let problem = state.problem;
    let mut begun = false;
    for (session, placement) in start.iter().enumerate().take(problem.sessions.len()) {
        let Some(placement) = placement else { continue };
        if problem.sessions[session].pinned.is_none() && is_readable(problem, session, placement) {
            // A refused placement is found anew by construction.
            begun |= state.try_place(session, placement.clone()).is_ok();
        }
    }
    begun
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;
    use std::sync::Mutex;

    use super::*;
    use crate::evaluate::{check, score};
    use crate::testing::{Town, at};

    fn solved(problem: &Problem, seed: u64, steps: u64) -> Solution {
        let options = SolveOptions { seed, steps: Some(steps), ..SolveOptions::default() };
        solve(problem, &Rules::standard(), &options, &|_| ControlFlow::Continue(()))
    }

    fn three_sessions_with_one_chair() -> Town {
        let mut town = Town::new();
        let chair = town.person("周然诗", town.east);
        town.requires(chair);
        for name in ["语文联合教研 第2次", "语文联合教研 第3次"] {
            town.session(name);
            town.requires(chair);
        }
        town
    }

    #[test]
    fn the_same_seed_and_steps_give_the_same_plan() {
        let problem = three_sessions_with_one_chair().build();
        assert_eq!(solved(&problem, 3, 500), solved(&problem, 3, 500));
        assert_ne!(solved(&problem, 3, 0).assignment, solved(&problem, 4, 0).assignment);
    }

    #[test]
    fn stopping_keeps_the_best_plan_so_far() {
        let problem = three_sessions_with_one_chair().build();
        let best = Mutex::new(None);
        let options = SolveOptions { seed: 1, ..SolveOptions::default() };
        let solution = solve(&problem, &Rules::standard(), &options, &|progress| {
            let before = best.lock().expect("no panic").replace(progress.best);
            assert!(before.is_none_or(|before| progress.best <= before));
            if progress.steps < 2_000 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        assert_eq!(Some(solution.score), *best.lock().expect("no panic"));
        assert_eq!(score(&problem, &Rules::standard(), &solution.assignment), solution.score);
        assert!(solution.steps >= 2_000 && solution.steps < 4_000);
    }

    #[test]
    fn pinned_sessions_stay_and_the_rest_goes_around_them() {
        let mut town = three_sessions_with_one_chair();
        town.pin(1, "14:00");
        let pinned = town.input.sessions[2].pinned.clone();
        let problem = town.build();
        let solution = solved(&problem, 1, 1_000);
        assert_eq!(solution.assignment[2], pinned);
        assert_eq!(solution.score.medium, 0);
        assert_eq!(check(&problem, &Rules::standard(), &solution.assignment), []);
    }

    #[test]
    fn what_cannot_be_placed_stays_unplaced() {
        let mut town = three_sessions_with_one_chair();
        town.window(&[(5, 6)]);
        let solution = solved(&town.build(), 1, 1_000);
        assert_eq!(solution.assignment[2], None);
        assert_eq!(solution.score, Score { medium: 1_000, ..solution.score });
        assert!(solution.assignment[0].is_some() && solution.assignment[1].is_some());
    }

    #[test]
    fn a_session_with_two_ends_needs_seats_at_each_for_those_who_are_there() {
        let mut town = Town::new();
        let studio = town.room("录播教室", town.west, 8);
        town.input.rooms[0].capacity = 8;
        let people = (0..12).map(|ix| town.person(&format!("教师{ix}"), [town.east, town.west][ix % 2]));
        let people = people.collect::<Vec<_>>();
        town.invites(&people);
        assert_eq!(solved(&town.build(), 1, 200).assignment, [None]);
        town.input.sessions[0].options[0].second_room = Some(studio);
        assert!(solved(&town.build(), 1, 200).assignment[0].is_some());
    }

    #[test]
    fn a_start_that_breaks_a_hard_rule_is_placed_anew() {
        let town = three_sessions_with_one_chair();
        let problem = town.build();
        let start = town.plan(|plan| plan.at(0, "14:00").then(0, "15:00").then(6, "14:00"));
        let options =
            SolveOptions { seed: 1, steps: Some(0), start: Some(&start), ..SolveOptions::default() };
        let solution = solve(&problem, &Rules::standard(), &options, &|_| ControlFlow::Continue(()));
        assert_eq!(solution.assignment[0], start[0]);
        assert_eq!(check(&problem, &Rules::standard(), &solution.assignment), []);
        assert_eq!(solution.score.medium, 0);
    }

    #[test]
    fn two_sessions_that_fill_one_room_for_one_day_find_their_only_order() {
        let mut town = Town::new();
        town.input.sessions[0].minutes = 230;
        town.window(&[(0, 0)]);
        town.session("数学联合教研 第1次");
        town.input.sessions[1].minutes = 180;
        town.window(&[(0, 0)]);
        town.input.rooms[0].taken.push((at(0, "8:00"), at(0, "8:50")));
        let solution = solved(&town.build(), 1, 3_000);
        let starts =
            solution.assignment.iter().flatten().map(|placement| placement.start).collect::<Vec<_>>();
        assert_eq!(starts.len(), 2);
        assert!(starts[0] > starts[1]);
    }
}
