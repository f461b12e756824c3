//! The rules: one file each, named like the rule.
//!
//! A rule states the grouping it looks at, and is one pure function from a view of that grouping to amounts of penalty. The engine
//! looks again only at the sets that a move touches. Reasons are closures: they are built when somebody asks, never in search.
//!
//! Hard rules must be *monotone*: placing one more session never lowers their penalty. The search relies on it: a plan whose hard
//! penalty equals that of its pinned sessions alone has no violation that the planner could have avoided.
//!
//! Soft weights share one unit: ten minutes of one person's travel. A covered lesson (40 minutes of a colleague's time, and
//! the asking) is 6 of them; the others are set against these two.

use crate::build::Problem;
use crate::grouping::{Grouping, SetView};
use crate::pair::PairView;
use crate::problem::{DayIx, Minute, PersonIx, PlaceIx, Placement, SessionIx};
use crate::score::Level;
use crate::text::Reason;
use crate::week::{PersonWeek, Visit};

pub(crate) mod attendance_quota;
pub(crate) mod audience_present;
pub(crate) mod core_share;
pub(crate) mod cover_limit;
pub(crate) mod even_spread;
pub(crate) mod far_travel_grouped;
pub(crate) mod guests_present;
pub(crate) mod higher_level_first;
pub(crate) mod host_rule;
pub(crate) mod hosting_goes_round;
pub(crate) mod hosting_shared;
pub(crate) mod hours;
pub(crate) mod in_order;
pub(crate) mod lessons_covered;
pub(crate) mod lessons_received;
pub(crate) mod little_travel;
pub(crate) mod meets_often;
pub(crate) mod notice;
pub(crate) mod one_per_month;
pub(crate) mod parallel_together;
pub(crate) mod people_not_double_booked;
pub(crate) mod pinned_stand;
pub(crate) mod presenter_eligible;
pub(crate) mod presenters_from_different_schools;
pub(crate) mod presenters_share_load;
pub(crate) mod published_kept;
pub(crate) mod room_capacity;
pub(crate) mod room_equipment;
pub(crate) mod room_not_double_booked;
pub(crate) mod school_days;
pub(crate) mod sessions_per_person_week;
pub(crate) mod sessions_per_school_day;
pub(crate) mod sessions_placed;
pub(crate) mod spacing;
pub(crate) mod subject_day;
pub(crate) mod travel_bounded;
pub(crate) mod travel_hours;
pub(crate) mod travel_shared;
pub(crate) mod travel_time;
pub(crate) mod window;
pub(crate) mod within_lesson;

/// One thing that a good plan avoids, with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// What is wrong, as people read it.
    pub reason: Reason,
    /// How much of it, in the rule's unit (see the rule), unweighted.
    pub amount: i64,
    /// The sessions concerned.
    pub sessions: Vec<SessionIx>,
    /// The people concerned.
    pub people: Vec<PersonIx>,
    /// The school concerned.
    pub place: Option<PlaceIx>,
    /// The day concerned.
    pub day: Option<DayIx>,
}

impl Violation {
    /// A violation with its reason in Chinese and English; the amount comes from [`Sink::add`].
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Violation {
        Violation::because(Reason::new(zh, en))
    }

    pub(crate) fn because(reason: Reason) -> Violation {
        Violation { reason, amount: 0, sessions: Vec::new(), people: Vec::new(), place: None, day: None }
    }

    /// Names a session concerned.
    pub fn session(mut self, session: SessionIx) -> Violation {
        self.sessions.push(session);
        self
    }

    /// Names a person concerned.
    pub fn person(mut self, person: PersonIx) -> Violation {
        self.people.push(person);
        self
    }

    /// Names the school concerned.
    pub fn place(mut self, place: Option<PlaceIx>) -> Violation {
        self.place = place;
        self
    }

    /// Names the day concerned.
    pub fn day(mut self, day: DayIx) -> Violation {
        self.day = Some(day);
        self
    }
}

/// Receives what a rule finds. Scoring adds up amounts and never calls the closure.
pub trait Sink {
    /// Notes `amount` ≥ 0 units of penalty.
    fn add(&mut self, amount: i64, violation: &dyn Fn() -> Violation);
}

/// A session, placed or not.
pub struct SessionView<'a> {
    /// The problem.
    pub problem: &'a Problem,
    /// The session.
    pub session: SessionIx,
    /// Where it stands.
    pub placement: Option<&'a Placement>,
}

/// One person's planned days: the sessions she is asked to, whether or not she can come. It knows their days, not their times of
/// day: `start` and `end` are midnight.
pub struct PersonTerm<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) person: PersonIx,
    /// In no order; may be empty.
    pub(crate) visits: &'a [Visit],
}

/// What a rule looks at, with its function. The penalty of whatever it looks at depends on nothing else.
#[derive(Clone, Copy)]
pub enum Check {
    /// Each session by itself, placed or not.
    Session(fn(&SessionView, &mut dyn Sink)),
    /// Each set of a grouping that is not empty.
    Set(Grouping, fn(&SetView, &mut dyn Sink)),
    /// Each two placed sessions of which one starts at most `within` minutes after the other ends, overlapping ones included.
    Pair {
        /// Minutes, ≥ 0.
        within: Minute,
        /// What it finds in two sessions.
        check: fn(&PairView, &mut dyn Sink),
    },
    /// Each person's week in which she is asked to a session. While none of the weekly limits ([`crate::Limits`]) is reached, what it finds
    /// in a week is the sum of what it finds in each of its days by themselves; and in a day it looks at nothing but what fills
    /// the person's day and where she is based then.
    PersonWeek(fn(&PersonWeek, &mut dyn Sink)),
    /// Each person's term.
    PersonTerm(fn(&PersonTerm, &mut dyn Sink)),
}

