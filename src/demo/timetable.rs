//! 课表 The week of every class and teacher.

use super::Table;
use super::assignment::{Lesson, Loads, assign};
use super::board::place;
use super::curriculum::{Stage, Subject, WEEKDAYS, half_day, stand_ins};
use super::dice::Dice;
use super::people::Teacher;
use super::schools::{School, Section};
use super::staffing::Visit;

/// 单双周
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weeks {
    Every,
    Odd,
    Even,
}

/// A line of the timetable.
struct Line {
    section: usize,
    class: usize,
    slot: usize,
    weeks: Weeks,
    subject: &'static str,
    teacher: usize,
}

/// 课表
pub(super) fn table(
    schools: &[School],
    sections: &[Section],
    visits: &[Visit],
    teachers: &[Teacher],
    dice: &mut Dice,
) -> Table {
    let mut away = vec![None; teachers.len()];
    for visit in visits {
        away[visit.teacher(teachers)] = Some(visit.weekday);
    }
    let mut loads = Loads::new(visits, teachers);
    let mut lines = Vec::new();
    for (number, section) in sections.iter().enumerate() {
        if section.stage == Stage::Kindergarten {
            lines.extend(half_days(number, section, teachers));
            continue;
        }
        let lessons = assign(number, sections, visits, teachers, &mut loads);
        let slots = place(section, &lessons, teachers, &away, dice);
        let mut turns = Turns { number, section, teachers, away: &away, loads: &mut loads, busy: Vec::new() };
        lines.extend(turns.lines(&lessons, &slots));
    }
    lines.sort_by_key(|line| (line.section, line.class, line.slot, line.weeks == Weeks::Even));
    Table {
        sheet: "课表",
        headings: &["学校", "班级", "星期", "节次", "单双周", "学科", "教师工号", "教师"],
        rows: lines.iter().map(|line| row(line, schools, sections, teachers)).collect(),
    }
}

/// 半日活动 Two teachers share a kindergarten class and change over at noon; leaders have no class.
fn half_days(number: usize, section: &Section, teachers: &[Teacher]) -> Vec<Line> {
    let free = |id: &usize| teachers[*id].section == number && !teachers[*id].leads_school();
    let own: Vec<usize> = (0..teachers.len()).filter(free).collect();
    let mut lines = Vec::new();
    for (class, pair) in (0..section.classes.len()).zip(own.chunks_exact(2)) {
        for slot in 0..10 {
            let teacher = pair[(slot / 2 + slot) % 2];
            lines.push(Line {
                section: number,
                class,
                slot,
                weeks: Weeks::Every,
                subject: "半日活动",
                teacher,
            });
        }
    }
    lines
}

/// Who takes the even weeks of lessons that take turns, once all times are known.
struct Turns<'a> {
    number: usize,
    section: &'a Section,
    teachers: &'a [Teacher],
    away: &'a [Option<usize>],
    loads: &'a mut Loads,
    /// Teacher and time in even weeks.
    busy: Vec<Vec<bool>>,
}

impl Turns<'_> {
    fn lines(&mut self, lessons: &[Lesson], slots: &[usize]) -> Vec<Line> {
        self.busy = vec![vec![false; 5 * self.section.stage.bells().len()]; self.teachers.len()];
        for (lesson, slot) in lessons.iter().zip(slots) {
            self.busy[lesson.teacher][*slot] |= lesson.turns_with.is_none();
        }
        let mut lines = Vec::new();
        for (lesson, &slot) in lessons.iter().zip(slots) {
            let weeks = if lesson.turns_with.is_some() { Weeks::Odd } else { Weeks::Every };
            lines.push(self.line(lesson.class, slot, weeks, lesson.subject, lesson.teacher));
            if let Some(subject) = lesson.turns_with {
                // In a small school all others may be in class: then she keeps the class in even weeks too.
                let teacher = self.partner(subject, slot).unwrap_or(lesson.teacher);
                self.busy[teacher][slot] = true;
                self.loads.add(teacher, 1);
                lines.push(self.line(lesson.class, slot, Weeks::Even, subject, teacher));
            }
        }
        lines
    }

    fn line(&self, class: usize, slot: usize, weeks: Weeks, subject: Subject, teacher: usize) -> Line {
        Line { section: self.number, class, slot, weeks, subject: subject.name(), teacher }
    }

    /// The least busy of those who may give the subject and are free; specialists first, then stand-ins in their order,
    /// unless theirs is a full week.
    fn partner(&self, subject: Subject, slot: usize) -> Option<usize> {
        let others = stand_ins(subject);
        let may = |id: &usize| {
            let teacher = &self.teachers[*id];
            let qualified = teacher.subject == subject || others.contains(&teacher.subject);
            teacher.section == self.number && qualified && !self.busy[*id][slot] && self.away[*id].is_none()
        };
        let rank = |id: &usize| {
            let own = self.teachers[*id].subject;
            let meets =
                half_day(self.section.stage, own).is_some_and(|half| half.covers(self.section.stage, slot));
            let load = self.loads.weight(self.teachers, *id, 1);
            let turn = match others.iter().position(|other| *other == own) {
                None if load <= 32 => 0,
                Some(turn) if load <= 26 => turn + 1,
                _ => others.len() + 1,
            };
            (meets, turn, load, *id)
        };
        (0..self.teachers.len()).filter(may).min_by_key(rank)
    }
}

fn row(line: &Line, schools: &[School], sections: &[Section], teachers: &[Teacher]) -> Vec<String> {
    let section = &sections[line.section];
    let class = section.classes[line.class];
    let periods = section.stage.bells().len();
    let weeks = match line.weeks {
        Weeks::Every => "",
        Weeks::Odd => "单",
        Weeks::Even => "双",
    };
    let teacher = &teachers[line.teacher];
    vec![
        schools[section.school].name.into(),
        format!("{}（{}）班", section.stage.grades()[class.grade], class.number),
        WEEKDAYS[line.slot / periods].into(),
        (line.slot % periods + 1).to_string(),
        weeks.into(),
        line.subject.into(),
        teacher.code.clone(),
        teacher.name.clone(),
    ]
}
