//! The rules that random plans are judged by.

use std::collections::BTreeSet;

use crate::constraints::{Check, PersonTerm, Rule, Rules, Sink, Violation};
use crate::grouping::{Grouping, SetView};
use crate::pair::PairView;
use crate::problem::DAY;
use crate::score::Level;

/// The standard rules, and one for each kind of grouping that none of them need look at.
pub(super) fn all_kinds() -> Rules {
    let rule = |name, level, check| Rule { name, sentence: ("", ""), level, default_weight: 3, check };
    let mut rules = Rules::standard().iter().copied().collect::<Vec<_>>();
    rules.push(rule("near", Level::Soft, Check::Pair { within: 120, check: near }));
    rules.push(rule("together", Level::Hard, Check::Pair { within: 0, check: together }));
    rules.push(rule("seldom", Level::Medium, Check::PersonTerm(seldom)));
    rules.push(rule("weekly", Level::Soft, Check::Set(Grouping::SchoolWeek, many)));
    rules.push(rule("daily", Level::Soft, Check::Set(Grouping::HostDay, many)));
    Rules::of(rules)
}

fn near(view: &PairView, sink: &mut dyn Sink) {
    let amount = i64::from(120 - view.pause().max(0)) * i64::from(view.common.at_all);
    sink.add(amount, &|| Violation::new("", "").session(view.sessions[0]).session(view.sessions[1]));
}

fn together(view: &PairView, sink: &mut dyn Sink) {
    let minutes = i64::from(view.overlap()) * i64::from(view.common.required);
    sink.add(minutes, &|| Violation::new("", "").session(view.sessions[0]));
}

fn seldom(term: &PersonTerm, sink: &mut dyn Sink) {
    let days = term.visits.iter().map(|visit| visit.start / DAY).collect::<BTreeSet<_>>();
    sink.add((days.len() as i64 - 2).abs(), &|| Violation::new("", "").person(term.person));
}

fn many(view: &SetView, sink: &mut dyn Sink) {
    let starts = view.by_start().iter().map(|&(start, _)| i64::from(start % 50)).sum::<i64>();
    sink.add(view.sessions.len() as i64 - 1 + starts, &|| Violation::new("", ""));
}
