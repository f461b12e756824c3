//! 编制 How many teachers of each subject a section has, from the lessons its classes need, and who travels in.

use super::Table;
use super::curriculum::{Stage, Subject, WEEKDAYS, courses, stand_ins};
use super::people::Teacher;
use super::schools::{School, Section};

/// 走教 A fixed weekday at a second school.
pub(super) struct Visit {
    /// Positions in the list of sections.
    pub(super) home: usize,
    pub(super) host: usize,
    pub(super) subject: Subject,
    /// 0 = Monday.
    pub(super) weekday: usize,
    /// Lessons given there, one to a class.
    pub(super) lessons: usize,
}

impl Visit {
    /// The teacher who travels: one of the subject at home who leads nothing and is not on leave.
    pub(super) fn teacher(&self, teachers: &[Teacher]) -> usize {
        let free = |teacher: &Teacher| teacher.post.is_none() && teacher.note.is_empty();
        let fits = |teacher: &Teacher| {
            teacher.section == self.home && teacher.subject == self.subject && free(teacher)
        };
        teachers.iter().position(fits).expect("a visited subject has a teacher at home")
    }
}

/// Home school, school visited, stage, subject, weekday, most lessons: a village school without a specialist of its
/// own, or with one too few, is visited from the core school of its group.
const VISITS: [(usize, usize, Stage, Subject, usize, usize); 5] = [
    (4, 7, Stage::Primary, Subject::Music, 4, 5),
    (12, 16, Stage::Junior, Subject::Music, 2, 6),
    (12, 16, Stage::Junior, Subject::Art, 3, 6),
    (0, 3, Stage::Primary, Subject::Computing, 1, 5),
    (8, 11, Stage::Junior, Subject::Computing, 0, 5),
];

pub(super) fn visits(sections: &[Section]) -> Vec<Visit> {
    let find = |school, stage| {
        sections
            .iter()
            .position(|section| section.school == school && section.stage == stage)
            .expect("a planned section")
    };
    let visit =
        |&(home, host, stage, subject, weekday, most): &(usize, usize, Stage, Subject, usize, usize)| {
            let host = find(host, stage);
            let lessons = classes_with(&sections[host], subject).min(most);
            Visit { home: find(home, stage), host, subject, weekday, lessons }
        };
    VISITS.iter().map(visit).collect()
}

fn classes_with(section: &Section, subject: Subject) -> usize {
    let has = |grade| {
        courses(section.stage, grade)
            .iter()
            .any(|course| course.subject == subject && course.turns_with.is_none())
    };
    section.classes.iter().filter(|class| has(class.grade)).count()
}

/// Half-lessons a week: what takes turns with another subject counts half.
pub(super) fn demand(section: &Section, subject: Subject) -> usize {
    let of_grade = |grade| -> usize {
        let halves = courses(section.stage, grade).iter().map(|course| match course.turns_with {
            None if course.subject == subject => course.lessons * 2,
            Some(_) if course.subject == subject => course.lessons,
            Some(other) if other == subject => course.lessons,
            _ => 0,
        });
        halves.sum()
    };
    section.classes.iter().map(|class| of_grade(class.grade)).sum()
}

/// Half-lessons that the section's own teachers of a subject would give were it fully staffed.
pub(super) fn home_demand(sections: &[Section], visits: &[Visit], section: usize, subject: Subject) -> usize {
    let concerns = |visit: &&Visit| visit.subject == subject;
    let received: usize =
        visits.iter().filter(concerns).filter(|visit| visit.host == section).map(|visit| visit.lessons).sum();
    let given: usize =
        visits.iter().filter(concerns).filter(|visit| visit.home == section).map(|visit| visit.lessons).sum();
    demand(&sections[section], subject) + 2 * given - 2 * received
}

/// Teachers per subject; they add up to the section's teachers.
pub(super) fn posts(sections: &[Section], visits: &[Visit], number: usize) -> Vec<(Subject, usize)> {
    let needs = |subject: &Subject| (*subject, home_demand(sections, visits, number, *subject));
    let needs: Vec<(Subject, usize)> = Subject::ALL.iter().map(needs).filter(|(_, need)| *need > 0).collect();
    let least = |&(subject, need): &(Subject, usize)| match stand_ins(subject).is_empty() {
        true => need.div_ceil(36),
        // A small school leaves these to stand-ins rather than hire for a few lessons.
        false => need / 28,
    };
    let mut counts: Vec<usize> = needs.iter().map(least).collect();
    while counts.iter().sum::<usize>() < sections[number].teachers {
        let busiest = (0..counts.len()).filter(|&at| counts[at] > 0).max_by(|&left, &right| {
            let ratio = |at: usize, other: usize| needs[at].1 * counts[other];
            ratio(left, right).cmp(&ratio(right, left)).then(right.cmp(&left))
        });
        counts[busiest.expect("every section has a staffed subject")] += 1;
    }
    needs.into_iter().map(|(subject, _)| subject).zip(counts).filter(|(_, count)| *count > 0).collect()
}

/// 走教
pub(super) fn table(
    visits: &[Visit],
    schools: &[School],
    sections: &[Section],
    teachers: &[Teacher],
) -> Table {
    let row = |visit: &Visit| {
        let teacher = &teachers[visit.teacher(teachers)];
        let host = schools[sections[visit.host].school].name;
        let home = schools[teacher.school].name;
        [&teacher.code, &teacher.name, home, host, WEEKDAYS[visit.weekday]].map(String::from).to_vec()
    };
    Table {
        sheet: "走教",
        headings: &["工号", "姓名", "编制学校", "走教学校", "星期"],
        rows: visits.iter().map(row).collect(),
    }
}
