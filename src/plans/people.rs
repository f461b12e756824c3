//! Who takes part in a planned session, in rows.

use chrono::NaiveDate;
use session_planner::{Attendance, DAY, Minute, Placement, Problem, SessionIx, clock};
use uuid::Uuid;

use super::facts::Facts;
use super::statement::Statement;
use crate::calendar::days::{iso_weekday, weekday_zh};
use crate::entity::values::ParticipantRole;
use crate::error::Bilingual;
use crate::sessions::PlannedPerson;

/// Turns attendance into people with roles, in the order presenter, chair, researcher, attendees.
pub fn people(
    facts: &Facts,
    statement: &Statement,
    problem: &Problem,
    session: SessionIx,
    placement: &Placement,
    attendance: &Attendance,
) -> Vec<PlannedPerson> {
    let required = &problem.sessions[session].options[placement.option].required;
    let leaders: Vec<Uuid> = required
        .iter()
        .filter(|person| !placement.presenters.contains(person))
        .map(|person| statement.people[*person])
        .collect();
    let researcher = researching(facts, statement.sessions[session], &leaders);
    let part = |person: usize, excused: Option<Bilingual>| {
        let teacher = statement.people[person];
        let presents = placement.presenters.contains(&person);
        let needed = presents || required.contains(&person);
        let role = match (presents, needed) {
            (true, _) => ParticipantRole::Presenter,
            (false, true) if researcher == Some(teacher) => ParticipantRole::Researcher,
            (false, true) => ParticipantRole::Chair,
            (false, false) => ParticipantRole::Attendee,
        };
        let cover = attendance
            .cover
            .iter()
            .filter(|(covered, _)| *covered == person)
            .map(|(_, engagement)| lesson(problem, person, *engagement))
            .collect();
        PlannedPerson { teacher, role, required: needed, excused, cover }
    };
    let mut people: Vec<PlannedPerson> =
        attendance.attending.iter().map(|person| part(*person, None)).collect();
    let excused = attendance.excused.iter();
    people.extend(excused.map(|(person, why)| part(*person, Some(Bilingual::new(&why.zh, &why.en)))));
    people.sort_by_key(|person| (person.excused.is_some(), rank(person.role)));
    people
}

/// Who of those that lead a session does so as its researcher: the programme's own, or whoever stands in for her.
fn researching(facts: &Facts, session: Uuid, leaders: &[Uuid]) -> Option<Uuid> {
    let row = facts.sessions.iter().find(|row| row.id == session)?;
    let own = facts.programmes.get(&row.programme_id?)?.researcher_id?;
    let is_one = |leader: &&Uuid| facts.roster.researchers.iter().any(|row| row.teacher_id == **leader);
    leaders.iter().find(|leader| **leader == own).or_else(|| leaders.iter().rfind(is_one)).copied()
}

/// Presenters first: the term table and the mail name people in this order.
fn rank(role: ParticipantRole) -> u8 {
    match role {
        ParticipantRole::Presenter => 0,
        ParticipantRole::Chair => 1,
        ParticipantRole::Researcher => 2,
        _ => 3,
    }
}

fn lesson(problem: &Problem, person: usize, engagement: usize) -> String {
    let lesson = &problem.people[person].engagements[engagement];
    let date = problem.date(problem.day_of(lesson.start));
    covered_lesson(date, (lesson.start.rem_euclid(DAY), lesson.end.rem_euclid(DAY)), &lesson.label)
}

/// A lesson that needs a substitute, as people read it: "9月16日（周三） 14:20–15:00 五年级（2）班 数学". What the cover list
/// finds it by again.
pub fn covered_lesson(date: NaiveDate, (start, end): (Minute, Minute), label: &str) -> String {
    let weekday = weekday_zh(iso_weekday(date));
    format!("{}（{weekday}） {}–{} {label}", date.format("%-m月%-d日"), clock(start), clock(end))
}
