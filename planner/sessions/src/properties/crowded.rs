//! Random problems and plans, small enough to break often.

use crate::Problem;
use crate::problem::*;
use crate::rng::Rng;
use crate::testing::{Town, at};

pub(super) const TIMES: [&str; 6] = ["8:00", "9:30", "10:20", "13:10", "14:00", "15:40"];

/// A crowded fortnight: few people, few rooms, everybody wanted everywhere.
pub(super) fn crowded(seed: u64) -> ProblemInput {
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
            2 | 3 => EngagementKind::Received(rng.below(2)),
            _ => EngagementKind::Lesson,
        };
        let place = (!rng.percent(10)).then_some(places[rng.below(2)]);
        town.engage(person, kind, rng.below(16), TIMES[rng.below(6)], place);
    }
    // Long ones, so that many a session lies inside one.
    for engagement in town.engagements(person) {
        if matches!(engagement.kind, EngagementKind::Received(_)) {
            engagement.end += 60;
        }
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
    session.receives = (session.lessons == LessonRule::Inside).then_some(session.series % 2);
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
pub(super) fn any_placement(input: &ProblemInput, rng: &mut Rng, session: SessionIx) -> Placement {
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
pub(super) fn replanned(seed: u64) -> Problem {
    let problem = Problem::build(crowded(seed)).expect("a sound problem");
    let published = any_plan(&problem, &mut Rng::new(seed ^ 7), 50);
    problem.replanning(published).expect("a plan of this problem")
}

/// A plan that may break any rule, in which so many percent of the sessions are placed.
pub(super) fn any_plan(problem: &Problem, rng: &mut Rng, placed: usize) -> Assignment {
    let sessions = 0..problem.sessions.len();
    sessions.map(|session| rng.percent(placed).then(|| any_placement(problem, rng, session))).collect()
}
