//! The cover list 调课单: whose lesson of which class a colleague has to give, and because of which session, school by school.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::engagements::{bell_of, lesson_label, minute_of_day};
use super::people::covered_lesson;
use super::standing::{self, Standing, Which};
use super::time;
use crate::calendar::days::{TermCalendar, iso_weekday, weekday_zh};
use crate::entity::{bell, lesson, research_session, school, school_class, subject, term};
use crate::error::{Error, Result};
use crate::id::Kind;
use crate::people::roster::{Roster, holds};
use crate::scope::Scope;
use crate::sessions::title;

/// The columns, as offices keep it; the last is filled in by hand.
pub const COLUMNS: [&str; 8] = ["学校", "日期", "节次", "班级", "学科", "任课教师", "参加的活动", "代课教师"];

/// What a list without lessons says.
pub const NOTHING: &str = "没有需要调的课。";

/// Which lessons to list; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct CoverFilter {
    /// Because of sessions of this group.
    pub group_id: Option<Uuid>,
    /// Given at this school.
    pub school_id: Option<Uuid>,
    /// From this day on.
    pub from: Option<NaiveDate>,
    /// Until this day.
    pub until: Option<NaiveDate>,
}

/// A cover list.
#[derive(Debug, Clone)]
pub struct CoverList {
    /// Heading, e.g. 2026—2027学年第一学期调课单.
    pub title: String,
    /// The lessons, by school, date and period.
    pub rows: Vec<CoverRow>,
}

/// A lesson that needs a substitute.
#[derive(Debug, Clone)]
pub struct CoverRow {
    /// The school where it is given.
    pub school: Option<school::Model>,
    /// Whose lesson it is.
    pub teacher_id: Uuid,
    /// Her name.
    pub teacher: String,
    /// Her staff number.
    pub number: String,
    /// The day.
    pub on: NaiveDate,
    /// The timetable entry; `None` when the timetable has changed since the session was planned.
    pub lesson: Option<lesson::Model>,
    /// Class, as people read it; with subject and time when the timetable entry is gone.
    pub class: String,
    /// Subject.
    pub subject: String,
    /// The lesson in words.
    pub text: String,
    /// The session she goes to.
    pub session: research_session::Model,
    /// What people call it.
    pub session_name: String,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
}

impl CoverRow {
    /// The cells, by [`COLUMNS`].
    pub fn cells(&self, scope: &Scope) -> [String; 8] {
        let starts_at = self.starts_at.with_timezone(&scope.zone());
        [
            self.school.as_ref().map(|school| school.name.clone()).unwrap_or_default(),
            format!("{}（{}）", self.on.format("%-m月%-d日"), weekday_zh(iso_weekday(self.on))),
            self.lesson.as_ref().map(|lesson| format!("第{}节", lesson.period)).unwrap_or_default(),
            self.class.clone(),
            self.subject.clone(),
            self.teacher.clone(),
            format!("{}（{}开始）", self.session_name, starts_at.format("%H:%M")),
            String::new(),
        ]
    }

    /// What the list is sorted by: school, day, period, person.
    pub fn position(&self) -> (&str, NaiveDate, i32, &str) {
        let school = self.school.as_ref().map_or("", |school| school.code.as_str());
        (school, self.on, self.lesson.as_ref().map_or(i32::MAX, |lesson| lesson.period), &self.number)
    }
}

/// The cover list of a plan, draft or published, or of what stands in a term.
///
/// # Errors
/// `NotFound`; `Rejected` when the days of the filter end before they begin.
pub async fn list(scope: &Scope, which: Which, filter: &CoverFilter) -> Result<CoverList> {
    if filter.from.zip(filter.until).is_some_and(|(from, until)| until < from) {
        return Err(time::dates_reversed("until").into());
    }
    let (term_id, mut standing) = standing::load(scope, which).await?;
    standing.retain(|row| filter.group_id.is_none_or(|group| row.session.group_id == group));
    let covering = standing.iter().flat_map(|row| &row.people).filter(|person| !person.cover.is_empty());
    let teachers: HashSet<Uuid> = covering.map(|person| person.teacher).collect();
    let timetable = Timetable::load(scope, term_id, &teachers).await?;
    let mut rows: Vec<CoverRow> =
        standing.iter().flat_map(|standing| timetable.rows(scope, standing)).collect();
    rows.retain(|row| {
        let school = row.school.as_ref().map(|school| school.id);
        filter.school_id.is_none_or(|wanted| school == Some(wanted))
            && filter.from.is_none_or(|from| from <= row.on)
            && filter.until.is_none_or(|until| row.on <= until)
    });
    rows.sort_by(|a, b| a.position().cmp(&b.position()).then_with(|| a.text.cmp(&b.text)));
    Ok(CoverList { title: format!("{}调课单", timetable.calendar.term.name), rows })
}

