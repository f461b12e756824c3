//! Everybody who comes has a seat.

use super::{Check, Rule, SessionView, Sink, Violation};
use crate::score::Level;

pub(crate) const RULE: Rule = Rule {
    name: "room_capacity",
    sentence: (
        "现场活动有场地，座位够全部到场人员使用。",
        "A session on site has a room, with a seat for everybody who comes.",
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
    let place = problem.place_of(view.session, placement);
    if place.is_none() {
        return;
    }
    let Some(room) = placement.room else {
        sink.add(1, &|| {
            let name = problem.session_text(view.session);
            Violation::new(format!("{name}尚无场地"), format!("{name} has no room"))
                .session(view.session)
                .place(place)
        });
        return;
    };
    let people = problem.headcount(view.session, placement);
    let seats = problem.rooms[room].capacity;
    if people <= seats as usize {
        return;
    }
    sink.add(1, &|| {
        let (name, room) = (problem.session_text(view.session), problem.room_text(room));
        Violation::new(
            format!("{name}共{people}人到场，{}只有{seats}个座位", room.zh),
            format!("{name} brings {people} people, but {} has {seats} seats", room.en),
        )
        .session(view.session)
        .place(place)
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
}
