//! When the rules cannot hold together: which of them, as few as can be named, and the cheapest ways out.

mod core;
mod relax;

use std::collections::BTreeSet;

use crate::build::Problem;
use crate::model::{Model, Objective};
use crate::rule::{Rule, RuleKind, relaxable, relaxation_words, rule_words};
use crate::solve::{Budget, Found, SolveOptions, Unsolved, minimise};
use crate::words::Words;

pub use relax::price;

/// Rules that cannot hold together, and what would help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// They cannot all hold, and without any one of them the others can. In the order of [`Rule`].
    pub rules: Vec<Rule>,
    /// Whether it is proven that no fewer rules are in conflict.
    pub smallest: bool,
    /// Ways out, cheapest first: rules of one kind only, where that is enough, and of all kinds.
    pub relaxations: Vec<Relaxation>,
}

/// A way to make a proposal possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relaxation {
    /// The only kind of rule that it changes; `None`: of several kinds.
    pub kind: Option<RuleKind>,
    /// Which rules, and by how much each in its unit.
    pub changes: Vec<(Rule, i64)>,
    /// Σ of [`price`] times amount.
    pub cost: i64,
    /// Whether no cheaper one is possible with rules of this kind.
    pub proven: bool,
}

impl Conflict {
    /// The conflict as sentences: one per rule.
    pub fn words(&self, problem: &Problem) -> Vec<Words> {
        self.rules.iter().map(|&rule| rule_words(problem, rule)).collect()
    }
}

impl Relaxation {
    /// The way out as sentences: one per rule.
    pub fn words(&self, problem: &Problem) -> Vec<Words> {
        self.changes.iter().map(|&(rule, by)| relaxation_words(problem, rule, by)).collect()
    }
}

/// Says why no proposal keeps all rules; `None`: one does. Of the options, levels and start are not read.
///
/// The set is irreducible always. It is proven smallest where few looks are enough for that ([`Conflict::smallest`]).
///
/// # Errors
/// When time is up, or stopping was asked for, before a conflict is found; ways out that were not found by then are missing.
pub fn conflict(problem: &Problem, options: &SolveOptions<'_>) -> Result<Option<Conflict>, Unsolved> {
    let mut study = Study::new(problem, Budget::new(options));
    let all = study.rules.clone();
    if study.holds(&all)? {
        return Ok(None);
    }
    let irreducible = study.irreducible()?;
    let (mut rules, smallest) = study.smallest(irreducible);
    rules.sort_unstable();
    let relaxations = study.relaxations();
    Ok(Some(Conflict { rules, smallest, relaxations }))
}

/// Asks which rules hold together.
struct Study<'a> {
    model: Model<'a>,
    rules: Vec<Rule>,
    budget: Budget<'a>,
}

impl<'a> Study<'a> {
    fn new(problem: &'a Problem, budget: Budget<'a>) -> Study<'a> {
        Study { model: Model::elastic(problem), rules: relaxable(problem), budget }
    }

    /// Makes these rules hold and frees all others.
    fn enforce(&mut self, rules: &[Rule]) {
        let rules: BTreeSet<Rule> = rules.iter().copied().collect();
        for (rule, &column) in &self.model.broken {
            let upper = if rules.contains(rule) { 0.0 } else { f64::INFINITY };
            self.model.mip.columns[column].upper = upper;
        }
    }

    /// Minimises what these prices make of the broken rules; `None`: what the rules in force ask cannot be.
    fn cheapest(&self, cost: impl Fn(Rule) -> i64, any: bool) -> Result<Option<Found>, Unsolved> {
        let mut factors = vec![0.0; self.model.mip.columns.len()];
        for (&rule, &column) in &self.model.broken {
            factors[column] = cost(rule) as f64;
        }
        let objective = Objective { factors, constant: 0.0, step: 1.0 };
        let found = minimise(&self.model.mip, &objective, None, &self.budget, any);
        match (&found.values, found.infeasible) {
            (Some(_), _) => Ok(Some(found)),
            (None, true) => Ok(None),
            _ if found.failed => Err(Unsolved::Numbers),
            _ => Err(Unsolved::Stopped),
        }
    }

    /// Whether these rules can hold together.
    fn holds(&mut self, rules: &[Rule]) -> Result<bool, Unsolved> {
        self.enforce(rules);
        Ok(self.cheapest(|_| 0, true)?.is_some())
    }

    /// The rules that are broken by a solution.
    fn broken(&self, found: &Found) -> Vec<(Rule, i64)> {
        let values = found.values.as_deref().unwrap_or_default();
        let amount = |column: usize| values.get(column).map_or(0, |value| value.round() as i64);
        self.model
            .broken
            .iter()
            .map(|(&rule, &column)| (rule, amount(column)))
            .filter(|&(_, by)| by > 0)
            .collect()
    }
}
