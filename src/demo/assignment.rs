//! 任课 Which teacher gives which class which lessons, before any of them has a time.

use super::curriculum::{Course, Subject, courses, stand_ins};
use super::people::Teacher;
use super::schools::{Class, Section};
use super::staffing::Visit;

/// A lesson of one class's week that wants a time.
#[derive(Clone)]
pub(super) struct Lesson {
    /// Position among the section's classes.
    pub(super) class: usize,
    pub(super) subject: Subject,
    /// Held in odd weeks only; this subject has the even ones.
    pub(super) turns_with: Option<Subject>,
    pub(super) teacher: usize,
    /// Given by a teacher of another school on her day here.
    pub(super) visiting: bool,
    /// How often a day is enough.
    pub(super) a_day: usize,
}

/// 课时 Half-lessons a week of every teacher.
pub(super) struct Loads {
    halves: Vec<usize>,
    /// Grades taught: preparing for one grade is less work than for two.
    grades: Vec<[bool; 6]>,
}

/// Half-lessons beyond which a stand-in is asked.
const FULL: usize = 36;

impl Loads {
    pub(super) fn new(visits: &[Visit], teachers: &[Teacher]) -> Self {
        let mut halves = vec![0; teachers.len()];
        for visit in visits {
            halves[visit.teacher(teachers)] += 2 * visit.lessons;
        }
        Self { halves, grades: vec![[false; 6]; teachers.len()] }
    }

    pub(super) fn add(&mut self, teacher: usize, halves: usize) {
        self.halves[teacher] += halves;
    }

    /// What a teacher's week would weigh with so much more: who leads a school is asked to teach two thirds.
    pub(super) fn weight(&self, teachers: &[Teacher], teacher: usize, more: usize) -> usize {
        let load = self.halves[teacher] + more;
        if teachers[teacher].leads_school() { load * 3 / 2 } else { load }
    }
}

/// All lessons of a section.
pub(super) struct Assignment<'a> {
    section: &'a Section,
    number: usize,
    teachers: &'a [Teacher],
    loads: &'a mut Loads,
    lessons: Vec<Lesson>,
}

pub(super) fn assign(
    number: usize,
    sections: &[Section],
    visits: &[Visit],
    teachers: &[Teacher],
    loads: &mut Loads,
) -> Vec<Lesson> {
    let section = &sections[number];
    let mut assignment = Assignment { section, number, teachers, loads, lessons: Vec::new() };
    let mut left = Vec::new();
    for (at, class) in section.classes.iter().enumerate() {
        for course in courses(section.stage, class.grade) {
            left.push((at, assignment.after_visits(at, class, course, visits)));
        }
    }
    // Specialists first: only then is it known who has time to stand in.
    for specialists in [true, false] {
        left.retain(|(at, course)| course.lessons > 0 && !assignment.give(*at, course, specialists));
    }
    assert!(left.is_empty(), "a lesson of {} found no teacher", left[0].1.subject.name());
    assignment.lessons
}

impl Assignment<'_> {
    /// Gives a class's visited lesson to the visitor; what is left of the course is for the school's own teachers.
    fn after_visits(&mut self, at: usize, class: &Class, course: &Course, visits: &[Visit]) -> Course {
        let mut course = in_turn_by_class(class, course);
        let concerns = |visit: &&Visit| visit.host == self.number && visit.subject == course.subject;
        if let Some(visit) = visits.iter().find(concerns)
            && course.turns_with.is_none()
            && self
                .lessons
                .iter()
                .filter(|lesson| lesson.visiting && lesson.subject == course.subject)
                .count()
                < visit.lessons
        {
            self.push(at, &course, visit.teacher(self.teachers), 1, true);
            course.lessons -= 1;
        }
        course
    }

    /// Finds one teacher for a course in a class.
    fn give(&mut self, at: usize, course: &Course, specialists: bool) -> bool {
        let halves = if course.turns_with.is_some() { 1 } else { 2 * course.lessons };
        let others = stand_ins(course.subject);
        let may = |teacher: &Teacher| match specialists {
            true => teacher.subject == course.subject,
            false => teacher.subject == course.subject || others.contains(&teacher.subject),
        };
        let own = (0..self.teachers.len()).filter(|&id| self.teachers[id].section == self.number);
        let grade = self.section.classes[at].grade;
        let cost = |id: usize| {
            let known = if self.loads.grades[id][grade] { 6 } else { 0 };
            (self.loads.weight(self.teachers, id, halves) + 6 - known, id)
        };
        let Some((_, chosen)) = own.filter(|&id| may(&self.teachers[id])).map(cost).min() else {
            return false;
        };
        if specialists && !others.is_empty() && self.loads.weight(self.teachers, chosen, halves) > FULL {
            return false;
        }
        self.loads.add(chosen, halves);
        self.loads.grades[chosen][grade] = true;
        self.push(at, course, chosen, course.lessons, false);
        true
    }

    fn push(&mut self, class: usize, course: &Course, teacher: usize, lessons: usize, visiting: bool) {
        let (subject, turns_with) = (course.subject, course.turns_with);
        let lesson =
            Lesson { class, subject, turns_with, teacher, visiting, a_day: course.lessons.div_ceil(5) };
        self.lessons.extend(vec![lesson; lessons]);
    }
}

/// Every second class begins with the other subject, so that both subjects' teachers are busy every week.
fn in_turn_by_class(class: &Class, course: &Course) -> Course {
    match course.turns_with {
        Some(other) if class.number.is_multiple_of(2) => {
            Course { subject: other, lessons: course.lessons, turns_with: Some(course.subject) }
        }
        _ => *course,
    }
}
