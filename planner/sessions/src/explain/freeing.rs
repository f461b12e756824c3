//! What would free a place for a session that has none: the fewest things that would have to give way.

use std::collections::BTreeMap;

use super::beside::{Beside, Depth};
use super::book::{Book, Effect};
use super::slots::SlotFilter;
use crate::problem::*;
use crate::score::Score;
use crate::text::Reason;

/// Rules that an office may waive for one session.
const WAIVABLE: [&str; 7] = [
    "window",
    "notice",
    "host_rule",
    "one_per_month",
    "cover_limit",
    "presenters_from_different_schools",
    "within_lesson",
];
/// Rules that another room would satisfy.
const OF_THE_ROOM: [&str; 3] = ["room_capacity", "room_equipment", "room_not_double_booked"];

/// One thing that gives way. Ordered by how much it asks of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relaxation {
    /// Another session of the plan, not pinned, stands elsewhere.
    Away(SessionIx),
    /// The host has another room, free, large enough and equipped.
    OtherRoom,
    /// Somebody presents who is not among the programme's candidates.
    OtherPresenter,
    /// The session does without somebody it requires.
    Without(PersonIx),
    /// A hard rule, by its name, does not hold for the session.
    Waived(&'static str),
}

/// Where a session that gives way could go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rehoming {
    /// The session that gives way.
    pub session: SessionIx,
    /// Its best place with the freed slot taken; `None`: it would have none.
    pub to: Option<Placement>,
}

/// Things that together would free a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freeing {
    /// What has to give way, all of it.
    pub relaxations: Vec<Relaxation>,
    /// The same as a sentence, with the slot.
    pub reason: Reason,
    /// The best slot it opens.
    pub slot: Placement,
    /// How many slots it opens; as many as were looked at.
    pub opens: usize,
    /// Where sessions that give way could go.
    pub rehoming: Vec<Rehoming>,
    /// What the plan's medium and soft score would change by, with all of it done.
    pub change: Score,
}

/// What a set of relaxations opens.
struct Opening {
    slots: usize,
    best: (Score, Placement),
}

type Openings = BTreeMap<Vec<Relaxation>, Opening>;

