//! Posts of a problem: one entry per school, stage and subject of 学科余缺, and one per leading duty that the policy limits.

use std::collections::{BTreeMap, HashMap};

use rotation_planner as planner;
use sea_orm::prelude::Uuid;

use super::super::material::{Counted, Material};
use crate::entity::values::{DutyKind, Stage};
use crate::rotations::policy::Direction;
use crate::rotations::stages::can_teach;

/// Posts at a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Of a subject of a stage.
    Subject(Uuid, Stage, Uuid),
    /// Of those who hold a leading duty there, by the stage they belong to: the head of a kindergarten leads no middle school.
    Leader(Uuid, Stage, DutyKind),
}

/// The posts, numbered.
#[derive(Debug, Default)]
pub struct Posts {
    /// In the order of the problem's cells.
    pub places: Vec<Place>,
    numbers: HashMap<Place, planner::CellIx>,
}

impl Posts {
    /// Of a round.
    pub fn of(material: &Material) -> Self {
        let subjects =
            material.staffing.iter().map(|row| Place::Subject(row.school_id, row.stage, row.subject_id));
        let mut places: Vec<Place> = subjects.collect();
        places.sort_by_key(|place| order(material, *place));
        places.extend(leaders(material).into_keys());
        let numbers = places.iter().enumerate().map(|(ix, place)| (*place, ix)).collect();
        Self { places, numbers }
    }

    /// The number of some posts.
    pub fn number(&self, place: Place) -> Option<planner::CellIx> {
        self.numbers.get(&place).copied()
    }

    /// The stage of some posts.
    pub fn stage(&self, cell: planner::CellIx) -> Option<Stage> {
        match self.places.get(cell)? {
            Place::Subject(_, stage, _) => Some(*stage),
            Place::Leader(_, stage, _) => Some(*stage),
        }
    }

    /// The posts that somebody counted holds: her leading duty's, else her subject's.
    pub fn own(&self, one: &Counted) -> Option<planner::CellIx> {
        self.number(held(one)?)
    }

    /// Posts at a school that somebody could fill: her duty's for a leader; her subject's of her own stage, and of lower ones that she
    /// can teach where the policy lets people go there.
    pub fn open_to(&self, one: &Counted, school: Uuid, lower: bool) -> Vec<planner::CellIx> {
        let place = |stage: &Stage| match &one.facts.leading {
            Some(leading) => Some(Place::Leader(school, *stage, leading.duty)),
            None => one.row.subject_id.map(|subject| Place::Subject(school, *stage, subject)),
        };
        let own = one.row.stage;
        let stages =
            Stage::ALL.iter().rev().filter(|stage| **stage == own || lower && can_teach(own, **stage));
        stages.filter_map(|stage| self.number(place(stage)?)).collect()
    }

    /// Whether a school has posts of her subject in a higher stage alone.
    pub fn only_higher(&self, one: &Counted, school: Uuid) -> bool {
        let Some(subject) = one.row.subject_id else { return false };
        let mut higher = Stage::ALL.iter().filter(|stage| **stage > one.row.stage);
        higher.any(|stage| self.number(Place::Subject(school, *stage, subject)).is_some())
    }

    /// The posts as the planner takes them. Who is too few already gets no fewer; with 先余后缺, who is too many gets no more.
    pub fn cells(
        &self,
        material: &Material,
        schools: &HashMap<Uuid, planner::SchoolIx>,
    ) -> Vec<planner::Cell> {
        let counts: HashMap<Place, (i32, i32)> = material
            .staffing
            .iter()
            .map(|row| (Place::Subject(row.school_id, row.stage, row.subject_id), (row.needed, row.present)))
            .collect();
        let leaders = leaders(material);
        let surplus_first = super::Ruled::of(material).wants(Direction::SurplusFirst);
        let cell = |place: &Place| match *place {
            Place::Subject(school, stage, subject) => {
                let (needed, present) = counts.get(place).copied().unwrap_or_default();
                let (needed, present) = (posts(needed), posts(present));
                planner::Cell {
                    school: schools.get(&school).copied().unwrap_or_default(),
                    stage: stage.zh().to_owned(),
                    subject: material.subjects.get(&subject).map_or_else(String::new, |row| row.name.clone()),
                    needed,
                    present,
                    low: Some(needed.min(present)),
                    high: surplus_first.then_some(needed.max(present)),
                }
            }
            Place::Leader(school, stage, duty) => {
                let held = posts(leaders.get(place).copied().unwrap_or_default());
                planner::Cell {
                    school: schools.get(&school).copied().unwrap_or_default(),
                    stage: stage.zh().to_owned(),
                    subject: duty.zh().to_owned(),
                    needed: held,
                    present: held,
                    low: None,
                    high: Some(held),
                }
            }
        };
        self.places.iter().map(cell).collect()
    }
}

fn posts(people: i32) -> planner::Fifths {
    i64::from(people) * planner::POST
}

fn held(one: &Counted) -> Option<Place> {
    match &one.facts.leading {
        Some(leading) => Some(Place::Leader(one.row.school_id, one.row.stage, leading.duty)),
        None => one.row.subject_id.map(|subject| Place::Subject(one.row.school_id, one.row.stage, subject)),
    }
}

/// How many hold each leading duty that the policy limits.
fn leaders(material: &Material) -> BTreeMap<Place, i32> {
    let mut held = BTreeMap::new();
    for one in &material.counted {
        if let Some(leading) = &one.facts.leading {
            *held.entry(Place::Leader(one.row.school_id, one.row.stage, leading.duty)).or_default() += 1;
        }
    }
    held
}

/// As the office lists them: by school, stage and subject.
fn order(material: &Material, place: Place) -> (usize, Stage, String) {
    let (school, stage, subject) = match place {
        Place::Subject(school, stage, subject) => (school, stage, Some(subject)),
        Place::Leader(school, stage, _) => (school, stage, None),
    };
    let number = material.schools.iter().position(|row| row.id == school).unwrap_or(usize::MAX);
    let name = subject.and_then(|subject| material.subjects.get(&subject)).map(|row| row.name.clone());
    (number, stage, name.unwrap_or_default())
}
