//! Everybody who comes has a seat.

use super::{Check, Rule, SessionView, Sink, Violation};
use crate::problem::RoomIx;
use crate::score::Level;

pub(crate) const RULE: Rule = Rule {
    name: "room_capacity",
    sentence: (
        "现场活动有场地，座位够全部到场人员使用；两地同步的，两端各够本校人员使用。",
        "A session on site has a room with a seat for everybody who comes; with two ends, each for its own people.",
    ),
    level: Level::Hard,
    default_weight: 1,
    check: Check::Session(check),
};

fn check(view: &SessionView, sink: &mut dyn Sink) {
    let Some(placement) = view.placement else {
        return;
    };
    let problem = view.problem;
    let option = &problem.sessions[view.session].options[placement.option];
    if let Some(second) = option.second_room {
        let there = problem.rooms[second].place;
        seats(view, second, problem.headcount_at(view.session, placement, there), sink);
    }
    match (option.place, placement.room) {
        (None, _) => {}
        (Some(_), Some(room)) => seats(view, room, problem.headcount(view.session, placement), sink),
        (place, None) => sink.add(1, &|| {
            let name = problem.session_text(view.session);
            Violation::new(format!("{name}尚无场地"), format!("{name} has no room"))
                .session(view.session)
                .place(place)
        }),
    }
}

fn seats(view: &SessionView, room: RoomIx, people: usize, sink: &mut dyn Sink) {
    let problem = view.problem;
    let seats = problem.rooms[room].capacity;
    if people <= seats as usize {
        return;
    }
    sink.add(1, &|| {
        let (name, text) = (problem.session_text(view.session), problem.room_text(room));
        Violation::new(
            format!("{name}共{people}人到场，{}只有{seats}个座位", text.zh),
            format!("{name} brings {people} people, but {} has {seats} seats", text.en),
        )
        .session(view.session)
        .place(Some(problem.rooms[room].place))
    });
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;

    #[test]
    fn more_people_than_seats_break_it() {
        let mut town = Town::new();
        let guests = (0..10).map(|_| town.person("王一", town.east)).collect::<Vec<_>>();
        town.invites(&guests);
        town.expect("room_capacity", 0, |plan| plan.at(0, "14:00"));
        let chair = town.person("周然诗", town.west);
        town.requires(chair);
        let found = town.expect("room_capacity", 1, |plan| plan.at(0, "14:00"));
        assert_eq!(found[0].reason.zh, "“语文联合教研 第1次”共11人到场，城东小学会议室只有10个座位");
    }

    #[test]
    fn who_is_both_required_and_invited_or_away_takes_no_second_seat() {
        let mut town = Town::new();
        let guests = (0..11).map(|_| town.person("王一", town.east)).collect::<Vec<_>>();
        town.invites(&guests);
        town.input.people[guests[3]].away.push((0, town.west));
        town.requires(guests[0]);
        town.expect("room_capacity", 0, |plan| plan.at(0, "14:00"));
        town.expect("room_capacity", 1, |plan| plan.at(1, "14:00"));
    }

    #[test]
    fn a_session_on_site_without_a_room_breaks_it() {
        Town::new().expect("room_capacity", 1, |plan| plan.at(0, "14:00").without_room());
    }

    #[test]
    fn at_each_of_two_ends_those_who_are_based_there_need_seats() {
        let mut town = Town::new();
        let near = (0..10).map(|_| town.person("王一", town.east)).collect::<Vec<_>>();
        let far = (0..3).map(|_| town.person("李二", town.west)).collect::<Vec<_>>();
        town.invites(&near);
        town.invites(&far);
        town.expect("room_capacity", 1, |plan| plan.at(0, "14:00"));
        let room = town.room("录播教室", town.west, 3);
        town.input.sessions[0].options[0].second_room = Some(room);
        town.expect("room_capacity", 0, |plan| plan.at(0, "14:00"));
        town.input.rooms[room].capacity = 2;
        let found = town.expect("room_capacity", 1, |plan| plan.at(0, "14:00"));
        assert_eq!(found[0].reason.zh, "“语文联合教研 第1次”共3人到场，西关小学录播教室只有2个座位");
    }
}
