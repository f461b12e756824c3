//! What is pinned stays.

use super::{Check, Rule, SessionView, Sink, Violation};
use crate::score::Level;

/// A pinned session without a time is the business of `sessions_placed`: a search begins with nothing placed, and placing a session must
/// not lower the penalty of a hard rule.
pub(crate) const RULE: Rule = Rule {
    name: "pinned_stand",
    sentence: ("已固定的活动不变动。", "A pinned session stands where it is pinned."),
    level: Level::Hard,
    default_weight: 1,
    check: Check::Session(check),
};

fn check(view: &SessionView, sink: &mut dyn Sink) {
    let problem = view.problem;
    let (Some(placement), Some(pinned)) = (view.placement, &problem.sessions[view.session].pinned) else {
        return;
    };
    if placement == pinned {
        return;
    }
    sink.add(1, &|| {
        let name = problem.session_text(view.session);
        let (stands, asked) = (problem.time_text(pinned.start), problem.time_text(placement.start));
        let (zh, en) = match pinned.start == placement.start {
            false => (format!("不能改到{}", asked.zh), format!("cannot move to {}", asked.en)),
            true => (
                "承办学校、场地和授课教师不能变动".to_owned(),
                "keeps its host, room and presenters".to_owned(),
            ),
        };
        Violation::new(
            format!("{name}已固定在{}，{zh}", stands.zh),
            format!("{name} is pinned on {} and {en}", stands.en),
        )
        .session(view.session)
        .day(problem.day_of(placement.start))
    });
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;

    #[test]
    fn a_pinned_session_that_is_moved_breaks_it() {
        let mut town = Town::new();
        let room = town.room("报告厅", town.east, 50);
        town.pin(0, "14:00");
        let found = town.expect("pinned_stand", 1, |plan| plan.at(1, "14:00"));
        assert_eq!(
            found[0].reason.zh,
            "“语文联合教研 第1次”已固定在9月7日（周一）14:00，不能改到9月8日（周二）14:00"
        );
        town.expect("pinned_stand", 1, |plan| plan.at(0, "14:00").in_room(room));
        town.expect("pinned_stand", 0, |plan| plan.at(0, "14:00"));
    }

    #[test]
    fn a_free_session_may_stand_anywhere_and_a_pinned_one_may_wait() {
        Town::new().expect("pinned_stand", 0, |plan| plan.at(1, "14:00"));
        let mut town = Town::new();
        town.pin(0, "14:00");
        town.expect("pinned_stand", 0, |plan| plan);
    }
}
