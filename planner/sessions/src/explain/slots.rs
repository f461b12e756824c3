//! Where a session could stand, what each place would change, and why it stands where it does.

use std::collections::BTreeSet;

use super::beside::{Beside, Depth};
use super::book::{Book, Effect, RuleChange, changes, sum};
use crate::engine::candidates::starts_on;
use crate::problem::*;
use crate::score::Score;

/// Which slots to look at. The default: every slot that breaks no hard rule.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SlotFilter {
    /// Only this day.
    pub day: Option<DayIx>,
    /// Only this way to hold it.
    pub option: Option<OptionIx>,
    /// Also slots that break hard rules: on every day and with every host, allowed or not.
    pub impossible: bool,
}

/// A place where a session could stand, beside the rest of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Where.
    pub placement: Placement,
    /// Whether the session breaks no hard rule there.
    pub possible: bool,
    /// The score of the plan with the session there.
    pub score: Score,
    /// That score less the present plan's: negative is better.
    pub change: Score,
    /// The change, rule by rule.
    pub rules: Vec<RuleChange>,
}

/// Why a session stands where it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhyHere {
    /// Where it stands.
    pub placement: Placement,
    /// What its standing there costs, and what it spares the rest of the plan; the heaviest first.
    pub effects: Vec<Effect>,
    /// How many possible slots would give a better plan, and one: 1 is the best.
    pub rank: usize,
    /// Possible slots.
    pub of: usize,
    /// The best slot of each day, best first, its own place aside: what each would cost.
    pub alternatives: Vec<Slot>,
}

