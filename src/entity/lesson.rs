//! A timetable entry 课表: a class has a subject with a teacher in a period of the week.

use sea_orm::entity::prelude::*;

use super::values::WeekParity;

/// A timetable entry 课表: a class has a subject with a teacher in a period of the week.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "lesson")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The school.
    pub school_id: Uuid,
    /// The class.
    pub class_id: Uuid,
    /// Who teaches.
    pub teacher_id: Uuid,
    /// What.
    pub subject_id: Uuid,
    /// ISO weekday, 1–7.
    pub weekday: i32,
    /// Period of the day, from 1.
    pub period: i32,
    /// Every week, odd or even weeks of the term.
    pub parity: WeekParity,
    /// First day of this timetable.
    pub from_on: Date,
    /// Last day.
    pub until_on: Option<Date>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
