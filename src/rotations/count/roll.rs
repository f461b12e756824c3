//! The people of a round as they are known on its day: loaded by a fixed number of statements.

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Uuid};

use super::facts::{Away, Honour, Person};
use crate::entity::values::{DutyKind, ExemptionKind, Stage, WeekParity};
use crate::entity::{appointment, honour, lesson, posting, rotation_round, school, school_class, teacher};
use crate::error::Result;
use crate::people::roster::{Roster, holds};
use crate::rotations::exemptions;
use crate::rotations::policy::{CountedOn, Rule};
use crate::rotations::schools::TakingPart;
use crate::rows;
use crate::scope::Scope;

/// Lessons of one subject that a teacher gives a class, counted in halves: one of every other week is one half.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Who gives them.
    pub teacher_id: Uuid,
    /// Where.
    pub school_id: Uuid,
    /// Stage of the class.
    pub stage: Stage,
    /// Grade of the class, 1–12, if known.
    pub grade: Option<u8>,
    /// What.
    pub subject_id: Uuid,
    /// Half-lessons a week.
    pub halves: u32,
}

/// A teacher of a round.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Who.
    pub teacher_id: Uuid,
    /// Her home school.
    pub school_id: Uuid,
    /// The subject she teaches.
    pub subject_id: Option<Uuid>,
    /// What is known of her.
    pub person: Person,
}

/// Everything a count looks at.
#[derive(Debug)]
pub struct Roll {
    /// The teachers of the round, by staff number.
    pub entries: Vec<Entry>,
    /// Teachers there on the first day of service, by school, stage and subject.
    pub present: HashMap<Place, u32>,
    /// The timetable.
    pub loads: Vec<Load>,
    /// Schools of the round that are running.
    pub schools: HashMap<Uuid, school::Model>,
}

/// A subject of a stage at a school.
pub type Place = (Uuid, Stage, Uuid);

/// Before anybody on a roster came to a school: posts that have ended count for unbroken time too.
const LONG_AGO: NaiveDate = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a day");

/// The day on which years and ages of a round are counted: the policy's day of the round's year, else the first day of service,
/// by which whoever came in a September has full years.
pub fn counting_day<'r>(
    round: &rotation_round::Model,
    rules: impl IntoIterator<Item = &'r Rule>,
) -> NaiveDate {
    let named = rules.into_iter().find_map(|rule| match rule {
        Rule::CountedOn(CountedOn { month, day }) => Some((u32::from(*month), u32::from(*day))),
        _ => None,
    });
    let Some((month, day)) = named else { return round.starts_on };
    let year = round.starts_on.year();
    // 29 February of a common year is the last of February.
    NaiveDate::from_ymd_opt(year, month, day)
        .or_else(|| NaiveDate::from_ymd_opt(year, month, 28))
        .unwrap_or(round.starts_on)
}

/// Loads the people of a round, as known for `day`.
pub async fn load(scope: &Scope, round: &rotation_round::Model, day: NaiveDate) -> Result<Roll> {
    let roster = Roster::load(scope, LONG_AGO, round.starts_on.max(day)).await?;
    let all = rows::in_district(scope.district.id, school::Entity::find()).all(scope.reader()).await?;
    let taking_part = TakingPart::load(scope.reader(), round).await?;
    let names: HashMap<Uuid, String> = all.iter().map(|school| (school.id, school.name.clone())).collect();
    let running = all.into_iter().filter(|school| taking_part.runs(school));
    let schools: HashMap<Uuid, school::Model> = running.map(|school| (school.id, school)).collect();
    let loads = loads(scope, round.starts_on).await?;
    let honours = honours(scope, day).await?;
    let grounds = grounds(scope, round).await?;
    let mut grades: HashMap<Uuid, BTreeSet<u8>> = HashMap::new();
    for load in &loads {
        grades.entry(load.teacher_id).or_default().extend(load.grade);
    }
    let serving = |teacher: &teacher::Model| teacher.left_on.is_none_or(|left| left > round.starts_on);
    let posted: Vec<_> =
        roster.appointed(round.starts_on).into_iter().filter(|(teacher, _)| serving(teacher)).collect();
    let person = |teacher: &teacher::Model, post: &appointment::Model| Person {
        sex: teacher.sex,
        born_on: teacher.born_on,
        title: teacher.title,
        stage: post.stage,
        since: unbroken(roster.posts(teacher.id), roster.postings(teacher.id), post, round.starts_on),
        duties: duties(&roster, teacher.id, post.school_id, round.starts_on),
        honours: honours.get(&teacher.id).cloned().unwrap_or_default(),
        grades: grades.get(&teacher.id).into_iter().flatten().copied().collect(),
        away: full_time(roster.postings(teacher.id), round.starts_on).map(|posting| away(posting, &names)),
        grounds: grounds.get(&teacher.id).cloned().unwrap_or_default(),
        remarks: remarks(teacher.note.as_deref().unwrap_or_default()),
    };
    let entry = |(teacher, post): &(&teacher::Model, &appointment::Model)| Entry {
        teacher_id: teacher.id,
        school_id: post.school_id,
        subject_id: post.subject_id,
        person: person(teacher, post),
    };
    let here = posted.iter().filter(|(_, post)| schools.contains_key(&post.school_id));
    let entries = here.map(entry).collect();
    let places =
        posted.iter().map(|(teacher, post)| (*post, full_time(roster.postings(teacher.id), round.starts_on)));
    let present = present(places);
    Ok(Roll { entries, present, loads, schools })
}

