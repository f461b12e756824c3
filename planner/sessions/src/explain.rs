//! Why a session is not placed, and what each of its slots would cost.

use std::collections::BTreeMap;

use crate::build::Problem;
use crate::constraints::{Check, Rule, Rules, SessionView, Violation};
use crate::engine::candidates::{Way, best_presenter, starts_of_day, ways};
use crate::engine::state::State;
use crate::evaluate::{Collect, visit};
use crate::grouping::{Grouping, SetView};
use crate::problem::*;
use crate::rng::Rng;
use crate::score::{Level, Score};
use crate::scoring::Scoring;
use crate::text::Reason;
use crate::week::{Role, WeekBuffer};

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

/// Why a session that is not placed is not: for each slot, with the best room of its host and presenters chosen greedily, which hard
/// rules it would break beside the rest of the plan. Most blocking rule first. A session that is placed is looked at as if it were not.
///
/// Takes at most days × starts × options evaluations of the hard rules.
///
/// # Panics
/// As [`crate::evaluate`].
pub fn why_unplaced(
    problem: &Problem,
    rules: &Rules,
    plan: &Assignment,
    session: SessionIx,
) -> Vec<Obstacle> {
    let state = filled(problem, rules, plan, session);
    let mut probe = Probe { state, rules, session, plan: plan.clone(), buffer: WeekBuffer::default() };
    let mut found: BTreeMap<usize, Obstacle> = BTreeMap::new();
    let mut of = 0;
    for (option, _) in
        problem.sessions[session].options.iter().enumerate().filter(|(_, option)| option.allowed)
    {
        for day in 0..problem.days.len() {
            for start in starts_of_day(problem, session) {
                of += 1;
                probe.count(option, day as Minute * DAY + start, &mut found);
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

/// A place where a session could stand, beside the rest of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Where.
    pub placement: Placement,
    /// The score of the plan with the session there.
    pub score: Score,
}

/// Every slot in which a session breaks no hard rule beside the rest of a plan, best first; with the smallest room that fits and
/// presenters chosen greedily. Reasons for one slot: put it into the plan and ask [`crate::evaluate`].
///
/// # Panics
/// As [`crate::evaluate`].
pub fn slots(problem: &Problem, rules: &Rules, plan: &Assignment, session: SessionIx) -> Vec<Slot> {
    let mut state = filled(problem, rules, plan, session);
    let mut rng = Rng::new(0);
    let mut slots = Vec::new();
    for way in ways(problem, session) {
        for &start in &way.starts {
            slots.extend(slot(&mut state, &mut rng, &way, session, start));
        }
    }
    slots.sort_by_key(|slot| (slot.score, slot.placement.start, slot.placement.option));
    slots
}

fn slot(state: &mut State, rng: &mut Rng, way: &Way, session: SessionIx, start: Minute) -> Option<Slot> {
    let placement = way.placement(state, rng, session, start)?;
    state.try_place(session, placement.clone()).ok()?;
    let score = state.score();
    state.set(session, None);
    Some(Slot { placement, score })
}

fn filled<'p>(problem: &'p Problem, rules: &Rules, plan: &Assignment, without: SessionIx) -> State<'p> {
    let mut state = State::new(problem, Scoring::new(problem, rules));
    for (session, placement) in plan.iter().enumerate() {
        if placement.is_some() && session != without {
            state.set(session, placement.clone());
        }
    }
    state
}

struct Probe<'p, 'r> {
    state: State<'p>,
    rules: &'r Rules,
    session: SessionIx,
    /// The plan with the session in the slot that is looked at.
    plan: Assignment,
    buffer: WeekBuffer,
}

impl Probe<'_, '_> {
    /// Counts the rules that block a slot.
    fn count(&mut self, option: OptionIx, start: Minute, found: &mut BTreeMap<usize, Obstacle>) {
        let placement = self.fill(option, start);
        let broken = self.broken(&placement);
        let alone = usize::from(broken.len() == 1);
        for (ix, rule, violation) in broken {
            let obstacle = found.entry(ix).or_insert_with(|| Obstacle {
                rule: rule.name,
                slots: 0,
                alone: 0,
                of: 0,
                reason: violation.reason,
            });
            obstacle.slots += 1;
            obstacle.alone += alone;
        }
    }

    /// A whole placement at a slot: presenters who can come or else anybody, then the room with the fewest obstacles.
    fn fill(&mut self, option: OptionIx, start: Minute) -> Placement {
        let problem = self.state.problem;
        let stated = &problem.sessions[self.session].options[option];
        let bare = Placement { start, option, room: None, presenters: Vec::new() };
        let mut presenters: Vec<PersonIx> = Vec::new();
        for candidates in &stated.presenter_slots {
            let best = best_presenter(&mut self.state, self.session, &bare, &presenters, candidates);
            let other = candidates.iter().copied().find(|person| !presenters.contains(person));
            presenters.push(best.or(other).unwrap_or(candidates[0]));
        }
        let mut placement = Placement { presenters, ..bare };
        let rooms = stated.place.map_or(&[][..], |place| problem.rooms_at(place));
        let mut least = usize::MAX;
        let mut best = rooms.first().copied();
        for &room in rooms {
            placement.room = Some(room);
            let obstacles = self.room_obstacles(&placement);
            if obstacles < least {
                (least, best) = (obstacles, Some(room));
            }
            if least == 0 {
                break;
            }
        }
        placement.room = best;
        self.plan[self.session] = Some(placement.clone());
        placement
    }

    fn room_obstacles(&self, placement: &Placement) -> usize {
        let mut found = Collect::default();
        let names = ["room_capacity", "room_equipment", "room_not_double_booked"];
        for rule in self.rules.iter().filter(|rule| names.contains(&rule.name)) {
            self.judge_room(rule, placement, &mut found);
        }
        found.violations.len()
    }

    fn judge_room(&self, rule: &Rule, placement: &Placement, found: &mut Collect) {
        let (problem, session) = (self.state.problem, self.session);
        match rule.check {
            Check::Session(check) => {
                check(&SessionView { problem, session, placement: Some(placement) }, found)
            }
            Check::Set(Grouping::RoomDay, _) => self.judge_sets(rule, placement, found),
            _ => {}
        }
    }

    fn judge_sets(&self, rule: &Rule, placement: &Placement, found: &mut Collect) {
        let Check::Set(grouping, check) = rule.check else { return };
        let (problem, plan) = (self.state.problem, &self.plan);
        grouping.each_set(problem, self.session, placement, |set| {
            let mut sessions = self.state.members(grouping, set).to_vec();
            sessions.push(self.session);
            check(&SetView { problem, set, sessions: &sessions, plan }, found);
        });
    }

    /// The hard rules that the placement breaks, each with an example. Others' violations that stand already do not count.
    fn broken(&mut self, placement: &Placement) -> Vec<(usize, Rule, Violation)> {
        let rules = self.rules.iter().enumerate().filter(|(_, rule)| rule.level == Level::Hard);
        let mut broken = Vec::new();
        for (ix, rule) in rules.collect::<Vec<_>>() {
            let mut found = Collect::default();
            self.judge(rule, placement, &mut found);
            let session = self.session;
            let mut own =
                found.violations.into_iter().filter(|violation| violation.sessions.contains(&session));
            if let Some(violation) = own.next() {
                broken.push((ix, *rule, violation));
            }
        }
        broken
    }

    fn judge(&mut self, rule: &Rule, placement: &Placement, found: &mut Collect) {
        let (problem, session) = (self.state.problem, self.session);
        match rule.check {
            Check::Session(check) => {
                check(&SessionView { problem, session, placement: Some(placement) }, found)
            }
            Check::Set(..) => self.judge_sets(rule, placement, found),
            Check::PersonWeek(check) => {
                let part = visit(problem, session, placement, Role::Required);
                for person in problem.required_with_presenters(session, placement) {
                    let others = self.state.week_of(person, part.day).iter().map(|item| item.visit);
                    self.buffer.visits.clear();
                    self.buffer.visits.extend(others);
                    self.buffer.visits.push(part);
                    check(&self.buffer.settle(problem, person), found);
                }
            }
            // No hard rule looks at a person's term: that is for preferences over many sessions.
            Check::PersonTerm(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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

    #[test]
    fn slots_are_possible_and_ranked() {
        let mut town = Town::new();
        town.window(&[(0, 2)]);
        let guest = town.person("王一", town.east);
        town.invites(&[guest]);
        town.engage(guest, EngagementKind::Lesson, 0, "14:00", Some(town.east));
        let problem = town.build();
        let rules = Rules::standard();
        let found = slots(&problem, &rules, &vec![None], 0);
        assert_eq!(found.len(), 3 * (13 + 16));
        assert!(found.windows(2).all(|pair| pair[0].score <= pair[1].score));
        let last = found.last().expect("a slot");
        assert_eq!(problem.day_of(last.placement.start), 0);
        let plan = vec![Some(last.placement.clone())];
        assert_eq!(crate::score(&problem, &rules, &plan), last.score);
    }
}
