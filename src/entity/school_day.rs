//! A day that differs from the plain week 校历: holiday, make-up day, exam …; of the district, or of one school.

use sea_orm::entity::prelude::*;

use super::values::DayKind;

/// A day that differs from the plain week 校历: holiday, make-up day, exam …; of the district, or of one school.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "school_day")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The day.
    pub day_on: Date,
    /// The school it holds for; none: the whole district.
    pub school_id: Option<Uuid>,
    /// What it is.
    pub kind: DayKind,
    /// ISO weekday whose timetable runs; none: no lessons, or the day's own on an event with lessons.
    pub timetable_weekday: Option<i32>,
    /// As people call it, e.g. 国庆节.
    #[sea_orm(column_type = "Text", nullable)]
    pub name: Option<String>,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