/// Teachers by where they work: at home, or where they are posted full time. Who goes round by weekdays counts at home.
pub fn present<'r>(
    posts: impl Iterator<Item = (&'r appointment::Model, Option<&'r posting::Model>)>,
) -> HashMap<Place, u32> {
    let mut counts = HashMap::new();
    for (post, posting) in posts {
        let school = posting.map_or(post.school_id, |posting| posting.school_id);
        if let Some(subject) = post.subject_id {
            *counts.entry((school, post.stage, subject)).or_default() += 1;
        }
    }
    counts
}

/// The posting that takes her away from home for the whole week on a day.
pub fn full_time(postings: &[posting::Model], day: NaiveDate) -> Option<&posting::Model> {
    postings.iter().find(|row| row.weekdays.is_none() && holds(row.from_on, row.until_on, day))
}

/// The first day of her time at the school of `post` that no other school interrupts, as it is on `day`. It begins anew when she is
/// back from full-time service elsewhere: whoever has just returned is not due again at once. Fixed weekdays elsewhere (走教) interrupt
/// nothing, as she teaches at home on the others.
fn unbroken(
    posts: &[appointment::Model],
    postings: &[posting::Model],
    post: &appointment::Model,
    day: NaiveDate,
) -> NaiveDate {
    let earlier = posts.iter().rev().skip_while(|row| row.id != post.id);
    let same = earlier.take_while(|row| row.school_id == post.school_id);
    let came = same.map(|row| row.from_on).min().unwrap_or(post.from_on);
    let elsewhere = postings.iter().filter(|row| row.weekdays.is_none() && row.school_id != post.school_id);
    let back = elsewhere.filter_map(|row| row.until_on.filter(|until| *until < day)?.succ_opt()).max();
    back.map_or(came, |back| back.max(came))
}

fn duties(roster: &Roster, teacher: Uuid, school: Uuid, day: NaiveDate) -> Vec<(DutyKind, NaiveDate)> {
    let hers = roster.duties.iter().filter(|duty| duty.teacher_id == teacher && duty.school_id == school);
    hers.filter(|duty| holds(duty.from_on, duty.until_on, day))
        .map(|duty| (duty.kind, duty.from_on))
        .collect()
}

fn away(posting: &posting::Model, names: &HashMap<Uuid, String>) -> Away {
    let school = names.get(&posting.school_id).cloned().unwrap_or_default();
    Away { form: posting.form, school, until_on: posting.until_on }
}

/// Grounds that the office's remark speaks of: `孕期；演示`.
fn remarks(note: &str) -> Vec<ExemptionKind> {
    const WORDS: [(&str, ExemptionKind); 4] = [
        ("孕期", ExemptionKind::Pregnancy),
        ("哺乳期", ExemptionKind::Nursing),
        ("产假", ExemptionKind::Nursing),
        ("病假", ExemptionKind::Illness),
    ];
    let kinds: BTreeSet<ExemptionKind> =
        WORDS.iter().filter(|(word, _)| note.contains(word)).map(|(_, kind)| *kind).collect();
    kinds.into_iter().collect()
}

/// The timetable that runs today; before the term begins, the one that runs on the first day of service.
async fn loads(scope: &Scope, starts_on: NaiveDate) -> Result<Vec<Load>> {
    let running = loads_on(scope, scope.today()).await?;
    if running.is_empty() { loads_on(scope, starts_on).await } else { Ok(running) }
}

