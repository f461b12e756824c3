//! How long somebody's way to a school is: from where she lives, over the travel matrix of the office. What it does not say is
//! unknown, and nothing is guessed.

use std::collections::HashMap;

use async_graphql::Enum;
use sea_orm::prelude::Uuid;
use serde::{Deserialize, Serialize};

use crate::entity::values::Locale;
use crate::entity::{school, travel_time};

/// Where somebody's way is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[graphql(name = "CommuteBasis")]
pub enum Basis {
    /// 居住地: the schools of the place where she lives.
    Residence,
    /// 原学校: where she lives is not on file, or no school lies there.
    HomeSchool,
}

/// The travel matrix, with the schools of each place.
#[derive(Debug)]
pub struct Roads<'m> {
    schools: &'m [school::Model],
    minutes: HashMap<(Uuid, Uuid), i64>,
    places: HashMap<String, Vec<Uuid>>,
}

/// How people write the seat of a county.
const SEAT: [&str; 4] = ["县城", "城区", "城关", "城关镇"];
/// Endings of a place that school names leave out: 石桥中学 stands in 石桥镇.
const ENDINGS: [&str; 5] = ["街道", "镇", "乡", "村", "区"];

impl<'m> Roads<'m> {
    /// The ways between these schools.
    pub fn new(schools: &'m [school::Model], entered: &[travel_time::Model]) -> Self {
        let mut minutes = HashMap::new();
        for entry in entered {
            let (from, to) = (entry.from_school_id, entry.to_school_id);
            minutes.insert((from, to), i64::from(entry.minutes));
            minutes.insert((to, from), i64::from(entry.minutes));
        }
        Self { schools, minutes, places: HashMap::new() }
    }

    /// Where her way is counted from, and the schools that stand for it.
    pub fn from(&mut self, residence: Option<&str>, home: Uuid) -> (Basis, Vec<Uuid>) {
        let place = residence.map(str::trim).filter(|place| !place.is_empty());
        let Some(place) = place else { return (Basis::HomeSchool, vec![home]) };
        let schools = self.schools;
        let there = self.places.entry(place.to_owned()).or_insert_with(|| schools_of(schools, place));
        match there.is_empty() {
            true => (Basis::HomeSchool, vec![home]),
            false => (Basis::Residence, there.clone()),
        }
    }

    /// Minutes from a place to a school: on average over the schools of the place, so none where it is the only one; `None` where
    /// the matrix knows no way.
    pub fn to(&self, place: &[Uuid], school: Uuid) -> Option<i64> {
        if place == [school] {
            return Some(0);
        }
        let others = place.iter().filter(|other| **other != school);
        let known: Vec<i64> =
            others.filter_map(|other| self.minutes.get(&(*other, school)).copied()).collect();
        let count = i64::try_from(known.len()).ok().filter(|count| *count > 0)?;
        Some((known.iter().sum::<i64>() + count / 2) / count)
    }
}

/// The schools of a place: those of the built-up area for the seat of the county, else those whose names begin with it.
fn schools_of(schools: &[school::Model], place: &str) -> Vec<Uuid> {
    if SEAT.contains(&place) {
        let urban = schools.iter().filter(|school| school.locale == Locale::Urban);
        return urban.map(|school| school.id).collect();
    }
    let short = ENDINGS.iter().find_map(|ending| place.strip_suffix(ending)).unwrap_or(place);
    let short = if short.chars().count() < 2 { place } else { short };
    schools.iter().filter(|school| school.name.starts_with(short)).map(|school| school.id).collect()
}