/// The lessons of some teachers in a term, with all it takes to say when and where each is.
struct Timetable {
    calendar: TermCalendar,
    roster: Roster,
    lessons: HashMap<Uuid, Vec<lesson::Model>>,
    bells: Vec<bell::Model>,
    classes: HashMap<Uuid, school_class::Model>,
    subjects: HashMap<Uuid, String>,
    schools: HashMap<Uuid, school::Model>,
}

impl Timetable {
    async fn load(scope: &Scope, term_id: Uuid, teachers: &HashSet<Uuid>) -> Result<Self> {
        let (district, reader) = (scope.district.id, scope.reader());
        let term = term::Entity::find_by_id(term_id)
            .filter(term::Column::DistrictId.eq(district))
            .one(reader)
            .await?
            .ok_or(Error::NotFound(Kind::Term))?;
        let rows = lesson::Entity::find()
            .filter(lesson::Column::DistrictId.eq(district))
            .filter(lesson::Column::TeacherId.is_in(teachers.iter().copied()))
            .filter(lesson::Column::FromOn.lte(term.ends_on))
            .all(reader)
            .await?;
        let mut lessons: HashMap<Uuid, Vec<lesson::Model>> = HashMap::new();
        for row in rows {
            lessons.entry(row.teacher_id).or_default().push(row);
        }
        let bells = bell::Entity::find().filter(bell::Column::DistrictId.eq(district));
        let classes = school_class::Entity::find().filter(school_class::Column::DistrictId.eq(district));
        let subjects = subject::Entity::find().filter(subject::Column::DistrictId.eq(district));
        let schools = school::Entity::find().filter(school::Column::DistrictId.eq(district));
        Ok(Self {
            roster: Roster::of(scope, teachers, term.starts_on, term.ends_on).await?,
            lessons,
            bells: bells.all(reader).await?,
            classes: classes.all(reader).await?.into_iter().map(|row| (row.id, row)).collect(),
            subjects: subjects.all(reader).await?.into_iter().map(|row| (row.id, row.name)).collect(),
            schools: schools.all(reader).await?.into_iter().map(|row| (row.id, row)).collect(),
            calendar: TermCalendar::load(scope, term).await?,
        })
    }

    fn rows(&self, scope: &Scope, standing: &Standing) -> Vec<CoverRow> {
        let Some(starts_at) = standing.starts_at else { return Vec::new() };
        let on = starts_at.with_timezone(&scope.zone()).date_naive();
        let subject = standing.session.subject_id.and_then(|id| self.subjects.get(&id));
        let session_name = title(&standing.session, subject.map(String::as_str));
        let mut rows = Vec::new();
        for person in &standing.people {
            for text in &person.cover {
                let known = self.lesson(person.teacher, on, text);
                let at = known.map(|row| row.school_id).or_else(|| self.roster.place(person.teacher, on));
                let teacher = self.roster.teachers.get(&person.teacher);
                let class = known.and_then(|row| self.classes.get(&row.class_id));
                let subject = known.and_then(|row| self.subjects.get(&row.subject_id));
                rows.push(CoverRow {
                    school: at.and_then(|school| self.schools.get(&school)).cloned(),
                    teacher_id: person.teacher,
                    teacher: teacher.map(|row| row.name.clone()).unwrap_or_default(),
                    number: teacher.map(|row| row.number.clone()).unwrap_or_default(),
                    on,
                    class: class.map_or_else(|| text.clone(), |row| row.name.clone()),
                    subject: subject.cloned().unwrap_or_default(),
                    lesson: known.cloned(),
                    text: text.clone(),
                    session: standing.session.clone(),
                    session_name: session_name.clone(),
                    starts_at,
                });
            }
        }
        rows
    }

    /// The timetable entry that `text` tells of, if it still runs that day at that time.
    fn lesson(&self, teacher: Uuid, on: NaiveDate, text: &str) -> Option<&lesson::Model> {
        let lessons = self.lessons.get(&teacher)?.iter();
        lessons.filter(|row| self.runs(row, on)).find(|row| self.told(row, on).as_deref() == Some(text))
    }

    fn runs(&self, lesson: &lesson::Model, on: NaiveDate) -> bool {
        let weekday = self.calendar.day(on, Some(lesson.school_id)).timetable_weekday;
        holds(lesson.from_on, lesson.until_on, on)
            && self.calendar.runs(lesson.parity, on)
            && weekday.is_some_and(|weekday| i32::from(weekday) == lesson.weekday)
    }

    fn told(&self, lesson: &lesson::Model, on: NaiveDate) -> Option<String> {
        let class = self.classes.get(&lesson.class_id)?;
        let bell = bell_of(&self.bells, lesson.school_id, class.stage, lesson.period, on)?;
        let subject = self.subjects.get(&lesson.subject_id).map_or("", String::as_str);
        let times = (minute_of_day(bell.starts_at), minute_of_day(bell.ends_at));
        Some(covered_lesson(on, times, &lesson_label(&class.name, subject)))
    }
}