async fn loads_on(scope: &Scope, day: NaiveDate) -> Result<Vec<Load>> {
    type Counted = (Uuid, Uuid, Uuid, WeekParity, i64);
    let counted: Vec<Counted> = lesson::Entity::find()
        .select_only()
        .column(lesson::Column::TeacherId)
        .column(lesson::Column::ClassId)
        .column(lesson::Column::SubjectId)
        .column(lesson::Column::Parity)
        .column_as(lesson::Column::Id.count(), "lessons")
        .filter(lesson::Column::DistrictId.eq(scope.district.id))
        .filter(lesson::Column::FromOn.lte(day))
        .filter(Condition::any().add(lesson::Column::UntilOn.is_null()).add(lesson::Column::UntilOn.gte(day)))
        .group_by(lesson::Column::TeacherId)
        .group_by(lesson::Column::ClassId)
        .group_by(lesson::Column::SubjectId)
        .group_by(lesson::Column::Parity)
        .into_tuple()
        .all(scope.reader())
        .await?;
    let select = rows::in_district(scope.district.id, school_class::Entity::find());
    let classes: HashMap<Uuid, school_class::Model> =
        select.all(scope.reader()).await?.into_iter().map(|row| (row.id, row)).collect();
    let load = |(teacher_id, class_id, subject_id, parity, lessons): Counted| {
        let class = classes.get(&class_id)?;
        let weight = if parity == WeekParity::Every { 2 } else { 1 };
        Some(Load {
            teacher_id,
            school_id: class.school_id,
            stage: class.stage,
            grade: class.grade.and_then(|grade| u8::try_from(grade).ok()),
            subject_id,
            halves: u32::try_from(lessons).unwrap_or(0) * weight,
        })
    };
    Ok(counted.into_iter().filter_map(load).collect())
}

/// Honours that count on a day.
async fn honours(scope: &Scope, day: NaiveDate) -> Result<HashMap<Uuid, Vec<Honour>>> {
    let select = rows::in_district(scope.district.id, honour::Entity::find());
    let mut found: HashMap<Uuid, Vec<Honour>> = HashMap::new();
    for row in select.order_by_asc(honour::Column::Id).all(scope.reader()).await? {
        let counts =
            row.awarded_on.is_none_or(|on| on <= day) && row.expires_on.is_none_or(|until| day <= until);
        if counts {
            found.entry(row.teacher_id).or_default().push(Honour { level: row.level, name: row.name });
        }
    }
    Ok(found)
}

/// Grounds accepted, in this round or before, that hold on the first day of service.
async fn grounds(
    scope: &Scope,
    round: &rotation_round::Model,
) -> Result<HashMap<Uuid, Vec<(ExemptionKind, Option<NaiveDate>)>>> {
    let mut found: HashMap<Uuid, Vec<_>> = HashMap::new();
    for row in exemptions::in_force(round).all(scope.reader()).await? {
        found.entry(row.teacher_id).or_default().push((row.kind, row.expires_on));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::values::PlacementForm;

    const HOME: Uuid = Uuid::from_u128(1);
    const AWAY: Uuid = Uuid::from_u128(2);

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn post(number: u128, school_id: Uuid, from: &str) -> appointment::Model {
        appointment::Model {
            id: Uuid::from_u128(number),
            district_id: Uuid::nil(),
            teacher_id: Uuid::nil(),
            school_id,
            stage: Stage::Primary,
            subject_id: None,
            from_on: day(from),
            until_on: None,
        }
    }

    fn service(weekdays: Option<&str>, from: &str, until: &str) -> posting::Model {
        posting::Model {
            id: Uuid::nil(),
            district_id: Uuid::nil(),
            teacher_id: Uuid::nil(),
            school_id: AWAY,
            form: PlacementForm::Exchange,
            weekdays: weekdays.map(str::to_owned),
            home_post_kept: weekdays.is_some(),
            duty: None,
            placement_id: None,
            from_on: day(from),
            until_on: Some(day(until)),
            note: None,
            version: 1,
        }
    }

    fn since(posts: &[appointment::Model], postings: &[posting::Model]) -> NaiveDate {
        unbroken(posts, postings, posts.last().expect("a post"), day("2028-09-01"))
    }

    #[test]
    fn time_at_school_begins_anew_after_full_time_service_elsewhere() {
        let posts = [post(1, HOME, "2016-09-01")];
        let served = [service(None, "2026-09-01", "2028-08-31"), service(None, "2019-09-01", "2020-08-31")];
        assert_eq!(since(&posts, &served), day("2028-09-01"));
        assert_eq!(since(&posts, &served[1..]), day("2020-09-01"));
    }

    #[test]
    fn some_weekdays_elsewhere_interrupt_nothing_nor_does_service_that_has_not_ended() {
        let posts = [post(1, HOME, "2016-09-01")];
        assert_eq!(since(&posts, &[service(Some("35"), "2026-09-01", "2027-08-31")]), day("2016-09-01"));
        assert_eq!(since(&posts, &[service(None, "2027-09-01", "2029-08-31")]), day("2016-09-01"));
    }

    #[test]
    fn another_post_at_the_same_school_goes_on_and_one_elsewhere_begins_anew() {
        let on = [post(1, HOME, "2016-09-01"), post(2, HOME, "2020-09-01")];
        assert_eq!(since(&on, &[]), day("2016-09-01"));
        let back = [post(1, HOME, "2016-09-01"), post(2, AWAY, "2018-09-01"), post(3, HOME, "2020-09-01")];
        assert_eq!(since(&back, &[]), day("2020-09-01"));
        assert_eq!(since(&back, &[service(None, "2017-09-01", "2018-08-31")]), day("2020-09-01"));
    }
}
