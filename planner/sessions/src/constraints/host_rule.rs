//! The host is one that the programme allows.

use super::{Check, Rule, SessionView, Sink, Violation};
use crate::score::Level;

pub(crate) const RULE: Rule = Rule {
    name: "host_rule",
    sentence: ("承办学校符合教研计划的规定。", "The host is one that the programme's host rule allows."),
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
    if option.allowed {
        return;
    }
    sink.add(1, &|| {
        let (name, host) = (problem.session_text(view.session), problem.place_text(option.place));
        let (zh, en) = match option.place {
            Some(_) => (format!("由{}承办", host.zh), format!("hosted by {}", host.en)),
            None => ("在线上举行".to_owned(), "held online".to_owned()),
        };
        Violation::new(
            format!("{name}{zh}，不符合该教研计划的承办规定"),
            format!("{name} is {en}, which its programme's host rule does not allow"),
        )
        .session(view.session)
        .place(option.place)
    });
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;

    #[test]
    fn a_host_outside_the_programmes_rule_breaks_it() {
        let mut town = Town::new();
        town.expect("host_rule", 0, |plan| plan.at(0, "14:00"));
        let option = town.option(town.west);
        town.input.sessions[0].options[option].allowed = false;
        town.expect("host_rule", 1, |plan| plan.at(0, "14:00").held(option));
    }
}
