//! 花名册, everybody who moves; 支教（挂职）教师信息反馈表, which receiving schools complete.

use std::cmp::Ordering;

use chrono::NaiveDate;
use uuid::Uuid;

use super::book::{Book, Move, day_zh, month_zh};
use super::{Cell, Column, PaperKind, Table, column};
use crate::calendar::days::weekdays_zh;
use crate::entity::values::{AssessmentKind, DutyKind, PlacementForm, Sex, Stage, Title, WeekParity};
use crate::people::roster::holds;
use crate::rotations::certificates::Served;

const NAME_LIST: &[Column] = &[
    column("序号", 5.0),
    column("姓名", 8.0),
    column("性别", 5.0),
    column("出生年月", 9.0),
    column("工号", 10.0),
    column("职称", 11.0),
    column("荣誉称号", 10.0),
    column("骨干", 5.0),
    column("学段", 7.0),
    column("学科", 10.0),
    column("派出学校", 16.0),
    column("城乡", 6.0),
    column("接收学校", 16.0),
    column("城乡", 6.0),
    column("形式", 6.0),
    column("到校日", 8.0),
    column("开始日期", 11.0),
    column("结束日期", 11.0),
    column("期限", 8.0),
    column("状态", 7.0),
    column("备注", 9.0),
];

const FEEDBACK: &[Column] = &[
    column("序号", 5.0),
    column("姓名", 8.0),
    column("工号", 10.0),
    column("派出学校", 16.0),
    column("接收学校", 16.0),
    column("形式", 6.0),
    column("起止日期", 12.0),
    column("担任", 9.0),
    column("任教学科", 10.0),
    column("周课时", 7.0),
    column("出勤情况", 10.0),
    column("工作表现与成效", 20.0),
    column("中期检查", 9.0),
    column("期满考核", 9.0),
    column("接收学校意见", 18.0),
    column("问题与建议", 14.0),
];

/// 花名册.
pub fn name_list(book: &Book) -> Table {
    let rows = book.moves.iter().enumerate().map(|(at, row)| listed(book, at + 1, row));
    let backbone = book.moves.iter().filter(|row| book.is_backbone(row.teacher_id)).count();
    let total = book.moves.len();
    let counted = format!("共{total}人，其中骨干{backbone}人。{}", book.source);
    Table {
        name: "花名册".to_owned(),
        title: book.title(PaperKind::NameList),
        columns: NAME_LIST,
        rows: rows.collect(),
        sums: None,
        least_lines: 1,
        notes: vec![counted, book.signature()],
    }
}

fn listed(book: &Book, number: usize, row: &Move) -> Vec<Cell> {
    let teacher = book.teacher(row.teacher_id);
    let (stage, subject) = book.teaches(row.teacher_id);
    let until = last_day(book, row);
    let note = match until.cmp(&row.approved_until_on) {
        Ordering::Less => "提前返回",
        Ordering::Equal => "",
        Ordering::Greater => "延长",
    };
    vec![
        Cell::count(number),
        teacher.map_or("", |row| &row.name).into(),
        teacher.and_then(|row| row.sex).map_or("", Sex::zh).into(),
        teacher.and_then(|row| row.born_on).map(month_zh).unwrap_or_default().into(),
        teacher.map_or("", |row| &row.number).into(),
        teacher.and_then(|row| row.title).map_or("", Title::zh).into(),
        book.honours(row.teacher_id).into(),
        if book.is_backbone(row.teacher_id) { "是" } else { "" }.into(),
        stage.map_or("", Stage::zh).into(),
        book.subject(subject).into(),
        book.school_name(row.from).into(),
        book.locale(row.from).into(),
        book.school_name(row.to).into(),
        book.locale(row.to).into(),
        row.form.zh().into(),
        row.weekdays.as_deref().map(weekdays_zh).unwrap_or_default().into(),
        day_zh(row.from_on).into(),
        day_zh(until).into(),
        Served::between(row.from_on, until).zh().into(),
        row.standing.into(),
        note.into(),
    ]
}

/// The last day of the posting, which may have come before that of the placement.
fn last_day(book: &Book, row: &Move) -> NaiveDate {
    book.posting(row.placement_id).and_then(|posting| posting.until_on).unwrap_or(row.until_on)
}

/// 支教（挂职）教师信息反馈表.
pub fn feedback(book: &Book) -> Table {
    let sent = |row: &&Move| matches!(row.form, PlacementForm::Support | PlacementForm::Secondment);
    let rows = book.moves.iter().filter(sent).enumerate().map(|(at, row)| reported(book, at + 1, row));
    Table {
        name: "信息反馈表".to_owned(),
        title: book.title(PaperKind::Feedback),
        columns: FEEDBACK,
        rows: rows.collect(),
        sums: None,
        least_lines: 3,
        notes: vec![
            "空白栏由接收学校填写；周课时取自课表。".to_owned(),
            "接收学校（盖章）：　　　　　　　　校长（签字）：　　　　　　　　填报日期：　　　　年　　月　　日".to_owned(),
        ],
    }
}

fn reported(book: &Book, number: usize, row: &Move) -> Vec<Cell> {
    let teacher = book.teacher(row.teacher_id);
    let (_, subject) = book.teaches(row.teacher_id);
    let until = last_day(book, row);
    let duty = book.posting(row.placement_id).and_then(|posting| posting.duty);
    vec![
        Cell::count(number),
        teacher.map_or("", |row| &row.name).into(),
        teacher.map_or("", |row| &row.number).into(),
        book.school_name(row.from).into(),
        book.school_name(row.to).into(),
        row.form.zh().into(),
        format!("{}至{}", day_zh(row.from_on), day_zh(until)).into(),
        duty.map_or("", DutyKind::zh).into(),
        book.subject(subject).into(),
        weekly(book, row.teacher_id, row.to, book.today.clamp(row.from_on, until)),
        Cell::empty(),
        Cell::empty(),
        book.result(row.placement_id, AssessmentKind::MidTerm).into(),
        book.result(row.placement_id, AssessmentKind::Final).into(),
        Cell::empty(),
        Cell::empty(),
    ]
}

/// Lessons a week at the school on a day; nothing to say when the timetable has none.
fn weekly(book: &Book, teacher: Uuid, school: Uuid, on: NaiveDate) -> Cell {
    let given = book.lessons.iter().filter(|row| {
        row.teacher_id == teacher && row.school_id == school && holds(row.from_on, row.until_on, on)
    });
    let lessons: f64 = given.map(|row| if row.parity == WeekParity::Every { 1.0 } else { 0.5 }).sum();
    if lessons == 0.0 { Cell::empty() } else { Cell::Number(lessons) }
}
