//! Why a proposal ends for a teacher as it does: what decided, and what another outcome would cost whom.
//!
//! Nothing is kept from solving: the question "what if she did not" is solved anew, up to the level that decides. That is asked for one
//! teacher at a time.

mod grounds;

use crate::build::{Bar, Problem};
use crate::compare::{Change, changes};
use crate::conflict::conflict;
use crate::evaluate::evaluate;
use crate::goal::Measure;
use crate::problem::*;
use crate::rule::Rule;
use crate::solve::{Solution, SolveOptions, Unsolved, solve_near};

pub use grounds::{Ground, ground_words};

/// Why it ends for a teacher as it does.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Who.
    pub teacher: TeacherIx,
    /// Her move; `None`: she stays.
    pub outcome: Option<MoveIx>,
    /// Which of her wishes it is.
    pub wish: Option<u32>,
    /// Her way before; `None` where it is not known, or she stays.
    pub commute_before: Option<Minutes>,
    /// Her way after.
    pub commute_after: Option<Minutes>,
    /// What decided, most decisive first.
    pub grounds: Vec<Ground>,
    /// What kept each of her moves from being possible at all; `None`: nothing did.
    pub moves: Vec<Option<Bar>>,
    /// The best that could be done if it did not end so for her.
    pub alternative: Alternative,
}

/// What would come of another outcome.
#[derive(Debug, Clone, PartialEq)]
pub enum Alternative {
    /// There is one.
    Possible(Other),
    /// The rules leave none. These cannot hold together with it, and without any one of them the others can; empty when time
    /// was up before that was known, or when she has no other move.
    Impossible(Vec<Rule>),
}

/// The nearest proposal with another outcome for her: the best there is in every level up to the first that gets worse, and of those
/// the one in which it ends differently for as few as can be. Levels after that one are as they come out.
#[derive(Debug, Clone, PartialEq)]
pub struct Other {
    /// Her outcome in it.
    pub outcome: Option<MoveIx>,
    /// Each level: in the proposal, and in this one.
    pub levels: Vec<(Measure, Measure)>,
    /// Everybody else for whom it ends differently.
    pub others: Vec<Change>,
    /// Whether that is proven.
    pub proven: bool,
    /// The whole proposal.
    pub assignment: Assignment,
}

/// Explains the outcome of one teacher. The options' levels are those that the solution was found with; their limit of time is for
/// this explanation.
///
/// # Errors
/// When time is up, or stopping was asked for, before the alternative is found.
pub fn explain(
    problem: &Problem,
    options: &SolveOptions<'_>,
    solution: &Solution,
    teacher: TeacherIx,
) -> Result<Explanation, Unsolved> {
    let outcome = solution.assignment[teacher];
    let facts = &problem.teachers[teacher];
    let moves: Vec<Option<Bar>> = (0..facts.moves.len()).map(|choice| problem.bar(teacher, choice)).collect();
    // Who could do nothing else needs no search.
    let alternative = if outcome.is_none() && moves.iter().all(Option::is_some) {
        Alternative::Impossible(Vec::new())
    } else {
        alternative(problem, options, &solution.assignment, teacher, Pin::Not(outcome))?
    };
    let chosen = outcome.map(|choice| &facts.moves[choice]);
    Ok(Explanation {
        teacher,
        outcome,
        wish: chosen.and_then(|chosen| chosen.wish),
        commute_before: chosen.and_then(|chosen| chosen.commute_before),
        commute_after: chosen.and_then(|chosen| chosen.commute_after),
        grounds: grounds::of(problem, &options.levels, &solution.assignment, teacher, &moves, &alternative),
        moves,
        alternative,
    })
}

/// The nearest proposal in which a teacher's outcome is as `wanted` ("why not this school?"), whatever was decided about her
/// beforehand. A level that counts changes counts those against the given one.
///
/// # Errors
/// When time is up, or stopping was asked for, before it is found.
pub fn alternative(
    problem: &Problem,
    options: &SolveOptions<'_>,
    assignment: &Assignment,
    teacher: TeacherIx,
    wanted: Pin,
) -> Result<Alternative, Unsolved> {
    let mut input = problem.input().clone();
    input.teachers[teacher].pinned = Some(wanted);
    input.reference = Some(assignment.clone());
    // A move that is barred whatever else holds makes an unsound problem.
    let Ok(asked) = Problem::build(input) else {
        return Ok(Alternative::Impossible(vec![Rule::Allowed(teacher)]));
    };
    let mut options = options.clone();
    options.start = None;
    let before = evaluate(problem, &options.levels, assignment);
    match solve_near(&asked, &options, &before) {
        Ok(found) => {
            let after = evaluate(problem, &options.levels, &found.assignment);
            let mut others = changes(assignment, &found.assignment);
            others.retain(|change| change.teacher != teacher);
            Ok(Alternative::Possible(Other {
                outcome: found.assignment[teacher],
                levels: before.into_iter().zip(after).collect(),
                others,
                proven: found.is_proven(),
                assignment: found.assignment,
            }))
        }
        Err(Unsolved::Infeasible) => Ok(Alternative::Impossible(why_impossible(&asked, &options, teacher))),
        Err(unsolved) => Err(unsolved),
    }
}

fn why_impossible(asked: &Problem, options: &SolveOptions<'_>, teacher: TeacherIx) -> Vec<Rule> {
    let rules = conflict(asked, options).ok().flatten().map_or_else(Vec::new, |conflict| conflict.rules);
    rules.into_iter().filter(|&rule| rule != Rule::Pinned(teacher)).collect()
}
