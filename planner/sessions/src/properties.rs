//! What holds for every problem: random ones, small enough to break often.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::constraints::{Check, PersonTerm, Rule, Rules, Sink, Violation};
use crate::engine::limit::{Limit, Weights};
use crate::engine::state::State;
use crate::evaluate::{check, evaluate, score};
use crate::grouping::{Grouping, SetView};
use crate::pair::PairView;
use crate::problem::*;
use crate::rng::Rng;
use crate::score::Level;
use crate::scoring::Scoring;
use crate::testing::{Town, at};
use crate::{Beside, Problem, Relaxation, Score, SlotFilter, SolveOptions, solve};

const TIMES: [&str; 6] = ["8:00", "9:30", "10:20", "13:10", "14:00", "15:40"];

/// A crowded fortnight: few people, few rooms, everybody wanted everywhere.
fn crowded(seed: u64) -> ProblemInput {
    let mut rng = Rng::new(seed);
    let mut town = Town::new();
    town.input.days.truncate(16);
    town.input.sessions.clear();
    let earliest = at(rng.below(3), "10:00");
    town.room("小会议室", town.east, 4);
    town.room("报告厅", town.west, 8);
    town.input.rooms[0].taken.push((at(2, "9:00"), at(2, "11:00")));
    town.closes(rng.below(16), town.west);
    for room in [0, 2] {
        town.input.rooms[room].equipment = vec!["录播".into()];
    }
    for name in 0..9 {
        person(&mut town, &mut rng, name);
    }
    for name in ["语文 第1次", "语文 第2次", "数学 第1次", "数学 第2次", "语文 第3次", "例会 第1次"]
    {
        town.session(name);
        session(&mut town, &mut rng);
    }
    for session in &mut town.input.sessions {
        session.earliest = earliest;
    }
    for series in &mut town.input.series {
        series.min_gap_days = rng.below(6) as u16;
        series.one_per_month = rng.percent(20);
        series.rotates_hosts = rng.percent(50);
        let weekday = 1 + rng.below(5) as u8;
        series.subject_half_day = rng.percent(60).then_some(HalfDay { weekday, half: Half::Afternoon });
    }
    groups(&mut town, &mut rng);
    town.input
}

/// Two education groups of one school each, with limits that are easily passed.
fn groups(town: &mut Town, rng: &mut Rng) {
    for place in [town.east, town.west] {
        let limits = limits(rng);
        let weights = vec![("little_travel".to_owned(), rng.below(4) as i64)];
        let core_share = rng.percent(70).then_some((40, 60));
        town.input.groups.push(Group {
            name: format!("集团{place}"),
            core: vec![place],
            core_share,
            limits,
            weights,
        });
        let stated = &mut town.input.places[place];
        (stated.group, stated.turns_ahead) = (Some(place), 700 * rng.below(3) as i64 - 700);
    }
    town.input.limits = limits(rng);
    let any = |rng: &mut Rng| rng.percent(80).then(|| rng.below(2));
    for person in &mut town.input.people {
        person.group = any(rng);
        person.should_meet = rng.percent(70);
        person.covered = (0..rng.below(3)).map(|_| rng.below(16)).collect();
    }
    for series in &mut town.input.series {
        series.group = any(rng);
        series.parallel = rng.percent(60).then_some(0);
    }
}

fn limits(rng: &mut Rng) -> Limits {
    Limits {
        cover_per_week: rng.below(4) as u16,
        sessions_per_week: rng.percent(70).then_some(1),
        sessions_per_school_day: rng.percent(70).then_some(1),
        travel_per_term: rng.percent(70).then(|| 30 * rng.below(6) as Minute),
        weeks_between_meetings: rng.percent(70).then(|| 1 + rng.below(3) as u16),
        far: rng.percent(70).then_some(30),
    }
}

fn person(town: &mut Town, rng: &mut Rng, name: usize) {
    let places = [town.east, town.west];
    let person = town.person(&format!("教师{name}"), places[rng.below(2)]);
    if rng.percent(30) {
        town.input.people[person].away.push((rng.below(16), places[rng.below(2)]));
    }
    if rng.percent(20) {
        let first = rng.below(14);
        town.absent(person, first, first + rng.below(2));
    }
    for _ in 0..12 {
        let kind = match rng.below(10) {
            0 => EngagementKind::Session,
            1 => EngagementKind::Presence,
            _ => EngagementKind::Lesson,
        };
        let place = (!rng.percent(10)).then_some(places[rng.below(2)]);
        town.engage(person, kind, rng.below(16), TIMES[rng.below(6)], place);
    }
}

