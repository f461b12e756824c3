//! Hosting of a programme goes round, in proportion to the schools' sizes.

use super::{Check, Rule, Sink, Violation};
use crate::build::Problem;
use crate::grouping::{Grouping, SetView};
use crate::problem::{PlaceIx, SeriesIx};
use crate::score::Level;

/// Unit: the square of the turns above a school's share. The share of a school in each session is its size over that of all allowed
/// hosts; shares are rounded up. One turn too many costs as much as fifty hours of travel, which is about what hosting once more
/// at the largest school saves: turns are taken even where that is farther.
pub(crate) const RULE: Rule = Rule {
    name: "hosting_goes_round",
    sentence: (
        "同一计划由各校轮流承办，按学校规模均衡。",
        "Hosting of a programme goes round among its schools, balanced by size.",
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
    let mut hosts = view
        .placed()
        .filter_map(|(session, placement)| problem.place_of(session, placement))
        .collect::<Vec<_>>();
    hosts.sort_unstable();
    for turns in hosts.chunk_by(|one, other| one == other) {
        let (place, count) = (turns[0], turns.len() as i64);
        let share = fair_turns(problem, view.set, place);
        if count <= share {
            continue;
        }
        sink.add((count - share).pow(2), &|| {
            let (name, series) = (&problem.places[place].name, &problem.series[view.set].name);
            let mut violation = Violation::new(
                format!("{name}承办“{series}”{count}次，按学校规模轮流应不超过{share}次"),
                format!("{name} hosts “{series}” {count} times; by its size its share is at most {share}"),
            )
            .place(Some(place));
            let hosted = view
                .placed()
                .filter(|(session, placement)| problem.place_of(*session, placement) == Some(place));
            violation.sessions = hosted.map(|(session, _)| session).collect();
            violation
        });
    }
}

/// The most turns that a school should take within a series.
fn fair_turns(problem: &Problem, series: SeriesIx, place: PlaceIx) -> i64 {
    let turns = problem.series_turns(series);
    let share = turns.binary_search_by_key(&place, |&(of, _)| of).map_or(0, |found| turns[found].1);
    rounded_up(share)
}

/// Thousandths of turns as whole turns, rounded up.
pub(crate) fn rounded_up(thousandths: i64) -> i64 {
    (thousandths + 999) / 1_000
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;

    #[test]
    fn a_school_that_hosts_beyond_its_share_breaks_it() {
        let mut town = Town::new();
        town.series_mut().rotates_hosts = true;
        let west = town.option(town.west);
        town.session("语文联合教研 第2次");
        town.option(town.west);
        // Both schools are of one size: one turn each.
        let found = town.expect("hosting_goes_round", 1, |plan| plan.at(0, "14:00").then(7, "14:00"));
        assert_eq!(found[0].reason.zh, "城东小学承办“语文联合教研”2次，按学校规模轮流应不超过1次");
        town.expect("hosting_goes_round", 0, |plan| plan.at(0, "14:00").then(7, "14:00").held(west));
    }

    #[test]
    fn a_larger_school_takes_more_turns() {
        let mut town = Town::new();
        town.series_mut().rotates_hosts = true;
        town.option(town.west);
        town.session("语文联合教研 第2次");
        town.option(town.west);
        town.input.places[town.east].size = 120;
        town.expect("hosting_goes_round", 0, |plan| plan.at(0, "14:00").then(7, "14:00"));
    }
}
