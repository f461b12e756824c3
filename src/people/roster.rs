//! The roster: who teaches what where on which day, loaded once for a term.

use std::collections::{HashMap, HashSet};

use chrono::{Datelike, NaiveDate};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::entity::values::{DutyKind, HonourLevel, Stage};
use crate::entity::{absence, appointment, coordinator, duty, honour, posting, researcher, teacher};
use crate::error::Result;
use crate::scope::Scope;

/// Everybody of a district, with the dated facts that touch a stretch of time.
#[derive(Debug, Clone)]
pub struct Roster {
    /// Everybody, by identifier.
    pub teachers: HashMap<Uuid, teacher::Model>,
    /// Everybody, by staff number.
    numbered: Vec<Uuid>,
    appointments: HashMap<Uuid, Vec<appointment::Model>>,
    postings: HashMap<Uuid, Vec<posting::Model>>,
    honours: HashMap<Uuid, HonourLevel>,
    /// Duties held in the stretch.
    pub duties: Vec<duty::Model>,
    /// Researchers of the stretch.
    pub researchers: Vec<researcher::Model>,
    /// Coordinators of the stretch.
    pub coordinators: Vec<coordinator::Model>,
    absences: HashMap<Uuid, Vec<absence::Model>>,
}

/// Whether a dated fact holds on `day`.
pub fn holds(from: NaiveDate, until: Option<NaiveDate>, day: NaiveDate) -> bool {
    from <= day && until.is_none_or(|until| day <= until)
}

/// Whether two stretches of days have a day in common.
pub fn overlap(one: (NaiveDate, Option<NaiveDate>), other: (NaiveDate, Option<NaiveDate>)) -> bool {
    one.1.is_none_or(|until| other.0 <= until) && other.1.is_none_or(|until| one.0 <= until)
}

/// Facts that touch the stretch `from..=until`: they begin before it ends and end after it begins.
fn touching<C: ColumnTrait>(begin: C, end: C, from: NaiveDate, until: NaiveDate) -> Condition {
    Condition::all().add(begin.lte(until)).add(Condition::any().add(end.is_null()).add(end.gte(from)))
}

/// Rows about `people`; about everybody when `None`.
fn among<C: ColumnTrait>(column: C, people: Option<&HashSet<Uuid>>) -> Condition {
    match people {
        Some(people) => Condition::all().add(column.is_in(people.iter().copied())),
        None => Condition::all(),
    }
}

fn grouped<M>(rows: Vec<M>, key: impl Fn(&M) -> Uuid) -> HashMap<Uuid, Vec<M>> {
    let mut map: HashMap<Uuid, Vec<M>> = HashMap::new();
    for row in rows {
        map.entry(key(&row)).or_default().push(row);
    }
    map
}

/// Who leads the research of `group` on `day`; of several the one who has led it longest.
pub fn coordinator_of(
    coordinators: &[coordinator::Model],
    group: Uuid,
    day: NaiveDate,
) -> Option<&coordinator::Model> {
    coordinators
        .iter()
        .filter(|row| row.group_id == group && holds(row.from_on, row.until_on, day))
        .min_by_key(|row| (row.from_on, row.id))
}

impl Roster {
    /// Loads everybody, with what touches `from..=until`.
    pub async fn load(scope: &Scope, from: NaiveDate, until: NaiveDate) -> Result<Self> {
        Self::read(scope, None, from, until).await
    }

    /// Loads only `people`, with what touches `from..=until`.
    pub async fn of(
        scope: &Scope,
        people: &HashSet<Uuid>,
        from: NaiveDate,
        until: NaiveDate,
    ) -> Result<Self> {
        Self::read(scope, Some(people), from, until).await
    }