fn session(town: &mut Town, rng: &mut Rng) {
    town.option(town.west);
    let online = town.option(town.west);
    let anybody = |rng: &mut Rng| (0..9).filter(|_| rng.percent(40)).collect::<Vec<PersonIx>>();
    let session = town.input.sessions.last_mut().expect("a session");
    session.minutes = 40 + 10 * rng.below(12) as Minute;
    session.options[online].place = None;
    session.options[online].allowed = rng.percent(50);
    session.presenter_schools = rng.below(3) as u8;
    session.level = rng.below(3) as u8;
    session.equipment = if rng.percent(30) { vec!["录播".into()] } else { Vec::new() };
    session.allows_evening = rng.percent(30);
    session.allows_weekend = rng.percent(30);
    session.lessons = match rng.below(4) {
        0 => LessonRule::Inside,
        1 => LessonRule::During(2),
        _ => LessonRule::Free,
    };
    for option in &mut session.options {
        if rng.percent(70) {
            option.required.push(rng.below(9));
        }
        for _ in 0..rng.below(3) {
            let mut candidates = anybody(rng);
            candidates.push(rng.below(9));
            option.presenter_slots.push(candidates);
        }
        let member = |person| AudienceMember { person, place: person % 2, optional: person % 4 == 3 };
        option.audience = anybody(rng).into_iter().map(member).collect();
        option.quotas = (0..rng.below(3)).map(|place| (place, rng.below(4) as u16)).collect();
        // Long ones, so that a whole session fits into some.
        let lessons = (0..16).flat_map(|day| [at(day, "8:00"), at(day, "14:00")]);
        option.lessons = lessons.map(|start| (start, start + 100)).collect();
        // The western room, for those that are not hosted there.
        option.second_room = (option.place != Some(town.west) && rng.percent(25)).then_some(2);
    }
    if rng.percent(20) {
        town.window(&[(2, 4), (8, 9)]);
    }
    if rng.percent(15) {
        let session = town.input.sessions.len() - 1;
        let placement = any_placement(&town.input, rng, session);
        let option = &town.input.sessions[session].options[placement.option];
        let room = option.place.map(|place| if place == town.east { rng.below(2) } else { 2 });
        town.input.sessions[session].pinned = Some(Placement { room, ..placement });
    }
}

/// A placement that may break any rule: off the grid, in the wrong room, with the wrong people.
fn any_placement(input: &ProblemInput, rng: &mut Rng, session: SessionIx) -> Placement {
    let options = &input.sessions[session].options;
    let option = rng.below(options.len());
    let presenter = |candidates: &Vec<PersonIx>| candidates[rng.below(candidates.len())];
    let presenters = options[option].presenter_slots.iter().map(presenter).collect();
    let minute = if rng.percent(90) { 10 * rng.below(60) as Minute } else { 5 };
    let start = at(rng.below(input.days.len()), "8:00") + minute + 180 * rng.below(2) as Minute;
    let room = rng.percent(90).then(|| rng.below(input.rooms.len()));
    Placement { start, option, room, presenters }
}

/// A crowded problem that replans what somebody has published.
fn replanned(seed: u64) -> Problem {
    let problem = Problem::build(crowded(seed)).expect("a sound problem");
    let published = any_plan(&problem, &mut Rng::new(seed ^ 7), 50);
    problem.replanning(published).expect("a plan of this problem")
}

/// A plan that may break any rule, in which so many percent of the sessions are placed.
fn any_plan(problem: &Problem, rng: &mut Rng, placed: usize) -> Assignment {
    let sessions = 0..problem.sessions.len();
    sessions.map(|session| rng.percent(placed).then(|| any_placement(problem, rng, session))).collect()
}

