//! The public meeting problem, stated for the engine: every meeting takes a start and a room. Format and rules are those of
//! Timefold's *meeting scheduling* benchmark.
//!
//! A day of the instance is a whole day here and its grains divide it evenly, so that the last grain of a day touches the first of
//! the next, as the problem wants it. The hours' step is the length of a grain; rooms are taken from the end of the horizon on.

use chrono::NaiveDate;
use session_planner::*;

/// Reads an instance.
///
/// # Errors
/// What is wrong with it.
pub fn read(text: &str) -> Result<ProblemInput, String> {
    let mut numbers = text.split_whitespace().map(str::parse::<usize>);
    let mut next = || numbers.next().and_then(Result::ok).ok_or("the instance ends too early".to_owned());
    let (meetings, grains, rooms, people) = (next()?, next()?, next()?, next()?);
    let days = (0..grains).map(|_| next()).collect::<Result<Vec<_>, _>>()?;
    let capacities = (0..rooms).map(|_| next()).collect::<Result<Vec<_>, _>>()?;
    let mut sessions = Vec::new();
    for _ in 0..meetings {
        let (name, length) = (next()?.to_string(), next()?);
        let mut listed = Vec::new();
        for _ in 0..2 {
            let count = next()?;
            listed.push((0..count).map(|_| next()).collect::<Result<Vec<_>, _>>()?);
        }
        sessions.push((name, length, listed));
    }
    let per_day = days.iter().filter(|&&day| day == 0).count();
    let even = days.iter().enumerate().all(|(grain, &day)| day == grain / per_day.max(1));
    if !even || !(DAY as usize).is_multiple_of(per_day.max(1)) {
        return Err("the days do not have one length that divides a day".into());
    }
    let grain = DAY / per_day as Minute;
    Ok(input(grain, grains, &capacities, people, sessions))
}

fn input(
    grain: Minute,
    grains: usize,
    capacities: &[usize],
    people: usize,
    meetings: Vec<(String, usize, Vec<Vec<usize>>)>,
) -> ProblemInput {
    let horizon = grains as Minute * grain;
    let days = (horizon + DAY - 1) / DAY;
    let member = |person| AudienceMember { person, place: 0, optional: false };
    let session = |(ix, (name, length, listed)): (usize, (String, usize, Vec<Vec<usize>>))| Session {
        ordinal: ix as u16 + 1,
        name,
        minutes: length as Minute * grain,
        options: vec![HostOption {
            place: Some(0),
            allowed: true,
            required: listed[0].clone(),
            audience: listed[1].iter().copied().map(member).collect(),
            ..HostOption::default()
        }],
        ..Session::default()
    };
    let room = |(ix, &capacity): (usize, &usize)| Room {
        name: ix.to_string(),
        place: 0,
        capacity: capacity as u32,
        equipment: Vec::new(),
        taken_by: Vec::new(),
        taken: if horizon < days * DAY { vec![(horizon, days * DAY)] } else { Vec::new() },
    };
    ProblemInput {
        first_day: NaiveDate::default(),
        days: (0..days).map(|_| Day { week: 1, ..Day::default() }).collect(),
        places: vec![Place { name: "campus".into(), size: 1, ..Place::default() }],
        groups: Vec::new(),
        rooms: capacities.iter().enumerate().map(room).collect(),
        people: (0..people).map(|ix| Person { name: ix.to_string(), ..Person::default() }).collect(),
        series: vec![Series { name: "meetings".into(), ..Series::default() }],
        sessions: meetings.into_iter().enumerate().map(session).collect(),
        travel: vec![vec![0]],
        hours: Hours {
            step: grain,
            morning: (0, DAY),
            afternoon: (DAY, DAY),
            evening: (0, 0),
            travel_from: 0,
            travel_until: DAY,
        },
        limits: Limits::default(),
        weights: Vec::new(),
    }
}

/// The rules of a problem.
pub fn rules(problem: &Problem) -> Rules {
    use Level::{Hard, Medium, Soft};
    let pair = |check| Check::Pair { within: 0, check };
    let two_grains = 2 * problem.hours.step;
    Rules::of(vec![
        rule("room_conflict", Hard, pair(room_conflict)),
        rule("past_the_horizon", Hard, Check::Session(past_the_horizon)),
        rule("required_conflict", Hard, pair(required_conflict)),
        rule("room_too_small", Hard, Check::Session(room_too_small)),
        rule("one_day", Hard, Check::Session(one_day)),
        // Not of the problem, in which everything is placed: what a meeting costs that is not, until it is.
        Rule { default_weight: 1_000, ..rule("placed", Medium, Check::Session(placed)) },
        rule("preferred_conflict", Medium, pair(preferred_conflict)),
        rule("early", Soft, Check::Session(early)),
        Rule { default_weight: 100, ..rule("break_between", Soft, pair(break_between)) },
        Rule { default_weight: 10, ..rule("overlap", Soft, pair(overlap)) },
        rule("larger_rooms", Soft, Check::Session(larger_rooms)),
        rule("room_stability", Soft, Check::Pair { within: two_grains, check: room_stability }),
    ])
}

