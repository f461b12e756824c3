//! Nobody is invited on holidays and weekends, nor where the host or a required person's school is closed.

use super::{Check, Rule, SessionView, Sink, Violation};
use crate::build::Problem;
use crate::problem::{DayIx, PlaceIx, SessionIx};
use crate::score::Level;

pub(crate) const RULE: Rule = Rule {
    name: "school_days",
    sentence: (
        "活动安排在教学日，允许的活动也可在周末；承办学校和必须到场人员所在学校当天不停课、不考试。",
        "Sessions are held on school days or, where allowed, weekends, open at the host and at the schools of everybody required.",
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
    let day = problem.day_of(placement.start);
    if let Some((zh, en)) = closed_to(problem, view.session, day) {
        sink.add(1, &|| {
            let (name, date) = (problem.session_text(view.session), problem.day_text(day));
            Violation::new(
                format!("{name}排在{}，当天不能安排活动：{zh}", date.zh),
                format!("{name} is on {}, when nothing may be arranged: {en}", date.en),
            )
            .session(view.session)
            .day(day)
        });
    }
    if problem.days[day].closed_places.is_empty() {
        return;
    }
    if let Some(host) = problem.place_of(view.session, placement)
        && let Some((zh, en)) = closing(problem, day, host)
    {
        sink.add(1, &|| {
            let (name, date) = (problem.session_text(view.session), problem.day_text(day));
            let host_name = &problem.places[host].name;
            Violation::new(
                format!("{name}排在{}，承办学校{host_name}当天不能安排活动：{zh}", date.zh),
                format!("{name} is on {}, when its host {host_name} is closed: {en}", date.en),
            )
            .session(view.session)
            .place(Some(host))
            .day(day)
        });
    }
    for person in problem.required_with_presenters(view.session, placement) {
        let base = problem.base_on(person, day);
        let Some((zh, en)) = closing(problem, day, base) else {
            continue;
        };
        sink.add(1, &|| {
            let (name, date) = (problem.session_text(view.session), problem.day_text(day));
            let (who, base_name) = (problem.person_text(person), &problem.places[base].name);
            Violation::new(
                format!("{name}排在{}，{who}必须到场，而其所在的{base_name}当天不能安排活动：{zh}", date.zh),
                format!("{name} is on {} and needs {who}, whose school {base_name} is closed: {en}", date.en),
            )
            .session(view.session)
            .person(person)
            .place(Some(base))
            .day(day)
        });
    }
}

/// Why a session may not be held on a day, whoever hosts it.
pub(crate) fn closed_to(problem: &Problem, session: SessionIx, day: DayIx) -> Option<(&str, &str)> {
    let on = &problem.days[day];
    if let Some((zh, en)) = &on.closed {
        return Some((zh, en));
    }
    (on.weekend && !problem.sessions[session].allows_weekend).then_some(("周末", "weekend"))
}

/// Why a school is closed on a day on which the district is open.
pub(crate) fn closing(problem: &Problem, day: DayIx, place: PlaceIx) -> Option<&(String, String)> {
    problem.days[day].closed_places.iter().find(|(closed, _)| *closed == place).map(|(_, label)| label)
}

#[cfg(test)]
mod tests {
    use crate::testing::Town;

    #[test]
    fn a_weekend_breaks_it_and_a_school_day_keeps_it() {
        let town = Town::new();
        town.expect("school_days", 1, |plan| plan.at(5, "14:00"));
        town.expect("school_days", 0, |plan| plan.at(2, "14:00"));
    }

    #[test]
    fn a_weekend_is_for_sessions_that_allow_it_and_a_holiday_for_none() {
        let mut town = Town::new();
        town.input.sessions[0].allows_weekend = true;
        town.expect("school_days", 0, |plan| plan.at(5, "14:00"));
        for (day, why) in [(2, "国庆节"), (3, "国家义务教育质量监测"), (5, "中秋节")] {
            town.input.days[day].closed = Some((why.into(), "closed".into()));
            let found = town.expect("school_days", 1, |plan| plan.at(day, "14:00"));
            assert!(found[0].reason.zh.ends_with(&format!("当天不能安排活动：{why}")));
        }
    }

    #[test]
    fn an_exam_at_the_host_or_at_a_required_persons_school_breaks_it() {
        let mut town = Town::new();
        town.closes(2, town.east);
        town.expect("school_days", 1, |plan| plan.at(2, "14:00"));
        town.expect("school_days", 0, |plan| plan.at(3, "14:00"));
        let chair = town.person("周然诗", town.west);
        town.requires(chair);
        town.closes(3, town.west);
        let found = town.expect("school_days", 1, |plan| plan.at(3, "14:00"));
        assert_eq!(
            found[0].reason.zh,
            "“语文联合教研 第1次”排在9月10日（周四），周然诗必须到场，而其所在的西关小学当天不能安排活动：月考"
        );
    }
}