/// The standard rules, and one for each kind of grouping that none of them need look at.
fn all_kinds() -> Rules {
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

fn moves_keep_the_score(problem: &Problem, rules: &Rules, seed: u64) -> Result<(), TestCaseError> {
    let mut rng = Rng::new(seed);
    let mut state = State::new(problem, Scoring::new(problem, rules));
    for _ in 0..40 {
        let session = rng.below(problem.sessions.len());
        let placement = any_placement(problem, &mut rng, session);
        let hard = state.score().hard;
        match rng.below(4) {
            0 => drop(state.set(session, None)),
            1 => drop(state.set(session, Some(placement))),
            _ if state.placement(session).is_none() => {
                let placed = state.try_place(session, placement).is_ok();
                prop_assert!(!placed || state.score().hard == hard);
            }
            _ => drop(state.try_place(session, placement)),
        }
        prop_assert_eq!(state.score(), score(problem, rules, state.plan()));
        differences_are_told_without_making_them(&mut state, &mut rng)?;
    }
    Ok(())
}

fn differences_are_told_without_making_them(state: &mut State, rng: &mut Rng) -> Result<(), TestCaseError> {
    let session = rng.below(state.problem.sessions.len());
    let before = (state.score(), state.plan().clone());
    let mut to = rng.percent(80).then(|| any_placement(state.problem, rng, session));
    let weights = Weights { hard: 1 << 30, medium: 500, soft: 1 };
    let limit = Limit { weights, most: rng.below(4_000) as i64 - 2_000 };
    let limited = state.difference(session, &mut to, &limit);
    let told = state.difference(session, &mut to, &Limit::NONE).expect("no limit");
    prop_assert_eq!(limited, Some(told).filter(|&told| !limit.is_exceeded_by(told)));
    prop_assert_eq!(&before, &(state.score(), state.plan().clone()));
    let held = state.set(session, to);
    prop_assert_eq!(state.score() - before.0, told);
    state.set(session, held);
    prop_assert_eq!(state.score(), before.0);
    Ok(())
}

/// The hard penalty of the pinned sessions by themselves.
fn unavoidable(problem: &Problem) -> i64 {
    let pinned = problem.sessions.iter().map(|session| session.pinned.clone()).collect();
    score(problem, &Rules::standard(), &pinned).hard
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn moves_keep_the_score_of_every_rule(seed: u64) {
        let problem = replanned(seed);
        moves_keep_the_score(&problem, &all_kinds(), seed)?;
        for rule in all_kinds().iter() {
            moves_keep_the_score(&problem, &all_kinds().only(&[rule.name]), seed ^ 1)?;
        }
    }

    #[test]
    fn two_sessions_at_once_change_what_they_are_said_to_change(seed: u64) {
        let problem = replanned(seed);
        let rules = all_kinds().only(&["near", "together", "sessions_placed", "room_capacity"]);
        let mut rng = Rng::new(seed);
        let mut state = State::new(&problem, Scoring::new(&problem, &rules));
        prop_assert!(state.is_simple());
        for _ in 0..30 {
            let one = rng.below(problem.sessions.len());
            let other = (one + 1 + rng.below(problem.sessions.len() - 1)) % problem.sessions.len();
            let [first, second] = [one, other].map(|session| any_placement(&problem, &mut rng, session));
            let both = [(one, &first), (other, &second)];
            let told = state.difference_of_two(both, &Limit::NONE).expect("no limit");
            let before = state.score();
            state.set(one, Some(first));
            state.set(other, Some(second));
            prop_assert_eq!(state.score() - before, told);
        }
    }

    #[test]
    fn solving_breaks_no_hard_rule_of_its_own(seed: u64) {
        let problem = Problem::build(crowded(seed)).expect("a sound problem");
        let rules = Rules::standard();
        let options = SolveOptions { seed, steps: Some(400), ..SolveOptions::default() };
        let solution = solve(&problem, &rules, &options, &|_| ControlFlow::Continue(()));
        prop_assert_eq!(solution.score, score(&problem, &rules, &solution.assignment));
        prop_assert_eq!(solution.score.hard, unavoidable(&problem));
        for (session, placement) in problem.sessions.iter().zip(&solution.assignment) {
            prop_assert!(session.pinned.is_none() || session.pinned == *placement);
        }
        prop_assert_eq!(&solution, &solve(&problem, &rules, &options, &|_| ControlFlow::Continue(())));
    }

    #[test]
    fn explaining_agrees_with_scoring(seed: u64) {
        let problem = replanned(seed);
        let rules = Rules::standard();
        let plan = any_plan(&problem, &mut Rng::new(seed), 80);
        let evaluation = evaluate(&problem, &rules, &plan);
        prop_assert_eq!(evaluation.score, score(&problem, &rules, &plan));
        for rule in &evaluation.rules {
            prop_assert_eq!(rule.count, rule.violations.iter().map(|violation| violation.amount).sum::<i64>());
        }
        prop_assert_eq!(check(&problem, &rules, &plan).is_empty(), evaluation.score.hard == 0);
    }

    #[test]
    fn what_a_slot_is_said_to_change_is_what_it_changes(seed: u64) {
        let problem = replanned(seed);
        let rules = all_kinds();
        let mut rng = Rng::new(seed);
        let mut plan = any_plan(&problem, &mut rng, 80);
        let session = rng.below(problem.sessions.len());
        let before = evaluate(&problem, &rules, &plan);
        let present = plan.clone();
        let mut beside = Beside::new(&problem, &rules, &present, session);
        for _ in 0..6 {
            let there = any_placement(&problem, &mut rng, session);
            let slot = beside.slot(there.clone());
            plan[session] = Some(there.clone());
            let after = evaluate(&problem, &rules, &plan);
            prop_assert_eq!((slot.score, slot.change), (after.score, after.score - before.score));
            let effects = beside.effects(&there);
            for (old, new) in before.rules.iter().zip(&after.rules) {
                let change = slot.rules.iter().find(|change| change.rule == old.name);
                prop_assert_eq!(change.map_or(0, |change| change.penalty), new.penalty - old.penalty);
                let told = effects.iter().filter(|effect| effect.rule == old.name);
                prop_assert_eq!(told.map(|effect| effect.penalty).sum::<i64>(), new.penalty - old.penalty);
            }
        }
        for slot in beside.slots(&SlotFilter::default()).iter().take(5) {
            plan[session] = Some(slot.placement.clone());
            prop_assert_eq!(slot.score, score(&problem, &rules, &plan));
        }
    }

    #[test]
    fn what_is_said_to_free_a_slot_frees_it(seed: u64) {
        let problem = Problem::build(crowded(seed)).expect("a sound problem");
        let rules = Rules::standard();
        let options = SolveOptions { seed, steps: Some(200), ..SolveOptions::default() };
        let plan = solve(&problem, &rules, &options, &|_| ControlFlow::Continue(())).assignment;
        let unplaced = (0..plan.len()).filter(|&session| plan[session].is_none());
        for session in unplaced {
            for freeing in Beside::new(&problem, &rules, &plan, session).freeing(3) {
                let mut freed = plan.clone();
                for rehoming in &freeing.rehoming {
                    freed[rehoming.session] = rehoming.to.clone();
                }
                freed[session] = Some(freeing.slot.clone());
                let only_moves = freeing.relaxations.iter().all(|one| matches!(one, Relaxation::Away(_)));
                let stands = score(&problem, &rules, &freed);
                prop_assert!(!only_moves || stands.hard == unavoidable(&problem));
                let change = stands - score(&problem, &rules, &plan);
                prop_assert_eq!(Score { hard: 0, ..change }, freeing.change);
            }
        }
    }

    #[test]
    fn placing_one_more_session_never_lowers_the_penalty_of_a_hard_rule(seed: u64) {
        let problem = replanned(seed);
        let mut rng = Rng::new(seed);
        let mut plan = any_plan(&problem, &mut rng, 60);
        let session = rng.below(plan.len());
        plan[session] = None;
        let before = evaluate(&problem, &Rules::standard(), &plan);
        plan[session] = Some(any_placement(&problem, &mut rng, session));
        let after = evaluate(&problem, &Rules::standard(), &plan);
        for (before, after) in before.rules.iter().zip(&after.rules) {
            prop_assert!(before.level != Level::Hard || before.penalty <= after.penalty, "{}", before.name);
        }
    }
}

// Whether a search finds the best is a matter of chance, however good it is: these cases are always the same ones.
proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(2026),
        ..ProptestConfig::with_cases(96)
    })]

    #[test]
    fn tiny_problems_are_solved_to_the_best(seed: u64) {
        let problem = tiny(seed);
        let rules = Rules::standard();
        let options = SolveOptions { seed, steps: Some(3_000), ..SolveOptions::default() };
        let solution = solve(&problem, &rules, &options, &|_| ControlFlow::Continue(()));
        prop_assert_eq!(solution.score, best_of_all(&problem, &rules));
    }
}