fn rule(name: &'static str, level: Level, check: Check) -> Rule {
    Rule { name, sentence: ("", ""), level, default_weight: 1, check }
}

fn unexplained() -> Violation {
    Violation::new("", "")
}

/// The index of a meeting's last grain.
fn last_grain(view: &SessionView, placement: &Placement) -> i64 {
    let end = view.problem.end_of(view.session, placement.start);
    i64::from(end / view.problem.hours.step) - 1
}

fn is_past_the_horizon(view: &SessionView, placement: &Placement) -> bool {
    let end = view.problem.end_of(view.session, placement.start);
    let days = view.problem.days.len() as Minute * DAY;
    end > view.problem.rooms[0].taken.first().map_or(days, |&(horizon, _)| horizon)
}

fn past_the_horizon(view: &SessionView, sink: &mut dyn Sink) {
    let Some(placement) = view.placement else { return };
    if is_past_the_horizon(view, placement) {
        sink.add(last_grain(view, placement), &unexplained);
    }
}

fn one_day(view: &SessionView, sink: &mut dyn Sink) {
    let Some(placement) = view.placement else { return };
    let end = view.problem.end_of(view.session, placement.start);
    if placement.start / DAY != (end - 1) / DAY && !is_past_the_horizon(view, placement) {
        sink.add(1, &unexplained);
    }
}

fn room_too_small(view: &SessionView, sink: &mut dyn Sink) {
    let Some(room) = view.placement.and_then(|placement| placement.room) else { return };
    let option = &view.problem.sessions[view.session].options[0];
    let people = (option.required.len() + option.audience.len()) as i64;
    let missing = people - i64::from(view.problem.rooms[room].capacity);
    if missing > 0 {
        sink.add(missing, &unexplained);
    }
}

fn placed(view: &SessionView, sink: &mut dyn Sink) {
    if view.placement.is_none() {
        sink.add(1, &unexplained);
    }
}

fn early(view: &SessionView, sink: &mut dyn Sink) {
    if let Some(placement) = view.placement {
        sink.add(last_grain(view, placement), &unexplained);
    }
}

fn larger_rooms(view: &SessionView, sink: &mut dyn Sink) {
    let Some(room) = view.placement.and_then(|placement| placement.room) else { return };
    let rooms = &view.problem.rooms;
    let larger = rooms.iter().map(|other| i64::from(other.capacity) - i64::from(rooms[room].capacity));
    sink.add(larger.filter(|&seats| seats > 0).sum(), &unexplained);
}

/// Grains during which both run.
fn grains(view: &PairView) -> i64 {
    i64::from(view.overlap() / view.step)
}

fn room_conflict(view: &PairView, sink: &mut dyn Sink) {
    if view.same_room && view.overlap() > 0 {
        sink.add(grains(view), &unexplained);
    }
}

fn required_conflict(view: &PairView, sink: &mut dyn Sink) {
    if view.common.required > 0 && view.overlap() > 0 {
        sink.add(grains(view) * i64::from(view.common.required), &unexplained);
    }
}

fn preferred_conflict(view: &PairView, sink: &mut dyn Sink) {
    let preferred = view.common.at_all - view.common.required;
    if preferred > 0 && view.overlap() > 0 {
        sink.add(grains(view) * i64::from(preferred), &unexplained);
    }
}

fn break_between(view: &PairView, sink: &mut dyn Sink) {
    if view.pause() == 0 {
        sink.add(1, &unexplained);
    }
}

fn overlap(view: &PairView, sink: &mut dyn Sink) {
    if view.overlap() > 0 {
        sink.add(grains(view), &unexplained);
    }
}

fn room_stability(view: &PairView, sink: &mut dyn Sink) {
    if view.apart > 0 && !view.same_room && view.pause() <= 2 * view.step {
        sink.add(i64::from(view.common.at_all), &unexplained);
    }
}
