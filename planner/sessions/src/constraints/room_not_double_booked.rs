//! A room holds one thing at a time, and only sessions that its school hosts.

use super::{Check, Rule, Sink, Violation};
use crate::grouping::{Grouping, SetView};
use crate::problem::{Minute, SessionIx};
use crate::score::Level;
use crate::text::clock;

pub(crate) const RULE: Rule = Rule {
    name: "room_not_double_booked",
    sentence: (
        "场地属于承办学校，同一时间只安排一项活动。",
        "A room belongs to the host school and is used for one thing at a time.",
    ),
    level: Level::Hard,
    default_weight: 1,
    check: Check::Set(Grouping::RoomDay, check),
};

fn check(view: &SetView, sink: &mut dyn Sink) {
    for (ix, &session) in view.sessions.iter().enumerate() {
        foreign(view, session, sink);
        taken(view, session, sink);
        for &other in &view.sessions[..ix] {
            if overlap(view.span(session), view.span(other)) {
                sink.add(1, &|| both(view, other, session));
            }
        }
    }
}

fn overlap(one: (Minute, Minute), other: (Minute, Minute)) -> bool {
    one.0 < other.1 && other.0 < one.1
}

fn both(view: &SetView, one: SessionIx, other: SessionIx) -> Violation {
    let problem = view.problem;
    let room = problem.room_text(view.resource());
    let start = problem.time_text(view.span(one).0.max(view.span(other).0));
    let (first, second) = (problem.session_text(one), problem.session_text(other));
    Violation::new(
        format!("{} {}同时安排了{first}和{second}", start.zh, room.zh),
        format!("{}: {} holds both {first} and {second}", start.en, room.en),
    )
    .session(one)
    .session(other)
    .place(Some(problem.rooms[view.resource()].place))
    .day(view.day())
}

fn taken(view: &SetView, session: SessionIx, sink: &mut dyn Sink) {
    let problem = view.problem;
    let room = &problem.rooms[view.resource()];
    for (ix, &(from, to)) in room.taken.iter().enumerate() {
        if !overlap(view.span(session), (from, to)) {
            continue;
        }
        sink.add(1, &|| {
            let (name, room, day) = (
                problem.session_text(session),
                problem.room_text(view.resource()),
                problem.day_text(view.day()),
            );
            let (from, to) = (clock(from), clock(to));
            let by = problem.rooms[view.resource()].taken_by.get(ix).filter(|by| !by.is_empty());
            let (by_zh, by_en) = by.map_or(("已被".to_owned(), String::new()), |by| {
                (format!("已被“{by}”"), format!(" by “{by}”"))
            });
            Violation::new(
                format!("{}{}在{from}—{to}{by_zh}占用，{name}不能使用", day.zh, room.zh),
                format!(
                    "{} is taken{by_en} on {} from {from} to {to}; {name} cannot use it",
                    room.en, day.en
                ),
            )
            .session(session)
            .place(Some(problem.rooms[view.resource()].place))
            .day(view.day())
        });
    }
}

fn foreign(view: &SetView, session: SessionIx, sink: &mut dyn Sink) {
    let problem = view.problem;
    let Some(placement) = &view.plan[session] else {
        return;
    };
    let host = problem.place_of(session, placement);
    let second = problem.sessions[session].options[placement.option].second_room;
    if host == Some(problem.rooms[view.resource()].place) || second == Some(view.resource()) {
        return;
    }
    sink.add(1, &|| {
        let (name, room) = (problem.session_text(session), problem.room_text(view.resource()));
        let held = problem.place_text(host);
        let (zh, en) = match host {
            Some(_) => (format!("由{}承办", held.zh), format!("hosted by {}", held.en)),
            None => ("在线上举行".to_owned(), "held online".to_owned()),
        };
        Violation::new(
            format!("{name}{zh}，不能使用{}", room.zh),
            format!("{name} is {en} and cannot use {}", room.en),
        )
        .session(session)
        .place(Some(problem.rooms[view.resource()].place))
        .day(view.day())
    });
}

#[cfg(test)]
mod tests {
    use crate::testing::{Town, at};

    #[test]
    fn two_sessions_in_one_room_at_once_break_it_and_one_after_the_other_keep_it() {
        let mut town = Town::new();
        town.session("数学联合教研 第1次");
        let found = town.expect("room_not_double_booked", 1, |plan| plan.at(0, "14:00").then(0, "15:00"));
        assert_eq!(
            found[0].reason.zh,
            "9月7日（周一）15:00 城东小学会议室同时安排了“语文联合教研 第1次”和“数学联合教研 第1次”"
        );
        town.expect("room_not_double_booked", 0, |plan| plan.at(0, "13:00").then(0, "15:00"));
    }

    #[test]
    fn what_has_taken_the_room_already_breaks_it() {
        let mut town = Town::new();
        town.input.rooms[0].taken.push((at(0, "15:00"), at(0, "17:00")));
        town.expect("room_not_double_booked", 1, |plan| plan.at(0, "14:00"));
        town.expect("room_not_double_booked", 0, |plan| plan.at(0, "13:00"));
    }

    #[test]
    fn a_room_of_another_school_breaks_it() {
        let mut town = Town::new();
        let room = town.room("报告厅", town.west, 50);
        town.expect("room_not_double_booked", 1, |plan| plan.at(0, "14:00").in_room(room));
    }

    #[test]
    fn the_room_at_the_other_end_is_used_for_one_thing_at_a_time_as_well() {
        let mut town = Town::new();
        let room = town.room("录播教室", town.west, 50);
        town.input.sessions[0].options[0].second_room = Some(room);
        town.session("数学联合教研 第1次");
        let west = town.option(town.west);
        let clash = |town: &Town, count, time: &str| {
            town.expect("room_not_double_booked", count, |plan| {
                plan.at(0, "14:00").then(0, time).held(west).in_room(room)
            });
        };
        clash(&town, 1, "15:00");
        clash(&town, 0, "16:00");
        town.input.rooms[room].taken.push((at(0, "13:00"), at(0, "14:30")));
        clash(&town, 1, "16:00");
    }
}