#[test]
fn random_plans_break_every_rule() {
    let mut kept = Rules::standard().iter().map(|rule| rule.name).collect::<Vec<_>>();
    for seed in 0..200 {
        let problem = replanned(seed);
        let found = evaluate(&problem, &Rules::standard(), &any_plan(&problem, &mut Rng::new(seed), 80));
        kept.retain(|name| found.rules.iter().any(|rule| rule.name == *name && rule.count == 0));
    }
    assert_eq!(kept, [""; 0]);
}

/// Two sessions that may share one room and their guests on two days.
fn tiny(seed: u64) -> Problem {
    let mut rng = Rng::new(seed);
    let mut town = Town::new();
    town.input.hours.step = 60;
    town.window(&[(0, 1)]);
    town.session("语文联合教研 第2次");
    town.window(&[(0, 1)]);
    for name in 0..4 {
        let person = town.person(&format!("教师{name}"), rng.below(2));
        for _ in 0..4 {
            town.engage(person, EngagementKind::Lesson, rng.below(2), TIMES[rng.below(6)], Some(town.east));
        }
        for session in &mut town.input.sessions {
            let place = town.input.people[person].base;
            session.options[0].audience.push(AudienceMember { person, place, optional: false });
        }
    }
    town.series_mut().min_gap_days = 3;
    town.build()
}

fn best_of_all(problem: &Problem, rules: &Rules) -> Score {
    let mut places = vec![None];
    for hour in 0..48 {
        let start = hour * 60;
        places.push(Some(Placement { start, option: 0, room: Some(0), presenters: Vec::new() }));
    }
    let pairs =
        places.iter().flat_map(|one| places.iter().map(move |other| vec![one.clone(), other.clone()]));
    let scores = pairs.map(|plan| score(problem, rules, &plan));
    scores.filter(|score| score.hard == 0).min().expect("the empty plan")
}
