//! Every session finds its time.

use super::{Check, Rule, SessionView, Sink, Violation};
use crate::score::Level;

/// A session that is not held outweighs a thousand excused people: nobody is spared by dropping a session.
pub(crate) const RULE: Rule = Rule {
    name: "sessions_placed",
    sentence: ("每项活动都排定时间。", "Every session is placed."),
    level: Level::Medium,
    default_weight: 1_000,
    check: Check::Session(check),
};

fn check(view: &SessionView, sink: &mut dyn Sink) {
    if view.placement.is_some() {
        return;
    }
    sink.add(1, &|| {
        let name = view.problem.session_text(view.session);
        Violation::new(format!("{name}尚未排定"), format!("{name} is not placed")).session(view.session)
    });
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;

    #[test]
    fn an_unplaced_session_breaks_it() {
        let mut town = Town::new();
        town.session("语文联合教研 第2次");
        town.expect("sessions_placed", 1, |plan| plan.at(0, "14:00"));
        town.expect("sessions_placed", 0, |plan| plan.at(0, "14:00").then(1, "14:00"));
    }
}
