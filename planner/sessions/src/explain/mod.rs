//! Why a session stands where it does, what every other place would change, what stands in its way and would free it; and what
//! one plan changes against another.
//!
//! [`Beside`] takes one session out of a plan and asks the rules about any place for it. Everything here is built on it or on
//! [`crate::evaluate`], never on the search.

mod beside;
mod book;
mod compare;
mod freeing;
mod slots;

use std::collections::BTreeMap;

use crate::build::Problem;
use crate::constraints::Rules;
use crate::problem::{Assignment, SessionIx};
use crate::text::Reason;
use beside::Depth;
use book::Book;

pub use beside::Beside;
pub use book::{Effect, RuleChange};
pub use compare::{Comparison, Part, PersonChange, compare, differences, findings};
pub use freeing::{Freeing, Rehoming, Relaxation};
pub use slots::{Slot, SlotFilter, WhyHere};

/// A hard rule that stands in the way of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// The rule's name.
    pub rule: &'static str,
    /// How many slots it blocks; a slot may be blocked by several rules.
    pub slots: usize,
    /// How many of them only it blocks: what giving way here would open.
    pub alone: usize,
    /// How many slots there are: every day, every start within the hours and every allowed way to hold the session.
    pub of: usize,
    /// One example.
    pub reason: Reason,
}

/// Why a session that is not placed is not: for each slot, with room and presenters as [`Beside::filled`] chooses them, which hard
/// rules it would break beside the rest of the plan. Most blocking rule first. A session that is placed is looked at as if it were not.
///
/// # Panics
/// As [`crate::evaluate`].
pub fn why_unplaced(
    problem: &Problem,
    rules: &Rules,
    plan: &Assignment,
    session: SessionIx,
) -> Vec<Obstacle> {
    let mut plan = plan.clone();
    plan[session] = None;
    let mut beside = Beside::new(problem, rules, &plan, session);
    let mut found: BTreeMap<usize, Obstacle> = BTreeMap::new();
    let mut of = 0;
    for (option, start) in beside.candidates(&SlotFilter::default()) {
        if !problem.sessions[session].options[option].allowed {
            continue;
        }
        of += 1;
        let placement = beside.filled(option, start);
        let mut book = Book::of_amounts(rules);
        beside.look(Some(&placement), 1, Depth::Hard, &mut book);
        let blocking = book.amounts().iter().enumerate().filter(|(_, amount)| amount.count > 0);
        let blocking = blocking.map(|(rule, _)| rule).collect::<Vec<_>>();
        let alone = usize::from(blocking.len() == 1);
        let is_new = blocking.iter().any(|rule| !found.contains_key(rule));
        let examples = if is_new { beside.broken(&placement) } else { Vec::new() };
        for (ix, rule) in rules.iter().enumerate().filter(|(ix, _)| blocking.contains(ix)) {
            if let Some(example) = examples.iter().find(|effect| effect.rule == rule.name) {
                let reason = example.violation.reason.clone();
                found.entry(ix).or_insert(Obstacle { rule: rule.name, slots: 0, alone: 0, of: 0, reason });
            }
            if let Some(obstacle) = found.get_mut(&ix) {
                obstacle.slots += 1;
                obstacle.alone += alone;
            }
        }
    }
    let mut obstacles = found.into_values().collect::<Vec<_>>();
    for obstacle in &mut obstacles {
        obstacle.of = of;
    }
    obstacles.sort_by_key(|obstacle| std::cmp::Reverse((obstacle.slots, obstacle.alone)));
    obstacles
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::EngagementKind;
    use crate::testing::{Town, at};

    #[test]
    fn each_rule_in_the_way_is_counted_with_an_example() {
        let mut town = Town::new();
        town.input.sessions[0].minutes = 180;
        town.window(&[(0, 0)]);
        town.input.rooms[0].taken.push((at(0, "8:00"), at(0, "12:00")));
        let chair = town.person("周然诗", town.east);
        town.requires(chair);
        town.engage(chair, EngagementKind::Session, 0, "14:30", None);
        let problem = town.build();
        let rules = Rules::standard();
        let found = why_unplaced(&problem, &rules, &vec![None], 0);
        // Seven starts of three hours in each morning, ten in each afternoon from 13:00.
        assert!(found.iter().all(|obstacle| obstacle.of == 28 * 17));
        let of = |name: &str| found.iter().find(|obstacle| obstacle.rule == name).expect("an obstacle");
        assert_eq!(of("window").slots, 27 * 17);
        assert_eq!(of("school_days").slots, 8 * 17);
        assert_eq!((of("room_not_double_booked").slots, of("room_not_double_booked").alone), (7, 7));
        assert_eq!(of("people_not_double_booked").slots, 10);
        assert_eq!(
            of("room_not_double_booked").reason.zh,
            "9月7日（周一）城东小学会议室在8:00—12:00已被占用，“语文联合教研 第1次”不能使用"
        );
        assert!(found.windows(2).all(|pair| pair[0].slots >= pair[1].slots));
    }
}
