//! 学科余缺: how many teachers a subject needs at a school, worked out from timetables where the office has not said.

use std::collections::{BTreeMap, HashMap, HashSet};

use sea_orm::prelude::Uuid;

use super::roll::{Load, Place, Roll};
use crate::entity::values::{StaffingSource, Stage};
use crate::entity::{rotation_round, staffing};
use crate::id;

/// The rows of a round as they shall be, beside those that are stored. What the office gave or corrected keeps its need; the
/// others are worked out, at schools and stages of which the office has given nothing.
pub fn rows(
    round: &rotation_round::Model,
    roll: &Roll,
    stored: &[staffing::Model],
    norms: &BTreeMap<Stage, u32>,
) -> Vec<staffing::Model> {
    let needed = needed(roll, norms);
    let given: HashSet<(Uuid, Stage)> = stored
        .iter()
        .filter(|row| row.source == StaffingSource::Imported)
        .map(|row| (row.school_id, row.stage))
        .collect();
    let by_place: HashMap<Place, &staffing::Model> = stored.iter().map(|row| (place(row), row)).collect();
    let mut rows: Vec<staffing::Model> = stored.iter().map(|row| counted(row, roll, &needed)).collect();
    let fresh = needed.iter().filter(|(place, _)| !by_place.contains_key(*place));
    let fresh = fresh.filter(|((school, stage, _), _)| !given.contains(&(*school, *stage)));
    let mut fresh: Vec<staffing::Model> =
        fresh.map(|(place, need)| computed(round, *place, *need, roll.present.get(place))).collect();
    fresh.sort_by_key(|row| (row.school_id, row.stage, row.subject_id));
    rows.extend(fresh);
    rows
}

/// A stored row, with who is there now.
fn counted(row: &staffing::Model, roll: &Roll, needed: &HashMap<Place, u32>) -> staffing::Model {
    let present = count(roll.present.get(&place(row)));
    let after = match row.source {
        StaffingSource::Corrected => return row.clone(),
        StaffingSource::Imported => staffing::Model { present, ..row.clone() },
        StaffingSource::Computed => {
            staffing::Model { present, needed: count(needed.get(&place(row))), ..row.clone() }
        }
    };
    if after == *row { after } else { staffing::Model { version: row.version + 1, ..after } }
}

fn computed(
    round: &rotation_round::Model,
    place: Place,
    needed: u32,
    present: Option<&u32>,
) -> staffing::Model {
    let (school_id, stage, subject_id) = place;
    staffing::Model {
        id: id::new(),
        district_id: round.district_id,
        round_id: round.id,
        school_id,
        stage,
        subject_id,
        needed: count(Some(&needed)),
        present: count(present),
        source: StaffingSource::Computed,
        note: None,
        version: 1,
    }
}

fn place(row: &staffing::Model) -> Place {
    (row.school_id, row.stage, row.subject_id)
}

fn count(number: Option<&u32>) -> i32 {
    number.and_then(|number| i32::try_from(*number).ok()).unwrap_or(0)
}

/// Teachers each subject of a stage needs at each school of the round: its lessons by the norm of the stage, or, where there is
/// none, by what a teacher of that subject and stage gives on average in the district. Rounded to the nearest.
fn needed(roll: &Roll, norms: &BTreeMap<Stage, u32>) -> HashMap<Place, u32> {
    let mut halves: HashMap<Place, u32> = HashMap::new();
    for Load { school_id, stage, subject_id, halves: given, .. } in &roll.loads {
        *halves.entry((*school_id, *stage, *subject_id)).or_default() += given;
    }
    let everywhere = |counts: &HashMap<Place, u32>| {
        let mut sums: HashMap<(Stage, Uuid), u32> = HashMap::new();
        for ((_, stage, subject), number) in counts {
            *sums.entry((*stage, *subject)).or_default() += number;
        }
        sums
    };
    let (lessons, teachers) = (everywhere(&halves), everywhere(&roll.present));
    let posts = |stage: Stage, subject: Uuid, halves: u32| match norms.get(&stage) {
        Some(norm) => nearest(u64::from(halves), u64::from(*norm) * 2),
        None => {
            let key = (stage, subject);
            let people = teachers.get(&key).copied().unwrap_or(0);
            nearest(u64::from(halves) * u64::from(people), u64::from(lessons.get(&key).copied().unwrap_or(0)))
        }
    };
    let mut places: HashSet<Place> = halves.keys().copied().collect();
    let taught: HashSet<Stage> = roll.loads.iter().map(|load| load.stage).collect();
    // Who is there and gives no lessons is one too many; a stage without timetables says nothing.
    places.extend(roll.present.keys().filter(|(_, stage, _)| taught.contains(stage)));
    let here = places.into_iter().filter(|(school, ..)| roll.schools.contains_key(school));
    let need = |place: Place| (place, posts(place.1, place.2, halves.get(&place).copied().unwrap_or(0)));
    here.map(need).filter(|(place, need)| *need > 0 || roll.present.contains_key(place)).collect()
}

