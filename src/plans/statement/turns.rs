//! The ledger of hosting over terms: who has taken more than her share of turns, and who owes some.

use std::collections::HashMap;

use chrono::NaiveDate;
use session_planner::Place;
use uuid::Uuid;

use super::Builder;
use crate::entity::membership;
use crate::entity::values::MembershipRole;
use crate::people::roster::holds;
use crate::plans::facts::{Facts, Hosted};

/// Beyond this a ledger says no more than that a school is far ahead; the planner refuses more.
const MOST: i64 = 1_000_000;

impl Builder<'_> {
    /// Notes at each school how many thousandths of a turn it is ahead of its share of earlier terms.
    ///
    /// A turn is shared, by size, among the schools that had the host's role in the group that day: a core school owes none of the turns
    /// that member schools take, and whoever joined later none of those before.
    pub(super) fn count_turns(&self, places: &mut [Place]) {
        let sizes: HashMap<Uuid, i64> =
            self.facts.schools.iter().zip(&*places).map(|(row, place)| (row.id, size(place))).collect();
        let mut ahead: HashMap<Uuid, i64> = HashMap::new();
        for turn in &self.facts.hosted {
            let day = turn.starts_at.with_timezone(&self.zone).date_naive();
            let sharing = sharing(self.facts, turn, day);
            let total: i64 = sharing.iter().filter_map(|school| sizes.get(school)).sum();
            if total == 0 {
                continue;
            }
            *ahead.entry(turn.host_school_id).or_default() += 1_000;
            for school in sharing {
                let share = sizes.get(&school).copied().unwrap_or(0) * 1_000 / total;
                *ahead.entry(school).or_default() -= share;
            }
        }
        for (row, place) in self.facts.schools.iter().zip(places) {
            place.turns_ahead = ahead.get(&row.id).copied().unwrap_or(0).clamp(-MOST, MOST);
        }
    }
}

fn size(place: &Place) -> i64 {
    i64::from(place.size.max(1))
}

/// The schools with the host's role in its group on `day`; nobody when the host has left the group.
fn sharing(facts: &Facts, turn: &Hosted, day: NaiveDate) -> Vec<Uuid> {
    let of_group = |row: &&membership::Model| row.group_id == turn.group_id;
    let role: Option<MembershipRole> = facts
        .memberships
        .iter()
        .filter(of_group)
        .find(|row| row.school_id == turn.host_school_id)
        .map(|row| row.role);
    facts
        .memberships
        .iter()
        .filter(of_group)
        .filter(|row| Some(row.role) == role && holds(row.joined_on, None, day))
        .map(|row| row.school_id)
        .collect()
}