impl Beside<'_> {
    /// The smallest sets of things whose giving way would free a slot for the session, at most `limit`: single ones, or pairs where
    /// no single one is enough; those that ask least of people first. Empty when a slot is free already, or when not even two
    /// things would free one. A session that is placed is looked at as if it were not.
    pub fn freeing(&mut self, limit: usize) -> Vec<Freeing> {
        let mut singles = Openings::new();
        let mut pairs: Vec<(Vec<Relaxation>, Placement)> = Vec::new();
        let filter = SlotFilter { impossible: true, ..SlotFilter::default() };
        for (option, start) in self.candidates(&filter) {
            // Nothing that may give way opens a closed day.
            if self.problem.days[self.problem.day_of(start)].closed.is_some() {
                continue;
            }
            let placement = self.filled(option, start);
            let broken = self.broken(&placement);
            if broken.is_empty() {
                return Vec::new();
            }
            let remedies = broken.iter().map(|effect| self.remedies(effect, &placement)).collect::<Vec<_>>();
            let enough = common(&remedies);
            for relaxation in &enough {
                self.note(&mut singles, vec![*relaxation], &placement);
            }
            if enough.is_empty() && singles.is_empty() {
                pairs.extend(pairs_of(&remedies).into_iter().map(|pair| (pair, placement.clone())));
            }
        }
        if singles.is_empty() {
            for (pair, placement) in pairs {
                self.note(&mut singles, pair, &placement);
            }
        }
        self.settled(singles, limit)
    }

    /// The hard rules that the session breaks at a placement, with sentences.
    pub(super) fn broken(&mut self, placement: &Placement) -> Vec<Effect> {
        let mut book = Book::of_reasons(self.rules);
        self.look(Some(placement), 1, Depth::Hard, &mut book);
        let mut effects = book.effects(self.rules);
        effects.retain(Effect::appears);
        effects
    }

    /// What could give way so that a violation is none, each by itself.
    fn remedies(&self, effect: &Effect, placement: &Placement) -> Vec<Relaxation> {
        let (problem, violation) = (self.problem, &effect.violation);
        let mut remedies = Vec::new();
        let others = violation.sessions.iter().filter(|&&other| other != self.session);
        let movable = others.filter(|&&other| problem.sessions[other].pinned.is_none());
        remedies.extend(movable.map(|&other| Relaxation::Away(other)));
        let required = &problem.sessions[self.session].options[placement.option].required;
        if let [person] = violation.people[..]
            && required.contains(&person)
        {
            remedies.push(Relaxation::Without(person));
        }
        if !violation.people.is_empty()
            && violation.people.iter().all(|one| placement.presenters.contains(one))
        {
            remedies.push(Relaxation::OtherPresenter);
        }
        // The room at the other end of a lesson given from afar is the programme's, not the host's.
        let host = problem.place_of(self.session, placement);
        if OF_THE_ROOM.contains(&effect.rule) && violation.place == host {
            remedies.push(Relaxation::OtherRoom);
        }
        if WAIVABLE.contains(&effect.rule) {
            remedies.push(Relaxation::Waived(effect.rule));
        }
        remedies.sort_unstable();
        remedies.dedup();
        remedies
    }

    fn note(&mut self, openings: &mut Openings, relaxations: Vec<Relaxation>, placement: &Placement) {
        let change = soft(self.slot(placement.clone()).change);
        let best = (change, placement.clone());
        let opening = openings.entry(relaxations).or_insert(Opening { slots: 0, best: best.clone() });
        opening.slots += 1;
        if best.0 < opening.best.0 {
            opening.best = best;
        }
    }

    /// Carries out the most promising and keeps what holds.
    fn settled(&self, openings: Openings, limit: usize) -> Vec<Freeing> {
        let mut openings = openings.into_iter().collect::<Vec<_>>();
        openings.sort_by_key(|(relaxations, opening)| (asked(relaxations), opening.best.0));
        let mut found = Vec::new();
        for (relaxations, opening) in openings {
            if found.len() == limit {
                break;
            }
            found.extend(self.carried_out(relaxations, opening));
        }
        let homeless = |freeing: &Freeing| freeing.rehoming.iter().filter(|one| one.to.is_none()).count();
        found.sort_by_key(|freeing| (homeless(freeing), asked(&freeing.relaxations), freeing.change));
        found
    }

    fn carried_out(&self, relaxations: Vec<Relaxation>, opening: Opening) -> Option<Freeing> {
        let (problem, rules, session) = (self.problem, self.rules, self.session);
        let (mut change, mut slot) = opening.best;
        let mut rehoming = Vec::new();
        let away = relaxations.iter().filter_map(|one| match one {
            Relaxation::Away(other) => Some(*other),
            _ => None,
        });
        let away = away.collect::<Vec<_>>();
        if !away.is_empty() {
            let mut plan = self.plan.clone();
            away.iter().for_each(|&other| plan[other] = None);
            let freed = plan.clone();
            let mut without = Beside::new(problem, rules, &freed, session);
            slot = without.filled(slot.option, slot.start);
            let broken = without.broken(&slot);
            let gives_way = |effect: &Effect| {
                self.remedies(effect, &slot).iter().any(|remedy| relaxations.contains(remedy))
            };
            if !broken.iter().all(gives_way) {
                return None;
            }
            plan[session] = Some(slot.clone());
            for other in away {
                let before = plan.clone();
                let to = Beside::new(problem, rules, &before, other).slots(&SlotFilter::default());
                plan[other] = to.into_iter().next().map(|slot| slot.placement);
                rehoming.push(Rehoming { session: other, to: plan[other].clone() });
            }
            change = soft(crate::score(problem, rules, &plan) - self.score);
        }
        let reason = self.sentence(&relaxations, &slot, &rehoming);
        Some(Freeing { relaxations, reason, slot, opens: opening.slots, rehoming, change })
    }

    fn sentence(&self, relaxations: &[Relaxation], slot: &Placement, rehoming: &[Rehoming]) -> Reason {
        let problem = self.problem;
        let parts = relaxations.iter().map(|one| self.part(*one, slot, rehoming)).collect::<Vec<_>>();
        let joined =
            |text: fn(&Reason) -> &str, by: &str| parts.iter().map(text).collect::<Vec<_>>().join(by);
        let (time, place) = (problem.time_text(slot.start), problem.site_text(self.session, slot.option));
        let name = problem.session_text(self.session);
        Reason::new(
            format!("{}，{name}就可排在{}（{}）", joined(|part| &part.zh, "，并且"), time.zh, place.zh),
            format!(
                "{}: then {name} could be on {} ({})",
                joined(|part| &part.en, " and "),
                time.en,
                place.en
            ),
        )
    }

    fn part(&self, relaxation: Relaxation, slot: &Placement, rehoming: &[Rehoming]) -> Reason {
        let (problem, session) = (self.problem, self.session);
        let name = problem.session_text(session);
        match relaxation {
            Relaxation::Away(other) => self.away(other, rehoming),
            Relaxation::OtherRoom => self.room(slot),
            Relaxation::OtherPresenter => Reason::new(
                format!("{name}另请现有人选以外的教师授课"),
                format!("somebody beyond the present candidates presents at {name}"),
            ),
            Relaxation::Without(person) => {
                let who = problem.person_text(person);
                Reason::new(format!("{name}不要求{who}到场"), format!("{name} does without {who}"))
            }
            Relaxation::Waived(rule) => {
                let (zh, en) = self.rules.get(rule).map_or(("", ""), |rule| rule.sentence);
                let (zh, en) = (zh.trim_end_matches('。'), en.trim_end_matches('.'));
                Reason::new(format!("{name}不受“{zh}”的限制"), format!("{name} is exempt from “{en}”"))
            }
        }
    }

    fn away(&self, other: SessionIx, rehoming: &[Rehoming]) -> Reason {
        let problem = self.problem;
        let name = problem.session_text(other);
        let from = self.plan[other].as_ref().map_or(0, |placement| placement.start);
        let from = problem.time_text(from);
        let to = rehoming.iter().find(|one| one.session == other).and_then(|one| one.to.as_ref());
        let Some(to) = to else {
            return Reason::new(
                format!("{name}不排在{}（它将无处可排）", from.zh),
                format!("{name} is not on {} (and has no other place)", from.en),
            );
        };
        let to = problem.time_text(to.start);
        Reason::new(
            format!("把{name}从{}改到{}", from.zh, to.zh),
            format!("{name} moves from {} to {}", from.en, to.en),
        )
    }

    fn room(&self, slot: &Placement) -> Reason {
        let (problem, session) = (self.problem, self.session);
        let place = problem.place_text(problem.place_of(session, slot));
        let (people, wanted) = (problem.headcount(session, slot), &problem.sessions[session].equipment);
        let (zh, en) = match wanted.is_empty() {
            true => (String::new(), String::new()),
            false => (format!("、配有{}", wanted.join("、")), format!(" and {}", wanted.join(", "))),
        };
        Reason::new(
            format!("{}另有一处坐得下{people}人{zh}的空闲场地", place.zh),
            format!("{} has another free room with {people} seats{en}", place.en),
        )
    }
}

