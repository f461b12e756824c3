//! One topic, several schools (同课异构): presenters come from different ones.

use super::{Check, Rule, SessionView, Sink, Violation};
use crate::build::Problem;
use crate::problem::{PersonIx, PlaceIx, Placement, SessionIx};
use crate::score::Level;

/// Unit: a school too few.
pub(crate) const RULE: Rule = Rule {
    name: "presenters_from_different_schools",
    sentence: (
        "同课异构的授课教师来自规定数量的不同学校。",
        "The presenters of a session come from as many different schools as it asks for.",
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
    let wanted = usize::from(problem.sessions[view.session].presenter_schools);
    if wanted <= 1 {
        return;
    }
    let schools = schools(problem, placement, &placement.presenters);
    if schools.len() >= wanted {
        return;
    }
    sink.add((wanted - schools.len()) as i64, &|| {
        let name = problem.session_text(view.session);
        let names = schools.iter().map(|&place| problem.places[place].name.as_str()).collect::<Vec<_>>();
        let found = schools.len();
        Violation {
            people: placement.presenters.clone(),
            ..Violation::new(
                format!("{name}的授课教师须来自至少{wanted}所学校，现为{found}所（{}）", names.join("、")),
                format!(
                    "{name} needs presenters from {wanted} schools, but has {found} ({})",
                    names.join(", ")
                ),
            )
            .session(view.session)
        }
    });
}

/// The schools the presenters come from on the day, each once.
fn schools(problem: &Problem, placement: &Placement, presenters: &[PersonIx]) -> Vec<PlaceIx> {
    let day = problem.day_of(placement.start);
    let mut schools = Vec::with_capacity(presenters.len());
    for &presenter in presenters {
        let base = problem.base_on(presenter, day);
        if !schools.contains(&base) {
            schools.push(base);
        }
    }
    schools
}

/// Whether so many more schools are still to be represented that the next presenters must each bring a new one.
pub(crate) fn must_be_new(problem: &Problem, session: SessionIx, schools: usize, slots_left: usize) -> bool {
    let wanted = usize::from(problem.sessions[session].presenter_schools);
    schools + slots_left <= wanted
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;

    #[test]
    fn two_presenters_of_one_school_break_it() {
        let mut town = Town::new();
        let (li, wang) = (town.person("李", town.east), town.person("王", town.east));
        let zhao = town.person("赵", town.west);
        town.presents(&[li, wang, zhao]);
        town.presents(&[li, wang, zhao]);
        town.input.sessions[0].presenter_schools = 2;
        town.expect("presenters_from_different_schools", 1, |plan| plan.at(0, "14:00").by(&[li, wang]));
        town.expect("presenters_from_different_schools", 0, |plan| plan.at(0, "14:00").by(&[li, zhao]));
        town.input.people[wang].away.push((1, town.west));
        town.expect("presenters_from_different_schools", 0, |plan| plan.at(1, "14:00").by(&[li, wang]));
    }
}
