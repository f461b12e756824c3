//! Sessions start on the grid and stay within one half-day.

use super::{Check, Rule, SessionView, Sink, Violation};
use crate::problem::DAY;
use crate::score::Level;
use crate::text::clock;

pub(crate) const RULE: Rule = Rule {
    name: "hours",
    sentence: (
        "活动在规定的上午或下午时段内开始并结束，开始时间取整。",
        "A session starts on the grid of times and lies within the morning or within the afternoon.",
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
    let hours = problem.hours;
    let start = placement.start % DAY;
    let end = start + problem.sessions[view.session].minutes;
    if start % hours.step != 0 {
        sink.add(1, &|| {
            let (name, from, step) = (problem.session_text(view.session), clock(start), hours.step);
            Violation::new(
                format!("{name}{from}开始，开始时间须为{step}分钟的整数倍"),
                format!("{name} starts at {from}, which is not a multiple of {step} minutes"),
            )
            .session(view.session)
        });
    }
    let inside = |half: (i32, i32)| half.0 <= start && end <= half.1;
    let evening = problem.sessions[view.session].allows_evening && inside(hours.evening);
    if inside(hours.morning) || inside(hours.afternoon) || evening {
        return;
    }
    sink.add(1, &|| {
        let (name, from, to) = (problem.session_text(view.session), clock(start), clock(end));
        let half = |half: (i32, i32), dash: &str| format!("{}{dash}{}", clock(half.0), clock(half.1));
        Violation::new(
            format!(
                "{name}{from}—{to}不在可安排的时段内（上午{}，下午{}）",
                half(hours.morning, "—"),
                half(hours.afternoon, "—")
            ),
            format!(
                "{name} from {from} to {to} lies outside the possible times ({} and {})",
                half(hours.morning, "–"),
                half(hours.afternoon, "–")
            ),
        )
        .session(view.session)
    });
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;

    #[test]
    fn a_session_across_noon_or_off_the_grid_breaks_it() {
        let town = Town::new();
        town.expect("hours", 1, |plan| plan.at(0, "11:00"));
        town.expect("hours", 1, |plan| plan.at(0, "14:05"));
        town.expect("hours", 0, |plan| plan.at(0, "10:00"));
        town.expect("hours", 0, |plan| plan.at(0, "15:30"));
    }
}