    async fn read(
        scope: &Scope,
        people: Option<&HashSet<Uuid>>,
        from: NaiveDate,
        until: NaiveDate,
    ) -> Result<Self> {
        let district = scope.district.id;
        let reader = scope.reader();
        let teachers = teacher::Entity::find()
            .filter(teacher::Column::DistrictId.eq(district))
            .filter(among(teacher::Column::Id, people))
            .filter(
                Condition::any().add(teacher::Column::LeftOn.is_null()).add(teacher::Column::LeftOn.gt(from)),
            )
            .all(reader)
            .await?;
        let appointments = appointment::Entity::find()
            .filter(appointment::Column::DistrictId.eq(district))
            .filter(among(appointment::Column::TeacherId, people))
            .filter(touching(appointment::Column::FromOn, appointment::Column::UntilOn, from, until))
            .order_by_asc(appointment::Column::FromOn)
            .order_by_asc(appointment::Column::Id)
            .all(reader)
            .await?;
        let postings = posting::Entity::find()
            .filter(posting::Column::DistrictId.eq(district))
            .filter(among(posting::Column::TeacherId, people))
            .filter(touching(posting::Column::FromOn, posting::Column::UntilOn, from, until))
            .order_by_asc(posting::Column::Id)
            .all(reader)
            .await?;
        let duties = duty::Entity::find()
            .filter(duty::Column::DistrictId.eq(district))
            .filter(among(duty::Column::TeacherId, people))
            .filter(touching(duty::Column::FromOn, duty::Column::UntilOn, from, until))
            .order_by_asc(duty::Column::Id)
            .all(reader)
            .await?;
        let researchers = researcher::Entity::find()
            .filter(researcher::Column::DistrictId.eq(district))
            .filter(among(researcher::Column::TeacherId, people))
            .filter(touching(researcher::Column::FromOn, researcher::Column::UntilOn, from, until))
            .order_by_asc(researcher::Column::Id)
            .all(reader)
            .await?;
        let coordinators = coordinator::Entity::find()
            .filter(coordinator::Column::DistrictId.eq(district))
            .filter(among(coordinator::Column::TeacherId, people))
            .filter(touching(coordinator::Column::FromOn, coordinator::Column::UntilOn, from, until))
            .order_by_asc(coordinator::Column::Id)
            .all(reader)
            .await?;
        let absences = absence::Entity::find()
            .filter(absence::Column::DistrictId.eq(district))
            .filter(among(absence::Column::TeacherId, people))
            .filter(touching(absence::Column::FromOn, absence::Column::UntilOn, from, until))
            .order_by_asc(absence::Column::FromOn)
            .all(reader)
            .await?;
        let mut numbered: Vec<&teacher::Model> = teachers.iter().collect();
        numbered.sort_by(|a, b| a.number.cmp(&b.number));
        let mut honours = HashMap::new();
        for row in honour::Entity::find()
            .filter(honour::Column::DistrictId.eq(district))
            .filter(among(honour::Column::TeacherId, people))
            .all(reader)
            .await?
        {
            let level = honours.entry(row.teacher_id).or_insert(row.level);
            *level = (*level).max(row.level);
        }
        Ok(Self {
            numbered: numbered.iter().map(|row| row.id).collect(),
            teachers: teachers.into_iter().map(|row| (row.id, row)).collect(),
            appointments: grouped(appointments, |row| row.teacher_id),
            postings: grouped(postings, |row| row.teacher_id),
            honours,
            duties,
            researchers,
            coordinators,
            absences: grouped(absences, |row| row.teacher_id),
        })
    }

    /// Her post on `day`; the latest begun one.
    pub fn appointment(&self, teacher: Uuid, day: NaiveDate) -> Option<&appointment::Model> {
        self.appointments
            .get(&teacher)?
            .iter()
            .filter(|row| holds(row.from_on, row.until_on, day))
            .max_by_key(|row| row.from_on)
    }

    /// Her posts that touch the stretch, the earliest first.
    pub fn posts(&self, teacher: Uuid) -> &[appointment::Model] {
        self.appointments.get(&teacher).map_or(&[], Vec::as_slice)
    }

    /// Her posting on `day`, when she works elsewhere than at home.
    pub fn posting(&self, teacher: Uuid, day: NaiveDate) -> Option<&posting::Model> {
        let weekday = char::from(b'0' + day.weekday().number_from_monday() as u8);
        self.postings
            .get(&teacher)?
            .iter()
            .filter(|row| holds(row.from_on, row.until_on, day))
            .find(|row| row.weekdays.as_ref().is_none_or(|days| days.contains(weekday)))
    }

    /// Her postings that touch the stretch.
    pub fn postings(&self, teacher: Uuid) -> &[posting::Model] {
        self.postings.get(&teacher).map_or(&[], Vec::as_slice)
    }

    /// Her absences that touch the stretch.
    pub fn absences(&self, teacher: Uuid) -> &[absence::Model] {
        self.absences.get(&teacher).map_or(&[], Vec::as_slice)
    }

