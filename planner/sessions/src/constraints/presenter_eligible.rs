//! Presenters are chosen among those who may present, one for each slot.

use super::{Check, Rule, SessionView, Sink, Violation};
use crate::score::Level;

pub(crate) const RULE: Rule = Rule {
    name: "presenter_eligible",
    sentence: (
        "每个授课名额由一名符合条件的教师承担，一人不占两个名额。",
        "Each presenter's slot is filled by a different person who may present.",
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
    let slots = &problem.sessions[view.session].options[placement.option].presenter_slots;
    let presenters = &placement.presenters;
    if slots.len() != presenters.len() {
        sink.add(1, &|| {
            let (name, wanted, found) = (problem.session_text(view.session), slots.len(), presenters.len());
            Violation::new(
                format!("{name}须有{wanted}名授课教师，现为{found}名"),
                format!("{name} needs {wanted} presenters, but has {found}"),
            )
            .session(view.session)
        });
    }
    for (ix, &person) in presenters.iter().enumerate() {
        if slots.get(ix).is_some_and(|candidates| !candidates.contains(&person)) {
            sink.add(1, &|| {
                let (name, who, slot) =
                    (problem.session_text(view.session), problem.person_text(person), ix + 1);
                Violation::new(
                    format!("{who}不在{name}第{slot}位授课教师的人选之内"),
                    format!("{who} is not among those who may be presenter {slot} of {name}"),
                )
                .session(view.session)
                .person(person)
            });
        }
        if presenters[..ix].contains(&person) {
            sink.add(1, &|| {
                let (name, who) = (problem.session_text(view.session), problem.person_text(person));
                Violation::new(
                    format!("{who}在{name}中占了两个授课名额"),
                    format!("{who} fills two presenters' slots of {name}"),
                )
                .session(view.session)
                .person(person)
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;

    #[test]
    fn a_stranger_a_missing_one_and_a_double_one_break_it() {
        let mut town = Town::new();
        let (li, wang) = (town.person("李", town.east), town.person("王", town.east));
        town.presents(&[li]);
        town.presents(&[li, wang]);
        town.expect("presenter_eligible", 0, |plan| plan.at(0, "14:00").by(&[li, wang]));
        town.expect("presenter_eligible", 1, |plan| plan.at(0, "14:00").by(&[wang, li]));
        town.expect("presenter_eligible", 1, |plan| plan.at(0, "14:00").by(&[li]));
        town.expect("presenter_eligible", 1, |plan| plan.at(0, "14:00").by(&[li, li]));
    }
}
