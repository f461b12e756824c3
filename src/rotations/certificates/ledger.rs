//! The rows that certificates are written from, read at once for everybody.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{Served, Spell};
use crate::entity::values::{AssessmentKind, AssessmentResult, Locale};
use crate::entity::{appointment, assessment, lesson, posting, school, school_class, subject, teacher};
use crate::error::{Error, Result};
use crate::id::Kind;
use crate::people::roster::{holds, overlap};
use crate::rows::in_district;
use crate::scope::Scope;
use crate::sessions::grade_zh;

/// What is known of some people's service.
pub struct Ledger {
    teachers: HashMap<Uuid, teacher::Model>,
    postings: HashMap<Uuid, Vec<posting::Model>>,
    appointments: Vec<appointment::Model>,
    lessons: Vec<lesson::Model>,
    classes: HashMap<Uuid, school_class::Model>,
    schools: HashMap<Uuid, school::Model>,
    subjects: HashMap<Uuid, subject::Model>,
    results: HashMap<Uuid, AssessmentResult>,
}

impl Ledger {
    /// Reads what touches the days up to `until`.
    pub async fn load(scope: &Scope, people: &[Uuid], until: NaiveDate) -> Result<Self> {
        let (district, reader) = (scope.district.id, scope.reader());
        let people = || people.iter().copied();
        let teachers = in_district(district, teacher::Entity::find())
            .filter(teacher::Column::Id.is_in(people()))
            .all(reader)
            .await?;
        let postings = in_district(district, posting::Entity::find())
            .filter(posting::Column::TeacherId.is_in(people()))
            .filter(posting::Column::FromOn.lte(until))
            .order_by_asc(posting::Column::FromOn)
            .order_by_asc(posting::Column::Id)
            .all(reader)
            .await?;
        let appointments = in_district(district, appointment::Entity::find())
            .filter(appointment::Column::TeacherId.is_in(people()))
            .all(reader)
            .await?;
        let lessons = in_district(district, lesson::Entity::find())
            .filter(lesson::Column::TeacherId.is_in(people()))
            .filter(lesson::Column::SchoolId.is_in(postings.iter().map(|row| row.school_id)))
            .all(reader)
            .await?;
        let classes = in_district(district, school_class::Entity::find())
            .filter(school_class::Column::Id.is_in(lessons.iter().map(|row| row.class_id)))
            .all(reader)
            .await?;
        let results = in_district(district, assessment::Entity::find())
            .filter(assessment::Column::PlacementId.is_in(postings.iter().filter_map(|row| row.placement_id)))
            .filter(assessment::Column::Kind.eq(AssessmentKind::Final))
            .filter(assessment::Column::AssessedOn.lte(until))
            .all(reader)
            .await?;
        let schools = in_district(district, school::Entity::find()).all(reader).await?;
        let subjects = in_district(district, subject::Entity::find()).all(reader).await?;
        let mut of_teacher: HashMap<Uuid, Vec<posting::Model>> = HashMap::new();
        // A posting that was taken back before its first day ends before it begins: nobody served.
        for row in postings.into_iter().filter(|row| row.until_on.is_none_or(|last| row.from_on <= last)) {
            of_teacher.entry(row.teacher_id).or_default().push(row);
        }
        Ok(Self {
            teachers: teachers.into_iter().map(|row| (row.id, row)).collect(),
            postings: of_teacher,
            appointments,
            lessons,
            classes: classes.into_iter().map(|row| (row.id, row)).collect(),
            schools: schools.into_iter().map(|row| (row.id, row)).collect(),
            subjects: subjects.into_iter().map(|row| (row.id, row)).collect(),
            results: results.into_iter().map(|row| (row.placement_id, row.result)).collect(),
        })
    }

    /// Somebody.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn teacher(&self, id: Uuid) -> Result<&teacher::Model> {
        self.teachers.get(&id).ok_or(Error::NotFound(Kind::Teacher))
    }

    /// Her postings that have begun, the earliest first.
    pub fn postings(&self, teacher: Uuid) -> &[posting::Model] {
        self.postings.get(&teacher).map_or(&[], Vec::as_slice)
    }

    /// A posting as it counts on a day.
    pub fn spell(&self, posting: &posting::Model, counted_on: NaiveDate) -> Spell {
        let until_on = posting.until_on.map_or(counted_on, |last| last.min(counted_on));
        let school = self.schools.get(&posting.school_id);
        Spell {
            home: self.home(posting),
            school: school.map(|row| row.name.clone()).unwrap_or_default(),
            locale: school.map_or(Locale::Urban, |row| row.locale),
            until_on,
            ongoing: posting.until_on.is_none_or(|last| counted_on < last),
            length: Served::between(posting.from_on, until_on),
            taught: self.taught(posting, until_on),
            result: posting.placement_id.and_then(|id| self.results.get(&id)).copied(),
            posting: posting.clone(),
        }
    }

    /// Her post on the first day, else the last one before it, else the first one on file: who leaves her post for another has none
    /// there, and old posts are not always known.
    fn post(&self, posting: &posting::Model) -> Option<&appointment::Model> {
        let on = posting.from_on;
        let own = || self.appointments.iter().filter(|row| row.teacher_id == posting.teacher_id);
        let then = own().find(|row| holds(row.from_on, row.until_on, on));
        let before = || own().filter(|row| row.from_on <= on).max_by_key(|row| row.from_on);
        then.or_else(before).or_else(|| own().min_by_key(|row| row.from_on))
    }

    fn home(&self, posting: &posting::Model) -> Option<String> {
        let post = self.post(posting)?;
        self.schools.get(&post.school_id).map(|school| school.name.clone())
    }

    fn taught(&self, posting: &posting::Model, until_on: NaiveDate) -> Vec<String> {
        let span = (posting.from_on, Some(until_on));
        let given = self.lessons.iter().filter(|row| {
            row.teacher_id == posting.teacher_id
                && row.school_id == posting.school_id
                && overlap((row.from_on, row.until_on), span)
        });
        let grade = |row: &lesson::Model| self.classes.get(&row.class_id).and_then(|class| class.grade);
        let mut grades: HashMap<Uuid, BTreeSet<i32>> = HashMap::new();
        for lesson in given {
            grades.entry(lesson.subject_id).or_default().extend(grade(lesson));
        }
        let mut taught: Vec<(&subject::Model, BTreeSet<i32>)> =
            grades.into_iter().filter_map(|(id, grades)| Some((self.subjects.get(&id)?, grades))).collect();
        taught.sort_by_key(|(subject, _)| subject.position);
        if taught.is_empty() {
            let subject = self.post(posting).and_then(|post| self.subjects.get(&post.subject_id?));
            return subject.map(|subject| subject.name.clone()).into_iter().collect();
        }
        taught.into_iter().map(|(subject, grades)| in_grades(&subject.name, &grades)).collect()
    }
}

fn in_grades(subject: &str, grades: &BTreeSet<i32>) -> String {
    if grades.is_empty() {
        return subject.to_owned();
    }
    let grades: Vec<String> = grades.iter().map(|grade| grade_zh(*grade)).collect();
    format!("{subject}（{}）", grades.join("、"))
}