    /// Whether she is away on `day`, by what was recorded.
    pub fn is_absent(&self, teacher: Uuid, day: NaiveDate) -> bool {
        self.absences(teacher).iter().any(|row| holds(row.from_on, row.until_on, day))
    }

    /// Where she works on `day`: the posting, else her home school, else a researcher's base.
    pub fn place(&self, teacher: Uuid, day: NaiveDate) -> Option<Uuid> {
        if let Some(posting) = self.posting(teacher, day) {
            return Some(posting.school_id);
        }
        if let Some(appointment) = self.appointment(teacher, day) {
            return Some(appointment.school_id);
        }
        self.researchers
            .iter()
            .find(|row| row.teacher_id == teacher && holds(row.from_on, row.until_on, day))
            .and_then(|row| row.base_school_id)
    }

    /// Every school where somebody has a post, a posting or a base in the stretch.
    pub fn schools(&self) -> impl Iterator<Item = Uuid> + '_ {
        let posts = self.appointments.values().flatten().map(|row| row.school_id);
        let postings = self.postings.values().flatten().map(|row| row.school_id);
        posts.chain(postings).chain(self.researchers.iter().filter_map(|row| row.base_school_id))
    }

    /// Everybody with a post on `day`, by staff number.
    pub fn appointed(&self, day: NaiveDate) -> Vec<(&teacher::Model, &appointment::Model)> {
        let teachers = self.numbered.iter().filter_map(|id| self.teachers.get(id));
        teachers.filter_map(|teacher| Some((teacher, self.appointment(teacher.id, day)?))).collect()
    }

    /// Everybody with a post within the stretch, once with each, by staff number and then by first day.
    pub fn posted(&self) -> Vec<(&teacher::Model, &appointment::Model)> {
        let teachers = self.numbered.iter().filter_map(|id| self.teachers.get(id));
        teachers.flat_map(|teacher| self.posts(teacher.id).iter().map(move |post| (teacher, post))).collect()
    }

    /// Who holds `kind` at `school` on `day`, by staff number; for a subject's lead also of that stage and subject.
    pub fn holders(
        &self,
        school: Uuid,
        kind: DutyKind,
        lead_of: Option<(Stage, Uuid)>,
        day: NaiveDate,
    ) -> Vec<Uuid> {
        let mut holders: Vec<&teacher::Model> = self
            .duties
            .iter()
            .filter(|row| row.school_id == school && row.kind == kind)
            .filter(|row| holds(row.from_on, row.until_on, day))
            .filter(|row| {
                let Some((stage, subject)) = lead_of else { return true };
                self.appointment(row.teacher_id, day)
                    .is_some_and(|post| post.stage == stage && post.subject_id == Some(subject))
            })
            .filter_map(|row| self.teachers.get(&row.teacher_id))
            .collect();
        holders.sort_by(|a, b| a.number.cmp(&b.number));
        holders.iter().map(|teacher| teacher.id).collect()
    }

    /// Her highest honour.
    pub fn honour(&self, teacher: Uuid) -> Option<HonourLevel> {
        self.honours.get(&teacher).copied()
    }

    /// Whether she is on sick leave: then she is not invited. Read from the office's remark.
    pub fn on_leave(&self, teacher: Uuid) -> bool {
        self.note(teacher).contains("病假")
    }

    /// Whether she is spared extra load (pregnancy, nursing, illness): then she is not asked to present or chair.
    pub fn is_spared(&self, teacher: Uuid) -> bool {
        ["孕期", "哺乳期", "产假", "病假"].iter().any(|word| self.note(teacher).contains(word))
    }

    fn note(&self, teacher: Uuid) -> &str {
        self.teachers.get(&teacher).and_then(|row| row.note.as_deref()).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_coordinator_is_who_leads_the_group_on_that_day() {
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).expect("a date");
        let (group, first, second) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        let leads = |teacher_id, from_on, until_on| coordinator::Model {
            id: teacher_id,
            district_id: Uuid::nil(),
            group_id: group,
            teacher_id,
            from_on,
            until_on,
        };
        let rows = [leads(second, day(10, 1), None), leads(first, day(3, 1), Some(day(9, 30)))];
        let on = |day| coordinator_of(&rows, group, day).map(|row| row.teacher_id);
        assert_eq!(on(day(9, 30)), Some(first));
        assert_eq!(on(day(10, 1)), Some(second));
        assert_eq!(on(day(2, 1)), None);
    }
}
