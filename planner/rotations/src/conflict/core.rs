//! The set of rules in conflict: first irreducible, then, where that is cheap, as small as can be.

use super::Study;
use crate::model::{Mip, Run};
use crate::rule::Rule;
use crate::solve::Unsolved;

/// Looks that the smallest set is worth.
const LOOKS: usize = 60;

impl Study<'_> {
    /// Rules that cannot hold together, none of which can be left out.
    pub(super) fn irreducible(&mut self) -> Result<Vec<Rule>, Unsolved> {
        let candidates = self.suspects()?;
        self.reduce(&[], false, &candidates)
    }

    /// The rules that the relaxation's prices speak of, when it alone is in conflict; else all.
    fn suspects(&mut self) -> Result<Vec<Rule>, Unsolved> {
        self.enforce(&[]);
        let mut factors = vec![0.0; self.model.mip.columns.len()];
        self.model.broken.values().for_each(|&column| factors[column] = 1.0);
        let seconds = self.budget.left();
        let ran = self.model.mip.run(&factors, Run { relaxed: true, seconds, ..Run::default() });
        if ran.reduced.is_empty() || ran.value < 1e-6 {
            return Ok(self.rules.clone());
        }
        // A rule whose column costs all of its price takes no part in the proof that something must be broken.
        let speaks = |rule: &Rule| ran.reduced[self.model.broken[rule]] < 1.0 - 1e-9;
        let suspects: Vec<Rule> = self.rules.iter().copied().filter(speaks).collect();
        Ok(if self.holds(&suspects)? { self.rules.clone() } else { suspects })
    }

    /// QuickXplain (Junker 2004): halves what may be left out instead of trying rule by rule.
    fn reduce(&mut self, kept: &[Rule], grown: bool, candidates: &[Rule]) -> Result<Vec<Rule>, Unsolved> {
        if grown && !self.holds(kept)? {
            return Ok(Vec::new());
        }
        if candidates.len() <= 1 {
            return Ok(candidates.to_vec());
        }
        let (first, second) = candidates.split_at(candidates.len() / 2);
        let with_first = [kept, first].concat();
        let from_second = self.reduce(&with_first, true, second)?;
        let with_second = [kept, &from_second].concat();
        let from_first = self.reduce(&with_second, !from_second.is_empty(), first)?;
        Ok([from_first, from_second].concat())
    }

    /// A smallest set, and whether it is proven so. Every set in conflict contains something of every set of rules whose breaking
    /// helps; so the smallest set that contains something of each known helpful one is a bound, and when it is itself in conflict,
    /// the answer.
    pub(super) fn smallest(&mut self, irreducible: Vec<Rule>) -> (Vec<Rule>, bool) {
        let mut helpful: Vec<Vec<Rule>> = Vec::new();
        for _ in 0..LOOKS {
            let Some(touching) = smallest_touching(&helpful) else { break };
            if touching.len() >= irreducible.len() {
                return (irreducible, true);
            }
            self.enforce(&touching);
            match self.cheapest(|_| 1, false) {
                Ok(None) => return (touching, true),
                Ok(Some(found)) => {
                    helpful.push(self.broken(&found).into_iter().map(|(rule, _)| rule).collect())
                }
                Err(_) => break,
            }
        }
        (irreducible, false)
    }
}

/// A smallest set of rules that has something of each of these sets.
fn smallest_touching(sets: &[Vec<Rule>]) -> Option<Vec<Rule>> {
    let mut rules: Vec<Rule> = sets.concat();
    rules.sort_unstable();
    rules.dedup();
    let mut mip = Mip::default();
    rules.iter().for_each(|_| _ = mip.column(0.0, 1.0, true));
    for set in sets {
        let entries =
            set.iter().filter_map(|rule| rules.binary_search(rule).ok()).map(|column| (column, 1.0));
        mip.row(1.0, f64::INFINITY, entries);
    }
    let ran = mip.run(&vec![1.0; rules.len()], Run { enough: 0.999, ..Run::default() });
    let values = ran.values?;
    Some(rules.into_iter().zip(values).filter(|(_, value)| *value > 0.5).map(|(rule, _)| rule).collect())
}
