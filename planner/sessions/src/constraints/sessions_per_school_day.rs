//! No school receives too many sessions on one day.

use super::{Check, Rule, Sink, Violation};
use crate::grouping::{Grouping, SetView};
use crate::score::Level;

/// Unit: a session above the limit of a school and day. Its rooms, meals and gate are taken twice: as bad as sixteen covered lessons,
/// and a quarter of a missed subject day.
pub(crate) const RULE: Rule = Rule {
    name: "sessions_per_school_day",
    sentence: (
        "一所学校一天承办的活动不超过规定次数。",
        "No school hosts more sessions on a day than the limit.",
    ),
    level: Level::Soft,
    default_weight: 100,
    check: Check::Set(Grouping::HostDay, check),
};

fn check(view: &SetView, sink: &mut dyn Sink) {
    let problem = view.problem;
    let place = view.resource();
    let Some(limit) = problem.limits_of(problem.places[place].group).sessions_per_school_day else {
        return;
    };
    let count = view.sessions.len();
    let limit = usize::from(limit);
    if count <= limit {
        return;
    }
    sink.add((count - limit) as i64, &|| {
        let (name, date) = (&problem.places[place].name, problem.day_text(view.day()));
        Violation {
            sessions: view.sessions.to_vec(),
            ..Violation::new(
                format!("{}{name}承办{count}项活动，超过每天{limit}项的上限", date.zh),
                format!("{name} hosts {count} sessions on {}; the limit is {limit}", date.en),
            )
            .place(Some(place))
            .day(view.day())
        }
    });
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;

    #[test]
    fn a_second_session_on_one_day_breaks_a_limit_of_one() {
        let mut town = Town::new();
        let west = town.option(town.west);
        town.session("数学联合教研 第1次");
        town.option(town.west);
        town.group().limits.sessions_per_school_day = Some(1);
        let found = town.expect("sessions_per_school_day", 1, |plan| plan.at(0, "9:00").then(0, "14:00"));
        assert_eq!(found[0].reason.zh, "9月7日（周一）城东小学承办2项活动，超过每天1项的上限");
        town.expect("sessions_per_school_day", 0, |plan| plan.at(0, "9:00").then(1, "9:00"));
        town.expect("sessions_per_school_day", 0, |plan| plan.at(0, "9:00").then(0, "14:00").held(west));
    }
}