fn nearest(part: u64, whole: u64) -> u32 {
    if whole == 0 {
        return 0;
    }
    u32::try_from((2 * part + whole) / (2 * whole)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::school;
    use crate::entity::values::{Locale, RoundState};

    const ROUND: Uuid = Uuid::from_u128(1);
    const CITY: Uuid = Uuid::from_u128(2);
    const VILLAGE: Uuid = Uuid::from_u128(3);
    const MATHS: Uuid = Uuid::from_u128(4);

    fn school(id: Uuid) -> (Uuid, school::Model) {
        let school = school::Model {
            id,
            district_id: Uuid::nil(),
            code: "X".to_owned(),
            name: "学校".to_owned(),
            locale: Locale::Urban,
            longitude: None,
            latitude: None,
            classes: None,
            students: None,
            note: None,
            closed_on: None,
            merged_into_id: None,
            version: 1,
        };
        (id, school)
    }

    fn round() -> rotation_round::Model {
        let day = |text: &str| text.parse().expect("a date");
        rotation_round::Model {
            id: ROUND,
            district_id: Uuid::nil(),
            name: "2026年教师交流轮岗".to_owned(),
            starts_on: day("2026-09-01"),
            ends_on: day("2028-08-31"),
            state: RoundState::Counting,
            policy_id: None,
            group_id: None,
            version: 1,
        }
    }

    fn load(school_id: Uuid, lessons: u32) -> Load {
        Load {
            teacher_id: Uuid::nil(),
            school_id,
            stage: Stage::Primary,
            grade: Some(3),
            subject_id: MATHS,
            halves: lessons * 2,
        }
    }

    /// Ten teachers in the city for 60 lessons, two in the village for 60.
    fn roll() -> Roll {
        let at = |school| (school, Stage::Primary, MATHS);
        Roll {
            entries: Vec::new(),
            present: HashMap::from([(at(CITY), 10), (at(VILLAGE), 2)]),
            loads: vec![load(CITY, 60), load(VILLAGE, 60)],
            schools: HashMap::from([school(CITY), school(VILLAGE)]),
        }
    }

    fn told(rows: &[staffing::Model]) -> Vec<(Uuid, i32, i32, StaffingSource)> {
        rows.iter().map(|row| (row.school_id, row.needed, row.present, row.source)).collect()
    }

    #[test]
    fn lessons_are_shared_evenly_where_no_norm_is_given() {
        let rows = rows(&round(), &roll(), &[], &BTreeMap::new());
        assert_eq!(
            told(&rows),
            [(CITY, 6, 10, StaffingSource::Computed), (VILLAGE, 6, 2, StaffingSource::Computed)]
        );
    }

    #[test]
    fn a_norm_of_lessons_says_how_many_are_needed() {
        let rows = rows(&round(), &roll(), &[], &BTreeMap::from([(Stage::Primary, 15)]));
        assert_eq!(rows.iter().map(|row| row.needed).collect::<Vec<_>>(), [4, 4]);
    }

    #[test]
    fn what_the_office_gave_keeps_its_need_and_gets_who_is_there() {
        let given = |source, needed| {
            let place = (CITY, Stage::Primary, MATHS);
            staffing::Model { source, present: 99, ..computed(&round(), place, needed, None) }
        };
        let imported = given(StaffingSource::Imported, 8);
        let kept = rows(&round(), &roll(), &[imported], &BTreeMap::new());
        assert_eq!(told(&kept)[0], (CITY, 8, 10, StaffingSource::Imported));
        let corrected = given(StaffingSource::Corrected, 9);
        let kept = rows(&round(), &roll(), &[corrected], &BTreeMap::new());
        assert_eq!(told(&kept)[0], (CITY, 9, 99, StaffingSource::Corrected));
    }

    #[test]
    fn a_school_of_which_the_office_gave_something_gets_no_subject_beside_it() {
        let other = staffing::Model {
            source: StaffingSource::Imported,
            ..computed(&round(), (CITY, Stage::Primary, Uuid::from_u128(9)), 1, None)
        };
        let kept = rows(&round(), &roll(), &[other], &BTreeMap::new());
        assert_eq!(kept.iter().map(|row| row.school_id).collect::<Vec<_>>(), [CITY, VILLAGE]);
    }
}
