//! Minutes by road between all schools of a problem.

use std::collections::HashMap;

use session_planner::{DAY, Minute, PlaceIx};
use uuid::Uuid;

use crate::entity::{school, travel_time};

/// Assumed between two schools without an entry in 路程 and without coordinates.
const UNKNOWN_TRAVEL: Minute = 60;

/// The table of `schools`, as the office entered it; an entry holds for both directions.
pub fn between(
    schools: &[school::Model],
    entered: &[travel_time::Model],
    places: &HashMap<Uuid, PlaceIx>,
) -> Vec<Vec<Minute>> {
    let row = |from: &school::Model| {
        schools.iter().map(|to| if from.id == to.id { 0 } else { estimate(from, to) }).collect()
    };
    let mut minutes: Vec<Vec<Minute>> = schools.iter().map(row).collect();
    for entry in entered {
        if let (Some(a), Some(b)) = (places.get(&entry.from_school_id), places.get(&entry.to_school_id)) {
            minutes[*a][*b] = entry.minutes;
            minutes[*b][*a] = entry.minutes;
        }
    }
    minutes
}

/// Minutes by road between schools without an entry: the distance on the sphere, roads a third longer, at 30 km/h.
fn estimate(from: &school::Model, to: &school::Model) -> Minute {
    let position = |school: &school::Model| school.latitude.zip(school.longitude);
    let (Some((lat_a, lon_a)), Some((lat_b, lon_b))) = (position(from), position(to)) else {
        return UNKNOWN_TRAVEL;
    };
    let (dx, dy) = ((lon_a - lon_b) * 111.32 * lat_a.to_radians().cos(), (lat_a - lat_b) * 110.57);
    let minutes = (dx.hypot(dy) * 4.0 / 3.0 / 30.0 * 60.0).ceil();
    (minutes as Minute).clamp(1, DAY)
}
