//! Over the term and all programmes, no school hosts far beyond its size.

use super::{Check, Rule, Sink, Violation};
use crate::grouping::{Grouping, SetView};
use crate::score::Level;
use crate::turns::rounded_up;

/// Unit: a turn above the school's share over all programmes, less the turns it took in advance in earlier terms, rounded up. Milder
/// than turns within a programme, which people count.
pub(crate) const RULE: Rule = Rule {
    name: "hosting_shared",
    sentence: (
        "各校承办次数与学校规模相称，往学期多承办的少承办。",
        "The schools' hosting is in proportion to their sizes, counting what they hosted in earlier terms.",
    ),
    level: Level::Soft,
    default_weight: 60,
    check: Check::Set(Grouping::Host, check),
};

fn check(view: &SetView, sink: &mut dyn Sink) {
    let problem = view.problem;
    let share = rounded_up(problem.place_turns(view.set));
    let count = view.sessions.len() as i64;
    if count <= share {
        return;
    }
    sink.add(count - share, &|| {
        let name = &problem.places[view.set].name;
        Violation {
            sessions: view.sessions.to_vec(),
            ..Violation::new(
                format!("{name}全学期承办{count}次，按学校规模和往学期承办情况应不超过{share}次"),
                format!("{name} hosts {count} times in the term; by its size and its earlier turns its share is at most {share}"),
            )
            .place(Some(view.set))
        }
    });
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;

    #[test]
    fn hosting_beyond_the_share_over_all_programmes_breaks_it() {
        let mut town = Town::new();
        let west = town.option(town.west);
        town.session("数学联合教研 第1次");
        town.option(town.west);
        town.expect("hosting_shared", 1, |plan| plan.at(0, "14:00").then(1, "14:00"));
        town.expect("hosting_shared", 0, |plan| plan.at(0, "14:00").then(1, "14:00").held(west));
    }

    #[test]
    fn a_school_that_leaves_early_counts_for_the_part_of_the_term_for_which_it_is_there() {
        let mut town = Town::new();
        let west = town.option(town.west);
        for name in ["数学联合教研 第1次", "数学联合教研 第2次"] {
            town.session(name);
            town.option(town.west);
        }
        for day in 7..28 {
            town.closes(day, town.west);
        }
        // A quarter of the term: three fifths of a turn of the three; a day on which it is closed before that changes nothing.
        town.closes(2, town.west);
        town.expect("hosting_shared", 0, |plan| {
            plan.at(0, "14:00").held(west).then(8, "14:00").then(9, "14:00")
        });
        town.expect("hosting_shared", 1, |plan| {
            plan.at(0, "14:00").held(west).then(1, "14:00").held(west).then(9, "14:00")
        });
        town.expect("hosting_shared", 0, |plan| plan.at(0, "14:00").then(8, "14:00").then(9, "14:00"));
    }

    #[test]
    fn turns_of_earlier_terms_count() {
        let mut town = Town::new();
        let west = town.option(town.west);
        town.input.places[town.east].turns_ahead = 500;
        town.input.places[town.west].turns_ahead = -500;
        let found = town.expect("hosting_shared", 1, |plan| plan.at(0, "14:00"));
        assert_eq!(found[0].reason.zh, "城东小学全学期承办1次，按学校规模和往学期承办情况应不超过0次");
        town.expect("hosting_shared", 0, |plan| plan.at(0, "14:00").held(west));
    }
}