/// A change without its hard part: what is relaxed does not count.
fn soft(change: Score) -> Score {
    Score { hard: 0, ..change }
}

/// How much a set asks of people: first how many things, then of which kinds.
fn asked(relaxations: &[Relaxation]) -> (usize, usize) {
    let kind = |one: &Relaxation| match one {
        Relaxation::Away(_) => 0,
        Relaxation::OtherRoom => 1,
        Relaxation::OtherPresenter => 2,
        Relaxation::Without(_) => 3,
        Relaxation::Waived(_) => 4,
    };
    (relaxations.len(), relaxations.iter().map(kind).sum())
}

/// What is in every list.
fn common(remedies: &[Vec<Relaxation>]) -> Vec<Relaxation> {
    let Some((first, rest)) = remedies.split_first() else { return Vec::new() };
    first.iter().copied().filter(|one| rest.iter().all(|list| list.contains(one))).collect()
}

/// Two that together are in every list, where no one is.
fn pairs_of(remedies: &[Vec<Relaxation>]) -> Vec<Vec<Relaxation>> {
    let Some((first, rest)) = remedies.split_first() else { return Vec::new() };
    let mut pairs = Vec::new();
    for one in first {
        let left = rest.iter().filter(|list| !list.contains(one)).cloned().collect::<Vec<_>>();
        for other in common(&left) {
            let mut pair = vec![*one, other];
            pair.sort_unstable();
            if !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constraints::Rules;
    use crate::testing::{Town, at};

    fn freed(town: &Town, plan: Assignment, session: SessionIx) -> Vec<Freeing> {
        let problem = town.build();
        let rules = Rules::standard();
        Beside::new(&problem, &rules, &plan, session).freeing(5)
    }

    /// One chair, one open afternoon, and in it another session that is as long as half of it.
    fn two_sessions_with_one_chair() -> (Town, PersonIx) {
        let mut town = Town::new();
        let chair = town.person("周然诗", town.east);
        town.requires(chair);
        town.session("数学联合教研 第1次");
        town.requires(chair);
        town.window(&[(0, 0)]);
        town.input.sessions[1].minutes = 240;
        town.engage(chair, EngagementKind::Session, 0, "8:00", None);
        (town, chair)
    }

    #[test]
    fn a_session_in_the_way_is_named_with_where_it_could_go() {
        let (town, chair) = two_sessions_with_one_chair();
        let found = freed(&town, town.plan(|plan| plan.at(0, "14:00")), 1);
        assert_eq!(found[0].relaxations, [Relaxation::Away(0)]);
        assert_eq!(found[0].slot.start, at(0, "13:00"));
        let to = found[0].rehoming[0].to.as_ref().expect("another day");
        assert!(to.start + 120 <= at(0, "13:00") || to.start >= at(0, "17:00"));
        assert!(found[0].change.medium < 0);
        let zh = &found[0].reason.zh;
        assert!(zh.starts_with("把“语文联合教研 第1次”从9月7日（周一）14:00改到"), "{zh}");
        assert!(zh.ends_with("，“数学联合教研 第1次”就可排在9月7日（周一）13:00（城东小学）"), "{zh}");
        // The morning, when she is at another session.
        assert_eq!(found[1].relaxations, [Relaxation::Without(chair)]);
        assert_eq!((found[1].slot.start, found[1].rehoming.len()), (at(0, "8:00"), 0));
        assert_eq!(found[2].relaxations, [Relaxation::Waived("window")]);
    }

    #[test]
    fn a_pinned_session_does_not_give_way_and_its_chair_may_be_spared() {
        let (mut town, chair) = two_sessions_with_one_chair();
        let hall = town.room("报告厅", town.east, 40);
        town.input.sessions[0].pinned =
            Some(Placement { start: at(0, "14:00"), option: 0, room: Some(hall), presenters: Vec::new() });
        let found = freed(&town, town.plan(|plan| plan.at(0, "14:00").in_room(hall)), 1);
        let names = found.iter().map(|freeing| freeing.relaxations.clone()).collect::<Vec<_>>();
        assert_eq!(names, [[Relaxation::Without(chair)], [Relaxation::Waived("window")]]);
        assert!(
            found[0].reason.zh.starts_with("“数学联合教研 第1次”不要求周然诗到场，"),
            "{:?}",
            found[0].reason
        );
    }

    #[test]
    fn a_room_that_is_lacking_is_described() {
        let mut town = Town::new();
        town.input.sessions[0].equipment.push("投影".into());
        let found = freed(&town, vec![None], 0);
        assert_eq!(found[0].relaxations, [Relaxation::OtherRoom]);
        let en = &found[0].reason.en;
        assert!(en.starts_with("城东小学 has another free room with 0 seats and 投影: then"), "{en}");
        assert_eq!(found[0].opens, 20 * (13 + 16));
    }

    #[test]
    fn two_things_are_named_only_where_one_is_not_enough() {
        let mut town = Town::new();
        let chair = town.person("周然诗", town.east);
        town.requires(chair);
        for day in 0..28 {
            town.closes(day, town.east);
        }
        let west = town.option(town.west);
        town.input.sessions[0].options[west].required.push(chair);
        town.input.sessions[0].options[west].allowed = false;
        town.room("报告厅", town.west, 10);
        let found = freed(&town, vec![None], 0);
        let both = vec![Relaxation::Without(chair), Relaxation::Waived("host_rule")];
        assert_eq!(found.iter().map(|one| one.relaxations.clone()).collect::<Vec<_>>(), [both]);
        assert!(found[0].reason.zh.contains("不要求周然诗到场，并且“语文联合教研 第1次”不受"));
    }

    #[test]
    fn nothing_has_to_give_way_for_a_session_that_has_a_slot() {
        assert_eq!(freed(&Town::new(), vec![None], 0), []);
    }
}
