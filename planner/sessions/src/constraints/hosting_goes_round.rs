//! Hosting of a programme goes round: everybody once before anybody twice, then in proportion to the schools' sizes.

use super::{Check, Rule, Sink, Violation};
use crate::build::Problem;
use crate::grouping::{Grouping, SetView};
use crate::problem::{Minute, PlaceIx, SessionIx};
use crate::score::Level;

/// Unit: a turn that a school takes again while another that may host has had none; or a turn above its share, the second one
/// counting three times, the third five times. The share is one turn and, of the sessions that are left when everybody has
/// had one, as many as fall to its size, rounded up. A turn costs as much as fifty hours of travel, which is about what
/// hosting once more at the largest school saves: turns are taken even where that is farther.
pub(crate) const RULE: Rule = Rule {
    name: "hosting_goes_round",
    sentence: (
        "同一计划由各校轮流承办：每校承办一次之后，再按学校规模安排第二次。",
        "Hosting of a programme goes round: each of its schools once before any hosts again, then by size.",
    ),
    level: Level::Soft,
    default_weight: 300,
    check: Check::Set(Grouping::Series, check),
};

fn check(view: &SetView, sink: &mut dyn Sink) {
    let problem = view.problem;
    if !problem.series[view.set].rotates_hosts {
        return;
    }
    let placed = view.by_start();
    for (ix, &(_, session)) in placed.iter().enumerate() {
        let Some(place) = host(view, session) else { continue };
        let earlier = &placed[..ix];
        let turn = 1 + turns(view, earlier, place);
        let share = share(view, place);
        if turn > share {
            sink.add(2 * (turn - share) - 1, &|| above_share(view, session, place, (turn, share)));
        } else if turn > 1
            && let Some(waiting) = waiting(view, session, earlier)
        {
            sink.add(1, &|| before_another(view, session, place, (turn, waiting)));
        }
    }
}

fn host(view: &SetView, session: SessionIx) -> Option<PlaceIx> {
    view.plan[session].as_ref().and_then(|placement| view.problem.place_of(session, placement))
}

fn turns(view: &SetView, sessions: &[(Minute, SessionIx)], place: PlaceIx) -> i64 {
    sessions.iter().filter(|&&(_, session)| host(view, session) == Some(place)).count() as i64
}

/// The most turns that a school should take within the programme.
fn share(view: &SetView, place: PlaceIx) -> i64 {
    let turns = view.problem.series_turns(view.set);
    turns.binary_search_by_key(&place, |&(of, _)| of).map_or(0, |found| turns[found].1)
}

/// A school that might have hosted the session and has not hosted before; not one that is not there yet, or has left.
fn waiting(view: &SetView, session: SessionIx, earlier: &[(Minute, SessionIx)]) -> Option<PlaceIx> {
    let problem = view.problem;
    let day = problem.day_of(view.plan[session].as_ref()?.start);
    let options = problem.sessions[session].options.iter().filter(|option| option.allowed);
    let places = options.filter_map(|option| option.place);
    places.filter(|&place| problem.is_there(place, day)).find(|&place| turns(view, earlier, place) == 0)
}

fn above_share(view: &SetView, session: SessionIx, place: PlaceIx, (turn, share): (i64, i64)) -> Violation {
    let (name, school, series) = names(view, session, place);
    Violation::new(
        format!("{name}由{school}承办，是该校第{turn}次承办“{series}”，轮流并按学校规模应不超过{share}次"),
        format!("{name} is turn {turn} of {school} to host “{series}”; its share is at most {share}"),
    )
    .session(session)
    .place(Some(place))
}

fn before_another(
    view: &SetView,
    session: SessionIx,
    place: PlaceIx,
    (turn, waiting): (i64, PlaceIx),
) -> Violation {
    let (name, school, series) = names(view, session, place);
    let waiting = &view.problem.places[waiting].name;
    Violation::new(
        format!("{name}由{school}第{turn}次承办“{series}”，而{waiting}还没有承办过"),
        format!("{name} is turn {turn} of {school} to host “{series}”, and {waiting} has had none"),
    )
    .session(session)
    .place(Some(place))
}

fn names<'a>(view: &'a SetView, session: SessionIx, place: PlaceIx) -> (String, &'a str, &'a str) {
    let problem: &Problem = view.problem;
    (problem.session_text(session), &problem.places[place].name, &problem.series[view.set].name)
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;

    /// Sessions of one programme that both schools may host; the second way is the western one.
    fn rounds(sessions: usize) -> Town {
        let mut town = Town::new();
        town.series_mut().rotates_hosts = true;
        town.option(town.west);
        for number in 1..sessions {
            town.session(&format!("语文联合教研 第{}次", number + 1));
            town.option(town.west);
        }
        town
    }

    #[test]
    fn a_school_that_hosts_beyond_its_share_breaks_it() {
        let town = rounds(2);
        // Two sessions, two schools: one turn each.
        let found = town.expect("hosting_goes_round", 1, |plan| plan.at(0, "14:00").then(7, "14:00"));
        assert_eq!(
            found[0].reason.zh,
            "“语文联合教研 第2次”由城东小学承办，是该校第2次承办“语文联合教研”，轮流并按学校规模应不超过1次"
        );
        town.expect("hosting_goes_round", 0, |plan| plan.at(0, "14:00").then(7, "14:00").held(1));
    }

    #[test]
    fn a_larger_school_takes_no_second_turn_before_the_others_first() {
        let mut town = rounds(3);
        town.input.places[town.east].size = 400;
        let found = town.expect("hosting_goes_round", 1, |plan| {
            plan.at(0, "14:00").then(7, "14:00").then(14, "14:00").held(1)
        });
        assert_eq!(
            found[0].reason.zh,
            "“语文联合教研 第2次”由城东小学第2次承办“语文联合教研”，而西关小学还没有承办过"
        );
        town.expect("hosting_goes_round", 0, |plan| {
            plan.at(0, "14:00").then(7, "14:00").held(1).then(14, "14:00")
        });
    }

    #[test]
    fn nobody_waits_for_a_school_that_has_left() {
        let mut town = rounds(2);
        for day in 10..28 {
            town.closes(day, town.west);
        }
        // It is there for eight of twenty school days: the other school takes the turns that it leaves.
        town.expect("hosting_goes_round", 0, |plan| plan.at(0, "14:00").then(14, "14:00"));
        let found = town.expect("hosting_goes_round", 1, |plan| plan.at(0, "14:00").then(7, "14:00"));
        assert!(found[0].reason.zh.ends_with("而西关小学还没有承办过"), "{}", found[0].reason.zh);
    }

    #[test]
    fn what_is_left_after_the_first_round_goes_by_size() {
        let mut town = rounds(5);
        town.input.places[town.east].size = 120;
        // Three are left for sizes of 120 and 40: three turns and a quarter, and less than one, rounded up.
        town.expect("hosting_goes_round", 0, |plan| {
            let first = plan.at(0, "14:00").then(7, "14:00").held(1);
            first.then(8, "14:00").then(14, "14:00").then(21, "14:00")
        });
        // A third turn of the small school is one above its share, a fourth counts three.
        town.expect("hosting_goes_round", 4, |plan| {
            let first = plan.at(0, "14:00").then(7, "14:00").held(1);
            first.then(8, "14:00").held(1).then(14, "14:00").held(1).then(21, "14:00").held(1)
        });
    }
}
