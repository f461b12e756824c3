//! The cheapest ways out of a conflict.

use super::{Relaxation, Study};
use crate::rule::{Rule, RuleKind};

/// What relaxing a rule by one of its unit costs: 10 for a person, so 2 for the fifth of a post and 1 for a minute of the longest way;
/// three times a person's for breaking a promise to a volunteer.
pub fn price(rule: Rule) -> i64 {
    match rule.kind() {
        RuleKind::Rate | RuleKind::SchoolCap | RuleKind::MustMove | RuleKind::Pinned | RuleKind::Link => 10,
        RuleKind::Cell => 2,
        RuleKind::LongestCommute => 1,
        RuleKind::VolunteerNotWorse | RuleKind::Allowed => 30,
    }
}

const KINDS: [RuleKind; 8] = [
    RuleKind::Rate,
    RuleKind::SchoolCap,
    RuleKind::Cell,
    RuleKind::LongestCommute,
    RuleKind::MustMove,
    RuleKind::Link,
    RuleKind::Pinned,
    RuleKind::VolunteerNotWorse,
];

impl Study<'_> {
    /// The cheapest way out of each kind, and of all kinds together, cheapest first.
    pub(super) fn relaxations(&mut self) -> Vec<Relaxation> {
        let mut found: Vec<Relaxation> =
            KINDS.iter().filter_map(|&kind| self.relaxation(Some(kind))).collect();
        let mixed = self.relaxation(None).filter(|mixed| found.iter().all(|one| mixed.cost < one.cost));
        found.extend(mixed);
        found.sort_by_key(|relaxation| relaxation.cost);
        found
    }

    fn relaxation(&mut self, kind: Option<RuleKind>) -> Option<Relaxation> {
        let stays = |rule: &Rule| kind.is_some_and(|kind| rule.kind() != kind);
        if kind.is_some() && self.rules.iter().all(stays) {
            return None;
        }
        let kept: Vec<Rule> = self.rules.iter().copied().filter(stays).collect();
        self.enforce(&kept);
        let found = self.cheapest(price, false).ok()??;
        let changes = self.broken(&found);
        let cost = changes.iter().map(|&(rule, by)| price(rule) * by).sum();
        Some(Relaxation { kind, changes, cost, proven: found.proven })
    }
}
