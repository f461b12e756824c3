//! Every teacher takes part regularly.

use super::{Check, PersonTerm, Rule, Sink, Violation};
use crate::score::Level;

/// Unit: a meeting that a person misses: of so many teaching weeks in a row without one, as many as the demand would have put into
/// them. Published sessions count, and the sessions she is asked to, whether or not she can come. Forty minutes of way: a
/// programme of ordinary size moves a week for it, and leaves its half-day only when many would wait.
pub(crate) const RULE: Rule = Rule {
    name: "meets_often",
    sentence: (
        "每位教师在规定的周数内至少参加一次教研活动。",
        "Every teacher takes part in joint research at least once in so many weeks.",
    ),
    level: Level::Soft,
    default_weight: 4,
    check: Check::PersonTerm(check),
};

fn check(term: &PersonTerm, sink: &mut dyn Sink) {
    let problem = term.problem;
    let person = &problem.people[term.person];
    let Some(demand) = problem.limits_of(person.group).weeks_between_meetings.filter(|_| person.should_meet)
    else {
        return;
    };
    let demand = usize::from(demand);
    let mut met = problem.prior(term.person).met;
    for visit in term.visits {
        met |= problem.teaching_week_of(visit.day);
    }
    let weeks = problem.teaching_weeks();
    let mut from = 0;
    while from < weeks.len() {
        let next = weeks.len().min(from + (met >> from).trailing_zeros() as usize);
        if next - from >= demand {
            sink.add(((next - from) / demand) as i64, &|| waits(term, weeks[from], weeks[next - 1], demand));
        }
        from = next + 1;
    }
}

fn waits(term: &PersonTerm, first: u16, last: u16, demand: usize) -> Violation {
    let who = term.problem.person_text(term.person);
    let (zh, en) = match first == last {
        true => (format!("第{first}周"), format!("in week {first}")),
        false => (format!("第{first}—{last}周"), format!("from week {first} to {last}")),
    };
    Violation::new(
        format!("{who}{zh}没有教研活动，要求每{demand}周至少一次"),
        format!("{who} meets nobody {en}; once in {demand} weeks is asked for"),
    )
    .person(term.person)
}

#[cfg(test)]
mod tests {
    use crate::problem::EngagementKind;
    use crate::testing::Town;

    /// Four teaching weeks, 2 to 5, in which everybody should meet once a fortnight.
    fn fortnightly() -> Town {
        let mut town = Town::new();
        let guest = town.person("王一", town.east);
        town.invites(&[guest]);
        town.session("语文联合教研 第2次");
        town.invites(&[guest]);
        town.input.people[guest].should_meet = true;
        town.input.limits.weeks_between_meetings = Some(2);
        town
    }

    #[test]
    fn weeks_without_a_session_break_it_and_name_the_person() {
        let town = fortnightly();
        let found = town.expect("meets_often", 1, |plan| plan.at(0, "14:00"));
        assert_eq!(found[0].reason.zh, "王一第3—5周没有教研活动，要求每2周至少一次");
        assert_eq!(found[0].people, [0]);
        town.expect("meets_often", 0, |plan| plan.at(7, "14:00").then(14, "14:00"));
    }

    #[test]
    fn whoever_meets_never_misses_every_meeting() {
        let mut town = fortnightly();
        town.input.sessions[0].options[0].audience.clear();
        town.expect("meets_often", 2, |plan| plan.at(0, "14:00"));
        town.input.people[0].should_meet = false;
        town.expect("meets_often", 0, |plan| plan.at(0, "14:00"));
    }

    #[test]
    fn published_sessions_count_and_holidays_do_not() {
        let mut town = fortnightly();
        town.engage(0, EngagementKind::Session, 22, "9:00", None);
        town.expect("meets_often", 1, |plan| plan.at(0, "14:00"));
        for day in 7..14 {
            town.input.days[day].closed = Some(("国庆节".into(), "National Day".into()));
        }
        town.expect("meets_often", 0, |plan| plan.at(0, "14:00"));
    }
}
