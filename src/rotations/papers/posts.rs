//! 岗位统计表: posts that are open at receiving schools, who wishes for them, and who was placed.

use super::book::Book;
use super::{Cell, Column, PaperKind, Table, column, some};
use crate::entity::values::Stage;
use uuid::Uuid;

const COLUMNS: &[Column] = &[
    column("序号", 6.0),
    column("接收学校", 26.0),
    column("城乡", 8.0),
    column("学段", 9.0),
    column("学科", 14.0),
    column("核定需求", 10.0),
    column("现有人数", 10.0),
    column("交流岗位数", 12.0),
    column("第一志愿人数", 13.0),
    column("志愿总人数", 12.0),
    column("安排人数", 10.0),
    column("其中骨干", 10.0),
    column("尚缺", 8.0),
];

/// A subject of a stage at a school.
struct Line {
    school: Uuid,
    stage: Option<Stage>,
    subject: Option<Uuid>,
    /// Needed and present; none when the count has no line for it.
    staff: Option<(i32, i32)>,
    first_wishes: usize,
    wishes: usize,
    placed: usize,
    backbone: usize,
}

impl Line {
    fn posts(&self) -> i32 {
        self.staff.map_or(0, |(needed, present)| (needed - present).max(0))
    }

    fn open(&self) -> i32 {
        (self.posts() - whole(self.placed)).max(0)
    }

    fn concerns_anybody(&self) -> bool {
        self.posts() > 0 || self.wishes > 0 || self.placed > 0
    }
}

/// The table.
pub fn table(book: &Book) -> Table {
    let lines = lines(book);
    let rows = lines.iter().enumerate().map(|(at, line)| row(book, at + 1, line));
    Table {
        name: "岗位统计表".to_owned(),
        title: book.title(PaperKind::Posts),
        columns: COLUMNS,
        rows: rows.collect(),
        sums: Some(sums(&lines)),
        least_lines: 1,
        notes: [
            "交流岗位数＝核定需求多于现有人数的部分；志愿按申报教师的学段、学科归入，学段不同的归入该校同一学科。"
                .to_owned(),
            book.source.clone(),
            book.signature(),
        ]
        .into_iter()
        .filter(|note| !note.is_empty())
        .collect(),
    }
}

fn lines(book: &Book) -> Vec<Line> {
    let empty = |school, stage, subject, staff| Line {
        school,
        stage,
        subject,
        staff,
        first_wishes: 0,
        wishes: 0,
        placed: 0,
        backbone: 0,
    };
    let counted = book.staffing.iter().map(|row| {
        empty(row.school_id, Some(row.stage), Some(row.subject_id), Some((row.needed, row.present)))
    });
    let mut lines: Vec<Line> = counted.collect();
    let at = |lines: &mut Vec<Line>, school: Uuid, teacher: Uuid| {
        let (stage, subject) = book.teaches(teacher);
        let of_subject = |line: &&Line| line.school == school && line.subject == subject;
        let exact = lines.iter().position(|line| of_subject(&line) && line.stage == stage);
        exact.or_else(|| lines.iter().position(|line| of_subject(&line))).unwrap_or_else(|| {
            lines.push(empty(school, stage, subject, None));
            lines.len() - 1
        })
    };
    for application in &book.applications {
        for wish in book.wishes(application.id) {
            let line = at(&mut lines, wish.school_id, application.teacher_id);
            lines[line].wishes += 1;
            lines[line].first_wishes += usize::from(wish.rank == 1);
        }
    }
    for row in &book.moves {
        let line = at(&mut lines, row.to, row.teacher_id);
        lines[line].placed += 1;
        lines[line].backbone += usize::from(book.is_backbone(row.teacher_id));
    }
    lines.retain(Line::concerns_anybody);
    lines.sort_by_key(|line| {
        let school = book.school(line.school).map(|school| school.code.clone());
        (school, line.stage, line.subject.map(|subject| book.position(subject)))
    });
    lines
}

fn row(book: &Book, number: usize, line: &Line) -> Vec<Cell> {
    let staff = |part: fn((i32, i32)) -> i32| {
        line.staff.map_or_else(Cell::empty, |staff| Cell::Number(f64::from(part(staff))))
    };
    vec![
        Cell::count(number),
        book.school_name(line.school).into(),
        book.locale(line.school).into(),
        line.stage.map_or("", Stage::zh).into(),
        book.subject(line.subject).into(),
        staff(|(needed, _)| needed),
        staff(|(_, present)| present),
        some(line.posts()),
        some(whole(line.first_wishes)),
        some(whole(line.wishes)),
        some(whole(line.placed)),
        some(whole(line.backbone)),
        some(line.open()),
    ]
}

fn whole(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

fn sums(lines: &[Line]) -> Vec<Cell> {
    let posts = |part: fn(&Line) -> i32| Cell::Number(f64::from(lines.iter().map(part).sum::<i32>()));
    let people = |part: fn(&Line) -> usize| Cell::count(lines.iter().map(part).sum());
    let mut sums = vec![Cell::empty(); 5];
    sums[0] = "合计".into();
    sums.extend([
        posts(|line| line.staff.map_or(0, |(needed, _)| needed)),
        posts(|line| line.staff.map_or(0, |(_, present)| present)),
        posts(Line::posts),
        people(|line| line.first_wishes),
        people(|line| line.wishes),
        people(|line| line.placed),
        people(|line| line.backbone),
        posts(Line::open),
    ]);
    sums
}