/// A rule of good planning.
#[derive(Clone, Copy)]
pub struct Rule {
    /// snake_case, the name of its file; weights are keyed by it.
    pub name: &'static str,
    /// What it demands: `(zh, en)`.
    pub sentence: (&'static str, &'static str),
    /// Its level.
    pub level: Level,
    /// Penalty per unit, unless the problem says otherwise.
    pub default_weight: i64,
    /// What it looks at, and how.
    pub check: Check,
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Rule")
            .field("name", &self.name)
            .field("level", &self.level)
            .finish_non_exhaustive()
    }
}

/// The rules that a plan is judged by.
#[derive(Debug, Clone)]
pub struct Rules {
    list: Vec<Rule>,
}

impl Rules {
    /// Any rules, in this order; names should differ.
    pub fn of(list: Vec<Rule>) -> Rules {
        Rules { list }
    }

    /// All rules, hard ones first.
    pub fn standard() -> Rules {
        Rules {
            list: vec![
                school_days::RULE,
                hours::RULE,
                window::RULE,
                one_per_month::RULE,
                notice::RULE,
                room_capacity::RULE,
                room_equipment::RULE,
                room_not_double_booked::RULE,
                host_rule::RULE,
                people_not_double_booked::RULE,
                travel_time::RULE,
                cover_limit::RULE,
                presenters_from_different_schools::RULE,
                presenter_eligible::RULE,
                within_lesson::RULE,
                pinned_stand::RULE,
                sessions_placed::RULE,
                published_kept::RULE,
                higher_level_first::RULE,
                audience_present::RULE,
                attendance_quota::RULE,
                subject_day::RULE,
                parallel_together::RULE,
                lessons_received::RULE,
                guests_present::RULE,
                lessons_covered::RULE,
                spacing::RULE,
                even_spread::RULE,
                in_order::RULE,
                hosting_goes_round::RULE,
                hosting_shared::RULE,
                core_share::RULE,
                meets_often::RULE,
                sessions_per_person_week::RULE,
                sessions_per_school_day::RULE,
                little_travel::RULE,
                travel_hours::RULE,
                travel_shared::RULE,
                travel_bounded::RULE,
                far_travel_grouped::RULE,
                presenters_share_load::RULE,
            ],
        }
    }

    /// The rules in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.list.iter()
    }

    /// The rule of that name.
    pub fn get(&self, name: &str) -> Option<&Rule> {
        self.list.iter().find(|rule| rule.name == name)
    }

    /// These rules without all but the named ones.
    pub fn only(&self, names: &[&str]) -> Rules {
        Rules { list: self.list.iter().filter(|rule| names.contains(&rule.name)).copied().collect() }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_of_the_folder_is_a_registered_rule_and_the_other_way_round() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/constraints");
        let files = std::fs::read_dir(folder).expect("the folder of rules");
        let files = files.map(|file| file.expect("a file").path()).filter(|path| !path.ends_with("mod.rs"));
        let files = files.map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned());
        let registered = Rules::standard().iter().map(|rule| rule.name.to_owned()).collect::<Vec<_>>();
        assert_eq!(files.collect::<BTreeSet<_>>(), registered.iter().cloned().collect());
        assert_eq!(registered.len(), registered.iter().collect::<BTreeSet<_>>().len());
    }

    #[test]
    fn every_rule_says_in_both_languages_what_it_demands_and_weighs_something() {
        for rule in Rules::standard().iter() {
            assert!(rule.sentence.0.ends_with('。') && rule.sentence.1.ends_with('.'), "{}", rule.name);
            assert!(rule.default_weight > 0, "{}", rule.name);
        }
    }

    #[test]
    fn the_page_on_planning_tells_every_rule_as_it_is_and_no_other() {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/planning.md");
        let page = std::fs::read_to_string(page).expect("the page");
        let section = page.split("\n## ").find(|section| section.starts_with("规则\n")).expect("its rules");
        let rows = section.lines().filter(|line| line.starts_with("| `"));
        // What a soft rule counts is told nowhere else.
        let without_unit = |row: &str| {
            let cells = row.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>();
            match cells[..] {
                [name, level, weight, _, sentence] => [name, level, weight, sentence].join(" "),
                _ => cells.join(" "),
            }
        };
        let told = |rule: &Rule| {
            let (name, sentence, weight) = (rule.name, rule.sentence.0, rule.default_weight);
            match rule.level {
                Level::Hard => format!("`{name}` {sentence}"),
                Level::Medium => format!("`{name}` 中级 {weight} {sentence}"),
                Level::Soft => format!("`{name}` 软性 {weight} {sentence}"),
            }
        };
        assert_eq!(
            rows.map(without_unit).collect::<Vec<_>>(),
            Rules::standard().iter().map(told).collect::<Vec<_>>()
        );
    }
}
