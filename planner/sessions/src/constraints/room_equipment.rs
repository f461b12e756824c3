//! The room has what the session needs, and so has the one at the other end.

use super::{Check, Rule, SessionView, Sink, Violation};
use crate::build::Problem;
use crate::problem::{RoomIx, SessionIx};
use crate::score::Level;

pub(crate) const RULE: Rule = Rule {
    name: "room_equipment",
    sentence: (
        "场地具备活动所需的设备；两地同步的，两端场地都具备。",
        "The room has the equipment that the session asks for, and so has the one at its other end.",
    ),
    level: Level::Hard,
    default_weight: 1,
    check: Check::Session(check),
};

fn check(view: &SessionView, sink: &mut dyn Sink) {
    let problem = view.problem;
    let Some(placement) = view.placement else {
        return;
    };
    let second = problem.sessions[view.session].options[placement.option].second_room;
    for room in placement.room.into_iter().chain(second) {
        for wanted in missing(problem, view.session, room) {
            sink.add(1, &|| lacks(view, room, wanted));
        }
    }
}

fn lacks(view: &SessionView, room: RoomIx, wanted: &str) -> Violation {
    let problem = view.problem;
    let (name, text) = (problem.session_text(view.session), problem.room_text(room));
    Violation::new(
        format!("{name}需要{wanted}，{}没有", text.zh),
        format!("{name} needs {wanted}, which {} lacks", text.en),
    )
    .session(view.session)
    .place(Some(problem.rooms[room].place))
}

/// The equipment a room lacks for a session.
pub(crate) fn missing(problem: &Problem, session: SessionIx, room: RoomIx) -> impl Iterator<Item = &String> {
    let present = &problem.rooms[room].equipment;
    problem.sessions[session].equipment.iter().filter(|wanted| !present.contains(wanted))
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;

    #[test]
    fn a_room_without_the_equipment_breaks_it() {
        let mut town = Town::new();
        town.input.sessions[0].equipment = vec!["录播".into()];
        town.expect("room_equipment", 1, |plan| plan.at(0, "14:00"));
        town.input.rooms[0].equipment = vec!["投影".into(), "录播".into()];
        town.expect("room_equipment", 0, |plan| plan.at(0, "14:00"));
    }

    #[test]
    fn both_ends_of_a_synchronous_lesson_need_the_equipment() {
        let mut town = Town::new();
        let room = town.room("录播教室", town.west, 50);
        town.input.sessions[0].equipment = vec!["录播".into()];
        town.input.sessions[0].options[0].second_room = Some(room);
        town.input.rooms[0].equipment = vec!["录播".into()];
        let found = town.expect("room_equipment", 1, |plan| plan.at(0, "14:00"));
        assert_eq!(found[0].reason.zh, "“语文联合教研 第1次”需要录播，西关小学录播教室没有");
        town.input.rooms[room].equipment = vec!["录播".into()];
        town.expect("room_equipment", 0, |plan| plan.at(0, "14:00"));
    }
}