impl Beside<'_> {
    /// The slots of the session beside the rest of the plan, best first. Room and presenters as [`Beside::filled`] says.
    pub fn slots(&mut self, filter: &SlotFilter) -> Vec<Slot> {
        let mut slots = Vec::new();
        for (option, start) in self.candidates(filter) {
            if !filter.impossible && self.is_out(option, start) {
                continue;
            }
            let placement = self.filled(option, start);
            if filter.impossible || !self.breaks_at(&placement, Depth::Frame) {
                let slot = self.slot(placement);
                slots.extend(Some(slot).filter(|slot| filter.impossible || slot.possible));
            }
        }
        slots.sort_by_key(|slot| (slot.score, slot.placement.start, slot.placement.option));
        slots
    }

    /// Every day, start within the hours and way to hold the session that the filter lets through; of one that keeps within a lesson,
    /// the starts of its lessons.
    pub(super) fn candidates(&self, filter: &SlotFilter) -> Vec<(OptionIx, Minute)> {
        let (problem, session) = (self.problem, self.session);
        let options = 0..problem.sessions[session].options.len();
        let options = options.filter(|&option| filter.option.is_none_or(|only| only == option));
        let days = (0..problem.days.len()).filter(|&day| filter.day.is_none_or(|only| only == day));
        let days = days.collect::<Vec<_>>();
        let of_option =
            |option| starts_on(problem, session, option, &days).into_iter().map(move |start| (option, start));
        options.flat_map(of_option).collect()
    }

    /// What a placement would change.
    pub fn slot(&mut self, placement: Placement) -> Slot {
        let mut book = Book::of_amounts(self.rules);
        self.look(Some(&placement), 1, Depth::All, &mut book);
        let possible = !self.breaks(book.amounts());
        let differ = book.amounts().iter().zip(&self.here).map(|(&there, &here)| there - here);
        let rules = changes(self.rules, differ);
        let change = sum(&rules);
        Slot { placement, possible, score: self.score + change, change, rules }
    }

    /// What appears and what disappears when the session goes from where it stands to a placement, the heaviest first: the
    /// sentences behind [`Slot::rules`].
    pub fn effects(&mut self, placement: &Placement) -> Vec<Effect> {
        let mut book = Book::of_reasons(self.rules);
        self.look(Some(placement), 1, Depth::All, &mut book);
        self.look(self.plan[self.session].as_ref(), -1, Depth::All, &mut book);
        book.effects(self.rules)
    }

    /// Why the session stands where it does, with so many alternatives at most; `None`: it is not placed.
    pub fn why_here(&mut self, alternatives: usize) -> Option<WhyHere> {
        let placement = self.plan[self.session].clone()?;
        let mut book = Book::of_reasons(self.rules);
        self.look(Some(&placement), 1, Depth::All, &mut book);
        let effects = book.effects(self.rules);
        let slots = self.slots(&SlotFilter::default());
        let better = slots.iter().filter(|slot| slot.score < self.score).count();
        let own = |slot: &Slot| {
            (slot.placement.start, slot.placement.option) == (placement.start, placement.option)
        };
        let of = slots.len();
        let others = slots.into_iter().filter(|slot| !own(slot));
        let alternatives = self.best_of_days(others, alternatives);
        Some(WhyHere { placement, effects, rank: better + 1, of, alternatives })
    }

    /// How many slots are free for the session, and the best of each of so many days, the best first: what a session without a place
    /// could be given at once.
    pub fn free(&mut self, days: usize) -> (usize, Vec<Slot>) {
        let slots = self.slots(&SlotFilter::default());
        (slots.len(), self.best_of_days(slots.into_iter(), days))
    }

    /// The first slot of each day, of so many days at most.
    fn best_of_days(&self, slots: impl Iterator<Item = Slot>, most: usize) -> Vec<Slot> {
        let mut days = BTreeSet::new();
        slots.filter(|slot| days.insert(self.problem.day_of(slot.placement.start))).take(most).collect()
    }

    pub(super) fn breaks_at(&mut self, placement: &Placement, depth: Depth) -> bool {
        let mut book = Book::of_amounts(self.rules);
        self.look(Some(placement), 1, depth, &mut book);
        self.breaks(book.amounts())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constraints::Rules;
    use crate::testing::{Town, at};

    #[test]
    fn slots_are_possible_and_ranked() {
        let mut town = Town::new();
        town.window(&[(0, 2)]);
        let guest = town.person("王一", town.east);
        town.invites(&[guest]);
        town.engage(guest, EngagementKind::Lesson, 0, "14:00", Some(town.east));
        let problem = town.build();
        let (rules, plan) = (Rules::standard(), vec![None]);
        let found = Beside::new(&problem, &rules, &plan, 0).slots(&SlotFilter::default());
        assert_eq!(found.len(), 3 * (13 + 16));
        assert!(found.windows(2).all(|pair| pair[0].score <= pair[1].score));
        let last = found.last().expect("a slot");
        assert_eq!(problem.day_of(last.placement.start), 0);
        let plan = vec![Some(last.placement.clone())];
        assert_eq!(crate::score(&problem, &rules, &plan), last.score);
    }

    #[test]
    fn a_session_within_a_lesson_is_offered_the_lessons_of_each_host() {
        let mut town = Town::new();
        town.option(town.west);
        town.room("听讲教室", town.west, 10);
        let session = &mut town.input.sessions[0];
        session.minutes = 40;
        session.lessons = LessonRule::Inside;
        session.options[0].lessons = vec![(at(0, "8:05"), at(0, "8:45")), (at(5, "8:05"), at(5, "8:45"))];
        session.options[1].lessons = vec![(at(1, "10:15"), at(1, "10:55"))];
        let problem = town.build();
        let (rules, plan) = (Rules::standard(), vec![None]);
        let mut beside = Beside::new(&problem, &rules, &plan, 0);
        let mut where_and_when = |filter: &SlotFilter| {
            let slots = beside.slots(filter).into_iter();
            slots.map(|slot| (slot.placement.option, slot.placement.start)).collect::<Vec<_>>()
        };
        let mut possible = where_and_when(&SlotFilter::default());
        possible.sort_unstable();
        assert_eq!(possible, [(0, at(0, "8:05")), (1, at(1, "10:15"))], "not on Saturday");
        let all = where_and_when(&SlotFilter { impossible: true, ..SlotFilter::default() });
        assert_eq!(all.len(), 3);
    }

    #[test]
    fn free_slots_are_counted_and_the_best_of_each_day_is_shown() {
        let mut town = Town::new();
        town.window(&[(0, 2)]);
        let guest = town.person("王一", town.east);
        town.invites(&[guest]);
        town.engage(guest, EngagementKind::Session, 0, "8:00", None);
        town.engage(guest, EngagementKind::Session, 0, "15:00", None);
        let problem = town.build();
        let (rules, plan) = (Rules::standard(), vec![None]);
        let (count, best) = Beside::new(&problem, &rules, &plan, 0).free(2);
        assert_eq!(count, 3 * (13 + 16));
        let days = best.iter().map(|slot| problem.day_of(slot.placement.start)).collect::<Vec<_>>();
        assert_eq!(days.len(), 2);
        assert!(days[0] != days[1] && best[0].score <= best[1].score);
        town.window(&[(5, 6)]);
        let problem = town.build();
        assert_eq!(Beside::new(&problem, &rules, &plan, 0).free(2), (0, Vec::new()));
    }

    #[test]
    fn impossible_slots_come_last_and_say_why() {
        let mut town = Town::new();
        let chair = town.person("周然诗", town.east);
        town.requires(chair);
        town.engage(chair, EngagementKind::Session, 0, "14:30", None);
        let problem = town.build();
        let (rules, plan) = (Rules::standard(), town.plan(|plan| plan.at(1, "14:00")));
        let mut beside = Beside::new(&problem, &rules, &plan, 0);
        let day = SlotFilter { day: Some(0), impossible: true, ..SlotFilter::default() };
        let slots = beside.slots(&day);
        assert_eq!(slots.len(), 13 + 16);
        let first = slots.iter().position(|slot| !slot.possible).expect("an impossible slot");
        assert!(slots[first..].iter().all(|slot| !slot.possible && slot.change.hard > 0));
        let closed = SlotFilter { day: Some(5), ..day };
        assert!(beside.slots(&closed).iter().all(|slot| !slot.possible));
        assert_eq!(beside.slots(&SlotFilter { impossible: false, ..closed }), []);

        let there = beside.filled(0, at(0, "14:00"));
        let effects = beside.effects(&there);
        assert_eq!((effects[0].rule, effects[0].penalty), ("people_not_double_booked", 1));
        assert_eq!(
            effects[0].violation.reason.zh,
            "9月7日（周一）14:30 周然诗须同时参加“语文联合教研 第1次”（城东小学）与14:30—15:10已发布的“公开课”（线上）"
        );
    }

    #[test]
    fn what_a_move_takes_away_is_told_beside_what_it_brings() {
        let mut town = Town::new();
        let guest = town.person("王一", town.east);
        town.invites(&[guest]);
        town.engage(guest, EngagementKind::Lesson, 0, "14:00", Some(town.east));
        town.engage(guest, EngagementKind::Lesson, 1, "14:00", Some(town.east));
        let problem = town.build();
        let (rules, plan) =
            (Rules::standard().only(&["lessons_covered"]), town.plan(|plan| plan.at(0, "14:00")));
        let mut beside = Beside::new(&problem, &rules, &plan, 0);
        let there = beside.filled(0, at(1, "14:00"));
        assert_eq!(beside.slot(there.clone()).rules, []);
        let told = beside.effects(&there);
        let told = told.iter().map(|effect| (effect.penalty, effect.violation.day)).collect::<Vec<_>>();
        assert_eq!(told, [(-6, Some(0)), (6, Some(1))]);
    }

    #[test]
    fn why_here_ranks_the_place_and_names_what_others_would_cost() {
        let mut town = Town::new();
        town.window(&[(0, 1)]);
        let guest = town.person("王一", town.east);
        town.invites(&[guest]);
        town.engage(guest, EngagementKind::Lesson, 0, "14:00", Some(town.east));
        let problem = town.build();
        let rules =
            Rules::standard().only(&["school_days", "hours", "window", "sessions_placed", "lessons_covered"]);
        let plan = town.plan(|plan| plan.at(0, "14:00"));
        let why = Beside::new(&problem, &rules, &plan, 0).why_here(3).expect("it is placed");
        assert_eq!(why.placement.start, at(0, "14:00"));
        assert_eq!(why.of, 2 * (13 + 16));
        // Eleven starts from 12:10 to 14:30 meet the lesson; the afternoon begins at 13:00.
        assert_eq!(why.rank, why.of - 10 + 1);
        assert_eq!(why.effects.len(), 1);
        assert_eq!(why.alternatives.len(), 2);
        assert!(why.alternatives.iter().all(|slot| slot.change == Score { soft: -6, ..Score::ZERO }));

        let nowhere = vec![None];
        assert_eq!(Beside::new(&problem, &rules, &nowhere, 0).why_here(3), None);
    }

    #[test]
    fn present_people_and_room_are_kept_where_they_can_be() {
        let mut town = Town::new();
        let (li, wang) = (town.person("李", town.east), town.person("王", town.east));
        town.presents(&[li, wang]);
        let hall = town.room("报告厅", town.east, 40);
        town.engage(wang, EngagementKind::Session, 1, "14:00", None);
        let problem = town.build();
        let rules = Rules::standard();
        let plan = town.plan(|plan| plan.at(0, "14:00").in_room(hall).by(&[wang]));
        let mut beside = Beside::new(&problem, &rules, &plan, 0);
        let kept = beside.filled(0, at(2, "14:00"));
        assert_eq!((kept.room, kept.presenters), (Some(hall), vec![wang]));
        assert_eq!(beside.filled(0, at(1, "14:00")).presenters, [li]);
    }
}
